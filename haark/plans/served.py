"""Objectives and milestones as actions know them: what an action can move forward (haark/actions/sources.py), and the
plan behind a sponsor's link, from which the sponsor asked for something."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from haark.accounts.models import Contact
from haark.actions import sources
from haark.actions.sources import Thing
from haark.extensions import db
from haark.plans import domain
from haark.plans.models import Milestone, Objective, Plan, ShareLink

Part = type[Objective] | type[Milestone]


def _titles(model: Part, idents: Collection[int]) -> dict[int, Thing]:
    columns = [model.id, model.title, Plan.id.label("plan_id")]
    if model is Milestone:
        columns.append(Milestone.state)
    query = select(*columns).outerjoin(Plan, Plan.account_id == model.account_id)
    rows = db.session.execute(query.where(model.id.in_(idents), model.deleted_at.is_(None)))
    return {row.id: Thing(row.title, row.plan_id, getattr(row, "state", "") == "done") for row in rows}


def _of_account(model: Part, account_id: int) -> list[tuple[int, str]]:
    query = select(model.id, model.title).where(model.account_id == account_id, model.deleted_at.is_(None))
    if model is Milestone:
        query = query.where(Milestone.state != "done")
    return [(ident, title) for ident, title in db.session.execute(query.order_by(model.position, model.id))]


def reach(ident: int, *, by: int | None, at: datetime) -> bool:
    """The milestone is done; False when it was, or is gone."""
    found = db.session.get(Milestone, ident)
    if found is None or found.deleted_at is not None or found.state == "done":
        return False
    domain.change(found, {"state": "done"}, by=by, at=at)
    return True


def _askers(idents: Collection[int]) -> dict[int, Thing]:
    query = select(ShareLink.id, Contact.name, Plan.id.label("plan_id"))
    query = query.join(Contact, Contact.id == ShareLink.contact_id)
    query = query.outerjoin(Plan, Plan.account_id == ShareLink.account_id).where(ShareLink.id.in_(idents))
    return {row.id: Thing(row.name, row.plan_id) for row in db.session.execute(query)}


sources.register(
    "objective",
    lambda idents: _titles(Objective, idents),
    choose=lambda account_id: _of_account(Objective, account_id),
)
sources.register(
    "milestone",
    lambda idents: _titles(Milestone, idents),
    choose=lambda account_id: _of_account(Milestone, account_id),
    finish=reach,
)
sources.register("sharing", _askers)
