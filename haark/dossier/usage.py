"""What the usage tab shows of an account: a year by month, the last 30 days against the 30 before, each feature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haark.accounts.rules import add_months
from haark.measures import queries as measures
from haark.measures import reported, rules
from haark.measures.queries import Adoption, Usage

MONTHS = 12


@dataclass(frozen=True)
class UsageView:
    """`months` oldest first, the last one up to `until`; `now` and `before` are two windows of 30 days.

    `until`: the last day for which usage is known; `short`: not the eve of today, so the page says it.

    `idle_seats`: seats nobody used on a mean working day, None where seats or users are unknown.
    """

    months: Sequence[Usage]
    now: Usage
    before: Usage
    adoption: Sequence[Adoption]
    unused: Sequence[Adoption]
    seats: int | None
    idle_seats: float | None
    first: date
    until: date
    short: bool

    @property
    def used(self) -> list[Adoption]:
        """The features that the last 30 days show in use."""
        return [one for one in self.adoption if one.days]

    @property
    def enough(self) -> bool:
        """A line needs three months with users; below it the page says that history is missing."""
        return sum(1 for month in self.months if month.active_users is not None) >= 3

    @property
    def enough_events(self) -> bool:
        return sum(1 for month in self.months if month.events is not None) >= 3


def view(account_id: int, seats: int | None, on: date) -> UsageView | None:
    """None when no usage was ever reported. Four statements."""
    edge = reported.edge_of(account_id, on)
    if edge is None:
        return None
    span = rules.windows(edge.until)
    months = measures.months_of(add_months(on.replace(day=1), 1 - MONTHS), edge.until)
    now, before, *by_month = measures.usage_in(account_id, [span.now, span.before, *months], edge)
    adoption = measures.feature_adoption(account_id, *span.now, total=now)
    users = now.active_users
    return UsageView(
        months=by_month,
        now=now,
        before=before,
        adoption=adoption,
        unused=measures.premium_unused(adoption),
        seats=seats,
        idle_seats=max(seats - users, 0) if seats and users is not None else None,
        first=edge.first,
        until=edge.until,
        short=edge.until < on - timedelta(1),
    )


def change(now: float | None, before: float | None) -> float | None:
    """Relative change as a fraction, None where a side is unknown or there was nothing before."""
    return None if now is None or not before else now / before - 1
