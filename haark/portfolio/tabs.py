"""The tabs above the list: the views that everybody has, one's own, and those that the team shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.portfolio import rules, standing, views, wording
from haark.portfolio.filters import kept
from haark.portfolio.models import SavedView
from haark.portfolio.rules import View

SHOWN = 8


@dataclass(frozen=True)
class Tab:
    """A view of the list. `count` None: not counted; `ident` None: one that everybody has."""

    name: str
    view: View
    count: int | None = None
    current: bool = False
    ident: int | None = None


@dataclass(frozen=True)
class Tabs:
    """`shown` stand above the list, `others` are that many more; `here` is the saved view that the list came from and
    `modified` whether it shows something else by now."""

    shown: Sequence[Tab]
    others: int
    here: SavedView | None
    modified: bool


def tabs(view: View, me: int, on: date, usual: Mapping[str, int]) -> Tabs:
    """`usual` are the counts of the views that everybody has. Two statements, one where no view is saved or
    nothing changed since they were counted."""
    rows = views.visible(me)
    here = next((row for row in rows if row.id == view.saved), None)
    first = [
        Tab(str(wording.VIEWS[name]), one, usual[name], here is None and view.keeps_the_same(one))
        for name, one in rules.VIEWS.items()
    ]
    room = SHOWN - len(first)
    shown = list(rows[:room])
    if here is not None and here not in shown:
        shown[-1:] = [here]
    saved = [as_saved(row) for row in shown]
    counts = _counts(saved, me, on)
    mine = [
        Tab(row.name, one, count, row is here, row.id) for row, one, count in zip(shown, saved, counts, strict=True)
    ]
    return Tabs([*first, *mine], len(rows) - len(shown), here, here is not None and modified(view, here))


def as_saved(row: SavedView) -> View:
    """The list as a saved view keeps it."""
    return replace(rules.parse(row.query), saved=row.id)


def modified(view: View, row: SavedView) -> bool:
    """Whether a list that came from a saved view shows something else."""
    asked = rules.parse(row.query)
    return not view.keeps_the_same(asked) or view.order != asked.order


def _counts(wanted: Sequence[View], me: int, on: date) -> Sequence[int]:
    """How many accounts each view keeps; from memory while nothing changed."""
    if not wanted:
        return ()
    cards = select(func.count()).select_from(AccountCard.__table__)
    counts = select(*(kept(cards, view, me, on).correlate(None).scalar_subquery() for view in wanted))
    return standing.remembered(("saved views", tuple(wanted), me, on), lambda: tuple(db.session.execute(counts).one()))
