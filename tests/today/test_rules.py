"""The order of a day and what it can bear, by numbers that were worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.today import rules
from haark.today.rules import Line

ON = date(2026, 11, 12)  # a Thursday
AT = datetime(2026, 11, 12, 8, 30, tzinfo=UTC)
PLAIN = Line("action", 1, 1, "Groupe Valmorin", day=ON)


def test_points_are_those_of_the_written_rule():
    late = replace(PLAIN, day=ON - timedelta(3))
    assert rules.points(late, ON, AT, 0) == 12
    assert rules.points(replace(PLAIN, day=ON - timedelta(99)), ON, AT, 0) == 40
    worth = replace(PLAIN, value_cents=50_00, renewal_days=45)
    assert rules.points(worth, ON, AT, 100_00) == 15 + 10
    assert rules.points(replace(PLAIN, renewal_days=91), ON, AT, 0) == 0
    recap = Line("recap", 7, 1, "Clinéa Santé", day=ON, at=AT + timedelta(hours=6))
    assert rules.points(recap, ON, AT, 0) == 45
    assert rules.points(replace(recap, at=AT - timedelta(hours=1)), ON, AT, 0) == 60


@pytest.mark.parametrize(
    ("today", "end"),
    [
        (date(2026, 11, 9), date(2026, 11, 15)),
        (date(2026, 11, 12), date(2026, 11, 15)),
        (date(2026, 11, 13), date(2026, 11, 22)),  # on a Friday Monday's work is in sight
        (date(2026, 11, 15), date(2026, 11, 22)),
    ],
)
def test_the_week_ends_on_sunday_and_hides_no_monday(today: date, end: date):
    assert rules.week_end(today) == end


def test_postponing_leads_to_a_working_day():
    assert rules.next_day(ON) == date(2026, 11, 13)
    assert rules.next_day(date(2026, 11, 13)) == rules.next_day(date(2026, 11, 15)) == date(2026, 11, 16)


def test_a_recap_is_late_from_its_hour_on_and_the_rest_by_the_day():
    recap = Line("recap", 7, 1, "Clinéa Santé", day=ON, at=AT)
    assert rules.group_of(recap, ON, AT) == "late"
    assert rules.group_of(replace(recap, at=AT + timedelta(seconds=1)), ON, AT) == "today"
    assert rules.group_of(replace(PLAIN, day=None), ON, AT) == "today"
    assert [rules.group_of(replace(PLAIN, day=ON + timedelta(days)), ON, AT) for days in (-1, 0, 1)] == [
        "late",
        "today",
        "week",
    ]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((3, 4, 6), (3, 4, 2)),  # the design's day: «show the 4 others»
        ((31, 6, 1), (6, 2, 1)),
        ((0, 0, 30), (0, 0, 9)),
        ((0, 3, 7), (0, 3, 7)),  # one more line costs less than the link to it
        ((1, 1, 1), (1, 1, 1)),
    ],
)
def test_a_day_bears_nine_lines(counts, shown):
    assert tuple(rules.share(dict(zip(rules.GROUPS, counts, strict=True))).values()) == shown


lines = st.builds(
    Line,
    kind=st.sampled_from(rules.KINDS),
    ident=st.integers(1, 999),
    account_id=st.just(1),
    account=st.just("x"),
    day=st.none() | st.dates(ON - timedelta(60), ON + timedelta(10)),
    at=st.none() | st.datetimes(datetime(2026, 11, 1), datetime(2026, 11, 20), timezones=st.just(UTC)),
    value_cents=st.none() | st.integers(0, 10**9),
    renewal_days=st.none() | st.integers(-400, 400),
)


@given(st.lists(lines, max_size=40, unique_by=lambda line: line.key), st.randoms())
def test_the_order_depends_on_the_lines_alone_and_nothing_is_lost(found, random):
    groups = rules.arrange(found, ON, AT)
    shuffled = list(found)
    random.shuffle(shuffled)
    assert [group.lines for group in rules.arrange(shuffled, ON, AT)] == [group.lines for group in groups]
    assert sorted(line.key for group in groups for line in group.lines) == sorted(line.key for line in found)
    assert all(0 < group.shown <= len(group.lines) for group in groups)
    assert sum(group.shown for group in groups) <= rules.DAY + len(groups)
    largest = max((line.value_cents or 0 for line in found), default=0)
    for group in groups:
        weights = [rules.points(line, ON, AT, largest) for line in group.lines]
        assert all(0 <= weight <= 150 for weight in weights)
        if group.name != "week":
            assert weights == sorted(weights, reverse=True)
    opened = rules.arrange(found, ON, AT, rules.GROUPS)
    assert all(group.rest == 0 for group in opened)
