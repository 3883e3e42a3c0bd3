"""Undoing an import: what was there before comes back, and what somebody changed since is left alone and named.

`landing.land(..., run_id=…)` keeps what was before in an undo file; `undo` reads it. See docs/import.md.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

Step = Callable[[], None]
# Days after which the undo file of an import is cleared away.
UNDOABLE_DAYS = 30


class CannotUndo(ValueError):
    """`kind`: `state` (it is not done, or undone already), `late` (more than 30 days ago, or nothing was kept)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def ask(run_id: int, *, by: int | None, at: datetime) -> int:
    """A person wants this import undone: the run is `undoing`, the job `intake.undo` does it. Returns the job's id.

    Raises CannotUndo. Twice is once: while it is at work the same job is returned.
    """
    raise NotImplementedError


def undo(run_id: int, by: int | None, at: datetime, on: date, step: Step) -> list[list[Any]]:
    """Brings back what was before the import. Returns the rows left alone, as ImportRun.kept: [kind, id, name, field].

    Commits between short parts (`step` commits the session's own part); doing it again from anywhere ends the same.
    """
    raise NotImplementedError


def purge(at: datetime) -> int:
    """Clears away undo files older than 30 days. Returns how many."""
    raise NotImplementedError
