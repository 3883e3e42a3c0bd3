"""Which digest is due when: once for each local date, at the chosen hour of the wall, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.actions import listing, rules

ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana")
ON = date(2026, 11, 12)


def moments(start, end, minutes):
    at = start
    while at < end:
        yield at
        at += timedelta(minutes=minutes)


def fired(zone, hour, instants):
    """Each digest with the first instant at which it is due, as the keys of its jobs have it."""
    found = {}
    for at in instants:
        on = rules.digest_day(at, zone, hour)
        if on is not None:
            found.setdefault(on, at)
    return found


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    start=st.integers(0, 3 * 365 * 48).map(lambda halves: datetime(2026, 1, 1) + halves * timedelta(minutes=30)),
    days=st.integers(2, 5),
    stop=st.tuples(st.integers(0, 60), st.integers(0, 80)),
)
def test_once_for_each_local_date_and_never_before_its_hour(zone, hour, start, days, stop):
    """Every half hour Haark looks, but for a stop of some hours in between."""
    start, there = start.replace(tzinfo=UTC), ZoneInfo(zone)
    end, down = start + timedelta(days=days), start + timedelta(hours=stop[0])
    up = down + timedelta(hours=stop[1])
    looks = [at for at in moments(start, end, 30) if not down <= at < up]
    for on, at in fired(zone, hour, looks).items():
        local = at.astimezone(there)
        assert local.date() == on and local.hour >= hour
    # A day at whose end Haark ran has had its digest; a day over before it came back has none any more.
    lasting = {at.astimezone(there).date() for at in looks if at.astimezone(there).hour >= hour}
    assert set(fired(zone, hour, looks)) == lasting


@pytest.mark.parametrize(
    ("zone", "hour", "around", "on", "first"),
    [
        # Forward: 02:00 does not exist in Paris, and is due when the wall shows 03:00.
        ("Europe/Paris", 2, "2027-03-28T00:00", date(2027, 3, 28), "2027-03-28T01:00"),
        ("Europe/Paris", 8, "2027-03-28T00:00", date(2027, 3, 28), "2027-03-28T06:00"),
        ("Europe/Paris", 8, "2027-03-27T00:00", date(2027, 3, 27), "2027-03-27T07:00"),
        # Back: 02:00 comes twice, and counts at the first.
        ("Europe/Paris", 2, "2026-10-25T00:00", date(2026, 10, 25), "2026-10-25T00:00"),
        ("Europe/Paris", 8, "2026-10-25T00:00", date(2026, 10, 25), "2026-10-25T07:00"),
        ("America/New_York", 8, "2027-03-14T05:00", date(2027, 3, 14), "2027-03-14T12:00"),
        ("America/New_York", 1, "2026-11-01T04:00", date(2026, 11, 1), "2026-11-01T05:00"),
        ("Asia/Tokyo", 7, "2026-11-11T15:00", date(2026, 11, 12), "2026-11-11T22:00"),
        ("Europe/Paris", 8, "2028-02-28T23:30", date(2028, 2, 29), "2028-02-29T07:00"),
    ],
)
def test_known_hours(zone, hour, around, on, first):
    start = datetime.fromisoformat(around).replace(tzinfo=UTC)
    found = fired(zone, hour, moments(start, start + timedelta(hours=20), 30))
    assert found[on] == datetime.fromisoformat(first).replace(tzinfo=UTC)


@given(
    days=st.lists(st.none() | st.integers(-40, 60), max_size=20),
    remind=st.integers(0, 30),
)
def test_a_digest_says_each_near_action_once(days, remind):
    rows = [SimpleNamespace(due_on=None if day is None else ON + timedelta(day)) for day in days]
    found = rules.parts(rows, ON, remind)
    said = [*found.late, *found.today, *found.week, *found.soon]
    wanted = [row for row in rows if row.due_on and row.due_on <= ON + timedelta(max(remind, 7))]
    assert sorted(map(id, said)) == sorted(map(id, wanted))
    assert [row.due_on for row in said] == sorted(row.due_on for row in wanted)
    assert all(row.due_on < ON for row in found.late) and all(row.due_on == ON for row in found.today)
    assert bool(found) == bool(said)


def test_newly_late_counts_from_the_digest_before():
    assert rules.newly_late(ON - timedelta(1), ON, ON - timedelta(1))
    assert not rules.newly_late(ON - timedelta(2), ON, ON - timedelta(1))
    assert rules.newly_late(ON - timedelta(3), ON, ON - timedelta(3)), "three days down"
    assert rules.newly_late(ON - timedelta(1), ON, None) and not rules.newly_late(ON - timedelta(9), ON, None)
    assert not rules.newly_late(ON, ON, ON - timedelta(1))


def reminded(due, first, last, remind=2, off=()):
    """The days on which a client is written to, Haark looking daily but for the days `off`."""
    sent, on = [], first
    while on <= last:
        if on not in off and rules.client_due(due, on, remind, sent[-1] if sent else None):
            sent.append(on)
        on += timedelta(1)
    return [(day - due).days for day in sent]


def test_clients_are_reminded_before_the_day_after_and_then_weekly():
    due = date(2027, 2, 27)
    first, last = due - timedelta(20), due + timedelta(20)
    assert reminded(due, first, last) == [-2, 1, 8, 15]
    assert reminded(due, first, last, remind=0) == [0, 1, 8, 15]
    assert reminded(due, due + timedelta(3), last) == [3, 8, 15], "first heard of when it is late"
    off = [due + timedelta(day) for day in (1, 2, 3)]
    assert reminded(due, first, last, off=off) == [-2, 4, 8, 15], "three days down"
    assert not rules.client_due(due + timedelta(30), due, 2, due - timedelta(2)), "a moved due date starts anew"
    assert rules.client_due(due + timedelta(30), due + timedelta(28), 2, due - timedelta(2))


@given(st.integers(-30, 60), st.integers(0, 20), st.lists(st.integers(-30, 90), max_size=30))
def test_a_client_hears_at_most_once_for_each_reminder_day(offset, remind, off):
    due = ON + timedelta(offset)
    sent = reminded(due, ON, ON + timedelta(90), remind, [ON + timedelta(day) for day in off])
    slots = [-remind, *range(1, 200, 7)]
    assert len(sent) <= sum(1 for slot in slots if due + timedelta(slot) <= ON + timedelta(90))
    assert all(any(slot <= day for slot in slots) for day in sent)


@given(st.text(max_size=40), st.dates(), st.integers(1, 2**31 - 1))
def test_a_cursor_is_read_as_written_and_nothing_else(text, day, ident):
    text = text.replace("\x00", "")
    assert listing.cursor(listing.make_cursor(text, day.isoformat(), ident)) == (text, day.isoformat(), ident)


@given(st.text(max_size=60))
def test_any_other_cursor_is_refused(text):
    try:
        found = listing.cursor(text)
    except listing.BadCursor:
        return
    assert found is None or isinstance(found, tuple)


def test_the_address_says_the_whole_state():
    asked = {
        "view": "late",
        "by": "owner",
        "account": "7",
        "owner": "contact:5",
        "source": "review",
        "q": " or  l ",
        "look": "3",
    }
    view = listing.read(asked.get)
    assert (
        listing.read(
            dict(pair.split("=") for pair in view.query().replace("%3A", ":").replace("+", " ").split("&")).get
        )
        == view
    )
    wrong = {"view": "x", "by": "y", "account": "-1", "owner": "user:x", "look": "9" * 30}
    assert listing.read(wrong.get) == listing.View() and listing.View().query() == ""
