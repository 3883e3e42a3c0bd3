"""The invitation to the next review, as it goes along with the recap: same UID, same rules as one sent by itself."""

import secrets
from datetime import date, datetime
from urllib.parse import urlsplit

from flask import current_app

from haark.cadence import domain as cadence
from haark.cadence.models import Review
from haark.extensions import db
from haark.mail import calendar
from haark.mail import domain as mail
from haark.reviews.inviting import domain as inviting
from haark.reviews.inviting import letters, sending
from haark.reviews.inviting.letters import Occasion
from haark.reviews.inviting.models import Participant
from haark.reviews.recap.people import Person


class Invitations:
    """Those of one sending. Everybody who is invited is an attendee in everybody's calendar."""

    def __init__(self, review: Review, people: list[Person], *, by: int | None, at: datetime, on: date) -> None:
        """Takes the people in as participants of the next review; the sending itself is `part`."""
        self.review, self.at = review, at
        if not review.invite_uid:
            host = urlsplit(str(current_app.config["HAARK_URL"])).hostname or "haark"
            review.invite_uid = f"{secrets.token_hex(16)}@{host}"
        rows = inviting.adopt(review, on)
        self.rows = {one.email: _taken_in(review, rows, one) for one in people}
        db.session.flush()
        rows = inviting.adopt(review, on)
        self.guests: tuple[calendar.Guest, ...] = sending.guests_of(rows)
        self.occasion = Occasion(review)
        cadence.set_date(review, by=by, at=at, on=on)

    def part(self, person: Person) -> mail.Part:
        """The attachment for one person, who is invited by it."""
        row, review = self.rows[person.email], self.review
        sequence = review.invite_sequence
        purpose = "update" if row.invited_at is not None else "invitation"
        moved = row.invited_at is not None and row.invited_for != review.starts_at
        written = letters.letter(self.occasion, row, purpose, at=self.at, guests=self.guests, sequence=sequence)
        row.invited_at, row.invited_sequence, row.invited_for = row.invited_at or self.at, sequence, review.starts_at
        row.reply_hash = sending.hash_of(review, row.id)
        if moved:
            inviting.forget_answer(row)
        db.session.flush()
        return mail.Part("invitation.ics", "text/calendar", text=written.calendar, method="REQUEST")


def _taken_in(review: Review, rows: list[Participant], person: Person) -> Participant:
    """The participant of the next review that a person is; a new one for somebody it does not know."""
    for row in rows:
        same = row.email.casefold() == person.email.casefold()
        if same or (person.contact_id is not None and row.contact_id == person.contact_id):
            row.chosen = True
            row.email = row.email or person.email
            return row
    row = Participant(review_id=review.id, contact_id=person.contact_id, user_id=person.user_id, reason="added")
    row.name, row.email, row.language, row.ours = person.name, person.email, person.language, person.ours
    row.role, row.chosen = "guest", True
    db.session.add(row)
    return row
