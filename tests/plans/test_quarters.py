"""Fiscal quarters of a plan are those of the reviews (haark.cadence.rules), and what differs is told field by field."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from haark.cadence import rules as cadence
from haark.plans import quarters, shipped
from haark.plans.comparing import compare

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
STARTS = st.integers(1, 12)


@given(DAYS, STARTS)
def test_a_quarter_is_the_same_everywhere(day, start):
    mine, theirs = quarters.containing(day, start), cadence.containing(day, "quarter", start)
    assert (mine.start, mine.end, mine.year, mine.number) == (theirs.start, theirs.end, theirs.year, theirs.number)
    assert mine.start <= day <= mine.end


@given(DAYS, st.integers(-20, 20), STARTS)
def test_ahead_and_distance_undo_each_other(day, count, start):
    there = quarters.ahead(day, count, start)
    assert quarters.distance(day, there.start, start) == quarters.distance(day, there.end, start) == count


def test_the_label_is_the_same_in_every_language():
    assert quarters.containing(date(2026, 8, 1)).label == "Q3 2026"


def test_differences_name_fields_and_values_measured_are_none():
    before = {"vision": "A", "objectives": [{"id": 1, "title": "OTIF", "target": 90.0, "current": 80.0}], "risks": []}
    after = {"vision": "", "objectives": [{"id": 1, "title": "OTIF", "target": 95.0, "current": 85.0}]}
    after["risks"] = [{"id": 7, "title": "Lent", "mitigation": ""}]
    found = compare(before, after)
    assert [(one.kind, one.verb, one.fields) for one in found] == [
        ("plan", "changed", (("vision", "A", ""),)),
        ("objective", "changed", (("target", 90.0, 95.0),)),
        ("risk", "added", (("title", None, "Lent"),)),
    ]
    assert compare(after, {**after, "risks": []})[0].verb == "removed"
    assert compare(before, before) == () and len(compare({}, before)) == 2
    assert {one[0]: one[1:] for one in compare(before, after, measured=True)[1].fields}["current"] == (80.0, 85.0)


def test_the_shipped_plan_is_the_same_in_three_languages():
    plans = [shipped.content(one) for one in ("fr", "en", "uk")]
    shapes = [[(one["target"], one["comparator"], one["quarter"]) for one in plan["objectives"]] for plan in plans]
    assert shapes[0] == shapes[1] == shapes[2] == [(2.0, "le", 2), (90.0, "ge", 3), (40.0, "ge", 4)]
    assert all([len(plan["milestones"]), len(plan["risks"])] == [9, 3] for plan in plans)
