"""Reminders to those who did not answer: one for each meeting time, some working days before (RV-8)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from haark.mail.rules import MailRefused
from haark.reviews.inviting import queries, sending
from haark.reviews.inviting.holidays import country_code, french
from haark.reviews.inviting.letters import Occasion
from haark.reviews.inviting.slots import working_day
from haark.settings import queries as settings

# No number of working days that the setting allows goes beyond so many days.
FURTHEST = timedelta(60)


def is_due(starts_at: datetime, invited_at: datetime, zone: str, days: int, on: date, off: frozenset[date]) -> bool:
    """Whether somebody silent is reminded on a day: from `days` working days before the meeting on, and not on the day
    on which they were invited. Days are those of the meeting's zone, so that no change of clocks moves a reminder."""
    there = ZoneInfo(zone)
    meeting, invited = starts_at.astimezone(there).date(), invited_at.astimezone(there).date()
    return invited < on <= meeting and on >= working_day(meeting, -days, off)


def send(*, at: datetime, on: date, step: Callable[[], None]) -> int:
    """Reminds whoever is due as of `at`, once; the number of mails. `step` is called after each review."""
    days = int(settings.get("review.reminder_days"))
    if days <= 0:
        return 0
    off = french(on.year) | french(on.year + 1) if at_home() else frozenset()
    occasions: dict[int, Occasion] = {}
    count = 0
    for row, review in queries.silent(at, at + FURTHEST):
        if row.invited_at is None or review.starts_at is None:
            continue
        if not is_due(review.starts_at, row.invited_at, review.zone, days, on, off):
            continue
        occasion = occasions.setdefault(review.id, Occasion(review))
        try:
            sending.remind(row, occasion, at=at)
        except MailRefused:
            continue  # the address was never reachable: the page of the review says so
        count += 1
        step()
    return count


def at_home() -> bool:
    """The organisation works in France, as far as its time zone tells."""
    return str(settings.get("organisation.timezone")) == "Europe/Paris"


def off_days(country: str, years: tuple[int, ...]) -> frozenset[date]:
    """Public holidays of a client's country, where Haark keeps them: France."""
    return frozenset().union(*map(french, years)) if country_code(country) == "FR" else frozenset()
