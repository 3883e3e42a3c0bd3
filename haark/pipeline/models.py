from datetime import date

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from haark.extensions import db

KINDS = ("new", "upsell", "cross_sell", "renewal")


class Opportunity(db.Model):
    """A deal. Without an account it is an open prospect that no client row exists for yet."""

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(12), default="")  # KINDS or ''
    stage: Mapped[str] = mapped_column(String(60), default="")
    amount_cents: Mapped[int | None] = mapped_column(BigInteger)
    close_date: Mapped[date | None]
    created_on: Mapped[date | None]
    owner_email: Mapped[str] = mapped_column(String(254), default="")  # as the source names them
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    next_step: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
