"""The checklist of a review as its card and its page show it, worded in the reader's language: two statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from haark import clock, formats, locale
from haark.cadence.models import OPEN_STATES, Review
from haark.extensions import db
from haark.people.models import User
from haark.reviews.assembly import Book
from haark.reviews.checklist import rules, sights, wording
from haark.reviews.checklist.models import Tick
from haark.reviews.checklist.rules import Count, Sight, Word
from haark.reviews.inviting.models import Participant
from haark.reviews.inviting.queries import participants


@dataclass(frozen=True)
class Item:
    """One of the 22. `done`: a person's word, else what Haark saw; `seen`: that sentence, '' where it cannot know;
    `version` 0 while nobody said anything."""

    key: str
    label: str
    what: str
    done: bool
    optional: bool
    seen: str
    short: str
    by_person: bool
    note: str
    author: str
    at: datetime | None
    version: int


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    items: tuple[Item, ...]
    count: Count


@dataclass(frozen=True)
class Checklist:
    """The four groups, their counts, and how far the preparation is (rules.STATES) with its tone and words.

    `checked_at`: when the facts behind the automatic ticks were read; None before the review is generated.
    """

    review_id: int
    groups: tuple[Group, ...]
    count: Count
    state: str
    tone: str
    told: str
    opens_on: date | None
    ready_on: date | None
    checked_at: datetime | None

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for group in self.groups for item in group.items)


def checklist(review: Review, book: Book | None, on: date, people: Sequence[Participant] | None = None) -> Checklist:
    """The checklist as of day `on`; `book`: the review put together, None while it is not generated; `people`: those
    who take part, where the page has read them already."""
    facts = book.material.facts if book else None
    roi = book.figures.get("value.roi") if book else None
    slides = [
        sights.Slide(page.key, getattr(page.place, "kind", ""), page.state in ("ready", "incomplete"))
        for page in (book.pages if book else ())
    ]
    seen = sights.sights(
        facts,
        roi.value if roi else None,
        slides,
        _traces(review, book, participants(review.id) if people is None else people),
    )
    ticks = _ticks(review.id)
    items = {key: _item(key, seen.get(key), ticks.get(key)) for key in rules.ITEMS}
    done = {key: item.done for key, item in items.items()}
    total, day = rules.count(done), day_of(review)
    state = rules.state(total.missing, day, on, over=review.state not in OPEN_STATES)
    opens, ready = (rules.opens_on(day), rules.ready_on(day)) if day else (None, None)
    tone, words = wording.STATES[state]
    dates = {"opens": formats.day_short(opens, locale.current()), "ready": formats.day_short(ready, locale.current())}
    return Checklist(
        review_id=review.id,
        groups=tuple(
            Group(name, str(wording.GROUPS[name]), tuple(items[key] for key in keys), rules.count(done, keys))
            for name, keys in rules.GROUPS.items()
        ),
        count=total,
        state=state,
        tone=tone,
        told=str(words) % dates,
        opens_on=opens,
        ready_on=ready,
        checked_at=datetime.fromisoformat(facts["taken_at"]) if facts else None,
    )


def day_of(review: Review) -> date | None:
    """The day of the meeting: as agreed, else the one by which it is due."""
    if review.starts_at is None:
        return review.due_on
    return review.starts_at.astimezone(ZoneInfo(review.zone or clock.DEFAULT_ZONE)).date()


def tick_of(review_id: int, item: str) -> Tick | None:
    """A person's word on an item; None while nobody said anything."""
    found: Tick | None = db.session.scalar(select(Tick).where(Tick.review_id == review_id, Tick.item == item))
    return found


def _item(key: str, sight: Sight | None, tick: Any) -> Item:
    label, what = wording.ITEMS[key]
    return Item(
        key=key,
        label=str(label),
        what=str(what),
        done=rules.is_done(sight, Word(tick.done, tick.note) if tick else None),
        optional=key in rules.OPTIONAL,
        seen=wording.seen(sight) if sight else "",
        short=wording.short(sight) if sight and not tick else "",
        by_person=tick is not None,
        note=tick.note if tick else "",
        author=(tick.author or "") if tick else "",
        at=tick.at if tick else None,
        version=tick.version if tick else 0,
    )


def _ticks(review_id: int) -> dict[str, Any]:
    rows = select(Tick.item, Tick.done, Tick.note, Tick.at, Tick.version, User.name.label("author"))
    rows = rows.outerjoin(User, User.id == Tick.by_id).where(Tick.review_id == review_id)
    return {row.item: row for row in db.session.execute(rows)}


def _traces(review: Review, book: Book | None, people: Sequence[Participant]) -> sights.Traces:
    """What was changed in the deck, and how the invitations stand; the client's people count, ours come anyway."""
    theirs = [person for person in people if not person.ours]
    invited = [person.invited_at for person in theirs if person.invited_at is not None]
    own = 0
    if book is not None:
        corrected = sum(1 for figure in book.figures.values() if figure.override)
        own = len(book.material.edits) + corrected + sum(1 for page in book.pages if page.place.kind)
    return sights.Traces(
        own=own,
        invited=len(invited),
        invited_on=clock.day_of(max(invited), review.zone or clock.DEFAULT_ZONE) if invited else None,
        chosen=len(theirs),
        confirmed=sum(1 for person in theirs if person.reply == "yes"),
        silent=sum(1 for person in theirs if person.invited_at is not None and not person.reply),
    )
