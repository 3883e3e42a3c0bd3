"""What the planning page shows, gathered with a constant number of statements; judged by slots.py and load.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from haark import charts
from haark.cadence import load
from haark.cadence import queries as cadence
from haark.cadence.load import Week
from haark.cadence.models import OPEN_STATES, Review
from haark.cadence.steps import monday
from haark.cadence.wording import hours as hours_said
from haark.formats import LANGUAGES
from haark.reviews.inviting import domain, letters, queries, reminders, wording
from haark.reviews.inviting.holidays import zone_of
from haark.reviews.inviting.letters import Occasion
from haark.reviews.inviting.roster import Person
from haark.reviews.inviting.slots import Ask, Busy, Slot, Wish, clashes, propose
from haark.settings import queries as settings

USUAL_DAYS = 14  # without any date: so many days from today


@dataclass(frozen=True)
class Preview:
    """The invitation to one person in one language, as the page shows it."""

    person: Person
    language: str
    subject: str
    told: Mapping[str, Any]


class Desk:
    """The page of one review, for one viewer (`me`, a user's id) on day `on`."""

    def __init__(self, review: Review, me: int, on: date, at: datetime) -> None:
        self.review, self.me, self.on, self.at = review, me, on, at
        self.account = queries.account_of(review.account_id)
        self.open = review.state in OPEN_STATES and review.deleted_at is None
        self.next = cadence.next_of(review.account_id)
        self.zone = review.zone or str(settings.get("organisation.timezone"))
        self.client_zone = zone_of(self.account.country, self.zone)
        self.minutes = domain.minutes_of(review)
        self.people = domain.people(review, on, self.account)
        self.hours = float(settings.get("review.hours")[review.kind])
        self.cap = float(settings.get("review.weekly_hours"))

    @property
    def chosen(self) -> list[Person]:
        return [one for one in self.people if one.chosen]

    @property
    def waiting(self) -> list[Person]:
        """Those to whom something is to be sent."""
        return [one for one in self.people if one.waits(self.review.invite_sequence)]

    @property
    def updates(self) -> int:
        return sum(one.invited for one in self.waiting)

    @property
    def confirmed(self) -> int:
        return sum(one.reply == "yes" for one in self.chosen)

    @cached_property
    def mails(self) -> Mapping[str, Any]:
        return queries.sent(self.review.id)

    # When

    @cached_property
    def due_on(self) -> date:
        """By when to hold it: its own day, and once an hour is chosen what asks for a review, if later."""
        winner = self.next.winner
        day = self.review.due_on or (winner.on if winner else self.on + timedelta(USUAL_DAYS))
        return max(day, winner.on) if self.review.starts_at is not None and winner else day

    @cached_property
    def names(self) -> dict[int, str]:
        """Names of ours who take part, by user id."""
        return {one.user_id: one.name for one in self.chosen if one.ours and one.user_id is not None}

    @cached_property
    def guests(self) -> int:
        """How many take part whose agenda Haark does not know."""
        return sum(one.user_id is None for one in self.chosen)

    @cached_property
    def busy(self) -> list[Busy]:
        begin = datetime.combine(self.on, time.min, ZoneInfo(self.zone))
        return queries.busy(list(self.names), begin, begin + timedelta(366), self.review.id)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        years = (self.on.year, self.on.year + 1)
        wishes = [Wish(one.other_at, one.name) for one in self.chosen if one.reply == "other" and one.other_at]
        ask = Ask(
            on=self.on,
            now=self.at,
            due_on=self.due_on,
            minutes=self.minutes,
            zone=self.zone,
            client_zone=self.client_zone,
            ours=tuple(self.names),
            busy=self.busy,
            wishes=wishes,
            load=self.others,
            hours=self.hours,
            cap=self.cap,
            late=self.due_on < self.on,
            prepared=bool(self.review.sections),
            ours_off=reminders.off_days("FR" if reminders.at_home() else "", years),
            theirs_off=reminders.off_days(self.account.country, years),
        )
        return propose(ask)

    @property
    def clashing(self) -> tuple[Busy, ...]:
        """What of ours overlaps the chosen time."""
        return clashes(self.busy, self.review.starts_at, self.minutes) if self.review.starts_at else ()

    @property
    def picked(self) -> str:
        """The slot that is marked: the chosen time where it is one of them, else the advised one."""
        starts = self.review.starts_at
        if starts is not None:
            return starts.isoformat() if any(slot.starts == starts for slot in self.slots) else "other"
        return next((slot.starts.isoformat() for slot in self.slots if slot.advised), "other")

    # Load

    @cached_property
    def _reviews(self) -> list[tuple[str, date]]:
        owner = self.account[-2]
        last = monday(self.on) + timedelta(7 * load.MOST - 1)
        found = queries.to_come(owner.id, monday(self.on), last) if owner else []
        mine = (self.review.kind, self.review.due_on)
        if mine in found:
            found.remove(mine)
        return found

    @cached_property
    def others(self) -> dict[date, float]:
        """Hours of the other reviews by Monday."""
        found = load.weeks(self._reviews, settings.get("review.hours"), self.on, self.due_on)
        return {week.start: week.hours for week in found}

    @property
    def day(self) -> date:
        """The day that the load speaks of: the chosen one, else that of the advised slot, else the due day."""
        if self.review.starts_at is not None:
            return self.review.starts_at.astimezone(ZoneInfo(self.zone)).date()
        advised = next((slot for slot in self.slots if slot.advised), None)
        return advised.starts.astimezone(ZoneInfo(self.zone)).date() if advised else self.due_on

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        mine = [(self.review.kind, self.day)] if self.open else []
        return load.weeks([*self._reviews, *mine], settings.get("review.hours"), self.on, max(self.day, self.due_on))

    @property
    def week(self) -> Week | None:
        """That of the day."""
        return next((week for week in self.weeks if week.start == monday(self.day)), None)

    @property
    def lighter(self) -> Week | None:
        return load.lighter(self.weeks, self.day, self.due_on, self.hours, self.cap)

    def chart(self) -> Markup:
        return charts.columns(
            [_bar(week, self) for week in self.weeks], self.cap, _("Heures de revues par semaine"), hours_said
        )

    # The invitation

    def preview(self, ref: str, language: str) -> Preview | None:
        """To the person asked for, else to the first of the client's; None while there is nobody or no organiser."""
        reachable = [one for one in self.chosen if not one.organises]
        order = sorted(reachable, key=lambda one: (one.ref != ref, one.ours))
        if not order:
            return None
        person = order[0]
        language = language if language in LANGUAGES else person.language or self.review.language
        advised = next((slot.starts for slot in self.slots if slot.advised), None) if self.open else None
        occasion = Occasion(self.review, self.account, advised)
        if occasion.organiser is None or occasion.starts is None:
            return None
        purpose = "update" if person.invited and person.waits(self.review.invite_sequence) else "invitation"
        with force_locale(language):
            told = letters.contents(occasion, person, purpose, language)
            what = (told["title"], occasion.client, occasion.vendor)
            subject = wording.subject(purpose, *what, occasion.starts, occasion.zone)
        return Preview(person, language, subject, told)


def body(preview: Preview) -> Markup:
    """The text of the invitation, in its own language on a page in another."""
    with force_locale(preview.language):
        return Markup(render_template("reviews/inviting/_mail.html", **preview.told))  # noqa: S704 - Jinja escaped it


def _bar(week: Week, desk: Desk) -> charts.Column:
    mine = week.start == monday(desk.day)
    shade = "fw" if week.hours > desk.cap else "x1" if mine else "x4"
    top = ngettext("%(num)s revue", "%(num)s revues", week.reviews) if week.reviews else ""
    label = (_("S%(number)s", number=week.number), wording.week_label(week.start))
    return charts.Column(week.hours, top, label, shade, mine)


def held_then(desk: Desk, found: Sequence[Busy]) -> list[str]:
    """«Vous tenez déjà Kerdoncuff à 10:00», for each meeting in the way."""
    return [wording.held(one.what, one.starts, one.who, desk.names, desk.me, desk.zone) for one in found]
