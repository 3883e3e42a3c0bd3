"""Reading people and their sessions."""

from dataclasses import dataclass
from datetime import datetime

from haark.extensions import db
from haark.people import rules
from haark.people.models import LoginSession, User


@dataclass(frozen=True)
class SessionRow:
    """A logged-in browser as its owner sees it."""

    id: int
    browser: str
    system: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def nobody_yet() -> bool:
    """Whether Haark is empty: the first visitor still has to set it up."""
    return db.session.scalar(db.select(User.id).limit(1)) is None


def by_email(email: str) -> User | None:
    """The user of an address, active or not."""
    user: User | None = db.session.scalar(db.select(User).where(User.email == rules.normal_email(email)))
    return user


def live_session(token_hash: str, at: datetime) -> LoginSession | None:
    """The session of a token with its user; None when it ended, was revoked, or the user may not log in any more."""
    session: LoginSession | None = db.session.scalar(_LIVE, {"token_hash": token_hash, "at": at})
    return session


# Put together once: every request asks it.
_LIVE = (
    db.select(LoginSession)
    .join(LoginSession.user)
    .where(
        LoginSession.token_hash == db.bindparam("token_hash"),
        LoginSession.revoked_at.is_(None),
        LoginSession.expires_at > db.bindparam("at", type_=LoginSession.expires_at.type),
        User.active,
    )
)


def sessions_of(user_id: int, at: datetime) -> list[SessionRow]:
    """The user's open sessions, the last used first."""
    query = (
        db.select(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None), LoginSession.expires_at > at)
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
    )
    return [
        SessionRow(row.id, *rules.device(row.user_agent), row.created_at, row.last_seen_at, row.expires_at)
        for row in db.session.scalars(query)
    ]


def own_session(user_id: int, session_id: int) -> LoginSession | None:
    """A session of this user; somebody else's does not exist for them."""
    query = db.select(LoginSession).where(LoginSession.id == session_id, LoginSession.user_id == user_id)
    session: LoginSession | None = db.session.scalar(query)
    return session


def choices() -> list[tuple[int, str]]:
    """Who can own something: (id, name) of every active user, by name."""
    rows = db.session.execute(db.select(User.id, User.name).where(User.active).order_by(User.name, User.id))
    return [(ident, name) for ident, name in rows]
