"""Who gets which review (RV-1) and when the next one is due (RV-2): known answers and laws."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from haark.cadence import due
from haark.cadence.due import Candidate, Drop, Happening, Override, Standing
from haark.cadence.policy import Policy
from haark.settings.defaults import DEFAULTS

POLICY = Policy.read(DEFAULTS["review.policy"])
LEADS = DEFAULTS["review.lead_days"]
ON = date(2026, 11, 12)
DAYS = st.dates(date(2015, 1, 1), date(2045, 12, 31))
ARRS = st.sampled_from([None, 0, 4_999_00, 5_000_00, 19_999_99, 20_000_00, 100_000_00, 100_001_00, 900_000_00])


def ago(days: int) -> date:
    return ON - timedelta(days)


def ask(on: date = ON, fiscal_start: int = 1, **known: object) -> tuple[Candidate, ...]:
    return due.next_review(Standing(**known), POLICY, LEADS, on, fiscal_start)  # type: ignore[arg-type]


def told(found: tuple[Candidate, ...]) -> list[tuple[str, str, date, bool]]:
    return [(one.reason, one.kind, one.on, one.late) for one in found]


@pytest.mark.parametrize(
    ("arr", "kinds"),
    [
        (4_999, ("call",)),
        (5_000, ("mbr",)),
        (19_999.99, ("mbr",)),
        (20_000, ("qbr",)),
        (100_000, ("qbr",)),
        (100_000.01, ("ebr", "qbr")),
        (100_001, ("ebr", "qbr")),
    ],
)
def test_types_rv_1_the_kind_follows_the_bounds_of_the_policy(arr, kinds):
    assert POLICY.kinds(round(arr * 100)) == kinds


def test_types_rv_1_minutes_and_the_kind_that_a_form_suggests_are_the_same_rows():
    assert [POLICY.minutes(kind) for kind in ("ebr", "qbr", "mbr", "call")] == [75, 50, 30, 20]
    suggested = [POLICY.suggested(arr, unit) for arr in (100_000_00, 100_000_01) for unit in ("quarter", "year")]
    assert suggested == ["qbr", "qbr", "qbr", "ebr"]
    assert POLICY.suggested(None, "year") == "qbr"  # an unknown ARR: the standard review, and no calendar
    assert POLICY.calendar(None) == ()
    moved = Policy.read([{**row, "from": row["from"] * 2} for row in DEFAULTS["review.policy"]])
    assert (moved.kind(39_999_00), moved.kind(40_000_00)) == ("call", "qbr")  # a table in settings, not code


def test_timing_rv_2_the_calendar_counts_from_the_last_held_review_else_from_the_start():
    assert told(ask(arr_cents=60_000_00, held={"qbr": date(2026, 9, 8)})) == [
        ("calendar", "qbr", date(2026, 12, 8), False)
    ]
    assert told(ask(arr_cents=8_000_00, held={"mbr": date(2026, 10, 31)})) == [
        ("calendar", "mbr", date(2026, 11, 30), False)
    ]
    assert told(ask(arr_cents=60_000_00, started_on=date(2026, 10, 1))) == [
        ("calendar", "qbr", date(2027, 1, 1), False)
    ]
    # A call is no quarterly review; an executive review is one. Small accounts and unknown ones have no calendar.
    called = ask(arr_cents=60_000_00, started_on=date(2026, 9, 1), held={"call": date(2026, 11, 2)})
    assert told(called) == [("calendar", "qbr", date(2026, 12, 1), False)]
    assert ask(arr_cents=4_999_00, held={"call": date(2024, 1, 1)}) == ()
    assert ask(arr_cents=None, started_on=date(2020, 1, 1)) == ()


def test_timing_rv_2_a_day_that_has_passed_becomes_today_plus_the_lead_time_and_is_late():
    (only,) = ask(arr_cents=60_000_00, held={"qbr": date(2026, 7, 2)})
    assert (only.due, only.on, only.late) == (date(2026, 10, 2), date(2026, 11, 26), True)
    (today,) = ask(arr_cents=60_000_00, held={"qbr": date(2026, 8, 12)})
    assert (today.on, today.late) == (ON, False)


def test_timing_rv_2_an_executive_review_takes_the_place_of_the_quarterly_one_of_its_quarter():
    largest = {"arr_cents": 120_000_00}
    apart = ask(**largest, held={"ebr": date(2026, 3, 10), "qbr": date(2026, 9, 8)})
    assert told(apart) == [
        ("calendar", "qbr", date(2026, 12, 8), False),
        ("calendar", "ebr", date(2027, 3, 10), False),
    ]
    together = ask(**largest, held={"ebr": date(2025, 12, 20), "qbr": date(2026, 9, 8)})
    assert told(together) == [("calendar", "ebr", date(2026, 12, 8), False)]  # at the earlier of the two days
    assert together[0].facts["replaces"] == "qbr"
    fiscal = ask(**largest, fiscal_start=12, held={"ebr": date(2025, 11, 20), "qbr": date(2026, 9, 8)})
    assert [one.kind for one in fiscal] == ["ebr", "qbr"]  # November ends a quarter that December does not belong to


def test_timing_rv_2_each_trigger_alone_gives_its_day_and_names_itself():
    small = {"arr_cents": 3_000_00}  # no calendar: whatever is due comes from the trigger
    assert told(ask(**small, renewal_on=date(2027, 3, 1))) == [("renewal", "call", date(2026, 12, 1), False)]
    assert told(ask(**small, golives=[Happening(ago(10), "Lyon")])) == [("golive", "call", date(2026, 12, 2), False)]
    left = Happening(ago(3), "Anne Leclerc", "sponsor", "left")
    assert told(ask(**small, changes=[left])) == [("contact", "call", date(2026, 12, 9), False)]
    assert told(ask(**small, drop=Drop(ON, 80, 68))) == [("health", "call", date(2026, 12, 12), False)]
    near = ask(**small, drop=Drop(ON, 80, 68), renewal_on=ON + timedelta(90), held={"call": ago(1)})
    assert ("health", "call", date(2026, 11, 19), False) in told(near)  # urgent from 90 days before the renewal
    far = ask(**small, drop=Drop(ON, 80, 68), renewal_on=ON + timedelta(91))
    assert ("health", "call", date(2026, 12, 12), False) in told(far)
    assert told(ask(**small, override=Override("qbr", date(2026, 12, 24), "Comité le 24"))) == [
        ("override", "qbr", date(2026, 12, 24), False)
    ]


def test_timing_rv_2_groupe_valmorin_renews_in_sixty_days():
    held = {"ebr": date(2026, 3, 10), "qbr": date(2026, 9, 8)}
    found = ask(arr_cents=120_000_00, renewal_on=date(2027, 1, 11), drop=Drop(ON, 80, 68), held=held)
    assert told(found)[:2] == [
        ("renewal", "qbr", date(2026, 11, 19), True),  # its own day was 13 October
        ("health", "qbr", date(2026, 11, 19), False),
    ]
    assert found[0].due == date(2026, 10, 13)


@pytest.mark.parametrize(
    ("renewal", "day"),
    [
        (date(2028, 5, 29), date(2028, 2, 29)),
        (date(2028, 5, 30), date(2028, 3, 1)),
        (date(2027, 5, 30), date(2027, 3, 1)),
        (date(2027, 5, 29), date(2027, 2, 28)),
        (date(2027, 3, 31), date(2026, 12, 31)),
        (date(2028, 3, 31), date(2028, 1, 1)),
    ],
)
def test_timing_rv_2_ninety_days_before_the_renewal_over_leap_years_and_month_ends(renewal, day):
    assert told(ask(arr_cents=3_000_00, renewal_on=renewal))[0][2] == day


def test_timing_rv_2_a_review_held_since_answers_what_happened():
    happened = {"arr_cents": 3_000_00, "golives": [Happening(ago(10), "Lyon")], "drop": Drop(ago(5), 80, 68)}
    happened["changes"] = [Happening(ago(8), "Anne", "champion", "left")]
    happened["renewal_on"] = ON + timedelta(60)
    assert {one.reason for one in ask(**happened)} == {"golive", "health", "contact", "renewal"}
    assert {one.reason for one in ask(**happened, held={"call": ago(9)})} == {"health", "contact"}
    assert ask(**happened, held={"call": ago(5)}) == ()
    # The older of two changes is late, the newer is not: the earlier day counts.
    two = [Happening(ago(40), "Marc", "sponsor", "left"), Happening(ago(5), "Lila", "champion", "arrived")]
    assert told(ask(arr_cents=3_000_00, changes=two)) == [("contact", "call", date(2026, 12, 7), False)]


def test_a_drop_shows_since_the_first_day_of_its_run():
    scores = {ago(days): 68 for days in range(0, 4)} | {ago(days): 75 for days in range(4, 30)}
    scores |= {ago(days): 80 for days in range(30, 61)}
    assert due.drop_of(scores, ON, 68, -12, 10) == Drop(ago(3), 80, 68)
    assert due.drop_of(scores, ON, 68, -12, 13) is None
    del scores[ago(32)]  # the day before yesterday cannot be compared, and says nothing
    assert due.drop_of(scores, ON, 68, -12, 10) == Drop(ago(3), 80, 68)


STANDINGS = st.builds(
    Standing,
    arr_cents=ARRS,
    started_on=st.none() | DAYS,
    renewal_on=st.none() | DAYS,
    held=st.dictionaries(st.sampled_from(["ebr", "qbr", "mbr", "call"]), DAYS, max_size=4),
    golives=st.lists(st.builds(Happening, on=DAYS), max_size=3),
    changes=st.lists(st.builds(Happening, on=DAYS, role=st.just("sponsor")), max_size=3),
    drop=st.none() | st.builds(Drop, since=DAYS, before=st.just(80), now=st.just(65)),
    override=st.none() | st.builds(Override, kind=st.just("qbr"), on=DAYS, reason=st.just("x")),
)


@given(STANDINGS, DAYS, st.integers(1, 12))
def test_timing_rv_2_never_in_the_past_unless_late_never_later_than_the_policy_allows(known, on, fiscal_start):
    known = _known_by(known, on)
    found = due.next_review(known, POLICY, LEADS, on, fiscal_start)
    assert found == due.next_review(known, POLICY, LEADS, on, fiscal_start)
    for one in found:
        assert one.on >= on
        assert one.late == (one.due < on)
        assert one.late or one.on == one.due
        assert Candidate.of(one.written()) == one
    days = [one.on for one in found if one.reason != "override"]
    assert days == sorted(days)
    if known.override is not None:
        assert found[0].reason == "override"
        return
    for line in POLICY.calendar(known.arr_cents):
        last = max([day for kind, day in known.held.items() if kind in _counting(line.kind)], default=known.started_on)
        if last is not None:
            regular = due.add_months(last, line.months)
            assert found[0].on <= (regular if regular >= on else on + timedelta(LEADS["calendar"]))


@given(STANDINGS, DAYS)
def test_a_further_reason_never_makes_the_next_review_later(known, on):
    known = _known_by(known, on)
    assume(known.override is None)
    parts = ("renewal_on", "golives", "changes", "drop")
    whole = due.next_review(known, POLICY, LEADS, on)
    empty = {"renewal_on": None, "golives": (), "changes": (), "drop": None}
    for names in combinations(parts, 2):
        fewer = Standing(
            arr_cents=known.arr_cents,
            started_on=known.started_on,
            held=known.held,
            **{name: empty[name] if name in names else getattr(known, name) for name in parts},
        )
        less = due.next_review(fewer, POLICY, LEADS, on)
        # A renewal makes a health drop urgent, so the drop is taken out with it or stays with it.
        if less and ("renewal_on" in names) == ("drop" in names):
            assert whole[0].on <= less[0].on


@given(st.dates(date(2016, 1, 1), date(2040, 12, 31)), st.integers(0, 500))
def test_ninety_days_are_ninety_days_whatever_the_calendar(on, days):
    found = ask(on=on, arr_cents=3_000_00, renewal_on=on + timedelta(days))
    (one,) = found
    assert (on + timedelta(days) - one.due).days == 90
    assert one.on == (one.due if days >= 90 else on + timedelta(7))


def _known_by(known: Standing, on: date) -> Standing:
    """Without what is held or seen after the day: nobody knows that yet."""
    return Standing(
        arr_cents=known.arr_cents,
        started_on=known.started_on if known.started_on and known.started_on <= on else None,
        renewal_on=known.renewal_on,
        held={kind: day for kind, day in known.held.items() if day <= on},
        golives=known.golives,
        changes=known.changes,
        drop=known.drop if known.drop and known.drop.since <= on else None,
        override=known.override,
    )


def _counting(kind: str) -> set[str]:
    order = ["call", "mbr", "qbr", "ebr"]
    return set(order[order.index(kind) :])
