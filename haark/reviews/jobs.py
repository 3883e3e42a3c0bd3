"""Work on reviews that must happen: gathering facts, making files. Each may run twice; what it makes exists once."""

import time
from contextlib import closing
from datetime import timedelta
from typing import Any

from haark import clock
from haark.decks.outline import Edition
from haark.decks.telling import Stage
from haark.extensions import db
from haark.jobs import bell
from haark.jobs.models import Job
from haark.jobs.runner import last_try, progress
from haark.notices import domain as notices
from haark.people.models import User
from haark.reviews import domain, exports, queries, titles
from haark.reviews.outputs import Variant
from haark.reviews.strides import Board
from haark.settings import domain as settings

# Nobody looks at a progress bar for longer.
PATIENCE = timedelta(seconds=10)


def generate(review_id: int, by: int | None, job_id: int) -> dict[str, Any]:
    """The facts of a review, for the first time; asked again, fresh ones only where there are none."""
    progress(job_id, 1, 2)
    review = queries.get(review_id)
    if queries.snapshot(review_id) is None:
        domain.fill(review, by=by, at=clock.moment(), on=clock.today(settings.get("organisation.timezone")))
    return {"review_id": review_id}


def render(
    review_id: int,
    formats: list[str],
    job_id: int,
    edition: Edition = "client",
    notes: bool = True,
    snapshot: int | None = None,
) -> dict[str, Any]:
    """The files of a review as it is, or with earlier facts, drawn side by side, each kept as soon as it is made."""
    board = Board(tuple(formats))

    def told(form: str, stage: Stage, done: int, total: int) -> None:
        if board.tell(form, stage, done, total, time.monotonic()):
            progress(job_id, board.percent, 100, board.written)

    variant = Variant(edition, notes, snapshot)
    apart, plain = not bell.inline(), last_try(job_id)
    made = exports.render(review_id, formats, at=clock.moment(), variant=variant, apart=apart, told=told, plain=plain)
    with closing(made):
        for rendering in made:
            db.session.commit()
            board.keep(rendering.format)
            progress(job_id, board.percent, 100, board.written)
    _tell(review_id, job_id)
    return {"review_id": review_id}


def _tell(review_id: int, job_id: int) -> None:
    """Who asked is told that the deck is ready, where it took so long that they went on with something else."""
    job = db.session.get(Job, job_id)
    if job is None or job.requested_by_id is None or clock.now() - job.created_at < PATIENCE:
        return
    review, asker = queries.get(review_id), db.session.get_one(User, job.requested_by_id)
    title = titles.title_of(review.kind, review.period, asker.language)
    about: dict[str, Any] = {"account_id": review.account_id, "subject": ("review", review_id), "key": f"deck:{job_id}"}
    notices.tell([asker.id], "ready", "deck", at=clock.moment(), review=title, account=review.account.name, **about)
    db.session.commit()
