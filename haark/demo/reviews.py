"""The business reviews of the sample: those held in the last two years, and the few that are planned.

Observations only: that a review took place, of which kind, on which day. Who is due or late follows from the policy.
"""

from datetime import date, timedelta
from random import Random

from sqlalchemy import update

from haark import clock
from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem
from haark.cadence import placing, rules
from haark.cadence.models import Review
from haark.demo import story
from haark.demo.cast import CLIENTS, VALMORIN, Client
from haark.demo.courses import DAYS
from haark.events.domain import record
from haark.extensions import db

# Days between two reviews of a kind, a little irregular as in life; days since the last one, by how the client goes.
EVERY = {"qbr": 91, "mbr": 30, "call": 160}
LAST = {"growing": (4, 80), "steady": (8, 86), "young": (6, 60), "watch": (40, 92), "failing": (95, 170)}
QUIET = (150, 260)
SHORTEST = 20  # a monthly review is at the earliest so many days after the one before
# Years end with an executive review for the largest: the third of four.
EXECUTIVE = 2
# Client, days from today by which the next one is to be held: what their CSMs had put into the calendar by today.
PLANNED = {"S-032": 6, "S-017": 6, "S-011": 7, "S-038": 18, "S-042": 15}
# What Groupe Valmorin and its CSM promised each other at the last review: title, ours, and by days from today when it
# was due and done (None: dropped). Two promises of that day are among the open actions: see PROMISED_OPEN.
PROMISED = (
    ("Envoyer le détail des pénalités évitées", True, -58, -60),
    ("Corriger les droits d’accès de l’équipe d’Orléans", True, -51, -53),
    ("Nommer un référent à Orléans", False, -40, -33),
    ("Valider le modèle de litige avec le contrôle de gestion", False, -30, None),
)
PROMISED_OPEN = ("Rouvrir les accès d’Orléans", "Reprise en main de deux heures à Orléans")


def hold(on: date) -> None:
    """Keeps the reviews held before `on`, and the planned ones; the caller commits and has the accounts judged."""
    accounts = {account.external_id: account for account in db.session.scalars(db.select(Account))}
    made = [
        review for client in CLIENTS if client.story != "bare" for review in _reviews(client, accounts[client.key], on)
    ]
    db.session.add_all(made)
    db.session.flush()
    for review in made:
        _tell(review)
    own = accounts[VALMORIN.key].id
    last = max((one for one in made if one.account_id == own and one.held_on), key=lambda one: one.held_on or on)
    _promise(last, on)
    db.session.flush()


def _promise(review: Review, on: date) -> None:
    """What the review ended with, and how it went since (XB-1)."""
    assert review.held_on is not None
    said = clock.start_of(review.held_on) + timedelta(hours=16)
    champion = db.session.scalar(
        db.select(Contact.id).where(Contact.account_id == review.account_id, Contact.role == "champion")
    )
    source = {"source_kind": "review", "source_id": review.id, "created_at": said}
    for title, ours, due, done in PROMISED:
        finished = None if done is None else clock.start_of(on + timedelta(days=done)) + timedelta(hours=11)
        db.session.add(
            ActionItem(
                account_id=review.account_id,
                title=title,
                owner_user_id=review.created_by_id if ours else None,
                owner_contact_id=None if ours else champion,
                due_on=on + timedelta(days=due),
                state="cancelled" if finished is None else "done",
                done_at=finished,
                done_by_id=review.created_by_id if finished else None,
                created_by_id=review.created_by_id,
                **source,
            )
        )
    waiting = update(ActionItem).where(ActionItem.account_id == review.account_id, ActionItem.title.in_(PROMISED_OPEN))
    db.session.execute(waiting.values(**source))


def _tell(review: Review) -> None:
    """The event that the history shows: on the day of the review, or when it was planned."""
    assert review.due_on is not None
    told = {"what": review.kind, "period": review.period}
    if review.held_on is not None:
        kind, at = "review.held", clock.start_of(review.held_on) + timedelta(hours=16)
        told["held_on"] = review.held_on.isoformat()
    else:
        kind, at = "review.planned", review.created_at
        told["due_on"] = review.due_on.isoformat()
    subject = ("review", review.id)
    record(kind, at=at, by=review.created_by_id, account_id=review.account_id, subject=subject, **told)


def _reviews(client: Client, account: Account, on: date) -> list[Review]:
    """Newest first, each in the period that holds its day, else in the month: as planning itself does."""
    found: list[Review] = []
    days = [(day, _kind(client, number), True) for number, day in enumerate(_days(client, on))]
    if client.key in PLANNED:
        days.append((max(on, story.working(on + timedelta(days=PLANNED[client.key]))), "qbr", False))
    for day, kind, held in days:
        periods = (rules.containing(day, unit) for unit in (placing.UNITS[kind], "month"))
        period = next((one for one in periods if one.code not in {review.period for review in found}), None)
        if period is None:
            continue
        noted = day - timedelta(days=14) if held else on - timedelta(days=3)
        found.append(
            Review(
                account_id=account.id,
                kind=kind,
                period=period.code,
                period_start=period.start,
                period_end=period.end,
                language=client.language,
                state="held" if held else "planned",
                due_on=day,
                held_on=day if held else None,
                created_at=clock.start_of(noted) + timedelta(hours=10),
                created_by_id=account.owner_id,
            )
        )
    return found


def _days(client: Client, on: date) -> list[date]:
    pick = story.dice(client, "reviews")
    usual = _usual(client)
    begin = max(story.started(client, on) + timedelta(days=30), on - timedelta(days=DAYS))
    ago = _last(client, usual, pick)
    days = []
    while (day := story.working(on - timedelta(days=ago))) >= begin:
        days.append(day)
        step = EVERY[usual] + (0 if client is VALMORIN else pick.randrange(-9, 10))
        ago += max(SHORTEST, step)
    return days


def _last(client: Client, usual: str, pick: Random) -> int:
    """Days since the last review: within the month for monthly ones, otherwise by how the client goes."""
    if client is VALMORIN:
        return 65
    if usual == "mbr" and client.story not in ("quiet", "failing"):
        return pick.randrange(3, 34)
    return pick.randrange(*LAST.get(client.story, QUIET))


def _usual(client: Client) -> str:
    return "call" if client.arr < 5_000 else "mbr" if client.arr < 20_000 else "qbr"


def _kind(client: Client, number: int) -> str:
    executive = client.arr > 100_000 and number % 4 == EXECUTIVE
    return "ebr" if executive else _usual(client)
