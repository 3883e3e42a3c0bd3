"""Invitations as other calendars read them: parsed back by a parser, checked line by line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from haark.mail import calendar, domain
from haark.mail.rules import MailRefused
from tests.mail.conftest import post

PARIS = ZoneInfo("Europe/Paris")
MEETING = calendar.Meeting(
    uid="review-7@sillage.test",
    sequence=0,
    starts=datetime(2027, 2, 25, 10, 0, tzinfo=PARIS),
    minutes=50,
    zone="Europe/Paris",
    summary="QBR Q4 - Groupe Valmorin × Sillage",
    organizer=calendar.Guest("claire@sillage.test", "Claire Delorme"),
    stamp=datetime(2026, 11, 12, 9, 0, tzinfo=UTC),
    guests=(
        calendar.Guest("sophie@valmorin.test", 'Sophie "la cheffe" Marchand; CN=x:y'),
        calendar.Guest("paul@valmorin.test", optional=True),
    ),
    description="1. Bilan, 2. Décisions ; 3. Suite\nLien : https://visio.test/7",
    location="Visioconférence",
)


def event_of(text: str):
    parsed = Calendar.from_ical(text)
    (event,) = parsed.events
    return parsed, event


def test_an_invitation_is_read_back_as_it_was_meant():
    text = calendar.invitation(MEETING)
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    parsed, event = event_of(text)
    assert (parsed["method"], parsed["version"]) == ("REQUEST", "2.0")
    assert (event["uid"], event["sequence"], event["status"]) == ("review-7@sillage.test", 0, "CONFIRMED")
    assert event.start == datetime(2027, 2, 25, 10, 0, tzinfo=PARIS)
    assert event.end - event.start == timedelta(minutes=50)
    assert str(event["summary"]) == MEETING.summary and str(event["description"]) == MEETING.description
    assert str(event["organizer"]) == "mailto:claire@sillage.test"
    sophie, paul = event["attendee"]
    assert (str(sophie), sophie.params["RSVP"], sophie.params["PARTSTAT"]) == (
        "mailto:sophie@valmorin.test",
        "TRUE",
        "NEEDS-ACTION",
    )
    assert sophie.params["CN"] == "Sophie ’la cheffe’ Marchand; CN=x:y"
    assert (sophie.params["ROLE"], paul.params["ROLE"]) == ("REQ-PARTICIPANT", "OPT-PARTICIPANT")
    (zone,) = parsed.timezones
    assert zone["tzid"] == "Europe/Paris"


def test_a_change_and_a_cancellation_are_of_the_same_meeting():
    moved = replace(MEETING, sequence=1, starts=MEETING.starts + timedelta(days=1))
    _parsed, changed = event_of(calendar.invitation(moved))
    parsed, gone = event_of(calendar.cancellation(replace(moved, sequence=2)))
    assert changed["uid"] == gone["uid"] == MEETING.uid
    assert (changed["sequence"], gone["sequence"]) == (1, 2)
    assert (parsed["method"], gone["status"]) == ("CANCEL", "CANCELLED")
    assert "RSVP" not in gone["attendee"][0].params


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        datetime(2027, 10, 30, 23, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 9, 0, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/Kyiv", "America/New_York", "Asia/Kolkata"])
def test_clocks_that_change_move_no_meeting(instant, zone):
    _parsed, event = event_of(calendar.invitation(replace(MEETING, starts=instant, minutes=60, zone=zone)))
    assert event.start.astimezone(UTC) == instant
    assert event.end.astimezone(UTC) == instant + timedelta(hours=1)


def test_what_cannot_be_a_meeting_is_refused():
    for wrong in ({"minutes": 0}, {"sequence": -1}, {"starts": datetime(2027, 1, 1)}):
        with pytest.raises(ValueError, match="meeting"):
            calendar.invitation(replace(MEETING, **wrong))
    with pytest.raises(MailRefused):
        calendar.invitation(replace(MEETING, guests=(calendar.Guest("a@b.test\r\nATTENDEE:x"),)))


odd = st.text(alphabet=st.characters(codec=None), max_size=60)


@given(odd, odd, odd)
@settings(max_examples=100, deadline=None)
def test_no_text_adds_a_line_of_its_own(summary, name, description):
    meeting = replace(
        MEETING, summary=f"QBR {summary}", description=f"x {description}", guests=(calendar.Guest("a@b.test", name),)
    )
    _parsed, event = event_of(calendar.invitation(meeting))
    expected = {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP"}
    assert set(event) == expected | {"DESCRIPTION", "LOCATION", "ORGANIZER", "ATTENDEE"}
    assert event.subcomponents == []


def test_it_travels_as_an_alternative_with_its_method_and_as_a_file(app, office):
    app.config["SMTP_URL"] = office.url()
    text = calendar.invitation(MEETING)
    part = domain.Part("invitation.ics", "text/calendar", text=text, method="REQUEST")
    post(app, html="<p>Bonjour</p>", parts=[part])
    (message,) = office.messages()
    (offered,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert offered.get_param("method") == "REQUEST"
    assert offered.get_content().replace("\r\n", "\n") == text.replace("\r\n", "\n")
    (saved,) = message.iter_attachments()
    assert (saved.get_filename(), saved.get_content_type()) == ("invitation.ics", "application/ics")
    assert saved.get_content().decode() == text
