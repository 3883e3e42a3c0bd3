"""What is wrong with the places of a composed deck: nothing may leave its box or the page, whatever the words."""

from collections.abc import Iterator, Sequence

from haark.decks import fit
from haark.decks.shapes import HEIGHT, PAD, WIDTH, Page, Para, TableShape, TextShape

BODY_END = 490.5


def faults(pages: Sequence[Page]) -> list[str]:
    """Everything that leaves its place, in words."""
    found = []
    for page in pages:
        where = f"{page.slide.key} page {page.number}"
        for shape in page.shapes:
            found += [f"{where}: {wrong}" for wrong in _of_shape(page, shape)]
        found += [f"{where}: {wrong}" for wrong in _covered(page)]
    return found


def _of_shape(page: Page, shape) -> Iterator[str]:
    box = shape.box
    if box.x < -0.01 or box.y < -0.01 or box.x + box.w > WIDTH + 0.01 or box.y + box.h > HEIGHT + 0.01:
        yield f"outside the page: {shape}"
    if isinstance(shape, TextShape):
        inside = shape.role not in ("footer", "number") and page.slide.key != "cover"
        if inside and shape.box.y + shape.height > BODY_END + 0.5:
            yield f"words on the footer: {shape}"
        if shape.height > shape.box.h + 0.5:
            yield f"higher than its box: {shape}"
        for para in shape.paras:
            yield from _lines(para, shape.box.w)
    if isinstance(shape, TableShape):
        yield from _table(shape)


def _table(shape: TableShape) -> Iterator[str]:
    if sum(column.width for column in shape.columns) > shape.box.w + 0.5:
        yield f"columns wider than the table: {shape.title}"
    if shape.header + sum(row.height for row in shape.rows) > shape.box.h + 0.5:
        yield f"rows higher than the table: {shape.title}"
    for row in shape.rows:
        for cell, column in zip(row.cells, shape.columns, strict=True):
            if isinstance(cell, Para):
                if cell.height > row.height + 0.5:
                    yield f"cell higher than its row: {cell.text}"
                yield from _lines(cell, max(column.width - column.inset, PAD + 16))


def _lines(para: Para, room: float) -> Iterator[str]:
    tail = fit.width(f" {para.tail}", para.size / 2, fit.Face(600)) if para.tail else 0
    for line in para.lines:
        measured = fit.width(line, para.size, fit.Face(para.weight, para.tracking))
        if measured + tail > room * 1.02 + 1 and len(line) > 2:
            yield f"line of {measured:.0f} points in {room:.0f}: {line}"


def _covered(page: Page) -> Iterator[str]:
    texts = [shape for shape in page.shapes if isinstance(shape, TextShape) and shape.role != "text"]
    for index, one in enumerate(texts):
        for other in texts[index + 1 :]:
            if _overlap(one, other):
                yield f"covers another text: {one.paras[0].text} / {other.paras[0].text}"


def _overlap(one: TextShape, other: TextShape) -> bool:
    a, b = one.box, other.box
    apart_x = a.x + a.w <= b.x + 1 or b.x + b.w <= a.x + 1
    apart_y = a.y + one.height <= b.y + 1 or b.y + other.height <= a.y + 1
    return not (apart_x or apart_y)
