"""What the agenda of reviews shows: a page of what is to come or was held, the counts, each CSM's weeks.

A constant number of statements, whatever the portfolio holds. An account's owner is read from its card, whose index of
next reviews covers it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, tuple_

from haark.accounts.models import Account, AccountCard
from haark.accounts.rules import add_months
from haark.cadence.due import Candidate
from haark.cadence.models import OPEN_STATES, NextReview, Review
from haark.extensions import db
from haark.people.models import User

PAGE_SIZE = 50
HELD_MONTHS = 12
STATES = ("all", "late", "due", "planned", "held")
SCOPES = ("mine", "team")


@dataclass(frozen=True)
class View:
    """What an address asks for. `week`: a Monday; `owner`: a user's id, 0: nobody's accounts; `after`: a place.

    `sells`: a salesperson asks, whose own accounts are those that they sell to.
    """

    state: str = "all"
    scope: str = "mine"
    owner: int | None = None
    week: date | None = None
    after: tuple[int, date, int] | None = None
    sells: bool = False


@dataclass(frozen=True)
class Line:
    """A review of the agenda. `state`: '' while nothing is planned, else the Review's; `why`: what counts."""

    account_id: int
    name: str
    owner_id: int | None
    owner: str
    kind: str
    on: date
    late: bool
    state: str
    why: Candidate | None
    review_id: int | None = None
    version: int = 0
    urgent: bool = False
    may_change: bool = False


@dataclass(frozen=True)
class Page:
    lines: Sequence[Line]
    after: tuple[int, date, int] | None


def page(view: View, user_id: int, on: date, open_to_all: bool) -> Page:
    """Reviews to come, late ones first, then by day; or those held within a year, the latest first. Three statements.

    `open_to_all`: this person may change every account.
    """
    if view.state == "held":
        return _held(view, user_id, on, open_to_all)
    return _coming(view, user_id, open_to_all)


def _coming(view: View, user_id: int, open_to_all: bool) -> Page:
    """Late ones, then the others: each in the order of the index on the cards, so that a page reads its rows only."""
    parts = {"late": (True,), "due": (False,), "planned": (False,)}.get(view.state, (True, False))
    found: list[Any] = []
    for late in parts:
        if len(found) <= PAGE_SIZE and not (view.after and late and view.after[0]):
            after = view.after if view.after and view.after[0] == (0 if late else 1) else None
            rows = _part(view, user_id, late, after).limit(PAGE_SIZE + 1 - len(found))
            found += db.session.execute(rows)
    shown = found[:PAGE_SIZE]
    planned = _planned([row.account_id for row in shown if row.next_review_planned])
    lines = [_line(row, planned.get(row.account_id), user_id, open_to_all) for row in shown]
    last = lines[-1] if len(found) > PAGE_SIZE else None
    return Page(lines, (0 if last.late else 1, last.on, last.account_id) if last else None)


def _part(view: View, user_id: int, late: bool, after: tuple[int, date, int] | None) -> Select[Any]:
    card = AccountCard
    columns: tuple[Any, ...] = (
        card.account_id,
        card.name,
        card.owner_id,
        Account.sales_owner_id,
        User.name.label("owner"),
        card.next_review_kind,
        card.next_review_on,
        card.next_review_late,
        card.next_review_planned,
        NextReview.candidates,
    )
    rows = _of(view, user_id, select(*columns), card.next_review_on).outerjoin(
        NextReview, NextReview.account_id == card.account_id
    )
    rows = rows.where(card.next_review_late.is_(late), card.next_review_on.is_not(None))
    if view.state in ("planned", "due"):
        rows = rows.where(card.next_review_planned.is_(view.state == "planned"))
    if after:
        rows = rows.where(tuple_(card.next_review_on, card.account_id) > tuple_(*after[1:]))
    return rows.order_by(card.next_review_on, card.account_id)


def _line(row: Any, review: Any, user_id: int, open_to_all: bool) -> Line:
    return Line(
        account_id=row.account_id,
        name=row.name,
        owner_id=row.owner_id,
        owner=row.owner or "",
        kind=row.next_review_kind,
        on=row.next_review_on,
        late=row.next_review_late,
        state=review.state if review else "",
        why=Candidate.of(row.candidates[0]) if row.candidates else None,
        review_id=review.id if review else None,
        version=review.version if review else 0,
        urgent=bool(review and review.urgent),
        may_change=open_to_all or user_id in (row.owner_id, row.sales_owner_id),
    )


def _planned(ids: Sequence[int]) -> Mapping[int, Any]:
    """The planned review of each account: the earliest."""
    if not ids:
        return {}
    columns = (Review.account_id, Review.id, Review.state, Review.version, Review.urgent)
    rows = (
        select(*columns)
        .where(
            Review.account_id.in_(ids),
            Review.deleted_at.is_(None),
            Review.held_on.is_(None),
            Review.due_on.is_not(None),
            Review.state.in_(OPEN_STATES),
        )
        .order_by(Review.due_on.desc(), Review.id.desc())
    )
    return {row.account_id: row for row in db.session.execute(rows)}


def _held(view: View, user_id: int, on: date, open_to_all: bool) -> Page:
    columns: tuple[Any, ...] = (
        Review.account_id,
        AccountCard.name,
        AccountCard.owner_id,
        Account.sales_owner_id,
        User.name.label("owner"),
        Review.kind,
        Review.held_on,
        Review.due_on,
        Review.id,
        Review.state,
        Review.version,
    )
    rows = _of(view, user_id, select(*columns), Review.held_on).join(
        Review, and_(Review.account_id == AccountCard.account_id, Review.deleted_at.is_(None))
    )
    rows = rows.where(Review.held_on > add_months(on, -HELD_MONTHS))
    if view.after:
        rows = rows.where(tuple_(Review.held_on, Review.id) < tuple_(*view.after[1:]))
    found = list(db.session.execute(rows.order_by(Review.held_on.desc(), Review.id.desc()).limit(PAGE_SIZE + 1)))
    lines = [
        Line(
            account_id=row.account_id,
            name=row.name,
            owner_id=row.owner_id,
            owner=row.owner or "",
            kind=row.kind,
            on=row.held_on,
            late=row.due_on is not None and row.due_on < row.held_on,
            state=row.state,
            why=None,
            review_id=row.id,
            version=row.version,
            may_change=open_to_all or user_id in (row.owner_id, row.sales_owner_id),
        )
        for row in found[:PAGE_SIZE]
    ]
    last = lines[-1] if len(found) > PAGE_SIZE else None
    return Page(lines, (0, last.on, last.review_id or 0) if last else None)


def _of(view: View, user_id: int, rows: Select[Any], day: Any) -> Select[Any]:
    """The accounts of the scope, with their owner; of one owner and one week where asked for."""
    rows = (
        rows.select_from(AccountCard)
        .join(Account, Account.id == AccountCard.account_id)
        .outerjoin(User, User.id == AccountCard.owner_id)
        .where(Account.deleted_at.is_(None), *scope(view, user_id))
    )
    if view.owner is not None:
        rows = rows.where(AccountCard.owner_id == view.owner if view.owner else AccountCard.owner_id.is_(None))
    if view.week is not None:
        rows = rows.where(day.between(view.week, view.week + timedelta(6)))
    return rows


def scope(view: View, user_id: int) -> list[ColumnElement[bool]]:
    """Conditions on the cards: one's own accounts, or everybody's."""
    if view.scope != "mine":
        return []
    if view.sells:
        return [AccountCard.account_id.in_(select(Account.id).where(Account.sales_owner_id == user_id))]
    return [AccountCard.owner_id == user_id]
