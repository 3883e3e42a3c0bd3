"""What can be true of an account: checked before anything of it is written."""

import re
from typing import Any

from sqlalchemy import select

from haark.accounts import family
from haark.accounts.models import Account
from haark.extensions import db
from haark.formats import LANGUAGES

# What a person may say of an account; the rest is computed or comes with its own verb.
FACTS = frozenset(
    {
        "name",
        "sector",
        "employees",
        "currency",
        "declared_arr_cents",
        "contract_start",
        "renewal_date",
        "quota",
        "seats",
        "country",
        "language",
        "tags",
        "owner_id",
        "sales_owner_id",
        "executive_email",
        "external_id",
        "parent_id",
    }
)
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


class AccountError(ValueError):
    """What was asked is not true of an account; `kind`: `name` (empty), `dates` (renewal before the start), `negative`
    (an amount or number below zero), `taken` (another account has this external id; `binned`: a deleted one has it),
    `email` (no address), `language` (none that Haark writes), `parent` (no such account), `several` (more than one has
    the parent's name), `circle` (the parent belongs to this account), `field` (not a fact)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def check(facts: dict[str, Any], changed: frozenset[str], account_id: int | None = None) -> None:
    """Raises AccountError where `facts`, all of the account as they would be, cannot hold together.

    Only what is `changed` is looked up: an account that came with a wrong fact keeps it while another is corrected.
    """
    if set(facts) - FACTS:
        raise AccountError("field")
    if not str(facts["name"]).strip():
        raise AccountError("name")
    if any((facts.get(name) or 0) < 0 for name in ("employees", "declared_arr_cents", "quota", "seats")):
        raise AccountError("negative")
    start, end = facts.get("contract_start"), facts.get("renewal_date")
    if start and end and end < start:
        raise AccountError("dates")
    if "executive_email" in changed and facts["executive_email"] and not ADDRESS.fullmatch(facts["executive_email"]):
        raise AccountError("email")
    if "language" in changed and facts["language"] not in LANGUAGES:
        raise AccountError("language")
    if "external_id" in changed and (key := facts["external_id"]):
        held = select(Account.id, Account.deleted_at).where(Account.external_id == key, Account.id != (account_id or 0))
        holder = db.session.execute(held).one_or_none()
        if holder is not None:
            raise AccountError("taken" if holder.deleted_at is None else "binned")
    if "parent_id" in changed and facts["parent_id"] is not None:
        _check_parent(facts["parent_id"], account_id)


def _check_parent(parent_id: int, account_id: int | None) -> None:
    above = family.ancestors(parent_id)
    if not above:
        raise AccountError("parent")
    if account_id in above:
        raise AccountError("circle")
