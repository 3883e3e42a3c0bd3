"""Parts of one job side by side, each in a process of its own, where they only compute.

A part gets nothing but what it was made with and gives back one value; it touches no database and no queue. It carries
its own processor and memory limits (those of the job's process, inherited) and dies with that process, however it ends.
While it works it may `tell` how far it is, in plain values; the job hears it in its own process.
"""

import os
import signal
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from contextvars import ContextVar
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from haark.jobs.parent import die_with_parent

Part = Callable[[], Any]
Told = Callable[..., None]
"""Called with the name of a part and what it told."""
_listener: ContextVar[Callable[[tuple[Any, ...]], None] | None] = ContextVar("haark_part", default=None)


class PartDied(Exception):
    """The process of a part was killed from outside, or by its limits."""


def tell(*said: Any) -> None:
    """Says how far this part is, to who asked for it; outside of a part, to nobody."""
    listener = _listener.get()
    if listener is not None:
        listener(said)


def results(parts: Mapping[str, Part], *, apart: bool = True, told: Told | None = None) -> Generator[tuple[str, Any]]:
    """Name and value of each part, as soon as it is there. What a part raises is raised here.

    `told` hears the name of a part and what it tells meanwhile. One part alone, or `apart=False`, runs in this process,
    in order. When the caller leaves the loop early (close the generator), what still runs is killed.
    """
    if len(parts) < 2 or not apart:
        for name, part in parts.items():
            yield name, _heard(part, partial(_pass_on, told, name))
        return
    with closing(_apart(parts, told)) as found:
        yield from found


def _heard(part: Part, listener: Callable[[tuple[Any, ...]], None]) -> Any:
    token = _listener.set(listener)
    try:
        return part()
    finally:
        _listener.reset(token)


def _pass_on(told: Told | None, name: str, said: tuple[Any, ...]) -> None:
    if told is not None:
        told(name, *said)


def _apart(parts: Mapping[str, Part], told: Told | None) -> Generator[tuple[str, Any]]:
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
                kind, value = _message(ready, process)
                if kind == "said":
                    _pass_on(told, name, value)
                    continue
                del running[ready]
                _end(ready, process)
                if kind == "error":
                    raise value
                yield name, value
    finally:
        for left, (_name, process) in running.items():
            process.kill()
            process.join()
            left.close()


def _end(here: Any, child: BaseProcess) -> None:
    child.join()
    here.close()


def _message(here: Any, child: BaseProcess) -> tuple[str, Any]:
    """The next of what a part sends: `said` any number of times, then once `made` or `error`."""
    try:
        kind, value = here.recv()
    except EOFError:
        child.join()
        raise PartDied(f"{child.name}: {child.exitcode}") from None
    return kind, value


def _child(parent: int, there: Connection, part: Part) -> None:
    die_with_parent(signal.SIGKILL, parent)
    try:
        there.send(("made", _heard(part, lambda said: there.send(("said", said)))))
    except Exception as error:  # noqa: BLE001  # told to the job, which decides
        there.send(("error", error))
    there.close()
