from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from haark.accounts.models import Account, Contact
from haark.extensions import UTCDateTime, db
from haark.people.models import User

STATES = ("open", "in_progress", "done", "cancelled")


class ActionItem(db.Model):
    """A promise: what, who (one of ours, or a contact of the client), by when.

    `source_*` names where it came from; `serves_*` what it moves forward (`("objective", 5)`, `("milestone", 2)`).
    `done_by_contact_id`: the client's own word that it is done. `carried_to_id`: the review into which an unfinished
    promise was carried over.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(300))
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    owner_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12), default="open")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    done_by_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="")
    serves_kind: Mapped[str] = mapped_column(String(20), default="")
    serves_id: Mapped[int | None]
    carried_to_id: Mapped[int | None]
    source_kind: Mapped[str] = mapped_column(String(40), default="")
    source_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account] = relationship()
    owner_user: Mapped[User | None] = relationship(foreign_keys=[owner_user_id])
    owner_contact: Mapped[Contact | None] = relationship(foreign_keys=[owner_contact_id])

    __table_args__ = (
        Index("ix_action_item_account_id_state", "account_id", "state"),
        Index("ix_action_item_owner_user_id_state_due_on", "owner_user_id", "state", "due_on"),
        Index("ix_action_item_state_due_on", "state", "due_on"),
        Index("ix_action_item_source", "source_kind", "source_id"),
    )
    __mapper_args__ = {"version_id_col": version}


class ActionStep(db.Model):
    """A part of an action, ticked off on its own."""

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action_item.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class ActionLink(db.Model):
    """The right of a contact to finish one action from their mail, after a button; only a hash is kept.

    `label`: what the secret is made from (mail.compose.sealed_token).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action_item.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(64), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("action_id", "contact_id"),)
