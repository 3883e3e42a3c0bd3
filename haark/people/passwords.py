"""Hashing passwords with argon2id."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

# OWASP's recommendation for one lane (46 MiB, one pass): many logins at once must not exhaust a small machine.
STRENGTH = {"time_cost": 1, "memory_cost": 47_104, "parallelism": 1}


def hash_password(password: str) -> str:
    """The hash to keep. Typed on another keyboard the same text may be other code points, hence NFKC."""
    return _hasher().hash(unicodedata.normalize("NFKC", password))


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one of `kept`. Without a hash it takes as long and says no."""
    hasher = _hasher()
    try:
        hasher.verify(kept or _nobody(hasher), unicodedata.normalize("NFKC", password))
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's and should be made anew."""
    return _hasher().check_needs_rehash(kept)


def _hasher() -> PasswordHasher:
    strength: dict[str, int] = current_app.config.get("ARGON2") or STRENGTH
    return _with(**strength)


@cache
def _with(time_cost: int, memory_cost: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


@cache
def _nobody(hasher: PasswordHasher) -> str:
    """The hash that a wrong address is checked against, so that the answer takes the same time as for a real one."""
    return hasher.hash("nobody has this password")
