"""From an observation to a fraction of its points: one small formula each, all of them in docs/health.md.

Every formula is monotone in the direction that its docstring names. None means unknown.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from haark.health.facts import ANSWER_LOOKBACK, STABILITY_LOOKBACK, WINDOW, Answer, Facts, Use

# Days after which an answer of a client weighs half, where the setting `health.half_life` says nothing else.
HALF_LIFE = 90
# Actions a working day per seat that earn everything where a source reports no people: seven, as many as habit needs.
BUSY_EVENTS, BUSY_LOGINS = 7.0, 1.0
# Days within which evidence counts as fresh (HL-9).
FRESH = {"usage": 14, "interactions": 60, "surveys": 180, "tickets": 180}
MEASURES = ("users", "events", "logins")
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
    for measure in MEASURES if facts.use else ():
        moved = change(getattr(facts.use, f"{measure}_now"), getattr(facts.use, f"{measure}_before"))
        if moved is not None:
            return measure, moved
    return "", None


def _fresh(newest: date | None, source: str, on: date) -> bool:
    return newest is not None and (on - newest).days <= FRESH[source]


def usage(facts: Facts, on: date) -> tuple[Input, ...]:
    """Known once any usage row exists; more usage in the last 30 days never lowers any of its fractions."""
    use = facts.use
    if use is None:
        return ()
    fresh = _fresh(use.last_reported, "usage", on)
    start, end = on - timedelta(WINDOW), on - timedelta(1)
    share = use.users_now / facts.seats if facts.seats and use.users_now is not None else None
    measure, moved = usage_change(facts)
    before = getattr(use, f"{measure}_before") if measure else None
    now = getattr(use, f"{measure}_now") if measure else None
    breadth = use.features_used / use.features_known if use.features_known and use.features_used is not None else None
    idle = (on - use.last_used).days if use.last_used else None
    seen: dict[str, Value] = {
        "users": use.users_now,
        "seats": facts.seats,
        "share": share,
        "at_least": int(use.at_least),
    }
    trend: dict[str, Value] = {"measure": measure, "now": now, "before": before, "change": moved}
    features: dict[str, Value] = {"used": use.features_used, "known": use.features_known, "share": breadth}
    return (
        _activity(use, facts.seats, fresh, start, end)
        or Input("seats", 35, None if share is None else ramp(share, 0, 1), "usage", fresh, start, end, seen),
        Input(
            "trend",
            40,
            None if moved is None else ramp(moved, -0.5, 0.1),
            "usage",
            fresh,
            start - timedelta(WINDOW),
            end,
            trend,
        ),
        Input("breadth", 15, breadth, "usage", fresh, start, end, features),
        Input("recency", 10, 0.0 if idle is None else ramp(idle, 30, 3), "usage", fresh, None, on, {"days": idle}),
    )


def _activity(use: Use, seats: int | None, fresh: bool, start: date, end: date) -> Input | None:
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
    return Input("activity", 35, earned, "usage", fresh, start, end, values)


def engagement(facts: Facts, on: date) -> tuple[Input, ...]:
    """Known once an exchange was logged; the contact list alone says nothing of the relationship."""
    met = facts.exchanges
    if met is None:
        return ()
    fresh = _fresh(met.last_logged, "interactions", on)
    silent = (on - met.last_two_way).days if met.last_two_way else None
    share = met.two_way_90 / met.all_90 if met.all_90 else None
    known = sum(ROLE_WEIGHTS[role] for role in facts.roles_known)
    held = sum(ROLE_WEIGHTS[role] for role in facts.roles_held)
    balance: dict[str, Value] = {"two_way": met.two_way_90, "all": met.all_90, "share": share}
    people: dict[str, Value] = {
        "held": len(facts.roles_held),
        "known": len(facts.roles_known),
        "sponsor": _sponsor(facts),
    }
    month, quarter = on - timedelta(WINDOW - 1), on - timedelta(89)
    return (
        Input(
            "last_exchange",
            30,
            0.0 if silent is None else ramp(silent, 60, 14),
            "interactions",
            fresh,
            None,
            on,
            {"days": silent},
        ),
        Input(
            "frequency",
            25,
            ramp(met.two_way_30, 0, 4),
            "interactions",
            fresh,
            month,
            on,
            {"count": met.two_way_30},
        ),
        Input(
            "balance",
            20,
            None if share is None else ramp(share, 0, 0.5),
            "interactions",
            fresh,
            quarter,
            on,
            balance,
        ),
        Input("key_people", 25, held / known if known else None, "contacts", True, None, on, people),
    )


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
    weights = [weight_of(answer, on, half_life) for answer in answers]
    total = sum(weights)
    earned = sum(w * ramp(a.score, low, high) for w, a in zip(weights, answers, strict=True)) / total
    mean = sum(w * a.score for w, a in zip(weights, answers, strict=True)) / total
    newest = max(a.on for a in answers)
    return Input(
        name,
        weight * max(weights),
        min(1.0, earned),
        source,
        _fresh(newest, source, on),
        on - timedelta(ANSWER_LOOKBACK - 1),
        on,
        {"mean": mean, "count": len(answers), "days": (on - newest).days},
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
        return voices + rest if any(voice.fraction is not None for voice in voices) else ()
    fresh = _fresh(desk.last_movement, "tickets", on)
    load = sum(TICKET_LOAD[level] * getattr(desk, f"open_{level}") for level in TICKET_LOAD)
    waiting: dict[str, Value] = {"urgent": desk.open_urgent, "high": desk.open_high, "other": desk.open_other}
    speed: dict[str, Value] = {"hours": desk.resolution_hours, "count": desk.closed_90}
    hours = desk.resolution_hours
    return (
        *voices,
        Input("support", 20, ramp(load, 4, 0), "tickets", fresh, None, on, waiting),
        Input(
            "resolution",
            10,
            None if hours is None else ramp(hours, 120, 24),
            "tickets",
            fresh,
            on - timedelta(89),
            on,
            speed,
        ),
    )


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
    year = on - timedelta(STABILITY_LOOKBACK - 1)
    lines = (
        Input("tenure", 20, length, "account", True, None, on, {"months": months}),
        Input(
            "renewals",
            25,
            past.renewed / terms if terms else None,
            "renewals",
            True,
            None,
            on,
            {"renewed": past.renewed, "terms": terms},
        ),
        Input("arr", 40, None if moved is None else ramp(moved, -0.25, 0.25), "revenue", True, year, on, arr),
        Input("stability", 15, None if shocks is None else ramp(shocks, 2, 0), "revenue", True, year, on, unsettled),
    )
    return lines if any(line.fraction is not None for line in lines[1:3]) else ()
