"""Who takes part in a review, when it takes place, and what people answer (RV-8).

Verbs are told who (`by`, a user's id, None for the client or Haark) and when (`at` an instant, `on` a day); they flush
and record their event, the caller commits. What must be sent is sending.py's.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from haark.accounts.models import Account
from haark.cadence import domain as cadence
from haark.cadence.domain import CadenceError, Meeting
from haark.cadence.models import Review
from haark.cadence.queries import policy
from haark.events.domain import record
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.mail import rules as mail_rules
from haark.mail.rules import MailRefused
from haark.notices import domain as notices
from haark.people.models import User
from haark.reviews import titles
from haark.reviews.inviting import queries
from haark.reviews.inviting.models import Participant
from haark.reviews.inviting.roster import Person, merge
from haark.reviews.inviting.suggesting import Suggestion, suggest

__all__ = ["CadenceError", "Meeting"]
ANSWERS = ("yes", "no", "other")


class InvitationError(ValueError):
    """What was asked cannot be; `kind`: `name` (say who), `address` (not one that mail reaches), `taken` (somebody of
    the review has it), `past` (a time to come is needed), `answer` (no such answer), `nobody` (no organiser)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def minutes_of(review: Review) -> int:
    """The length of its meeting: its own, else that of its type."""
    return review.minutes or policy().minutes(review.kind)


def people(review: Review, on: date, account: Any = None) -> list[Person]:
    """Everybody kept or suggested, as the page shows them; writes nothing. `account`: of queries.account_of."""
    known = queries.facts(review, account or queries.account_of(review.account_id), on)
    here = frozenset(one.contact_id for one in known.contacts)
    rows = queries.participants(review.id, chosen=False)
    return merge(rows, suggest(known), here, fixed=bool(review.invite_uid))


def adopt(review: Review, on: date) -> list[Participant]:
    """Keeps the suggestions that have no row yet. Returns every participant, left out or not."""
    known = queries.facts(review, queries.account_of(review.account_id), on)
    rows = queries.participants(review.id, chosen=False)
    here = frozenset(one.contact_id for one in known.contacts)
    suggested = {one.ref: one for one in suggest(known)}
    for person in merge(rows, list(suggested.values()), here, fixed=bool(review.invite_uid)):
        if person.id is None:
            db.session.add(_row(review.id, suggested[person.ref]))
        elif person.organises:
            row = next(row for row in rows if row.id == person.id)
            row.name, row.email, row.language = person.name, person.email, person.language
            row.user_id = person.user_id
    db.session.flush()
    return queries.participants(review.id, chosen=False)


def find(review: Review, ref: str, on: date) -> Participant | None:
    """The participant that a form names, kept now if it was a suggestion; None when there is none."""
    person = next((one for one in people(review, on) if one.ref == ref), None)
    if person is None:
        return None
    rows = adopt(review, on)
    if person.id is not None:
        return next(row for row in rows if row.id == person.id)
    wanted = (person.contact_id, person.user_id, person.role)
    return next(row for row in rows if (row.contact_id, row.user_id, row.role) == wanted)


def choose(review: Review, refs: Collection[str], *, by: int | None, at: datetime, on: date) -> None:
    """Exactly these are to take part, and those already invited, whom only `sending.withdraw` takes out."""
    chosen = {one.ref: one for one in people(review, on)}
    wanted = {ref for ref, one in chosen.items() if ref in refs or one.organises or one.invited}
    rows = adopt(review, on)
    changed = []
    for row, ref in _named(rows, chosen):
        if row.chosen != (ref in wanted):
            row.chosen = ref in wanted
            changed.append(row.name)
    db.session.flush()
    if changed:
        _record(review, "review.participants_chosen", at, by, names=changed)


def add(
    review: Review,
    name: str,
    email: str,
    language: str,
    *,
    ours: bool,
    by: int | None,
    at: datetime,
    on: date,
) -> Participant:
    """A guest. InvitationError: name, address, taken."""
    rows = adopt(review, on)
    address = _address(rows, name, email)
    row = Participant(
        review_id=review.id,
        name=name.strip()[:200],
        email=address,
        ours=ours,
        language=_language(language, review),
        reason="added",
        role="guest",
    )
    db.session.add(row)
    db.session.flush()
    _record(review, "review.participant_added", at, by, name=row.name)
    return row


def change(
    review: Review, row: Participant, name: str, email: str, language: str, *, by: int | None, at: datetime
) -> None:
    """Name, address and language of an invitation; somebody invited at another address is to be withdrawn first.

    InvitationError: name, address, taken.
    """
    rows = [one for one in queries.participants(review.id, chosen=False) if one.id != row.id]
    row.email = _address(rows, name, email)
    row.name, row.language = name.strip()[:200], _language(language, review)
    db.session.flush()
    _record(review, "review.participant_changed", at, by, name=row.name)


def remove(review: Review, row: Participant, *, by: int | None, at: datetime) -> None:
    """Out of the review: a guest for good, a suggested person is left out."""
    name = row.name
    if row.reason == "added":
        db.session.delete(row)
    else:
        row.chosen = False
    db.session.flush()
    _record(review, "review.participant_removed", at, by, name=name)


def choose_time(review: Review, meeting: Meeting, *, by: int | None, at: datetime, on: date) -> bool:
    """The meeting to propose. CadenceError: past, state."""
    adopt(review, on)
    return cadence.choose_time(review, meeting, by=by, at=at, on=on)


def answer(
    review: Review,
    row: Participant,
    reply: str,
    note: str = "",
    other_at: datetime | None = None,
    *,
    by: int | None = None,
    at: datetime,
) -> None:
    """What somebody answers: yes, no, or other with the instant that they propose. It can be changed until the meeting.

    `by`: the colleague who wrote it down, None when they did it themselves. InvitationError: answer, past.
    """
    if reply not in ANSWERS or (reply == "other") != (other_at is not None):
        raise InvitationError("answer")
    if other_at is not None and other_at <= at:
        raise InvitationError("past")
    row.reply, row.replied_at, row.reply_note, row.other_at = reply, at, note.strip()[:1000], other_at
    db.session.flush()
    said: dict[str, Any] = {"name": row.name, "reply": reply}
    if other_at is not None:
        said["other_at"] = other_at.isoformat()
    record("participant.replied", at=at, by=by, account_id=review.account_id, subject=("review", review.id), **said)
    _tell(review, row, by, at)


def _tell(review: Review, row: Participant, by: int | None, at: datetime) -> None:
    """Who runs the account and who made the review hear of an answer, in their own language."""
    account = db.session.get_one(Account, review.account_id)
    people = db.select(User.id, User.language).where(User.id.in_({account.owner_id, review.created_by_id} - {None}))
    about: dict[str, Any] = {"account_id": account.id, "subject": ("invitation", review.id), "actor_name": row.name}
    told: dict[str, Any] = {"reply": row.reply, "note": row.reply_note[:200], "account": account.name}
    for ident, language in db.session.execute(people).all():
        title = titles.title_of(review.kind, review.period, language)
        notices.tell([ident], "answered", "invitation", at=at, by=by, review=title, **about, **told)


def forget_answer(row: Participant) -> None:
    """They were asked anew: what they answered was about another time."""
    agreed = row.other_at is not None and row.other_at == row.invited_for
    row.reply, row.other_at = ("yes" if agreed else ""), None
    if not agreed:
        row.replied_at, row.reply_note, row.reminded_at = None, "", None


def ends_at(review: Review) -> datetime | None:
    """When the meeting is over; None while it has no time."""
    return None if review.starts_at is None else review.starts_at + timedelta(minutes=minutes_of(review))


def _row(review_id: int, one: Suggestion) -> Participant:
    return Participant(
        review_id=review_id,
        contact_id=one.contact_id,
        user_id=one.user_id,
        name=one.name[:200],
        email=one.email,
        role=one.role,
        ours=one.ours,
        language=one.language if one.language in LANGUAGES else "fr",
        reason=one.reason,
        reason_data=one.data,
        chosen=one.chosen,
    )


def _named(rows: Sequence[Participant], known: dict[str, Person]) -> list[tuple[Participant, str]]:
    """Each row with the name that the form had for it before it was kept."""
    found = []
    for row in rows:
        ref = f"p{row.id}"
        if ref not in known:
            who = (row.contact_id, row.user_id, row.role)
            ref = next((key for key, one in known.items() if (one.contact_id, one.user_id, one.role) == who), ref)
        found.append((row, ref))
    return found


def _address(rows: Sequence[Participant], name: str, email: str) -> str:
    if not name.strip():
        raise InvitationError("name")
    if not email.strip():
        return ""
    try:
        address = mail_rules.address(email)
    except MailRefused as fault:
        raise InvitationError("address") from fault
    if any(row.email.casefold() == address for row in rows):
        raise InvitationError("taken")
    return address


def _language(language: str, review: Review) -> str:
    return language if language in LANGUAGES else review.language


def _record(review: Review, kind: str, at: datetime, by: int | None, **data: Any) -> None:
    told = {"what": review.kind, "period": review.period, **data}
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **told)
