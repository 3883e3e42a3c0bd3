"""Charts for pages: numbers in, SVG markup out.

Colours come from the page's style sheet through classes (`sp`, `ch`, `ga`, `meter`); nothing here carries a `style`
attribute, which the content security policy would drop. Every drawing is `role="img"` with a `<title>` that says what
it shows; one without a title decorates figures that stand beside it, and is hidden from screen readers. Unknown values
are None: a gap in a line, never a zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Values = Sequence[float | None]
# Twelve points then stand on whole coordinates, which keeps a list of fifty curves small.
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 50, 20, 3
MINIMUM_POINTS = 3
SMALLEST = 1e-6
"""A span below this is drawn as flat: no figure of ours is that fine."""


def num(value: float) -> str:
    """A coordinate with at most one decimal: «3», «0.5», never «.5» (which WeasyPrint misreads) nor «-0»."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round axis values that cover low..high in about `count` steps of 1, 2, 2.5 or 5 times a power of ten."""
    if high - low < SMALLEST:
        high = low + max(abs(high), 1.0)
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(index * step, 10) for index in range(first, max(last, first + 1) + 1)]


def segments(values: Values) -> list[list[tuple[int, float]]]:
    """Runs of known values with their indices: [5, None, 7] gives [[(0, 5)], [(2, 7)]]."""
    runs: list[list[tuple[int, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index, value))
    return [run for run in runs if run]


def trend(values: Values) -> str:
    """Class of a sparkline: «up», «dn», or "" when first and last known values are equal or fewer than two."""
    known = [value for value in values if value is not None]
    if len(known) < 2 or known[0] == known[-1]:
        return ""
    return "up" if known[-1] > known[0] else "dn"


def spark(values: Values, width: int = SPARK_WIDTH, height: int = SPARK_HEIGHT) -> str:
    """Path data of a sparkline, to be stored as text; "" below three known values (not enough history).

    Runs are separated by `M`, so `[1, 2, None, 3]` has a gap. A flat series runs through the middle.
    """
    known = [value for value in values if value is not None]
    if len(known) < MINIMUM_POINTS:
        return ""
    low, high = min(known), max(known)
    inner_width, inner_height = width - 2 * SPARK_MARGIN, height - 2 * SPARK_MARGIN

    def place(index: int, value: float) -> str:
        share = (value - low) / (high - low) if high > low else 0.5
        x = SPARK_MARGIN + inner_width * index / (len(values) - 1)
        return f"{num(x)},{num(height - SPARK_MARGIN - inner_height * share)}"

    return " ".join("M" + " ".join(place(*point) for point in run) for run in segments(values))


def sparkline(
    data: str,
    kind: str = "",
    label: str = "",
    width: int = SPARK_WIDTH,
    height: int = SPARK_HEIGHT,
    sized: bool = True,
) -> Markup:
    """Drawing of `spark`'s path data; `kind` is "up", "dn" or ""; empty markup for empty data. `sized` false: its place
    is as large as that, as in a long list whose style says so once."""
    if not data:
        return Markup("")
    runs = [_bends(run.split()) for run in data.split("M") if run.strip()]
    line = "".join(f"M{' '.join(run)}" for run in runs)
    fills = "".join(f"M{' '.join(run)}V{height}H{_x(run[0])}z" for run in runs if len(run) > 1)
    last_x, last_y = runs[-1][-1].split(",")
    body = f'<path class="f" d="{escape(fills)}"/><path d="{escape(line)}"/>'
    body += f'<circle cx="{escape(last_x)}" cy="{escape(last_y)}" r="2"/>'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"' if sized else ""
    return _svg(f"sp {kind}".strip(), size, label, body)


def gauge(score: float | None, band: str, label: str, caption: str = "", absent: str = "–") -> Markup:
    """Half-circle gauge of a 0-100 score with marks at 50 and 80.

    `band` is the class: "ok", "warn", "bad" (or "" when unknown); `label` is the sentence read aloud, `caption` the
    small line («sur 100»), `absent` what stands for an unknown score.
    """
    body = f'<path class="tr" d="{_arc(100)}"/>'
    if score is not None and score > 0:
        body += f'<path class="va" d="{_arc(min(score, 100))}"/>'
    for mark in (50, 80):
        inner, outer = _on_arc(mark, 54), _on_arc(mark, 66)
        body += f'<path class="tk" d="M{num(inner[0])},{num(inner[1])} L{num(outer[0])},{num(outer[1])}"/>'
    shown = absent if score is None else str(round(score))
    body += f'<text x="75" y="66">{escape(shown)}</text>'
    body += f'<text class="s" x="75" y="82">{escape(caption)}</text>' if caption else ""
    return _svg(f"ga {band}".strip(), 'width="132" viewBox="0 0 150 86"', label, body)


@dataclass(frozen=True)
class Frame:
    """Plot area of an `area` chart, in viewBox units; `fmt` words an axis value, `zero` starts the axis at zero."""

    width: int = 640
    height: int = 190
    left: int = 44
    zero: bool = True
    fmt: Callable[[float], str] = num


def area(
    labels: Sequence[str], values: Values, title: str, reference: Values | None = None, frame: Frame | None = None
) -> Markup:
    """Line with its surface, grid, axis words and a point on the last known value.

    `reference` is a second, dashed line (licences, a forecast). At most seven labels are written.
    """
    frame = frame or Frame()
    known = [value for value in (*values, *(reference or ())) if value is not None]
    if not known:
        return Markup("")
    steps = ticks(min(0.0, *known) if frame.zero else min(known), max(known) or 1.0)
    place = _placer(frame, steps, len(values))
    body = _grid(frame, steps)
    if reference:
        body += f'<path class="ln l2" d="{_line(reference, place)}"/>'
    body += f'<path class="ar" d="{_surface(values, place, frame)}"/><path class="ln" d="{_line(values, place)}"/>'
    runs = segments(values)
    if runs:
        x, y = place(*runs[-1][-1])
        body += f'<circle class="pt" cx="{num(x)}" cy="{num(y)}" r="4"/>'
    body += _labels(frame, labels)
    return _svg("ch", f'viewBox="0 0 {frame.width} {frame.height}"', title, body)


def bars(
    labels: Sequence[str], values: Values, title: str, fmt: Callable[[float], str] = num, highlight: int = -1
) -> Markup:
    """Vertical bars with their value on top; the `highlight`ed one (an index, -1 the last) is strong."""
    width, height, base = 320, 150, 126
    top = max((value for value in values if value is not None), default=0) or 1
    slot = width / max(len(values), 1)
    chosen = highlight % len(values) if values else 0
    body = f'<path class="gr" d="M0,{base}H{width}"/>'
    for index, (label, value) in enumerate(zip(labels, values, strict=True)):
        middle = num(slot * (index + 0.5))
        body += f'<text x="{middle}" y="144" text-anchor="middle">{escape(label)}</text>'
        if value is None:
            continue
        tall = max(value, 0) / top * 100
        shade = "x1" if index == chosen else "x4"
        body += f'<rect class="{shade}" x="{num(slot * (index + 0.16))}" y="{num(base - tall)}" '
        body += f'width="{num(slot * 0.68)}" height="{num(tall)}" rx="2"/>'
        body += (
            f'<text class="b" x="{middle}" y="{num(base - tall - 7)}" text-anchor="middle">{escape(fmt(value))}</text>'
        )
    return _svg("ch", f'viewBox="0 0 {width} {height}"', title, body)


@dataclass(frozen=True)
class Column:
    """A bar of `columns`: its value, the word on top, the two lines below, its class ("x1", "x4", "fw") and whether its
    first line is strong."""

    value: float
    top: str
    label: tuple[str, str]
    shade: str = "x4"
    strong: bool = False


def columns(bars: Sequence[Column], cap: float, title: str, fmt: Callable[[float], str] = num) -> Markup:
    """Vertical bars against a dashed `cap`, with an axis from zero to a little above the highest of both."""
    width, base, top, left = 520, 112, 28, 34
    highest = max(cap, *(bar.value for bar in bars)) or 1.0

    def y(value: float) -> str:
        return num(base - (base - top) * value / highest)

    body = ""
    for mark in (0.0, cap / 2, cap):
        body += f'<path class="gr" d="M{left},{y(mark)}H{width}"/>'
        body += f'<text x="{left - 6}" y="{num(float(y(mark)) + 4)}" text-anchor="end">{escape(fmt(mark))}</text>'
    body += f'<path class="mk dash" d="M{left},{y(cap)}H{width}"/>'
    slot = (width - left) / max(len(bars), 1)
    for index, bar in enumerate(bars):
        middle = num(left + slot * (index + 0.5))
        wide, tall = slot * 0.58, (base - top) * bar.value / highest
        if bar.value > 0:
            body += f'<rect class="{escape(bar.shade)}" x="{num(left + slot * 0.21 + slot * index)}" '
            body += f'y="{y(bar.value)}" width="{num(wide)}" height="{num(tall)}" rx="3"/>'
        body += f'<text class="b halo" x="{middle}" y="{num(float(y(bar.value)) - 6)}" '
        body += f'text-anchor="middle">{escape(bar.top)}</text>'
        strong = ' class="b"' if bar.strong else ""
        body += f'<text{strong} x="{middle}" y="130" text-anchor="middle">{escape(bar.label[0])}</text>'
        body += f'<text x="{middle}" y="145" text-anchor="middle">{escape(bar.label[1])}</text>'
    return _svg("ch", f'viewBox="0 0 {width} 150"', title, body)


def hbars(items: Iterable[tuple[str, float | None, str]], title: str, maximum: float | None = None) -> Markup:
    """Horizontal bars: (label, value, words shown); an unknown value keeps its label and an empty track."""
    rows = list(items)
    top = maximum or max((value for _, value, _ in rows if value is not None), default=0) or 1
    body = ""
    for index, (label, value, shown) in enumerate(rows):
        y = index * 30
        body += f'<text x="0" y="{y + 11}">{escape(label)}</text>'
        body += f'<text class="b" x="320" y="{y + 11}" text-anchor="end">{escape(shown)}</text>'
        body += f'<rect class="bx" y="{y + 17}" width="320" height="6" rx="3"/>'
        if value:
            long = min(max(value / top, 0), 1) * 320
            body += f'<rect class="x1" y="{y + 17}" width="{num(long)}" height="6" rx="3"/>'
    return _svg("ch", f'viewBox="0 0 320 {max(len(rows), 1) * 30}"', title, body)


def stacked(parts: Iterable[tuple[float, str]], title: str) -> Markup:
    """One bar cut into shares: (value, class) with class "x1", "x2", "x4", "fo", "fw" or "fb"."""
    shares = [(value, shade) for value, shade in parts if value > 0]
    total = sum(value for value, _ in shares)
    body, x = "", 0.0
    for value, shade in shares:
        long = 300 * value / total
        body += f'<rect class="{escape(shade)}" x="{num(x)}" width="{num(max(long - 2, 1))}" height="14" rx="3"/>'
        x += long
    return _svg("ch flat", 'viewBox="0 0 300 14" preserveAspectRatio="none" height="14"', title, body)


def meter(percent: float | None, kind: str, label: str) -> Markup:
    """Thin bar filled to `percent` (0-100, clipped; None is an empty bar); `kind` is "ok", "warn", "bad" or ""."""
    filled = min(max(percent or 0, 0), 100)
    body = f'<rect width="{num(filled)}%" height="100%" rx="3"/>' if filled else ""
    return _svg(f"meter {kind}".strip(), "", label, body)


def bullet(
    value: float | None, target: float, alert: float, axis: tuple[float, float], tone: str, title: str
) -> Markup:
    """A value against its target (a mark) and its alert (where the red zone ends), on an axis from..to; clipped to it.

    `tone`: "fo", "fw" or "fb". An unknown value has no bar.
    """

    def at(point: float) -> float:
        return 240 * min(max((point - axis[0]) / (axis[1] - axis[0]), 0.0), 1.0)

    low, goal = at(alert), at(target)
    body = (
        f'<rect class="zb" y="5" width="{num(low)}" height="14" rx="3"/>'
        f'<rect class="zw" x="{num(low)}" y="5" width="{num(goal - low)}" height="14"/>'
        f'<rect class="zo" x="{num(goal)}" y="5" width="{num(240 - goal)}" height="14" rx="2"/>'
    )
    if value is not None:
        body += f'<rect class="{escape(tone)}" y="9" width="{num(at(value))}" height="6" rx="2"/>'
    body += f'<path class="mk" d="M{num(min(goal, 239))},2V22"/>'
    return _svg("ch", 'viewBox="0 0 240 24"', title, body)


def _svg(classes: str, attributes: str, title: str, body: str) -> Markup:
    named = f"<title>{escape(title)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    head = f'<svg class="{escape(classes)}" {attributes} {role}>'.replace("  ", " ")
    return Markup(head + named + body + "</svg>")  # noqa: S704 - every text inside was escaped where it was written


def _bends(points: Sequence[str]) -> list[str]:
    """The points without those inside of a level stretch, which draw nothing: an ARR stands still for months."""
    heights = [point.rpartition(",")[2] for point in points]
    inner = zip(points[1:-1], heights, heights[1:], heights[2:], strict=False)
    kept = [point for point, before, here, after in inner if not before == here == after]
    return [points[0], *kept, *points[-1:]] if len(points) > 1 else list(points)


def _x(point: str) -> str:
    return point.split(",")[0]


def _on_arc(score: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - score / 100)
    return 75 + radius * math.cos(angle), 72 - radius * math.sin(angle)


def _arc(score: float) -> str:
    x, y = _on_arc(score, 60)
    return f"M15,72 A60,60 0 0 1 {num(x)},{num(y)}"


Place = Callable[[int, float], tuple[float, float]]
TOP, BOTTOM, RIGHT = 10, 24, 8


def _placer(frame: Frame, steps: list[float], count: int) -> Place:
    wide, tall = frame.width - frame.left - RIGHT, frame.height - TOP - BOTTOM

    def place(index: int, value: float) -> tuple[float, float]:
        share = (value - steps[0]) / (steps[-1] - steps[0])
        return frame.left + wide * index / max(count - 1, 1), TOP + tall * (1 - share)

    return place


def _grid(frame: Frame, steps: list[float]) -> str:
    place, body = _placer(frame, steps, 1), ""
    for step in steps:
        y = place(0, step)[1]
        body += f'<path class="gr" d="M{frame.left},{num(y)}H{frame.width - RIGHT}"/>'
        body += f'<text x="{frame.left - 8}" y="{num(y + 4)}" text-anchor="end">{escape(frame.fmt(step))}</text>'
    return body


def _line(values: Values, place: Place) -> str:
    return " ".join("M" + " ".join(_pair(place(*point)) for point in run) for run in segments(values))


def _surface(values: Values, place: Place, frame: Frame) -> str:
    floor, shapes = num(frame.height - BOTTOM), []
    for run in segments(values):
        points = [place(*point) for point in run]
        line = " ".join(_pair(point) for point in points)
        shapes.append(f"M{line} {num(points[-1][0])},{floor} {num(points[0][0])},{floor}z")
    return " ".join(shapes)


def _pair(point: tuple[float, float]) -> str:
    return f"{num(point[0])},{num(point[1])}"


def _labels(frame: Frame, labels: Sequence[str]) -> str:
    last, stride, body = len(labels) - 1, math.ceil(len(labels) / 7), ""
    wide = frame.width - frame.left - RIGHT
    for index, label in enumerate(labels):
        crowded = last - index < stride and index != last and index % stride == 0 and stride > 2
        if (index % stride and index != last) or crowded:
            continue
        anchor = "start" if index == 0 else "end" if index == last else "middle"
        x = frame.left + wide * index / max(last, 1)
        body += f'<text x="{num(x)}" y="{frame.height - 6}" text-anchor="{anchor}">{escape(label)}</text>'
    return body
