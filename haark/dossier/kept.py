"""The account's page, kept under everything that it shows: read and drawn once for each state of the account.

The stamps (haark/portfolio/upkeep/stamps.py) grow with every change of the account's rows and of what all pages share;
the rest of the key is the reader and the day. What differs without a change, the accounts before and after by name, is
asked each time and stands outside.
"""

from typing import Any

from sqlalchemy import Row, bindparam, func, select, tuple_

from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.portfolio import standing
from haark.portfolio.models import AccountStamp
from haark.portfolio.upkeep.facts import CHANGES, PULSE
from haark.portfolio.upkeep.stamps import HOUSE

Stamp = AccountStamp.__table__.c


def _statement() -> Any:
    ident = bindparam("ident", type_=Stamp.account_id.type)
    here, other = AccountCard.__table__.alias("here").c, AccountCard.__table__.alias("other").c
    there, of_here = tuple_(other.name_folded, other.account_id), here.account_id == ident
    mine = tuple_(*(select(column).where(of_here).scalar_subquery() for column in (here.name_folded, here.account_id)))
    by_name = (other.name_folded, other.account_id)
    beside = select(other.account_id).limit(1)
    before = beside.where(there < mine).order_by(*(column.desc() for column in by_name))
    after = beside.where(there > mine).order_by(*by_name)
    total = select(func.sum(Stamp.n))
    return select(
        total.where(Stamp.account_id == ident).scalar_subquery().label("own"),
        total.where(Stamp.account_id == HOUSE).scalar_subquery().label("house"),
        before.scalar_subquery().label("before"),
        after.scalar_subquery().label("after"),
        *(standing.sum_of(name).scalar_subquery().label(name) for name in (CHANGES, PULSE)),
    )


_STATE = _statement()


def state(account_id: int) -> Row[Any]:
    """`own`, `house`: the stamps, None without; `before`, `after`: ids of the neighbours by name. One statement, which
    also brings along what the side bar and the settings would ask for."""
    row = db.session.execute(_STATE, {"ident": account_id}).one()
    standing.tell(int(row.changes or 0), int(row.pulse or 0))
    return row
