"""Kinds of work for the tests: what a job may do to itself and to its worker."""

import os
import signal
import time
from pathlib import Path

from haark import clock, schedule
from haark.events import domain as events
from haark.extensions import db
from haark.jobs import domain
from haark.jobs.runner import JobRefused, progress

HERE = "tests.jobs.kinds"


def note(name: str) -> dict[str, str]:
    """Leaves one event: in the same transaction as «done», so exactly one, whatever happens."""
    events.record("test.noted", at=clock.now(), text=name)
    return {"noted": name}


def wait(name: str, folder: str) -> None:
    """Says that it runs, waits for a file called `go`, then leaves its event."""
    events.record("test.noted", at=clock.now(), text=name)
    db.session.flush()
    db.session.rollback()  # nothing of a run that ends here may stay
    with (Path(folder) / f"{name}.began").open("a") as handle:
        handle.write(f"{os.getpid()}\n")
    end = time.monotonic() + 20
    while not (Path(folder) / "go").exists() and time.monotonic() < end:
        time.sleep(0.01)
    events.record("test.noted", at=clock.now(), text=name)


def step(job_id: int, folder: str) -> None:
    """Reports two of four steps, then waits."""
    progress(job_id, 2, 4, "half way")
    wait("step", folder)


def die() -> None:
    """The poison: takes its process with it, every time."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise ValueError("the third column is missing")


def refuse() -> None:
    raise JobRefused("Aucune donnée sur la période.")


def grow() -> None:
    """Takes far more memory than its kind may."""
    bytearray(4 * 2**30)


def spin() -> None:
    """Never ends."""
    while True:
        pass


def ask_another(name: str) -> None:
    domain.enqueue("test.note", args={"name": name})


def register() -> None:
    """Makes the kinds known to this process."""
    for function in (note, wait, step, die, fail, refuse, grow, spin, ask_another):
        name = function.__name__
        limits = {"memory": 1024} if name == "grow" else {"timeout": 1} if name == "spin" else {}
        schedule.KINDS[f"test.{name}"] = schedule.Kind(f"{HERE}:{name}", **limits)
