"""What the route files of the recap share: the blueprint, what the page shows, how it answers."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_login import current_user

from haark import clock, headers, locale
from haark.actions import queries as actions
from haark.cadence.models import Review
from haark.extensions import db
from haark.files.models import StoredFile
from haark.formats import LANGUAGES
from haark.hypermedia import flash_error, go, is_fragment, respond
from haark.jobs import queries as jobs
from haark.people.models import User
from haark.reviews import queries as reviews
from haark.reviews import titles
from haark.reviews.pages import business_day
from haark.reviews.recap import checks, decks, domain, due, letters, queries, sending, texts, wording
from haark.reviews.recap.letters import Enclosed, Letter
from haark.reviews.recap.people import Person
from haark.reviews.recap.story import Story
from haark.reviews.surveying import queries as surveying
from haark.settings import queries as settings

blueprint = Blueprint("recap", __name__)
# What stands beside a text that was saved, and shows what it says.
BESIDE = ("reviews/recap/_due.html", "reviews/recap/_preview.html", "reviews/recap/_checks.html")


class Desk:
    """The page of one recap for one reader. `language`: the one that is written and shown, '' for the recipients'."""

    def __init__(self, review: Review, me: User, *, language: str = "", to: str = "", plain: bool = False) -> None:
        self.review, self.me, self.plain = review, me, plain
        self.on, self.at = business_day(), clock.moment()
        self.story = Story(review, self.on)
        self.recap = self.story.recap
        self.held = review.state in domain.TOLD
        chosen = self.story.roster.chosen
        first = chosen[0].language if chosen else review.language
        self.language = language if language in LANGUAGES else first if first in LANGUAGES else "fr"
        self._to = to

    @property
    def client(self) -> str:
        return self.story.client

    @property
    def title(self) -> str:
        return titles.title_of(self.review.kind, self.review.period, locale.current())

    @property
    def sent(self) -> datetime | None:
        return self.recap.sent_at

    # What is said

    @property
    def text(self) -> texts.Text:
        return texts.of(self.story, self.language)

    @cached_property
    def person(self) -> Person:
        """Whose mail is shown: the one asked for, else the first of that language; without anybody, the reader."""
        known = (*self.story.roster.chosen, *self.story.roster.others)
        asked = next((one for one in known if one.key == self._to), None)
        speaking = (one for one in self.story.roster.chosen if one.language == self.language)
        return asked or next(speaking, None) or next(iter(self.story.roster.chosen), None) or self._nobody

    @property
    def _nobody(self) -> Person:
        return Person(self.me.email, self.me.name, self.language)

    @cached_property
    def letter(self) -> Letter:
        """The mail as it would leave now, its personal links left out."""
        enclosed = Enclosed(deck=bool(self.deck.content), invite=self.story.invites, shown=True)
        return letters.letter(self.story, self.person, self.me, enclosed, self.language)

    def version(self, name: str) -> int:
        """What the form of a text carries: see texts.version_of."""
        return texts.version_of(self.text.field(name) or "")

    @property
    def languages(self) -> list[str]:
        """Those of the recipients that nobody wrote in, while another one was."""
        written = texts.written_in(self.story)
        return sorted({one.language for one in self.story.roster.chosen} - written) if written else []

    # What goes along, what is missing

    @cached_property
    def deck(self) -> decks.Deck:
        return decks.deck_of(self.story)

    @cached_property
    def files(self) -> dict[str, StoredFile]:
        """Those that are drawn, by format."""
        return {form: db.session.get_one(StoredFile, row.file_id) for form, row in self.deck.files.items()}

    @cached_property
    def has_deck(self) -> bool:
        """Whether there is a deck at all, wanted or not."""
        return reviews.snapshot(self.review.id) is not None

    @property
    def coming(self) -> str:
        """When the next review is, in the reader's language; '' where none is planned."""
        return letters.coming(self.story, locale.current())

    @property
    def can_invite(self) -> bool:
        return self.story.can_invite

    @property
    def attached(self) -> list[str]:
        """The names of what goes along."""
        names = [decks.file_name(self.story, form) for form in self.forms]
        return [*names, "invitation.ics"] if self.story.invites else names

    @property
    def forms(self) -> list[str]:
        wanted = (("pdf", self.recap.with_pdf), ("pptx", self.recap.with_pptx))
        return [form for form, on in wanted if on and self.has_deck]

    @cached_property
    def items(self) -> list[checks.Item]:
        return checks.items(self.story, self.deck, self.language)

    @property
    def counts(self) -> dict[str, int]:
        levels = [one.level for one in self.items]
        return {level: levels.count(level) for level in checks.ORDER}

    # Until when

    @property
    def ended_at(self) -> datetime | None:
        return due.ended_at(self.review)

    @property
    def due_at(self) -> datetime | None:
        ended = self.ended_at
        return ended + self.allowed if ended else None

    @property
    def allowed(self) -> timedelta:
        return timedelta(hours=settings.get("recap.hours"))

    @property
    def left(self) -> timedelta:
        """Until it is late; below zero once it is."""
        assert self.due_at is not None
        return self.due_at - self.at

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.left <= timedelta(0)

    @property
    def elapsed(self) -> float:
        """The share of the time that has gone by, 0 to 1."""
        return min(max(1 - self.left / self.allowed, 0.0), 1.0)

    @cached_property
    def delay(self) -> timedelta | None:
        return queries.mean_delay(self.me.id, self.at)

    # What became of it

    @cached_property
    def mails(self) -> Any:
        return queries.mails([one.mail_id for one in self.story.roster.chosen if one.mail_id])

    @cached_property
    def job(self) -> jobs.Status | None:
        found = sending.job_of(self.story) if self.sent is None else None
        return jobs.status_of(found) if found is not None else None

    @property
    def busy(self) -> bool:
        """Whether something is on its way: the page asks again."""
        return any(row.state in ("queued", "leased", "sending") for row in self.mails.values())

    @cached_property
    def answers(self) -> surveying.Summary:
        return surveying.of_review(self.review.id)

    @cached_property
    def owners(self) -> tuple[list[tuple[int, str]], ...]:
        """Who can answer for an action: ours, then theirs."""
        return actions.owner_choices(self.review.account_id, (None, None))


def desk_of(review_id: int) -> Desk:
    """The page as it is asked for: `lang`, `to` (whose mail), `as=text`."""
    asked = request.values
    told: dict[str, Any] = {"language": asked.get("lang", ""), "to": asked.get("to", "")}
    told["plain"] = asked.get("as") == "text"
    return Desk(reviews.get(review_id), db.session.get_one(User, current_user.id), **told)


def page(
    desk: Desk, status: int = 200, fragment: str | None = None, aside: tuple[str, ...] = (), **more: Any
) -> Response:
    """The whole page, or for htmx one of its regions with those beside it."""
    names = {"desk": desk, "review": desk.review, "title": desk.title, "client": desk.client, "step": "recap"}
    template = f"reviews/recap/_{fragment}.html" if fragment else None
    answer = respond("reviews/recap/show.html", template, status, out_of_band=aside, words=wording, **{**names, **more})
    # The mail is shown in a frame of ours.
    answer.headers["Content-Security-Policy"] = f"{headers.POLICY}; frame-src 'self'"
    return answer


def changed(review_id: int, fragment: str, anchor: str = "", aside: tuple[str, ...] = BESIDE, **more: Any) -> Response:
    """After a write: the region and those beside it for htmx, else the page."""
    if not is_fragment():
        asked: dict[str, Any] = {name: request.values.get(name) or None for name in ("lang", "to", "as")}
        return go(url_for("recap.show", review_id=review_id, _anchor=anchor or None, **asked))
    return page(desk_of(review_id), 200, fragment, aside, **more)


def refused(review_id: int, kind: str, fragment: str) -> Response:
    """Why nothing was changed; what was typed is lost with nothing, as the page is shown as it stands."""
    db.session.rollback()
    flash_error(wording.ERRORS[kind])
    return page(desk_of(review_id), 422, fragment)
