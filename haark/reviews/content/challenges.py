"""Challenges and resolutions: the requests that weighed most, how they ended or stand."""

from datetime import date
from typing import Any

from haark import formats
from haark.decks.outline import Block, Bullets, Cell, Column, Status, Table, Text, Tone
from haark.reviews.content.context import Composer, Draft, shorten

MOST = 6
SUBJECT = 90
STATES: dict[str, Tone] = {"resolved": "ok", "open": "warn", "urgent": "bad"}


def challenges(make: Composer) -> Draft:
    """Slide 8. No request in the period is said so and left out, unless somebody adds points."""
    shown = make.facts["tickets"]["listed"][:MOST]
    for name in ("resolved", "open", "open_urgent", "median_hours"):
        make.figure(f"support.{name}")
    rows = tuple(_row(make, ticket) for ticket in shown)
    points = make.lines("points", [])
    if not rows:
        make.gap("tickets")
    columns = (
        Column(make.say("column.challenge"), 3.0),
        Column(make.say("column.opened"), 1.1),
        Column(make.say("column.resolution"), 2.8),
        Column(make.say("column.state"), 1.1),
    )
    blocks: list[Block] = [Table(columns, rows)] if rows else []
    if points:
        blocks.append(Bullets(make.say("challenges.points"), points))
    return make.draft(_headline(make), blocks, sources=["support"] if rows else [], note=make.say("challenges.notes"))


def _headline(make: Composer) -> str:
    resolved, left, urgent, hours = (
        figure.value if (figure := make.material.figures.get(f"support.{name}")) else None
        for name in ("resolved", "open", "open_urgent", "median_hours")
    )
    values = {
        "client": make.client,
        "period": make.period(),
        "resolved": make.amount(resolved),
        "left": make.amount(left),
        "urgent": make.amount(urgent),
    }
    if not resolved and not left:
        return make.say("challenges.headline.none", **values)
    time = duration(make, hours) if hours is not None else ""
    if not left:
        return make.say("challenges.headline.all", round(resolved or 0), time=time, **values)
    if urgent:
        told = make.say("requests.resolved", round(resolved or 0), n=make.amount(resolved or 0))
        return make.say("challenges.headline.urgent", round(urgent), told=told, **values)
    if not resolved or hours is None:
        return make.say("challenges.headline.open", round(left), **values)
    return make.say("challenges.headline.some", round(resolved), time=time, **values)


def duration(make: Composer, hours: float) -> str:
    """«6 h», «2,5 jours» from two days on."""
    if hours < 48:
        return make.say("hours", round(hours), n=make.amount(max(round(hours), 1)))
    days = round(hours / 24, 1)
    return make.say("days", days, n=formats.number(days, make.language))


def _row(make: Composer, ticket: dict[str, Any]) -> tuple[Cell, ...]:
    subject = shorten(ticket["subject"], SUBJECT) or _unnamed(make, ticket)
    state = "resolved" if ticket["closed"] else "urgent" if ticket["priority"] in ("high", "urgent") else "open"
    title = make.text(f"challenge.{ticket['id']}", subject, of=subject)
    return (
        Text(title, strong=True),
        Text(make.day(ticket["opened"]), muted=True),
        Text(make.text(f"resolution.{ticket['id']}", _resolution(make, ticket), of=subject)),
        Status(STATES[state], make.say(f"ticket.{state}")),
    )


def told(make: Composer, ticket: dict[str, Any]) -> str:
    """A request in one line, with its resolution or how long it has been open."""
    subject = shorten(ticket["subject"], SUBJECT) or _unnamed(make, ticket)
    return make.say("pair", label=subject, value=_resolution(make, ticket))


def _unnamed(make: Composer, ticket: dict[str, Any]) -> str:
    key = "ticket.numbered" if ticket["number"] else "ticket.dated"
    return make.say(key, number=ticket["number"], date=make.day(ticket["opened"]))


def _resolution(make: Composer, ticket: dict[str, Any]) -> str:
    if ticket["closed"]:
        return make.say(
            "resolution.done", date=make.day(ticket["closed"]), time=duration(make, float(ticket["hours"] or 0))
        )
    end = date.fromisoformat(make.facts["periods"]["now"]["to"])
    days = (end - date.fromisoformat(ticket["opened"])).days
    return make.say("resolution.open", days, n=make.amount(days))
