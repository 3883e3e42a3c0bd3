"""Kills of the mail worker at random, against a real queue server and a real SMTP server.

The suite makes a few, `bin/torture mail` a few hundred. What must hold: every mail ends sent or uncertain; a sent one
arrived exactly once, an uncertain one at most once; nothing arrived twice, nothing is lost.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import sqlalchemy as sa

from haark.extensions import db
from haark.jobs import bell
from haark.mail import domain
from haark.mail.models import Mail
from tests.jobs.conftest import QUICK, Yard
from tests.mail.conftest import wanted
from tests.mail.post_office import PostOffice, open_office
from tests.support.patience import until

SETTLED = ("sent", "uncertain")


@dataclass
class Result:
    """What a campaign found; `wrong` names each mail that broke a rule."""

    kills: int
    mails: int
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)
    tries: int = 0
    talking: int = 0  # kills in the middle of a conversation
    arrived: int = 0
    uncertain_that_arrived: int = 0
    lost: int = 0
    twice: int = 0
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@contextmanager
def yard_with(office: PostOffice, folder: Path) -> Iterator[Yard]:
    """Processes that send to this office, with short leases."""
    changed = {**QUICK, "SMTP_URL": office.url(timeout=0.5, final=1)}
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yard = Yard(folder)
        try:
            yield yard
        finally:
            yard.close()
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


def run(kills: int, mails: int, folder: Path, seed: int) -> Result:
    """`kills` of the worker while `mails` are on their way, then quiet until everything has settled."""
    chance, result, started = random.Random(seed), Result(kills, mails), time.monotonic()
    with open_office() as office, yard_with(office, folder) as yard:
        office.slowness = 0.03
        yard.sweeper()
        for number in range(kills):
            post_some(yard, number, kills, mails)
            before = office.conversations
            worker = yard.worker("mail")
            # Every other one just begins, or is idle; the others talk, which takes about as long as is waited.
            at_random(chance, office, before if number % 2 else None)
            result.talking += office.talking > 0
            os.kill(worker, signal.SIGKILL)
        yard.worker("mail")
        office.slowness = 0.0
        with suppress(AssertionError):  # what has not settled by then is named as wrong
            until(lambda: settled(yard) == mails, 60 + 2 * mails)
        judge(yard, office, result)
    result.seconds = round(time.monotonic() - started, 1)
    return result


def at_random(chance: random.Random, office: PostOffice, before: int | None) -> None:
    """Waits for a random instant: of a worker's beginning, or of its next conversation after `before` of them."""
    if before is not None:
        with suppress(AssertionError):  # no mail was left for it
            until(lambda: office.conversations > before, 2)
    time.sleep(chance.uniform(0.0, 0.9 if before is None else 0.25))


def post_some(yard: Yard, number: int, kills: int, mails: int) -> None:
    """An even share of the mails before each kill."""
    for share in range(number * mails // kills, (number + 1) * mails // kills):
        with yard.app.app_context():
            domain.post(**wanted(key=f"campaign:{share}", to=domain.Person(f"person{share}@valmorin.test")))
            db.session.commit()
            bell._deaf_until = 0.0


def settled(yard: Yard) -> int:
    with yard.app.app_context():
        db.session.connection(execution_options={"readonly": True})
        return db.session.scalar(sa.select(sa.func.count()).where(Mail.state.in_(SETTLED))) or 0


def judge(yard: Yard, office: PostOffice, result: Result) -> None:
    copies = office.copies()
    with yard.app.app_context():
        rows = db.session.execute(sa.select(Mail.message_id, Mail.state, Mail.attempts, Mail.error)).all()
    result.states = dict(Counter(row.state for row in rows))
    result.tries = sum(row.attempts for row in rows)
    result.arrived = sum(copies.values())
    for message_id, state, attempts, error in rows:
        arrived = copies[message_id]
        result.twice += arrived > 1
        result.lost += state == "sent" and arrived == 0
        result.uncertain_that_arrived += state == "uncertain" and arrived == 1
        if arrived > 1 or (state == "sent" and arrived != 1) or state not in SETTLED:
            result.wrong.append(f"{message_id} is {state} ({error}) after {attempts} tries and arrived {arrived} times")
