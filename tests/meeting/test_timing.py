"""The clock: whatever is pressed in whatever order, no second is lost or counted twice; minutes add up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.cadence.rules import agenda
from haark.reviews.meeting.timing import Clock, ends, over_minutes, shown

START = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
PRESSES = st.lists(
    st.tuples(st.sampled_from(("pause", "resume", "go")), st.integers(0, 5), st.integers(0, 900)), max_size=20
)


def test_a_50_minute_qbr_and_a_75_minute_ebr_add_up():
    assert agenda(50) == (5, 5, 15, 10, 10, 5)
    assert sum(agenda(75)) == 75


@given(PRESSES)
def test_the_parts_add_up_to_the_time_that_ran(presses):
    clock, at, ran = Clock(), START, 0
    for verb, part, seconds in presses:
        before, at = clock.elapsed(at), at + timedelta(seconds=seconds)
        ran += seconds if clock.running_since else 0
        assert clock.elapsed(at) >= before
        clock = clock.go(part, at) if verb == "go" else getattr(clock, verb)(at)
        assert clock.elapsed(at) == ran
        # Stored and read again it is the same clock: a reload changes nothing.
        assert Clock.of(clock.part, list(clock.spent), clock.running_since) == clock


def test_going_back_to_a_part_goes_on_where_it_was():
    clock = Clock().resume(START).go(1, START + timedelta(seconds=120)).go(0, START + timedelta(seconds=180))
    assert clock.taken(START + timedelta(seconds=200)) == (140, 60, 0, 0, 0, 0)
    with pytest.raises(ValueError, match="six parts"):
        clock.go(6, START)


def test_the_planned_ends_follow_each_other():
    minutes = agenda(50)
    at = START + timedelta(minutes=2)
    found = ends(Clock().resume(START), minutes, at)
    assert [end and (end - START) // timedelta(minutes=1) for end in found] == [5, 10, 25, 35, 45, 50]
    later = ends(Clock(part=2, spent=(400, 300, 60, 0, 0, 0)), minutes, at)
    assert later[:2] == (None, None)
    assert later[2] == at + timedelta(minutes=14)
    assert later[5] == at + timedelta(minutes=14 + 25)


def test_overrun_is_told_in_minutes_begun():
    assert [over_minutes(seconds, 5) for seconds in (0, 300, 301, 360, 361)] == [0, 0, 1, 1, 2]
    assert (shown(522), shown(4510)) == ("08:42", "75:10")
