import datetime as dt
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from haark.extensions import UTCDateTime, db
from haark.people.models import User

CONTACT_ROLES = ("sponsor", "champion", "decision_maker", "day_to_day", "other")
FIELD_KINDS = ("text", "number", "date", "choice")
REVENUE_REASONS = ("new", "expansion", "contraction", "churn", "price", "other")


class Account(db.Model):
    """A client. Facts only; every figure derived from them lives on its card or is computed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(400))
    name_folded: Mapped[str] = mapped_column(String(400), index=True)
    sector: Mapped[str] = mapped_column(String(120), default="")
    employees: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    # The ARR someone declared; the revenue history wins where there is one (accounts.rules.arr_at).
    declared_arr_cents: Mapped[int | None] = mapped_column(BigInteger)
    contract_start: Mapped[date | None]
    renewal_date: Mapped[date | None]
    quota: Mapped[int | None]
    seats: Mapped[int | None]
    country: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    sales_owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    executive_email: Mapped[str] = mapped_column(String(254), default="")
    logo_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    sales_owner: Mapped[User | None] = relationship(foreign_keys=[sales_owner_id])
    card: Mapped["AccountCard | None"] = relationship(back_populates="account", cascade="all, delete-orphan")

    # Few accounts have a parent: of an index that is nearly all NULL, SQLite thinks that it helps nobody.
    __table_args__ = (
        Index(
            "ix_account_parent_id",
            "parent_id",
            sqlite_where=text("parent_id IS NOT NULL"),
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}


class AccountCard(db.Model):
    """What the portfolio shows of an account, on one row: each slice writes its own columns down to it.

    Sorting and filtering read this table alone; `*_spark` are ready SVG path data. Missing facts are NULL.
    """

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    # written by accounts
    external_id: Mapped[str] = mapped_column(String(120), default="")
    name: Mapped[str] = mapped_column(String(400))
    name_folded: Mapped[str] = mapped_column(String(400))
    sector: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[str] = mapped_column(String(12), default="")  # rules.SIZES; '' when employees are unknown
    segment: Mapped[str] = mapped_column(String(12), default="")  # rules.SEGMENTS; '' when ARR is unknown
    owner_id: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    arr_cents: Mapped[int | None] = mapped_column(BigInteger)  # organisation's currency
    arr_before_cents: Mapped[int | None] = mapped_column(BigInteger)  # 12 months earlier
    arr_change: Mapped[float | None]  # fraction; NULL for a new logo
    arr_spark: Mapped[str] = mapped_column(Text, default="")
    renewal_date: Mapped[date | None]
    # written by health
    health_score: Mapped[int | None]
    health_band: Mapped[str] = mapped_column(String(6), default="")
    health_change: Mapped[int | None]  # points against 30 days before
    health_on: Mapped[date | None]
    usage_change: Mapped[float | None]  # fraction, 30 days against the 30 before
    churn: Mapped[float | None]  # probability 0-1 at the next renewal
    churn_change: Mapped[float | None]  # against 30 days before, as a difference of probabilities
    # written by ranking (PF-8)
    tier: Mapped[str] = mapped_column(String(1), default="")  # A | B | C; '' while unranked
    rank_score: Mapped[float | None]  # 0-1, the weighted mix of the measures of the settings
    lifetime_cents: Mapped[int | None] = mapped_column(BigInteger)  # revenue so far + ARR x expected years left
    # written by cadence
    next_review_on: Mapped[date | None]
    next_review_kind: Mapped[str] = mapped_column(String(4), default="")  # cadence.models.KINDS
    next_review_reason: Mapped[str] = mapped_column(String(20), default="")
    next_review_late: Mapped[bool] = mapped_column(default=False)
    next_review_planned: Mapped[bool] = mapped_column(default=False)  # a Review row stands for it
    # written by signals
    risk_count: Mapped[int] = mapped_column(default=0)
    risk_top: Mapped[str] = mapped_column(String(30), default="")  # kind of the gravest open risk
    risk_severity: Mapped[str] = mapped_column(String(6), default="")
    opportunity_count: Mapped[int] = mapped_column(default=0)
    opportunity_top: Mapped[str] = mapped_column(String(30), default="")
    at_risk: Mapped[bool] = mapped_column(default=False)  # PF-5
    expected_loss_cents: Mapped[int | None] = mapped_column(BigInteger)  # ARR x churn probability
    refreshed_on: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="card")

    __table_args__ = (
        Index("ix_account_card_name_folded_account_id", "name_folded", "account_id"),
        Index("ix_account_card_sector_name_folded", "sector", "name_folded"),
        Index("ix_account_card_size_name_folded", "size", "name_folded"),
        Index("ix_account_card_segment_name_folded", "segment", "name_folded"),
        Index("ix_account_card_health_band_name_folded", "health_band", "name_folded"),
        Index("ix_account_card_owner_id_name_folded", "owner_id", "name_folded"),
        Index("ix_account_card_owner_id_account_id", "owner_id", "account_id"),
        Index("ix_account_card_arr_cents_account_id", "arr_cents", "account_id"),
        Index("ix_account_card_arr_change_account_id", "arr_change", "account_id"),
        Index("ix_account_card_health_score_account_id", "health_score", "account_id"),
        Index("ix_account_card_health_change_account_id", "health_change", "account_id"),
        Index("ix_account_card_renewal_date_account_id", "renewal_date", "account_id"),
        Index("ix_account_card_next_review_on_account_id", "next_review_on", "account_id"),
        # The agenda: a page in its order, counts and weeks of each owner without reading the cards.
        Index(
            "ix_account_card_next_review",
            "next_review_late",
            "next_review_on",
            "account_id",
            "next_review_planned",
            "owner_id",
        ),
        Index("ix_account_card_risk_count_account_id", "risk_count", "account_id"),
        Index("ix_account_card_opportunity_count_account_id", "opportunity_count", "account_id"),
        Index("ix_account_card_churn_account_id", "churn", "account_id"),
        Index("ix_account_card_at_risk_renewal_date_account_id", "at_risk", "renewal_date", "account_id"),
        Index("ix_account_card_tier_name_folded", "tier", "name_folded"),
        Index("ix_account_card_rank_score_account_id", "rank_score", "account_id"),
    )


class AccountTag(db.Model):
    """A tag of an account, one a row, for filters and counts; written with the card from Account.tags."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(60), primary_key=True)

    __table_args__ = (Index("ix_account_tag_tag_account_id", "tag", "account_id"),)


class CustomField(db.Model):
    """A fact that an organisation adds to its accounts (AC-10)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)  # [a-z][a-z0-9_]*; `cf_KEY` in files and addresses
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(6))  # FIELD_KINDS
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)  # of kind choice
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CustomValue(db.Model):
    """The value of one custom field of one account; no row while it is unknown. One of the three is set, by kind."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("custom_field.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str | None] = mapped_column(String(400))  # text and choice
    number: Mapped[float | None]
    date: Mapped[dt.date | None]

    __table_args__ = (
        Index("ix_custom_value_field_id_text", "field_id", "text"),
        Index("ix_custom_value_field_id_number", "field_id", "number"),
        Index("ix_custom_value_field_id_date", "field_id", "date"),
    )


class Attachment(db.Model):
    """A file kept with an account, for the team only."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    name: Mapped[str] = mapped_column(String(255))
    note: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Trashed(db.Model):
    """What somebody deleted, whole, for thirty days (AC-8): `rows` are the rows that went with it, `links` the
    references that were emptied, as `trash.put_away` read them. A deleted account stays in its table instead, with
    `deleted_at`, and has a row here for the page that lists it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # account | contact | interaction | attachment | ...
    subject_id: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(400))
    rows: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {table: [{column: value}]}
    links: Mapped[list[Any]] = mapped_column(JSON, default=list)  # [[table, column, [[primary key, value]]]]
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Contact(db.Model):
    """A person at the client."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[str] = mapped_column(String(20), default="other")  # CONTACT_ROLES
    main: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(2), default="")
    profile_url: Mapped[str] = mapped_column(String(500), default="")
    left_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ContactChange(db.Model):
    """A sponsor, champion or decision maker who left, arrived or changed role (AC-3), on the day it took effect.

    The first contacts of an account are no changes: nobody knew others before.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(8))  # left | arrived | role
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    role_before: Mapped[str] = mapped_column(String(20), default="")
    date: Mapped[dt.date]

    __table_args__ = (
        UniqueConstraint("contact_id", "kind", "date"),
        Index("ix_contact_change_account_id_date", "account_id", "date"),
    )


class Revenue(db.Model):
    """The ARR from `date` on, until the next row."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    date: Mapped[dt.date]
    arr_cents: Mapped[int] = mapped_column(BigInteger)  # in the account's currency
    reason: Mapped[str] = mapped_column(String(20), default="")  # REVENUE_REASONS or ''

    __table_args__ = (UniqueConstraint("account_id", "date"),)


class Renewal(db.Model):
    """The end of a contract term: renewed or lost."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    date: Mapped[dt.date]
    outcome: Mapped[str] = mapped_column(String(8))  # renewed | lost
    reason: Mapped[str] = mapped_column(String(400), default="")
    notice_date: Mapped[dt.date | None]

    __table_args__ = (Index("ix_renewal_account_id_date", "account_id", "date"),)


class GoLive(db.Model):
    """A part of the product that started working at the client."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    date: Mapped[dt.date]
    name: Mapped[str] = mapped_column(String(200), default="")
    major: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_go_live_account_id_date", "account_id", "date"),)
