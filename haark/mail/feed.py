"""A calendar that other programs subscribe to (RFC 5545 without METHOD, RFC 7986 for its name). Pure.

Nothing in it depends on when it is read: the same entries give the same bytes, so that an ETag says «unchanged».
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from haark.mail import calendar, rules

if TYPE_CHECKING:
    from icalendar import Event

LONGEST = 1000
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """An event: `starts` an aware instant for `minutes`, shown in `zone`; or a whole `day`.

    `uid` stays for the life of what it speaks of, `sequence` grows with each change, the last of which was at
    `changed`. `busy`: the time is taken; a due date takes none. `tentative`: not agreed yet.
    """

    uid: str
    sequence: int
    changed: datetime
    summary: str
    day: date | None = None
    starts: datetime | None = None
    minutes: int = 30
    zone: str = "UTC"
    description: str = ""
    location: str = ""
    url: str = ""
    busy: bool = False
    tentative: bool = False


def write(name: str, entries: Sequence[Entry]) -> str:
    """The calendar object, lines ending in CRLF. ValueError for an entry without a time."""
    # Half a second of imports that only a feed needs.
    from icalendar import Calendar, vDuration

    made = Calendar()
    made.add("prodid", "-//Haark//Haark//FR")
    made.add("version", "2.0")
    made.add("name", rules.one_line(name, 200))
    made.add("x-wr-calname", rules.one_line(name, 200))
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    for entry in entries:
        made.add_component(_event(entry))
    made.add_missing_timezones()
    return str(made.to_ical().decode())


def _event(entry: Entry) -> "Event":
    from icalendar import Event as Made

    event = Made()
    event.add("uid", rules.one_line(entry.uid, 250))
    event.add("sequence", max(0, entry.sequence))
    event.add("dtstamp", entry.changed.astimezone(UTC))
    event.add("last-modified", entry.changed.astimezone(UTC))
    if entry.starts is not None:
        start, end = calendar.span(entry.starts, entry.minutes, entry.zone)
        event.add("dtstart", start)
        event.add("dtend", end)
    elif entry.day is not None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(1))
    else:
        raise ValueError("an entry needs a day or an instant")
    event.add("summary", rules.one_line(entry.summary, 250))
    event.add("status", "TENTATIVE" if entry.tentative else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    if entry.description:
        event.add("description", rules.body(entry.description[:LONGEST]).strip("\n"))
    if entry.location:
        event.add("location", rules.one_line(entry.location, 400))
    if entry.url:
        event.add("url", entry.url)
    return event
