"""The recap leaves: one mail a person, with what was promised to go along, in one transaction.

A deck that is not drawn yet is drawn by the job which then sends: no recap leaves without what it says is attached. The
same person gets one recap of a review, however often and from wherever it is sent (mail.post's key).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from haark.accounts.models import Contact
from haark.cadence.models import Review
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.jobs.models import Job
from haark.mail import domain as mail
from haark.mail.rules import MailRefused
from haark.people.models import User
from haark.plans import links
from haark.reviews.recap import domain, due, letters, queries
from haark.reviews.recap.decks import Deck, deck_of, part
from haark.reviews.recap.domain import RecapError
from haark.reviews.recap.inviting import Invitations
from haark.reviews.recap.letters import Enclosed
from haark.reviews.recap.people import Person
from haark.reviews.recap.story import Story
from haark.reviews.surveying import domain as surveying

KIND = "recap.review"
TRIAL = "recap.trial"


@dataclass
class Sent:
    """Names of those to whom a mail was written, and of those whose address no mail can have."""

    names: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def ask(story: Story, people: Sequence[Person], *, by: int, at: datetime, on: date) -> Sent | Job:
    """Sends to these people now, or has it sent as soon as the deck is drawn: the job that does. RecapError: state,
    nobody."""
    domain.kept(story)
    if not people:
        raise RecapError("nobody")
    for person in people:
        domain.choose(story, person, True)
    deck = _deck_for(story)
    to = [person.email for person in people]
    if deck.missing:
        return _later(story, to, deck, by, trial=False)
    return deliver(story, to, by=by, at=at, on=on)


def ask_trial(story: Story, person: Person, *, by: int, at: datetime) -> Job | None:
    """The mail of one person, to the one who asks; None when it is written, else the job that will."""
    if story.review.state not in domain.TOLD:
        raise RecapError("state")
    deck = deck_of(story)
    if deck.missing:
        return _later(story, [person.email], deck, by, trial=True)
    deliver_trial(story, person.email, by=by, at=at)
    return None


def job_of(story: Story) -> Job | None:
    """The latest job that sends, unless it is done: it waits, draws, or failed."""
    rows = db.select(Job).where(Job.key.startswith(f"recap:{story.review.id}:"), Job.state != "done")
    return db.session.scalars(rows.order_by(Job.id.desc()).limit(1)).first()


def _later(story: Story, to: list[str], deck: Deck, by: int, *, trial: bool) -> Job:
    db.session.flush()
    asked = hashlib.sha256("\n".join([deck.content, *sorted(to), *deck.missing]).encode()).hexdigest()[:24]
    key = f"recap-trial:{story.review.id}:{by}:{asked}" if trial else f"recap:{story.review.id}:{asked}"
    args = {"review_id": story.review.id, "to": to, "by": by, "trial": trial}
    job = jobs.enqueue("recap.send", args=args, key=key, by=by, account_id=story.review.account_id)
    if job.state == "failed":
        jobs.retry(job, by=by)
    return job


def _deck_for(story: Story) -> Deck:
    """Those who get it later get the files of the first ones."""
    return Deck({}, ()) if story.recap.sent_at is not None else deck_of(story)


def deliver(story: Story, to: Sequence[str], *, by: int, at: datetime, on: date) -> Sent:
    """Writes the mails. The first of them make the review `recapped`. RecapError: state, nobody."""
    recap, sender = domain.kept(story), db.session.get_one(User, by)
    wanted = {email.casefold() for email in to}
    people = [one for one in story.roster.people if one.email.casefold() in wanted and one.mail_id is None]
    files = _files(story)
    invitations = _invitations(story, people, by=by, at=at, on=on)
    done = Sent()
    for person in people:
        try:
            with db.session.begin_nested():
                _send(story, person, sender, files, invitations, at=at, on=on)
            done.names.append(person.name)
        except MailRefused:
            done.refused.append(person.name)
    if done.names and recap.sent_at is None:
        recap.sent_at, recap.sent_by_id = at, by
        _told(story.review, len(done.names), by, at)
    db.session.flush()
    return done


def _send(
    story: Story,
    person: Person,
    sender: User,
    files: list[mail.Part],
    invitations: Invitations | None,
    *,
    at: datetime,
    on: date,
) -> None:
    review, row = story.review, domain.choose(story, person, True)
    invite = invitations is not None and not person.ours
    enclosed = Enclosed(
        deck=bool(files),
        invite=invite,
        plan=_plan(story, person, sender, at=at, on=on),
        survey=_survey(story, person, at),
    )
    written = letters.letter(story, person, sender, enclosed)
    parts = [*files, *([invitations.part(person)] if invitations is not None and invite else [])]
    message = mail.post(
        kind=KIND,
        to=mail.Person(person.email, person.name),
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=person.language,
        at=at,
        key=f"recap:{review.id}:{person.email.casefold()}",
        by=sender.id,
        reply_to=mail.Person(sender.email, sender.name),
        about=("review", review.id),
        account_id=review.account_id,
        parts=parts,
        automatic=False,
    )
    row.mail_id = message.id
    db.session.flush()


def deliver_trial(story: Story, email: str, *, by: int, at: datetime) -> None:
    """The same mail to the sender: with its deck, without the links and the invitation, which are the person's own."""
    sender = db.session.get_one(User, by)
    person = story.roster.find(email) or Person(sender.email, sender.name, sender.language)
    deck = deck_of(story)
    enclosed = Enclosed(deck=bool(deck.files), invite=story.invites, shown=True)
    written = letters.letter(story, person, sender, enclosed)
    mail.post(
        kind=TRIAL,
        to=mail.Person(sender.email, sender.name),
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=person.language,
        at=at,
        by=by,
        about=("review", story.review.id),
        account_id=story.review.account_id,
        parts=[part(story, row) for row in deck.files.values()],
        automatic=False,
    )


def _files(story: Story) -> list[mail.Part]:
    if story.recap.sent_at is not None:
        return [mail.Part(name, media, file_id) for name, media, file_id in queries.sent_files(story.review.id)]
    deck = deck_of(story)
    if deck.missing:
        raise RecapError("deck")  # whoever asked has it drawn first
    return [part(story, row) for row in deck.files.values()]


def _invitations(story: Story, people: Sequence[Person], *, by: int, at: datetime, on: date) -> Invitations | None:
    theirs = [one for one in people if not one.ours]
    if not theirs or not story.invites or story.coming is None:
        return None
    return Invitations(story.coming, theirs, by=by, at=at, on=on)


def _plan(story: Story, person: Person, sender: User, *, at: datetime, on: date) -> str:
    """The way to the shared plan, of those who may have one: contacts of the account."""
    contact = person.contact_id and db.session.get(Contact, person.contact_id)
    if not contact or not story.recap.plan_link or not story.has_plan or contact.left_on is not None:
        return ""
    link = links.link_for(contact, by=sender.id, at=at, on=on)
    link.sent_at = at
    return links.sealed(link)


def _survey(story: Story, person: Person, at: datetime) -> str:
    if not story.recap.survey or person.ours or person.user_id is not None:
        return ""
    told = {"name": person.name, "email": person.email.casefold(), "language": person.language}
    return surveying.sealed(surveying.ask(story.review, contact_id=person.contact_id, at=at, **told))


def _told(review: Review, people: int, by: int, at: datetime) -> None:
    """The review is recapped; how long that took, in minutes after the meeting's end."""
    ended = due.ended_at(review)
    waited = max(int((at - ended).total_seconds() // 60), 0) if ended else 0
    late = any(one.late for one in due.waiting(at, review_id=review.id))
    if review.state == "held":
        review.state = "recapped"
    db.session.flush()
    domain.note(review, "review.recapped", by=by, at=at, people=people, minutes=waited, late=late)
