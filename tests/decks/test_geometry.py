"""Nothing leaves its box or the page, whatever the words: checked on the composed shapes, which every output draws."""

import pytest

from haark.decks.compose import MOST_PAGES, compose
from haark.decks.shapes import TableShape, TextShape
from tests.decks import geometry, sample, stress

DECKS = {"french": sample.french(), "english": sample.english(), "ukrainian": sample.ukrainian(), **stress.decks()}


@pytest.fixture(params=DECKS, scope="module")
def pages(request):
    return compose(DECKS[request.param])[1]


def test_nothing_leaves_its_box_or_the_page(pages):
    assert geometry.faults(pages) == []


def test_long_tables_go_on_and_are_counted_in_the_end():
    rows = compose(stress.deck(stress.slide(stress.table(40))))[1]
    shown = sum(len(shape.rows) for page in rows for shape in page.shapes if isinstance(shape, TableShape))
    assert len(rows) > 1 and shown == 40
    assert "(suite)" in rows[1].shapes[0].paras[0].text
    endless = compose(stress.deck(stress.slide(stress.table(400))))[1]
    shown = sum(len(shape.rows) for page in endless for shape in page.shapes if isinstance(shape, TableShape))
    last = " ".join(para.text for shape in endless[-1].shapes if isinstance(shape, TextShape) for para in shape.paras)
    assert len(endless) == MOST_PAGES and f"et {400 - shown} autres" in last


def test_numbers_count_printed_pages():
    first, second = stress.slide(stress.table(40), key="a"), stress.slide(key="b")
    pages = compose(stress.deck(first, second))[1]
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
