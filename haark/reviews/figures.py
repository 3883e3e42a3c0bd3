"""The figures of a review: each with its value, the one before, its unit, and where it comes from (RV-6). Pure.

Figures are computed from the frozen facts; a person's override replaces the value everywhere, the computed one is kept.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from haark import formats
from haark.value import rules as value

Facts = Mapping[str, Any]
KEY_LENGTH = 60
WHOLE_HOURS = 10


@dataclass(frozen=True)
class Override:
    """A person's value, why, who and when."""

    value: float
    reason: str
    author: str = ""
    at: datetime | None = None
    version: int = 1
    computed: float | None = None


@dataclass(frozen=True)
class Figure:
    """One figure.

    `unit`: count, mean, share (a fraction), percent (443 = 443 %), hours, months, ten (0-10), five (1-5),
    money (cents), points, or `own:WORD` for an objective's own unit. `name` fills the place in a feature's or
    objective's label.
    `start`, `end`: the days it speaks of; `computed`: what Haark found, also while `override` replaces it.
    """

    key: str
    unit: str
    value: float | None
    previous: float | None
    source: str
    start: date | None
    end: date | None
    name: str = ""
    answers: int | None = None
    computed: float | None = None
    override: Override | None = None

    @property
    def label(self) -> str:
        """The key of its name in `wording`."""
        return "figure." + (self.key.split(".")[0] if self.name else self.key)

    @property
    def change(self) -> float | None:
        """Relative change against the period before; None when either is unknown or the first was zero."""
        if self.value is None or not self.previous:
            return None
        return (self.value - self.previous) / abs(self.previous)


def compute(facts: Facts, overrides: Mapping[str, Override]) -> dict[str, Figure]:
    """Every figure of the facts by its key, overridden where a person said so."""
    found: dict[str, Figure] = {}
    for figure in _all(facts):
        own = overrides.get(figure.key)
        computed = replace(figure, computed=figure.value)
        found[figure.key] = replace(computed, value=own.value, override=own) if own else computed
    return _follow(found)


def _follow(found: dict[str, Figure]) -> dict[str, Figure]:
    """ROI and payback follow a gain or an investment that a person corrected, unless they were corrected themselves."""
    gain, cost = found.get("value.gain"), found.get("value.investment")
    if gain is None or cost is None or gain.value is None or cost.value is None or not (gain.override or cost.override):
        return found
    yearly, investment = round(gain.value), round(cost.value)
    results = {
        "value.roi": float(int((yearly - investment) * 100 / investment)) if investment else None,
        "value.payback": value.payback(yearly, investment),
    }
    for key, result in results.items():
        if found[key].override is None:
            found[key] = replace(found[key], value=result)
    return found


def moved(before: Mapping[str, Figure], after: Mapping[str, Figure]) -> list[str]:
    """Keys of the figures that are shown differently now, new and vanished ones included, in order."""
    return [key for key in {**before, **after} if _shown(before.get(key)) != _shown(after.get(key))]


def show(figure: Figure, language: str, currency: str = "EUR") -> str:
    """The figure as people read it."""
    return show_value(figure.value, figure.unit, language, currency)


def show_value(number: float | None, unit: str, language: str, currency: str = "EUR") -> str:
    """A number of a unit as people read it: «184 800 €», «56 %», «2,2 mois»."""
    if number is None:
        return formats.UNKNOWN[language]
    if unit == "money":
        return formats.money(round(number), language, currency)
    if unit in ("share", "percent"):
        return formats.percent(number if unit == "share" else number / 100, language)
    suffix = unit[4:] if unit.startswith("own:") else ""
    cents = suffix in formats.SYMBOLS.values() and round(number, 2) != round(number)
    whole = unit == "hours" and abs(number) >= WHOLE_HOURS
    amount = formats.number(number, language, 2 if cents else 0 if whole else DECIMALS.get(unit))
    return amount + (_joint(suffix, language) + suffix if suffix else "")


def from_typed(number: float, unit: str) -> float:
    """A typed number in the figure's own unit: 94000 (€) is 9 400 000 cents, 56 (%) a share of 0.56."""
    return float(round(number * 100)) if unit == "money" else number / 100 if unit == "share" else number


def to_typed(number: float, unit: str) -> float:
    """The number as a field holds it: `from_typed` takes it back."""
    return round(number / 100 if unit == "money" else number * 100 if unit == "share" else number, 4)


DECIMALS: dict[str, int | None] = {"count": 0, "mean": 0, "points": 0, "ten": 1, "five": 1, "hours": 1, "months": 1}


def _joint(suffix: str, language: str) -> str:
    return "" if suffix == "%" and language == "en" else "\u00a0"


def _shown(figure: Figure | None) -> object:
    if figure is None or figure.computed is None:
        return None
    return show_value(figure.computed, figure.unit, "en")


def day(text: str | None) -> date | None:
    """A date of the facts."""
    return date.fromisoformat(text) if text else None


def feature_key(key: str) -> str:
    """The figure of a feature's adoption; long keys are cut to a hash, the column that keeps overrides is short."""
    named = f"adoption.{key}"
    return named if len(named) <= KEY_LENGTH else f"adoption.{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _all(facts: Facts) -> Iterator[Figure]:
    start, end = day(facts["periods"]["now"]["from"]), day(facts["periods"]["now"]["to"])

    def figure(key: str, unit: str, now: float | None, before: float | None, source: str, **more: Any) -> Figure:
        return Figure(key, unit, now, before, source, **{"start": start, "end": end, **more})

    yield from _usage(facts, figure)
    yield from _relation(facts, figure)
    yield from _support(facts, figure)
    yield from _value(facts, figure)
    yield from _objectives(facts, figure)
    revenue, health = facts["revenue"], facts["health"]
    yield figure("arr.end", "money", revenue["end"], revenue["start"], "contract")
    yield figure("health.score", "points", health["now"]["score"], health["before"]["score"], "haark")


def _usage(facts: Facts, figure: Any) -> Iterator[Figure]:
    usage = facts["usage"]
    month = day(usage["month"])
    last = {"start": month, "end": day(facts["periods"]["now"]["to"])}
    yield figure("usage.active", "mean", usage["active"], usage["active_before"], "usage", **last)
    yield figure("usage.seats", "count", facts["account"]["seats"], None, "contract")
    for name in ("events", "logins"):
        yield figure(f"usage.{name}", "count", usage["now"][name], usage["before"][name], "usage")
    for feature in usage["features"]:
        adoption = feature["adoption"]
        if adoption is not None:
            yield figure(feature_key(feature["key"]), "share", adoption, None, "usage", name=feature["name"], **last)


def _relation(facts: Facts, figure: Any) -> Iterator[Figure]:
    surveys, tickets = facts["surveys"], facts["tickets"]
    for name, unit in (("nps", "ten"), ("csat", "five")):
        now, before = [surveys[name]["now"]], [surveys[name]["before"]]
        if name == "csat":
            now.append(tickets["now"]["csat"])
            before.append(tickets["before"]["csat"])
        count = sum(part["answers"] for part in now)
        yield figure(f"relation.{name}", unit, mean(now), mean(before), "surveys", answers=count)
    held = facts["interactions"]
    yield figure("relation.exchanges", "count", held["now"], held["before"], "crm")


def mean(parts: Iterable[Mapping[str, Any]]) -> float | None:
    """The mean of several sets of answers, each with its sum and number; None without any answer."""
    kept = list(parts)
    count = sum(part["answers"] for part in kept)
    return sum(part["sum"] for part in kept) / count if count else None


def _support(facts: Facts, figure: Any) -> Iterator[Figure]:
    tickets = facts["tickets"]
    if not tickets["any"]:
        return
    units = {"opened": "count", "resolved": "count", "median_hours": "hours", "open": "count", "open_urgent": "count"}
    for name, unit in units.items():
        yield figure(f"support.{name}", unit, tickets["now"][name], tickets["before"][name], "support")


def evaluated(facts: Facts) -> value.RoiResult | None:
    """The value calculation of the facts by the one rule of `value`; None where nobody entered one."""
    case = facts["roi"]
    if case is None:
        return None
    return value.evaluate([line_of(line) for line in case["lines"]], case["licence_cents"], case["one_time_cents"])


def evaluated_as(facts: Facts, which: str) -> value.RoiResult | None:
    """The `low` or `high` case: where a line has no other value, the expected one; None where no line has any."""
    case = facts["roi"]
    if case is None:
        return None
    names = {"saved_percent": f"saved_percent_{which}", "amount_cents": f"amount_{which}_cents"}
    if all(line.get(other) is None for line in case["lines"] for other in names.values()):
        return None
    lines = [
        {**line, **{name: line[other] for name, other in names.items() if line.get(other) is not None}}
        for line in case["lines"]
    ]
    return value.evaluate([line_of(line) for line in lines], case["licence_cents"], case["one_time_cents"])


def line_of(line: Mapping[str, Any]) -> value.Line:
    """A line of the facts as the rules of `value` take it; what else the facts keep of it (claims) is left aside."""
    return value.Line(**{item.name: line[item.name] for item in fields(value.Line) if item.name in line})


def _value(facts: Facts, figure: Any) -> Iterator[Figure]:
    result = evaluated(facts)
    if result is None:
        return
    hours = [
        gain.hours * (gain.line.saved_percent or 0) / 100
        for gain in result.gains
        if gain.hours is not None and gain.line.saved_percent is not None
    ]
    yield figure("value.gain", "money", result.yearly_gain_cents, None, "roi")
    yield figure("value.hours", "hours", sum(hours) if hours else None, None, "roi")
    yield figure("value.investment", "money", result.investment_cents, None, "roi")
    yield figure("value.roi", "percent", result.roi_percent, None, "roi")
    yield figure("value.payback", "months", result.payback_months, None, "roi")


def _objectives(facts: Facts, figure: Any) -> Iterator[Figure]:
    for item in facts["objectives"]:
        unit = f"own:{item['unit']}" if item["unit"] else "own:"
        yield figure(
            f"objective.{item['id']}",
            unit,
            item["current"],
            item["baseline"],
            "plan",
            name=item["title"],
            start=day(item["starts_on"]),
            end=day(item["current_on"]),
        )
