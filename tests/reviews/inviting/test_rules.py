"""The pure rules of planning: holidays, slots, weeks, whom to invite, when to remind."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haark.cadence import load
from haark.reviews.inviting import reminders
from haark.reviews.inviting.forms import instant
from haark.reviews.inviting.holidays import country_code, easter, french, zone_of
from haark.reviews.inviting.slots import (
    CLOSES,
    OPENS,
    RECAP,
    Ask,
    Busy,
    Wish,
    limit,
    propose,
    within_hours,
    working_day,
)
from haark.reviews.inviting.suggesting import Colleague, Facts, Known, first_name, name_of, suggest

TODAY = date(2026, 11, 12)
PARIS = ZoneInfo("Europe/Paris")
CLAIRE, HUGO = 1, 2


def paris(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


ASK = Ask(
    on=TODAY,
    now=paris(12, 9),
    due_on=date(2026, 11, 19),
    minutes=50,
    zone="Europe/Paris",
    client_zone="Europe/Paris",
    ours=(CLAIRE, HUGO),
    hours=2.75,
)


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1818, (3, 22)),  # the earliest and the latest there is
        (1943, (4, 25)),
        (2024, (3, 31)),
        (2025, (4, 20)),
        (2026, (4, 5)),
        (2027, (3, 28)),
        (2038, (4, 25)),
    ],
)
def test_easter_is_where_the_tables_say(year, sunday):
    assert easter(year) == date(year, *sunday)


def test_the_eleven_holidays_of_france_in_2027():
    assert sorted(french(2027)) == [
        date(2027, month, day)
        for month, day in (
            (1, 1),
            (3, 29),
            (5, 1),
            (5, 6),
            (5, 8),
            (5, 17),
            (7, 14),
            (8, 15),
            (11, 1),
            (11, 11),
            (12, 25),
        )
    ]


@given(st.integers(1900, 2199))
def test_easter_is_a_sunday_of_spring(year):
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_a_country_is_known_in_three_languages_or_by_its_code():
    assert {country_code(name) for name in ("FR", "fr", "France", "Франція")} == {"FR"}
    assert [zone_of(name, "Europe/Paris") for name in ("Ukraine", "GB", "United States", "Atlantis", "")] == [
        "Europe/Kyiv",
        "Europe/London",
        "Europe/Paris",
        "Europe/Paris",
        "Europe/Paris",
    ]


def test_the_reference_week_has_its_slots_and_one_is_advised():
    found = propose(ASK)
    assert [(slot.starts.astimezone(PARIS).isoformat()[:16], slot.advised) for slot in found] == [
        ("2026-11-17T10:00", False),
        ("2026-11-18T10:00", False),
        ("2026-11-19T10:00", True),
        ("2026-11-19T14:00", False),
    ]
    assert found[0].reasons == (("tight", {"on": date(2026, 11, 16)}), ("margin", {"days": 2}))
    assert found[2].reasons == (("ready", {"on": date(2026, 11, 18)}), ("margin", {"days": 0}))
    assert all(slot.reasons for slot in propose(replace(ASK, prepared=True))), "with a deck there is still a reason"
    assert all(slot.free == (CLAIRE, HUGO) for slot in found)


def test_a_meeting_of_ours_is_gone_around_and_named():
    kerdoncuff = Busy(CLAIRE, "Kerdoncuff", paris(19, 10), paris(19, 11))
    found = propose(replace(ASK, busy=(kerdoncuff,)))
    assert paris(19, 10) not in [slot.starts for slot in found]
    beside = propose(replace(ASK, busy=(replace(kerdoncuff, starts=paris(19, 10, 30), ends=paris(19, 18)),)))
    near = next(slot for slot in beside if slot.starts.date() == date(2026, 11, 19))
    assert near.ends <= paris(19, 10, 30)
    assert ("near", {"who": CLAIRE, "what": "Kerdoncuff", "at": paris(19, 10, 30)}) in near.reasons


def test_a_wish_of_the_client_is_shown_and_advised_unless_we_are_taken():
    at = paris(20, 19)  # outside of hours and after the due day: theirs to propose
    wished = propose(replace(ASK, wishes=(Wish(at, "Sophie Marchand"),)))
    assert [(slot.by, slot.advised) for slot in wished if slot.starts == at] == [("Sophie Marchand", True)]
    taken = (Busy(HUGO, "Kerdoncuff", paris(20, 19), paris(20, 20)),)
    (clash,) = [slot for slot in propose(replace(ASK, wishes=(Wish(at, "Sophie"),), busy=taken)) if slot.by]
    assert (clash.advised, clash.free, clash.clashes) == (False, (CLAIRE,), taken)
    assert propose(replace(ASK, wishes=(Wish(paris(11, 10), "Sophie"),))) == propose(ASK), "yesterday is over"


def test_a_full_week_gives_way_to_a_lighter_one():
    full, light = date(2026, 11, 16), date(2026, 11, 23)
    asked = replace(ASK, due_on=date(2026, 11, 27), load={full: 11.0, light: 2.75}, cap=12)
    advised = next(slot for slot in propose(asked) if slot.advised)
    assert light <= advised.starts.date() <= date(2026, 11, 27)
    assert "over" in {key for slot in propose(asked) if slot.starts.date() < light for key, _data in slot.reasons}


def test_holidays_of_either_side_and_hours_of_both_are_kept():
    kyiv = replace(ASK, client_zone="Europe/Kyiv", ours_off=frozenset({date(2026, 11, 18)}))
    for slot in propose(kyiv):
        assert slot.starts.astimezone(PARIS).date() != date(2026, 11, 18)
        assert slot.ends.astimezone(ZoneInfo("Europe/Kyiv")).time() <= CLOSES
    assert propose(replace(ASK, client_zone="Pacific/Auckland")) == ()


zones = st.sampled_from(["Europe/Paris", "Europe/Kyiv", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])


@st.composite
def asks(draw):
    on = draw(st.dates(date(2026, 1, 1), date(2028, 1, 1)))
    begin = datetime.combine(on, datetime.min.time(), UTC)
    busy = draw(
        st.lists(
            st.builds(
                lambda minutes, length: Busy(
                    CLAIRE, "X", begin + timedelta(minutes=minutes), begin + timedelta(minutes=minutes + length)
                ),
                st.integers(0, 40 * 1440),
                st.integers(15, 480),
            ),
            max_size=25,
        )
    )
    mondays = [on - timedelta(on.weekday()) + timedelta(7 * number) for number in range(8)]
    return Ask(
        on=on,
        now=begin + timedelta(minutes=draw(st.integers(0, 1439))),
        due_on=on + timedelta(draw(st.integers(-30, 60))),
        minutes=draw(st.sampled_from([15, 20, 30, 50, 75, 90, 240])),
        zone=draw(zones),
        client_zone=draw(zones),
        ours=(CLAIRE,),
        busy=busy,
        load={monday: draw(st.floats(0, 20)) for monday in mondays},
        hours=2.75,
        late=draw(st.booleans()),
        prepared=draw(st.booleans()),
        ours_off=french(on.year) | french(on.year + 1),
    )


@given(asks())
@settings(max_examples=120, deadline=None)
def test_no_slot_ever_breaks_a_rule(ask):
    found = propose(ask)
    assert len(found) <= 5
    assert sum(slot.advised for slot in found) == (1 if found else 0)
    assert list(found) == sorted(found, key=lambda slot: slot.starts)
    for slot in found:
        here = slot.starts.astimezone(ZoneInfo(ask.zone))
        assert slot.starts > ask.now
        assert slot.ends - slot.starts == timedelta(minutes=ask.minutes)
        assert ask.on < here.date() <= limit(ask)
        assert not any(one.starts < slot.ends and slot.starts < one.ends for one in ask.busy)
        assert within_hours(slot.starts, slot.ends, ask.zone, ask.ours_off)
        assert within_hours(slot.starts, slot.ends, ask.client_zone)
        closes = datetime.combine(here.date(), CLOSES, ZoneInfo(ask.zone)).astimezone(UTC)
        assert slot.ends + RECAP <= closes and here.time() >= OPENS
    for first, second in pairwise(found):
        assert first.ends <= second.starts


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(1, 40))
def test_working_days_count_back_to_where_they_came_from(day, count):
    off = french(day.year) | french(day.year - 1) | french(day.year + 1)
    ahead = working_day(day, count, off)
    assert ahead > day and ahead.weekday() < 5 and ahead not in off
    if day.weekday() < 5 and day not in off:
        assert working_day(ahead, -count, off) == day


HOURS = {"ebr": 4.0, "qbr": 2.75, "mbr": 1.5, "call": 1.0}


def test_weeks_add_their_hours_and_the_emptiest_is_suggested():
    reviews = [("qbr", date(2026, 11, day)) for day in (16, 17, 18, 19, 20)] + [("mbr", date(2026, 11, 24))]
    found = load.weeks(reviews, HOURS, TODAY, date(2026, 11, 27))
    assert [(week.number, week.reviews, week.hours) for week in found] == [
        (46, 0, 0),
        (47, 5, 13.75),
        (48, 1, 1.5),
        (49, 0, 0),
        (50, 0, 0),
    ]
    lighter = load.lighter(found, date(2026, 11, 19), date(2026, 11, 27), 2.75, 12)
    assert lighter is not None and lighter.number == 46
    assert load.lighter(found, date(2026, 11, 24), date(2026, 11, 27), 2.75, 12) is None, "it is not over the cap"


DELORME = Colleague(1, "Claire Delorme", "claire@sillage.test")
MARCHETTI = Colleague(2, "Hugo Marchetti", "hugo@sillage.test")
PEOPLE = (
    Known(1, "Sophie Marchand", "sophie@valmorin.test", "sponsor", True, "fr", TODAY - timedelta(19)),
    Known(2, "Anne Leclerc", "anne@valmorin.test", "decision_maker", False, "fr"),
    Known(3, "Julien Perrot", "julien@valmorin.test", "champion", True, "fr", TODAY),
    Known(4, "Marc Vasseur", "marc@valmorin.test", "day_to_day", False, "fr"),
    Known(5, "Lila Benhamou", "", "day_to_day", True, "uk"),
)
VALMORIN = Facts(
    on=TODAY,
    held=0,
    contacts=PEOPLE,
    csm=DELORME,
    sales=MARCHETTI,
    executive="nadia.ferrand@sillage.test",
    renewal_on=date(2027, 1, 11),
    since=date(2023, 3, 12),
)


def test_whom_to_invite_and_why():
    assert [(one.name, one.role, one.reason, one.data, one.chosen) for one in suggest(VALMORIN)] == [
        ("Claire Delorme", "csm", "organises", {}, True),
        ("Sophie Marchand", "sponsor", "sponsor_silent", {"days": 19}, True),
        ("Anne Leclerc", "decision_maker", "renewal", {"on": "2027-01-11"}, True),
        ("Julien Perrot", "champion", "champion_main", {}, True),
        ("Lila Benhamou", "day_to_day", "main", {}, True),
        ("Hugo Marchetti", "sales", "closed", {"year": 2023}, True),
        ("Nadia Ferrand", "executive", "executive", {"number": 1}, True),
    ]


def test_our_executive_comes_to_three_reviews_and_the_seller_and_the_deciders_to_all():
    for held in range(6):
        found = {one.role: one for one in suggest(replace(VALMORIN, held=held))}
        assert found["executive"].chosen is (held < 3)
        assert found["sales"].chosen and found["decision_maker"].chosen
    assert found["executive"].reason == "executive_past"


def test_nobody_comes_twice():
    both = suggest(replace(VALMORIN, sales=DELORME, executive="CLAIRE@sillage.test"))
    assert [one.role for one in both].count("csm") == 1
    assert {"sales", "executive"} & {one.role for one in both} == set()


def test_a_name_is_read_from_an_address_only_where_it_says_one():
    assert name_of("nadia.ferrand@sillage.test") == "Nadia Ferrand"
    assert name_of("dg@sillage.test") == "dg@sillage.test"
    assert [first_name(name) for name in ("Nadia Ferrand", "dg@sillage.test", "")] == ["Nadia", "", ""]


def test_a_reminder_is_due_some_working_days_before_on_either_side_of_a_change_of_clocks():
    """Three working days before Tuesday 30 March 2027, Easter Monday being off: Wednesday 24; clocks change on 28."""
    meeting, invited = datetime(2027, 3, 30, 10, tzinfo=PARIS), datetime(2027, 3, 10, 9, tzinfo=PARIS)
    due = [
        day
        for day in (date(2027, 3, 20) + timedelta(number) for number in range(14))
        if reminders.is_due(meeting, invited, "Europe/Paris", 3, day, french(2027))
    ]
    assert (due[0], due[-1]) == (date(2027, 3, 24), date(2027, 3, 30))
    late = datetime(2027, 3, 29, 23, 30, tzinfo=PARIS)
    assert not reminders.is_due(meeting, late, "Europe/Paris", 3, date(2027, 3, 29), frozenset()), "invited that day"


def test_an_hour_that_clocks_skip_is_no_hour():
    gap = datetime(2027, 3, 28, 2, 30)
    assert instant(gap.date(), gap.time(), "Europe/Paris") is None
    assert instant(gap.date(), gap.time(), "Asia/Kolkata") is not None
    twice = datetime(2026, 10, 25, 2, 30)
    assert instant(twice.date(), twice.time(), "Europe/Paris") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
