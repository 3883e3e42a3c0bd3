"""How many attempts an address gets. Attempts are rows, so that a restart forgives nothing.

The network address is the one of the connection; headers that anybody can write (X-Forwarded-For) are never read.
An attempt is written before the password is checked, and taken back when it was right: a thousand guesses at the same
time count as a thousand.
"""

from datetime import datetime, timedelta

from flask import request
from sqlalchemy import Select

from haark import clock
from haark.extensions import db
from haark.people import rules, tokens
from haark.people.models import LoginAttempt

KEPT = timedelta(days=1)


def take(address: str, email: str | None, *, at: datetime) -> int:
    """Counts one attempt. 0 when it is allowed, else the seconds to wait; a refused attempt is not counted."""
    subjects = _subjects(address, email)
    waits = [rules.wait_until(_recent(subject, at), limit, at) for subject, limit in subjects]
    until = max((moment for moment in waits if moment), default=None)
    if until is not None:
        return max(1, round((until - at).total_seconds()))
    db.session.add_all(LoginAttempt(subject=subject, at=at) for subject, _limit in subjects)
    db.session.flush()
    return 0


def take_apart(address: str, *, at: datetime) -> int:
    """`take` for a GET, which must not write in its own transaction: on a connection of its own, committed at once."""
    subject, limit = _subjects(address, None)[0]
    with db.engine.begin() as connection:
        wait = rules.wait_until(list(connection.scalars(_failures(subject, at))), limit, at)
        if wait is None:
            connection.execute(db.insert(LoginAttempt).values(subject=subject, at=at))
            return 0
    return max(1, round((wait - at).total_seconds()))


def guess(kind: str) -> int:
    """Counts that the present request named a secret which opens nothing. 0, or the seconds to wait.

    `kind` keeps the guesses at one sort of link apart from those at another. A GET is counted on a connection of its
    own, a write in the request's, which is committed: nothing else happened in it.
    """
    guesser, at = f"{kind}:{request.remote_addr or ''}", clock.now()
    if request.method != "POST":
        return take_apart(guesser, at=at)
    wait = take(guesser, None, at=at)
    db.session.commit()
    return wait


def remaining(email: str, *, at: datetime) -> int:
    """How many attempts are left for an e-mail address, whether or not somebody has it."""
    (subject, limit) = _subjects("", email)[1]
    return max(0, limit - len(_recent(subject, at)))


def forgive(address: str, email: str | None, *, at: datetime) -> None:
    """After the right password: the failures of the e-mail address are forgotten, of the network only this attempt."""
    for subject, _limit in _subjects(address, email)[1:]:
        db.session.execute(db.delete(LoginAttempt).where(LoginAttempt.subject == subject))
    here = _subjects(address, None)[0][0]
    db.session.execute(db.delete(LoginAttempt).where(LoginAttempt.subject == here, LoginAttempt.at == at))
    db.session.execute(db.delete(LoginAttempt).where(LoginAttempt.at < at - KEPT))


def _subjects(address: str, email: str | None) -> list[tuple[str, int]]:
    found = [(tokens.digest(f"address:{address}"), rules.PER_ADDRESS)]
    if email is not None:
        found.append((tokens.digest(f"email:{rules.normal_email(email)}"), rules.PER_EMAIL))
    return found


def _recent(subject: str, at: datetime) -> list[datetime]:
    return list(db.session.scalars(_failures(subject, at)))


def _failures(subject: str, at: datetime) -> Select[tuple[datetime]]:
    since = at - rules.WINDOW
    query: Select[tuple[datetime]] = db.select(LoginAttempt.at)
    return query.where(LoginAttempt.subject == subject, LoginAttempt.at > since)
