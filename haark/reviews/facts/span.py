"""What is asked of every subject: which account, which windows of time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from haark import clock
from haark.cadence.rules import Window


@dataclass(frozen=True)
class Span:
    """`now` and `before` are compared; `trail` are the last periods by code, oldest first, the last being `now`.

    `on`: the last day that counts. `zone`: where the organisation's days begin. The review itself: `review_id`, `kind`,
    and `day`, when it was `held` or is to be held, where that is known.
    """

    account_id: int
    now: Window
    before: Window
    trail: tuple[tuple[str, Window], ...]
    on: date
    zone: str
    review_id: int | None = None
    kind: str = "qbr"
    day: date | None = None
    held: bool = False

    @property
    def first(self) -> date:
        """The earliest day of all windows."""
        return min(self.before.start, self.trail[0][1].start)

    def opening(self, day: date) -> datetime:
        """The first instant of a day."""
        return clock.start_of(day, self.zone)

    def closing(self, day: date) -> datetime:
        """The first instant after a day."""
        return clock.start_of(day + timedelta(days=1), self.zone)

    def day_of(self, instant: datetime) -> date:
        return clock.day_of(instant, self.zone)


def inside(window: Window, day: date | None) -> bool:
    """Whether a day lies in a window."""
    return day is not None and window.start <= day <= window.end
