"""Which accounts a view keeps: its search and its filters, as conditions on the account cards."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from haark.accounts.models import AccountCard, AccountTag, CustomField, CustomValue
from haark.portfolio import rules, searching
from haark.portfolio.rules import AT_RISK, CUSTOM, KNOWN, ME, NONE, PAST, UNKNOWN, View
from haark.signals.models import Signal

Card = AccountCard.__table__.c
Noted = Signal.__table__.c
Tagged = AccountTag.__table__.c
Value = CustomValue.__table__.c
Field = CustomField.__table__.c
TEXTS = {
    "sector": Card.sector,
    "size": Card.size,
    "segment": Card.segment,
    "health": Card.health_band,
    "tier": Card.tier,
}
SIDES = {"risk": Card.risk_count, "opportunity": Card.opportunity_count}
# Signals that the list speaks of: their cause holds, and nobody put them off or aside.
SHOWN = ("open", "acknowledged")


def kept(statement: Select[Any], view: View, me: int, on: date, but: str = "") -> Select[Any]:
    """The accounts that the search and the filters keep on a day, those of the filter `but` left aside."""
    clauses = [searching.condition(view.q)] if view.q else []
    clauses += [_chosen(name, view.chosen(name), me, on) for name in view.facets if name != but and view.chosen(name)]
    return statement.where(*clauses)


def live() -> ColumnElement[bool]:
    """Signals that count; the first condition lets the index of living causes serve."""
    return and_(Noted.resolved_on.is_(None), Noted.state.in_(SHOWN))


def renewal_within(value: str, on: date) -> ColumnElement[bool]:
    """Renewals of one window: passed, within so many days (both ends included), or without a date."""
    if value == UNKNOWN:
        return Card.renewal_date.is_(None)
    if value == PAST:
        return Card.renewal_date < on
    return Card.renewal_date.between(on, on + timedelta(days=int(value)))


def review_is(value: str, on: date) -> ColumnElement[bool]:
    """Accounts by the state of their next review: late, due soon and not late, planned, or none to come."""
    if value == "late":
        return and_(Card.next_review_late)
    if value == "planned":
        return and_(Card.next_review_planned)
    if value == "due":
        return and_(not_(Card.next_review_late), Card.next_review_on <= on + timedelta(days=rules.REVIEW_SOON))
    return and_(not_(Card.next_review_late), not_(Card.next_review_planned), Card.next_review_on.is_(None))


def _chosen(name: str, values: Sequence[str], me: int, on: date) -> ColumnElement[bool]:
    if name == "owner":
        return _owner(values, me)
    if name in SIDES:
        return _signals(name, values)
    if name == "tag":
        return _tags(values)
    if CUSTOM.fullmatch(name):
        return _custom(name, values)
    if name == "renewal":
        return or_(*(renewal_within(value, on) for value in values))
    if name == "review":
        return or_(*(review_is(value, on) for value in values))
    return TEXTS[name].in_(["" if value == UNKNOWN else value for value in values])


def _owner(values: Sequence[str], me: int) -> ColumnElement[bool]:
    wanted = {me if value == ME else int(value) for value in values if value != UNKNOWN}
    named = Card.owner_id.in_(wanted) if wanted else false()
    return or_(named, Card.owner_id.is_(None)) if UNKNOWN in values else named


def _signals(side: str, values: Sequence[str]) -> ColumnElement[bool]:
    clauses: list[ColumnElement[bool]] = []
    kinds = [value for value in values if value not in (AT_RISK, NONE)]
    if AT_RISK in values and side == "risk":
        clauses.append(Card.at_risk)
    if NONE in values:
        clauses.append(SIDES[side] == 0)
    if kinds:
        # The accounts of these signals, not the signals of each account: few of many have one.
        mine = select(Noted.account_id).where(Noted.side == side, Noted.kind.in_(kinds), live())
        clauses.append(Card.account_id.in_(mine))
    return or_(*clauses) if clauses else false()


def _tags(values: Sequence[str]) -> ColumnElement[bool]:
    """Accounts with one of these tags; UNKNOWN: without any."""
    mine = select(Tagged.tag).where(Tagged.account_id == Card.account_id).correlate(AccountCard.__table__)
    wanted = [value for value in values if value != UNKNOWN]
    named = Card.account_id.in_(select(Tagged.account_id).where(Tagged.tag.in_(wanted)))
    return or_(named, not_(mine.exists())) if UNKNOWN in values else named


def _custom(name: str, values: Sequence[str]) -> ColumnElement[bool]:
    """Accounts by the value of a custom field; a field that is not there (any more) finds nothing but UNKNOWN."""
    field = select(Field.id).where(Field.key == name.removeprefix("cf_"), Field.deleted_at.is_(None)).scalar_subquery()
    row = select(Value.field_id).where(Value.account_id == Card.account_id, Value.field_id == field)
    row = row.correlate(AccountCard.__table__)
    texts = [value for value in values if value not in (KNOWN, UNKNOWN) and not rules.is_bound(value)]
    said = select(Value.account_id).where(Value.field_id == field, Value.text.in_(texts))
    clauses: list[ColumnElement[bool]] = [Card.account_id.in_(said)]
    clauses += [row.exists()] if KNOWN in values else []
    clauses += [not_(row.exists())] if UNKNOWN in values else []
    if limits := rules.bounds(values):
        clauses.append(Card.account_id.in_(select(Value.account_id).where(Value.field_id == field, *_within(limits))))
    return or_(*clauses)


def _within(limits: rules.Bounds) -> list[ColumnElement[bool]]:
    """Values between the bounds: a number or a day is compared with its own kind only."""

    def column(edge: float | date) -> Any:
        return Value.date if isinstance(edge, date) else Value.number

    clauses = [column(limits.least) >= limits.least] if limits.least is not None else []
    clauses += [column(limits.most) <= limits.most] if limits.most is not None else []
    clauses += [func.lower(Value.text).contains(limits.has.lower(), autoescape=True)] if limits.has else []
    return clauses
