"""The plan as it was published and signed (SP-1, XB-7): the shared text, frozen. Nothing internal is ever in it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func

from haark.accounts.models import Contact
from haark.events.domain import record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.people.models import User
from haark.plans import domain
from haark.plans.comparing import Change, compare
from haark.plans.models import Milestone, Objective, Plan, PlanMember, PlanRisk, PlanVersion, Signature

OBJECTIVE = [
    *("title", "kpi", "why", "quote", "comparator", "unit", "baseline", "target", "current", "current_on"),
    *("starts_on", "due_on", "agreed_on", "agreed_by", "source"),
]
MILESTONE = ["phase", "title", "detail", "starts_on", "due_on", "state"]
MEMBER = ["role", "name", "duty"]
RISK = ["title", "impact", "mitigation"]
# What a signature says yes to: an objective whose words changed since is not agreed on by it.
AGREED = ["title", "kpi", "comparator", "unit", "baseline", "target", "due_on"]


class NotNow(Exception):
    """`kind`: `nothing` (no change since the last version), `moved` (the draft is not the one that was shown),
    `unpublished` (there is no version to sign)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def content(plan: Plan) -> dict[str, Any]:
    """The shared text of the draft, in JSON values: seven statements."""
    users = dict(db.session.execute(db.select(User.id, User.name)).all())
    contacts = dict(
        db.session.execute(db.select(Contact.id, Contact.name).where(Contact.account_id == plan.account_id)).all()
    )

    def rows(model: Any, names: list[str]) -> list[dict[str, Any]]:
        live = db.select(model).where(model.account_id == plan.account_id, model.deleted_at.is_(None))
        found = []
        for row in db.session.scalars(live.order_by(model.position, model.id)):
            one: dict[str, Any] = {"id": row.id, **{name: _plain(getattr(row, name)) for name in names}}
            if model is PlanMember:
                one["name"] = users.get(row.user_id) or contacts.get(row.contact_id) or row.name
            else:
                one["owner_ours"] = users.get(row.owner_user_id, "")
                one["owner_theirs"] = contacts.get(row.owner_contact_id, "")
            found.append(one)
        return found

    return {
        "title": plan.title,
        "vision": plan.vision,
        "objectives": rows(Objective, OBJECTIVE),
        "milestones": rows(Milestone, MILESTONE),
        "team": rows(PlanMember, MEMBER),
        "risks": rows(PlanRisk, RISK),
    }


def digest(found: Mapping[str, Any]) -> str:
    """The same for the same content: says whether the draft is still the one that somebody looked at."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:32]


def latest(plan_id: int) -> PlanVersion | None:
    """The version published last."""
    rows = db.select(PlanVersion).where(PlanVersion.plan_id == plan_id).order_by(PlanVersion.number.desc()).limit(1)
    return db.session.scalars(rows).first()


def changes(plan: Plan) -> tuple[Change, ...]:
    """What the draft changes against the last version; everything while there is none."""
    last = latest(plan.id)
    return compare(last.content if last else {}, content(plan))


def publish(plan: Plan, *, seen: str, note: str = "", by: int | None, at: datetime) -> PlanVersion:
    """Freezes the draft as the next version. `seen`: the digest of what the person looked at. Raises NotNow."""
    # Whoever publishes at the same time waits here, and then sees this version.
    db.session.execute(db.select(Plan.id).where(Plan.id == plan.id).with_for_update())
    found = content(plan)
    if digest(found) != seen:
        raise NotNow("moved")
    last = latest(plan.id)
    differing = compare(last.content if last else {}, found)
    if not differing:
        raise NotNow("nothing")
    highest = db.session.scalar(db.select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id))
    version = PlanVersion(plan_id=plan.id, number=(highest or 0) + 1, content=found, published_at=at)
    version.note, version.published_by_id = note.strip()[:200], by
    db.session.add(version)
    db.session.flush()
    told = {"number": version.number, "count": len(differing)}
    subject = ("plan", plan.id)
    jobs.ring_for(record("plan.published", at=at, by=by, account_id=plan.account_id, subject=subject, **told))
    return version


def sign(
    version: PlanVersion, *, at: datetime, on: date, user: User | None = None, contact: Contact | None = None
) -> Signature:
    """One of ours or a contact agrees to a version; twice is once.

    A contact's signature is the client's agreement on every objective of it that nobody agreed on yet and that still
    says the same.
    """
    who = contact or user
    if who is None:
        raise ValueError("nobody signs")
    mine = Signature.contact_id == contact.id if contact else Signature.user_id == who.id
    earlier = db.session.scalars(db.select(Signature).where(Signature.version_id == version.id, mine)).first()
    if earlier is not None:
        return earlier
    made = Signature(version_id=version.id, name=who.name, at=at)
    made.user_id, made.contact_id = (None, contact.id) if contact else (who.id, None)
    db.session.add(made)
    db.session.flush()
    plan = db.session.get_one(Plan, version.plan_id)
    by = None if contact else who.id
    if contact is not None:
        _agree(version, plan.account_id, contact.name, at=at, on=on)
    told = {"number": version.number, "name": who.name, "side": "client" if contact else "ours"}
    record("plan.signed", at=at, by=by, account_id=plan.account_id, subject=("plan", plan.id), **told)
    return made


def _agree(version: PlanVersion, account_id: int, name: str, *, at: datetime, on: date) -> None:
    frozen = {one["id"]: one for one in version.content.get("objectives", ())}
    live = db.select(Objective).where(Objective.account_id == account_id, Objective.deleted_at.is_(None))
    for row in db.session.scalars(live.where(Objective.agreed_on.is_(None))):
        signed = frozen.get(row.id)
        if signed and all(_plain(getattr(row, field)) == signed.get(field) for field in AGREED):
            domain.change(row, {"agreed_on": on, "agreed_by": name}, by=None, at=at)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
