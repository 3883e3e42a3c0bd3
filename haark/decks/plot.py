"""Geometry of a line chart, shared by the drawing in the PDF and the native chart in PowerPoint, in points."""

from __future__ import annotations

from dataclasses import dataclass

from haark import charts
from haark.decks import fit
from haark.decks.outline import LineChart
from haark.decks.shapes import Box
from haark.decks.words import figure

TICK, LABEL, NOTE, LAST = 9.0, 9.0, 9.5, 12.75
BOLD = fit.Face(600)


@dataclass(frozen=True)
class Note:
    """The annotation: its lines, its right or left edge, the top of the first line and where its pointer starts."""

    lines: tuple[str, ...]
    x: float
    y: float
    anchor: str
    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True)
class Plot:
    """`area` is the plot's place in the chart's box; `points` are indexed places of the known values."""

    area: Box
    steps: tuple[float, ...]
    words: tuple[str, ...]
    points: tuple[tuple[int, float, float], ...]
    shown: tuple[int, ...]
    note: Note | None
    falling: bool

    def y(self, value: float) -> float:
        """Height of `value` in the chart's box."""
        share = (value - self.steps[0]) / (self.steps[-1] - self.steps[0])
        return self.area.y + self.area.h * (1 - share)


def plot(chart: LineChart, box: Box, language: str) -> Plot | None:
    """The chart's geometry; None when no value is known."""
    known = [(index, point.value) for index, point in enumerate(chart.points) if point.value is not None]
    if not known:
        return None
    values = [value for _, value in known] + ([chart.target] if chart.target is not None else [])
    steps = tuple(charts.ticks(min(0.0, *values), max(0.0, *values) or 1.0))
    words = tuple(figure(language, step) for step in steps)
    left = max(fit.width(word, TICK) for word in words) + 9
    last = fit.width(chart.points[known[-1][0]].display, LAST, BOLD) + 12
    area = Box(left, 20.0, box.w - left - max(last, 14.0), box.h - 20.0 - 24.0)
    count = max(len(chart.points) - 1, 1)
    bare = Plot(area, steps, words, (), _labels(chart, area.w), None, falling=False)
    places = tuple((index, area.x + area.w * index / count, bare.y(value)) for index, value in known)
    falling = len(known) > 1 and known[-1][1] < known[-2][1]
    return Plot(area, steps, words, places, bare.shown, _note(chart, area, places), falling)


def _labels(chart: LineChart, room: float) -> tuple[int, ...]:
    """Indices of the labels that have room: every one, or every second, third, …"""
    widest = max(fit.width(point.label, LABEL) for point in chart.points) + 6
    pitch = room / max(len(chart.points) - 1, 1)
    stride = max(1, -int(-widest // pitch))
    return tuple(range((len(chart.points) - 1) % stride, len(chart.points), stride))


def _note(chart: LineChart, area: Box, places: tuple[tuple[int, float, float], ...]) -> Note | None:
    note = chart.annotation
    if note is None or not note.text:
        return None
    index = note.index % len(chart.points)
    spot = next(((x, y) for at, x, y in places if at == index), None)
    if spot is None:
        return None
    x, y = spot
    lines = fit.wrap(note.text, 128, NOTE, limit=3).lines
    high, right = len(lines) * 13.0, x > area.x + area.w / 2
    wide = max(fit.width(line, NOTE) for line in lines)
    edge = x - 46 if right else x + 46
    reach = (edge - wide - 8, edge + 8) if right else (edge - 8, edge + wide + 8)
    above = min((py for _, px, py in places if reach[0] - 30 <= px <= reach[1] + 30), default=y)
    below = max((py for _, px, py in places if reach[0] - 30 <= px <= reach[1] + 30), default=y)
    top = max(y + 14, below + 10)
    if top + high > area.y + area.h - 6:
        top = max(above - 14 - high, 0.0)
    start = (edge + (4 if right else -4), top + 7)
    return Note(lines, edge, top, "end" if right else "start", start, (x + (-7 if right else 7), y + 3))
