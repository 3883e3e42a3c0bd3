"""Verbs about people: let them in, let them go, make and change them. Instants are real time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from haark.events.domain import differences, record
from haark.extensions import db
from haark.people import passwords, queries, rules, throttle, tokens
from haark.people.models import ROLES, LoginSession, User
from haark.people.passwords import hash_password
from haark.settings import domain as settings

A_DAY, A_MONTH = timedelta(hours=12), timedelta(days=30)


class PersonError(ValueError):
    """What was asked cannot be done; `kind`: `email`, `role`, `taken`, `short`, `long`, `personal`, `used`, `wrong`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Attempt:
    """A login about to be checked: `wait` seconds before another try (0: go on), and what to check against."""

    wait: int
    user_id: int | None = None
    password_hash: str | None = None


def attempt(email: str, address: str, *, at: datetime) -> Attempt:
    """Counts a login and finds what it is checked against. The caller commits before it checks: hashing takes long."""
    wait = throttle.take(address, email, at=at)
    if wait:
        return Attempt(wait)
    user = queries.by_email(email)
    if user is None or not user.active:
        return Attempt(0)
    return Attempt(0, user.id, user.password_hash)


def welcome(found: Attempt, password: str, address: str, *, at: datetime) -> User | None:
    """The user, when the password is right; failures are forgiven and an old hash is renewed."""
    if not passwords.matches(found.password_hash, password) or found.user_id is None:
        return None
    user = db.session.get_one(User, found.user_id)
    throttle.forgive(address, user.email, at=at)
    if found.password_hash and passwords.is_outdated(found.password_hash):
        user.password_hash = hash_password(password)
    return user


def open_session(user: User, user_agent: str, *, at: datetime, remember: bool = False) -> str:
    """A new session: the token for the cookie. It lasts 12 hours, or 30 days when the user wants to be remembered."""
    token = tokens.new_token()
    db.session.execute(db.delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.expires_at < at))
    row = LoginSession(
        token_hash=tokens.digest(token),
        user_id=user.id,
        user_agent=user_agent[:200],
        created_at=at,
        last_seen_at=at,
        expires_at=at + (A_MONTH if remember else A_DAY),
    )
    db.session.add(row)
    db.session.flush()
    return token


def revoke(session: LoginSession, *, at: datetime) -> None:
    """Ends a session; the next request of that browser is nobody's."""
    if session.revoked_at is None:
        session.revoked_at = at
        db.session.flush()


def revoke_others(user: User, keep: int | None, *, at: datetime) -> int:
    """Ends every session of the user but `keep`; how many were ended."""
    others = db.update(LoginSession).where(
        LoginSession.user_id == user.id, LoginSession.revoked_at.is_(None), LoginSession.id != (keep or 0)
    )
    ended: int = db.session.execute(others.values(revoked_at=at)).rowcount  # type: ignore[attr-defined]
    return ended


def add_user(
    email: str, name: str, role: str, *, at: datetime, by: int | None = None, password: str | None = None
) -> User:
    """A new user. Without a password nobody can log in until an invitation is used. Raises PersonError."""
    email = rules.normal_email(email)
    if not rules.is_email(email):
        raise PersonError("email")
    if role not in ROLES:
        raise PersonError("role")
    if queries.by_email(email) is not None:
        raise PersonError("taken")
    language = settings.get("organisation.language")
    zone = settings.get("organisation.timezone")
    user = User(email=email, name=name.strip() or email.partition("@")[0], role=role, created_at=at)
    user.language, user.timezone = language, zone
    if password is not None:
        user.password_hash = _checked(user, password)
    db.session.add(user)
    db.session.flush()
    record("user.added", at=at, by=by, subject=("user", user.id), role=role)
    return user


def set_password(user: User, password: str, *, at: datetime, by: int | None, keep: int | None = None) -> None:
    """Changes the password and ends the user's other sessions. Raises PersonError with the reason."""
    user.password_hash = _checked(user, password)
    revoke_others(user, keep, at=at)
    db.session.flush()
    record("user.password_set", at=at, by=by, subject=("user", user.id))


def change_password(user: User, current: str, password: str, *, at: datetime, keep: int | None) -> None:
    """The user's own change. Raises PersonError `wrong` when the current password is not right."""
    if not passwords.matches(user.password_hash, current):
        raise PersonError("wrong")
    set_password(user, password, at=at, by=user.id, keep=keep)


def change_profile(user: User, values: dict[str, object], *, at: datetime) -> None:
    """Changes what a user may say of themselves: name, title, phone, language, theme, timezone, shortcuts, digest and
    its hour. KeyError for others."""
    allowed = {"name", "title", "phone", "language", "theme", "timezone", "shortcuts", "digest", "digest_hour"}
    if strange := values.keys() - allowed:
        raise KeyError(", ".join(strange))
    before = {name: getattr(user, name) for name in values}
    changes = differences(before, values)
    if changes:
        for name, value in values.items():
            setattr(user, name, value)
        db.session.flush()
        record("user.changed", at=at, by=user.id, subject=("user", user.id), changes=changes)


def issue_setup_code(*, at: datetime) -> str:
    """The code with which the first visitor creates the organisation. PersonError `used` once somebody has."""
    if not queries.nobody_yet():
        raise PersonError("used")
    return tokens.issue(tokens.SETUP, at=at)


def invite(user: User, *, at: datetime) -> str:
    """A code with which the user sets a password; earlier ones no longer work."""
    return tokens.issue(tokens.PASSWORD, at=at, user_id=user.id)


def accept_invitation(code: str, password: str, *, at: datetime) -> User:
    """Sets the password of whom the code was for. Raises PersonError, `used` for a code that does not work."""
    row = tokens.use(tokens.PASSWORD, code, at=at)
    user = db.session.get(User, row.user_id) if row and row.user_id else None
    if user is None or not user.active:
        raise PersonError("used")
    set_password(user, password, at=at, by=user.id)
    return user


def set_up(code: str, organisation: str, name: str, email: str, password: str, *, at: datetime) -> User:
    """Makes the organisation and its first admin. Raises PersonError; nothing is kept then (the caller rolls back)."""
    if not queries.nobody_yet() or tokens.use(tokens.SETUP, code.strip(), at=at) is None:
        raise PersonError("used")
    user = add_user(email, name, "admin", at=at, password=password)
    settings.put("organisation.name", organisation.strip(), by=user.id, at=at)
    return user


def _checked(user: User, password: str) -> str:
    problem = rules.password_problem(password, user.email, user.name)
    if problem:
        raise PersonError(problem)
    return hash_password(password)
