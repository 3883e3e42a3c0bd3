"""Usage and adoption: the level over twelve months, and what is used of the product."""

from typing import Any

from haark import formats
from haark.decks.outline import Bars, Block, Bullets, LineChart, Point
from haark.reviews import figures, rules
from haark.reviews.content.context import Composer, Draft
from haark.reviews.figures import Figure

MOST_BARS = 6
# Seats beyond this many times the highest level would flatten the curve: they are told, not drawn.
SEATS_DRAWN = 2.5


def usage(make: Composer) -> Draft:
    """Slide 5: active users and change, actions per month and change, adoption per feature."""
    active, events = make.figure("usage.active"), make.figure("usage.events")
    seats = make.figure("usage.seats")
    blocks: list[Block] = []
    chart = _chart(make, active, seats)
    if chart is not None:
        blocks.append(chart)
    points = make.lines("points", _told(make, active, events, seats))
    aside: list[Block] = [*_bars(make)]
    if points:
        (aside if blocks else blocks).append(Bullets(make.say("usage.points"), points))
    if active is None and events is None:
        make.gap("usage")
    if not blocks:
        blocks, aside = aside, []
    used = make.facts["usage"]
    key = "usage.notes.least" if used["active_at_least"] and active else "usage.notes"
    sources = ["usage"] if active or events or aside else []
    return make.draft(
        _headline(make, active, events),
        blocks,
        aside,
        sources=sources,
        assumptions=_definition(make, active, seats),
        note=make.say(key),
    )


def _headline(make: Composer, active: Figure | None, events: Figure | None) -> str:
    values = {"client": make.client, "period": make.period(), "before": make.period("before")}
    figure = active or events
    if figure is None:
        return make.say("usage.headline.none", **values)
    subject = "active" if active else "events"
    return make.say(
        f"usage.headline.{subject}.{rules.trend(figure.change)}",
        round(figure.value or 0),
        n=make.show(figure),
        change=make.change(figure).lstrip("+" + formats.MINUS),
        **values,
    )


def _chart(make: Composer, active: Figure | None, seats: Figure | None) -> LineChart | None:
    """Twelve months of active users, of actions where users are unknown; the last month is the figure in force."""
    months = make.facts["usage"]["months"]
    measure = "active" if active else "events"
    values: list[float | None] = [month[measure] for month in months]
    if active:
        values[-1] = active.value
    known = [number for number in values if number is not None]
    if len(known) < 3:
        return None
    points = tuple(_month(make, month, number) for month, number in zip(months, values, strict=True))
    drawn = bool(active and seats and (seats.value or 0) <= SEATS_DRAWN * max(known))
    title = make.say(f"usage.chart.{measure}" + (".least" if active and make.facts["usage"]["active_at_least"] else ""))
    told = [f"{point.label} {point.display}" for point in points if point.value is not None]
    return LineChart(
        title,
        points,
        target=seats.value if drawn and seats else None,
        target_label=make.say("usage.seats", round(seats.value or 0), n=make.show(seats)) if drawn and seats else "",
        alt=make.say("chart.alt", title=title, points=", ".join(told)),
    )


def _month(make: Composer, month: dict[str, Any], number: float | None) -> Point:
    first = figures.day(month["month"])
    assert first is not None
    return Point(
        formats.month_short(first, make.language), number, "" if number is None else make.amount(round(number))
    )


def _bars(make: Composer) -> list[Block]:
    """Adoption of the features most used (share of the active users), their actions where that is unknown."""
    features = make.facts["usage"]["features"]
    rated = [
        (feature["name"], figure)
        for feature in features
        if (figure := make.material.figures.get(figures.feature_key(feature["key"]))) is not None
    ]
    if any(figure.value for _name, figure in rated):
        rated.sort(key=lambda pair: -(pair[1].value or 0))
        top = _top(rated)
        for _name, figure in top:
            make.figure(figure.key)
        items = [Point(name, (figure.value or 0) * 100, make.show(figure)) for name, figure in top]
        return [_bar_block(make, "usage.bars.adoption", items, 100.0)]
    counted = [feature for feature in features if feature["events"]]
    counted.sort(key=lambda feature: (-feature["events"], feature["name"]))
    items = [Point(f["name"], f["events"], make.amount(f["events"])) for f in counted[:MOST_BARS]]
    return [_bar_block(make, "usage.bars.events", items, None)] if items else []


def _top(rated: list[tuple[str, Figure]]) -> list[tuple[str, Figure]]:
    """The most used and the least used: both say something."""
    return rated if len(rated) <= MOST_BARS else [*rated[: MOST_BARS - 1], rated[-1]]


def _bar_block(make: Composer, key: str, items: list[Point], maximum: float | None) -> Bars:
    title = make.say(key)
    told = ", ".join(f"{item.label} {item.display}" for item in items)
    return Bars(title, tuple(items), maximum, alt=make.say("chart.alt", title=title, points=told))


def _told(make: Composer, active: Figure | None, events: Figure | None, seats: Figure | None) -> list[str]:
    """Two sentences beside the charts: seats in use, actions a month."""
    told = []
    if active and seats and seats.value:
        share = formats.percent((active.value or 0) / seats.value, make.language)
        told.append(
            make.say(
                "usage.told.seats", round(active.value or 0), n=make.show(active), seats=make.show(seats), share=share
            )
        )
    if events:
        monthly = (events.value or 0) / max(float(make.facts["periods"]["now"]["months"]), 0.1)
        change, before = make.change(events), make.period("before")
        key = "usage.told.events" + (".change" if change else "")
        told.append(make.say(key, round(monthly), n=make.amount(round(monthly)), change=change, before=before))
    return told


def _definition(make: Composer, active: Figure | None, seats: Figure | None) -> str:
    if active is None:
        return ""
    month = formats.month(active.start, make.language)
    return make.say("usage.definition", month=month)
