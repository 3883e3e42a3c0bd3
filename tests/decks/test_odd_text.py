"""Whatever people type, both files are made and open again."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haark.decks.markdown import render_markdown
from haark.decks.pdf import render_pdf
from haark.decks.pptx import render_pptx
from tests.decks import reading, stress

anything = st.text(st.characters(), max_size=60) | st.sampled_from(
    [stress.ODD, stress.LONG_NAME, "\u200f\u05e9\u05dc\u05d5\u05dd\U0001f69a", "\n\n", " "]
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(anything, st.integers(0, 4), st.sampled_from(["fr", "en", "uk"]))
def test_it_always_opens(words, count, language):
    blocks = stress.blocks(words, count)
    slides = [stress.slide(block, key=str(index), words=words) for index, block in enumerate(blocks)]
    deck = stress.deck(*slides, language=language, client=words)
    pages = len(reading.reader(render_pdf(deck)).pages)
    assert pages == len(reading.presentation(render_pptx(deck)).slides) >= len(slides)
    assert render_markdown(deck).endswith("\n")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.none() | st.floats() | st.integers(-(10**20), 10**20), max_size=15), st.none() | st.floats())
def test_any_number_can_be_drawn(values, target):
    from haark.decks import outline as o

    points = tuple(o.Point(str(index), value, "x") for index, value in enumerate(values))
    steps = tuple(o.Step(str(index), value or 0, "x") for index, value in enumerate(values))
    line = o.LineChart("t", points, o.Annotation(-1, "note"), target, "cible", "alt")
    deck = stress.deck(
        stress.slide(line, key="a"),
        stress.slide(o.Bars("t", points), key="b"),
        stress.slide(o.Waterfall(steps), key="c"),
        stress.slide(o.Metrics((o.Metric("1", "", "m", "", points),)), key="d"),
    )
    assert len(reading.presentation(render_pptx(deck)).slides) >= 4
