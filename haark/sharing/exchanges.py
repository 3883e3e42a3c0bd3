"""What the two sides say to each other about a plan, as the client may read it. Reads only."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from haark.actions.models import ActionItem
from haark.cadence.models import OPEN_STATES, Review
from haark.comments import queries as comments
from haark.comments.queries import Said
from haark.extensions import db
from haark.plans.models import PlanVersion, Proposal, Signature
from haark.reviews.recap.models import Recap
from haark.value import queries as value
from haark.value import rules as value_rules
from haark.value.rules import Gain, Line

SUBJECTS = ("plan", "objective", "milestone")
DECIDED_SHOWN = 5
SOURCE = "sharing"  # where an action comes from that a client asked for by their link


@dataclass(frozen=True)
class Answered:
    """A proposal of the client. `changes`: (field, before, after); `on`: when it was made or decided."""

    id: int
    kind: str
    subject_id: int | None
    title: str
    changes: tuple[tuple[str, Any, Any], ...]
    reason: str
    author: str
    state: str
    answer: str
    at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class Published:
    """The latest published version, who signed it, and whether this contact did."""

    id: int
    number: int
    at: datetime
    signed: tuple[tuple[str, datetime, bool], ...]  # name, instant, one of ours
    mine: bool


@dataclass(frozen=True)
class Claim:
    """A claim of value with its gain; `seal` changes with what it claims. `mine`: this contact confirmed it."""

    gain: Gain
    seal: str
    mine: bool


@dataclass(frozen=True)
class Coming:
    """The review whose draft agenda was shared."""

    review: Review
    said: list[Said]


def said(account_id: int) -> list[Said]:
    """Shared comments on the plan and its parts, the oldest first."""
    return comments.of_account(account_id, SUBJECTS, shared_only=True, limit=50)


def proposals(account_id: int, titles: dict[tuple[str, int], str]) -> list[Answered]:
    """The client's proposals: all open ones, and the last decided; `titles` of what the plan holds today."""
    asked = select(Proposal).where(Proposal.account_id == account_id, Proposal.contact_id.is_not(None))
    still = asked.where(Proposal.state == "open").order_by(Proposal.id.desc())
    past = asked.where(Proposal.state != "open").order_by(Proposal.decided_at.desc(), Proposal.id.desc())
    rows = [*db.session.scalars(still), *db.session.scalars(past.limit(DECIDED_SHOWN))]
    return [_answered(row, titles) for row in rows]


def published(account_id: int, plan_id: int | None, contact_id: int) -> Published | None:
    """The version that a signature speaks of; None until one was published."""
    if plan_id is None:
        return None
    wanted = select(PlanVersion.id, PlanVersion.number, PlanVersion.published_at).where(PlanVersion.plan_id == plan_id)
    row = db.session.execute(wanted.order_by(PlanVersion.number.desc()).limit(1)).first()
    if row is None:
        return None
    signed = db.session.execute(
        select(Signature.name, Signature.at, Signature.user_id, Signature.contact_id)
        .where(Signature.version_id == row.id)
        .order_by(Signature.at, Signature.id)
    ).all()
    names = tuple((one.name, one.at, one.user_id is not None) for one in signed)
    return Published(row.id, row.number, row.published_at, names, any(one.contact_id == contact_id for one in signed))


def frozen(plan_id: int | None, number: int) -> PlanVersion | None:
    """A published version of a plan."""
    wanted = select(PlanVersion).where(PlanVersion.plan_id == (plan_id or 0), PlanVersion.number == number)
    return db.session.scalars(wanted).first()


def signed_by(version_id: int, contact_id: int) -> bool:
    """Whether a contact signed a version."""
    wanted = select(Signature.id).where(Signature.version_id == version_id, Signature.contact_id == contact_id)
    return db.session.scalar(wanted) is not None


def claims(account_id: int, contact_name: str) -> list[Claim]:
    """The gains that the calculation of this account claims, in its order; what has no content yet is left out."""
    calculation = value.calculation(account_id)
    gains = (value_rules.gain_of(line) for line in calculation.lines)
    return [
        Claim(gain, seal_of(gain.line), gain.line.confirmed_on is not None and gain.line.confirmed_by == contact_name)
        for gain in gains
        if gain.counted or (gain.line.kind == "words" and gain.line.label)
    ]


def seal_of(line: Line) -> str:
    """What a form carries of a claim, so that nobody confirms another one than they read."""
    return hashlib.sha256(repr(line.claim).encode()).hexdigest()[:16]


def coming(account_id: int, review_id: int | None = None) -> Coming | None:
    """The next review with a shared agenda; `review_id`: only that one."""
    wanted = select(Review).where(
        Review.account_id == account_id,
        Review.deleted_at.is_(None),
        Review.agenda_shared_at.is_not(None),
        Review.state.in_(OPEN_STATES),
    )
    if review_id is not None:
        wanted = wanted.where(Review.id == review_id)
    found = db.session.scalars(wanted.order_by(Review.due_on, Review.id).limit(1)).first()
    return None if found is None else Coming(found, comments.on(("review", found.id), shared_only=True))


def last_recap(account_id: int) -> datetime | None:
    """When the recap of a meeting was last sent."""
    sent = select(Recap.sent_at).join(Review, Review.id == Recap.review_id)
    sent = sent.where(Review.account_id == account_id, Review.deleted_at.is_(None), Recap.sent_at.is_not(None))
    found: datetime | None = db.session.scalar(sent.order_by(Recap.sent_at.desc()).limit(1))
    return found


def asked_meeting(link_id: int | None) -> datetime | None:
    """Since when a meeting that the holder of a link asked for is waiting for us."""
    if link_id is None:
        return None
    return db.session.scalar(
        select(ActionItem.created_at)
        .where(
            ActionItem.source_kind == SOURCE,
            ActionItem.source_id == link_id,
            ActionItem.state.in_(("open", "in_progress")),
            ActionItem.deleted_at.is_(None),
        )
        .limit(1)
    )


def _answered(row: Proposal, titles: dict[tuple[str, int], str]) -> Answered:
    told = row.changes.get("title", ["", ""])
    known = titles.get((row.subject_kind, row.subject_id)) if row.subject_id is not None else None
    return Answered(
        id=row.id,
        kind=row.subject_kind,
        subject_id=row.subject_id,
        title=known or str(told[0] or told[1] or ""),
        changes=tuple((name, pair[0], pair[1]) for name, pair in row.changes.items()),
        reason=row.reason,
        author=row.author_name,
        state=row.state,
        answer=row.answer,
        at=row.at,
        decided_at=row.decided_at,
    )


def day_of(value: Any) -> date | None:
    """A day that a proposal kept as text."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
