"""The filters of the list with the counts of their values, each counted under all the other filters."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, distinct, func, literal, null, select, union_all

from haark.accounts import rules as facts
from haark.extensions import db
from haark.people.models import User
from haark.portfolio import rules
from haark.portfolio.custom import Field
from haark.portfolio.filters import SIDES, TEXTS, Card, Noted, Tagged, Value, kept, live, renewal_within, review_is
from haark.portfolio.rules import AT_RISK, KNOWN, ME, NONE, PAST, UNKNOWN, View

Owner = User.__table__.c
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
    count: int
    label: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """A filter with its choices; `hidden` is how many values were left out because the list would be too long.
    `label` is set where the data names it (custom fields)."""

    name: str
    choices: list[Choice] = field(default_factory=list)
    hidden: int = 0
    label: str = ""


def facets(view: View, me: int, on: date, fields: Sequence[Field] = ()) -> list[Facet]:
    """Each filter with the counts of its values, all the other filters applied; one statement.

    Values of one filter may overlap (a renewal within 30 days is one within 90): such rows carry several values, «+»
    between them.
    """
    parts = [_texts(name, view, me, on) for name in TEXTS]
    parts += [_kinds(side, view, me, on) for side in SIDES]
    parts += [_grouped(name, marks, view, me, on) for name, marks in _marks(on).items()]
    parts += _owners(view, me, on)
    parts += [_tags(view, me, on), *(_custom(one, view, me, on) for one in fields)]
    found: defaultdict[str, list[Choice]] = defaultdict(list)
    for name, value, label, count in db.session.execute(union_all(*parts)):
        found[name].append(Choice(value or "", count, label or ""))
    known = [_facet(name, view, me, _split(name, found[name])) for name in rules.FACETS]
    added = [replace(_facet(one.column, view, me, found[one.column]), label=one.name) for one in fields]
    # Nothing to choose from before anything is ranked, or the field filled in.
    return [one for one in known + added if one.name in UNCONDITIONAL or _says(one)]


def _texts(name: str, view: View, me: int, on: date) -> Select[Any]:
    column = TEXTS[name]
    statement = select(literal(name), column, cast(null(), String), func.count())
    return kept(statement, view, me, on, but=name).group_by(column)


def _kinds(side: str, view: View, me: int, on: date) -> Select[Any]:
    """Accounts by kind of signal; two causes of one kind are one account."""
    cards = Card.name.table
    statement = (
        select(literal(side), Noted.kind, cast(null(), String), func.count(distinct(Noted.account_id)))
        .select_from(cards.join(Noted.kind.table, Noted.account_id == Card.account_id))
        .where(Noted.side == side, live())
    )
    return kept(statement, view, me, on, but=side).group_by(Noted.kind)


def _marks(on: date) -> dict[str, ColumnElement[Any]]:
    """What each row is counted as; '' as nothing."""
    windows = [
        (renewal_within(str(days), on), "+".join(str(wider) for wider in rules.WINDOWS if wider >= days))
        for days in rules.WINDOWS
    ]
    states = case(*((review_is(value, on), value) for value in ("late", "due", NONE)), else_="")
    risky = case((SIDES["risk"] == 0, NONE), else_="")
    return {
        "renewal": case((renewal_within(UNKNOWN, on), UNKNOWN), (renewal_within(PAST, on), PAST), *windows, else_=""),
        "review": states + case((review_is("planned", on), "+planned"), else_=""),
        "risk": risky + case((Card.at_risk, f"+{AT_RISK}"), else_=""),
        "opportunity": case((SIDES["opportunity"] == 0, NONE), else_=""),
    }


def _grouped(name: str, mark: ColumnElement[Any], view: View, me: int, on: date) -> Select[Any]:
    # Grouped outside: PostgreSQL takes the same expression with other parameters for another one.
    rows = kept(select(cast(mark, String).label("mark")), view, me, on, but=name).subquery()
    return select(literal(name), rows.c.mark, cast(null(), String), func.count()).group_by(rows.c.mark)


def _owners(view: View, me: int, on: date) -> list[Select[Any]]:
    counted = kept(select(Card.owner_id, func.count().label("n")), view, me, on, but="owner").group_by(Card.owner_id)
    counts = counted.subquery()
    named = select(
        literal("owner"), cast(Owner.id, String), cast(Owner.name, String), func.coalesce(counts.c.n, 0)
    ).select_from(User.__table__.outerjoin(counts, counts.c.owner_id == Owner.id))
    nobody = select(literal("owner"), literal(""), cast(null(), String), counts.c.n).where(counts.c.owner_id.is_(None))
    return [named, nobody]


def _tags(view: View, me: int, on: date) -> Select[Any]:
    cards = Card.name.table
    tags = select(literal("tag"), Tagged.tag, cast(null(), String), func.count())
    joined = tags.select_from(cards.join(Tagged.tag.table, Tagged.account_id == Card.account_id))
    return kept(joined, view, me, on, but="tag").group_by(Tagged.tag)


def _custom(field: Field, view: View, me: int, on: date) -> Select[Any]:
    """The choices of a field; of the other kinds, whose values have no end, only whether there is one."""
    cards = Card.name.table
    mine = (Value.account_id == Card.account_id) & (Value.field_id == field.id)
    filled = Value.text if field.kind == "choice" else case((Value.field_id.is_not(None), KNOWN))
    statement = select(func.coalesce(filled, UNKNOWN).label("mark"))
    joined = statement.select_from(cards.outerjoin(Value.field_id.table, mine))
    rows = kept(joined, view, me, on, but=field.column).subquery()
    return select(literal(field.column), rows.c.mark, cast(null(), String), func.count()).group_by(rows.c.mark)


def _says(facet: Facet) -> bool:
    return any(choice.chosen or choice.value != UNKNOWN for choice in facet.choices)


def _split(name: str, rows: Iterable[Choice]) -> list[Choice]:
    """Rows with one value each; a missing text is `unknown`, a missing mark is nothing to choose."""
    if name in TEXTS or name in ("owner", "tag"):
        return [replace(row, value=row.value or UNKNOWN, label=row.label or row.value) for row in rows]
    counts: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for value in filter(None, row.value.split("+")):
            counts[value] += row.count
    return [Choice(value, count) for value, count in counts.items()]


def _facet(name: str, view: View, me: int, rows: Sequence[Choice]) -> Facet:
    chosen = {str(me) if value == ME else value for value in view.chosen(name)}
    found = {row.value: row for row in rows}
    missing = {value: Choice(value, 0, value) for value in chosen if value not in found}
    choices = [replace(choice, chosen=choice.value in chosen) for choice in (found | missing).values()]
    choices = [choice for choice in choices if choice.count or choice.chosen]
    if name in ORDERS:
        order = [*ORDERS[name], UNKNOWN]
        choices.sort(key=lambda choice: order.index(choice.value) if choice.value in order else len(order))
    else:
        choices.sort(key=_by_frequency)
    return Facet(name, choices[:MOST_CHOICES], max(len(choices) - MOST_CHOICES, 0))


def _by_frequency(choice: Choice) -> tuple[Any, ...]:
    return (choice.value in LAST, choice.value not in FIRST, not choice.chosen, -choice.count, choice.label)
