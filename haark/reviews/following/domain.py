"""Verbs about what follows a review. Instants are business time; `by` is a user's id, None for Haark itself."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from haark.accounts.models import Account
from haark.actions import domain as actions
from haark.actions.domain import Promise
from haark.actions.models import ActionItem
from haark.cadence import following
from haark.cadence import queries as cadence
from haark.cadence.models import Review
from haark.events.domain import record
from haark.extensions import db
from haark.plans import proposals
from haark.reviews.checklist.models import Tick
from haark.reviews.following import queries, rules
from haark.reviews.following.models import GRADES, PromiseGrade
from haark.reviews.recap.models import Recap
from haark.reviews.surveying.models import ReviewSurvey

OPEN = ("open", "in_progress")
CLOSABLE = ("held", "recapped")


class FollowError(ValueError):
    """`kind`: `state` (the review was not held, or is closed already), `promise` (none of this review), `grade`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def prepare(review: Review, check_in_title: str, *, at: datetime, on: date) -> None:
    """What Haark does by itself once a review was held: plans the check-in half-way, and draws from each decision the
    change of the plan that it asks for. Twice does no more than once."""
    if review.held_on is None:
        return
    _plan_check_in(review, check_in_title, at, on)
    said = queries.decisions(review.id)
    drawn = {one.source_id for one in queries.drawn_from([row.id for row in said])}
    parts = queries.parts_of(review.account_id)
    for row in said:
        found = None if row.id in drawn else rules.suggestion(row.text, parts, on)
        if found is not None:
            proposals.propose(
                review.account_id,
                found.kind,
                found.values,
                at=at,
                subject_id=found.id,
                reason=row.text,
                source=(queries.DECIDED, row.id),
            )


def _plan_check_in(review: Review, title: str, at: datetime, on: date) -> None:
    assert review.held_on is not None
    if review.kind not in ("qbr", "ebr") or queries.had_check_in(review.id):
        return
    after = following.after(review.account_id, review.id, review.kind, review.held_on, held=True, on=on)
    day = rules.half_way(review.held_on, after.on if after else None)
    if day is None or day < on:
        return
    owner = db.session.scalar(select(Account.owner_id).where(Account.id == review.account_id))
    promise = Promise(title, owner_user_id=owner, due_on=day)
    actions.add(review.account_id, promise, by=None, at=at, source=(queries.CHECK_IN, review.id))


def grade(review: Review, action_id: int, word: str, *, by: int | None, at: datetime) -> None:
    """A person's word on a promise: kept, late, dropped; '' takes it back. Raises FollowError."""
    item = db.session.get(ActionItem, action_id)
    if item is None or (item.source_kind, item.source_id) != (queries.PROMISED, review.id) or item.deleted_at:
        raise FollowError("promise")
    if word and word not in GRADES:
        raise FollowError("grade")
    wanted = select(PromiseGrade).where(PromiseGrade.review_id == review.id, PromiseGrade.action_id == action_id)
    row = db.session.scalar(wanted)
    if not word:
        if row is not None:
            db.session.delete(row)
            db.session.flush()
        return
    row = row or PromiseGrade(review_id=review.id, action_id=action_id)
    row.grade, row.by_id, row.at = word, by, at
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Somebody else graded it in the same instant: the later word counts.
        db.session.execute(
            db.update(PromiseGrade)
            .where(PromiseGrade.review_id == review.id, PromiseGrade.action_id == action_id)
            .values(grade=word, by_id=by, at=at)
        )
    subject = ("action", action_id)
    record("promise.graded", at=at, by=by, account_id=review.account_id, subject=subject, title=item.title, what=word)


def tick(review: Review, item: str, done: bool, *, by: int | None, at: datetime) -> None:
    """A person's word on one of the first week's four things; it wins over what Haark saw."""
    if item not in rules.WEEK:
        raise FollowError("promise")
    key = queries.TICK + item
    row = db.session.scalar(select(Tick).where(Tick.review_id == review.id, Tick.item == key))
    row = row or Tick(review_id=review.id, item=key)
    row.done, row.by_id, row.at = done, by, at
    db.session.add(row)
    db.session.flush()


def close(review: Review, *, by: int | None, at: datetime) -> int:
    """The review is behind us: what is still open goes over into the next one, where one is planned. Returns how many
    promises are still open. Raises FollowError (state)."""
    if review.state not in CLOSABLE:
        raise FollowError("state")
    planned = cadence.planned_of(review.account_id)
    carried = 0
    for item in db.session.scalars(_promised(review).where(ActionItem.state.in_(OPEN))):
        item.carried_to_id = planned.id if planned else None
        carried += 1
    review.state, review.closed_at = "closed", at
    db.session.flush()
    _record(review, "review.closed", by, at, carried=carried)
    return carried


def reopen(review: Review, *, by: int | None, at: datetime) -> None:
    """Followed again; what was carried over comes back."""
    if review.state != "closed":
        return
    recap = db.session.get(Recap, review.id)
    review.state, review.closed_at = "recapped" if recap and recap.sent_at else "held", None
    for item in db.session.scalars(_promised(review).where(ActionItem.carried_to_id.is_not(None))):
        item.carried_to_id = None
    db.session.flush()
    _record(review, "review.reopened", by, at)


def act_on(review: Review, answer: ReviewSurvey, title: str, *, by: int | None, at: datetime) -> ActionItem:
    """What a client wished for in their answer becomes an action of the account's CSM."""
    owner = db.session.scalar(select(Account.owner_id).where(Account.id == review.account_id))
    promise = Promise(title[:300], owner_user_id=owner or by, note=answer.comment)
    return actions.add(review.account_id, promise, by=by, at=at, source=("survey", review.id))


def _promised(review: Review) -> "db.Select":  # type: ignore[name-defined]
    return select(ActionItem).where(
        ActionItem.source_kind == queries.PROMISED,
        ActionItem.source_id == review.id,
        ActionItem.deleted_at.is_(None),
    )


def _record(review: Review, kind: str, by: int | None, at: datetime, **data: object) -> None:
    told = {"what": review.kind, "period": review.period, **data}
    record(kind, at=at, by=by, account_id=review.account_id, subject=("review", review.id), **told)
