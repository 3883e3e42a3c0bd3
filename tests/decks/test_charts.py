"""Charts for pages: markup as the style sheet expects it, gaps for unknown values."""

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from haark import charts

values = st.lists(st.none() | st.floats(-1e9, 1e9, allow_nan=False), max_size=24)


def every_chart(series, label):
    names = [f"{label}{index}" for index in range(len(series))]
    yield charts.sparkline(charts.spark(series), charts.trend(series), label)
    yield charts.gauge(68, "warn", label, label)
    yield charts.area(names, series, label, reference=series)
    yield charts.bars(names, series, label)
    yield charts.hbars([(label, value, label) for value in series], label)
    yield charts.stacked([(abs(value or 0), "x1") for value in series], label)
    yield charts.meter(series[0] if series else None, "ok", label)


@given(values, st.sampled_from(["Santé", '<script>"', "a & b"]))
def test_every_chart_is_well_formed_named_and_without_style(series, label):
    for drawn in every_chart(series, label):
        if not drawn:
            continue
        tree = ElementTree.fromstring(str(drawn))
        assert tree.get("role") == "img"
        assert tree.find("title").text == label
        assert "style=" not in drawn and "nan" not in drawn and "inf" not in drawn
        assert not re.search(r'[" ,]-?\.\d', drawn)


def test_a_gauge_is_the_designs():
    drawn = charts.gauge(68, "warn", "Santé 68 sur 100, À surveiller", "sur 100")
    assert 'class="ga warn"' in drawn and 'd="M15,72 A60,60 0 0 1 107.1,21.3"' in drawn
    assert ">68</text>" in drawn and ">sur 100</text>" in drawn
    assert 'class="va"' not in charts.gauge(None, "", "Santé inconnue") and ">–</text>" in charts.gauge(None, "", "x")


def test_a_sparkline_has_gaps_and_needs_three_values():
    assert charts.spark([1, 2]) == "" and charts.spark([1, None, 2, None]) == ""
    assert charts.spark([1, 2, None, 3]).count("M") == 2
    assert charts.sparkline("") == ""
    assert charts.trend([1, 3]) == "up" and charts.trend([3, None, 1]) == "dn" and charts.trend([2, 2]) == ""


def test_an_unknown_value_is_no_zero():
    assert charts.bars(["a", "b"], [None, 2], "t").count("<rect") == 1
    assert "M44" in charts.area(["a", "b", "c"], [1, None, 3], "t") and charts.area(["a"], [None], "t") == ""


def test_axis_steps_are_round_and_cover_the_values():
    assert charts.ticks(0, 66) == [0, 20, 40, 60, 80]
    assert charts.ticks(0, 0)[0] == 0 and charts.ticks(0, 0)[-1] > 0
