"""What happens to a review: made, gathered anew, corrected, reordered, removed. Each verb records its event.

Verbs are told who (`by`, a user's id) and when (`at` an instant, `on` a day); they flush, the caller commits.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from haark import clock
from haark.cadence import domain as cadence_domain
from haark.cadence import queries as cadence_queries
from haark.cadence import rules as cadence
from haark.cadence.models import Review
from haark.cadence.rules import Period
from haark.decks.outline import Brand
from haark.events.domain import record
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.jobs import domain as jobs
from haark.reviews import content, facts, figures, queries
from haark.reviews.assembly import Book
from haark.reviews.corporate import queries as corporate
from haark.reviews.models import ReviewSlide, ReviewSnapshot
from haark.settings import domain as settings


def read_period(account_id: int, written: str, on: date) -> Period:
    """The period asked for. Raises PeriodRefused when unreadable, in the future, or before the account existed."""
    period = cadence.parse(written, settings.get("fiscal_year_start"))
    cadence.admit(period, on, queries.began(account_id))
    return period


def start(
    account_id: int,
    period: Period,
    sections: Iterable[str],
    language: str,
    *,
    kind: str = "",
    by: int | None,
    at: datetime,
) -> tuple[Review, bool]:
    """The review of that account and period, and whether its facts are still to be gathered.

    There is never a second one: a planned review of the period becomes this one, a generated one is returned as it is.
    A new one has its slides but no facts yet; `fill` gathers them.
    """
    earlier = queries.existing(account_id, period.code)
    if earlier is not None and queries.places(earlier.id):
        return earlier, False
    wanted = [section for section in content.SECTIONS if section in set(sections)]
    language = language if language in LANGUAGES else settings.get("organisation.language")
    if earlier is not None:
        return _take_over(earlier, wanted, language, kind, by, at), True
    suggested = cadence_queries.policy().suggested(queries.arr_cents(account_id), period.unit)
    review = Review(
        account_id=account_id,
        kind=kind or suggested,
        period=period.code,
        period_start=period.start,
        period_end=period.end,
        sections=wanted,
        language=language,
        # It stands for the next review when that one falls into its period.
        due_on=cadence_queries.due_within(account_id, period.start, period.end),
        created_at=at,
        created_by_id=by,
    )
    try:
        with db.session.begin_nested():
            db.session.add(review)
    except IntegrityError:
        # Somebody asked for the same in the same instant.
        return _sure(queries.existing(account_id, period.code)), False
    _lay_out(review)
    _record(review, "review.created", at, by, what=review.kind, period=review.period)
    return review, True


def _take_over(planned: Review, wanted: list[str], language: str, kind: str, by: int | None, at: datetime) -> Review:
    """A planned review is written: it keeps its day and who asked for it. One held already stays held."""
    planned.kind, planned.sections, planned.language = kind or planned.kind, wanted, language
    if planned.state in ("planned", "cancelled"):
        planned.state, planned.cancel_reason = "preparing", ""
    db.session.flush()
    _lay_out(planned)
    _record(planned, "review.created", at, by, what=planned.kind, period=planned.period)
    return planned


def _lay_out(review: Review) -> None:
    for position, key in enumerate(content.slides_of(review.sections)):
        db.session.add(_slide(review, key, position))


def _slide(review: Review, key: str, position: int) -> ReviewSlide:
    return ReviewSlide(review_id=review.id, key=key, position=position, hidden=content.off_at_first(key, review.kind))


def _settle(review: Review, gathered: dict[str, Any]) -> None:
    """Adds the slides that these facts call for and the review does not have: after the standard one before them.

    A slide that a person deleted stays deleted.
    """
    rows = list(db.session.scalars(db.select(ReviewSlide).where(ReviewSlide.review_id == review.id)))
    rows.sort(key=lambda row: (row.position, row.id))
    known = {row.key for row in rows}
    order = list(content.MAKERS)
    for key in content.called_for(gathered):
        if key in known:
            continue
        before = [place for place, row in enumerate(rows) if row.key in order[: order.index(key)]]
        rows.insert(max(before, default=-1) + 1, _slide(review, key, 0))
    for position, row in enumerate(rows):
        row.position = position
        db.session.add(row)
    db.session.flush()


def fill(review: Review, *, by: int | None, at: datetime, on: date) -> list[str]:
    """Gathers the facts as they stand on day `on` and freezes them; a person's words and figures stay as they are.

    Returns the keys of the figures that moved since the facts before (none the first time).
    """
    before = queries.snapshot(review.id)
    gathered = gather(review, at=at, on=on)
    db.session.add(ReviewSnapshot(review_id=review.id, taken_at=at, facts=gathered))
    _settle(review, gathered)
    if before is None:
        _record(review, "review.generated", at, by, what=review.kind, period=review.period)
        cadence_domain.schedule([review.account_id], on)
        return []
    changed = moved(before.facts, gathered)
    _record(review, "review.regenerated", at, by, what=review.kind, period=review.period, figures=changed)
    return changed


def generate(
    account_id: int,
    period: Period,
    sections: Iterable[str],
    language: str,
    *,
    by: int | None,
    at: datetime,
    on: date,
    kind: str = "",
) -> Review:
    """The review with its facts gathered now; an earlier one of the same period gets fresh facts."""
    review, _new = start(account_id, period, sections, language, kind=kind, by=by, at=at)
    fill(review, by=by, at=at, on=on)
    return review


def gather(review: Review, *, at: datetime, on: date) -> dict[str, Any]:
    """The facts of the review's period as they stand on day `on`."""
    fiscal = settings.get("fiscal_year_start")
    period = cadence.parse(review.period, fiscal)
    zone = settings.get("organisation.timezone")
    return facts.gather(review, period, on=on, at=at, fiscal_start=fiscal, zone=zone)


def moved(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Keys of the figures that two sets of facts show differently."""
    return figures.moved(figures.compute(before, {}), figures.compute(after, {}))


def brand(account_id: int | None = None) -> Brand:
    """The organisation's colours; for an account with both logos, ours and theirs, as they are now. One statement."""
    colours = Brand(*(settings.get(f"brand.{name}") for name in ("primary", "secondary", "tint")))
    if account_id is None:
        return colours
    ours, theirs = queries.logos(account_id)
    return replace(colours, logo=ours, client_logo=theirs)


def compose(review: Review, language: str | None = None, snapshot: int | None = None) -> Book | None:
    """The review put together from what is stored, in its own or another language; None until it has facts.

    With the id of an earlier `snapshot` the figures are those of then, everything else is as it stands now.
    """
    look = replace(brand(review.account_id), template=corporate.stamp())
    return queries.book(review, look, language or review.language, snapshot)


def remove(review: Review, *, by: int | None, at: datetime) -> None:
    """Deletes the review; it can be brought back for 30 days (AC-8)."""
    review.deleted_at = at
    db.session.flush()
    _record(review, "review.deleted", at, by, what=review.kind, period=review.period)
    cadence_domain.schedule([review.account_id], clock.day_of(at))


def bring_back(review: Review, *, by: int | None, at: datetime) -> bool:
    """Undoes `remove`. False when another review of the same period took its place meanwhile."""
    if queries.existing(review.account_id, review.period) is not None:
        return False
    review.deleted_at = None
    db.session.flush()
    _record(review, "review.restored", at, by, what=review.kind, period=review.period)
    cadence_domain.schedule([review.account_id], clock.day_of(at))
    return True


def _sure(review: Review | None) -> Review:
    assert review is not None
    return review


def _record(review: Review, kind: str, at: datetime, by: int | None, **data: Any) -> None:
    jobs.ring_for(record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **data))
