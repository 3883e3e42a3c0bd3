"""The filters of the list with the counts of their values, each counted under all the other filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from haark.accounts import rules as facts
from haark.accounts.custom import Field
from haark.portfolio import figures, marks, rules
from haark.portfolio.rules import AT_RISK, ME, NONE, UNKNOWN, Bounds, View

MOST_CHOICES = 60
# Values with an order of their own; sectors, kinds of signal and people stand by frequency, between these.
ORDERS = {
    "size": tuple(facts.SIZES),
    "segment": facts.SEGMENTS,
    "health": rules.BANDS,
    "renewal": rules.RENEWALS,
    "review": rules.REVIEWS,
    "tier": rules.TIERS,
}
FIRST, LAST = (AT_RISK,), (NONE,)
UNCONDITIONAL = rules.FACETS[:9]


@dataclass(frozen=True)
class Choice:
    """A value of a filter. `label` is set where the data names it (sector, owner), else the page words the value."""

    value: str
    count: int | None
    label: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """A filter with its choices; `hidden` is how many values were left out because the list would be too long.
    Of a custom field `label` is its name, `kind` what its values are, `bounds` what is asked besides choices."""

    name: str
    choices: list[Choice] = field(default_factory=list)
    hidden: int = 0
    label: str = ""
    kind: str = ""
    bounds: Bounds = rules.UNBOUND


def facets(view: View, me: int, on: date, fields: Sequence[Field] = (), whole: bool = False) -> list[Facet]:
    """Each filter with the counts of its values, all the other filters applied. Values without a count belong to a set
    of more than rules.MOST_COUNTED accounts, which only `whole` reads."""
    found = figures.whole(view, me, on) if whole else figures.of(view, me, on)
    known = [_counted(name, view, me, found) for name in rules.FACETS]
    known += _added(view, me, on, fields, found)
    # Nothing to choose from before anything is ranked, or the field filled in.
    return [one for one in known if one.name in UNCONDITIONAL or _says(one)]


def _added(view: View, me: int, on: date, fields: Sequence[Field], found: figures.Found) -> list[Facet]:
    """The filters on what the organisation added."""
    if not fields:
        return []
    counts = figures.custom(view, me, on, fields, found)
    made = []
    for one in fields:
        rows = [Choice(value, n, value) for value, n in counts.get(one.column, {}).items() if n]
        limits = rules.bounds(view.chosen(one.column))
        facet = replace(_facet(one.column, view, me, rows, {}), label=one.name, kind=one.kind, bounds=limits)
        if figures.set_of(one.column, view) not in found.sets:
            facet = replace(facet, choices=[replace(choice, count=None) for choice in facet.choices])
        made.append(facet)
    return made


def _says(facet: Facet) -> bool:
    return bool(facet.bounds) or any(choice.chosen or choice.value != UNKNOWN for choice in facet.choices)


def _counted(name: str, view: View, me: int, found: figures.Found) -> Facet:
    one = found.sets.get(figures.set_of(name, view))
    counts = marks.split(name, (one.counts if one else found.standing.counts).get(name, {}))
    labels = {str(ident): person for ident, person in found.standing.owners.items()} if name == "owner" else {}
    if labels:
        counts = {value: n for value, n in counts.items() if value in labels or value == UNKNOWN}
    rows = [Choice(value, n, labels.get(value, value)) for value, n in counts.items() if n]
    facet = _facet(name, view, me, rows, labels)
    return facet if one else replace(facet, choices=[replace(choice, count=None) for choice in facet.choices])


def _facet(name: str, view: View, me: int, rows: Sequence[Choice], labels: Mapping[str, str]) -> Facet:
    plain = [value for value in view.chosen(name) if not (rules.CUSTOM.fullmatch(name) and rules.is_bound(value))]
    chosen = {str(me) if value == ME else value for value in plain}
    found = {row.value: row for row in rows}
    missing = {value: Choice(value, 0, labels.get(value, value)) for value in chosen if value not in found}
    choices = [replace(choice, chosen=choice.value in chosen) for choice in (found | missing).values()]
    choices = [choice for choice in choices if choice.count or choice.chosen]
    if name in ORDERS:
        order = [*ORDERS[name], UNKNOWN]
        choices.sort(key=lambda choice: order.index(choice.value) if choice.value in order else len(order))
    else:
        choices.sort(key=_by_frequency)
    return Facet(name, choices[:MOST_CHOICES], max(len(choices) - MOST_CHOICES, 0))


def _by_frequency(choice: Choice) -> tuple[Any, ...]:
    return (choice.value in LAST, choice.value not in FIRST, not choice.chosen, -(choice.count or 0), choice.label)
