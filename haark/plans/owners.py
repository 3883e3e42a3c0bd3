"""Who may change what belongs to a plan: the people of its account (haark.access)."""

from datetime import datetime
from typing import Any

from haark.access import Owned, owned_by
from haark.accounts.models import Account
from haark.comments.models import Comment
from haark.extensions import db
from haark.plans.models import (
    Milestone,
    Objective,
    ObjectiveValue,
    Plan,
    PlanMember,
    PlanRisk,
    PlanTemplate,
    PlanVersion,
    Proposal,
    ShareLink,
)


def of_account(account_id: int, gone: bool = False) -> Owned | None:
    """The CSM and the sales owner of an account. `gone`: the thing itself was deleted."""
    columns = db.select(Account.owner_id, Account.sales_owner_id, Account.deleted_at).where(Account.id == account_id)
    row = db.session.execute(columns).one_or_none()
    if row is None:
        return None
    owners = frozenset(owner for owner in row[:2] if owner is not None)
    return Owned(owners, gone or row.deleted_at is not None)


def _removable(kind: str, model: Any) -> None:
    """Finders of a part that can be removed, and of one that was: only such a one can be brought back."""

    def find(ident: int, removed: bool) -> Owned | None:
        columns = db.select(model.account_id, model.deleted_at).where(model.id == ident)
        row = db.session.execute(columns).one_or_none()
        return None if row is None else of_account(row.account_id, (row.deleted_at is None) == removed)

    owned_by(kind)(lambda ident: find(ident, False))
    owned_by(f"removed_{kind}")(lambda ident: find(ident, True))


def _lasting(kind: str, model: Any) -> None:
    """The finder of what is never removed by itself."""

    def find(ident: int) -> Owned | None:
        account_id = db.session.scalar(db.select(model.account_id).where(model.id == ident))
        return None if account_id is None else of_account(account_id)

    owned_by(kind)(find)


for _kind, _model in (
    ("objective", Objective),
    ("milestone", Milestone),
    ("plan_risk", PlanRisk),
    ("plan_member", PlanMember),
):
    _removable(_kind, _model)
for _kind, _model in (("plan", Plan), ("proposal", Proposal), ("share_link", ShareLink)):
    _lasting(_kind, _model)


@owned_by("plan_version")
def owner_of_version(ident: int) -> Owned | None:
    account_id = db.session.scalar(
        db.select(Plan.account_id).join(PlanVersion, PlanVersion.plan_id == Plan.id).where(PlanVersion.id == ident)
    )
    return None if account_id is None else of_account(account_id)


@owned_by("objective_value")
def owner_of_value(ident: int) -> Owned | None:
    joined = db.select(Objective.account_id, Objective.deleted_at).join(
        ObjectiveValue, ObjectiveValue.objective_id == Objective.id
    )
    row = db.session.execute(joined.where(ObjectiveValue.id == ident)).one_or_none()
    return None if row is None else of_account(row.account_id, row.deleted_at is not None)


def _template(ident: int, removed: bool) -> Owned | None:
    row = db.session.execute(
        db.select(PlanTemplate.created_by_id, PlanTemplate.deleted_at).where(PlanTemplate.id == ident)
    ).one_or_none()
    return None if row is None else Owned(frozenset({row[0]} - {None}), (row[1] is None) == removed)


@owned_by("plan_template")
def owner_of_template(ident: int) -> Owned | None:
    """Whoever saved it; managers and admins may remove every one."""
    return _template(ident, False)


@owned_by("removed_plan_template")
def owner_of_removed_template(ident: int) -> Owned | None:
    return _template(ident, True)


def _comment(ident: int, removed: bool) -> Owned | None:
    """Its author; a client's word, the people of the account."""
    columns = (Comment.account_id, Comment.author_user_id, Comment.author_contact_id, Comment.deleted_at)
    kinds = Comment.subject_kind.in_(("plan", "objective", "milestone"))
    row = db.session.execute(db.select(*columns).where(Comment.id == ident, kinds)).one_or_none()
    if row is None:
        return None
    house = of_account(row.account_id, _gone(row.deleted_at, removed))
    if house is None or row.author_contact_id is not None:
        return house
    return Owned(frozenset({row.author_user_id} - {None}), house.deleted)


def _gone(deleted_at: datetime | None, removed: bool) -> bool:
    return (deleted_at is None) == removed


@owned_by("plan_comment")
def owner_of_comment(ident: int) -> Owned | None:
    return _comment(ident, False)


@owned_by("removed_plan_comment")
def owner_of_removed_comment(ident: int) -> Owned | None:
    return _comment(ident, True)
