"""The drawings of the score's page: how it got from one score to the next, and where it stood over time."""

from collections.abc import Callable, Sequence
from datetime import date

from markupsafe import Markup, escape

from haark.charts import num
from haark.health.rules import GREEN_FROM, YELLOW_FROM, band_of

TONES = {"green": "fo", "yellow": "fw", "red": "fb", "": "x4"}
WIDTH, LEFT, TOP, BASE = 430, 34, 36, 168
BAR, SLOT = 44, 66


def waterfall(
    before: tuple[str, int],
    steps: Sequence[tuple[str, float]],
    now: tuple[str, int],
    title: str,
    fmt: Callable[[float], str],
) -> Markup:
    """From one score to another in steps that add up: (label, points) each; `fmt` words the signed points of a step."""
    levels = [float(before[1])]
    for _, points in steps:
        levels.append(levels[-1] + points)
    low = max(0, (min(*levels, now[1]) - 5) // 10 * 10)
    high = min(100, -(-max(*levels, now[1]) // 10) * 10) or 10

    def y(value: float) -> float:
        return BASE - (value - low) * (BASE - TOP) / (high - low)

    body = ""
    for mark in range(int(low), int(high) + 1, 10 if high - low <= 50 else 20):
        body += f'<path class="gr" d="M{LEFT},{num(y(mark))}H{WIDTH}"/>'
        body += f'<text x="{LEFT - 8}" y="{num(y(mark) + 4)}" text-anchor="end">{mark}</text>'
    if low <= GREEN_FROM <= high:
        body += f'<path class="mk thr" d="M{LEFT},{num(y(GREEN_FROM))}H{WIDTH}"/>'
    body += _bar(0, y(before[1]), BASE, "x4", str(before[1]), before[0], 0)
    for index, (label, points) in enumerate(steps):
        top, bottom = sorted((y(levels[index]), y(levels[index + 1])))
        shade = "fo" if points > 0 else "fb" if points < 0 else "x4"
        body += _bar(index + 1, top, max(bottom, top + 2), shade, fmt(points), label, (index + 1) % 2)
    last = len(steps) + 1
    return _drawn(
        body + _bar(last, y(now[1]), BASE, TONES[band_of(now[1])], str(now[1]), now[0], last % 2), title, WIDTH, 208
    )


def _bar(index: int, top: float, bottom: float, shade: str, value: str, label: str, lower: int) -> str:
    x = LEFT + 8 + SLOT * index
    middle = x + BAR // 2
    return (
        f'<rect class="{shade}" x="{x}" y="{num(top)}" width="{BAR}" height="{num(bottom - top)}" rx="2"/>'
        f'<text class="b" x="{middle}" y="{num(top - 7)}" text-anchor="middle">{escape(value)}</text>'
        f'<text x="{middle}" y="{BASE + 20 + 14 * lower}" text-anchor="middle">{escape(label)}</text>'
    )


def evolution(
    scores: Sequence[tuple[date, int | None]], start: date, end: date, title: str, labels: Sequence[tuple[date, str]]
) -> Markup:
    """Scores over a period against the three bands; a day without a score is a gap. `labels` are words on the axis."""
    wide, tall, left, top = 640, 200, 34, 8
    floor = tall - 24
    length = max((end - start).days, 1)

    def x(day: date) -> float:
        return left + (wide - left - 8) * (day - start).days / length

    def y(score: float) -> float:
        return floor - score * (floor - top) / 100

    body = ""
    for shade, low, high in (("zb", 0, YELLOW_FROM), ("zw", YELLOW_FROM, GREEN_FROM), ("zo", GREEN_FROM, 100)):
        size = f'width="{wide - left - 8}" height="{num(y(low) - y(high))}"'
        body += f'<rect class="{shade}" x="{left}" y="{num(y(high))}" {size}/>'
    for mark in (0, YELLOW_FROM, GREEN_FROM, 100):
        body += f'<text x="{left - 8}" y="{num(y(mark) + 4)}" text-anchor="end">{mark}</text>'
    runs: list[list[str]] = [[]]
    for day, score in scores:
        if score is None:
            runs.append([])
        else:
            runs[-1].append(f"{num(x(day))},{num(y(score))}")
    body += f'<path class="ln" d="{" ".join("M" + " ".join(run) for run in runs if run)}"/>'
    for run in runs:
        if run:
            cx, cy = run[-1].split(",")
            body += f'<circle class="pt" cx="{cx}" cy="{cy}" r="4"/>'
    for index, (day, words) in enumerate(labels):
        anchor = "start" if not index else "end" if index == len(labels) - 1 else "middle"
        body += f'<text x="{num(x(day))}" y="{tall - 6}" text-anchor="{anchor}">{escape(words)}</text>'
    return _drawn(body, title, wide, tall)


def _drawn(body: str, title: str, wide: int, tall: int) -> Markup:
    head = f'<svg class="ch" viewBox="0 0 {wide} {tall}" role="img"><title>{escape(title)}</title>'
    return Markup(f"{head}{body}</svg>")  # noqa: S704 - every text inside was escaped where it was written
