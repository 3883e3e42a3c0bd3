"""The series that the frozen facts offer to a chart of a person's own. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from haark import formats
from haark.decks.outline import Point
from haark.reviews import figures
from haark.reviews.content.context import Composer, code_label

LEAST = 2


@dataclass(frozen=True)
class Series:
    """Points with their title and source; `maximum`: the full width of bars; `over_time`: a line may join them."""

    title: str
    points: tuple[Point, ...]
    source: str
    maximum: float | None = None
    over_time: bool = True

    @property
    def known(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True)
class Offer:
    """A series that can be chosen. `read` gives label and value, oldest first; `unit` as figures.Figure has it."""

    source: str
    unit: str
    read: Callable[[Composer], list[tuple[str, float | None]]]
    maximum: float | None = None
    over_time: bool = True
    scale: float = 1.0


def drawn(make: Composer, name: str) -> Series | None:
    """The series `name` of SERIES as points; None where fewer than two values are known."""
    offer = SERIES[name]
    points = tuple(
        Point(label, None if value is None else round(value * offer.scale, 4), _shown(make, value, offer.unit))
        for label, value in offer.read(make)
    )
    found = Series(make.say(f"series.{name}"), points, offer.source, offer.maximum, offer.over_time)
    return found if len(found.known) >= LEAST else None


def _shown(make: Composer, value: float | None, unit: str) -> str:
    return "" if value is None else figures.show_value(value, unit, make.language, make.currency)


def _months(subject: str, column: str) -> Callable[[Composer], list[tuple[str, float | None]]]:
    """By month, from the facts of a subject that hold `months`; snapshots of before that have none."""

    def read(make: Composer) -> list[tuple[str, float | None]]:
        rows: list[Mapping[str, Any]] = make.facts[subject].get("months") or []
        return [(formats.month_short(date.fromisoformat(row["month"]), make.language), row[column]) for row in rows]

    return read


def _periods(read: Callable[[Mapping[str, Any]], list[tuple[str, float | None]]]) -> Any:
    def told(make: Composer) -> list[tuple[str, float | None]]:
        return [(code_label(make, code), value) for code, value in read(make.facts)]

    return told


def _arr(facts: Mapping[str, Any]) -> list[tuple[str, float | None]]:
    return [(row["code"], row["arr"]) for row in facts["revenue"].get("trail") or []]


def _nps(facts: Mapping[str, Any]) -> list[tuple[str, float | None]]:
    return [(row["code"], figures.mean([row])) for row in facts["surveys"]["nps"]["trail"]]


def _csat(facts: Mapping[str, Any]) -> list[tuple[str, float | None]]:
    rows = zip(facts["surveys"]["csat"]["trail"], facts["tickets"]["trail"], strict=True)
    return [(asked["code"], figures.mean([asked, given["csat"]])) for asked, given in rows]


def _adoption(make: Composer) -> list[tuple[str, float | None]]:
    rows = make.facts["usage"]["features"]
    return [(row["name"], _rate(make, row)) for row in rows if _rate(make, row) is not None][:10]


def _rate(make: Composer, row: Mapping[str, Any]) -> float | None:
    figure = make.material.figures.get(figures.feature_key(row["key"]))
    return figure.value if figure else None


SERIES: Mapping[str, Offer] = {
    "active": Offer("usage", "count", _months("usage", "active")),
    "events": Offer("usage", "count", _months("usage", "events")),
    "adoption": Offer("usage", "share", _adoption, maximum=100.0, over_time=False, scale=100.0),
    "tickets": Offer("support", "count", _months("tickets", "opened")),
    "nps": Offer("surveys", "ten", _periods(_nps), maximum=10.0),
    "csat": Offer("surveys", "five", _periods(_csat), maximum=5.0),
    # Internal: the check before sharing says so on a slide for the client.
    "arr": Offer("contract", "money", _periods(_arr), scale=0.01),
}
