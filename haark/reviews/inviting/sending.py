"""Invitations, their changes, reminders and cancellations, as mails in the outbox (RV-8).

One UID for the life of a review; SEQUENCE rises with each change and with a cancellation. A mail's key is its person
and SEQUENCE, so that asking twice is asking once. Verbs flush; the caller commits, and the mails leave after that.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from flask import current_app

from haark.cadence import domain as cadence
from haark.cadence.domain import CadenceError
from haark.cadence.models import Review
from haark.extensions import db
from haark.mail import calendar, compose
from haark.mail import domain as mail
from haark.mail import rules as mail_rules
from haark.mail.rules import MailRefused
from haark.reviews.inviting import domain, letters, queries
from haark.reviews.inviting.letters import Letter, Occasion
from haark.reviews.inviting.models import Participant


@dataclass
class Sent:
    """Names of those who were written to, and of those whose address mail cannot reach."""

    names: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def invite(review: Review, *, by: int | None, at: datetime, on: date) -> Sent:
    """Invites whoever is chosen and not invited, tells the invited what changed, and sets the review's date.

    CadenceError: state, time, past (the meeting has begun). InvitationError: nobody.
    """
    if review.starts_at is None:
        raise CadenceError("time")
    if review.starts_at <= at:
        raise CadenceError("past")
    rows = domain.adopt(review, on)
    if not review.invite_uid:
        host = urlsplit(str(current_app.config["HAARK_URL"])).hostname or "haark"
        review.invite_uid = f"{secrets.token_hex(16)}@{host}"
    here = {one.id for one in domain.people(review, on) if one.waits(review.invite_sequence)}
    occasion, done, guests = Occasion(review), Sent(), guests_of(rows)
    for row in (row for row in rows if row.id in here):
        try:
            with db.session.begin_nested():
                _invite(occasion, row, guests, by=by, at=at)
            done.names.append(row.name)
        except MailRefused:
            done.refused.append(row.name)
    if done.names:
        cadence.set_date(review, by=by, at=at, on=on)
    return done


def _invite(
    occasion: Occasion, row: Participant, guests: tuple[calendar.Guest, ...], *, by: int | None, at: datetime
) -> None:
    review, again = occasion.review, row.invited_at is not None
    purpose, sequence = ("update" if again else "invitation"), review.invite_sequence
    moved = again and row.invited_for != review.starts_at
    written = letters.letter(occasion, row, purpose, at=at, guests=guests, sequence=sequence)
    _post(occasion, row, written, purpose, "REQUEST", sequence, by=by, at=at)
    row.invited_at, row.invited_sequence, row.invited_for = row.invited_at or at, sequence, review.starts_at
    row.reply_hash = hash_of(review, row.id)
    if moved:
        domain.forget_answer(row)
    db.session.flush()


def withdraw(review: Review, row: Participant, *, by: int | None, at: datetime) -> None:
    """Somebody invited is told that they need not come. Nothing happens to one who was not invited."""
    if row.invited_at is None:
        return
    before = review.invite_sequence
    others = [one for one in queries.participants(review.id) if one.id != row.id and one.invited_sequence == before]
    _cancel(Occasion(review), [row], before + 1, by=by, at=at)
    # A later invitation of theirs stands above the cancellation; nothing changed for the others.
    review.invite_sequence = before + 2
    for one in others:
        one.invited_sequence = review.invite_sequence
    db.session.flush()


def call_off(account_id: int, *, at: datetime) -> int:
    """Reviews of an account that were cancelled or deleted: those invited are told. The number of mails."""
    total = 0
    for review in queries.called_off(account_id):
        rows = [row for row in queries.participants(review.id, chosen=False) if row.invited_at is not None]
        review.invite_sequence += 1
        _cancel(Occasion(review), rows, review.invite_sequence, by=None, at=at)
        review.invite_sequence += 1
        total += len(rows)
    db.session.flush()
    return total


def _cancel(occasion: Occasion, rows: Sequence[Participant], sequence: int, *, by: int | None, at: datetime) -> None:
    guests = guests_of(rows)
    for row in rows:
        written = letters.letter(occasion, row, "cancellation", at=at, guests=guests, sequence=sequence)
        _post(occasion, row, written, "cancellation", "CANCEL", sequence, by=by, at=at)
        row.invited_at = row.invited_sequence = row.invited_for = row.reply_hash = row.replied_at = None
        row.reply, row.reply_note, row.other_at, row.reminded_at = "", "", None, None


def remind(row: Participant, occasion: Occasion, *, at: datetime) -> None:
    """One reminder for one meeting time, with the invitation again; asking twice is asking once."""
    review = occasion.review
    assert review.starts_at is not None
    guests, sequence = guests_of(queries.participants(review.id)), row.invited_sequence or 0
    written = letters.letter(occasion, row, "reminder", at=at, guests=guests, sequence=sequence)
    key = f"reminder:{row.id}:{review.starts_at.isoformat()}"
    _post(occasion, row, written, "reminder", "REQUEST", sequence, by=None, at=at, key=key)
    row.reminded_at = at
    db.session.flush()


def _post(
    occasion: Occasion,
    row: Participant,
    written: Letter,
    purpose: str,
    method: str,
    sequence: int,
    *,
    by: int | None,
    at: datetime,
    key: str = "",
) -> None:
    sender = occasion.organiser
    assert sender is not None
    reminder = purpose == "reminder"
    mail.post(
        kind="reminder.review" if reminder else f"invitation.{purpose}",
        to=mail.Person(row.email, row.name),
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=row.language,
        at=at,
        key=key or f"invitation:{row.id}:{sequence}",
        by=by,
        reply_to=mail.Person(sender.email, sender.name),
        about=("review", occasion.review.id),
        account_id=occasion.review.account_id,
        parts=[mail.Part("invitation.ics", "text/calendar", text=written.calendar, method=method)],
        automatic=by is None,
        unsubscribable=reminder,
    )


def guests_of(rows: Sequence[Participant]) -> tuple[calendar.Guest, ...]:
    """Who is invited together: those chosen who have an address that mail reaches."""
    asked = (row for row in rows if row.chosen and row.role != "csm" and _reached(row.email))
    return tuple(calendar.Guest(row.email, row.name) for row in asked)


def _reached(address: str) -> bool:
    try:
        return bool(address and mail_rules.address(address))
    except MailRefused:
        return False


def hash_of(review: Review, participant_id: int) -> str:
    """What is kept of the secret in an answer link."""
    token = compose.sealed_token(str(current_app.config["SECRET_KEY"]), letters.label_of(review, participant_id))
    return hashlib.sha256(token.encode()).hexdigest()
