"""How far a reading or an import is, as its job tells it and the page shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from haark.intake.models import ImportFile
from haark.jobs import runner
from haark.jobs.models import Job

WRITING = "writing"


def teller(job_id: int, tables: Sequence[ImportFile], watch: Callable[[], None]) -> Callable[[int, str], None]:
    """The `progress` of the engine for a job that reads `tables` one after the other: the message is «place:rows».

    `watch` is called as often, and may raise to stop the work.
    """
    sizes = [int(table.found.get("rows", 0)) for table in tables]
    state = {"at": -1, "rows": 0}

    def tell(rows: int, _file: str) -> None:
        if rows == 0:
            state["at"] += 1  # the engine begins each table with its row 0
        watch()
        at = max(min(state["at"], len(sizes) - 1), 0)
        runner.progress(job_id, sum(sizes[:at]) + rows, sum(sizes), f"{at}:{rows}")

    return tell


def tell_writing(job_id: int, tables: Sequence[ImportFile]) -> None:
    """All is read; the rows are being written together."""
    total = sum(int(table.found.get("rows", 0)) for table in tables)
    runner.progress(job_id, total, total, WRITING)


@dataclass(frozen=True)
class Stride:
    """One table of a job under way. `state`: waiting, running or done; `rows` of `total`; `left`: seconds, if known."""

    table: ImportFile
    state: str
    rows: int
    total: int
    left: int | None = None


def strides(job: Job, tables: Sequence[ImportFile], now: datetime) -> list[Stride]:
    """How far the job is with each of its tables."""
    place, _, rows = job.message.partition(":")
    at = len(tables) if place == WRITING else int(place) if place.isdigit() else -1 if job.state == "queued" else 0
    found = []
    for index, table in enumerate(tables):
        total = int(table.found.get("rows", 0))
        state = "done" if index < at else "running" if index == at else "waiting"
        done = total if state == "done" else min(int(rows or 0), total) if state == "running" else 0
        found.append(Stride(table, state, done, total, _left(job, now) if state == "running" else None))
    return found


def _left(job: Job, now: datetime) -> int | None:
    """Seconds that the reading will still take, at the pace so far; None in its first two seconds."""
    if job.started_at is None or not job.progress or not job.total:
        return None
    spent = (now - job.started_at).total_seconds()
    return None if spent < 2 else round(spent * (job.total - job.progress) / job.progress)
