"""Changes of the plan that wait for a person of ours: proposed by the client, or drawn from a decision (SP-6, AX-2)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from haark.events.domain import differences, record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.plans import domain
from haark.plans.models import Milestone, Objective, PlanRisk, Proposal

MODELS: dict[str, type[Objective] | type[Milestone] | type[PlanRisk]] = {
    "objective": Objective,
    "milestone": Milestone,
    "risk": PlanRisk,
}
# What may be proposed, by kind; nothing internal is among them.
FIELDS: dict[str, tuple[str, ...]] = {
    "objective": ("title", "kpi", "why", "comparator", "unit", "baseline", "target", "starts_on", "due_on", "quote"),
    "milestone": ("title", "phase", "detail", "starts_on", "due_on", "state"),
    "risk": ("title", "impact", "mitigation"),
}
DAYS = ("starts_on", "due_on")


class ProposalError(ValueError):
    """`kind`: `nothing` (it changes nothing), `decided` (somebody answered it meanwhile), `gone` (what it speaks of was
    removed), `field` (a field that cannot be proposed)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def propose(
    account_id: int,
    kind: str,
    values: Mapping[str, Any],
    *,
    at: datetime,
    subject_id: int | None = None,
    reason: str = "",
    contact: tuple[int, str] | None = None,
    by: int | None = None,
    source: tuple[str, int | None] = ("", None),
) -> Proposal:
    """A change of an objective, milestone or risk; without `subject_id` a new one. `contact`: (id, name) of who asks.

    Only what differs from today's plan is kept. Raises ProposalError: nothing, gone, field.
    """
    if any(name not in FIELDS[kind] for name in values):
        raise ProposalError("field")
    before: Mapping[str, Any] = {}
    if subject_id is not None:
        part = _part(kind, account_id, subject_id)
        before = {name: getattr(part, name) for name in values}
    changes = differences(before, values)
    if not changes:
        raise ProposalError("nothing")
    proposal = Proposal(account_id=account_id, subject_kind=kind, subject_id=subject_id, changes=changes, at=at)
    proposal.reason = reason.strip()[:1000]
    proposal.contact_id, proposal.author_name = contact or (None, "")
    proposal.source_kind, proposal.source_id = source
    db.session.add(proposal)
    db.session.flush()
    _record(proposal, "made", by, at)
    return proposal


def accept(
    proposal: Proposal, *, by: int | None, at: datetime, answer: str = "", values: Mapping[str, Any] | None = None
) -> domain.Part:
    """The plan follows; `values`: a person's own wording instead of the proposed one. Raises ProposalError."""
    _open(proposal)
    wanted = dict(values) if values is not None else after(proposal)
    if any(name not in FIELDS[proposal.subject_kind] for name in wanted):
        raise ProposalError("field")
    if proposal.subject_id is None:
        part = domain.add(MODELS[proposal.subject_kind], proposal.account_id, wanted, by=by, at=at)
        proposal.subject_id = part.id
    else:
        part = _part(proposal.subject_kind, proposal.account_id, proposal.subject_id)
        domain.change(part, wanted, by=by, at=at)
    _decide(proposal, "accepted", answer, by, at)
    return part


def decline(proposal: Proposal, *, by: int | None, at: datetime, answer: str = "") -> None:
    """The plan stays as it is; `answer` says why. Raises ProposalError."""
    _open(proposal)
    _decide(proposal, "declined", answer, by, at)


def after(proposal: Proposal) -> dict[str, Any]:
    """The proposed values, days as dates."""
    values = {name: pair[1] for name, pair in proposal.changes.items()}
    return {
        name: date.fromisoformat(value) if name in DAYS and isinstance(value, str) else value
        for name, value in values.items()
    }


def _open(proposal: Proposal) -> None:
    if proposal.state != "open":
        raise ProposalError("decided")


def _part(kind: str, account_id: int, ident: int) -> domain.Part:
    part = cast(domain.Part | None, db.session.get(MODELS[kind], ident))
    if part is None or part.account_id != account_id or part.deleted_at is not None:
        raise ProposalError("gone")
    return part


def _decide(proposal: Proposal, state: str, answer: str, by: int | None, at: datetime) -> None:
    proposal.state, proposal.answer = state, answer.strip()[:1000]
    proposal.decided_at, proposal.decided_by_id = at, by
    db.session.flush()
    _record(proposal, state, by, at)


def _record(proposal: Proposal, verb: str, by: int | None, at: datetime) -> None:
    told = {"of": proposal.subject_kind, "by_name": proposal.author_name}
    subject = ("proposal", proposal.id)
    jobs.ring_for(record(f"proposal.{verb}", at=at, by=by, account_id=proposal.account_id, subject=subject, **told))
