"""Outline to PDF: tagged (PDF/UA-1), with bookmarks, metadata, language and embedded fonts.

What is printed is written here, press.py prints it. The press is made once per process (`warm`) and reused: together
with static fonts this halves a rendering.
"""

from __future__ import annotations

import atexit
import base64
import functools
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from haark.charts import num
from haark.decks import svg
from haark.decks.compose import compose
from haark.decks.outline import Deck
from haark.decks.press import Press
from haark.decks.shapes import PAD, BarCell, ChartShape, Page, Para, Picture, Shape, Waves
from haark.decks.telling import Tell, untold
from haark.decks.theme import TONES, Theme, theme
from haark.decks.waves import CANVAS, path, waves

ROOT = Path(__file__).resolve().parents[2]
TIGHT = -0.03
DOT = "position:relative;padding-left:14pt"
FAMILIES = {weight: f'font-family="HD{weight // 100}, sans-serif"' for weight in (400, 500, 600)}
SHAPES = {
    "circle": '<circle cx="6" cy="6" r="5" fill="{}"/>',
    "diamond": '<path d="M6 0.4 11.6 6 6 11.6 0.4 6z" fill="{}"/>',
    "triangle": '<path d="M0.4 1.2h11.2L6 11.4z" fill="{}"/>',
    "square": '<rect x="1" y="1" width="10" height="10" rx="2" fill="{}"/>',
}


def render_pdf(deck: Deck, told: Tell = untold) -> bytes:
    """The visible slides as PDF; `told` hears of each page laid out and then of each page drawn.

    The same outline gives the same bytes.
    """
    press, (source, looks) = warm(), document(deck)
    return press.html(source, _states(theme(deck.brand)), looks, told)


def document(deck: Deck) -> tuple[str, str]:
    """The HTML that is printed and the style sheet of its looks; never served to a browser."""
    deck, pages = compose(deck)
    colors = theme(deck.brand)
    pen = svg.Pen(colors, deck.language, FAMILIES)
    looks = Looks()
    subject = " ".join(part for part in (deck.kind_label, deck.period_label, deck.client) if part)
    source = _template().render(
        deck=deck,
        pages=pages,
        subject=subject,
        look=looks.name,
        chart=functools.partial(svg.chart, pen=pen),
        progress=functools.partial(_progress, theme=colors),
    )
    return source, looks.sheet()


class Looks:
    """Classes for the looks of paragraphs: a few dozen rules instead of hundreds of inline styles to parse."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, para: Para, inset: float = 0.0) -> str:
        """The class of this paragraph's look."""
        rules = _look(para) + (f";padding-left:{_pt(inset)}" if inset else "")
        return self._names.setdefault(rules, f"k{len(self._names)}")

    def sheet(self) -> str:
        """The rules, stronger than those of elements."""
        rules = [f".a.{name},.a .{name}{{{look}}}" for look, name in self._names.items()]
        dots = [
            f".{name}::before{{content:'•';position:absolute;left:0}}"
            for look, name in self._names.items()
            if DOT in look
        ]
        return "".join(rules + dots)


@functools.cache
def warm() -> Press:
    """Loads WeasyPrint, fonts and style sheet; call it in a worker before it forks."""
    _template()
    atexit.register(warm.cache_clear)  # its fonts are released while the interpreter still can
    return Press()


def _states(colors: Theme) -> str:
    rules = []
    for kind in (*TONES, "neutral"):
        tone = colors.tone(kind)
        mark = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 12">{SHAPES[tone.shape].format(tone.fill)}</svg>'
        )
        rules.append(
            f".st.{kind}{{background-color:{tone.soft};color:{tone.text};background-image:url({_data(mark)})}}"
        )
    return "".join(rules)


def _data(drawing: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode("ascii")


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "templates/decks"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters.update(pt=_pt, num=num)
    environment.globals.update(place=_place, inset=_inset, kind_of=_kind, picture=_picture, ornament=_ornament)
    return environment.get_template("deck.html")


def _pt(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "pt"


def _kind(shape: Shape) -> str:
    return type(shape).__name__


def _place(shape: Any) -> str:
    box = shape.box
    top = box.y
    anchor = getattr(shape, "anchor", "top")
    if anchor != "top":
        top += (box.h - shape.height) / (2 if anchor == "middle" else 1)
    height = f";height:{_pt(box.h)}" if isinstance(shape, (ChartShape, Picture)) or _kind(shape) == "Rect" else ""
    return f"left:{_pt(box.x)};top:{_pt(top)};width:{_pt(box.w)}{height}"


def _look(para: Para) -> str:
    family = f"{'HX' if para.display else 'HD'}{para.weight // 100}"
    rules = [f"font:{para.size:g}pt/{para.leading:g} {family},sans-serif", f"color:{para.color}"]
    if para.align != "left":
        rules.append(f"text-align:{para.align}")
    if para.align == "right":  # figures below one another; elsewhere it would widen hyphens as well
        rules.append("font-variant-numeric:tabular-nums")
    if para.tracking:
        rules.append(f"letter-spacing:{para.tracking:g}em")
    if para.tracking < TIGHT:  # else «2 h» in large would read «2h»
        rules.append("word-spacing:0.08em")
    if para.gap:
        rules.append(f"padding-top:{_pt(para.gap)}")
    if para.bullet:
        rules.append(DOT)
    return ";".join(rules)


def _inset(points: float) -> str:
    return "i" if points else ""


def _progress(cell: BarCell, room: float, theme: Theme) -> Markup:
    wide = min(room - PAD, 135.0)
    filled = wide * min(max(cell.fraction or 0, 0), 1)
    body = svg.rect(0, 0, wide, 7.5, theme.track, 1.5)
    if cell.fraction is not None:
        body += svg.rect(0, 0, max(filled, 2.2), 7.5, theme.tone(cell.tone).fill, 1.5)
    size = f'width="{_pt(wide)}" height="7.5pt" viewBox="0 0 {num(wide)} 7.5"'
    title = escape(cell.label or "–")
    return Markup(f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{title}</title>{body}</svg>')  # noqa: S704 - escaped above


def _picture(shape: Picture) -> str:
    kind = "png" if shape.data[:4] == b"\x89PNG" else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(shape.data).decode('ascii')}"


def _ornament(page: Page) -> str:
    """The cover's curves as a background, which a screen reader rightly passes over."""
    found = next((shape for shape in page.shapes if isinstance(shape, Waves)), None)
    if found is None:
        return ""
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CANVAS[0]} {CANVAS[1]}">{curves(found.color)}</svg>'
    )
    return f";background-image:url({_data(drawing)});background-size:960pt 540pt"


def curves(color: str) -> str:
    """The ornament's paths."""
    return "".join(
        f'<path d="{path(wave)}" fill="none" stroke="{color}" stroke-opacity="{wave.opacity:.3f}" '
        f'stroke-width="{wave.width:.2f}"/>'
        for wave in waves()
    )
