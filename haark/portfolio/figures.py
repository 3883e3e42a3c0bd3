"""What the accounts that a view keeps add up to, and those it would keep with one filter off (for its own counts).

All accounts: the standing totals. Up to rules.MOST_COUNTED: their rows are read once and added up here, which takes a
fifth of the time of a dozen groupings. More: nothing, unless one asks for it (`queries.totals(..., whole=True)`).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, String, case, cast, distinct, func, literal, select, union_all

from haark.accounts import retention
from haark.accounts.custom import Field
from haark.extensions import db
from haark.portfolio import marks, rules, searching, standing
from haark.portfolio.filters import TEXTS, Card, Noted, Tagged, Value, kept, live
from haark.portfolio.rules import KNOWN, UNKNOWN, View
from haark.portfolio.standing import Counts, Standing


@dataclass(frozen=True)
class Figures:
    """`counts` by facet and mark, `sums` as in upkeep.facts.SUMS."""

    counts: Counts
    sums: dict[str, int]


@dataclass(frozen=True)
class Found:
    """`sets`: the figures of the view under '', and under the name of each filter that is on those without it; a set
    too large to add up is left out. `at_least` accounts are kept by the view, `exactly` when that is all."""

    standing: Standing
    sets: Mapping[str, Figures]
    at_least: int
    exactly: bool


def of(view: View, me: int, on: date) -> Found:
    """At most four statements, none while nothing changed since somebody asked the same."""
    plain = replace(view.at(), sort=rules.DEFAULT_SORT, descending=False)
    return standing.remembered(("figures", plain, me, on), lambda: _of(plain, me, on))


def whole(view: View, me: int, on: date) -> Found:
    """The same with every set, however large."""
    plain = replace(view.at(), sort=rules.DEFAULT_SORT, descending=False)
    return standing.remembered(("whole", plain, me, on), lambda: _whole(plain, me, on))


def set_of(facet: str, view: View) -> str:
    """Which of `Found.sets` a filter's own counts come from."""
    return facet if view.chosen(facet) else ""


def custom(view: View, me: int, on: date, fields: Sequence[Field], found: Found) -> Counts:
    """Accounts by value of each custom field, by its column; of a set that was not added up, those of all accounts. One
    statement, none while nothing changed. A field that is no choice is only filled in or not."""
    plain = replace(view.at(), sort=rules.DEFAULT_SORT, descending=False)
    key = ("custom", plain, me, on, tuple(fields), frozenset(found.sets))
    return standing.remembered(key, lambda: _custom(plain, me, on, fields, found))


def _custom(view: View, me: int, on: date, fields: Sequence[Field], found: Found) -> Counts:
    parts, sizes = [], {}
    for field in fields:
        name = set_of(field.column, view)
        kept_by = (view.without(field.column) if name else view) if name in found.sets else View()
        sizes[field.column] = found.sets[name].sums["accounts"] if name in found.sets else found.standing.accounts
        said = Value.text if field.kind == "choice" else literal(KNOWN)
        rows = select(literal(field.column).label("facet"), said.label("said"), func.count().label("n"))
        rows = rows.select_from(Card.name.table.join(Value.field_id.table, Value.account_id == Card.account_id))
        rows = rows.where(Value.field_id == field.id)
        parts.append(kept(rows, kept_by, me, on).group_by("said"))
    counts: Counts = {field.column: {} for field in fields}
    for facet, said, n in db.session.execute(union_all(*parts)):
        if said:
            counts[facet][said] = n
    for facet, values in counts.items():
        values[UNKNOWN] = sizes[facet] - sum(values.values())
    return counts


def chosen(view: View) -> list[str]:
    """The filters that are on."""
    return [name for name in view.facets if view.chosen(name)]


def _of(view: View, me: int, on: date) -> Found:
    base = standing.read(on)
    everything = Figures(base.counts, base.sums)
    wanted = {"": view, **{name: view.without(name) for name in chosen(view)}}
    sets: dict[str, Figures] = {}
    ask: dict[str, View] = {}
    for name, one in wanted.items():
        if not one.filtered:
            sets[name] = everything
        elif _worth(one, base, me):
            ask[name] = one
    found = _gathered(ask, me, on) if ask else {}
    sets |= found
    if "" in sets:
        return Found(base, sets, sets[""].sums["accounts"], True)
    exact = _single(view, base, me)
    return Found(base, sets, rules.MOST_COUNTED if exact is None else exact, exact is not None)


def _whole(view: View, me: int, on: date) -> Found:
    found = of(view, me, on)
    wanted = {"": view, **{name: view.without(name) for name in chosen(view)}}
    missing = {name: one for name, one in wanted.items() if name not in found.sets}
    if not missing:
        return found
    hung: defaultdict[str, Counts] = defaultdict(dict)
    for name, facet, value, n in db.session.execute(union_all(*_hung(missing, me, on))):
        hung[name].setdefault(facet, {})[value] = n
    added = {name: _streamed(name, one, hung[name], me, on) for name, one in missing.items()}
    sets = {**found.sets, **added}
    return Found(found.standing, sets, sets[""].sums["accounts"], True)


def _streamed(name: str, view: View, hung: Counts, me: int, on: date) -> Figures:
    """Adds up a set of any size, so many rows at a time."""
    rows = kept(select(literal(name), *_columns(on)), view, me, on)
    total = _added([], hung)
    for part in db.session.execute(rows.execution_options(yield_per=rules.MOST_COUNTED)).partitions():
        more = _added(part, {})
        for facet, counts in more.counts.items():
            for mark, n in counts.items():
                total.counts[facet][mark] = total.counts[facet].get(mark, 0) + n
        for each, n in more.sums.items():
            total.sums[each] += n
    return total


def _worth(view: View, base: Standing, me: int) -> bool:
    """False where the totals already tell that too many accounts match."""
    if base.accounts <= rules.MOST_COUNTED:
        return True
    exact = _single(view, base, me)
    if exact is not None:
        return exact <= rules.MOST_COUNTED
    return bool(chosen(view)) or searching.few(view.q)


def _single(view: View, base: Standing, me: int) -> int | None:
    """How many accounts a view with nothing but one value of one filter keeps; None for other views."""
    names = chosen(view)
    if view.q or len(names) != 1 or len(view.chosen(names[0])) != 1:
        return None
    return value_count(base.counts, names[0], view.chosen(names[0])[0], me)


def value_count(counts: Counts, facet: str, value: str, me: int) -> int | None:
    """Accounts with a value of a filter; None of a facet that nobody counts."""
    if facet not in marks.COUNTED:
        return None
    value = str(me) if value == rules.ME else value
    return marks.split(facet, counts.get(facet, {})).get(value, 0)


def _gathered(asked: dict[str, View], me: int, on: date) -> dict[str, Figures]:
    """The figures of several sets: one statement for their rows, one for their signals and tags."""
    rows = union_all(*(_rows(name, view, me, on) for name, view in asked.items()))
    by_set: defaultdict[str, list[Any]] = defaultdict(list)
    for row in db.session.execute(rows):
        by_set[row[0]].append(row)
    small = {name: view for name, view in asked.items() if len(by_set[name]) <= rules.MOST_COUNTED}
    hung: defaultdict[str, Counts] = defaultdict(dict)
    if small:
        for name, facet, value, n in db.session.execute(union_all(*_hung(small, me, on))):
            hung[name].setdefault(facet, {})[value] = n
    return {name: _added(by_set[name], hung[name]) for name in small}


def _columns(on: date) -> list[Any]:
    marked = marks.of(on)
    texts = [column.label(name) for name, column in TEXTS.items()]
    return [
        *texts,
        cast(Card.owner_id, String).label("owner"),
        *(mark.label(name) for name, mark in marked.items()),
        Card.arr_cents,
        Card.arr_before_cents,
        Card.health_score,
        case((Card.at_risk, 1), else_=0).label("in_danger"),
    ]


def _rows(name: str, view: View, me: int, on: date) -> Select[Any]:
    """The columns to add up, of one more account than is added up."""
    found = kept(select(*_columns(on)), view, me, on).limit(rules.MOST_COUNTED + 1).subquery()
    return select(literal(name).label("of_set"), *found.c)


def _hung(asked: dict[str, View], me: int, on: date) -> list[Select[Any]]:
    """Accounts by kind of signal (two causes of one kind are one account) and by tag."""
    cards, parts = Card.name.table, []
    for name, view in asked.items():
        kinds = (
            select(literal(name), Noted.side, Noted.kind, func.count(distinct(Noted.account_id)))
            .select_from(cards.join(Noted.kind.table, Noted.account_id == Card.account_id))
            .where(live())
        )
        parts.append(kept(kinds, view, me, on).group_by(Noted.side, Noted.kind))
        tags = select(literal(name), literal("tag"), Tagged.tag, func.count()).select_from(
            cards.join(Tagged.tag.table, Tagged.account_id == Card.account_id)
        )
        parts.append(kept(tags, view, me, on).group_by(Tagged.tag))
    return parts


def _added(rows: Sequence[Any], hung: Counts) -> Figures:
    """Adds up rows of `_columns`, one column at a time."""
    names = [*TEXTS, "owner", *marks.MARKED]
    columns = list(zip(*rows, strict=True))[1:] if rows else [()] * (len(names) + 4)
    counts: Counts = {name: dict(Counter(column)) for name, column in zip(names, columns, strict=False)}
    counts["owner"] = {value or "": n for value, n in counts["owner"].items()}
    for facet, values in hung.items():
        counts[facet] = {**counts.get(facet, {}), **values}
    arr, before, score, danger = columns[len(names) :]
    weighed = [(a, s) for a, s in zip(arr, score, strict=True) if s is not None and a is not None]
    risky = [a for a, d in zip(arr, danger, strict=True) if d and a is not None]
    kept_ = retention.of(zip(before, arr, strict=True))
    known, earlier, scores = ([one for one in column if one is not None] for column in (arr, before, score))
    sums: dict[str, int] = {
        "accounts": len(rows),
        "arr": sum(known),
        "arr_n": len(known),
        "before": sum(earlier),
        "before_n": len(earlier),
        "health_n": len(scores),
        "health_sum": sum(scores),
        "health_product": sum(a * s for a, s in weighed),
        "health_weights": sum(a for a, _s in weighed),
        "risk_arr": sum(risky),
        "risk_arr_n": len(risky),
        "kept_accounts": kept_.accounts,
        "kept_lost": kept_.lost,
        "kept_unknown": kept_.unknown,
        "kept_outside": kept_.outside,
        "kept_before": kept_.before_cents,
        "kept_now": kept_.now_cents,
        "kept_kept": kept_.kept_cents,
    }
    return Figures(counts, sums)
