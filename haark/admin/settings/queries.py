"""What the pages of the settings show beside the settings: who changed them, and whom they concern now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from haark.accounts.models import Account, AccountCard
from haark.extensions import db
from haark.files.models import StoredFile
from haark.health.effect import Standing
from haark.health.models import HealthSnapshot
from haark.health.rules import COMPONENTS
from haark.people.models import User
from haark.settings import queries as settings
from haark.settings.models import Setting
from haark.signals import rules
from haark.signals.models import Signal


@dataclass(frozen=True)
class Changed:
    """Who changed a section last; `version` as `settings.version_of` counts it."""

    version: int
    at: datetime | None
    by: str


def changed(keys: Iterable[str]) -> Changed:
    """The last change of these settings. One statement."""
    rows = db.session.execute(
        select(Setting.version, Setting.updated_at, func.coalesce(User.name, ""))
        .outerjoin(User, User.id == Setting.updated_by_id)
        .where(Setting.key.in_(list(keys)))
        .order_by(Setting.updated_at.desc())
    ).all()
    last = rows[0] if rows else None
    return Changed(sum(row[0] for row in rows), last[1] if last else None, last[2] if last else "")


def standings() -> Sequence[Standing]:
    """Every account with the score on its card and the component scores kept with it. One statement.

    Only the four numbers are read out of the kept explanation, which is kilobytes for each account.
    """
    kept, card = HealthSnapshot, AccountCard
    scores = [kept.components[("parts", index, 0)].as_integer() for index in range(len(COMPONENTS))]
    rows = db.session.execute(
        select(card.account_id, card.name, card.arr_cents, card.health_score, *scores)
        .join(Account, Account.id == card.account_id)
        .join(kept, and_(kept.account_id == card.account_id, kept.day == card.health_on))
        .where(Account.deleted_at.is_(None))
    )
    return [Standing(row[0], row[1], row[2], row[3], dict(zip(COMPONENTS, row[4:], strict=True))) for row in rows]


def by_arr() -> Sequence[tuple[int | None, int]]:
    """How many accounts have each ARR (cents, None: unknown). One statement."""
    arr = AccountCard.arr_cents
    counted = select(arr, func.count()).join(Account, Account.id == AccountCard.account_id)
    rows = db.session.execute(counted.where(Account.deleted_at.is_(None)).group_by(arr))
    return [(row[0], row[1]) for row in rows]


def live_signals(on: date) -> Mapping[str, int]:
    """How many signals of each kind hold and are not put aside on a day: as rules.counts says. One statement."""
    awake = or_(Signal.state.in_(rules.COUNTED), and_(Signal.state == "snoozed", Signal.snoozed_until <= on))
    rows = db.session.execute(
        select(Signal.kind, func.count())
        .join(Account, Account.id == Signal.account_id)
        .where(Signal.resolved_on.is_(None), awake, Account.deleted_at.is_(None))
        .group_by(Signal.kind)
    )
    return {row[0]: row[1] for row in rows}


def at_risk() -> int:
    """How many accounts are at risk (PF-5). One statement."""
    found = select(func.count()).select_from(AccountCard).join(Account, Account.id == AccountCard.account_id)
    return int(db.session.scalar(found.where(Account.deleted_at.is_(None), AccountCard.at_risk)) or 0)


def logo() -> str:
    """The hash of our logo, '' without one. One statement."""
    kept = select(StoredFile.sha256).where(StoredFile.id == settings.get("brand.logo_file"))
    return str(db.session.scalar(kept) or "")
