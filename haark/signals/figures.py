"""The figures at the head of the page of risks and opportunities, for the accounts in scope."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from haark.accounts import retention
from haark.accounts.models import AccountCard
from haark.accounts.retention import Retention
from haark.extensions import db
from haark.signals.models import Signal
from haark.signals.rules import COUNTED
from haark.signals.scope import CARD, View, scoped

SIGNAL = Signal.__table__.c
NEAR = 90


@dataclass(frozen=True, slots=True)
class Figures:
    """The strip at the head. Money in cents, of the accounts in scope; `threatened`: the NRR after expected losses."""

    at_risk: int
    near_count: int
    near_cents: int
    arr_cents: int
    loss_cents: int
    retention: Retention
    judged_on: date | None
    opened: int
    opened_risks: int
    opened_before: int
    resolved: int
    risks_then: int
    gain_count: int
    gain_cents: int

    @property
    def threatened(self) -> float | None:
        before = self.retention.before_cents
        return None if not before else max(0.0, (self.retention.now_cents - self.loss_cents) / before)


def figures(view: View, user_id: int, on: date) -> Figures:
    """Three statements."""
    near = and_(CARD.at_risk.is_(True), CARD.renewal_date.between(on, on + timedelta(NEAR)))

    def total(condition: Any, amount: Any) -> Any:
        return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)

    known = and_(CARD.expected_loss_cents.is_not(None), CARD.at_risk.is_(True))
    cards = select(
        *(func.count(case((CARD.at_risk.is_(True), 1))), func.count(case((near, 1))), total(near, CARD.arr_cents)),
        *(total(CARD.arr_cents.is_not(None), CARD.arr_cents), total(known, CARD.expected_loss_cents)),
        *(func.max(CARD.health_on), *retention.sums()),
    ).select_from(AccountCard.__table__)
    row = db.session.execute(scoped(cards, view, user_id)).one()
    worth = (
        select(SIGNAL.account_id, func.max(SIGNAL.value_cents).label("potential"))
        .join(AccountCard.__table__, CARD.account_id == SIGNAL.account_id)
        .where(SIGNAL.resolved_on.is_(None), SIGNAL.side == "opportunity", SIGNAL.state.in_(COUNTED))
    )
    each = scoped(worth, view, user_id).group_by(SIGNAL.account_id).subquery()
    gain = db.session.execute(select(func.count(each.c.potential), func.coalesce(func.sum(each.c.potential), 0))).one()
    return Figures(
        at_risk=row[0],
        near_count=row[1],
        near_cents=int(row[2]),
        arr_cents=int(row[3]),
        loss_cents=int(row[4]),
        retention=retention.read(row[6:]),
        judged_on=row[5],
        **_moved(view, user_id, on),
        gain_count=gain[0],
        gain_cents=int(gain[1]),
    )


def _moved(view: View, user_id: int, on: date) -> dict[str, int]:
    """New signals of 7 days (all, risks) and of the 7 before; risks resolved in 30 days, of how many."""
    week, earlier, month = on - timedelta(6), on - timedelta(13), on - timedelta(29)
    risk = SIGNAL.side == "risk"
    conditions = {
        "opened": SIGNAL.opened_on >= week,
        "opened_risks": and_(SIGNAL.opened_on >= week, risk),
        "opened_before": SIGNAL.opened_on.between(earlier, week - timedelta(1)),
        "resolved": and_(SIGNAL.resolved_on >= month, risk),
        "risks_then": risk,
    }
    lately = or_(SIGNAL.resolved_on.is_(None), SIGNAL.resolved_on >= month)
    rows: Any = select(*(func.count(case((one, 1))).label(name) for name, one in conditions.items()))
    rows = rows.select_from(Signal.__table__).join(AccountCard.__table__, CARD.account_id == SIGNAL.account_id)
    return {
        name: int(n) for name, n in db.session.execute(scoped(rows.where(lately), view, user_id)).one()._mapping.items()
    }


def kinds(view: View, user_id: int) -> dict[str, tuple[int, int]]:
    rows = select(SIGNAL.kind, SIGNAL.account_id, CARD.arr_cents).distinct()
    rows = rows.join(AccountCard.__table__, CARD.account_id == SIGNAL.account_id)
    rows = rows.where(SIGNAL.resolved_on.is_(None), SIGNAL.state.in_(COUNTED))
    each = scoped(rows, view, user_id).subquery()
    counted = select(each.c.kind, func.count(), func.coalesce(func.sum(each.c.arr_cents), 0)).group_by(each.c.kind)
    return {kind: (count, int(arr)) for kind, count, arr in db.session.execute(counted)}
