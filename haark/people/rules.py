"""What a password must be, when too many attempts were made, what a browser calls itself. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

MIN_PASSWORD = 10
MAX_PASSWORD = 1024  # longer ones would only cost memory to hash
EMAIL = re.compile(r"[^@\s<>\"'\\,;]+@[^@\s<>\"'\\,;]+\.[^@\s<>\"'\\,;]+")

# The kind of mail that one click in a digest stops, and that its box on the profile starts again.
DIGEST_MAIL = "actions.digest"

WINDOW = timedelta(minutes=15)
# Failures within the window. An office shares one network address, hence its higher number.
PER_EMAIL = 10
PER_ADDRESS = 50

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"))


def normal_email(text: str) -> str:
    """The form in which an address is kept and looked up: no spaces around, lower case."""
    return text.strip().lower()


def is_email(text: str) -> bool:
    """Whether it has the shape of an address that mail can reach, at most 254 characters."""
    return len(text) <= 254 and EMAIL.fullmatch(text) is not None


def password_problem(password: str, *personal: str) -> str | None:
    """Why a password is refused: `short`, `long`, `personal` (it is the address, or a name given), or None.

    Length is the only demand on its make-up (NIST SP 800-63B): rules about digits and signs make worse passwords.
    """
    if len(password) < MIN_PASSWORD:
        return "short"
    if len(password) > MAX_PASSWORD:
        return "long"
    plain = password.casefold().strip()
    return "personal" if plain in {text.casefold().strip() for text in personal} else None


def wait_until(failures: Sequence[datetime], limit: int, now: datetime) -> datetime | None:
    """When the next attempt is allowed, None for at once: at most `limit` failures within WINDOW before `now`."""
    recent = sorted(at for at in failures if at > now - WINDOW)
    return None if len(recent) < limit else recent[-limit] + WINDOW


def device(user_agent: str) -> tuple[str, str]:
    """Browser and system as people call them, '' where unknown; for the list of sessions."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return browser, system or ("Linux" if "Linux" in user_agent else "")
