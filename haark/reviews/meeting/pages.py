"""What the route files of the meeting share: the blueprint, the page's content, how it answers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, url_for
from flask_login import current_user

from haark import clock, locale
from haark.cadence import queries as cadence
from haark.cadence.models import Review
from haark.hypermedia import go, is_fragment, respond
from haark.reviews import queries as reviews
from haark.reviews import titles
from haark.reviews.meeting import proposals, queries, wording
from haark.reviews.meeting.domain import Agreed
from haark.reviews.meeting.models import Meeting
from haark.reviews.meeting.people import Person
from haark.reviews.meeting.timing import over_minutes, shown
from haark.reviews.pages import business_day

blueprint = Blueprint("meeting", __name__)
WEEK = timedelta(7)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """The fragments of the meeting stand on more than one page."""
    return {"meeting_words": wording, "over_minutes": over_minutes, "mm_ss": shown}


@dataclass(frozen=True)
class Live:
    """What changes while people talk: the clock, notes, lines, seats; `stamp` tells whether anything did."""

    review: Review
    meeting: Meeting | None
    view: queries.View
    notes: dict[str, queries.Note]
    captures: list[queries.Captured]
    seats: list[queries.Seat]
    stamp: str

    def note(self, field: str) -> queries.Note:
        return self.notes.get(field) or queries.Note(field)

    def of(self, kind: str) -> list[queries.Captured]:
        """The lines of a kind, the oldest first."""
        return [line for line in reversed(self.captures) if line.kind == kind]


def live(review: Review, at: datetime | None = None) -> Live:
    """As it stands now: eight statements."""
    meeting = queries.meeting_of(review.id)
    noted, lines, seated = queries.notes(review.id), queries.captures(review.id), queries.seats(review)
    view = queries.view(meeting, queries.minutes_of(review), at or clock.moment(), review.starts_at)
    return Live(review, meeting, view, noted, lines, seated, queries.stamp(meeting, noted, lines, seated))


def names(review: Review) -> dict[str, Any]:
    """The client and the title of the review."""
    return {
        "client": reviews.account_names(review.account_id).name,
        "title": titles.title_of(review.kind, review.period, locale.current()),
    }


def people_of(review: Review) -> tuple[list[Person], list[Person], Person]:
    """Ours, theirs, and the reader."""
    ours, theirs = queries.people(review.account_id)
    return ours, theirs, Person("user", current_user.id, current_user.name)


def capture_form(review: Review, **typed: Any) -> dict[str, Any]:
    """What `_capture_form.html` needs; `typed`: what a refused form had, with its errors."""
    ours, theirs, me = people_of(review)
    usual = {"kind": "action", "text": "", "owner": "", "due_on": "", "token": uuid4().hex, "errors": {}}
    return {"ours": ours, "theirs": theirs, "me": me, "typed": {**usual, **typed}}


def next_form(review: Review, meeting: Meeting | None, on: date, **typed: Any) -> dict[str, Any]:
    """What `_next.html` needs: three days around the usual one, and the one that was agreed."""
    agreed, base = Agreed.of(meeting), proposals.usual(review, on)
    days = [base - WEEK, base, base + WEEK] if base else []
    if agreed.on and agreed.on not in days:
        days.append(agreed.on)
    offered = proposals.proposals(review, sorted(day for day in days if day > on))
    return {"agreed": agreed, "offered": offered, "errors": {}, "typed": None, "overtaken": False, **typed}


def page(review: Review, status: int = 200, fragment: str | None = None, **context: Any) -> Response:
    """The whole page; `context` replaces its parts (a form that was refused)."""
    now = live(review)
    if now.view.state == "over":
        return respond("reviews/meeting/over.html", fragment, status, live=now, **summary(now), **context)
    state = cadence.project_state(review.account_id)
    rest: dict[str, Any] = {
        "review": review,
        "live": now,
        "state": state,
        "account_id": review.account_id,
        "capture": capture_form(review),
        "next": next_form(review, now.meeting, business_day()),
        **names(review),
    }
    return respond("reviews/meeting/show.html", fragment, status, **{**rest, **context})


def summary(now: Live) -> dict[str, Any]:
    """What the end sums up: lines by kind, actions without owner or day, open questions, who was there."""
    actions = now.of("action")
    return {
        "review": now.review,
        "decisions": now.of("decision"),
        "actions": actions,
        "loose": [line for line in actions if not line.owner or line.due_on is None],
        "questions": now.of("question"),
        "present": [seat for seat in now.seats if seat.attended],
        "answered": [now.notes[field] for field in wording.QUESTIONS if now.note(field).text.strip()],
        "agreed": Agreed.of(now.meeting),
        **names(now.review),
    }


def back(review: Review, anchor: str = "") -> Response:
    """A plain form goes on to the page."""
    return go(url_for("meeting.show", review_id=review.id, _anchor=anchor or None))


def fragment(name: str, review: Review, status: int = 200, aside: tuple[str, ...] = (), **context: Any) -> Response:
    """One region and those beside it for htmx; for a plain form the page."""
    if not is_fragment():
        return back(review, name) if status == 200 else page(review, status, **context)
    template = f"reviews/meeting/_{name}.html"
    rest: dict[str, Any] = {"review": review, "live": context.pop("live", None) or live(review)}
    return respond(template, template, status, out_of_band=aside, **{**rest, **context})
