"""Reading reviews: the rows behind a workspace, the list of an account, who may change what."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from haark import locale
from haark.access import Owned, owned_by
from haark.accounts.models import Account, AccountCard, Revenue
from haark.cadence.models import Review
from haark.cadence.queries import Next, State, next_of, policy, project_state
from haark.decks.outline import Brand
from haark.extensions import db
from haark.files import images
from haark.files.models import StoredFile
from haark.people.models import User
from haark.reviews import assembly, pictures, titles
from haark.reviews.assembly import Book, Place, Stored
from haark.reviews.content import Edit, Held
from haark.reviews.figures import Override
from haark.reviews.meeting.models import Capture, Meeting
from haark.reviews.models import FigureOverride, Rendering, ReviewSlide, ReviewSnapshot, TextEdit
from haark.settings import queries as settings


@dataclass(frozen=True)
class Listed:
    """A review in the account's list."""

    id: int
    kind: str
    period: str
    period_start: date
    state: str
    due_on: date | None
    held_on: date | None
    urgent: bool
    cancel_reason: str
    language: str
    created_at: datetime
    author: str
    taken_at: datetime | None

    @property
    def title(self) -> str:
        """«QBR Q4 2026» in the reader's language."""
        return titles.title_of(self.kind, self.period, locale.current())


@dataclass(frozen=True)
class Tab:
    """What `reviews/_tab.html` shows of an account."""

    account_id: int
    rows: list[Listed]
    project: State | None
    next: Next


@owned_by("review")
def owner_of(ident: int) -> Owned | None:
    """A review belongs to the account's people; it is gone with the account."""
    row = db.session.execute(
        select(Account.owner_id, Account.sales_owner_id, Account.deleted_at, Review.deleted_at.label("removed"))
        .select_from(Review)
        .join(Account, Account.id == Review.account_id)
        .where(Review.id == ident)
    ).one_or_none()
    if row is None:
        return None
    return Owned(
        frozenset(owner for owner in row[:2] if owner is not None),
        row.deleted_at is not None or row.removed is not None,
    )


@owned_by("removed_review")
def owner_of_removed(ident: int) -> Owned | None:
    """The same for a review that was deleted: only such a one can be brought back."""
    row = db.session.execute(
        select(Account.owner_id, Account.sales_owner_id, Account.deleted_at)
        .select_from(Review)
        .join(Account, Account.id == Review.account_id)
        .where(Review.id == ident, Review.deleted_at.is_not(None))
    ).one_or_none()
    if row is None:
        return None
    return Owned(frozenset(owner for owner in row[:2] if owner is not None), row.deleted_at is not None)


def get(review_id: int) -> Review:
    """NoResultFound when there is none."""
    return db.session.execute(select(Review).where(Review.id == review_id)).scalar_one()


def existing(account_id: int, period: str) -> Review | None:
    """The review of that account and period that was not deleted."""
    return db.session.execute(
        select(Review)
        .where(Review.account_id == account_id, Review.period == period, Review.deleted_at.is_(None))
        .order_by(Review.id)
        .limit(1)
    ).scalar_one_or_none()


def tab(account_id: int) -> Tab:
    """The account's reviews, the newest day first, the next one, and the state of the project: five statements."""
    taken = (
        select(ReviewSnapshot.review_id, func.max(ReviewSnapshot.taken_at).label("at"))
        .group_by(ReviewSnapshot.review_id)
        .subquery()
    )
    author = aliased(User)
    rows = db.session.execute(
        select(
            Review.id,
            Review.kind,
            Review.period,
            Review.period_start,
            Review.state,
            Review.due_on,
            Review.held_on,
            Review.urgent,
            Review.cancel_reason,
            Review.language,
            Review.created_at,
            func.coalesce(author.name, "").label("author"),
            taken.c.at.label("taken_at"),
        )
        .outerjoin(author, author.id == Review.created_by_id)
        .outerjoin(taken, taken.c.review_id == Review.id)
        .where(Review.account_id == account_id, Review.deleted_at.is_(None))
        .order_by(func.coalesce(Review.held_on, Review.due_on, Review.period_end).desc(), Review.id.desc())
    ).mappings()
    return Tab(account_id, [Listed(**row) for row in rows], project_state(account_id), next_of(account_id))


def began(account_id: int) -> date | None:
    """When the account became a client: its contract, else its first revenue; None where neither is known."""
    start = db.session.scalar(select(Account.contract_start).where(Account.id == account_id))
    first = db.session.scalar(select(func.min(Revenue.date)).where(Revenue.account_id == account_id))
    known = [day for day in (start, first) if day is not None]
    return min(known) if known else None


def arr_cents(account_id: int) -> int | None:
    """The ARR in the organisation's currency, as the portfolio shows it."""
    return db.session.scalar(select(AccountCard.arr_cents).where(AccountCard.account_id == account_id))


def account_names(account_id: int) -> Any:
    """`id`, `name`, `language` of an account."""
    return db.session.execute(select(Account.id, Account.name, Account.language).where(Account.id == account_id)).one()


def snapshot(review_id: int, kept: int | None = None) -> ReviewSnapshot | None:
    """The facts that are shown: the latest ones; or those `kept` under this id."""
    rows = select(ReviewSnapshot).where(ReviewSnapshot.review_id == review_id).order_by(ReviewSnapshot.id.desc())
    if kept is not None:
        rows = rows.where(ReviewSnapshot.id == kept)
    return db.session.execute(rows.limit(1)).scalar_one_or_none()


def snapshot_before(review_id: int) -> ReviewSnapshot | None:
    """The facts that were shown before the present ones; None when they were gathered once."""
    return db.session.execute(
        select(ReviewSnapshot)
        .where(ReviewSnapshot.review_id == review_id)
        .order_by(ReviewSnapshot.id.desc())
        .offset(1)
        .limit(1)
    ).scalar_one_or_none()


def logos(account_id: int) -> tuple[bytes | None, bytes | None]:
    """Our logo and the account's, None where there is none or its file is gone. One statement."""
    ours = select(StoredFile.sha256).where(StoredFile.id == settings.get("brand.logo_file"))
    theirs = select(StoredFile.sha256).join(Account, Account.logo_file_id == StoredFile.id)
    theirs = theirs.where(Account.id == account_id)
    found = db.session.execute(select(ours.scalar_subquery(), theirs.scalar_subquery())).one()
    read = []
    for digest in found:
        with suppress(OSError, ValueError):
            read.append(images.read(digest) if digest else None)
            continue
        read.append(None)
    return read[0], read[1]


def stored(review: Review, facts: dict[str, Any], brand: Brand, language: str) -> Stored:
    """Everything kept of the review around these facts: three statements."""
    kept = places(review.id)
    return Stored(
        facts=facts,
        places=kept,
        edits=edits(review.id),
        overrides=overrides(review.id),
        kind=review.kind,
        minutes=review.minutes or policy().minutes(review.kind),
        language=language,
        vendor=settings.get("organisation.name"),
        brand=brand,
        pictures=pictures.of(place.data for place in kept if place.kind == "image"),
        allowed=any(place.key == "opportunities" and not place.hidden for place in kept),
        internal_allowed=review.internal_allowed,
        held=held(review),
    )


def held(review: Review) -> Held | None:
    """What the meeting brought; None, and no statement, until it took place."""
    if review.held_on is None:
        return None
    taken = db.session.scalars(
        select(Capture.text)
        .where(Capture.review_id == review.id, Capture.kind == "decision", Capture.deleted_at.is_(None))
        .order_by(Capture.at, Capture.id)
    )
    coming = db.session.scalar(select(Meeting.next_on).where(Meeting.review_id == review.id))
    return Held(review.held_on, tuple(taken), coming)


def book(review: Review, brand: Brand, language: str, kept: int | None = None) -> Book | None:
    """The review put together, with the facts `kept` under that id where one is given; None until there are any."""
    taken = snapshot(review.id, kept)
    if taken is None:
        return None
    return assembly.assemble(replace(stored(review, taken.facts, brand, language), earlier=kept is not None))


def places(review_id: int) -> list[Place]:
    """The slides in their order, but for deleted ones."""
    rows = db.session.execute(
        select(ReviewSlide.key, ReviewSlide.hidden, ReviewSlide.version, ReviewSlide.kind, ReviewSlide.source_key)
        .add_columns(ReviewSlide.data)
        .where(ReviewSlide.review_id == review_id, ReviewSlide.deleted_at.is_(None))
        .order_by(ReviewSlide.position, ReviewSlide.id)
    )
    return [Place(row.key, row.hidden, row.version, row.kind, row.source_key, row.data or {}) for row in rows]


def edits(review_id: int) -> dict[tuple[str, str], Edit]:
    """A person's texts by slide and field."""
    rows = db.session.execute(
        select(TextEdit.slide_key, TextEdit.field, TextEdit.text, TextEdit.computed, TextEdit.at, TextEdit.version)
        .add_columns(User.name)
        .outerjoin(User, User.id == TextEdit.author_id)
        .where(TextEdit.review_id == review_id)
    )
    return {
        (row.slide_key, row.field): Edit(row.text, row.computed, row.name or "", row.at, row.version) for row in rows
    }


def overrides(review_id: int) -> dict[str, Override]:
    """A person's figures by key."""
    rows = db.session.execute(
        select(FigureOverride.figure, FigureOverride.value, FigureOverride.reason, FigureOverride.at)
        .add_columns(FigureOverride.version, FigureOverride.computed, User.name)
        .outerjoin(User, User.id == FigureOverride.author_id)
        .where(FigureOverride.review_id == review_id)
    )
    return {
        row.figure: Override(row.value, row.reason, row.name or "", row.at, row.version, row.computed) for row in rows
    }


def renderings(review_id: int, fingerprint: str) -> dict[str, Rendering]:
    """The files of the present content, by format."""
    rows = db.session.scalars(
        select(Rendering).where(Rendering.review_id == review_id, Rendering.fingerprint == fingerprint)
    )
    return {row.format: row for row in rows}
