"""SP-2: progress, state by pace, and what an objective lacks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haark.plans.rules import Aim, elapsed, milestone_state, progress, reached, smart_gaps, smart_letters, state

START, DUE = date(2026, 1, 1), date(2026, 12, 31)
OTIF = Aim("OTIF", "OTIF mensuel", "Moins de litiges", "ge", "%", 92.0, 96.0, 94.0, START, DUE, START, "S. Marchand")
ORDER = {"red": 0, "yellow": 1, "green": 2}

figures = st.floats(-1e6, 1e6, allow_nan=False)
maybe = st.one_of(st.none(), figures)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
aims = st.builds(
    Aim,
    title=st.just("x"),
    comparator=st.sampled_from(("ge", "le")),
    baseline=maybe,
    target=maybe,
    current=maybe,
    starts_on=st.one_of(st.none(), days),
    due_on=st.one_of(st.none(), days),
)


@pytest.mark.parametrize(
    ("comparator", "baseline", "target", "current", "expected"),
    [
        ("ge", 92, 96, 94, 0.5),
        ("ge", 92, 96, 97, 1.0),
        ("ge", 92, 96, 90, 0.0),
        ("le", 48, 24, 36, 0.5),
        ("le", 48, 24, 20, 1.0),
        ("le", 48, 24, 60, 0.0),
        ("ge", 97, 96, 95, 0.0),
        ("ge", None, 96, 95, None),
        ("ge", None, 96, 96, 1.0),
        ("ge", 92, None, 94, None),
        ("ge", 92, 96, None, None),
    ],
)
def test_progress_goes_from_baseline_to_target(comparator, baseline, target, current, expected):
    aim = Aim(comparator=comparator, baseline=baseline, target=target, current=current)
    assert progress(aim) == expected


@pytest.mark.parametrize(
    ("current", "on", "expected"),
    [
        (96.0, date(2027, 3, 1), "green"),  # reached, whenever
        (95.9, date(2027, 1, 1), "red"),  # due and not met
        (95.9, DUE, "green"),  # the day itself still counts
        (94.0, date(2026, 7, 2), "green"),  # half way, half the year
        (92.0, date(2026, 1, 20), "green"),  # nobody is late in the first weeks
        (92.0, date(2026, 4, 1), "yellow"),
        (92.0, date(2026, 7, 2), "red"),
        (94.0, date(2026, 12, 10), "yellow"),  # half done where nearly all is due
        (None, date(2026, 7, 2), "unknown"),
    ],
)
def test_the_state_follows_the_pace(current, on, expected):
    assert state(replace(OTIF, current=current), on) == expected


def test_without_dates_or_baseline_the_pace_is_unknown():
    on = date(2026, 7, 2)
    assert state(replace(OTIF, starts_on=None), on) == "unknown"
    assert state(replace(OTIF, due_on=None), on) == "unknown"
    assert state(replace(OTIF, baseline=None), on) == "unknown"
    assert elapsed(replace(OTIF, starts_on=DUE, due_on=DUE), on) is None


def test_smart_gaps_name_what_is_missing():
    assert smart_gaps(OTIF) == ()
    assert smart_gaps(Aim()) == ("title", "kpi", "target", "baseline", "agreed", "why", "due_on")
    assert smart_letters(("kpi", "due_on")) == (("S", True), ("M", False), ("A", True), ("R", True), ("T", False))


def test_a_milestone_is_late_the_day_after():
    assert milestone_state("todo", DUE, DUE) == "todo"
    assert milestone_state("in_progress", DUE, DUE + timedelta(1)) == "late"
    assert milestone_state("done", DUE, DUE + timedelta(1)) == "done"
    assert milestone_state("todo", None, DUE) == "todo"


@settings(deadline=None)
@given(aims)
def test_progress_stays_between_nothing_and_all(aim):
    share = progress(aim)
    assert share is None or 0.0 <= share <= 1.0
    assert not reached(aim) or share == 1.0


@settings(deadline=None)
@given(aims, days, st.floats(0, 1e6, allow_nan=False))
def test_getting_better_never_worsens_the_state(aim, on, step):
    if aim.current is None:
        return
    better = replace(aim, current=aim.current + (step if aim.comparator == "ge" else -step))
    before, after = state(aim, on), state(better, on)
    if "unknown" not in (before, after):
        assert ORDER[after] >= ORDER[before]


@settings(deadline=None)
@given(aims, days, st.integers(1, 400))
def test_waiting_never_improves_the_state(aim, on, wait):
    before, after = state(aim, on), state(aim, on + timedelta(wait))
    if "unknown" not in (before, after):
        assert ORDER[after] <= ORDER[before]
