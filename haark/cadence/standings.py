"""Gathering what the next review follows from, for a chunk of accounts: a constant number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from haark.accounts import queries as accounts
from haark.accounts.models import Account, AccountCard, Contact, ContactChange, GoLive, Revenue
from haark.cadence.due import LOOKBACK_DAYS, WINDOW_DAYS, Drop, Happening, Override, Standing, drop_of
from haark.cadence.models import OPEN_STATES, Review, ReviewOverride
from haark.extensions import db
from haark.health.models import HealthSnapshot

# RV-2 speaks of these two; a decision maker who leaves is a risk signal, but asks for no review by itself.
PEOPLE = ("sponsor", "champion")


@dataclass(frozen=True, slots=True)
class Planned:
    """The review that stands for the next one: the earliest that has a day and was not held."""

    on: date
    kind: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """By account: what is known, and what is planned."""

    known: Mapping[int, Standing] = field(default_factory=dict)
    planned: Mapping[int, Planned] = field(default_factory=dict)


def of(ids: Sequence[int], on: date, drop_points: int) -> Chunk:
    """What is known of these accounts on a day. `drop_points`: a health drop counts from there on (SG-1)."""
    rows = _accounts(ids)
    golives, begun = _golives(ids, on)
    first_levels = _first_levels([row.id for row in rows if row.id not in begun and row.contract_start is None], on)
    held, planned = _held(ids, on), _planned(ids)
    changes, drops, overrides = _changes(ids, on), _drops(rows, on, drop_points), _overrides(ids)
    known = {
        row.id: Standing(
            arr_cents=row.arr_cents,
            started_on=begun.get(row.id) or row.contract_start or first_levels.get(row.id),
            renewal_on=row.renewal_date,
            held=held.get(row.id, {}),
            golives=golives.get(row.id, ()),
            changes=changes.get(row.id, ()),
            drop=drops.get(row.id),
            override=overrides.get(row.id),
        )
        for row in rows
    }
    return Chunk(known, planned)


def _accounts(ids: Sequence[int]) -> Sequence[Any]:
    card = AccountCard.__table__.c
    columns = (Account.id, Account.contract_start, Account.renewal_date, card.arr_cents)
    health = (card.health_score, card.health_change, card.health_on)
    rows = select(*columns, *health).outerjoin(AccountCard, AccountCard.account_id == Account.id)
    return db.session.execute(rows.where(accounts.within(Account.id, ids), Account.deleted_at.is_(None))).all()


def _golives(ids: Sequence[int], on: date) -> tuple[dict[int, list[Happening]], dict[int, date]]:
    """By account: the major ones of the last year, and the day of the very first one."""
    columns = select(GoLive.account_id, GoLive.date, GoLive.name, GoLive.major)
    rows = columns.where(accounts.within(GoLive.account_id, ids), GoLive.date <= on).order_by(GoLive.date)
    major: dict[int, list[Happening]] = defaultdict(list)
    begun: dict[int, date] = {}
    for account_id, day, name, is_major in db.session.execute(rows):
        begun.setdefault(account_id, day)
        if is_major and day > on - timedelta(LOOKBACK_DAYS):
            major[account_id].append(Happening(day, name))
    return major, begun


def _first_levels(ids: Sequence[int], on: date) -> dict[int, date]:
    if not ids:
        return {}
    first = select(Revenue.account_id, func.min(Revenue.date))
    rows = first.where(accounts.within(Revenue.account_id, ids), Revenue.date <= on).group_by(Revenue.account_id)
    return {row[0]: row[1] for row in db.session.execute(rows)}


def _held(ids: Sequence[int], on: date) -> dict[int, dict[str, date]]:
    """The last review held by then, by account and kind."""
    columns = select(Review.account_id, Review.kind, func.max(Review.held_on))
    rows = columns.where(
        accounts.within(Review.account_id, ids), Review.deleted_at.is_(None), Review.held_on <= on
    ).group_by(Review.account_id, Review.kind)
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in db.session.execute(rows):
        found[row[0]][row[1]] = row[2]
    return found


def _planned(ids: Sequence[int]) -> dict[int, Planned]:
    columns = select(Review.account_id, Review.due_on, Review.kind)
    rows = columns.where(
        accounts.within(Review.account_id, ids),
        Review.deleted_at.is_(None),
        Review.held_on.is_(None),
        Review.due_on.is_not(None),
        Review.state.in_(OPEN_STATES),
    ).order_by(Review.due_on.desc(), Review.id.desc())
    return {row.account_id: Planned(row.due_on, row.kind) for row in db.session.execute(rows)}


def _changes(ids: Sequence[int], on: date) -> dict[int, list[Happening]]:
    """Sponsors and champions who left, arrived or changed role within the last year."""
    change = ContactChange.__table__.c
    recent = (change.date > on - timedelta(LOOKBACK_DAYS), change.date <= on)
    told = select(change.account_id, change.date, change.name, change.role, change.role_before, change.kind)
    concerned = or_(change.role.in_(PEOPLE), change.role_before.in_(PEOPLE))
    found: dict[int, list[Happening]] = defaultdict(list)
    for row in db.session.execute(told.where(accounts.within(change.account_id, ids), *recent, concerned)):
        role = row.role if row.role in PEOPLE else row.role_before
        found[row.account_id].append(Happening(row.date, row.name, role, row.kind))
    gone = select(Contact.account_id, Contact.left_on, Contact.name, Contact.role).where(
        accounts.within(Contact.account_id, ids),
        Contact.role.in_(PEOPLE),
        Contact.left_on > on - timedelta(LOOKBACK_DAYS),
        Contact.left_on <= on,
    )
    for person in db.session.execute(gone.order_by(Contact.id)):
        departure = Happening(person.left_on, person.name, person.role, "left")
        if departure not in found[person.account_id]:
            found[person.account_id].append(departure)
    return found


def _drops(rows: Sequence[Any], on: date, points: int) -> dict[int, Drop]:
    """Asks for the scores only of accounts whose last one fell that far."""
    fallen = {
        row.id: row
        for row in rows
        if row.health_change is not None
        and row.health_change <= -points
        and on - timedelta(WINDOW_DAYS) < row.health_on <= on
    }
    if not fallen:
        return {}
    table = HealthSnapshot.__table__.c
    kept = select(table.account_id, table.day, table.score).where(
        accounts.within(table.account_id, sorted(fallen)),
        table.day.between(on - timedelta(3 * WINDOW_DAYS), on),
        table.score.is_not(None),
    )
    scores: dict[int, dict[date, int]] = defaultdict(dict)
    for account_id, day, score in db.session.execute(kept):
        scores[account_id][day] = score
    found = {
        ident: drop_of(scores[ident], row.health_on, row.health_score, row.health_change, points)
        for ident, row in fallen.items()
    }
    return {ident: drop for ident, drop in found.items() if drop is not None}


def _overrides(ids: Sequence[int]) -> dict[int, Override]:
    columns = select(ReviewOverride.account_id, ReviewOverride.kind, ReviewOverride.due_on, ReviewOverride.reason)
    rows = columns.where(accounts.within(ReviewOverride.account_id, ids), ReviewOverride.ended_at.is_(None))
    return {row.account_id: Override(row.kind, row.due_on, row.reason) for row in db.session.execute(rows)}
