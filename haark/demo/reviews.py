"""The business reviews of the sample: those held in the last two years, and the few that are planned.

Observations only: that a review took place, of which kind, on which day. Who is due or late follows from the policy.
"""

from datetime import date, timedelta
from random import Random

from haark import clock
from haark.accounts.models import Account
from haark.cadence import domain as cadence
from haark.cadence import rules
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
PLANNED = (
    ("S-032", 6),
    ("S-017", 6),
    ("S-011", 7),
    ("S-038", 18),
    ("S-042", 15),
)


def hold(on: date) -> None:
    """Keeps the reviews held before `on`, and plans the coming ones; the caller commits."""
    accounts = {account.external_id: account for account in db.session.scalars(db.select(Account))}
    held = [
        (review, accounts[client.key])
        for client in CLIENTS
        if client.story != "bare"
        for review in _reviews(client, accounts[client.key], on)
    ]
    db.session.add_all(review for review, _account in held)
    db.session.flush()
    for review, account in held:
        assert review.held_on is not None
        told = {"what": review.kind, "period": review.period, "held_on": review.held_on.isoformat()}
        at = clock.start_of(review.held_on) + timedelta(hours=16)
        subject = ("review", review.id)
        record("review.held", at=at, by=account.owner_id, account_id=account.id, subject=subject, **told)
    db.session.flush()
    _plan(accounts, on)


def _reviews(client: Client, account: Account, on: date) -> list[Review]:
    """Newest first, each in the period that holds its day, else in the month: as planning itself does."""
    found, taken = [], set()
    for number, day in enumerate(_days(client, on)):
        kind = _kind(client, number)
        periods = (rules.containing(day, unit) for unit in (cadence.UNITS[kind], "month"))
        period = next((one for one in periods if one.code not in taken), None)
        if period is None:
            continue
        taken.add(period.code)
        found.append(
            Review(
                account_id=account.id,
                kind=kind,
                period=period.code,
                period_start=period.start,
                period_end=period.end,
                language=client.language,
                state="held",
                due_on=day,
                held_on=day,
                created_at=clock.start_of(day - timedelta(days=14)) + timedelta(hours=10),
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


def _plan(accounts: dict[str | None, Account], on: date) -> None:
    """A few that their CSM has put into the calendar already."""
    for key, days in PLANNED:
        account = accounts[key]
        at = clock.start_of(on - timedelta(days=3)) + timedelta(hours=9)
        day = story.working(on + timedelta(days=days))
        cadence.plan_review(account.id, "qbr", max(day, on), by=account.owner_id, at=at, on=on)
