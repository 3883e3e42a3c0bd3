"""The slides of the internal edition (DK-8): health, and risks and opportunities. Never in what the client gets."""

from collections.abc import Mapping, Sequence
from typing import Any

from haark import formats
from haark.decks.outline import (
    Block,
    Callout,
    Cell,
    Column,
    Columns,
    LineChart,
    Metric,
    Metrics,
    Panel,
    Point,
    Status,
    Table,
    Text,
    Tone,
)
from haark.reviews import figures
from haark.reviews.content.context import Composer, Draft

TONES: Mapping[str, Tone] = {"low": "neutral", "medium": "warn", "high": "bad"}
LEAST_POINTS = 2


def health(make: Composer) -> Draft:
    """The score with its word, its year, strengths and weaknesses, how sure it is, and the risk of leaving."""
    known = make.facts.get("inside") or {}
    score = known.get("score")
    if score is None:
        make.gap("health")
        return make.draft(
            make.say("internal.health.headline.none", client=make.client),
            note=make.say("internal.notes"),
            internal=True,
        )
    blocks: list[Block] = [Metrics(tuple(_metrics(make, known)))]
    panels = tuple(
        Panel(make.say(f"internal.{name}"), tuple(text[make.language] for text in known[name]))
        for name in ("strengths", "weaknesses")
        if known[name]
    )
    if panels:
        blocks.append(Columns(panels))
    chart = _chart(make, known["months"])
    band = make.say(f"internal.band.{known['band']}") if known["band"] else ""
    return make.draft(
        make.say("internal.health.headline", client=make.client, score=score, band=band),
        blocks,
        [chart] if chart else [],
        split=0.58,
        sources=["haark"],
        note=make.say("internal.notes"),
        internal=True,
    )


def _metrics(make: Composer, known: Mapping[str, Any]) -> list[Metric]:
    """The score with its word and how sure it is, and the probability of leaving with the day it speaks of."""
    band = make.say(f"internal.band.{known['band']}") if known["band"] else ""
    sure = known["confidence"]
    told = "" if sure is None else make.say("internal.confidence", share=formats.percent(sure, make.language))
    caption = ", ".join(part for part in (band, told) if part)
    found = [Metric(str(known["score"]), "/\u2009100", make.say("internal.score"), caption)]
    if known["churn"] is not None:
        day = known["renewal_on"]
        by = make.say("internal.churn.by", date=make.day(day)) if day else ""
        found.append(Metric(formats.percent(known["churn"], make.language), "", make.say("internal.churn"), by))
    return found


def _chart(make: Composer, months: Sequence[Mapping[str, Any]]) -> LineChart | None:
    points = tuple(
        Point(
            formats.month_short(_first(row["month"]), make.language),
            row["score"],
            "" if row["score"] is None else str(row["score"]),
        )
        for row in months
    )
    known = [point for point in points if point.value is not None]
    if len(known) < LEAST_POINTS:
        return None
    title = make.say("internal.evolution")
    told = ", ".join(f"{point.label} {point.display}" for point in known)
    return LineChart(title, points, alt=make.say("chart.alt", title=title, points=told))


def risks(make: Composer) -> Draft:
    """What threatens and what invites, with the money at stake, and what Haark advises to do."""
    known = make.facts.get("inside") or {}
    threats, openings = known.get("risks", []), known.get("opportunities", [])
    advice = known.get("advice", [])
    rows = [_row(make, known, row, "risk") for row in threats]
    rows += [_row(make, known, row, "opportunity") for row in openings]
    columns = (
        Column(make.say("internal.column.what"), 2.2),
        Column(make.say("internal.column.why"), 3.2),
        Column(make.say("internal.column.nature"), 1.3),
        Column(make.say("internal.column.value"), 1.1, "right"),
        Column(make.say("internal.column.since"), 0.9),
    )
    blocks: list[Block] = [Table(columns, tuple(rows))] if rows else []
    if advice:
        blocks.append(Callout(_advised(make, known, advice[0]), make.say("internal.advice")))
    if not blocks:
        make.gap("risks")
    counts = known.get("counts", {"risks": 0, "opportunities": 0})
    values = {"client": make.client, "openings": make.say("internal.openings", counts["opportunities"])}
    key = "internal.risks.headline" if blocks else "internal.risks.headline.none"
    return make.draft(
        make.say(key, counts["risks"], **values),
        blocks,
        sources=["haark"] if blocks else [],
        note=make.say("internal.notes"),
        internal=True,
    )


def _row(make: Composer, known: Mapping[str, Any], row: Mapping[str, Any], side: str) -> tuple[Cell, ...]:
    tone: Tone = TONES[row["severity"]] if side == "risk" else "ok"
    nature = f"internal.risk.{row['severity']}" if side == "risk" else "internal.opportunity"
    return (
        Text(row["title"][make.language], strong=True),
        Text(row["detail"][make.language]),
        Status(tone, make.say(nature)),
        Text(_money(make, known, row["value_cents"])),
        Text(formats.day_short(_first(row["since"]), make.language)),
    )


def _money(make: Composer, known: Mapping[str, Any], cents: int | None) -> str:
    return "–" if cents is None else formats.money(cents, make.language, known["currency"])


def _advised(make: Composer, known: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """«Sécuriser le renouvellement avant le 19 nov. 2026. Santé −12… Enjeu : 120 000 €.»"""
    told = make.say("internal.advised", title=one["title"][make.language], date=make.day(one["due_on"]))
    parts = [told, one["reason"][make.language]]
    if one["impact_cents"] is not None:
        parts.append(make.say("internal.stake", amount=_money(make, known, one["impact_cents"])))
    return " ".join(parts)


def _first(text: str) -> Any:
    return figures.day(text)
