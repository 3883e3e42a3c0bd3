"""The drawings of a backtest: AUC with its interval, calibration, lift. Numbers in, SVG markup out (see charts.py)."""

from collections.abc import Sequence
from math import ceil, sqrt

from markupsafe import Markup, escape

from haark.charts import num

# A probability scale that ends at the largest thing shown, in steps of a fifth.
STEP = 0.2


def interval(value: float, low: float, high: float, title: str, left: str, right: str) -> Markup:
    """A value with its interval on a scale from 0.5 to 1; below 0.5 it stands at the left end."""

    def x(share: float) -> float:
        return 320 * min(max(2 * share - 1, 0), 1)

    a, b = num(x(low)), num(x(high))
    body = '<rect class="bx" x="0" y="10" width="320" height="8" rx="4"/>'
    body += f'<path class="ci s1" d="M{a},14H{b}M{a},7v14M{b},7v14"/>'
    body += f'<circle class="x1" cx="{num(x(value))}" cy="14" r="6"/>'
    body += f'<text x="0" y="40">{escape(left)}</text><text x="320" y="40" text-anchor="end">{escape(right)}</text>'
    return _drawing("ch", 320, 46, title, body)


def calibration(
    points: Sequence[tuple[float, float, float, float, int]], title: str, caption: str, words: Sequence[str]
) -> Markup:
    """Points of (predicted, observed, low, high, accounts) with the diagonal on which a true forecast lies.

    `words` are the axis labels for 0, 20, 40 … percent; the area of a point grows with its accounts.
    """
    shown = max((max(point[0], point[3]) for point in points), default=0.0)
    top = STEP * min(max(ceil(round(shown / STEP, 6)), 2), len(words) - 1)
    most_accounts = max((n for *_, n in points), default=1)

    def x(share: float) -> float:
        return 44 + 248 * min(share / top, 1)

    def y(share: float) -> float:
        return 220 - 200 * min(share / top, 1)

    body = ""
    for step in range(round(top / STEP) + 1):
        at, word = step * STEP, escape(words[step])
        body += f'<path class="gr" d="M44,{num(y(at))}H292"/>'
        body += f'<text x="36" y="{num(y(at) + 4)}" text-anchor="end">{word}</text>'
        body += f'<text x="{num(x(at))}" y="238" text-anchor="middle">{word}</text>'
    body += '<path class="ln l2" d="M44,220L292,20"/>'
    for predicted, observed, low, high, accounts in points:
        body += f'<path class="ci s4" d="M{num(x(predicted))},{num(y(low))}V{num(y(high))}"/>'
        size = num(3 + 5 * sqrt(accounts / most_accounts))
        body += f'<circle class="x1" cx="{num(x(predicted))}" cy="{num(y(observed))}" r="{size}"/>'
    body += f'<text x="168" y="258" text-anchor="middle">{escape(caption)}</text>'
    return _drawing("ch", 300, 262, title, body)


def lift(rows: Sequence[tuple[str, float, str, str]], title: str, mean: str) -> Markup:
    """Bars of (label, lift, its words, what stands at the right) with the mean, 1, as a line."""
    most = max(2.0, *(value for _, value, _, _ in rows))
    unit = 66 / most
    body = f'<path class="mk dash lt" d="M{num(150 + unit)},0V{38 * len(rows) + 6}"/>'
    body += f'<text x="{num(154 + unit)}" y="{38 * len(rows) + 20}">{escape(mean)}</text>'
    for index, (label, value, words, right) in enumerate(rows):
        y = 38 * index
        wide = max(unit * value, 2)
        shade = "x1" if value >= 1 else "x4"
        body += f'<text x="0" y="{y + 22}">{escape(label)}</text>'
        body += f'<rect class="{shade}" x="150" y="{y + 8}" width="{num(wide)}" height="20" rx="3"/>'
        body += f'<text class="b halo" x="{num(154 + max(wide, unit))}" y="{y + 22}">{escape(words)}</text>'
        body += f'<text x="320" y="{y + 22}" text-anchor="end">{escape(right)}</text>'
    return _drawing("ch", 320, 38 * len(rows) + 24, title, body)


def strip(groups: Sequence[tuple[int, str]], title: str) -> Markup:
    """One tile for each, in groups of (how many, class); the tiles get narrower the more there are."""
    count = sum(size for size, _ in groups)
    pitch = min(304 / max(count, 1), 16)
    # Below three units a gap would eat the tile.
    tile, corner = (pitch * 0.76, 2) if pitch > 3 else (pitch, 0)
    body, at = "", 0.0
    for size, shade in groups:
        for _ in range(size):
            size_of = f'width="{tile:.2f}" height="20" rx="{corner}"'
            body += f'<rect class="{escape(shade)}" x="{at:.2f}" y="3" {size_of}/>'
            at += pitch
    return _drawing("redd", 304, 26, title, body)


def _drawing(classes: str, width: int, height: int, title: str, body: str) -> Markup:
    head = f'<svg class="{classes}" viewBox="0 0 {width} {height}" role="img"><title>{escape(title)}</title>'
    return Markup(head + body + "</svg>")  # noqa: S704 - every text inside was escaped where it was written
