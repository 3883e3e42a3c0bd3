"""Value delivered: at most four large figures, each with its last periods."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from haark.decks.outline import Bullets, Metric, Metrics, Point
from haark.reviews import figures
from haark.reviews.content import claims
from haark.reviews.content.context import Composer, Draft, code_label
from haark.reviews.figures import Figure

MOST = 4
ORDER = (
    "value.roi",
    "value.hours",
    "relation.csat",
    "relation.nps",
    "usage.active",
    "usage.events",
    "support.resolved",
)
WEAK = {"relation.csat": 3.5, "relation.nps": 7.0}


def value(make: Composer) -> Draft:
    """Slide 4. The headline names the strongest figure; estimates are called so, assumptions stand in the footer."""
    known = [figure for key in ORDER if (figure := make.figure(key)) is not None]
    gain = make.figure("value.gain")
    shown = known[:MOST]
    items = tuple(_metric(make, figure) for figure in shown)
    told_range = claims.between(make) if gain is not None else ""
    points = make.lines("points", [told_range] if told_range else [])
    if not items:
        make.gap("value")
    elif gain is None:
        make.gap("roi")
    sources = [figure.source for figure in shown]
    blocks = [Metrics(items)] if items else []
    rest = [Bullets(make.say("points"), points)] if points else []
    told = claims.assumptions(make) if gain is not None else ""
    sure = gain is not None and claims.confirmed(make)
    return make.draft(
        _headline(make, gain, shown),
        [*blocks, *rest],
        sources=sources,
        assumptions=told,
        note=make.say("value.notes.roi" if gain is not None and not sure else "value.notes"),
    )


def _headline(make: Composer, gain: Figure | None, shown: Sequence[Figure]) -> str:
    values = {"client": make.client, "period": make.period(), "before": make.period("before")}
    if gain is not None:
        roi = make.figure("value.roi")
        key = "value.headline.roi" if roi is not None else "value.headline.gain"
        key += ".confirmed" if claims.confirmed(make) else ""
        return make.say(key, gain=make.show(gain), roi=make.show(roi) if roi else "", **values)
    if not shown:
        return make.say("value.headline.none", **values)
    # A poor mark is shown, but the message is taken from another figure where there is one.
    first = next((figure for figure in shown if (figure.value or 0) >= WEAK.get(figure.key, float("-inf"))), shown[0])
    change = make.change(first)
    key = f"value.headline.{first.key}" + (".change" if change and first.key.startswith("usage") else "")
    return make.say(key, first.answers, value=make.show(first), change=change, **values)


def _metric(make: Composer, figure: Figure) -> Metric:
    number, unit = _apart(make, figure)
    sure = figure.key == "value.roi" and claims.confirmed(make)
    key = f"metric.{figure.key}" + (".confirmed" if sure else "")
    label = make.text(f"label.{figure.key}", make.say(key, figure.answers), of="")
    series = _series(make, figure)
    alt = (
        make.say("metric.alt", label=label, points=", ".join(f"{p.label} {p.display}" for p in series))
        if series
        else ""
    )
    return Metric(number, unit, label, caption=_caption(make, figure), series=series, alt=alt)


def _apart(make: Composer, figure: Figure) -> tuple[str, str]:
    """The number and its unit, which is set smaller."""
    assert figure.value is not None
    if figure.key == "usage.events":
        return make.amount(_per_month(make, figure)), ""
    if figure.unit == "percent":
        return make.amount(figure.value), "%"
    unit = {"hours": "h", "ten": "/\u200910", "five": "/\u20095"}.get(figure.unit, "")
    return figures.show_value(figure.value, "count" if figure.unit == "hours" else figure.unit, make.language), unit


def _caption(make: Composer, figure: Figure) -> str:
    if figure.key == "value.roi":
        payback = make.figure("value.payback")
        return make.say("caption.payback", months=make.show(payback)) if payback else ""
    if figure.key == "value.hours":
        return claims.by_whom(make) if claims.confirmed(make) else make.say("caption.estimate")
    if figure.key.startswith("relation.") and figure.answers and figure.override is None:
        return make.say("caption.answers", figure.answers, n=make.amount(figure.answers))
    if figure.previous is None:
        return ""
    if figure.unit in ("count", "mean") and (change := make.change(figure)):
        return make.say("caption.change", change=change, before=make.period("before"))
    return ""


def _per_month(make: Composer, figure: Figure) -> float:
    assert figure.value is not None
    return float(figure.value) / max(float(make.facts["periods"]["now"]["months"]), 0.1)


TRAILS: dict[str, Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]]]] = {
    "usage.active": lambda facts: facts["usage"]["trail"],
    "usage.events": lambda facts: facts["usage"]["trail"],
    "support.resolved": lambda facts: facts["tickets"]["trail"],
    "relation.nps": lambda facts: facts["surveys"]["nps"]["trail"],
    "relation.csat": lambda facts: facts["surveys"]["csat"]["trail"],
}


def _series(make: Composer, figure: Figure) -> tuple[Point, ...]:
    """The last four periods; the present one is the figure in force, so an override shows in the chart too."""
    trail = TRAILS.get(figure.key)
    if trail is None:
        return ()
    parts = list(trail(make.facts))
    values = [_past(make, figure.key, part, index) for index, part in enumerate(parts)]
    values[-1] = _per_month(make, figure) if figure.key == "usage.events" else figure.value
    if sum(1 for number in values if number is not None) < 2:
        return ()
    unit = "count" if figure.key == "usage.events" else figure.unit
    return tuple(
        Point(
            code_label(make, part["code"]),
            number,
            "" if number is None else figures.show_value(number, unit, make.language),
        )
        for part, number in zip(parts, values, strict=True)
    )


def _past(make: Composer, key: str, part: Mapping[str, Any], index: int) -> float | None:
    column = {"usage.active": "active", "usage.events": "events_per_month", "support.resolved": "resolved"}.get(key)
    if column is not None:
        number: float | None = part[column]
        return number
    parts = [part]
    if key == "relation.csat":
        parts.append(make.facts["tickets"]["trail"][index]["csat"])
    return figures.mean(parts)
