"""Reading what clients are ranked by: for all of them by chunks, and for one beside the counts of the others."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from haark.accounts import queries as accounts
from haark.accounts import rules as money
from haark.accounts.models import Account, AccountCard
from haark.extensions import db
from haark.measures import aggregates
from haark.pipeline.models import Opportunity
from haark.pipeline.rules import CLOSED
from haark.ranking import rules
from haark.settings import queries as settings

CHUNK = 1000
# An older answer says nothing of a client any more.
ANSWERS_COUNT = 365
_ACCOUNT, _CARD, _DEAL = (one.__table__.c for one in (Account, AccountCard, Opportunity))


@dataclass(frozen=True, slots=True)
class Client:
    """What one client is ranked by; `kept`: tier, score and lifetime value (cents) as the card has them."""

    name: str
    arr_cents: int | None
    values: rules.Values
    kept: tuple[str, float | None, int | None]

    @property
    def lifetime(self) -> int | None:
        """Cents, as it is now."""
        value = self.values["lifetime"]
        return None if value is None else int(value)


def clients(on: date, usual_years: float) -> Iterator[dict[int, Client]]:
    """All clients who still pay, by chunks of a thousand: six statements each. `usual_years`: the setting."""
    for ids in accounts.chunks(None, CHUNK):
        yield of(ids, on, usual_years)


def of(ids: Sequence[int], on: date, usual_years: float) -> dict[int, Client]:
    """These of the clients who still pay; ids in ascending order."""
    rows = db.session.execute(_rows(ids)).all()
    levels = accounts.revenue_levels(ids, on)
    answers = aggregates.answers(ids, on, ANSWERS_COUNT)
    deals = _open_deals(ids)
    house, rates = settings.get("organisation.currency"), settings.get("currency.rates")
    found: dict[int, Client] = {}
    for row in rows:
        ident = row.account_id
        years = rules.years_left(row.churn, money.days_left(row.renewal_date, on), usual_years)
        own = rules.lifetime(levels[ident], row.declared_arr_cents, row.contract_start, on, years)
        lifetime = money.converted(own, money.rate_of(row.currency, house, rates, on))
        values: dict[str, float | None] = {
            "lifetime": lifetime,
            "arr": row.arr_cents,
            "potential": deals.get(ident, 0),
            "growth": row.arr_change,
            "employees": row.employees,
            "nps": _latest(answers[ident, "nps"]),
            "csat": _latest(answers[ident, "csat"]),
            "health": row.health_score,
        }
        found[ident] = Client(row.name, row.arr_cents, values, (row.tier, row.rank_score, row.lifetime_cents))
    return found


def _paying() -> ColumnElement[bool]:
    """Clients who left pay nothing: they are not ranked. An unknown ARR is not zero."""
    return or_(_CARD.arr_cents.is_(None), _CARD.arr_cents > 0)


def _rows(ids: Sequence[int]) -> Select[Any]:
    columns = (
        _CARD.account_id,
        _CARD.name,
        _CARD.arr_cents,
        _CARD.arr_change,
        _CARD.health_score,
        _CARD.churn,
        _CARD.renewal_date,
        _CARD.tier,
        _CARD.rank_score,
        _CARD.lifetime_cents,
        _ACCOUNT.employees,
        _ACCOUNT.currency,
        _ACCOUNT.declared_arr_cents,
        _ACCOUNT.contract_start,
    )
    joined = select(*columns).join(Account.__table__, _ACCOUNT.id == _CARD.account_id)
    return joined.where(accounts.within(_CARD.account_id, ids), _paying())


def _open_deals(ids: Sequence[int]) -> dict[int, int]:
    rows = select(_DEAL.account_id, func.sum(_DEAL.amount_cents)).where(accounts.within(_DEAL.account_id, ids))
    live = rows.where(_open(), _DEAL.amount_cents.is_not(None)).group_by(_DEAL.account_id)
    return {ident: int(amount) for ident, amount in db.session.execute(live)}


def _open() -> ColumnElement[bool]:
    """`pipeline.rules.state_of` in SQL, for a deal that is open."""
    return func.lower(func.trim(_DEAL.stage)).not_in(CLOSED)


def _latest(answers: Sequence[tuple[date, float]]) -> float | None:
    """The mean of the answers of the last day on which somebody answered."""
    if not answers:
        return None
    last = [score for day, score in answers if day == answers[-1][0]]
    return sum(last) / len(last)


def unranked() -> list[int]:
    """Clients who have a tier though they no longer pay. One statement."""
    gone = or_(_CARD.tier != "", _CARD.rank_score.is_not(None))
    return list(db.session.scalars(select(_CARD.account_id).where(_CARD.arr_cents == 0, gone)))


def places(values: rules.Values, wanted: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """(below, equal, known) among all clients, for the measures that stand by their place. One statement."""
    columns: dict[str, Any] = {
        "lifetime": _CARD.lifetime_cents,
        "arr": _CARD.arr_cents,
        "growth": _CARD.arr_change,
        "employees": _ACCOUNT.employees,
    }
    if "potential" in wanted:
        sums = select(_DEAL.account_id, func.sum(_DEAL.amount_cents).label("cents")).where(_open())
        deals = sums.group_by(_DEAL.account_id).subquery()
        columns["potential"] = func.coalesce(deals.c.cents, 0)
    names = [name for name in wanted if name in columns and values.get(name) is not None]
    if not names:
        return {}
    counted = [
        part
        for name in names
        for part in (
            func.sum(case((columns[name] < values[name], 1), else_=0)),
            func.sum(case((columns[name] == values[name], 1), else_=0)),
            func.count(columns[name]),
        )
    ]
    source: Any = AccountCard.__table__
    if "employees" in names:
        source = source.join(Account.__table__, _ACCOUNT.id == _CARD.account_id)
    if "potential" in names:
        source = source.outerjoin(deals, deals.c.account_id == _CARD.account_id)
    row = db.session.execute(select(*counted).select_from(source).where(_paying())).one()
    numbers = [int(value or 0) for value in row]
    return {name: (numbers[at], numbers[at + 1], numbers[at + 2]) for at, name in zip(count(0, 3), names, strict=False)}


def counts() -> dict[str, int]:
    """Clients by tier; '' those who have none. One statement."""
    rows = db.session.execute(select(_CARD.tier, func.count()).where(_paying()).group_by(_CARD.tier))
    found: defaultdict[str, int] = defaultdict(int)
    for tier, number in rows:
        found[tier] = number
    return found


def standing(score: float) -> tuple[int, int]:
    """(place from the top, of how many) of a score among the cards. One statement."""
    better = func.sum(case((_CARD.rank_score > score, 1), else_=0))
    row = db.session.execute(select(better, func.count()).where(and_(_CARD.rank_score.is_not(None)))).one()
    return int(row[0] or 0) + 1, row[1]


def weights() -> Mapping[str, float]:
    """The measures that count, with their weights."""
    chosen: Mapping[str, float] = settings.get("ranking.weights")
    return {name: weight for name, weight in chosen.items() if name in rules.MEASURES and weight > 0}
