"""Files of a review: asked for, made once for the same content, kept. Same rules as domain.py."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from haark.accounts.models import Account
from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.files import domain as files
from haark.jobs import domain as jobs
from haark.jobs.models import Job
from haark.reviews import domain, outputs, queries
from haark.reviews.models import Rendering

FORMATS = ("pdf", "pptx")


class NothingToPrint(Exception):
    """The review has no facts yet."""


def ask(review: Review, formats: Sequence[str], *, by: int | None) -> Job:
    """A job that makes these formats of the present content; the same asked twice is one job."""
    book = domain.compose(review)
    if book is None:
        raise NothingToPrint
    wanted = [form for form in FORMATS if form in formats]
    return jobs.enqueue(
        "reviews.render",
        args={"review_id": review.id, "formats": wanted},
        key=key(review.id, wanted, book.fingerprint),
        by=by,
        account_id=review.account_id,
        total=len(wanted),
    )


def key(review_id: int, formats: Sequence[str], fingerprint: str) -> str:
    """What makes two requests the same: review, formats, content."""
    return f"render:{review_id}:{'+'.join(formats)}:{fingerprint}"


def jobs_of(review_id: int, fingerprint: str) -> list[Job]:
    """The jobs asked for the present content, the latest last."""
    keys = [key(review_id, wanted, fingerprint) for wanted in (["pdf"], ["pptx"], list(FORMATS))]
    return list(db.session.scalars(db.select(Job).where(Job.key.in_(keys)).order_by(Job.id)))


def render(review_id: int, form: str, *, at: datetime) -> Rendering:
    """Makes one file of the present content, or finds the one made before. Rendering holds no transaction open.

    Raises NothingToPrint before there are facts.
    """
    review = queries.get(review_id)
    book = domain.compose(review)
    if book is None:
        raise NothingToPrint
    earlier = queries.renderings(review_id, book.fingerprint).get(form)
    if earlier is not None:
        return earlier
    account = db.session.get_one(Account, review.account_id)
    name = outputs.file_name(account.external_id or account.name, review.period, form)
    # Reading began a transaction, in a worker on SQLite the write lock: two seconds of drawing must not hold it.
    db.session.rollback()
    made = outputs.write(book.deck, form)
    return _keep(review_id, form, book.fingerprint, made, name, at)


def _keep(review_id: int, form: str, fingerprint: str, made: bytes, name: str, at: datetime) -> Rendering:
    file = files.keep(made, name, outputs.MEDIA[form], at=at)
    row = Rendering(review_id=review_id, format=form, fingerprint=fingerprint, file_id=file.id, at=at)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Another run of the same job was faster: its file is as good.
        return queries.renderings(review_id, fingerprint)[form]
    review = queries.get(review_id)
    record("review.exported", at=at, account_id=review.account_id, subject=("review", review_id), format=form)
    return row
