"""Whose accounts, and which of their signals: the part of a portfolio that a person looks at."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from haark.accounts.models import Account, AccountCard
from haark.signals.advice_rules import RULES
from haark.signals.models import Advice

CARD, ADVICE = AccountCard.__table__.c, Advice.__table__.c
SCOPES = ("mine", "team", "cs", "sales")
# Accounts shown in each list; «show more» asks for as many again.
PAGE, MOST = 20, 500


@dataclass(frozen=True, slots=True)
class View:
    """What the address asks for: whose accounts, which kinds and severity, how many."""

    scope: str = "mine"
    kinds: tuple[str, ...] = ()
    severity: str = ""
    shown: int = PAGE

    def query(self, **changed: Any) -> dict[str, Any]:
        """The arguments of an address, defaults left out."""
        values = {
            "scope": self.scope,
            "kind": list(self.kinds),
            "severity": self.severity,
            "shown": self.shown,
            **changed,
        }
        usual = {"kind": [], "severity": "", "shown": PAGE}
        return {name: value for name, value in values.items() if usual.get(name) != value}


def scoped(statement: Select[Any], view: View, user_id: int) -> Select[Any]:
    """The accounts of a scope: mine, everybody's, or those with something to do for CS or for sales."""
    if view.scope == "mine":
        own = select(Account.id).where(or_(Account.owner_id == user_id, Account.sales_owner_id == user_id))
        return statement.where(CARD.account_id.in_(own))
    if view.scope in ("cs", "sales"):
        rules = [rule.name for rule in RULES.values() if view.scope in rule.owners]
        under_way = and_(ADVICE.state == "accepted", ADVICE.outcome == "")
        todo = exists().where(
            ADVICE.account_id == CARD.account_id, ADVICE.rule.in_(rules), or_(ADVICE.ended_on.is_(None), under_way)
        )
        return statement.where(todo)
    return statement
