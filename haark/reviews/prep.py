"""The prep sheet (RV-10): what the CSM reads before the meeting, on screen and as Markdown, in the CSM's own language.

Internal: it shows ARR, health and renewal, so it is never part of a deck. Pure: a composed review in, parts out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from haark import formats
from haark.decks.markdown import safe
from haark.reviews import figures, rules
from haark.reviews.assembly import Book, Stored, assemble
from haark.reviews.content import ahead, challenges, standing
from haark.reviews.content.context import Composer, period_label
from haark.reviews.figures import Figure

LIGHTS = {"green": "🟢", "yellow": "🟡", "red": "🔴", "unknown": "⚪"}
NOTES = ("prep", "notes")


@dataclass(frozen=True)
class Rating:
    """A person's word on the project (RV-11), 1-5."""

    rating: int
    comment: str
    author: str
    on: date


@dataclass(frozen=True)
class Attendee:
    """Somebody who is to take part; `role` one of reviews.inviting.models.ROLES."""

    name: str
    role: str
    confirmed: bool


@dataclass(frozen=True)
class Part:
    """A heading of `level` 2 or 3 and what stands below it: pairs, a table, a list (numbered or not), or free text."""

    level: int
    title: str
    pairs: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    items: tuple[str, ...] = ()
    numbered: bool = False
    text: str = ""
    nothing: str = ""

    @property
    def has(self) -> bool:
        return bool(self.pairs or self.rows or self.items or self.text)


@dataclass(frozen=True)
class Sheet:
    """The whole sheet. `key` of the notes field: edits["prep", "notes"]."""

    title: str
    parts: tuple[Part, ...]
    notes: str


def sheet(
    stored: Stored, language: str, on: date, rating: Rating | None = None, people: Sequence[Attendee] = ()
) -> Sheet:
    """The sheet of a review, worded in `language`; `on` is the day it is read. Without `people` the contacts stand for
    them."""
    book = assemble(replace(stored, language=language))
    make = Composer.of(book.material, "prep")
    title = make.say(
        "prep.title", kind=make.say(f"kind.{stored.kind}"), client=stored.facts["account"]["name"], period=make.period()
    )
    edit = stored.edits.get(NOTES)
    notes = edit.text if edit else ""
    parts = (
        _account(make, on, rating),
        _participants(make, people),
        Part(2, make.say("prep.review"), text=_compared(make)),
        _objectives(make),
        Part(3, make.say("prep.highlights"), items=_highlights(make), nothing=make.say("prep.none")),
        Part(3, make.say("prep.challenges"), items=_challenges(make), nothing=make.say("prep.none")),
        Part(2, make.say("prep.plan"), text=make.period("after")),
        Part(3, make.say("prep.aims"), items=_aims(book), numbered=True, nothing=make.say("prep.none")),
        _actions(make),
        Part(2, make.say("prep.expansion"), items=_expansion(make), nothing=make.say("prep.none")),
        Part(2, make.say("prep.notes"), text=notes),
    )
    return Sheet(title, parts, notes)


def markdown(sheet: Sheet) -> str:
    """The sheet as Markdown; what came from data cannot become markup."""
    lines = [f"# {safe(sheet.title)}", ""]
    for part in sheet.parts:
        lines += [f"{'#' * part.level} {part.title}", ""]
        lines += _body(part)
    return "\n".join(lines).rstrip() + "\n"


def _body(part: Part) -> list[str]:
    if part.pairs:
        return [*(f"- {safe(label)}: {safe(value)}" for label, value in part.pairs), ""]
    if part.rows:
        ruled = "|".join(["", *(" --- " for _column in part.columns), ""])
        return [_row(part.columns), ruled, *(_row(row) for row in part.rows), ""]
    if part.items:
        marks = (f"{number}." if part.numbered else "-" for number in range(1, len(part.items) + 1))
        return [*(f"{mark} {safe(item)}" for mark, item in zip(marks, part.items, strict=True)), ""]
    if part.text:
        return [*(safe(line) for line in part.text.splitlines()), ""]
    return [part.nothing, ""] if part.nothing else []


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(safe(cell) for cell in cells) + " |"


def _account(make: Composer, on: date, rating: Rating | None) -> Part:
    facts = make.facts
    account = facts["account"]
    pairs = [
        (make.say("prep.arr"), _shown(make, "arr.end")),
        (make.say("prep.health"), _against(make, "health.score")),
        (make.say("prep.nps"), _against(make, "relation.nps")),
        (make.say("prep.tenure"), _tenure(make, account["contract_start"] or facts["revenue"]["first"], on)),
        (make.say("prep.renewal"), _renewal(make, figures.day(account["renewal_date"]), on)),
    ]
    pairs.append((make.say("prep.next"), _following(make)))
    if rating is not None:
        told = make.say("prep.state.value", rating=rating.rating, author=rating.author, date=make.day(rating.on))
        pairs.append((make.say("prep.state"), " · ".join(part for part in (told, rating.comment) if part)))
    return Part(2, make.say("prep.account"), pairs=tuple(pairs))


def _shown(make: Composer, key: str) -> str:
    figure = make.material.figures.get(key)
    return formats.UNKNOWN[make.language] if figure is None else make.show(figure)


def _against(make: Composer, key: str) -> str:
    """«68 ↘ (80 à Q-1)»: the arrow against the period before."""
    figure = make.material.figures.get(key)
    if figure is None or figure.value is None:
        return formats.UNKNOWN[make.language]
    if figure.previous is None:
        return make.show(figure)
    return make.say("prep.against", value=make.show(figure), arrow=_arrow(figure), before=_previous(make, figure))


def _previous(make: Composer, figure: Figure) -> str:
    return figures.show_value(figure.previous, figure.unit, make.language, make.currency)


def _arrow(figure: Figure) -> str:
    assert figure.value is not None
    assert figure.previous is not None
    difference = figure.value - figure.previous
    return "→" if abs(difference) < 0.05 else "↗" if difference > 0 else "↘"


def _tenure(make: Composer, started: str | None, on: date) -> str:
    start = figures.day(started)
    if start is None:
        return formats.UNKNOWN[make.language]
    months = (on.year - start.year) * 12 + on.month - start.month - (1 if on.day < start.day else 0)
    return make.say("prep.months", max(months, 0))


def _renewal(make: Composer, due: date | None, on: date) -> str:
    if due is None:
        return formats.UNKNOWN[make.language]
    days = (due - on).days
    return make.say("prep.past", date=make.day(due)) if days < 0 else make.say("prep.days", days, date=make.day(due))


def _following(make: Composer) -> str:
    """«QBR, 17 févr. 2027»: the review after this one."""
    known = make.facts.get("next")
    if not known:
        return formats.UNKNOWN[make.language]
    day = make.day(known["on"])
    told = day if known["planned"] else make.say("next_date.by", date=day)
    return make.say("prep.next.value", kind=make.say(f"kind.{known['kind']}"), date=told)


def _participants(make: Composer, people: Sequence[Attendee]) -> Part:
    columns = tuple(make.say(f"prep.{name}") for name in ("name", "role", "presence"))
    known = people or [Attendee(one["name"], one["role"], False) for one in make.facts["contacts"]]
    rows = tuple(
        (one.name, make.say(f"role.{one.role}"), make.say("prep.yes" if one.confirmed else "prep.no")) for one in known
    )
    return Part(2, make.say("prep.participants"), columns=columns, rows=rows, nothing=make.say("prep.none"))


def _compared(make: Composer) -> str:
    return f"{make.period()} / {period_label(make.facts['periods']['before'], make.words)}"


def _objectives(make: Composer) -> Part:
    columns = tuple(make.say(f"prep.{name}") for name in ("target", "aim", "result", "status"))
    rows = tuple(
        (
            item.title,
            standing.target(make, item) if item.target is not None else "–",
            "–" if item.current is None else standing.amount(make, item.current, item.unit),
            LIGHTS[item.state],
        )
        for item in standing.standings(make)
    )
    return Part(3, make.say("prep.objectives"), columns=columns, rows=rows, nothing=make.say("prep.none"))


def _highlights(make: Composer) -> tuple[str, ...]:
    """Objectives met, actions done, what went live, and figures that rose."""
    told = [
        make.say(
            "prep.highlight.met",
            title=item.title,
            result=standing.amount(make, item.current, item.unit),
            target=standing.target(make, item),
        )
        for item in standing.standings(make)
        if item.reached
    ]
    for live in make.facts["golives"]:
        told.append(make.say("prep.highlight.golive", title=live["name"], date=make.day(live["date"])))
    done = [item for item in make.facts["actions"] if item["state"] == "done"]
    told += [make.say("prep.highlight.done", title=item["title"]) for item in done]
    for key in ("usage.active", "usage.events"):
        figure = make.material.figures.get(key)
        if figure is not None and rules.trend(figure.change) == "up":
            label = make.say(figure.label)
            told.append(
                make.say("prep.highlight.usage", label=label, value=make.show(figure), change=make.change(figure))
            )
    return tuple(told)


def _challenges(make: Composer) -> tuple[str, ...]:
    """Objectives behind and the requests that weighed, each with its resolution or state."""
    told = []
    for item in standing.standings(make):
        if item.state in ("red", "yellow") and not item.reached:
            told.append(make.say("pair", label=item.title, value=make.say(f"state.{item.state}")))
    for ticket in make.facts["tickets"]["listed"][: challenges.MOST]:
        told.append(challenges.told(make, ticket))
    return tuple(told)


def _aims(book: Book) -> tuple[str, ...]:
    draft = ahead.plan(Composer.of(book.material, "plan"))
    current = next(field.current for field in draft.fields if field.name == "aims")
    return tuple(line for line in current.splitlines() if line.strip())


def _actions(make: Composer) -> Part:
    columns = tuple(make.say(f"prep.{name}") for name in ("action", "owner", "date"))
    waiting: list[dict[str, Any]] = [item for item in make.facts["actions"] if item["state"] != "done"]
    rows = tuple(
        (item["title"], item["owner"] or "–", make.day(item["due_on"]) if item["due_on"] else "–") for item in waiting
    )
    return Part(3, make.say("prep.actions"), columns=columns, rows=rows, nothing=make.say("prep.none"))


def _expansion(make: Composer) -> tuple[str, ...]:
    deals, unused = rules.openings(make.facts["opportunities"], make.facts["usage"]["features"])
    told = [
        make.say(
            "prep.potential",
            name=item["name"],
            amount=figures.show_value(item["amount_cents"], "money", make.language, make.currency),
        )
        for item in deals
    ]
    return (*told, *(make.say("support.activation", name=item["name"]) for item in unused))
