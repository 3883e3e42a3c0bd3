"""A drawing of a layout: page, what the template draws, title, footer, and where Haark's blocks go."""

from markupsafe import Markup, escape

from haark.charts import num
from haark.decks.corporate import Holder, Layout, Report
from haark.decks.corporate.colours import primary
from haark.decks.corporate.cover import subtitle_of
from haark.decks.corporate.frame import stage
from haark.decks.shapes import Box
from haark.decks.theme import on_ground


def sketch(report: Report, layout: Layout, label: str, *, cover: bool, words: dict[str, str]) -> Markup:
    """An `<svg>` of presentation attributes only. `words`: title, subtitle, section, body, source, footer."""
    wide, high = report.width, report.height
    accent = primary(report.colors, layout.ground)
    colors = on_ground(accent, layout.ground, layout.ink)
    size = f'viewBox="0 0 {num(wide)} {num(high)}"'
    parts = [f'<rect width="{num(wide)}" height="{num(high)}" fill="{layout.ground}"/>']
    parts += [_rect(box, fill=colors.track, line=colors.line) for box in layout.fixed]
    title = layout.title
    if title is not None:
        parts.append(_named(title.box, words["title"], colors.ink, colors.ink3, high, strong=True))
    if cover:
        below = subtitle_of(layout)
        parts += [_named(below.box, words["subtitle"], colors.ink2, colors.ink3, high)] if below is not None else []
    elif layout.area is not None:
        parts += _body(report, layout, words, accent, colors.ink3)
    holders = [] if cover else [holder for form in ("ftr", "sldNum") if (holder := layout.holder(form)) is not None]
    parts += [_footer(holder, words, colors.ink3, high) for holder in holders]
    frame = f'<rect x="0" y="0" width="{num(wide)}" height="{num(high)}" fill="none" stroke="{colors.ink3}"'
    parts.append(f'{frame} stroke-width="{num(high / 135)}"/>')
    return Markup(f'<svg {size} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>')  # noqa: S704


def _body(report: Report, layout: Layout, words: dict[str, str], accent: str, line: str) -> list[str]:
    on = stage(layout, report)
    by, body, room = on.scale, on.body, on.room
    place = Box(body.x * by, body.y * by, body.w * by, body.h * by)
    source = Box(room.x * by, (room.y + room.h - 25) * by, room.w * by, 25 * by)
    parts = [_rect(place, fill=on.theme.tint, line=accent, dash=report.height / 60)]
    parts.append(
        _text(
            place.x + place.w / 2,
            place.y + place.h / 2,
            words["body"],
            report.height / 15,
            on.theme.brand_text,
            "middle",
        )
    )
    parts.append(_text(source.x, source.y + source.h * 0.6, words["source"], report.height / 26, line))
    if on.small is None:
        parts.append(_text(room.x * by, place.y - 7 * by, words["section"], report.height / 26, on.theme.accent))
    else:
        parts.append(_named(on.small.box, words["section"], on.theme.accent, line, report.height))
    return parts


def _footer(holder: Holder, words: dict[str, str], color: str, high: float) -> str:
    return _named(holder.box, "1" if holder.form == "sldNum" else words["footer"], color, color, high)


def _named(box: Box, text: str, color: str, line: str, high: float, *, strong: bool = False) -> str:
    size = min(high / (12 if strong else 20), box.h * 0.8)
    inside = _text(box.x + box.w / 2, box.y + box.h / 2 + size * 0.35, text, size, color, "middle", bold=strong)
    return _rect(box, line=line, dash=high / 90) + inside


def _rect(box: Box, *, fill: str = "none", line: str = "none", dash: float = 0.0) -> str:
    place = f'x="{num(box.x)}" y="{num(box.y)}" width="{num(max(box.w, 1))}" height="{num(max(box.h, 1))}"'
    dashes = f' stroke-dasharray="{num(dash)}"' if dash else ""
    return f'<rect {place} fill="{fill}" stroke="{line}" stroke-width="2"{dashes}/>'


def _text(x: float, y: float, text: str, size: float, color: str, anchor: str = "start", *, bold: bool = False) -> str:
    heavy = ' font-weight="600"' if bold else ""
    place = f'x="{num(x)}" y="{num(y)}" font-size="{num(size)}" fill="{color}" text-anchor="{anchor}"{heavy}'
    return f"<text {place}>{escape(text)}</text>"
