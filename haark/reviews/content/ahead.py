"""What comes next: the roadmap of the plan by quarter, and the plan of the next period."""

from collections import defaultdict
from datetime import date
from typing import Any, Literal

from haark import formats
from haark.cadence import rules as cadence
from haark.decks.outline import Block, Bullets, Callout, Columns, Lane, Panel, Roadmap, RoadmapItem
from haark.reviews import figures
from haark.reviews.content import standing
from haark.reviews.content.context import Composer, Draft, period_label, shorten

QUARTERS = 4
MOST_ACTIONS = 5
LONGEST = 0.15  # the shortest bar, in columns
SHADES: dict[str, Literal["committed", "planned", "done"]] = {"done": "done", "in_progress": "committed"}


def roadmap(make: Composer) -> Draft:
    """Slide 9: the milestones agreed with the client, over four quarters from the present one."""
    quarters = _quarters(make)
    lanes = _lanes(make, quarters)
    points = make.lines("points", [])
    count = sum(len(lane.items) for lane in lanes)
    if not lanes:
        make.gap("milestones")
    blocks: list[Block] = [_drawn(make, quarters, lanes)] if lanes else []
    if points:
        blocks.append(Bullets(make.say("points"), points))
    coming = _coming(make, quarters)
    key = "roadmap.headline.none" if not count else "roadmap.headline" if coming else "roadmap.headline.done"
    headline = make.say(
        key,
        count,
        client=make.client,
        first=shorten(coming["title"], 60) if coming else "",
        date=make.day(coming["due_on"]) if coming else "",
        end=make.day(quarters[-1].end),
    )
    return make.draft(headline, blocks, sources=["plan"] if lanes else [], note=make.say("roadmap.notes"))


def plan(make: Composer) -> Draft:
    """Slide 10: objectives, priority actions, trainings and activations of the next period."""
    aims = make.lines("aims", standing.next_objectives(make))
    actions = make.lines("actions", _actions(make))
    trainings = make.lines(
        "trainings", [_support(make, item.kind, item.name, item.adoption) for item in standing.supports(make)]
    )
    if not aims:
        make.gap("aims")
    if not actions:
        make.gap("actions")
    panels = tuple(
        Panel(make.say(f"plan.{name}"), items)
        for name, items in (("aims", aims), ("actions", actions), ("trainings", trainings))
        if items
    )
    measure = make.text("measure", _measure(make))
    blocks: list[Block] = [Columns(panels)] if panels else []
    if measure and panels:
        blocks.append(Callout(measure, make.say("plan.measure")))
    values = {"client": make.client, "next": make.period("after")}
    key = "plan.headline" if aims else "plan.headline.actions" if actions else "plan.headline.none"
    headline = make.say(key, len(aims) or len(actions), a=len(actions), **values)
    return make.draft(
        headline, blocks, sources=["plan", "usage"] if trainings else ["plan"], note=make.say("plan.notes")
    )


def _quarters(make: Composer) -> list[cadence.Period]:
    fiscal = make.facts["periods"]["fiscal_start"]
    found = [cadence.containing(date.fromisoformat(make.facts["periods"]["now"]["to"]), "quarter", fiscal)]
    while len(found) < QUARTERS:
        found.append(cadence.following(found[-1], fiscal))
    return found


def _lanes(make: Composer, quarters: list[cadence.Period]) -> tuple[Lane, ...]:
    lanes: dict[str, list[RoadmapItem]] = defaultdict(list)
    for item in make.facts["milestones"]:
        drawn = _item(make, item, quarters)
        if drawn is not None:
            lanes[item["phase"] or make.say("roadmap.lane")].append(drawn)
    return tuple(Lane(title, tuple(items)) for title, items in lanes.items())


def _item(make: Composer, item: dict[str, Any], quarters: list[cadence.Period]) -> RoadmapItem | None:
    """The bar of a milestone inside the four quarters; None outside them or without any date."""
    end = figures.day(item["due_on"]) or figures.day(item["starts_on"])
    if end is None:
        return None
    start = figures.day(item["starts_on"]) or max(cadence.month_start(cadence.month_index(end)), quarters[0].start)
    if end < quarters[0].start or start > quarters[-1].end:
        return None
    left, right = max(_column(start, quarters), 0.0), min(_column(end, quarters), float(QUARTERS))
    label = make.text(f"milestone.{item['id']}", item["title"], of=item["title"])
    return RoadmapItem(
        label, round(left, 3), round(max(right, left + LONGEST), 3), SHADES.get(item["state"], "planned")
    )


def _column(day: date, quarters: list[cadence.Period]) -> float:
    """Where a day stands, counted in quarters from the left edge."""
    for index, quarter in enumerate(quarters):
        if day <= quarter.end:
            return index + (day - quarter.start).days / quarter.days
    return float(len(quarters))


def _drawn(make: Composer, quarters: list[cadence.Period], lanes: tuple[Lane, ...]) -> Roadmap:
    labels = tuple(period_label({"unit": "quarter", "number": q.number, "year": q.year}, make.words) for q in quarters)
    here = _column(make.on, quarters) if quarters[0].start <= make.on <= quarters[-1].end else None
    told = ", ".join(item.label for lane in lanes for item in lane.items)
    return Roadmap(
        labels,
        lanes,
        today=None if here is None else round(here, 3),
        today_label="" if here is None else make.say("today"),
        legend=make.say("roadmap.legend"),
        alt=make.say("roadmap.alt", items=told),
    )


def _coming(make: Composer, quarters: list[cadence.Period]) -> dict[str, Any] | None:
    """The next milestone that is not done."""
    waiting = [
        item
        for item in make.facts["milestones"]
        if item["state"] != "done"
        and item["due_on"]
        and make.on.isoformat() <= item["due_on"] <= quarters[-1].end.isoformat()
    ]
    return min(waiting, key=lambda item: str(item["due_on"]), default=None)


def _actions(make: Composer) -> list[str]:
    """Open promises by date, with who holds them."""
    waiting = [item for item in make.facts["actions"] if item["state"] != "done"]
    return [_action(make, item) for item in waiting[:MOST_ACTIONS]]


def _action(make: Composer, item: dict[str, Any]) -> str:
    key = "action." + (
        "full"
        if item["owner"] and item["due_on"]
        else "owner"
        if item["owner"]
        else "date"
        if item["due_on"]
        else "bare"
    )
    return make.say(key, title=shorten(item["title"], 110), owner=item["owner"], date=_near(make, item))


def _near(make: Composer, item: dict[str, Any]) -> str:
    """The day of an action; without its year where that is evident, so that it stays on the line."""
    day = figures.day(item["due_on"])
    evident = day is not None and abs((day - make.on).days) < 180
    return formats.day_short(day, make.language) if evident else make.day(item["due_on"])


def _support(make: Composer, kind: str, name: str, adoption: float | None) -> str:
    share = "" if adoption is None else figures.show_value(adoption, "share", make.language)
    return make.say(f"support.{kind}", name=name, share=share)


def _measure(make: Composer) -> str:
    aims = standing.next_objectives(make)
    return aims[0] if aims else ""
