"""Cover and agenda."""

from haark import formats
from haark.cadence import rules as cadence
from haark.decks.outline import Agenda, AgendaItem, Cover, Decisions
from haark.reviews.content import decisions
from haark.reviews.content.context import Composer, Draft

# The deck's five lines and the parts of the meeting (cadence.rules.PARTS) that each holds.
LINES = {"objectives": (0, 1), "value": (2,), "challenges": (3,), "plan": (4,), "questions": (5,)}


def cover(make: Composer) -> Draft:
    """What, for whom, when, by whom."""
    kind = make.material.kind
    owner = make.facts["account"]["owner"] or make.material.vendor
    dated = formats.day_long(make.on, make.language)
    meta = make.say("cover.meta", date=dated, who=owner) if owner else dated
    title = make.text("title", make.say("cover.title." + ("ebr" if kind == "ebr" else "other")))
    block = Cover(
        title=f"{title}\n{make.period()}",
        subtitle=make.text("subtitle", make.say("cover.subtitle", client=make.client), kind="text"),
        meta=make.text("meta", meta),
    )
    headline = make.say("cover.headline", title=title, period=make.period(), client=make.client)
    return make.draft(headline, [block], note=make.say("cover.notes", client=make.client))


def agenda(make: Composer) -> Draft:
    """The five parts with their minutes, and the decisions sought (XB-5)."""
    total = make.material.minutes
    parts = cadence.agenda(total)
    minutes = {line: sum(parts[index] for index in indexes) for line, indexes in LINES.items()}
    items = tuple(_item(make, number, line, minutes[line]) for number, line in enumerate(LINES, start=1))
    sought = make.lines("decisions", decisions.sought(make))
    if not sought:
        make.gap("decisions")
    aside = [Decisions(make.say("decisions.sought"), sought, note=_deciders(make))] if sought else []
    key = "agenda.headline" if sought else "agenda.headline.none"
    headline = make.say(key, len(sought), minutes=total, client=make.client, period=make.period())
    alt = make.say("agenda.alt", parts=", ".join(f"{item.title} {item.minutes_label}" for item in items))
    return make.draft(headline, [Agenda(items, alt)], aside, note=make.say("agenda.notes"))


def _item(make: Composer, number: int, line: str, minutes: int) -> AgendaItem:
    title = make.text(f"part.{line}", make.say(f"agenda.{line}", next=make.period("after")))
    who = make.text(f"who.{line}", _who(make, line), of=title)
    return AgendaItem(str(number), title, who, minutes, make.say("minutes", n=minutes))


def _who(make: Composer, line: str) -> str:
    """Who leads a part: the sponsor the objectives, the champion the challenges, ours the rest; all discuss."""
    if line == "questions":
        return make.say("everybody")
    role = {"objectives": "sponsor", "challenges": "champion"}.get(line)
    theirs = [person["name"] for person in make.facts["contacts"] if person["role"] == role]
    return theirs[0] if theirs else make.facts["account"]["owner"] or make.material.vendor


def _deciders(make: Composer) -> str:
    names = [p["name"] for p in make.facts["contacts"] if p["role"] in ("sponsor", "decision_maker")][:2]
    told = make.say("decisions.who", names=formats_list(names, make)) if names else ""
    return make.text("deciders", told)


def formats_list(names: list[str], make: Composer) -> str:
    """«Sophie Marchand et Anne Leclerc»."""
    if len(names) < 2:
        return "".join(names)
    return make.say("and", first=", ".join(names[:-1]), last=names[-1])
