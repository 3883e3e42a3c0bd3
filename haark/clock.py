"""What time it is. Business time can be moved by HAARK_TODAY (demonstrations, tests); real time cannot."""

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Paris"


def now() -> datetime:
    """The real instant, aware, in UTC: for leases, sessions and throttles."""
    return datetime.now(UTC)


def _moved() -> str:
    """HAARK_TODAY: a date, an instant, or `@FILE` that holds one and is read again at each use. Empty: not moved."""
    value = os.environ.get("HAARK_TODAY", "").strip()
    if value.startswith("@"):
        path = Path(value[1:])
        return path.read_text(encoding="ascii").strip() if path.is_file() else ""
    return value


def moment(zone: str = DEFAULT_ZONE) -> datetime:
    """The business instant, aware, in UTC: «when was it said, held, changed».

    A HAARK_TODAY that is only a date keeps the real time of day in `zone`. Raises ValueError when it is neither.
    """
    moved = _moved()
    if not moved:
        return now()
    if len(moved) == 10:
        here = datetime.now(ZoneInfo(zone)).time()
        return datetime.combine(date.fromisoformat(moved), here, ZoneInfo(zone)).astimezone(UTC)
    instant = datetime.fromisoformat(moved)
    return (instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def today(zone: str = DEFAULT_ZONE) -> date:
    """The business date in `zone`."""
    moved = _moved()
    if len(moved) == 10:
        return date.fromisoformat(moved)
    return moment(zone).astimezone(ZoneInfo(zone)).date()


def day_of(instant: datetime, zone: str = DEFAULT_ZONE) -> date:
    """The calendar day of an instant in `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """The first instant of a day in `zone`, in UTC."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
