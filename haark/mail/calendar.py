"""Meetings as calendars understand them: an invitation, its change, its cancellation (RFC 5545, RFC 5546). Pure.

A change keeps the UID and raises SEQUENCE: the caller counts. The time zone travels with the meeting, so that it stays
at 10:00 there when clocks change in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from haark.mail import rules

if TYPE_CHECKING:
    from icalendar import vCalAddress


@dataclass(frozen=True)
class Guest:
    """A person of a meeting; `optional` need not come."""

    address: str
    name: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Meeting:
    """`starts` is an aware instant, shown in `zone`; `uid` is the same for the whole life of the meeting; `sequence`
    grows with each change; `stamp` is when this version was written."""

    uid: str
    sequence: int
    starts: datetime
    minutes: int
    zone: str
    summary: str
    organizer: Guest
    stamp: datetime
    guests: Sequence[Guest] = field(default_factory=tuple)
    description: str = ""
    location: str = ""


def invitation(meeting: Meeting) -> str:
    """REQUEST: the first invitation, and with a higher sequence its change. Guests are asked to answer."""
    return _written(meeting, "REQUEST")


def cancellation(meeting: Meeting) -> str:
    """CANCEL of the same UID; its sequence is higher than that of the last invitation."""
    return _written(meeting, "CANCEL")


def copy(meeting: Meeting) -> str:
    """PUBLISH: the meeting for the organizer's own calendar, which asks nobody to answer."""
    return _written(meeting, "PUBLISH")


def _written(meeting: Meeting, method: str) -> str:
    """The calendar object, lines ending in CRLF. ValueError for a meeting without time, MailRefused for an address."""
    # Half a second of imports that only the sender of invitations needs.
    from icalendar import Calendar, Event

    if meeting.starts.tzinfo is None or meeting.stamp.tzinfo is None or meeting.minutes <= 0 or meeting.sequence < 0:
        raise ValueError("a meeting needs instants, minutes and a sequence")
    start, end = span(meeting.starts, meeting.minutes, meeting.zone)
    event = Event()
    event.add("uid", rules.one_line(meeting.uid, 250))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.stamp.astimezone(UTC))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", rules.subject(meeting.summary))
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == "CANCEL" else "OPAQUE")
    if meeting.description:
        event.add("description", rules.body(meeting.description).strip("\n"))
    if meeting.location:
        event.add("location", rules.one_line(meeting.location, 400))
    event.add("organizer", _person(meeting.organizer))
    for guest in meeting.guests:
        asked = {"ROLE": "OPT-PARTICIPANT" if guest.optional else "REQ-PARTICIPANT"}
        if method == "REQUEST":
            asked |= {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
        event.add("attendee", _person(guest, asked), encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Haark//Haark//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()


def span(starts: datetime, minutes: int, zone: str) -> tuple[datetime, datetime]:
    """When something begins and ends, in its zone, as a calendar reads it."""
    start = starts.astimezone(ZoneInfo(zone))
    # On the line of time, not of the wall: 60 minutes are 60 minutes on the night of the change too.
    end = (starts.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    if start.fold or end.fold:
        # The hour that the wall shows twice: RFC 5545 reads it as the first, so the second is said in UTC.
        return start.astimezone(UTC), end.astimezone(UTC)
    return start, end


def _person(guest: Guest, parameters: dict[str, str] | None = None) -> "vCalAddress":
    from icalendar import vCalAddress

    found = vCalAddress(f"mailto:{rules.address(guest.address)}")
    # A quoted parameter cannot hold a quotation mark (RFC 5545, 3.2).
    name = rules.one_line(guest.name, rules.LONGEST_NAME).replace('"', "’")
    if name:
        found.params["CN"] = name
    for key, value in (parameters or {}).items():
        found.params[key] = value
    return found
