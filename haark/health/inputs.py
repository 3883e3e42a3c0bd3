"""From an observation to a fraction of its points: one small formula each, all of them in docs/health.md.

Every formula is monotone in the direction that its docstring names. None means unknown.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from haark.health.facts import ANSWER_LOOKBACK, WINDOW, Answer, Facts, Support, Use
from haark.measures.rules import Windows, windows

# Days after which an answer of a client weighs half, where the setting `health.half_life` says nothing else.
HALF_LIFE = 90
# Actions a working day per seat that earn everything where a source reports no people: seven, as many as habit needs.
BUSY_EVENTS, BUSY_LOGINS = 7.0, 1.0
# Days within which evidence counts as fresh (HL-9).
FRESH = {"usage": 14, "interactions": 60, "surveys": 180, "tickets": 180}
ROLE_WEIGHTS = {"sponsor": 2, "champion": 1, "decision_maker": 1}
TICKET_LOAD = {"urgent": 2.0, "high": 1.0, "other": 0.25}

Value = float | int | str | None
NOTHING: Mapping[str, Value] = MappingProxyType({})


class Input(NamedTuple):
    """One line of the explanation. `weight`: its share of the component before unknown inputs are left out;
    `fraction` 0-1 of it was earned; `source` the kind of rows, `start`..`end` (inclusive) the days they come from.

    A tuple, because seventeen are made for every account and a frozen dataclass takes four times as long to make.
    """

    name: str
    weight: float
    fraction: float | None
    source: str
    fresh: bool = False
    start: date | None = None
    end: date | None = None
    values: Mapping[str, Value] = NOTHING


def ramp(value: float, nothing: float, everything: float) -> float:
    """0 at `nothing`, 1 at `everything`, linear between, flat outside; `nothing` may be the larger one."""
    share = (value - nothing) / (everything - nothing)
    return 0.0 if share < 0.0 else 1.0 if share > 1.0 else share


def change(now: float | None, before: float | None) -> float | None:
    """Relative change as a fraction; None where a side is unknown or there was nothing before."""
    return None if now is None or not before else now / before - 1.0


def usage_change(facts: Facts) -> tuple[str, float | None]:
    """(measure, change) of usage over 30 days: of active users where reported, else of actions, else of logins."""
    use = facts.use
    if use is not None:
        for measure, now, before in (
            ("users", use.users_now, use.users_before),
            ("events", use.events_now, use.events_before),
            ("logins", use.logins_now, use.logins_before),
        ):
            if now is not None and before:
                return measure, now / before - 1.0
    return "", None


class Periods(NamedTuple):
    """The first days of what an explanation names; all end on the date. `eve`: the day before it."""

    eve: date
    month: date
    quarter: date
    year: date


@lru_cache(maxsize=64)
def _periods(on: date) -> Periods:
    """Worked out once a day, not once an account."""
    return Periods(*(on - timedelta(days) for days in (1, WINDOW - 1, 89, ANSWER_LOOKBACK - 1)))


@lru_cache(maxsize=64)
def _windows(until: date) -> Windows:
    """Worked out once for all accounts whose data end on that day."""
    return windows(until)


def _fresh(newest: date | None, source: str, on: date) -> bool:
    return newest is not None and (on - newest).days <= FRESH[source]


def usage(facts: Facts, on: date) -> tuple[Input, ...]:
    """Known once any usage row exists; more usage in the last 30 days never lowers any of its fractions."""
    use, seats = facts.use, facts.seats
    if use is None:
        return ()
    until = use.until or _periods(on).eve
    fresh, days = _fresh(use.last_reported, "usage", on), _windows(until)
    measure, moved = usage_change(facts)
    now, before = (getattr(use, f"{measure}_now"), getattr(use, f"{measure}_before")) if measure else (None, None)
    breadth = use.features_used / use.features_known if use.features_known and use.features_used is not None else None
    idle = (on - use.last_used).days if use.last_used else None
    if idle and use.until is not None:  # days after the end of the data are not known to be without use
        idle = max(idle - (on - until).days + 1, 0)
    trend: dict[str, Value] = {"measure": measure, "now": now, "before": before, "change": moved}
    features: dict[str, Value] = {"used": use.features_used, "known": use.features_known, "share": breadth}
    rise = None if moved is None else ramp(moved, -0.5, 0.1)
    recent = 0.0 if idle is None else ramp(idle, 30, 3)
    return (
        _activity(use, seats, fresh, days) or _seats(use, seats, fresh, days),
        Input("trend", 40, rise, "usage", fresh, days.before[0], until, trend),
        Input("breadth", 15, breadth, "usage", fresh, days.now[0], until, features),
        Input("recency", 10, recent, "usage", fresh, None, on if use.until is None else until, {"days": idle}),
    )


def _seats(use: Use, seats: int | None, fresh: bool, days: Windows) -> Input:
    share = use.users_now / seats if seats and use.users_now is not None else None
    seen: dict[str, Value] = {"users": use.users_now, "seats": seats, "share": share, "at_least": int(use.at_least)}
    filled = None if share is None else ramp(share, 0, 1)
    return Input("seats", 35, filled, "usage", fresh, *days.now, seen)


def _activity(use: Use, seats: int | None, fresh: bool, days: Windows) -> Input | None:
    """What stands for the active users on seats where a source reports no people: its actions or logins, per working
    day and seat, whichever earns more. None where people are reported or nothing can be told."""
    if use.users_now is not None or not seats:
        return None
    found = [
        (ramp(done / seats, 0, busy), measure, done / seats)
        for measure, done, busy in (("events", use.events_now, BUSY_EVENTS), ("logins", use.logins_now, BUSY_LOGINS))
        if done is not None
    ]
    if not found:
        return None
    earned, measure, each = max(found)
    values: dict[str, Value] = {"measure": measure, "each": each, "seats": seats}
    return Input("activity", 35, earned, "usage", fresh, *days.now, values)


def engagement(facts: Facts, on: date) -> tuple[Input, ...]:
    """Known once an exchange was logged; the contact list alone says nothing of the relationship."""
    met = facts.exchanges
    if met is None:
        return ()
    fresh, days = _fresh(met.last_logged, "interactions", on), _periods(on)
    silent = (on - met.last_two_way).days if met.last_two_way else None
    share = met.two_way_90 / met.all_90 if met.all_90 else None
    held, known = _weight(facts.roles_held), _weight(facts.roles_known)
    near = 0.0 if silent is None else ramp(silent, 60, 14)
    often = ramp(met.two_way_30, 0, 4)
    even = None if share is None else ramp(share, 0, 0.5)
    balance: dict[str, Value] = {"two_way": met.two_way_90, "all": met.all_90, "share": share}
    people: dict[str, Value] = {
        "held": len(facts.roles_held),
        "known": len(facts.roles_known),
        "sponsor": _sponsor(facts),
    }
    return (
        Input("last_exchange", 30, near, "interactions", fresh, None, on, {"days": silent}),
        Input("frequency", 25, often, "interactions", fresh, days.month, on, {"count": met.two_way_30}),
        Input("balance", 20, even, "interactions", fresh, days.quarter, on, balance),
        Input("key_people", 25, held / known if known else None, "contacts", True, None, on, people),
    )


@lru_cache(maxsize=64)
def _weight(roles: frozenset[str]) -> int:
    return sum(ROLE_WEIGHTS[role] for role in roles)


def _sponsor(facts: Facts) -> str:
    if "sponsor" not in facts.roles_known:
        return "unknown"
    return "present" if "sponsor" in facts.roles_held else "left"


def weight_of(answer: Answer, on: date, half_life: float = HALF_LIFE) -> float:
    """How much an answer counts: 1 on its day, half after `half_life` days, a quarter after twice as many.

    HL-7: never more with age.
    """
    return float(0.5 ** ((on - answer.on).days / half_life))


def _voices(
    name: str,
    weight: int,
    answers: tuple[Answer, ...],
    low: float,
    high: float,
    source: str,
    on: date,
    half_life: float,
) -> Input:
    """Mean of the answers, each mapped from `low`..`high` to 0..1 and weighted by its age.

    The input as a whole also loses weight with the age of its newest answer, so that old voices yield to fresh facts.
    """
    if not answers:
        return Input(name, weight, None, source)
    total = earned = scores = heaviest = 0.0
    newest = answers[0].on
    for answer in answers:
        weighs = weight_of(answer, on, half_life)
        total += weighs
        earned += weighs * ramp(answer.score, low, high)
        scores += weighs * answer.score
        if weighs >= heaviest:
            heaviest, newest = weighs, answer.on
    return Input(
        name,
        weight * heaviest,
        min(1.0, earned / total),
        source,
        _fresh(newest, source, on),
        _periods(on).year,
        on,
        {"mean": scores / total, "count": len(answers), "days": (on - newest).days},
    )


def satisfaction(facts: Facts, on: date, half_life: float = HALF_LIFE) -> tuple[Input, ...]:
    """Known with one answer of the client, or with a ticket within a year. `half_life` in days, above 0."""
    desk = facts.support
    voices = (
        _voices("nps", 40, facts.nps, 3, 9, "surveys", on, half_life),
        _voices("csat", 15, facts.csat, 2, 4.5, "surveys", on, half_life),
        _voices("ticket_csat", 15, facts.ticket_csat, 2, 4.5, "tickets", on, half_life),
    )
    if desk is None:
        rest = (Input("support", 20, None, "tickets"), Input("resolution", 10, None, "tickets"))
        return voices + rest if facts.nps or facts.csat or facts.ticket_csat else ()
    fresh, hours = _fresh(desk.last_movement, "tickets", on), desk.resolution_hours
    waiting: dict[str, Value] = {"urgent": desk.open_urgent, "high": desk.open_high, "other": desk.open_other}
    speed: dict[str, Value] = {"hours": hours, "count": desk.closed_90}
    calm, quick = ramp(load(desk), 4, 0), None if hours is None else ramp(hours, 120, 24)
    return (
        *voices,
        Input("support", 20, calm, "tickets", fresh, None, on, waiting),
        Input("resolution", 10, quick, "tickets", fresh, _periods(on).quarter, on, speed),
    )


def load(desk: Support) -> float:
    """The open tickets of an account, weighted: an urgent one counts 2, a high one 1, others 0.25."""
    urgent, high, other = TICKET_LOAD["urgent"], TICKET_LOAD["high"], TICKET_LOAD["other"]
    return urgent * desk.open_urgent + high * desk.open_high + other * desk.open_other


def history(facts: Facts, on: date) -> tuple[Input, ...]:
    """Known with a past renewal or an ARR twelve months ago: a contract that merely began has no history yet."""
    past = facts.past
    if past is None:
        return ()
    moved = change(past.arr_now, past.arr_before)
    terms = past.renewed + past.lost
    shocks = None
    if past.contractions is not None or past.departures is not None:
        shocks = (past.contractions or 0) + (past.departures or 0)
    months = past.tenure_months
    # A new client is unproven, not bad: half the points from the first day.
    length = None if months is None else 0.5 + 0.5 * ramp(months, 0, 60)
    arr: dict[str, Value] = {"change": moved, "now": past.arr_now, "before": past.arr_before}
    unsettled: dict[str, Value] = {"contractions": past.contractions, "departures": past.departures}
    kept = past.renewed / terms if terms else None
    grown = None if moved is None else ramp(moved, -0.25, 0.25)
    if kept is None and grown is None:
        return ()
    calm = None if shocks is None else ramp(shocks, 2, 0)
    year = _periods(on).year
    return (
        Input("tenure", 20, length, "account", True, None, on, {"months": months}),
        Input("renewals", 25, kept, "renewals", True, None, on, {"renewed": past.renewed, "terms": terms}),
        Input("arr", 40, grown, "revenue", True, year, on, arr),
        Input("stability", 15, calm, "revenue", True, year, on, unsettled),
    )
