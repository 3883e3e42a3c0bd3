"""What Groupe Valmorin and we said to each other on the shared plan: links, openings, comments, proposals."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import select

from haark import clock
from haark.accounts.models import Account, Contact
from haark.comments import domain as comments
from haark.demo.cast import VALMORIN
from haark.extensions import db
from haark.people.models import User
from haark.plans import links
from haark.plans.models import Objective, Plan, Proposal, ShareVisit

SHARED = 40  # days ago
# Who opened the plan how many days ago, and on what.
OPENED = (("Julien Perrot", 38, "computer"), ("Sophie Marchand", 33, "phone"), ("Julien Perrot", 6, "phone"))


def share(on: date) -> None:
    """The story of one shared plan; commits."""
    account = db.session.scalars(select(Account).where(Account.external_id == VALMORIN.key)).one()
    people = {one.name: one for one in db.session.scalars(select(Contact).where(Contact.account_id == account.id))}
    claire = db.session.get_one(User, account.owner_id)
    made = {
        name: links.issue(people[name], by=claire.id, at=_at(on, SHARED), on=on - timedelta(SHARED))
        for name in ("Sophie Marchand", "Julien Perrot")
    }
    for name, ago, device in OPENED:
        # The cookie of these visits is lost: they are only remembered.
        digest = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
        at = _at(on, ago)
        db.session.add(ShareVisit(link_id=made[name].id, token_hash=digest, at=at, device=device, expires_at=at))
    _talk(account.id, people, claire, on)
    _propose(account.id, people, claire, on)
    db.session.commit()


def _talk(account_id: int, people: dict[str, Contact], claire: User, on: date) -> None:
    plan = db.session.scalars(select(Plan.id).where(Plan.account_id == account_id)).first()
    about = ("plan", plan)
    text = "Les tarifs transporteurs partent chez vous cette semaine."
    comments.say(account_id, about, text, at=_at(on, 6), contact=people["Julien Perrot"])
    text = "Sophie, le plan de reprise d’Orléans est prêt. Pouvez-vous confirmer la date du 4 décembre ?"
    comments.say(account_id, about, text, at=_at(on, 1), user=claire, internal=False)
    text = "Sophie n’a pas rouvert le plan depuis un mois : l’appeler avant le QBR."
    comments.say(account_id, about, text, at=_at(on, 1, 18), user=claire)


def _propose(account_id: int, people: dict[str, Contact], claire: User, on: date) -> None:
    """One of Julien's was declined with a word, one of Sophie's waits."""
    rows = {
        row.title: row
        for row in db.session.scalars(
            select(Objective).where(Objective.account_id == account_id, Objective.deleted_at.is_(None))
        )
    }
    first, last = rows["Litiges traités sous 48 h"], rows["Utilisateurs actifs"]
    declined = Proposal(account_id=account_id, subject_kind="objective", subject_id=first.id, at=_at(on, 33))
    declined.changes = {"due_on": [_day(first.due_on), _day((first.due_on or on) + timedelta(90))]}
    declined.reason = "Trois mois de plus nous arrangeraient."
    declined.state, declined.decided_at, declined.decided_by_id = "declined", _at(on, 31), claire.id
    declined.answer = "L’objectif est presque atteint : gardons la date, et fixons la suite au QBR."
    waiting = Proposal(account_id=account_id, subject_kind="objective", subject_id=last.id, at=_at(on, 5))
    waiting.changes = {"target": [last.target, (last.target or 0) - 10]}
    waiting.reason = "Dix postes d’Orléans passent sur l’outil du groupe en janvier."
    for proposal, name in ((declined, "Julien Perrot"), (waiting, "Sophie Marchand")):
        proposal.contact_id, proposal.author_name = people[name].id, name
        proposal.source_kind = "sharing"
        db.session.add(proposal)


def _at(on: date, ago: int, hour: int = 17) -> datetime:
    """So many days ago, at an hour of Paris."""
    return clock.start_of(on - timedelta(ago)) + timedelta(hours=hour, minutes=20)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
