"""What makes the day of the sample's CSM: two meetings of yesterday whose recaps wait, promises due around today.

Observations only: that a meeting ended, what somebody promised by when, what was done.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from haark import clock
from haark.accounts.models import Account
from haark.actions.models import ActionItem
from haark.cadence import rules
from haark.cadence.models import Review
from haark.demo import story
from haark.demo.cast import CLIENTS
from haark.extensions import db
from haark.notices import domain as notices
from haark.people.models import User
from haark.reviews.meeting.models import Capture, Meeting

# Whose review ended yesterday, at which minute of the day; what was noted in the first one.
MET = (("Messagerie Alpine", 16 * 60), ("Régie Eaux du Lac", 17 * 60 + 30))
NOTED = (
    ("decision", "Ouvrir le portail aux transporteurs du Sud en janvier"),
    ("decision", "Garder un point par mois jusqu’au printemps"),
    ("action", "Envoyer le comparatif des délais par région"),
    ("question", "Qui valide les nouveaux motifs de retard ?"),
)
WELL = ("growing", "steady", "young")
# Account, what was promised, and in how many days it is due.
PROMISES = (
    ("Maison Arvel", "Rappeler la direction logistique", -8),
    ("Ville de Saint-Aubrac", "Répondre au DAF sur la hausse de prix", -1),
    ("Transports Kerdoncuff", "Valider le deck avec Hugo", 0),
    ("Harbour & Lane Foods", "Envoyer le guide des alertes", 0),
    ("Clinéa Santé", "Préparer l’offre de renouvellement", 1),
    ("Groupe Montclar", "Inviter le nouveau champion", 1),
)


def fill(on: date) -> None:
    """The day of the sample's CSM, seen from `on`; the caller commits and has the accounts judged."""
    accounts = {row.name: row for row in db.session.scalars(select(Account))}
    _finished(on)
    for name, ended in MET:
        _meet(accounts[name], on, ended, NOTED if name == MET[0][0] else ())
    for name, title, days in PROMISES:
        account = accounts[name]
        db.session.add(
            ActionItem(
                account_id=account.id,
                title=title,
                owner_user_id=account.owner_id,
                due_on=on + timedelta(days),
                created_at=_at(on, 12, 10 * 60),
                created_by_id=account.owner_id,
            )
        )
    db.session.flush()
    _tell(accounts, on)


def _finished(on: date) -> None:
    """Where all goes well, what was promised for the days before was done on its day."""
    keys = [client.key for client in CLIENTS if client.story in WELL]
    accounts = select(Account.id).where(Account.external_id.in_(keys))
    past = (ActionItem.due_on < on, ActionItem.state == "open", ActionItem.owner_user_id.is_not(None))
    for item in db.session.scalars(select(ActionItem).where(ActionItem.account_id.in_(accounts), *past)):
        item.state, item.done_by_id = "done", item.owner_user_id
        item.done_at = clock.start_of(item.due_on or on) + timedelta(hours=11)
    db.session.flush()


def _meet(account: Account, on: date, minute: int, noted: Sequence[tuple[str, str]]) -> None:
    """A review that ended yesterday and whose recap waits."""
    day = story.working(on - timedelta(1))
    period = rules.containing(day, "quarter")
    taken = select(Review.id).where(Review.account_id == account.id, Review.period == period.code)
    recent = select(Review.id).where(Review.account_id == account.id, Review.held_on > on - timedelta(25))
    if db.session.scalar(taken) or db.session.scalar(recent):
        return
    ended = clock.start_of(day) + timedelta(minutes=minute)
    review = Review(
        account_id=account.id,
        kind="qbr",
        period=period.code,
        period_start=period.start,
        period_end=period.end,
        language=account.language,
        state="held",
        due_on=day,
        held_on=day,
        created_at=ended - timedelta(days=21),
        created_by_id=account.owner_id,
    )
    db.session.add(review)
    db.session.flush()
    db.session.add(Meeting(review_id=review.id, started_at=ended - timedelta(minutes=50), ended_at=ended, part=5))
    for number, (kind, text) in enumerate(noted):
        said = ended - timedelta(minutes=20 - number)
        row = Capture(review_id=review.id, token=f"sample-{review.id}-{number}", kind=kind, text=text, part=4, at=said)
        row.author_id = account.owner_id
        db.session.add(row)
        if kind == "action":
            row.owner_user_id, row.due_on = account.owner_id, day + timedelta(10)
            item = ActionItem(account_id=account.id, title=text, owner_user_id=account.owner_id, due_on=row.due_on)
            item.source_kind, item.source_id = "review", review.id
            item.created_at, item.created_by_id = ended, account.owner_id
            db.session.add(item)
            db.session.flush()
            row.action_id = item.id


def _tell(accounts: dict[str, Account], on: date) -> None:
    """What Claire finds when she opens her notices."""
    nadia = db.session.scalar(select(User).where(User.email == "manager@demo.haark.test"))
    account = accounts["Maison Arvel"]
    item = db.session.scalar(select(ActionItem).where(ActionItem.title == PROMISES[0][1]))
    if nadia is None or item is None:
        return
    about = {"account_id": account.id, "actor_name": nadia.name, "account": account.name}
    notices.tell(
        [account.owner_id],
        "assigned",
        "action",
        at=_at(on, 12, 10 * 60),
        by=nadia.id,
        subject=("action", item.id),
        title=item.title,
        **about,
    )


def _at(on: date, ago: int, minute: int) -> datetime:
    return clock.start_of(on - timedelta(ago)) + timedelta(minutes=minute)
