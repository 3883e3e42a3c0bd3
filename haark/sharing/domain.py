"""What a client does on their shared plan (SP-6, RV-13, XB-7): each act leaves an event and tells the account's CSM.

Verbs are told for whom (`guest`, of plans.links) and when (`at` an instant, `on` a day); they flush, the caller
commits. A client is no user: events carry their name as `by_name`.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from haark.actions import domain as actions
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.comments import domain as comments
from haark.comments.models import Comment
from haark.events.domain import differences, record
from haark.extensions import db
from haark.notices import domain as notices
from haark.plans import domain as plans
from haark.plans import proposals, versions
from haark.plans.links import Guest
from haark.plans.models import Plan, Proposal
from haark.reviews.inviting.slots import working_day
from haark.sharing import exchanges
from haark.value import domain as value
from haark.value import queries as value_queries

TWICE = timedelta(minutes=10)  # the same words again within so long are one comment: somebody pressed twice
MEETING_DAYS = 2  # working days within which we fix a meeting that was asked for


class SharingError(Exception):
    """`kind`: `gone` (what it speaks of is not there, or not theirs), `changed` (it is not what they read any more)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def comment(guest: Guest, subject: tuple[str, int | None], text: str, *, at: datetime) -> Comment:
    """What the client says about the plan, a part of it, or the agenda of a review. ValueError for an empty text."""
    if subject == ("plan", None):
        subject = ("plan", plans.plan_of(guest.account.id).id)
    said = text.strip()[: comments.LONGEST]
    last: Comment | None = db.session.scalar(
        db.select(Comment)
        .where(Comment.author_contact_id == guest.contact.id, Comment.deleted_at.is_(None))
        .order_by(Comment.id.desc())
        .limit(1)
    )
    if last and (last.subject_kind, last.subject_id, last.text) == (*subject, said) and at - last.at < TWICE:
        return last
    made = comments.say(guest.account.id, subject, said, at=at, contact=guest.contact, internal=False)
    _tell(guest, "comment", at, subject, text=said[:200])
    return made


def propose(
    guest: Guest, kind: str, subject_id: int | None, values: Mapping[str, Any], reason: str, *, at: datetime
) -> Proposal:
    """A change of an objective or a milestone, which waits for one of ours. Raises plans.proposals.ProposalError."""
    part = db.session.get(proposals.MODELS[kind], subject_id) if subject_id is not None else None
    asked = differences({name: getattr(part, name) for name in values} if part else {}, values)
    waiting: list[Proposal] = list(db.session.scalars(_open_proposals(guest, kind, subject_id)))
    for open_one in waiting:
        if open_one.changes == asked:
            return open_one  # the button was pressed twice
    made = proposals.propose(
        guest.account.id,
        kind,
        values,
        at=at,
        subject_id=subject_id,
        reason=reason,
        contact=(guest.contact.id, guest.contact.name),
        source=(exchanges.SOURCE, guest.link.id),
    )
    _tell(guest, "proposal", at, ("proposal", made.id), of=kind, title=_title_of(made))
    return made


def finish(guest: Guest, action_id: int, *, at: datetime) -> ActionItem:
    """An action of their own is done, on their word; actions.domain tells the CSM. Raises SharingError: gone."""
    item = _own(guest, action_id)
    actions.complete(item, by=None, at=at, contact=guest.contact)
    return item


def reopen(guest: Guest, action_id: int, *, at: datetime) -> ActionItem:
    """They take their own word back. Raises SharingError: gone (somebody else said that it is done)."""
    item = _own(guest, action_id)
    if item.state != "done" or item.done_by_contact_id != guest.contact.id:
        raise SharingError("gone")
    actions.reopen(item, by=None, at=at)
    item.done_by_contact_id = None
    db.session.flush()
    _tell(guest, "action_reopened", at, ("action", item.id), title=item.title)
    return item


def confirm(guest: Guest, line_id: int, seal: str, *, at: datetime, on: date) -> None:
    """A claim of value is true, in the client's name (XB-2). Raises SharingError: gone, changed."""
    lines = {line.id: line for line in value_queries.calculation(guest.account.id).lines}
    if line_id not in lines:
        raise SharingError("gone")
    line = lines[line_id]
    if exchanges.seal_of(line) != seal:
        raise SharingError("changed")
    if line.confirmed_on is None:
        value.confirm(guest.account.id, line_id, guest.contact.name, on, by=None, at=at)
        _tell(guest, "value_confirmed", at, ("roi_line", line_id), title=line.label)


def unconfirm(guest: Guest, line_id: int, *, at: datetime) -> None:
    """They take back a confirmation of their own. Raises SharingError: gone."""
    lines = {line.id: line for line in value_queries.calculation(guest.account.id).lines}
    if line_id not in lines or lines[line_id].confirmed_by != guest.contact.name:
        raise SharingError("gone")
    value.unconfirm(guest.account.id, line_id, by=None, at=at)
    _tell(guest, "value_unconfirmed", at, ("roi_line", line_id), title=lines[line_id].label)


def sign(guest: Guest, number: int, *, at: datetime, on: date) -> None:
    """They agree to the latest published version. Twice is once. Raises SharingError: gone, changed (a newer one)."""
    plan_id = db.session.scalar(db.select(Plan.id).where(Plan.account_id == guest.account.id))
    version = versions.latest(plan_id) if plan_id is not None else None
    if version is None:
        raise SharingError("gone")
    if version.number != number:
        raise SharingError("changed")
    before = exchanges.signed_by(version.id, guest.contact.id)
    versions.sign(version, at=at, on=on, contact=guest.contact)
    if not before:
        _tell(guest, "signed", at, ("plan", plan_id), number=number)


def ask_meeting(guest: Guest, title: str, text: str, *, at: datetime, on: date) -> None:
    """They want to meet: an action for the CSM, `title` in the CSM's words. Asking again while one waits adds none."""
    if exchanges.asked_meeting(guest.link.id) is not None:
        return
    promise = actions.Promise(title[:300], guest.account.owner_id, None, working_day(on, MEETING_DAYS, frozenset()))
    source = (exchanges.SOURCE, guest.link.id)
    item = actions.add(guest.account.id, promise, by=None, at=at, source=source)
    item.note = text.strip()[:1000]
    db.session.flush()
    told: dict[str, Any] = {"by_name": guest.contact.name, "text": item.note[:200]}
    record("share.meeting_asked", at=at, account_id=guest.account.id, subject=("action", item.id), **told)
    _tell(guest, "meeting_asked", at, ("action", item.id), text=item.note[:200])


def share_agenda(review: Review, *, by: int | None, at: datetime) -> None:
    """The draft agenda and the goals of a review stand on the account's shared plan from now on (RV-13)."""
    if review.agenda_shared_at is None:
        review.agenda_shared_at = at
        _record_agenda(review, "review.agenda_shared", by, at)


def withdraw_agenda(review: Review, *, by: int | None, at: datetime) -> None:
    """The agenda is ours alone again; what the client said of it stays."""
    if review.agenda_shared_at is not None:
        review.agenda_shared_at = None
        _record_agenda(review, "review.agenda_withdrawn", by, at)


def _own(guest: Guest, action_id: int) -> ActionItem:
    item = db.session.get(ActionItem, action_id)
    mine = item is not None and (item.account_id, item.owner_contact_id) == (guest.account.id, guest.contact.id)
    if item is None or not mine or item.deleted_at is not None or item.state == "cancelled":
        raise SharingError("gone")
    return item


def _open_proposals(guest: Guest, kind: str, subject_id: int | None) -> Any:
    return db.select(Proposal).where(
        Proposal.contact_id == guest.contact.id,
        Proposal.subject_kind == kind,
        Proposal.subject_id == subject_id if subject_id is not None else Proposal.subject_id.is_(None),
        Proposal.state == "open",
    )


def _title_of(proposal: Proposal) -> str:
    if proposal.subject_id is not None:
        part: Any = db.session.get(proposals.MODELS[proposal.subject_kind], proposal.subject_id)
        return str(part.title) if part else ""
    return str(proposal.changes.get("title", ["", ""])[1])


def _record_agenda(review: Review, kind: str, by: int | None, at: datetime) -> None:
    db.session.flush()
    told: dict[str, Any] = {"what": review.kind, "period": review.period}
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **told)


def _tell(guest: Guest, what: str, at: datetime, subject: tuple[str, int | None], **data: Any) -> None:
    about: dict[str, Any] = {"account_id": guest.account.id, "subject": subject, "actor_name": guest.contact.name}
    notices.tell([guest.account.owner_id], "answered", what, at=at, **about, **data)
