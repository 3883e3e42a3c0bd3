"""Opportunity signals (SG-2): one small function a kind. Pure; docs/signals.md says the same in a table.

What could be gained (`value_cents`) is a calculation where there is one, else the account's open expansion deals, else
unknown: no amount is invented.
"""

from collections.abc import Iterator
from datetime import timedelta
from math import ceil
from typing import Any

from haark.signals import words
from haark.signals.facts import KEY_ROLES, Found, Limits, Seen
from haark.signals.risks import CONTEXT_DAYS, evidence

FULL = 1.0
# Seats are proposed so that the present users fill three quarters of them.
COMFORT = 0.75
GROWING_FAST = 0.25
DELIGHTED = 10
EXPANSION = ("upsell", "cross_sell")
# Objectives with a known standing of which this share is reached, none being off track.
REACHED_SHARE = 0.5
WORKING_DAYS = 30 * 5 / 7


def detect(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Every opportunity whose cause holds."""
    yield from intensive_usage(seen, limits)
    yield from premium_unused(seen)
    yield from spoken(seen)
    yield from promoter(seen, limits)
    yield from objectives_reached(seen)
    yield from company_growing(seen, limits)


def expansion_cents(seen: Seen) -> int | None:
    """Amounts of the open upsell and cross-sell deals; None without any."""
    known = [one.amount_cents for one in seen.deals if one.state == "open" and one.kind in EXPANSION]
    return sum(amount for amount in known if amount is not None) if any(known) else None


def intensive_usage(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Seats, or the quota of actions in 30 days, used from 90 % on; medium, high once full.

    Gain: the seats that bring the use back to 75 %, at today's ARR for a seat.
    """
    use = seen.facts.use
    if use is None:
        return
    if use.users_now is not None and seen.seats and round(use.users_now / seen.seats, 4) >= limits.seats_full:
        share = round(use.users_now / seen.seats, 4)
        more = ceil(use.users_now / COMFORT) - seen.seats
        value = round(seen.arr_cents / seen.seats * more) if seen.arr_cents else None
        figures = {"share": share, "users": round(use.users_now, 1), "seats": seen.seats, "more": more}
        yield _chance("intensive_usage", _full(share), seen, "usage", 30, "seats", value, **figures)
    if use.events_now is not None and seen.quota:
        used = use.events_now * WORKING_DAYS
        share = round(used / seen.quota, 4)
        if share >= limits.seats_full:
            figures = {"share": share, "used": round(used), "quota": seen.quota}
            yield _chance("intensive_usage", _full(share), seen, "usage", 30, "quota", expansion_cents(seen), **figures)


def _full(share: float) -> str:
    return "high" if share >= FULL else "medium"


def premium_unused(seen: Seen) -> Iterator[Found]:
    """A premium feature that somebody asked for (medium); the others as one, on a healthy account (low)."""
    since = seen.on - timedelta(CONTEXT_DAYS)
    recent = [note for note in seen.notes if since < note.on <= seen.on]
    asked = {}
    for feature in seen.unused:
        spoken_of = [note for note in recent if words.mentions(note.text, feature.key, feature.name)]
        if spoken_of:
            asked[feature.key] = spoken_of
            newest = max(spoken_of, key=lambda note: (note.on, note.ident))
            figures = {"feature": feature.name, "asked": len(spoken_of), "date": newest.on.isoformat()}
            extra = {"text": newest.text[:200]}
            value = expansion_cents(seen)
            yield _chance(
                "premium_unused", "medium", seen, "interactions", CONTEXT_DAYS, feature.key, value, **figures, **extra
            )
    rest = [feature.name for feature in seen.unused if feature.key not in asked]
    if rest and not asked and seen.band == "green":
        features = ", ".join(rest[:3])
        yield _chance("premium_unused", "low", seen, "usage", 30, "", expansion_cents(seen), features=features)


def spoken(seen: Seen) -> Iterator[Found]:
    """A need or a budget that somebody noted within 90 days (medium; low for a budget that was only spoken of)."""
    since = seen.on - timedelta(CONTEXT_DAYS)
    for note in seen.notes:
        if not since < note.on <= seen.on:
            continue
        about = words.topics(note.text, note.tags)
        figures = {"text": note.text[:200], "date": note.on.isoformat()}
        cause, value = f"note:{note.ident}", expansion_cents(seen)
        if "need_identified" in about:
            yield _chance("need_identified", "medium", seen, "interactions", CONTEXT_DAYS, cause, value, **figures)
        if about & {"budget_agreed", "budget"}:
            severity = "medium" if "budget_agreed" in about else "low"
            yield _chance("budget_available", severity, seen, "interactions", CONTEXT_DAYS, cause, value, **figures)
        if "company_growing" in about:
            yield _chance("company_growing", "low", seen, "interactions", CONTEXT_DAYS, cause, None, **figures)


def promoter(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Newest answers of 9 or 10, and no detractor beside them (low; medium when the sponsor gave a 10)."""
    fans = [one for one in seen.voices if one.score >= limits.promoter]
    if not fans or any(one.score <= limits.detractor for one in seen.voices):
        return
    best = max(fans, key=lambda one: (one.role == "sponsor", one.role in KEY_ROLES, one.score, one.on, one.who))
    severity = "medium" if best.role == "sponsor" and best.score >= DELIGHTED else "low"
    figures = {"name": best.name, "role": best.role, "score": best.score, "date": best.on.isoformat()}
    yield _chance("promoter", severity, seen, "surveys", 180, "", None, count=len(fans), of=len(seen.voices), **figures)


def objectives_reached(seen: Seen) -> Iterator[Found]:
    """At least half of the objectives are reached and none is off track (low; medium when all are)."""
    known = [goal for goal in seen.goals if goal.standing != "unknown"]
    reached = [goal for goal in known if goal.standing == "reached"]
    off = any(goal.standing in ("at_risk", "missed") for goal in known)
    if not reached or off or len(reached) < REACHED_SHARE * len(known):
        return
    severity = "medium" if len(reached) == len(known) else "low"
    figures = {"count": len(reached), "of": len(known), "title": reached[0].title}
    yield _chance("objectives_reached", severity, seen, "plan", 0, "", expansion_cents(seen), **figures)


def company_growing(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Employees from 10 % more than a year ago on (low; medium from 25 %); see `spoken` for what was written of it."""
    now, before = seen.employees, seen.employees_before
    if not now or not before or round(now / before - 1, 4) < limits.growth:
        return
    moved = round(now / before - 1, 4)
    severity = "medium" if moved >= GROWING_FAST else "low"
    figures = {"now": now, "before": before, "change": moved}
    yield _chance("company_growing", severity, seen, "account", 365, "", None, **figures)


def _chance(
    kind: str, severity: str, seen: Seen, source: str, days: int, cause: str, value: int | None, **figures: Any
) -> Found:
    return Found(kind, cause, "opportunity", severity, evidence(seen, source, days, figures), value)
