"""What the page of risks and opportunities shows, for any size of portfolio: a constant number of statements.

The order of the accounts at risk: unhandled first, then by expected loss, then by days to the renewal, then by name.
An account is handled when an accepted recommendation of a risk is under way and no grave risk is open besides, or when
somebody acknowledged or put aside what is grave or medium and nothing of it is open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select

from haark.accounts import queries as accounts
from haark.accounts.models import Account, AccountCard
from haark.extensions import db
from haark.health.models import HealthSnapshot
from haark.people.models import User
from haark.signals import figures, queries
from haark.signals.advice_rules import RULES
from haark.signals.figures import Figures
from haark.signals.models import Signal
from haark.signals.queries import OfAccount
from haark.signals.rules import COUNTED
from haark.signals.scope import ADVICE, CARD, View, scoped
from haark.signals.wording import OPPORTUNITIES, RISKS

SIGNAL = Signal.__table__.c
GROUPS = ("todo", "handled", "watch")
SPARK_DAYS = 180
TOLD_AT_ONCE = 1000
# Kinds that hold something up: an account does not move on before somebody lifted them.
BLOCKERS = ("support_trouble", "contact_change", "uncertain_context", "objective_off_track", "silence")


@dataclass(frozen=True, slots=True)
class Line:
    """An account with what holds on it. `card` has the columns of the list, `potential` is what it could gain."""

    card: Any
    told: OfAccount
    scores: Sequence[tuple[date, int | None]]
    potential: int | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page. `counts`: accounts by group; `kinds`: {kind: (accounts, ARR in cents)} before the kind filter."""

    view: View
    figures: Figures
    groups: Mapping[str, Sequence[Line]]
    counts: Mapping[str, int]
    gains: Sequence[Line]
    gain_count: int
    kinds: Mapping[str, tuple[int, int]]


def overview(view: View, user_id: int, on: date) -> Overview:
    """The page, on a day: ten statements."""
    risks, counts = _risks(view, user_id)
    gains, gain_count = _gains(view, user_id)
    ids = sorted({row.account_id for row in (*risks, *gains)})
    told = queries.of_accounts(ids, on) if ids else {}
    scores = _scores(ids, on) if ids else {}
    groups: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for row in risks:
        groups[row.standing].append(Line(row, told[row.account_id], scores.get(row.account_id, ())))
    lines = [Line(row, told[row.account_id], scores.get(row.account_id, ()), row.potential) for row in gains]
    head = figures.figures(view, user_id, on)
    return Overview(view, head, groups, counts, lines, gain_count, figures.kinds(view, user_id))


def listed(view: View, user_id: int, on: date) -> tuple[list[Line], list[Line]]:
    """The risks, in the order of their groups, and the opportunities, without the course of their scores: for a file.
    Four statements for each thousand accounts at most."""
    risks, gains = _risks(view, user_id)[0], _gains(view, user_id)[0]
    told: dict[int, OfAccount] = {}
    for ids in accounts.chunks({row.account_id for row in (*risks, *gains)}, TOLD_AT_ONCE):
        told |= queries.of_accounts(ids, on)
    ordered = sorted(risks, key=lambda row: GROUPS.index(row.standing))
    return [Line(row, told[row.account_id], ()) for row in ordered], [
        Line(row, told[row.account_id], (), row.potential) for row in gains
    ]


def _live(*conditions: Any) -> ColumnElement[bool]:
    return exists().where(SIGNAL.account_id == CARD.account_id, SIGNAL.resolved_on.is_(None), *conditions)


def _filtered(statement: Select[Any], view: View, side: str) -> Select[Any]:
    counted = (SIGNAL.side == side, SIGNAL.state.in_(COUNTED))
    kinds = [kind for kind in view.kinds if kind in (RISKS if side == "risk" else OPPORTUNITIES)]
    wanted = []
    if kinds:
        wanted.append(SIGNAL.kind.in_(kinds))
    elif view.kinds:
        return statement.where(literal(False))
    if view.severity:
        wanted.append(SIGNAL.severity == view.severity)
    return statement.where(_live(*counted, *wanted)) if wanted else statement


def under_way() -> ColumnElement[bool]:
    """Somebody accepted a recommendation against a risk of the account, and what it asked for is not over."""
    rules = [rule.name for rule in RULES.values() if rule.side == "risk"]
    return exists().where(
        ADVICE.account_id == CARD.account_id, ADVICE.state == "accepted", ADVICE.outcome == "", ADVICE.rule.in_(rules)
    )


def handled() -> ColumnElement[bool]:
    """Somebody has the account in hand, as the head of this file says it: for any statement that reads the cards."""
    risk = SIGNAL.side == "risk"
    grave_open = _live(risk, SIGNAL.state == "open", SIGNAL.severity == "high")
    medium_open = _live(risk, SIGNAL.state == "open", SIGNAL.severity == "medium")
    seen = _live(risk, SIGNAL.state.in_(("acknowledged", "snoozed")))
    return and_(~grave_open, or_(under_way(), and_(seen, ~medium_open)))


def _risks(view: View, user_id: int) -> tuple[Sequence[Any], dict[str, int]]:
    """The first of each group, in order, and how many there are. One statement."""
    watched = or_(CARD.at_risk.is_(True), CARD.risk_severity.in_(("medium", "high")))
    if view.kinds or view.severity:
        watched = or_(watched, CARD.risk_count > 0)
    standing = case((CARD.at_risk.is_(False), "watch"), (handled(), "handled"), else_="todo").label("standing")
    columns = select(*AccountCard.__table__.c, Account.sales_owner_id, standing)
    cards = columns.join(Account, Account.id == CARD.account_id).where(watched)
    base = _filtered(scoped(cards, view, user_id), view, "risk")
    inner = base.subquery()
    order = (
        inner.c.expected_loss_cents.desc().nulls_last(),
        inner.c.renewal_date.is_(None),
        inner.c.renewal_date,
        inner.c.name_folded,
        inner.c.account_id,
    )
    place = func.row_number().over(partition_by=inner.c.standing, order_by=order).label("place")
    total = func.count().over(partition_by=inner.c.standing).label("total")
    ranked = select(*inner.c, place, total).subquery()
    rows = db.session.execute(
        select(*ranked.c, User.name.label("owner_name"))
        .outerjoin(User, User.id == ranked.c.owner_id)
        .where(ranked.c.place <= view.shown)
        .order_by(ranked.c.place)
    ).all()
    return rows, {row.standing: row.total for row in rows}


def _gains(view: View, user_id: int) -> tuple[Sequence[Any], int]:
    """Accounts with opportunities, the largest potential first: the most that one of its signals could gain."""
    worth = (
        select(SIGNAL.account_id, func.max(SIGNAL.value_cents).label("potential"), func.max(_rank()).label("rank"))
        .where(SIGNAL.resolved_on.is_(None), SIGNAL.side == "opportunity", SIGNAL.state.in_(COUNTED))
        .group_by(SIGNAL.account_id)
        .subquery()
    )
    base = select(*AccountCard.__table__.c, Account.sales_owner_id, worth.c.potential)
    base = base.add_columns(func.count().over().label("total")).join(Account, Account.id == CARD.account_id)
    base = base.join(worth, worth.c.account_id == CARD.account_id).add_columns(User.name.label("owner_name"))
    base = base.outerjoin(User, User.id == CARD.owner_id)
    found = _filtered(scoped(base, view, user_id), view, "opportunity")
    order = (worth.c.rank.desc(), worth.c.potential.desc().nulls_last(), CARD.arr_cents.desc().nulls_last())
    rows = db.session.execute(found.order_by(*order, CARD.account_id).limit(view.shown)).all()
    return rows, rows[0].total if rows else 0


def _rank() -> ColumnElement[Any]:
    return case((SIGNAL.severity == "high", 3), (SIGNAL.severity == "medium", 2), else_=1)


def _scores(ids: Sequence[int], on: date) -> dict[int, list[tuple[date, int | None]]]:
    snapshot = HealthSnapshot.__table__.c
    rows = select(snapshot.account_id, snapshot.day, snapshot.score).where(
        snapshot.account_id.in_(ids), snapshot.day.between(on - timedelta(SPARK_DAYS), on)
    )
    found: dict[int, list[tuple[date, int | None]]] = {}
    for ident, day, score in db.session.execute(rows.order_by(snapshot.account_id, snapshot.day)):
        found.setdefault(ident, []).append((day, score))
    return found
