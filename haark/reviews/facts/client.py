"""Who the client is: account, people, revenue, go-lives."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from haark.accounts.models import Account, AccountCard, Contact, GoLive, Revenue
from haark.extensions import db
from haark.people.models import User
from haark.reviews.facts.span import Span, inside


def account(span: Span) -> dict[str, Any]:
    """The account's own columns and its people on our side."""
    owner, seller = aliased(User), aliased(User)
    row = (
        db.session.execute(
            select(
                Account.external_id,
                Account.name,
                Account.sector,
                Account.language,
                Account.currency,
                Account.seats,
                Account.quota,
                Account.contract_start,
                Account.renewal_date,
                owner.name.label("owner"),
                owner.email.label("owner_email"),
                seller.name.label("seller"),
                AccountCard.segment,
            )
            .outerjoin(owner, owner.id == Account.owner_id)
            .outerjoin(seller, seller.id == Account.sales_owner_id)
            .outerjoin(AccountCard, AccountCard.account_id == Account.id)
            .where(Account.id == span.account_id)
        )
        .mappings()
        .one()
    )
    return {name: _plain(value) for name, value in row.items()}


def contacts(span: Span) -> list[dict[str, Any]]:
    """Who is there at the end of the period, sponsor first."""
    order = {"sponsor": 0, "decision_maker": 1, "champion": 2, "day_to_day": 3}
    rows = db.session.execute(
        select(Contact.name, Contact.email, Contact.role, Contact.main, Contact.left_on)
        .where(Contact.account_id == span.account_id)
        .order_by(Contact.id)
    ).mappings()
    here = [row for row in rows if row["left_on"] is None or row["left_on"] > span.on]
    here.sort(key=lambda row: order.get(row["role"], 4))
    return [{"name": row["name"], "email": row["email"], "role": row["role"], "main": row["main"]} for row in here]


def revenue(span: Span) -> dict[str, Any]:
    """ARR in cents at the eve of the period, at its end, a period earlier, and what changed in between."""
    rows = db.session.execute(
        select(Revenue.date, Revenue.arr_cents, Revenue.reason)
        .where(Revenue.account_id == span.account_id, Revenue.date <= span.on)
        .order_by(Revenue.date)
    ).all()
    declared = db.session.scalar(select(Account.declared_arr_cents).where(Account.id == span.account_id))
    changes = [row for row in rows if inside(span.now, row.date)]
    return {
        "start": _level(rows, span.now.start, declared, eve=True),
        "end": _level(rows, span.now.end, declared),
        "before": _level(rows, span.before.end, declared),
        "trail": [{"code": code, "arr": _level(rows, window.end, None)} for code, window in span.trail],
        "changes": [{"date": r.date.isoformat(), "arr": r.arr_cents, "reason": r.reason} for r in changes],
        "first": rows[0].date.isoformat() if rows else None,
    }


def golives(span: Span) -> list[dict[str, Any]]:
    """What went live in the period."""
    rows = db.session.execute(
        select(GoLive.date, GoLive.name, GoLive.major)
        .where(GoLive.account_id == span.account_id, GoLive.date.between(span.now.start, span.now.end))
        .order_by(GoLive.date)
    )
    return [{"date": row.date.isoformat(), "name": row.name, "major": row.major} for row in rows]


def _level(rows: Any, day: date, declared: int | None, eve: bool = False) -> int | None:
    if not rows:
        return declared
    known = [row.arr_cents for row in rows if (row.date < day if eve else row.date <= day)]
    return known[-1] if known else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
