"""Nothing leaves its box or the page, whatever the words: checked on the composed shapes, which every output draws."""

import pytest

from haark.decks import fit
from haark.decks.compose import MOST_PAGES, compose
from haark.decks.shapes import HEIGHT, PAD, WIDTH, Para, TableShape, TextShape
from tests.decks import sample, stress

DECKS = {"french": sample.french(), "english": sample.english(), "ukrainian": sample.ukrainian(), **stress.decks()}
BODY_END = 490.5


@pytest.fixture(params=DECKS, scope="module")
def pages(request):
    return compose(DECKS[request.param])[1]


def test_every_shape_is_on_the_page(pages):
    for page in pages:
        for shape in page.shapes:
            box = shape.box
            assert box.x >= -0.01 and box.y >= -0.01, (page.slide.key, shape)
            assert box.x + box.w <= WIDTH + 0.01, (page.slide.key, shape)
            assert box.y + box.h <= HEIGHT + 0.01, (page.slide.key, shape)


def test_words_end_above_the_footer(pages):
    for page in pages:
        for shape in page.shapes:
            if isinstance(shape, TextShape) and shape.role not in ("footer", "number") and page.slide.key != "cover":
                assert shape.box.y + shape.height <= BODY_END + 0.5, (page.slide.key, shape)


def test_every_text_fits_its_box(pages):
    for page in pages:
        for shape in page.shapes:
            if isinstance(shape, TextShape):
                assert shape.height <= shape.box.h + 0.5, (page.slide.key, shape)
                for para in shape.paras:
                    assert_lines(para, shape.box.w)


def test_every_cell_fits_its_column_and_row(pages):
    for page in pages:
        for shape in page.shapes:
            if not isinstance(shape, TableShape):
                continue
            assert sum(column.width for column in shape.columns) <= shape.box.w + 0.5
            assert shape.header + sum(row.height for row in shape.rows) <= shape.box.h + 0.5
            for row in shape.rows:
                for cell, column in zip(row.cells, shape.columns, strict=True):
                    if isinstance(cell, Para):
                        assert cell.height <= row.height + 0.5
                        assert_lines(cell, max(column.width - column.inset, PAD + 16))


def assert_lines(para, room):
    tail = fit.width(f" {para.tail}", para.size / 2, fit.Face(600)) if para.tail else 0
    for line in para.lines:
        measured = fit.width(line, para.size, fit.Face(para.weight, para.tracking))
        assert measured + tail <= room * 1.02 + 1 or len(line) <= 2, (line, measured, room)


def test_text_shapes_do_not_cover_one_another(pages):
    for page in pages:
        texts = [shape for shape in page.shapes if isinstance(shape, TextShape) and shape.role != "text"]
        for index, one in enumerate(texts):
            for other in texts[index + 1 :]:
                assert not overlap(one, other), (page.slide.key, one, other)


def overlap(one, other):
    a, b = one.box, other.box
    apart_x = a.x + a.w <= b.x + 1 or b.x + b.w <= a.x + 1
    apart_y = a.y + one.height <= b.y + 1 or b.y + other.height <= a.y + 1
    return not (apart_x or apart_y)


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
