"""The accounts that something is done to at once: those ticked, or all that a view keeps; and which of them one may
change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, select, true

from haark.accounts import queries as accounts
from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.portfolio.filters import Card, kept
from haark.portfolio.rules import View

MOST_TICKED = 5_000
NAMED = 5  # of those that stay as they are


@dataclass(frozen=True)
class Selection:
    """`ids` were ticked; without any it is all that `view` keeps for the user `me` on a day. `may_all`: they may change
    every account."""

    view: View
    ids: tuple[int, ...]
    me: int
    may_all: bool
    on: date

    def rows(self, *columns: Any) -> Select[Any]:
        """The cards of all of them."""
        statement = select(*columns).select_from(AccountCard.__table__)
        if self.ids:
            return statement.where(Card.account_id.in_(self.ids))
        return kept(statement, self.view, self.me, self.on)

    def mine(self, *columns: Any) -> Select[Any]:
        """The cards of those that the user may change."""
        return self.rows(*columns).where(self._changeable())

    def _changeable(self) -> ColumnElement[bool]:
        return true() if self.may_all else Card.account_id.in_(accounts.ids_of_owner(self.me))

    def changeable_ids(self) -> list[int]:
        """Those that the user may change, in order."""
        return list(db.session.scalars(self.mine(Card.account_id).order_by(Card.account_id)))

    def left_out(self) -> tuple[int, Sequence[str]]:
        """How many the user may not change, and the first of their names."""
        if self.may_all:
            return 0, ()
        others = self.rows().where(not_(self._changeable()))
        number = db.session.scalar(others.with_only_columns(func.count(), maintain_column_froms=True)) or 0
        names = others.with_only_columns(Card.name, maintain_column_froms=True).order_by(Card.name_folded).limit(NAMED)
        return number, db.session.scalars(names).all() if number else ()


@dataclass(frozen=True)
class Outlook:
    """What planning would do: how many reviews of each kind, how many of them are late and so get a day of their own;
    how many accounts have one planned already, or none to come."""

    kinds: dict[str, int]
    late: int
    planned: int
    without: int

    @property
    def plannable(self) -> int:
        return sum(self.kinds.values())


def outlook(chosen: Selection) -> Outlook:
    """Of those that the user may change; one statement."""
    columns = (
        Card.next_review_kind,
        Card.next_review_planned,
        Card.next_review_on.is_(None),
        Card.next_review_on < chosen.on,
    )
    kinds: dict[str, int] = {}
    late = planned = without = 0
    for kind, is_planned, none, past, number in db.session.execute(
        chosen.mine(*columns, func.count()).group_by(*columns)
    ):
        if is_planned:
            planned += number
        elif none:
            without += number
        else:
            kinds[kind] = kinds.get(kind, 0) + number
            late += number if past else 0
    return Outlook(kinds, late, planned, without)
