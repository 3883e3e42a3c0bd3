"""Files of a review: asked for, made once for the same content, kept. Same rules as domain.py."""

from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.exc import IntegrityError

from haark.accounts.models import Account
from haark.cadence.models import Review
from haark.decks.outline import Deck
from haark.decks.telling import Stage, Tell, untold
from haark.events.domain import record
from haark.extensions import db
from haark.files import domain as files
from haark.jobs import beside
from haark.jobs import domain as jobs
from haark.jobs.models import Job
from haark.reviews import assembly, domain, outputs, queries
from haark.reviews.corporate import drawing
from haark.reviews.corporate.drawing import Drawn, Guise
from haark.reviews.models import Rendering
from haark.reviews.outputs import CLIENT, Variant

FORMATS = ("pdf", "pptx")
Told = Callable[[str, Stage, int, int], None]
"""Format, stage, pages done in it, pages in all."""


class NothingToPrint(Exception):
    """The review has no facts yet."""


def ask(review: Review, formats: Sequence[str], *, by: int | None, variant: Variant = CLIENT) -> Job:
    """A job that makes these formats of the present content; the same asked twice is one job, tried again if it failed.

    Raises NothingToPrint before there are facts.
    """
    book = domain.compose(review, snapshot=variant.snapshot)
    if book is None:
        raise NothingToPrint
    wanted = [form for form in FORMATS if form in formats]
    job = jobs.enqueue(
        "reviews.render",
        args={
            "review_id": review.id,
            "formats": wanted,
            "edition": variant.edition,
            "notes": variant.notes,
            "snapshot": variant.snapshot,
        },
        key=key(review.id, wanted, assembly.fingerprint(variant.of(book.deck))),
        by=by,
        account_id=review.account_id,
        total=100,
    )
    if job.state == "failed":
        jobs.retry(job, by=by)
    return job


def key(review_id: int, formats: Sequence[str], fingerprint: str) -> str:
    """What makes two requests the same: review, formats, content."""
    return f"render:{review_id}:{'+'.join(formats)}:{fingerprint}"


def jobs_of(review_id: int, fingerprint: str) -> list[Job]:
    """The jobs asked for the present content, the latest last."""
    keys = [key(review_id, wanted, fingerprint) for wanted in (["pdf"], ["pptx"], list(FORMATS))]
    return list(db.session.scalars(db.select(Job).where(Job.key.in_(keys)).order_by(Job.id)))


def render(
    review_id: int,
    formats: Sequence[str],
    *,
    at: datetime,
    variant: Variant = CLIENT,
    apart: bool = False,
    told: Told | None = None,
    plain: bool = False,
) -> Generator[Rendering]:
    """The files of the present content, each as soon as it is kept; what was made before is not made again.

    `plain`: on our own pages, whatever template there is (it made the job die before). `apart`: several are
    drawn side by side, in processes of their own. Drawing holds no transaction open; the caller commits after each.
    Raises NothingToPrint before there are facts.
    """
    review = queries.get(review_id)
    book = domain.compose(review, snapshot=variant.snapshot)
    if book is None:
        raise NothingToPrint
    deck = variant.of(book.deck)
    fingerprint = assembly.fingerprint(deck)
    earlier = queries.renderings(review_id, fingerprint)
    account = db.session.get_one(Account, review.account_id)
    named, period = account.external_id or account.name, review.period
    read_on = book.material.facts["on"] if variant.snapshot else ""
    guise = drawing.guise() if deck.brand.template and "pptx" in formats and "pptx" not in earlier else None
    # Reading began a transaction, in a worker on SQLite the write lock: a second of drawing must not hold it.
    db.session.rollback()
    yield from (earlier[form] for form in formats if form in earlier)
    parts = {
        form: partial(draw, deck, form, guise, plain=plain, told=beside.tell) for form in formats if form not in earlier
    }
    for form, made in beside.results(parts, apart=apart, told=told):
        name = outputs.file_name(named, period, form, deck, read_on)
        row = Rendering(format=form, edition=deck.edition, fingerprint=fingerprint, note=made.note)
        yield _keep(review_id, row, made.data, name, at)


def draw(deck: Deck, form: str, guise: Guise | None, *, plain: bool = False, told: Tell = untold) -> Drawn:
    """One file, drawn without a database; PowerPoint on the organisation's template where there is one."""
    if form == "pptx" and guise is not None and not plain:
        return drawing.powerpoint(deck, guise, told)
    left_out = form == "pptx" and guise is not None
    return Drawn(outputs.write(deck, form, told), drawing.FAILED if left_out else "")


def _keep(review_id: int, row: Rendering, made: bytes, name: str, at: datetime) -> Rendering:
    form, fingerprint = row.format, row.fingerprint
    file = files.keep(made, name, outputs.MEDIA[form], at=at)
    row.review_id, row.file_id, row.at = review_id, file.id, at
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Another run of the same job was faster: its file is as good.
        return queries.renderings(review_id, fingerprint)[form]
    review = queries.get(review_id)
    about: dict[str, Any] = {"format": form} if row.edition == "client" else {"format": form, "edition": row.edition}
    about |= {"note": row.note} if row.note else {}
    record("review.exported", at=at, account_id=review.account_id, subject=("review", review_id), **about)
    return row
