"""Reading what the programme is measured on: clients and their reviews, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from haark import clock
from haark.accounts import rules as account_rules
from haark.accounts.models import Account, AccountCard, GoLive, Renewal, Revenue
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import db
from haark.people.models import User
from haark.programme.rules import Client, Session
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting.models import Meeting
from haark.reviews.recap.models import Recap
from haark.reviews.surveying.models import ReviewSurvey
from haark.settings import queries as settings


@dataclass(frozen=True)
class Ground:
    """Everything the figures of a page are made of, as known on day `on`."""

    on: date
    clients: tuple[Client, ...]
    sessions: tuple[Session, ...]


def ground(on: date, since: date, kinds: Sequence[str]) -> Ground:
    """The clients and the reviews that were due or held from `since` on; `kinds` are those that count.

    Eight statements, whatever the portfolio.
    """
    clients = {client.id: client for client in _clients(on, kinds)}
    return Ground(on, tuple(clients.values()), tuple(_sessions(clients, since, on)))


def _clients(on: date, kinds: Sequence[str]) -> Iterable[Client]:
    house, rates = settings.get("organisation.currency"), settings.get("currency.rates")
    levels: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    known = select(Revenue.account_id, Revenue.date, Revenue.arr_cents).order_by(Revenue.date)
    for account_id, day, level in db.session.execute(known):
        levels[account_id].append((day, level))
    ends: defaultdict[int, list[tuple[date, str]]] = defaultdict(list)
    ended = select(Renewal.account_id, Renewal.date, Renewal.outcome).order_by(Renewal.date)
    for account_id, day, outcome in db.session.execute(ended):
        ends[account_id].append((day, outcome))
    went = select(GoLive.account_id, func.min(GoLive.date)).group_by(GoLive.account_id)
    live: dict[int, date] = dict(db.session.execute(went).all())
    columns = (Account.id, Account.name, Account.owner_id, Account.currency, Account.contract_start)
    rows = db.session.execute(
        select(
            *columns,
            Account.declared_arr_cents,
            AccountCard.segment,
            AccountCard.next_review_kind,
            (AccountCard.next_review_late & ~AccountCard.next_review_planned).label("late"),
            func.coalesce(User.name, "").label("owner"),
        )
        .outerjoin(AccountCard, AccountCard.account_id == Account.id)
        .outerjoin(User, User.id == Account.owner_id)
        .where(Account.deleted_at.is_(None))
        .order_by(Account.name_folded, Account.id)
    )
    for row in rows:
        history = levels.get(row.id, [])
        rate = account_rules.rate_of(row.currency, house, rates, on)
        yield Client(
            id=row.id,
            name=row.name,
            owner_id=row.owner_id,
            owner=row.owner,
            segment=row.segment or "",
            since=row.contract_start or next((day for day, level in history if level > 0), None),
            lost=_lost(history, ends.get(row.id, []), on),
            live=live.get(row.id),
            waits=bool(row.late) and row.next_review_kind in kinds,
            arr_at=_arr(history, row.declared_arr_cents, rate),
        )


def _arr(history: list[tuple[date, int]], declared: int | None, rate: float | None) -> Callable[[date], int | None]:
    return lambda day: account_rules.converted(account_rules.arr_at(history, declared, day), rate)


def _lost(history: list[tuple[date, int]], ends: list[tuple[date, str]], on: date) -> date | None:
    """From when the client is none any more: its revenue ended, or its last term was lost, by day `on`."""
    past = [level for level in history if level[0] <= on]
    if past:
        return account_rules.lost_since(past)
    gone = [end for end in ends if end[0] <= on]
    return gone[-1][0] if gone and gone[-1][1] == "lost" else None


def _sessions(clients: dict[int, Client], since: date, on: date) -> Iterable[Session]:
    wanted = (Review.deleted_at.is_(None), (Review.due_on >= since) | (Review.held_on >= since))
    ids = select(Review.id).where(*wanted)
    rows = db.session.execute(
        select(
            Review.id, Review.account_id, Review.kind, Review.state, Review.due_on, Review.held_on, Review.zone,
            Meeting.ended_at, Recap.sent_at,
        )
        .outerjoin(Meeting, Meeting.review_id == Review.id)
        .outerjoin(Recap, Recap.review_id == Review.id)
        .where(*wanted)
        .order_by(Review.id)
    ).all()  # fmt: skip
    present = _presence(ids)
    scores: defaultdict[int, list[int]] = defaultdict(list)
    answers = select(ReviewSurvey.review_id, ReviewSurvey.score).where(ReviewSurvey.score.is_not(None))
    for review_id, score in db.session.execute(answers.where(ReviewSurvey.review_id.in_(ids))):
        scores[review_id].append(int(score or 0))
    promised = _promises(ids, on)
    hours = settings.get("recap.hours")
    now = clock.moment()
    for row in rows:
        client = clients.get(row.account_id)
        if client is None:
            continue
        delay = (row.sent_at - row.ended_at).total_seconds() / 3600 if row.sent_at and row.ended_at else None
        sponsor, known = present.get(row.id, (False, False))
        due, kept = promised.get(row.id, (0, 0))
        yield Session(
            id=row.id, client=client, kind=row.kind, state=row.state, due_on=row.due_on, held_on=row.held_on,
            sponsor=sponsor, attendance=known, scores=tuple(scores.get(row.id, ())), recap_hours=delay,
            recap_late=_overdue(row, hours, now), promised=due, kept=kept,
        )  # fmt: skip


def _overdue(row: Any, hours: float, now: datetime) -> bool:
    return row.sent_at is None and row.ended_at is not None and now > row.ended_at + timedelta(hours=hours)


def _presence(ids: Any) -> dict[int, tuple[bool, bool]]:
    """By review: whether a sponsor of the client was there, and whether anybody noted who was."""
    sponsor = func.sum(case((Participant.attended & (Participant.role == "sponsor"), 1), else_=0))
    known = func.sum(case((Participant.attended.is_not(None), 1), else_=0))
    rows = select(Participant.review_id, sponsor, known).where(Participant.review_id.in_(ids))
    found = db.session.execute(rows.group_by(Participant.review_id))
    return {review_id: (bool(there), bool(noted)) for review_id, there, noted in found}


def _promises(ids: Any, on: date) -> dict[int, tuple[int, int]]:
    """By review: how many of its actions have come due by day `on`, or are done; and how many are done."""
    done = case((ActionItem.state == "done", 1), else_=0)
    rows = select(ActionItem.source_id, func.count(), func.sum(done)).where(
        ActionItem.source_kind == "review",
        ActionItem.source_id.in_(ids),
        ActionItem.deleted_at.is_(None),
        ActionItem.state != "cancelled",
        (ActionItem.state == "done") | (ActionItem.due_on <= on),
    )
    found = db.session.execute(rows.group_by(ActionItem.source_id))
    return {review_id: (int(count), int(kept or 0)) for review_id, count, kept in found}


def nudged(day: tuple[datetime, datetime]) -> frozenset[int]:
    """The accounts whose CSM was asked for a review in these hours."""
    asked = select(Event.account_id).where(Event.kind == "programme.nudged", Event.at >= day[0], Event.at < day[1])
    return frozenset(found for found in db.session.scalars(asked) if found is not None)
