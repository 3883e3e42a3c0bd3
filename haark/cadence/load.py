"""How many hours of reviews a week holds, and a lighter week where one is over the cap. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haark.cadence.steps import monday

FEWEST, MOST = 5, 8  # weeks that are shown


@dataclass(frozen=True, slots=True)
class Week:
    """The week that begins on `start`: how many reviews, and hours of preparing, holding and telling of them."""

    start: date
    reviews: int
    hours: float

    @property
    def number(self) -> int:
        """ISO 8601."""
        return self.start.isocalendar().week

    @property
    def friday(self) -> date:
        return self.start + timedelta(4)


def weeks(reviews: Iterable[tuple[str, date]], hours: Mapping[str, float], on: date, until: date) -> tuple[Week, ...]:
    """From this week to that of `until`, five at least and eight at most; `reviews` are kinds and days."""
    first = monday(on)
    count = min(max((monday(until) - first).days // 7 + 2, FEWEST), MOST)
    return spread(((kind, day, 1) for kind, day in reviews), hours, first, count)


def spread(
    reviews: Iterable[tuple[str, date, int]], hours: Mapping[str, float], first: date, count: int
) -> tuple[Week, ...]:
    """`count` weeks from the Monday `first` on; `reviews` are kinds, days, and how many of them."""
    number: Counter[date] = Counter()
    total: dict[date, float] = defaultdict(float)
    for kind, day, many in reviews:
        number[monday(day)] += many
        total[monday(day)] += hours[kind] * many
    starts = (first + timedelta(7 * index) for index in range(count))
    return tuple(Week(start, number[start], total[start]) for start in starts)


def level(hours: float, usual: float, cap: float) -> str:
    """'' for a week without reviews, 'some', 'full' where no other one of the `usual` length finds room under the cap,
    'over' above it. Hours."""
    if not hours:
        return ""
    return "over" if hours > cap else "full" if hours + usual > cap else "some"


def lighter(found: Sequence[Week], day: date, last: date, hours: float, cap: float) -> Week | None:
    """Where the week of `day` (which counts the review already) is over the cap: the emptiest other week up to that of
    `last` that would hold it. None: no need, or no such week."""
    here = next((week for week in found if week.start == monday(day)), None)
    if here is None or here.hours <= cap:
        return None
    others = [week for week in found if week is not here and week.start <= last and week.hours + hours <= cap]
    return min(others, key=lambda week: (week.hours, week.start), default=None)
