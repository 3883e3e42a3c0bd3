"""The calendar feed as a calendar program reads it: parsed back, line by line, and closed to whoever has no address."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar

from haark.extensions import db
from haark.mail import feed
from haark.people import rules
from haark.people.models import User
from tests.support.clients import settle
from tests.support.statements import counted
from tests.today.conftest import AT, DAY, ON, House

PARIS = ZoneInfo("Europe/Paris")
ADDRESS = re.compile(r'id="calendar-address"[^>]*value="http://localhost(/calendar/[^"]+\.ics)"')


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("HAARK_TODAY", "2026-11-12T08:30")
    return House(app, settle(app))


def address_of(visitor) -> str:
    assert visitor.post("/profile/calendar").status_code == 303
    found = ADDRESS.search(visitor.get("/profile").text)
    assert found
    return found.group(1)


def strict(text: str) -> Calendar:
    """What RFC 5545 asks of every line and component, beyond what a lenient parser takes."""
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    parsed = Calendar.from_ical(text)
    assert parsed["version"] == "2.0" and parsed["prodid"]
    assert not parsed.errors
    named = {str(zone["tzid"]) for zone in parsed.timezones}
    uids = [str(event["uid"]) for event in parsed.events]
    assert len(uids) == len(set(uids))
    for event in parsed.events:
        assert not event.errors
        assert event["dtstamp"].dt.tzinfo is not None and event["last-modified"].dt.utcoffset() == timedelta(0)
        assert event.end > event.start
        zone = event["dtstart"].params.get("TZID")
        assert zone is None or zone in named, "a zone that the calendar does not define"
    return parsed


def test_a_calendar_holds_reviews_preparations_actions_and_recaps(house: House):
    starts = datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
    place = "Visioconférence ; salle « Loire », 2e étage\nhttps://visio.test/7"
    agreed = house.review(
        house.own,
        "scheduled",
        date(2026, 11, 24),
        starts_at=starts,
        zone="Europe/Paris",
        place=place,
        invite_sequence=2,
    )
    open_ = house.review(house.own, "planned", date(2026, 12, 3))
    held = house.review(house.own, "held", ON - DAY, held_on=ON - DAY)
    house.review(house.own, "cancelled", ON + DAY)
    house.review(house.foreign, "planned", ON + DAY)
    claire = house.login("csm")
    answer = claire.get(address_of(claire))
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    events = {str(event["uid"]).partition("@")[0]: event for event in strict(answer.text).events}
    assert set(events) == {
        f"review-{agreed}",
        f"prepare-{agreed}",
        f"review-{open_}",
        f"prepare-{open_}",
        f"review-{held}",
        f"recap-{held}",
        f"action-{house.action}",
    }
    meeting = events[f"review-{agreed}"]
    assert (meeting.start, meeting.end - meeting.start) == (starts, timedelta(minutes=50))
    assert str(meeting["location"]) == place.replace("\n", " ") and meeting["status"] == "CONFIRMED"
    assert meeting["transp"] == "OPAQUE" and str(meeting["url"]) == f"http://localhost/reviews/{agreed}"
    assert "Groupe Valmorin" in str(meeting["summary"])
    day = events[f"review-{open_}"]
    assert (day.start, day.end, day["status"]) == (date(2026, 12, 3), date(2026, 12, 4), "TENTATIVE")
    assert events[f"prepare-{agreed}"].start == date(2026, 11, 17)
    assert events[f"action-{house.action}"].start == ON - 2 * DAY
    assert events[f"recap-{held}"].end == datetime(2026, 11, 13, 0, 0, tzinfo=PARIS)
    assert "Récap à envoyer" in str(events[f"recap-{held}"]["summary"])
    assert "Kerneis" not in answer.text


def test_unchanged_is_304_and_a_change_raises_the_sequence(house: House):
    claire = house.login("csm")
    address = address_of(claire)
    first = claire.get(address)
    again = claire.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    claire.post(f"/today/actions/{house.action}/date", until="2026-11-20")
    changed = claire.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    before, after = (strict(one.text).events[0] for one in (first, changed))
    assert before["uid"] == after["uid"] and after["sequence"] > before["sequence"]
    assert after["last-modified"].dt == after["dtstamp"].dt == AT and after.start == date(2026, 11, 20)


def test_an_address_is_shown_once_renewed_ended_and_nobodys_when_they_leave(house: House):
    claire = house.login("csm")
    first = address_of(claire)
    assert "calendar-address" not in claire.get("/profile").text
    with house.scope():
        kept = db.session.get_one(User, house.claire).calendar_hash
    assert kept and kept not in first and len(kept) == 64
    second = address_of(claire)
    bare = house.app.test_client()
    assert [bare.get(one).status_code for one in (first, second)] == [404, 200]
    with house.scope():
        db.session.get_one(User, house.claire).active = False
    assert bare.get(second).status_code == 404
    with house.scope():
        db.session.get_one(User, house.claire).active = True
    claire.post("/profile/calendar/removal")
    gone, unknown = bare.get(second), bare.get("/calendar/guessed.ics")
    assert (gone.status_code, gone.text) == (unknown.status_code, unknown.text) == (404, unknown.text)


def test_guesses_are_counted_and_a_good_address_goes_on(house: House):
    claire, bare = house.login("csm"), house.app.test_client()
    address = address_of(claire)
    answers = [bare.get(f"/calendar/{number}.ics").status_code for number in range(rules.PER_ADDRESS + 2)]
    assert answers == [404] * rules.PER_ADDRESS + [429] * 2
    assert bare.get(address).status_code == 200


def test_statements_do_not_grow_with_the_calendar(house: House):
    claire = house.login("csm")
    address = address_of(claire)
    seen = []
    for _turn in range(2):
        with counted(house.app) as sent:
            assert claire.get(address).status_code == 200
        seen.append(len(sent))
        for number in range(20):
            house.review(house.own, "planned", ON + (20 + number) * DAY)
    assert seen[0] <= seen[1] <= seen[0] + 1 <= 12, seen


def test_two_hours_of_one_name_and_long_words_survive():
    """The night on which 2:30 comes twice, a zone without summer time, and lines that are folded inside a letter."""
    entries = [
        feed.Entry("a@x", 1, AT, "é" * 240, starts=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), zone="Europe/Paris"),
        feed.Entry("b@x", 0, AT, "Kyiv; a, b \\ c", starts=AT, zone="Europe/Kyiv", minutes=60, description="1\n2"),
        feed.Entry("c@x", 0, AT, "Jour", day=date(2028, 2, 29)),
    ]
    night, kyiv, leap = strict(feed.write("Haark", entries)).events
    assert night.start == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert (str(kyiv["summary"]), str(kyiv["description"])) == ("Kyiv; a, b \\ c", "1\n2")
    assert leap.end == date(2028, 3, 1)
    with pytest.raises(ValueError, match="needs a day"):
        feed.write("Haark", [feed.Entry("d@x", 0, AT, "Jamais")])
