"""Words in a placeholder of the template, at the largest size at which its box holds them."""

from __future__ import annotations

from dataclasses import dataclass

from haark.decks import fit
from haark.decks.corporate import fonts
from haark.decks.corporate.report import Holder

STEPS = (1.0, 0.92, 0.85, 0.78, 0.72, 0.66, 0.6, 0.54, 0.48, 0.43, 0.38, 0.34, 0.3)
LEAST = 11.0
"""Smallest size on a page of 540 points; words are cut rather than set smaller."""


@dataclass(frozen=True)
class Line:
    """The words as they break and their size in points on the page."""

    lines: tuple[str, ...]
    size: float
    cut: bool = False


def set_in(text: str, holder: Holder, high: float, limit: int = 4, share: float = 1.0) -> Line:
    """`text` in the placeholder's box, at most `limit` lines. `high`: height of the page, 0 to allow small print.

    `share`: how much of the width to use, less than 1 where a wrap would hurt more than a smaller size.
    """
    style = holder.style
    left, top, right, bottom = style.insets
    room = (holder.box.w - left - right) * share
    tall = holder.box.h - top - bottom + 0.5
    face = fit.Face(600 if style.bold else 400)
    wider = fonts.width(style.font)
    shown = text.upper() if style.caps else text
    least = min(max(LEAST * high / 540, 6.5), style.size)
    sizes = [size for step in STEPS if (size := round(style.size * step, 1)) >= least] or [style.size]
    for size in [*sizes, least]:
        line = size * fonts.natural(style.font) * style.leading
        lines = max(min(int(tall / line), limit), 1)
        fitted = fit.wrap(shown, max(room, 20) / wider, size, face, lines)
        if not fitted.cut and len(fitted.lines) * line <= tall and " ".join(fitted.lines).split() == shown.split():
            break
    return Line(_as_written(text, fitted.lines) if style.caps else fitted.lines, size, fitted.cut)


def _as_written(text: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines measured in capitals with the words as they were written: the style makes the capitals."""
    words, result = text.replace("\n", " ").split(" "), []
    for line in lines:
        count = len(line.split(" "))
        result.append(" ".join(words[:count]))
        words = words[count:]
    return tuple(result)
