"""Parts of one job side by side, each in a process of its own, where they only compute.

A part gets nothing but what it was made with and gives back one value; it touches no database and no queue. It carries
its own processor and memory limits (those of the job's process, inherited) and dies with that process, however it ends.
"""

import os
import signal
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from haark.jobs.parent import die_with_parent

Part = Callable[[], Any]


class PartDied(Exception):
    """The process of a part was killed from outside, or by its limits."""


def results(parts: Mapping[str, Part], *, apart: bool = True) -> Generator[tuple[str, Any]]:
    """Name and value of each part, as soon as it is there. What a part raises is raised here.

    One part alone, or `apart=False`, runs in this process, in order. When the caller leaves the loop early (close the
    generator), what still runs is killed.
    """
    if len(parts) < 2 or not apart:
        for name, part in parts.items():
            yield name, part()
        return
    with closing(_apart(parts)) as found:
        yield from found


def _apart(parts: Mapping[str, Part]) -> Generator[tuple[str, Any]]:
    context = get_context("fork")
    running: dict[Any, tuple[str, BaseProcess]] = {}
    try:
        for name, part in parts.items():
            here, there = context.Pipe(duplex=False)
            child = context.Process(target=_child, args=(os.getpid(), there, part), name=name)
            child.start()
            there.close()
            running[here] = name, child
        while running:
            for ready in wait(list(running)):
                name, process = running[ready]
                value = _value(ready, process)
                del running[ready]
                yield name, value
    finally:
        for left, (_name, process) in running.items():
            process.kill()
            process.join()
            left.close()


def _value(here: Any, child: BaseProcess) -> Any:
    try:
        error, value = here.recv()
    except EOFError:
        child.join()
        raise PartDied(f"{child.name}: {child.exitcode}") from None
    child.join()
    here.close()
    if error is not None:
        raise error
    return value


def _child(parent: int, there: Connection, part: Part) -> None:
    die_with_parent(signal.SIGKILL, parent)
    try:
        there.send((None, part()))
    except Exception as error:  # noqa: BLE001  # told to the job, which decides
        there.send((error, None))
    there.close()
