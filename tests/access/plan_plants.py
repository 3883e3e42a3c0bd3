"""What a success plan holds, for the walk: one of each for an account, and one that was removed."""

from typing import Any

from haark import clock
from haark.accounts.models import Contact
from haark.comments import domain as comments
from haark.comments.models import Comment
from haark.extensions import db
from haark.people.models import User
from haark.plans import links, proposals, starters, values, versions
from haark.plans.models import Objective, Plan, PlanMember, PlanRisk
from tests.support.clients import TODAY


def things_of_a_plan(account_id: int, by: int, known: dict[str, int], *, gone: bool) -> dict[str, int]:
    """Ids by kind of access. `known`: what the account has already; `gone`: what belongs to nobody is removed."""
    plan, at = db.session.get_one(Plan, known["plan"]), clock.now()
    made: dict[str, Any] = {
        "plan_risk": PlanRisk(account_id=account_id, title="Usage à Orléans"),
        "removed_plan_risk": PlanRisk(account_id=account_id, title="Retiré", deleted_at=None if gone else at),
        "plan_member": PlanMember(account_id=account_id, role="champion", name="Julien Perrot"),
        "removed_plan_member": PlanMember(
            account_id=account_id, role="champion", name="Parti", deleted_at=None if gone else at
        ),
    }
    db.session.add_all(made.values())
    db.session.flush()
    objective = db.session.get_one(Objective, known["objective"])
    made["objective_value"] = values.add(objective, 71, TODAY, by=by, at=at)
    contact = db.session.scalars(db.select(Contact).where(Contact.account_id == account_id)).first()
    assert contact is not None
    contact.email = f"julien{account_id}@client.test"
    made["share_link"] = links.issue(contact, by=by, at=at, on=TODAY)
    made["proposal"] = proposals.propose(account_id, "risk", {"title": "Import lent"}, at=at)
    made["plan_version"] = versions.publish(plan, seen=versions.digest(versions.content(plan)), by=by, at=at)
    said = [_said(account_id, plan.id, by) for _one in range(2)]
    kept = [starters.save(plan, "Modèle", "fr", by=by, at=at, on=TODAY) for _one in range(2)]
    starters.remove(kept[0] if gone else kept[1], by=by, at=at)
    if not gone:
        comments.remove(said[1], by=by, at=at)
    made |= {"plan_comment": said[0], "removed_plan_comment": said[1]}
    made |= {"plan_template": kept[0], "removed_plan_template": kept[1]}
    return {name: row.id for name, row in made.items()}


def _said(account_id: int, plan_id: int, by: int) -> Comment:
    user = db.session.get_one(User, by)
    return comments.say(account_id, ("plan", plan_id), "Noté.", at=clock.now(), user=user)
