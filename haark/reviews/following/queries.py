"""Reading what became of a review: promises with their grades, answers, the check-in, the first week's four things."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from haark import clock
from haark.accounts.models import Contact
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.extensions import db
from haark.people.models import User
from haark.plans import queries as plans
from haark.plans.models import Milestone, Objective, Proposal
from haark.plans.queries import ObjectiveRow
from haark.reviews import promises
from haark.reviews.checklist.models import Tick
from haark.reviews.following import rules
from haark.reviews.following.models import PromiseGrade
from haark.reviews.following.rules import Part
from haark.reviews.meeting.models import Capture, Meeting
from haark.reviews.promises import Grade
from haark.reviews.recap.models import Recap, RecapRecipient
from haark.reviews.surveying.models import ReviewSurvey

PROMISED = "review"
CHECK_IN = "checkin"
DECIDED = "capture"
TICK = "follow."


@dataclass(frozen=True)
class PromiseRow:
    """A promise of the review. `grade` is what counts, `own` a person's word on it ('': none)."""

    id: int
    title: str
    side: str
    owner: str
    due_on: date | None
    state: str
    grade: Grade
    own: str
    carried_to_id: int | None


@dataclass(frozen=True)
class CheckIn:
    """The meeting half-way, an action of ours."""

    id: int
    due_on: date | None
    state: str
    version: int


@dataclass(frozen=True)
class Week:
    """One of the first week's four things. `done`: by what Haark saw, or by a person's word (`own`, None: none)."""

    key: str
    seen: bool
    own: bool | None
    facts: tuple[int, int] = (0, 0)  # how many of how many

    @property
    def done(self) -> bool:
        return self.seen if self.own is None else self.own


@dataclass(frozen=True)
class Change:
    """A change of the plan that waits. `pairs`: (field, before, after); `said`: the decision it was drawn from."""

    id: int
    kind: str
    title: str
    new: bool
    pairs: tuple[tuple[str, Any, Any], ...]
    said: str


def promises_of(review: Review, on: date, zone: str) -> list[PromiseRow]:
    """The promises of a review, each graded on a day: by a person's word, else by what became of the action."""
    rows = db.session.execute(
        select(ActionItem, User.name, Contact.name, PromiseGrade.grade)
        .outerjoin(User, User.id == ActionItem.owner_user_id)
        .outerjoin(Contact, Contact.id == ActionItem.owner_contact_id)
        .outerjoin(
            PromiseGrade, (PromiseGrade.action_id == ActionItem.id) & (PromiseGrade.review_id == ActionItem.source_id)
        )
        .where(ActionItem.source_kind == PROMISED, ActionItem.source_id == review.id, ActionItem.deleted_at.is_(None))
        .order_by(ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
    )
    found = []
    for item, ours, theirs, own in rows:
        facts = {
            "state": item.state,
            "due_on": item.due_on.isoformat() if item.due_on else None,
            "done_on": clock.day_of(item.done_at, zone).isoformat() if item.done_at else None,
            "graded": own or "",
        }
        side = "theirs" if theirs else "ours"
        grade = promises.grade(facts, on)
        owner = ours or theirs or ""
        found.append(
            PromiseRow(item.id, item.title, side, owner, item.due_on, item.state, grade, own or "", item.carried_to_id)
        )
    return found


def mean_before(review: Review) -> tuple[float, str] | None:
    """(mean, period) of the answers on the review before; None where nobody answered on any."""
    row = db.session.execute(
        select(func.avg(ReviewSurvey.score), Review.period)
        .join(Review, Review.id == ReviewSurvey.review_id)
        .where(
            Review.account_id == review.account_id,
            Review.id != review.id,
            Review.held_on < (review.held_on or date.max),
            ReviewSurvey.score.is_not(None),
        )
        .group_by(Review.id, Review.period, Review.held_on)
        .order_by(Review.held_on.desc())
        .limit(1)
    ).first()
    return None if row is None else (float(row[0]), row[1])


def recap_of(review_id: int) -> tuple[datetime | None, datetime | None, int]:
    """(when the meeting ended, when the recap was sent, to how many)."""
    row = db.session.execute(
        select(Meeting.ended_at, Recap.sent_at)
        .select_from(Review)
        .outerjoin(Meeting, Meeting.review_id == Review.id)
        .outerjoin(Recap, Recap.review_id == Review.id)
        .where(Review.id == review_id)
    ).one()
    sent = select(func.count()).where(RecapRecipient.review_id == review_id, RecapRecipient.mail_id.is_not(None))
    return row[0], row[1], db.session.scalar(sent) or 0


def check_in(review_id: int) -> CheckIn | None:
    """The check-in that was planned after a review."""
    row = db.session.scalar(
        select(ActionItem)
        .where(ActionItem.source_kind == CHECK_IN, ActionItem.source_id == review_id, ActionItem.deleted_at.is_(None))
        .order_by(ActionItem.id.desc())
        .limit(1)
    )
    return None if row is None else CheckIn(row.id, row.due_on, row.state, row.version)


def had_check_in(review_id: int) -> bool:
    """Whether one was ever planned: who removed it does not want it back."""
    wanted = select(ActionItem.id).where(ActionItem.source_kind == CHECK_IN, ActionItem.source_id == review_id)
    return db.session.scalar(wanted.limit(1)) is not None


def decisions(review_id: int) -> list[Capture]:
    """The decisions noted in the meeting, in their order."""
    wanted = select(Capture).where(
        Capture.review_id == review_id, Capture.kind == "decision", Capture.deleted_at.is_(None)
    )
    return list(db.session.scalars(wanted.order_by(Capture.at, Capture.id)))


def parts_of(account_id: int) -> list[Part]:
    """The plan's objectives and milestones, as decisions may speak of them."""
    aims = select(Objective).where(Objective.account_id == account_id, Objective.deleted_at.is_(None))
    steps = select(Milestone).where(Milestone.account_id == account_id, Milestone.deleted_at.is_(None))
    found = [
        Part("objective", row.id, row.title, row.kpi, row.target, row.due_on)
        for row in db.session.scalars(aims.order_by(Objective.position, Objective.id))
    ]
    return found + [
        Part("milestone", row.id, row.title, due_on=row.due_on)
        for row in db.session.scalars(steps.order_by(Milestone.position, Milestone.id))
    ]


def drawn_from(captures: list[int]) -> list[Proposal]:
    """The proposals drawn from these decisions, whatever became of them."""
    wanted = select(Proposal).where(Proposal.source_kind == DECIDED, Proposal.source_id.in_(captures))
    return list(db.session.scalars(wanted.order_by(Proposal.id)))


def changes(review: Review) -> tuple[list[Change], int, int]:
    """(changes that wait, accepted, declined) of the plan, drawn from this review's decisions."""
    said = {row.id: row.text for row in decisions(review.id)}
    drawn = drawn_from(list(said))
    titles = {(part.kind, part.id): part.title for part in parts_of(review.account_id)}
    waiting = [
        Change(
            id=one.id,
            kind=one.subject_kind,
            title=titles.get((one.subject_kind, one.subject_id or 0), ""),
            new=one.subject_id is None,
            pairs=tuple((name, *pair) for name, pair in one.changes.items()),
            said=said.get(one.source_id or 0, ""),
        )
        for one in drawn
        if one.state == "open"
    ]
    states = [one.state for one in drawn]
    return waiting, states.count("accepted"), states.count("declined")


def week(review: Review, rows: list[PromiseRow], waiting: int, accepted: int) -> list[Week]:
    """The four things of the first week: what Haark saw of each, and a person's word."""
    own = dict(
        db.session.execute(
            select(Tick.item, Tick.done).where(Tick.review_id == review.id, Tick.item.startswith(TICK))
        ).all()
    )
    told = select(func.count()).where(
        RecapRecipient.review_id == review.id,
        RecapRecipient.mail_id.is_not(None),
        RecapRecipient.user_id.is_not(None),
    )
    colleagues = db.session.scalar(told) or 0
    tracked = [row for row in rows if row.owner and (row.due_on or row.state in ("done", "cancelled"))]
    ours = [row for row in rows if row.side == "ours"]
    started = [row for row in ours if row.state != "open"]
    seen = {
        "plan": (accepted > 0 and not waiting, (accepted, accepted + waiting)),
        "tracked": (bool(rows) and len(tracked) == len(rows), (len(tracked), len(rows))),
        "briefed": (colleagues > 0, (colleagues, colleagues)),
        "started": (bool(ours) and len(started) == len(ours), (len(started), len(ours))),
    }
    return [Week(key, seen[key][0], own.get(TICK + key), seen[key][1]) for key in rules.WEEK]


def threatened(account_id: int, on: date) -> list[tuple[ObjectiveRow, float | None]]:
    """The objectives that are at risk or behind, the gravest first, each with where its pace leads."""
    order = {"at_risk": 0, "behind": 1}
    found = [row for row in plans.objectives(account_id, on) if row.standing in order]
    return [
        (row, rules.forecast(row.aim, row.current_on)) for row in sorted(found, key=lambda row: order[row.standing])
    ]


def others(review: Review) -> int:
    """How many other actions are open on the account."""
    open_ones = select(func.count()).where(
        ActionItem.account_id == review.account_id,
        ActionItem.deleted_at.is_(None),
        ActionItem.state.in_(("open", "in_progress")),
        ~((ActionItem.source_kind == PROMISED) & (ActionItem.source_id == review.id)),
    )
    return db.session.scalar(open_ones) or 0
