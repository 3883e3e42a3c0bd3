from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import UTCDateTime, db

COMPARATORS = ("ge", "le")  # at least, at most
MILESTONE_STATES = ("todo", "in_progress", "done")
IMPACTS = ("high", "medium", "low")
# SP-4: who does what. The first three are the client's, then ours; `other`: somebody else, with words of their own.
TEAM_ROLES = ("sponsor", "champion", "day_to_day", "csm", "other")
PROPOSAL_STATES = ("open", "accepted", "declined")


class Plan(db.Model):
    """The success plan of an account: the road to the client's own business goals (SP-1).

    What stands in the tables is the draft that the team works on; what was agreed is kept as `PlanVersion`. The
    sponsor reads the draft without its internal notes, so that a value of today never waits for a publication.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    vision: Mapped[str] = mapped_column(Text, default="")
    internal_note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PlanVersion(db.Model):
    """The plan as it was published, number 1 first: the shared text only, frozen. `note`: on what occasion."""

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(200), default="")
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("plan_id", "number"),)


class Signature(db.Model):
    """Somebody of either side agreed to a published version: one of ours (`user_id`) or a contact of the client."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("version_id", "user_id"), UniqueConstraint("version_id", "contact_id"))


class Objective(db.Model):
    """A business objective with its KPI: from `baseline` to `target` until `due_on`; `current` as last measured."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    kpi: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(String(400), default="")
    comparator: Mapped[str] = mapped_column(String(2), default="ge")
    unit: Mapped[str] = mapped_column(String(20), default="")
    baseline: Mapped[float | None] = mapped_column(Float)
    target: Mapped[float | None] = mapped_column(Float)
    current: Mapped[float | None] = mapped_column(Float)
    current_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[str] = mapped_column(String(200), default="")
    quote: Mapped[str] = mapped_column(String(400), default="")  # the client's own words
    source: Mapped[str] = mapped_column(String(200), default="")  # where the values come from
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    owner_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    internal_note: Mapped[str] = mapped_column(Text, default="")
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_objective_account_id_position", "account_id", "position"),)
    __mapper_args__ = {"version_id_col": version}


class ObjectiveValue(db.Model):
    """A value measured on a day; the one of the latest day is the objective's `current`."""

    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"))
    on: Mapped[date] = mapped_column("measured_on")
    value: Mapped[float] = mapped_column(Float)
    source: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_objective_value_objective_id_on", "objective_id", "measured_on"),)


class Milestone(db.Model):
    """A step of the plan in a phase (foundation, expansion, optimisation, or the team's own word)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    phase: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12), default="todo")
    detail: Mapped[str] = mapped_column(String(400), default="")
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    owner_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    internal_note: Mapped[str] = mapped_column(Text, default="")
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_milestone_account_id_position", "account_id", "position"),)
    __mapper_args__ = {"version_id_col": version}


class PlanMember(db.Model):
    """Somebody of the plan's team (SP-4): a contact, one of ours, or a name. `duty`: what they do, in a few words."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(String(20))  # TEAM_ROLES
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200), default="")
    duty: Mapped[str] = mapped_column(String(200), default="")
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PlanRisk(db.Model):
    """What may stand in the way (SP-5), how bad it would be (IMPACTS), and what is done against it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    impact: Mapped[str] = mapped_column(String(6), default="medium")
    mitigation: Mapped[str] = mapped_column(String(400), default="")
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    owner_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    internal_note: Mapped[str] = mapped_column(Text, default="")
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PlanTemplate(db.Model):
    """A plan to start from (SP-7), made by the team; the one that Haark ships stands in code, in three languages."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Proposal(db.Model):
    """A change of the plan that waits for a person of ours (SP-6, AX-2).

    `subject_kind` objective, milestone or risk; `subject_id` None: a new one. `changes`: {field: [before, after]} in
    JSON values. It comes from a contact of the client, or from a decision of a review (`source_*` names the capture).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int | None]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(200), default="")
    source_kind: Mapped[str] = mapped_column(String(40), default="")
    source_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(10), default="open")  # PROPOSAL_STATES
    answer: Mapped[str] = mapped_column(String(1000), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_proposal_account_id_state", "account_id", "state"),)
    __mapper_args__ = {"version_id_col": version}


class ShareLink(db.Model):
    """The right of one contact to open the plan of their account (SP-6): `/s/SECRET`, of which only a hash is kept.

    The secret is made from `label`, which nobody can guess, and the installation's key (mail.compose.sealed_token), so
    that a mail can hold it and a person can copy it again while it stands in no table.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(64), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when a mail with it was last written
    expires_on: Mapped[date]  # the last day on which it opens
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ShareVisit(db.Model):
    """One opening of a shared plan: the register «who opened what when», and the browser's right to go on reading."""

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("share_link.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    device: Mapped[str] = mapped_column(String(10), default="")  # phone | computer, as the browser says
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)  # real time
