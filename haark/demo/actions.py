"""The reference client's actions alive: steps half done, what the team and the client say, what they move forward."""

from datetime import date, datetime, time, timedelta

from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem, ActionStep
from haark.comments import domain as comments
from haark.demo import valmorin
from haark.extensions import db
from haark.people.models import User
from haark.plans.models import Milestone

BADGES, IMPORT, TRAINING = (
    "Rouvrir les accès d’Orléans",
    "Livrer le correctif de l’import EDI",
    "Reprise en main de deux heures à Orléans",
)
STEPS = (
    ("Lister les 17 comptes fermés", 6),
    ("Faire valider la liste par Julien Perrot", 3),
    ("Rouvrir et prévenir", None),
)


def enliven(on: date) -> None:
    """Steps, comments and links for Groupe Valmorin, seen from `on`. Flushes; the caller commits."""
    account = db.session.scalar(db.select(Account).where(Account.external_id == valmorin.KEY))
    if account is None:
        return
    items = {item.title: item for item in db.session.scalars(db.select(ActionItem).filter_by(account_id=account.id))}
    if not {BADGES, IMPORT, TRAINING} <= items.keys():
        return
    for position, (title, ago) in enumerate(STEPS):
        done = None if ago is None else _at(on, ago, 11)
        by = None if ago is None else account.owner_id
        db.session.add(
            ActionStep(action_id=items[BADGES].id, position=position, title=title, done_at=done, done_by_id=by)
        )
    items[BADGES].state = "in_progress"
    items[BADGES].note = "L’équipe de nuit d’Orléans a perdu ses accès au changement d’annuaire."
    _serve(items[TRAINING], account.id)
    _talk(account, items, on)
    db.session.flush()


def _serve(item: ActionItem, account_id: int) -> None:
    """It moves the next milestone of the plan forward."""
    wanted = db.select(Milestone.id).where(Milestone.account_id == account_id, Milestone.state != "done")
    milestone = db.session.scalar(wanted.order_by(Milestone.position).limit(1))
    if milestone is not None:
        item.serves_kind, item.serves_id = "milestone", milestone


def _talk(account: Account, items: dict[str, ActionItem], on: date) -> None:
    hugo = db.session.scalar(db.select(User).where(User.email == "sales@demo.haark.test"))
    julien = db.session.scalar(
        db.select(Contact).where(Contact.account_id == account.id, Contact.name == "Julien Perrot")
    )
    about = ("action", items[IMPORT].id)
    if hugo is not None:
        text = "@claire le correctif part avec la version de vendredi, je préviens Anne Leclerc."
        comments.say(account.id, about, text, user=hugo, at=_at(on, 1, 16))
    if julien is not None:
        text = "Chez nous tout est prêt pour l’essai : deux fichiers de la semaine dernière."
        comments.say(account.id, about, text, contact=julien, at=_at(on, 0, 8))


def _at(on: date, ago: int, hour: int) -> datetime:
    return datetime.combine(on - timedelta(days=ago), time(hour), valmorin.PARIS)
