"""Places blocks in a column: who gets how much height, and what goes on to the next page.

A drawer takes a block and a box and returns what it drew, how high that is (never more than the box) and the block that
is left over for a further page. Lengths are points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from haark.decks import fit, outline
from haark.decks.shapes import Box, Para, Rect, Role, Shape, Side, TextShape
from haark.decks.theme import Theme

GAP = 26.0
LEAST: dict[type, float] = {
    outline.LineChart: 190.0,
    outline.Waterfall: 170.0,
    outline.Roadmap: 150.0,
    outline.Objectives: 150.0,
    outline.Metrics: 130.0,
    outline.Picture: 150.0,
}
"""Height in points below which such a block rather starts a new page; 96 for the others."""
STRETCHY = (
    outline.Agenda,
    outline.Objectives,
    outline.Metrics,
    outline.LineChart,
    outline.Bars,
    outline.Table,
    outline.Quotes,
    outline.Roadmap,
    outline.Columns,
    outline.Waterfall,
    outline.Picture,
)


@dataclass(frozen=True)
class Context:
    """What every drawer needs."""

    theme: Theme
    language: str


@dataclass(frozen=True)
class Drawn:
    """Shapes of a block, the height they take, and the block that did not fit."""

    shapes: tuple[Shape, ...]
    height: float
    rest: outline.Block | None = None


Drawer = Callable[[outline.Block, Box, Context], Drawn]


def stack(
    blocks: Sequence[outline.Block], box: Box, context: Context, draw: Drawer
) -> tuple[list[Shape], list[outline.Block]]:
    """Blocks below one another in `box`: the shapes, and the blocks left for the next page."""
    shapes: list[Shape] = []
    needs = _tightened(blocks, [_need(block, box, context, draw) for block in blocks], box, context, draw)
    count = _together(needs, box.h)
    rest: list[outline.Block] = []
    y = box.y
    for block, room in zip(blocks, _rooms(blocks[:count], needs, box.h), strict=False):
        drawn = draw(block, Box(box.x, y, box.w, min(room, box.y + box.h - y)), context)
        shapes += drawn.shapes
        rest += [drawn.rest] if drawn.rest is not None else []
        y += drawn.height + GAP
    return shapes, [*rest, *blocks[count:]]


def _tightened(
    blocks: Sequence[outline.Block], needs: Sequence[float], box: Box, context: Context, draw: Drawer
) -> list[float]:
    """The needs, with decisions set smaller where that keeps everything on one page without cutting a word."""
    excess = sum(needs) + GAP * (len(needs) - 1) - box.h
    found = list(needs)
    for index, block in enumerate(blocks):
        if excess <= 0 or not isinstance(block, outline.Decisions):
            continue
        drawn = draw(block, Box(box.x, box.y, box.w, needs[index] - excess), context)
        if needs[index] - drawn.height >= excess - 0.5 and not _cut(drawn):
            found[index] = drawn.height
            break
    return found


def _cut(drawn: Drawn) -> bool:
    texts = (para for shape in drawn.shapes if isinstance(shape, TextShape) for para in shape.paras)
    return any(para.lines and para.lines[-1].endswith(fit.ELLIPSIS) for para in texts)


def _need(block: outline.Block, box: Box, context: Context, draw: Drawer) -> float:
    """What a block asks for: its height, or the least that a chart or table can be read at."""
    if isinstance(block, STRETCHY):
        return min(LEAST.get(type(block), 96.0), box.h)
    return draw(block, box, context).height


def _together(needs: Sequence[float], height: float) -> int:
    """How many of the blocks go on one page: those whose needs fit, at least one."""
    used = 0.0
    for count, need in enumerate(needs):
        used += need + (GAP if count else 0)
        if count and used > height + 0.5:
            return count
    return len(needs)


def _rooms(blocks: Sequence[outline.Block], needs: Sequence[float], height: float) -> list[float]:
    """Height for each block: fixed ones what they need, the others share what is left."""
    stretchy = [isinstance(block, STRETCHY) for block in blocks]
    left = height - GAP * (len(blocks) - 1)
    fixed = sum(need for need, free in zip(needs, stretchy, strict=False) if not free)
    share = (left - fixed) / sum(stretchy) if any(stretchy) else 0.0
    return [share if free else need for need, free in zip(needs, stretchy, strict=False)]


def words(
    text: str,
    room: float,
    sizes: Sequence[float],
    limit: int,
    color: str,
    *,
    weight: int = 400,
    tracking: float = 0.0,
    leading: float = 1.3,
    lead: str = "",
    gap: float = 0.0,
    display: bool = False,
    bullet: bool = False,
    align: Side = "left",
) -> Para:
    """`text` as a paragraph of at most `limit` lines in `room` points, at the largest of `sizes` that allows it."""
    face = fit.Face(600 if lead else weight, tracking)
    fitted = fit.fit(text, room, sizes, max(limit, 1), face)
    return Para(
        fitted.lines,
        fitted.size,
        color,
        weight=weight,
        lead=lead if text.startswith(lead) else "",
        tracking=tracking,
        leading=leading,
        gap=gap,
        display=display,
        bullet=bullet,
        align=align,
    )


def block_of(x: float, y: float, room: float, *paras: Para, role: Role = "text") -> TextShape:
    """A text shape exactly as high as its paragraphs."""
    return TextShape(Box(x, y, room, sum(para.height for para in paras)), paras, role)


def within(paras: Sequence[Para], height: float) -> tuple[Para, ...]:
    """The paragraphs that fit in `height`; the first one loses lines rather than disappear."""
    kept: list[Para] = []
    left = height
    for para in paras:
        if para.height <= left + 0.01:
            kept.append(para)
            left -= para.height
            continue
        lines = int((left - para.gap) / (para.size * para.leading))
        if lines >= 1:
            kept.append(_shortened(para, lines))
        break
    return tuple(kept)


def _shortened(para: Para, lines: int) -> Para:
    last = para.lines[lines - 1]
    return replace(para, lines=(*para.lines[: lines - 1], last[:-1].rstrip(" ,;:.") + fit.ELLIPSIS))


def rule(x: float, y: float, room: float, theme: Theme) -> Rect:
    """The brand's line above a card."""
    return Rect(Box(x, y, room, 2.25), theme.brand)


def hairline(x: float, y: float, room: float, theme: Theme) -> Rect:
    """A thin grey line."""
    return Rect(Box(x, y, room, 0.75), theme.line)
