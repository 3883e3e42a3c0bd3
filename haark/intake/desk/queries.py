"""Imports as the pages read them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from haark import clock
from haark.access import Owned, owned_by
from haark.extensions import db
from haark.intake.models import Duplicate, ImportFile, ImportRun
from haark.intake.undoing import undoable
from haark.jobs.models import Job
from haark.people.models import User

RECENT = 12


@owned_by("import")
def owner_of(run_id: int) -> Owned | None:
    """Whose import it is: of who sent it, and of nobody when it came from the terminal."""
    row = db.session.execute(select(ImportRun.created_by_id).where(ImportRun.id == run_id)).one_or_none()
    if row is None:
        return None
    return Owned(frozenset(() if row[0] is None else (row[0],)))


@dataclass(frozen=True)
class Recent:
    """One import in the list. `rows` that it wrote or would write; `by` is «» for the terminal."""

    id: int
    names: tuple[str, ...]
    state: str
    day: date
    by: str
    rows: int
    undoable: bool

    @property
    def title(self) -> str:
        """The first file's name, and how many there are beside it."""
        if not self.names:
            return _("Import %(number)s", number=self.id)
        more = len(self.names) - 1
        if not more:
            return self.names[0]
        return ngettext("%(name)s et %(num)s autre", "%(name)s et %(num)s autres", more, name=self.names[0])


def recent(viewer_id: int | None, now: datetime, zone: str, but: int | None = None) -> list[Recent]:
    """The latest imports, of one person or (None) of everybody; `but` leaves one out. Two statements."""
    wanted = select(ImportRun, User.name).outerjoin(User, User.id == ImportRun.created_by_id)
    if viewer_id is not None:
        wanted = wanted.where(ImportRun.created_by_id == viewer_id)
    if but is not None:
        wanted = wanted.where(ImportRun.id != but)
    wanted = wanted.order_by(ImportRun.created_at.desc(), ImportRun.id.desc()).limit(RECENT)
    runs = db.session.execute(wanted).all()
    names = _names([run.id for run, _ in runs])
    return [_recent(run, name or "", names.get(run.id, ()), now, zone) for run, name in runs]


def touched(counts: dict[str, Any]) -> int:
    """Rows that an import wrote or would write."""
    return sum(kind["new"] + kind["changed"] for kind in counts.values())


def valid(counts: dict[str, Any]) -> int:
    """Rows that hold, those that change nothing included."""
    return touched(counts) + sum(kind["unchanged"] for kind in counts.values())


def job_of(run: ImportRun) -> Job | None:
    return db.session.get(Job, run.job_id) if run.job_id else None


def table(run_id: int, table_id: int) -> ImportFile | None:
    """One table of an import; None where it belongs to another."""
    found = db.session.get(ImportFile, table_id)
    return found if found is not None and found.run_id == run_id else None


def duplicates() -> int:
    """Pairs of accounts that may be one, which nobody judged yet."""
    return int(db.session.scalar(select(func.count()).select_from(Duplicate).where(Duplicate.state == "open")) or 0)


def _recent(run: ImportRun, by: str, names: tuple[str, ...], now: datetime, zone: str) -> Recent:
    at = run.undone_at or run.applied_at or run.created_at
    return Recent(run.id, names, run.state, clock.day_of(at, zone), by, touched(run.counts), undoable(run, now))


def _names(ids: list[int]) -> dict[int, tuple[str, ...]]:
    wanted = select(ImportFile.run_id, ImportFile.name).where(ImportFile.run_id.in_(ids))
    found: dict[int, dict[str, None]] = {}
    for run_id, name in db.session.execute(wanted.order_by(ImportFile.position, ImportFile.id)):
        found.setdefault(run_id, {})[name] = None
    return {run_id: tuple(names) for run_id, names in found.items()}
