"""Parents and subsidiaries: the whole tree below an account in one statement, and its figures rolled up (AC-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, literal, select

from haark.accounts import rules
from haark.accounts.models import Account, AccountCard
from haark.extensions import db

DEEPEST = 40  # levels; a circle that an old file left in the data ends here at the latest
MOST = 2000  # members that are read


@dataclass(frozen=True, slots=True)
class Member:
    """An account of the tree. `depth` 0 is the one the tree hangs from; money in cents of the organisation's currency,
    what is unknown is None."""

    id: int
    name: str
    parent_id: int | None
    depth: int
    owner_id: int | None
    arr_cents: int | None
    health_score: int | None
    health_band: str
    renewal_date: date | None
    at_risk: bool


@dataclass(frozen=True, slots=True)
class Rollup:
    """A group's figures. `arr_cents` sums the known ones (None: none is known), `mrr_cents` a twelfth; `arr_unknown`
    and `health_unknown` count what is left out. Health 0-100: `health_mean` plain, `health_weighted` by ARR (of members
    with both known and an ARR above zero). `renewal_date`: the nearest one still to come, of `renewal_name`."""

    accounts: int = 0
    arr_cents: int | None = None
    mrr_cents: int | None = None
    arr_unknown: int = 0
    health_mean: float | None = None
    health_weighted: float | None = None
    health_unknown: int = 0
    at_risk: int = 0
    at_risk_cents: int = 0
    renewal_date: date | None = None
    renewal_id: int | None = None
    renewal_name: str = ""


def tree(account_id: int) -> list[Member]:
    """The account and all below it, parents before children, siblings by ARR; at most 2 000. One statement."""
    card, account = AccountCard.__table__.c, Account.__table__.c
    top = select(account.id, literal(0, Integer).label("depth")).where(account.id == account_id)
    below = top.cte("below", recursive=True)
    child = Account.__table__.alias("child")
    # UNION, not UNION ALL: with the limit of depth, a circle comes to an end.
    below = below.union(
        select(child.c.id, below.c.depth + 1)
        .join(below, child.c.parent_id == below.c.id)
        .where(child.c.deleted_at.is_(None), child.c.id != account_id, below.c.depth < DEEPEST)
    )
    columns = (
        account.id,
        account.name,
        account.parent_id,
        below.c.depth,
        account.owner_id,
        card.arr_cents,
        card.health_score,
        card.health_band,
        card.renewal_date,
        card.at_risk,
    )
    joined = below.join(Account.__table__, account.id == below.c.id).outerjoin(
        AccountCard.__table__, card.account_id == below.c.id
    )
    rows = db.session.execute(select(*columns).select_from(joined).order_by(below.c.depth, account.id).limit(MOST))
    found: dict[int, Member] = {}
    for row in rows:
        if row.id not in found:
            found[row.id] = Member(*row[:7], row.health_band or "", row.renewal_date, bool(row.at_risk))
    return _in_order(account_id, found)


def _in_order(account_id: int, found: dict[int, Member]) -> list[Member]:
    """Each member before those below it, siblings by ARR, then by name."""
    children: dict[int | None, list[Member]] = {}
    for member in found.values():
        if member.id != account_id:
            children.setdefault(member.parent_id, []).append(member)
    ordered: list[Member] = []
    waiting = [found[account_id]] if account_id in found else []
    while waiting:
        member = waiting.pop()
        ordered.append(member)
        below = children.pop(member.id, [])
        waiting += sorted(below, key=lambda one: (-(one.arr_cents or -1), one.name), reverse=True)
    return ordered


def ancestors(account_id: int) -> list[int]:
    """The account and those above it, the nearest first; empty when it does not exist. One statement."""
    account = Account.__table__.c
    start = select(account.id, account.parent_id, literal(0, Integer).label("depth"))
    above = start.where(account.id == account_id, account.deleted_at.is_(None)).cte("above", recursive=True)
    parent = Account.__table__.alias("parent")
    above = above.union(
        select(parent.c.id, parent.c.parent_id, above.c.depth + 1)
        .join(above, above.c.parent_id == parent.c.id)
        .where(above.c.depth < DEEPEST)
    )
    rows = db.session.execute(select(above.c.id, above.c.depth).order_by(above.c.depth))
    return list(dict.fromkeys(row.id for row in rows))


def rollup(members: Iterable[Member], on: date) -> Rollup:
    """The figures of a group on a date. What is unknown is left out of sums and means, and counted.

    >>> on = date(2026, 11, 12)
    >>> def one(ident, arr, health, renewal=None, risk=False):
    ...     return Member(ident, f"A{ident}", None, 0, None, arr, health, "", renewal, risk)
    >>> risky = one(2, 10_000_00, 30, date(2027, 1, 1), True)
    >>> found = rollup([one(1, 90_000_00, 80), risky, one(3, None, 50), one(4, 0, None)], on)
    >>> found.arr_cents, found.arr_unknown, round(found.health_mean, 2), found.health_weighted, found.at_risk
    (10000000, 1, 53.33, 75.0, 1)
    """
    group: Sequence[Member] = tuple(members)
    arr = [one.arr_cents for one in group if one.arr_cents is not None]
    health = [one.health_score for one in group if one.health_score is not None]
    both = [
        (one.arr_cents, one.health_score)
        for one in group
        if one.arr_cents is not None and one.arr_cents > 0 and one.health_score is not None
    ]
    weight = sum(level for level, _ in both)
    risky = [one for one in group if one.at_risk]
    coming = [one for one in group if one.renewal_date is not None and one.renewal_date >= on]
    nearest = min(coming, key=lambda one: (one.renewal_date or date.max, one.id), default=None)
    total = sum(arr) if arr else None
    return Rollup(
        accounts=len(group),
        arr_cents=total,
        mrr_cents=None if total is None else rules.mrr_cents(total),
        arr_unknown=len(group) - len(arr),
        health_mean=sum(health) / len(health) if health else None,
        health_weighted=sum(level * score for level, score in both) / weight if weight else None,
        health_unknown=len(group) - len(health),
        at_risk=len(risky),
        at_risk_cents=sum(one.arr_cents or 0 for one in risky),
        renewal_date=nearest.renewal_date if nearest else None,
        renewal_id=nearest.id if nearest else None,
        renewal_name=nearest.name if nearest else "",
    )
