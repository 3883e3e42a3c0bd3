"""The cover's ornament: thirteen curves that thin out, drawn on a canvas of 1280 x 720."""

from __future__ import annotations

from dataclasses import dataclass

COUNT = 13
CANVAS = (1280, 720)


@dataclass(frozen=True)
class Wave:
    """One curve: six points of two cubic segments and a line, opacity 0-1, width in canvas units."""

    points: tuple[tuple[float, float], ...]
    opacity: float
    width: float


def waves() -> tuple[Wave, ...]:
    """The curves from the boldest to the faintest."""
    return tuple(_wave(index) for index in range(COUNT))


def _wave(step: int) -> Wave:
    start, crest_x, crest = 690 + 26 * step, 1090 + 4 * step, 110 + 44 * step
    points = (
        (start, 770),
        (850 + 16 * step, 770),
        (880 + 10 * step, crest),
        (crest_x, crest),
        (crest_x + 2 * (crest_x - 880 - 10 * step) * 0.36, crest),
        (1280, 430 + 26 * step),
        (1420, 470 + 24 * step),
    )
    return Wave(points, 0.4 - 0.026 * step, 4.5 - 0.28 * step)


def path(wave: Wave) -> str:
    """SVG path data of a curve."""
    at = [f"{x:g} {y:g}" for x, y in wave.points]
    return f"M{at[0]}C{at[1]} {at[2]} {at[3]}C{at[4]} {at[5]} {at[6]}"
