"""Risk signals (SG-1): one small function a kind, each None or empty while its cause does not hold. Pure.

docs/signals.md says the same in a table. Every severity is monotone: a worse figure never gives a milder one.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from haark.health.inputs import usage_change
from haark.signals import words
from haark.signals.facts import Found, Limits, Seen

# Days around the renewal within which a weakness weighs more, and in which the renewal itself is at hand.
SOON, AT_HAND = 90, 30
# Days during which a lost deal or a line that somebody wrote says something of the present.
CONTEXT_DAYS = 90
USAGE_GRAVE, USAGE_GRAVE_SOON = 0.40, 0.30
HEALTH_GRAVE = 20
EXCHANGE_WORSE = 0.75
# Two-way exchanges in the 90 days before, under which «fewer» would be chance.
FEWEST_EXCHANGES = 3
DETRACTOR_GRAVE = 3
SEATS_WORSE = 0.20
SILENCE_GRAVE = 90
REVIEW_WORSE = 30
DECIDERS = ("sponsor", "decision_maker")


def detect(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Every risk whose cause holds, in the order of the requirement."""
    yield from usage_drop(seen, limits)
    yield from renewal_near(seen, limits)
    yield from contact_change(seen, limits)
    yield from health_drop(seen, limits)
    yield from fewer_exchanges(seen, limits)
    yield from uncertain_context(seen)
    yield from detractor(seen, limits)
    yield from support_trouble(seen, limits)
    yield from silence(seen, limits)
    yield from low_seat_use(seen, limits)
    yield from review_late(seen)
    yield from objective_off_track(seen)


def usage_drop(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Means per working day, 30 days against the 30 before; grave from 40 %, or 30 % with the renewal in 90 days."""
    measure, exact = usage_change(seen.facts)
    moved = _fraction(exact)
    if moved is None or moved > -limits.usage_drop:
        return
    grave = USAGE_GRAVE_SOON if _soon(seen) else USAGE_GRAVE
    use = seen.facts.use
    figures = {
        "change": moved,
        "measure": measure,
        "now": _tenth(getattr(use, f"{measure}_now")),
        "before": _tenth(getattr(use, f"{measure}_before")),
    }
    yield _risk("usage_drop", "high" if moved <= -grave else "medium", seen, "usage", 60, figures)


def renewal_near(seen: Seen, limits: Limits) -> Iterator[Found]:
    """The end of the term within 90 days. By itself it is no alarm: green low (medium within 30 days), red high."""
    days = seen.renewal_days
    if days is None or days > limits.renewal_days:
        return
    at_hand = days <= AT_HAND
    severity = {"green": "medium" if at_hand else "low", "red": "high", "yellow": "high" if at_hand else "medium"}
    figures = {"days": days, "date": _iso(seen.renewal_on), "score": seen.score}
    yield _risk("renewal_near", severity.get(seen.band, "medium"), seen, "account", 0, figures)


def contact_change(seen: Seen, limits: Limits) -> Iterator[Found]:
    """One for each person of a key role who left, arrived or changed role; the newest change of a person counts."""
    since = seen.on - timedelta(limits.contact_days)
    latest = {one.who: one for one in sorted(seen.changes, key=lambda one: (one.on, one.kind)) if one.on <= seen.on}
    for who in sorted(latest):
        change = latest[who]
        if change.on <= since:
            continue
        severity = "low"
        if change.kind == "left":
            severity = "high" if change.role in DECIDERS and _soon(seen) else "medium"
        figures = {"name": change.name, "role": change.role, "change": change.kind, "date": _iso(change.on)}
        yield _risk("contact_change", severity, seen, "contacts", limits.contact_days, figures, who)


def health_drop(seen: Seen, limits: Limits) -> Iterator[Found]:
    """At least 10 points in 30 days; grave from 20, or where it left the account red."""
    before = seen.before.score if seen.before else None
    if seen.score is None or before is None or before - seen.score < limits.health_drop:
        return
    fall = before - seen.score
    severity = "high" if fall >= HEALTH_GRAVE or seen.band == "red" else "medium"
    figures = {"score": seen.score, "before": before, "change": -fall}
    yield _risk("health_drop", severity, seen, "haark", 30, figures)


def fewer_exchanges(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Two-way exchanges of 30 days against a third of those of the 90 days before (at least three of them).

    Medium only from six on: one call a month that is missed once happens by chance.
    """
    recent, earlier = seen.two_way_30, seen.two_way_before
    if recent is None or earlier is None or earlier < FEWEST_EXCHANGES:
        return
    usual = earlier * 30 / 90
    moved = round(recent / usual - 1, 4)
    if moved > -limits.exchange_drop:
        return
    severity = "medium" if moved <= -EXCHANGE_WORSE and earlier >= 2 * FEWEST_EXCHANGES else "low"
    figures = {"now": recent, "before": _tenth(usual), "change": moved}
    yield _risk("fewer_exchanges", severity, seen, "interactions", 120, figures)


def uncertain_context(seen: Seen) -> Iterator[Found]:
    """A deal lost within 90 days, or open past its closing date; a cut budget or a reorganisation that somebody noted.
    A renewal deal weighs more than another."""
    since = seen.on - timedelta(CONTEXT_DAYS)
    for deal in seen.deals:
        if deal.close_on is None:
            continue
        lost = deal.state == "lost" and since < deal.close_on <= seen.on
        slipped = deal.state == "open" and deal.close_on < seen.on
        if lost or slipped:
            renewal = deal.kind == "renewal"
            severity = ("high" if renewal else "medium") if lost else ("medium" if renewal else "low")
            figures = {"what": "lost" if lost else "slipped", "name": deal.name, "date": _iso(deal.close_on)}
            cause = f"deal:{deal.ident}"
            yield _risk("uncertain_context", severity, seen, "opportunities", CONTEXT_DAYS, figures, cause)
    for note in seen.notes:
        about = sorted(words.topics(note.text, note.tags) & {"budget_cut", "reorganisation"})
        if about and since < note.on <= seen.on:
            figures = {"what": about[0], "text": note.text[:200], "date": _iso(note.on)}
            cause = f"note:{note.ident}"
            yield _risk("uncertain_context", "medium", seen, "interactions", CONTEXT_DAYS, figures, cause)


def detractor(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Each person whose newest NPS answer (180 days) is 6 or less; grave at 3 or less from a sponsor or decider."""
    for voice in sorted(seen.voices, key=lambda one: one.who):
        if voice.score <= limits.detractor:
            grave = voice.score <= DETRACTOR_GRAVE and voice.role in DECIDERS
            figures = {"name": voice.name, "role": voice.role, "score": voice.score, "date": _iso(voice.on)}
            yield _risk("detractor", "high" if grave else "medium", seen, "surveys", 180, figures, voice.who)


def support_trouble(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Urgent tickets open, or many of any kind; grave at twice either limit."""
    desk = seen.facts.support
    if desk is None:
        return
    waiting = desk.open_urgent + desk.open_high + desk.open_other
    if desk.open_urgent < limits.tickets_critical and waiting < limits.tickets_open:
        return
    grave = desk.open_urgent >= 2 * limits.tickets_critical or waiting >= 2 * limits.tickets_open
    figures = {"critical": desk.open_urgent, "open": waiting}
    yield _risk("support_trouble", "high" if grave else "medium", seen, "tickets", 0, figures)


def silence(seen: Seen, limits: Limits) -> Iterator[Found]:
    """No exchange in which the client took part for more than 45 days; grave after 90 with the renewal in 90."""
    met = seen.facts.exchanges
    if met is None:
        return
    days = (seen.on - met.last_two_way).days if met.last_two_way else None
    if days is not None and days <= limits.silence_days:
        return
    grave = (days is None or days >= SILENCE_GRAVE) and _soon(seen)
    figures = {"days": days, "date": _iso(met.last_two_way)}
    yield _risk("silence", "high" if grave else "medium", seen, "interactions", limits.silence_days, figures)


def low_seat_use(seen: Seen, limits: Limits) -> Iterator[Found]:
    """Active users per working day under 40 % of the seats; medium under 20 %. A largest feature's users are only a
    lower bound, of which nothing low can be said."""
    use = seen.facts.use
    if use is None or use.users_now is None or not seen.seats or use.at_least:
        return
    share = round(use.users_now / seen.seats, 4)
    if share >= limits.seats_low:
        return
    figures = {"share": share, "users": _tenth(use.users_now), "seats": seen.seats}
    severity = "medium" if share < SEATS_WORSE else "low"
    yield _risk("low_seat_use", severity, seen, "usage", 30, figures)


def review_late(seen: Seen) -> Iterator[Found]:
    """The next review should have been held; medium from 30 days on."""
    if seen.review_due is None or seen.review_due >= seen.on:
        return
    late = (seen.on - seen.review_due).days
    severity = "medium" if late >= REVIEW_WORSE else "low"
    figures = {"days": late, "date": _iso(seen.review_due), "review": seen.review_kind}
    yield _risk("review_late", severity, seen, "reviews", 0, figures)


def objective_off_track(seen: Seen) -> Iterator[Found]:
    """Each objective of the success plan that is at risk (low) or was missed (medium)."""
    for goal in seen.goals:
        if goal.standing in ("at_risk", "missed"):
            figures = {
                **{"title": goal.title, "standing": goal.standing, "current": goal.current, "target": goal.target},
                **{"unit": goal.unit, "date": _iso(goal.due_on)},
            }
            severity = "medium" if goal.standing == "missed" else "low"
            yield _risk("objective_off_track", severity, seen, "plan", 0, figures, str(goal.ident))


def _soon(seen: Seen) -> bool:
    return seen.renewal_days is not None and seen.renewal_days <= SOON


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _fraction(value: float | None) -> float | None:
    """To a hundredth of a percent, as it is shown: noise of floating point does not decide at a bound."""
    return None if value is None else round(value, 4)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _risk(
    kind: str, severity: str, seen: Seen, source: str, days: int, figures: Mapping[str, Any], cause: str = ""
) -> Found:
    return Found(kind, cause, "risk", severity, evidence(seen, source, days, figures))


def evidence(seen: Seen, source: str, days: int, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures with the kind of rows that they come from and, with `days`, the days covered (both included).

    Usage is read up to where its data end, as everywhere; an empty string says nothing and is left out.
    """
    told = {name: value for name, value in figures.items() if value != ""}
    if not days:
        return {"source": source, **told}
    end = seen.used_until if source == "usage" else seen.on
    return {"source": source, "start": (end - timedelta(days - 1)).isoformat(), "end": end.isoformat(), **told}
