"""What the score looks at: one account's observations, gathered up to a date. Plain values, no judgement.

Nobody changes facts once they are made. The classes are not frozen all the same: that takes four times as long to make,
and a night makes half a million of them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from haark.accounts.movements import KEY_ROLES as KEY_ROLES

# Days: the present of usage and exchanges, and the same length before it (SG-1).
WINDOW = 30
# Days of history the gathering reads for usage, answers of clients, departures and contractions.
USAGE_LOOKBACK = 90
ANSWER_LOOKBACK = 365
STABILITY_LOOKBACK = 365


class Answer(NamedTuple):
    """What a client answered on a day: NPS 0-10, or CSAT 1-5 (of a survey or of a ticket)."""

    on: date
    score: float


@dataclass(slots=True)
class Use:
    """Usage up to a date. Means are per working day (Monday to Friday) of complete days: the day itself is left out.

    `*_now` covers the 30 days up to `until`, `*_before` the 30 days before those; None where the source does not say.
    `until` is the last day for which the account's usage is known (measures.rules.Feeds); None: the eve of the date.
    `last_reported` is the newest day with a row, `last_used` the newest with any activity. `at_least`: the active users
    are the largest feature's, because the product as a whole was not reported.
    """

    last_reported: date
    last_used: date | None = None
    users_now: float | None = None
    users_before: float | None = None
    events_now: float | None = None
    events_before: float | None = None
    logins_now: float | None = None
    logins_before: float | None = None
    at_least: bool = False
    features_used: int | None = None
    features_known: int | None = None
    until: date | None = None

    def known_until(self, on: date) -> date:
        """The last day that these figures say something of, when they were gathered on a date."""
        return self.until or on - timedelta(1)


@dataclass(slots=True)
class Exchanges:
    """Calls, e-mails and meetings up to a date; notes are ours alone and do not count.

    Two-way means that the client took part: incoming, both ways, or a call or meeting without a stated direction.
    """

    last_logged: date
    last_two_way: date | None = None
    two_way_30: int = 0
    all_90: int = 0
    two_way_90: int = 0


@dataclass(slots=True)
class Support:
    """Tickets: open on the date by priority, and how fast those of the last 90 days were closed."""

    last_movement: date
    open_urgent: int = 0
    open_high: int = 0
    open_other: int = 0
    closed_90: int = 0
    resolution_hours: float | None = None


@dataclass(slots=True)
class Past:
    """The contract so far. ARR in cents of the account's currency; `departures` are of key people, in 365 days."""

    tenure_months: int | None = None
    arr_now: int | None = None
    arr_before: int | None = None
    renewed: int = 0
    lost: int = 0
    contractions: int | None = None
    departures: int | None = None


@dataclass(slots=True)
class Facts:
    """Everything one score is made from. A None or empty part was never observed: unknown, not zero.

    `renewal_on` is the end of the contract term that runs on the date; the score ignores it, the churn probability
    needs it.
    """

    seats: int | None = None
    use: Use | None = None
    exchanges: Exchanges | None = None
    roles_known: frozenset[str] = frozenset()
    roles_held: frozenset[str] = frozenset()
    nps: tuple[Answer, ...] = ()
    csat: tuple[Answer, ...] = ()
    ticket_csat: tuple[Answer, ...] = ()
    support: Support | None = None
    past: Past | None = None
    renewal_on: date | None = None
