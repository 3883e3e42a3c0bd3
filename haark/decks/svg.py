"""Charts as SVG with presentation attributes: WeasyPrint's document style sheet does not reach into SVG, and a page's
content security policy allows no style attribute. Coordinates are points from the chart's own corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from haark.charts import num
from haark.decks import fit
from haark.decks.outline import Bars, LineChart, Point, Waterfall
from haark.decks.plot import LABEL, LAST, NOTE, TICK, Plot, plot
from haark.decks.shapes import Box, ChartShape, Series
from haark.decks.theme import Theme
from haark.decks.words import figure


@dataclass(frozen=True)
class Pen:
    """How an output writes text: `families` maps a weight to font attributes."""

    theme: Theme
    language: str
    families: dict[int, str]

    def text(
        self, x: float, y: float, words: str, size: float, color: str, weight: int = 400, anchor: str = "start"
    ) -> str:
        """One line at its baseline."""
        side = "" if anchor == "start" else f' text-anchor="{anchor}"'
        head = f'<text x="{num(x)}" y="{num(y)}" font-size="{size:g}"{side} fill="{color}" {self.families[weight]}>'
        return f"{head}{escape(words)}</text>"


def chart(shape: ChartShape, pen: Pen) -> Markup:
    """The inside of an `<svg>` as large as the shape's box."""
    return Markup(DRAW[type(shape.chart)](shape.chart, shape.box, pen))  # noqa: S704 - texts go through Pen.text


def rect(x: float, y: float, w: float, h: float, fill: str, radius: float = 0) -> str:
    """A filled rectangle."""
    corner = f' rx="{num(radius)}"' if radius else ""
    size = f'width="{num(max(w, 0))}" height="{num(max(h, 0))}"'
    return f'<rect x="{num(x)}" y="{num(y)}" {size}{corner} fill="{fill}"/>'


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, more: str = "") -> str:
    """A straight line."""
    ends = f'x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}"'
    return f'<line {ends} stroke="{stroke}" {more}/>'


def _line_chart(block: LineChart, box: Box, pen: Pen) -> str:
    theme = pen.theme
    geometry = plot(block, box, pen.language)
    if geometry is None:
        return ""
    area, body = geometry.area, ""
    right = area.x + area.w
    for step, word in zip(geometry.steps, geometry.words, strict=True):
        y = geometry.y(step)
        body += line(area.x, y, right, y, theme.line, 'stroke-width="0.75"')
        body += pen.text(area.x - 8, y + 3, word, TICK, theme.ink3, anchor="end")
    body += _curve(block, geometry, theme)
    if block.target is not None:
        y = geometry.y(block.target)
        body += line(area.x, y, right, y, theme.ink3, 'stroke-width="1.1" stroke-dasharray="4 3"')
        body += pen.text(area.x + 4, y - 5, block.target_label, NOTE, theme.ink2, 600)
    for index in geometry.shown:
        x = area.x + area.w * index / max(len(block.points) - 1, 1)
        body += pen.text(x, area.y + area.h + 18, block.points[index].label, LABEL, theme.ink3, anchor="middle")
    return body + _marks(block, geometry, pen)


def _curve(block: LineChart, geometry: Plot, theme: Theme) -> str:
    runs: list[list[tuple[int, float, float]]] = []
    for place in geometry.points:
        if runs and runs[-1][-1][0] == place[0] - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    floor, fills, lines = num(geometry.y(max(geometry.steps[0], 0))), "", ""
    for run in runs:
        path = " ".join(f"{num(x)},{num(y)}" for _, x, y in run)
        fills += f'<polygon points="{num(run[0][1])},{floor} {path} {num(run[-1][1])},{floor}" fill="{theme.tint}"/>'
        lines += f'<polyline points="{path}" fill="none" stroke="{theme.brand_text}" stroke-width="2.25" '
        lines += 'stroke-linejoin="round" stroke-linecap="round"/>'
        if len(run) == 1:
            lines += f'<circle cx="{num(run[0][1])}" cy="{num(run[0][2])}" r="2.5" fill="{theme.brand_text}"/>'
    return fills + lines


def _marks(block: LineChart, geometry: Plot, pen: Pen) -> str:
    """Last value, highest value, annotation."""
    theme = pen.theme
    index, x, y = geometry.points[-1]
    tone = theme.tone("bad")
    fill, color = (tone.fill, tone.text) if geometry.falling else (theme.accent, theme.brand_text)
    body = f'<circle cx="{num(x)}" cy="{num(y)}" r="4.5" fill="{fill}"/>'
    body += pen.text(x + 9, y + 4.5, block.points[index].display, LAST, color, 600)
    top = min(geometry.points, key=lambda place: place[2])
    if top[0] != index and y - top[2] > 24 and block.points[top[0]].display:
        body += pen.text(top[1], top[2] - 8, block.points[top[0]].display, 10.5, theme.brand_text, 600, "middle")
    note = geometry.note
    if note is None:
        return body
    for at, words in enumerate(note.lines):
        body += pen.text(note.x, note.y + 9.5 + at * 13, words, NOTE, theme.ink2, anchor=note.anchor)
    return body + line(*note.start, *note.end, theme.ink3, 'stroke-width="0.75"')


def _bars(block: Bars, box: Box, pen: Pen) -> str:
    theme, body = pen.theme, ""
    pitch = box.h / max(len(block.items), 1)
    size = 10.5 if pitch > 28 else 9.0
    for index, point in enumerate(block.items):
        y = index * pitch
        base = y + pitch * 0.42
        shown = fit.wrap(point.display, box.w * 0.4, size, fit.Face(600), 1).text
        room = box.w - fit.width(shown, size, fit.Face(600)) - 10
        body += pen.text(0, base, fit.wrap(point.label, room, size, limit=1).text, size, theme.ink)
        body += pen.text(box.w, base, shown, size, theme.ink, 600, "end")
        body += rect(0, y + pitch * 0.6, box.w, min(5.25, pitch * 0.2), theme.track)
        share = min(max((point.value or 0) / (block.maximum or 1), 0), 1)
        if share:
            fill = theme.accent if share >= 0.4 else theme.medium
            body += rect(0, y + pitch * 0.6, box.w * share, min(5.25, pitch * 0.2), fill)
    return body


def _series(block: Series, box: Box, pen: Pen) -> str:
    theme, points, body = pen.theme, block.metric.series, ""
    top = max((point.value for point in points if point.value is not None), default=0) or 1
    pitch = min(box.w / max(len(points), 1), 47.0)
    base = box.h - 19.0
    for index, point in enumerate(points):
        last = index == len(points) - 1
        middle, x = pitch * index + pitch * 0.4, pitch * index
        body += pen.text(middle, box.h - 4, point.label, 9, theme.ink3, anchor="middle")
        if point.value is None:
            continue
        tall = max((base - 17) * max(point.value, 0) / top, 0.75)
        body += rect(x, base - tall, pitch * 0.8, tall, theme.brand if last else theme.light)
        color, weight = (theme.brand_text, 600) if last else (theme.ink3, 400)
        body += pen.text(middle, base - tall - 6, point.display, 9.75, color, weight, "middle")
    return body


def levels(block: Waterfall) -> list[tuple[float, float]]:
    """(low, high) of each step; totals stand on the axis."""
    result, level = [], 0.0
    for step in block.steps:
        start = 0.0 if step.total else level
        level = step.value if step.total else level + step.value
        result.append((min(start, level), max(start, level)))
    return result


def step_pitch(block: Waterfall, box: Box) -> float:
    """Width of one step with its share of the gap, in points."""
    return min(box.w / max(len(block.steps), 1), 170.0)


def _waterfall(block: Waterfall, box: Box, pen: Pen) -> str:
    theme, body, steps = pen.theme, "", block.steps
    spans = levels(block)
    low, high = min((0.0, *(one for one, _ in spans))), max((0.0, *(one for _, one in spans)))
    room, scale = box.h - 24 - 28, (high - low) or 1.0

    def place(value: float) -> float:
        return 24 + room * (1 - (value - low) / scale)

    pitch = step_pitch(block, box)
    wide, level = pitch * 0.7, 0.0
    for index, (step, (bottom, top)) in enumerate(zip(steps, spans, strict=True)):
        x = index * pitch + pitch * 0.13
        fill = theme.brand if step.total else theme.medium if step.value >= 0 else "#d9a0a6"
        body += rect(x, place(top), wide, max(place(bottom) - place(top), 0.75), fill)
        shown = fit.wrap(step.display, pitch, 13.5, fit.Face(600), 1).text
        body += pen.text(x + wide / 2, place(top) - 7, shown, 13.5, theme.ink, 600, "middle")
        label = fit.wrap(step.label, pitch - 4, 9.75, limit=1).text
        body += pen.text(x + wide / 2, box.h - 8, label, 9.75, theme.ink2, anchor="middle")
        level = step.value if step.total else level + step.value
        if index < len(steps) - 1:
            dash = 'stroke-width="0.75" stroke-dasharray="2.5 2.5"'
            body += line(x + wide, place(level), x + pitch, place(level), theme.ink3, dash)
    return body + line(0, place(0), pitch * len(steps), place(0), theme.ink, 'stroke-width="0.75"')


def values_of(block: object, language: str) -> tuple[tuple[str, float | None, str], ...]:
    """(label, value, words) of any chart, for tables and workbooks; missing words are the plain figure."""
    if isinstance(block, Waterfall):
        return tuple((step.label, step.value, step.display) for step in block.steps)
    points: tuple[Point, ...] = ()
    if isinstance(block, Series):
        points = block.metric.series
    elif isinstance(block, LineChart):
        points = block.points
    elif isinstance(block, Bars):
        points = block.items
    return tuple((point.label, point.value, point.display or _plain(point.value, language)) for point in points)


def _plain(value: float | None, language: str) -> str:
    return "" if value is None else figure(language, value)


DRAW: dict[type, Any] = {LineChart: _line_chart, Bars: _bars, Series: _series, Waterfall: _waterfall}
