"""What the page of a score shows: the score explained, its past, a person's rating beside it, and disagreements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from haark.accounts.queries import Header
from haark.cadence import rating
from haark.cadence import rules as periods
from haark.cadence.rating import Rating
from haark.health import churn, disagreement, judging, movement
from haark.health import queries as health
from haark.health.churn import Churn, Factor, Split
from haark.health.movement import Standing
from haark.health.queries import Explanation
from haark.settings import queries as settings

SPANS = (90, 180, 365, 730)  # days that the evolution is shown for at one click
MOST_STANDINGS = 3


@dataclass(frozen=True)
class Quarter:
    """The last score of the quarter before, and the points since; `score` None when there was none."""

    number: int
    year: int
    day: date
    score: int
    change: int


@dataclass(frozen=True)
class ScoreView:
    """`on` is the day it speaks of; `again` is true when it was made again for this page and not kept."""

    on: date
    again: bool
    told: Explanation
    rating: Rating | None
    disagreements: tuple[str, ...]
    churn: Split | None
    renewal_on: date | None
    strengths: Sequence[Standing]
    weaknesses: Sequence[Standing]
    start: date
    end: date
    curve: Sequence[tuple[date, int | None]]
    quarter: Quarter | None


def told_of(account_id: int, today: date, asked: date | None) -> Explanation:
    """The score as it was last kept, or made again as of a day that was asked for; future days are today."""
    return health.explain(account_id, today) if asked is None else judging.as_of(account_id, min(asked, today))


def view(head: Header, today: date, asked: date | None, start: date, end: date) -> ScoreView:
    """Nine statements at most; about thirty more to make the score again as of the day `asked` for."""
    told = told_of(head.id, today, asked)
    on = min(asked, today) if asked else told.now.on if told.now else today
    now = told.now
    known = rating.of_account(head.id, on)
    fiscal = settings.get("fiscal_year_start")
    before = periods.previous(periods.containing(on, "quarter", fiscal), fiscal)
    rows = health.history(head.id, min(start, before.start), max(end, before.end))
    return ScoreView(
        on=on,
        again=asked is not None,
        told=told,
        rating=known,
        disagreements=disagreement.disagreements(
            now.band if now else "", known.counted if known else None, head.arr_change
        ),
        churn=_split(told),
        renewal_on=_renewal_on(told),
        strengths=movement.strengths(now)[:MOST_STANDINGS] if now else (),
        weaknesses=movement.weaknesses(now)[:MOST_STANDINGS] if now else (),
        start=start,
        end=end,
        curve=[(row.day, row.score) for row in rows if start <= row.day <= end],
        quarter=_quarter(rows, before, told),
    )


def _split(told: Explanation) -> Split | None:
    if told.churn is None:
        return None
    return churn.split(Churn(told.churn, tuple(Factor(**factor) for factor in told.factors)))


def _renewal_on(told: Explanation) -> date | None:
    """The renewal that the probability speaks of, as it was counted in days then."""
    left = next((factor["value"] for factor in told.factors if factor["name"] == "days_left"), None)
    return None if left is None or told.now is None else told.now.on + timedelta(round(left))


def _quarter(rows: Sequence[Any], before: periods.Period, told: Explanation) -> Quarter | None:
    known = [row for row in rows if before.start <= row.day <= before.end and row.score is not None]
    if not known or told.now is None or told.now.score is None:
        return None
    last = known[-1]
    return Quarter(before.number, before.year, last.day, last.score, told.now.score - last.score)


def span_of(start: date | None, end: date | None, days: int, today: date) -> tuple[date, date]:
    """The period of the evolution: as asked for, else the last `days`; the right way round and not in the future."""
    last = min(end or today, today)
    first = start or last - timedelta(days if days in SPANS else SPANS[1])
    return (first, last) if first < last else (last - timedelta(SPANS[0]), last)
