"""Challenges and resolutions: the requests that weighed most, how they ended or stand."""

from datetime import date
from typing import Any

from haark import formats
from haark.decks.outline import Block, Bullets, Cell, Column, Status, Table, Text, Tone
from haark.reviews.content.context import Composer, Draft, shorten

MOST = 6
SUBJECT = 90
# With their widths; those of ASKED only where somebody filled them.
COLUMNS = {"challenge": 3.0, "opened": 1.1, "cause": 2.2, "resolution": 2.6, "help": 2.4, "state": 1.2}
ASKED = ("cause", "help")
STATES: dict[str, Tone] = {"resolved": "ok", "open": "warn", "urgent": "bad"}


def challenges(make: Composer) -> Draft:
    """Slide 8. No request in the period is said so and left out, unless somebody adds points."""
    shown = make.facts["tickets"]["listed"][:MOST]
    for name in ("resolved", "open", "open_urgent", "median_hours"):
        make.figure(f"support.{name}")
    rows = [_row(make, ticket) for ticket in shown]
    points = make.lines("points", [])
    if not rows:
        make.gap("tickets")
    # Why it came up and what help is asked are a person's to say (RV-13): a column nobody filled is not shown.
    told = [name for name in COLUMNS if name not in ASKED or any(row[name].text for row in rows)]  # type: ignore[union-attr]  # both are texts
    columns = tuple(Column(make.say(f"column.{name}"), COLUMNS[name]) for name in told)
    cells = tuple(tuple(row[name] for name in told) for row in rows)
    blocks: list[Block] = [Table(columns, cells)] if cells else []
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


def _row(make: Composer, ticket: dict[str, Any]) -> dict[str, Cell]:
    """What, since when, why, how it is overcome, the help asked with who gives it, and how it stands."""
    subject = shorten(ticket["subject"], SUBJECT) or _unnamed(make, ticket)
    state = "resolved" if ticket["closed"] else "urgent" if ticket["priority"] in ("high", "urgent") else "open"
    ident = ticket["id"]
    title = make.text(f"challenge.{ident}", subject, of=subject)
    cause = make.text(f"cause.{ident}", "", of=subject)
    resolution = make.text(f"resolution.{ident}", _resolution(make, ticket), of=subject)
    asked, helper = make.text(f"help.{ident}", "", of=subject), make.text(f"helper.{ident}", "", of=subject)
    return {
        "challenge": Text(title, strong=True),
        "opened": Text(make.day(ticket["opened"]), muted=True),
        "cause": Text(cause),
        "resolution": Text(resolution),
        "help": Text(make.say("help.by", asked=asked, who=helper) if asked and helper else asked or helper),
        "state": Status(STATES[state], make.say(f"ticket.{state}")),
    }


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
