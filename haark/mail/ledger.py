"""What happens to a mail on its way, each step in a short transaction of its own.

An attempt's number is its fence: a process that lost the message (killed, lease over) can no longer change its row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, insert, or_, select, update

from haark.extensions import db
from haark.files.models import StoredFile
from haark.jobs.models import OPEN_STATES, Job
from haark.mail import rules
from haark.mail.models import Mail, MailAttempt, MailPart, Suppression
from haark.mail.smtp import Outcome

MAILS: Table = Mail.__table__
ATTEMPTS: Table = MailAttempt.__table__
# How many rows one turn of the sweeper speaks of.
TURN = 500


@dataclass(frozen=True)
class Attempt:
    """One try of one mail. `tries` counts those since a person last asked for it."""

    mail_id: int
    number: int
    tries: int
    mail: Row[Any]
    parts: Sequence[Row[Any]]


def suppressed() -> Any:
    """Whether the address of a mail's row gets no more mail of this kind: a condition."""
    return (
        select(Suppression.id)
        .where(Suppression.address == MAILS.c.to_address, Suppression.kind.in_(["", MAILS.c.kind]))
        .exists()
    )


def claim(mail_id: int, at: datetime, lease: timedelta) -> Attempt | None:
    """Takes a mail and counts the try, committed before anything is said to a server.

    None when there is nothing to do: sent, taken, not yet due, unknown, or its address gets no more mail.
    """
    mine = MAILS.c.id == mail_id
    due = and_(MAILS.c.state == "queued", or_(MAILS.c.next_at.is_(None), MAILS.c.next_at <= at))
    with db.engine.begin() as connection:
        quiet = {"state": "suppressed", "next_at": None, "error": "suppressed", "updated_at": at}
        connection.execute(update(MAILS).where(mine, due, suppressed()).values(**quiet))
        taken = connection.execute(
            update(MAILS)
            .where(mine, due)
            .values(
                state="leased",
                attempts=MAILS.c.attempts + 1,
                tries=MAILS.c.tries + 1,
                lease_until=at + lease,
                next_at=None,
                updated_at=at,
            )
        )
        if not taken.rowcount:
            return None
        row = connection.execute(select(MAILS).where(mine)).one()
        connection.execute(insert(ATTEMPTS).values(mail_id=mail_id, number=row.attempts, began_at=at, **_blank()))
        parts: Sequence[Any] = connection.execute(
            select(MailPart.name, MailPart.media_type, MailPart.method, MailPart.text, StoredFile.sha256)
            .outerjoin(StoredFile, StoredFile.id == MailPart.file_id)
            .where(MailPart.mail_id == mail_id)
            .order_by(MailPart.id)
        ).all()
    return Attempt(mail_id, row.attempts, row.tries, row, parts)


def _blank() -> dict[str, str]:
    return {"phase": "", "outcome": "", "answer": ""}


def keep(mail_id: int, at: datetime) -> bool:
    """No relay is set: the mail stays here, to be read at /outbox, until a person sends it."""
    with db.engine.begin() as connection:
        held = update(MAILS).where(MAILS.c.id == mail_id, MAILS.c.state == "queued")
        values = {"state": "kept", "next_at": None, "error": "no_relay", "updated_at": at}
        return bool(connection.execute(held.values(**values)).rowcount)


def sending(attempt: Attempt, at: datetime, lease: timedelta) -> bool:
    """The server waits for the body: from here on a crash leaves doubt. False when the mail is no longer ours."""
    mine = and_(MAILS.c.id == attempt.mail_id, MAILS.c.attempts == attempt.number, MAILS.c.state == "leased")
    with db.engine.begin() as connection:
        values = {"state": "sending", "lease_until": at + lease, "updated_at": at}
        return bool(connection.execute(update(MAILS).where(mine).values(**values)).rowcount)


def finish(attempt: Attempt, outcome: Outcome, at: datetime) -> str:
    """Writes what became of a try and returns the mail's state, `` when it was no longer ours.

    A mail that the sweeper called uncertain meanwhile is still this attempt's: knowing is better than doubting. And one
    that was taken need not go again, though a person has just asked for it.
    """
    values = _after(attempt.tries, outcome, at)
    if values["state"] == "sent":
        values |= _emptied(attempt.mail)
    held = MAILS.c.state.in_(("leased", "sending", "uncertain", *(["queued"] if outcome.state == "sent" else [])))
    with db.engine.begin() as connection:
        mine = and_(MAILS.c.id == attempt.mail_id, MAILS.c.attempts == attempt.number, held)
        found = connection.execute(update(MAILS).where(mine).values(**values)).rowcount
        _note(connection, attempt.mail_id, attempt.number, at, outcome)
    return str(values["state"]) if found else ""


def _after(tries: int, outcome: Outcome, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"lease_until": None, "next_at": None, "answer": outcome.answer, "updated_at": at}
    if outcome.state == "sent":
        return values | {"state": "sent", "error": "", "sent_at": at}
    if outcome.state == "later":
        verdict = rules.after_fault(tries, at)
        return values | {"state": verdict.state, "next_at": verdict.next_at, "error": verdict.error}
    return values | {"state": outcome.state, "error": {"failed": "refused", "uncertain": "unanswered"}[outcome.state]}


def _emptied(mail: Row[Any]) -> dict[str, str]:
    return {"text": "", "html": ""} if mail.private else {}


def _note(connection: Connection, mail_id: int, number: int, at: datetime, outcome: Outcome) -> None:
    mine = and_(ATTEMPTS.c.mail_id == mail_id, ATTEMPTS.c.number == number)
    values = {"ended_at": at, "phase": outcome.phase, "outcome": outcome.state, "answer": outcome.answer}
    connection.execute(update(ATTEMPTS).where(mine).values(**values))


def release_stale(at: datetime) -> dict[int, str]:
    """Mails whose process is gone: id -> new state. Leased: tried again. Sending: nobody knows, so a person decides."""
    stale = and_(MAILS.c.state.in_(("leased", "sending")), MAILS.c.lease_until < at)
    columns = select(MAILS.c.id, MAILS.c.attempts, MAILS.c.tries, MAILS.c.state)
    with db.engine.execution_options(readonly=True).connect() as connection:
        lost = connection.execute(columns.where(stale).limit(TURN)).all()
    states: dict[int, str] = {}
    if not lost:
        return states
    with db.engine.begin() as connection:
        for mail_id, attempts, tries, state in lost:
            uncertain = state == "sending"
            outcome = Outcome("uncertain" if uncertain else "later", "answer" if uncertain else "", "")
            values = _after(tries, outcome, at)
            if values["state"] != "failed":
                values["error"] = "interrupted"
            if values["state"] == "queued":
                values["next_at"] = at  # the fault was ours, no server asked us to wait
            held = and_(MAILS.c.id == mail_id, MAILS.c.attempts == attempts, MAILS.c.state == state, stale)
            if connection.execute(update(MAILS).where(held).values(**values)).rowcount:
                _note(connection, mail_id, attempts, at, outcome)
                states[mail_id] = values["state"]
    return states


def due(at: datetime) -> list[int]:
    """Queued mails whose time has come and for which no job is on its way."""
    ringing = select(Job.id).where(Job.id == MAILS.c.job_id, Job.state.in_(OPEN_STATES)).exists()
    ready = and_(MAILS.c.state == "queued", or_(MAILS.c.next_at.is_(None), MAILS.c.next_at <= at), ~ringing)
    with db.engine.execution_options(readonly=True).connect() as connection:
        return list(connection.scalars(select(MAILS.c.id).where(ready).order_by(MAILS.c.id).limit(TURN)))
