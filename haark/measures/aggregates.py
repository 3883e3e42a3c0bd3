"""Exchanges, answers and tickets of many accounts up to a date: set-based statements, a constant number whatever the
accounts.

Rows later than the date never count. All of it is portable between SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select

from haark import clock
from haark.accounts.chunking import Chosen, for_chunk
from haark.accounts.models import Account
from haark.measures.models import Interaction, Survey, Ticket

# Columns of tables, not of entities: rows then come without the ORM's own handling, a microsecond each.
_ACCOUNT, _TALK = Account.__table__.c, Interaction.__table__.c
_SURVEY, _TICKET = Survey.__table__.c, Ticket.__table__.c


class Contact(NamedTuple):
    """Exchanges of one account: newest of any kind (without notes), newest two-way, and counts."""

    last: datetime
    last_two_way: datetime | None
    two_way_30: int
    all_90: int
    two_way_90: int


def two_way_clause() -> ColumnElement[bool]:
    """`rules.is_two_way` in SQL."""
    spoken = and_(_TALK.direction == "", _TALK.kind.in_(("call", "meeting")))
    return and_(_TALK.kind != "note", or_(_TALK.direction.in_(("in", "both")), spoken))


def _newest(condition: ColumnElement[bool]) -> Any:
    own = and_(_TALK.account_id == _ACCOUNT.id, _TALK.at < bindparam("end"), condition)
    return select(_TALK.at).where(own).order_by(_TALK.at.desc()).limit(1).scalar_subquery()


@for_chunk
def _last_exchanges(chosen: Chosen) -> Select[Any]:
    newest = (_newest(_TALK.kind != "note"), _newest(two_way_clause()))
    return select(_ACCOUNT.id, *newest).where(chosen(_ACCOUNT.id))


@for_chunk
def _counted_exchanges(chosen: Chosen) -> Select[Any]:
    two_way = two_way_clause()
    lately = (_TALK.at >= bindparam("quarter"), _TALK.at < bindparam("end"))
    talks = and_(_TALK.account_id == _ACCOUNT.id, *lately, _TALK.kind != "note")
    recent = case((and_(two_way, _TALK.at >= bindparam("month")), 1))
    rows = select(_ACCOUNT.id, func.count(recent), func.count(), func.count(case((two_way, 1))))
    return rows.join(Interaction.__table__, talks).where(chosen(_ACCOUNT.id)).group_by(_ACCOUNT.id)


def exchanges(ids: Sequence[int], on: date) -> dict[int, Contact]:
    """Exchanges of a chunk of accounts: two statements. Accounts without any (notes apart) are missing."""
    end = clock.start_of(on + timedelta(1))
    month, quarter = clock.start_of(on - timedelta(29)), clock.start_of(on - timedelta(89))
    counts = {row[0]: row[1:] for row in _counted_exchanges(ids, month=month, quarter=quarter, end=end)}
    return {
        ident: Contact(last, last_two_way, *counts.get(ident, (0, 0, 0)))
        for ident, last, last_two_way in _last_exchanges(ids, end=end)
        if last is not None
    }


@for_chunk
def _answers(chosen: Chosen) -> Select[Any]:
    rows = select(_SURVEY.account_id, _SURVEY.kind, _SURVEY.date, _SURVEY.score)
    lately = (_SURVEY.date > bindparam("after"), _SURVEY.date <= bindparam("on"))
    return rows.where(chosen(_SURVEY.account_id), *lately).order_by(_SURVEY.account_id, _SURVEY.date, _SURVEY.id)


def answers(ids: Sequence[int], on: date, lookback: int) -> dict[tuple[int, str], list[tuple[date, float]]]:
    """NPS and CSAT answers of the last `lookback` days: {(account, kind): [(day, score)]}. One statement."""
    found: defaultdict[tuple[int, str], list[tuple[date, float]]] = defaultdict(list)
    for ident, kind, day, score in _answers(ids, after=on - timedelta(lookback), on=on):
        found[ident, kind].append((day, score))
    return found


@for_chunk
def _tickets(chosen: Chosen) -> Select[Any]:
    rows = select(_TICKET.account_id, _TICKET.opened_at, _TICKET.closed_at, _TICKET.priority, _TICKET.csat)
    counted = or_(_TICKET.closed_at.is_(None), _TICKET.closed_at >= bindparam("start"))
    known = rows.where(chosen(_TICKET.account_id), _TICKET.opened_at < bindparam("end"), counted)
    return known.order_by(_TICKET.account_id, _TICKET.opened_at)


def tickets(ids: Sequence[int], on: date, lookback: int) -> dict[int, list[Any]]:
    """Tickets still open on the date or closed within `lookback` days before it: {account: [(opened_at, closed_at,
    priority, csat)]}; a closing after the date is hidden, and with it the satisfaction given then. One statement."""
    end, start = clock.start_of(on + timedelta(1)), clock.start_of(on - timedelta(lookback - 1))
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for ident, opened, closed, priority, csat in _tickets(ids, start=start, end=end):
        if closed is not None and closed >= end:
            closed = csat = None
        found[ident].append((opened, closed, priority, csat))
    return found
