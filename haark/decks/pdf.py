"""Outline to PDF with WeasyPrint: tagged (PDF/UA-1), with bookmarks, metadata, language and embedded fonts.

The style sheet and one font configuration are made once per process (`warm`) and reused: together with static fonts
this halves a rendering. Nothing is ever fetched: the only addresses answered are the fonts in memory and `data:`.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import functools
import gc
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import jinja2
from markupsafe import Markup, escape

from haark.charts import num
from haark.decks import svg
from haark.decks.compose import compose
from haark.decks.outline import Deck
from haark.decks.shapes import PAD, BarCell, ChartShape, Page, Para, Picture, Shape, Waves
from haark.decks.telling import Tell, untold
from haark.decks.theme import TONES, Theme, theme
from haark.decks.waves import CANVAS, path, waves

if TYPE_CHECKING:
    import weasyprint

ROOT = Path(__file__).resolve().parents[2]
FONTS = ("text-400", "text-500", "text-600", "display-500", "display-600")
TIGHT = -0.03
DOT = "position:relative;padding-left:14pt"
FAMILIES = {weight: f'font-family="HD{weight // 100}, sans-serif"' for weight in (400, 500, 600)}
SHAPES = {
    "circle": '<circle cx="6" cy="6" r="5" fill="{}"/>',
    "diamond": '<path d="M6 0.4 11.6 6 6 11.6 0.4 6z" fill="{}"/>',
    "triangle": '<path d="M0.4 1.2h11.2L6 11.4z" fill="{}"/>',
    "square": '<rect x="1" y="1" width="10" height="10" rx="2" fill="{}"/>',
}
_lock = threading.Lock()


def render_pdf(deck: Deck, told: Tell = untold) -> bytes:
    """The visible slides as PDF; `told` hears of each page laid out and then of each page drawn.

    The same outline gives the same bytes.
    """
    press, (source, looks) = warm(), document(deck)
    with _lock, _without_pauses():  # one font configuration serves all; fontconfig is not thread-safe
        return press.html(source, looks, theme(deck.brand), told)


@contextlib.contextmanager
def _without_pauses() -> Iterator[None]:
    """No garbage collection while a document is laid out: nothing it holds could go yet."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


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


class Press:
    """WeasyPrint with its parsed style sheet, fonts and a fetcher that reaches nothing."""

    def __init__(self) -> None:
        import weasyprint  # a second of import that pages must not pay
        from weasyprint.text.fonts import FontConfiguration

        self._html = _parsed(weasyprint.HTML)
        self._css = weasyprint.CSS
        self._fetcher = _fetcher()
        self._fonts = FontConfiguration()
        sheet = (ROOT / "templates/decks/deck.css").read_text(encoding="utf-8")
        self._sheet = self._css(string=sheet, font_config=self._fonts, url_fetcher=self._fetcher)
        self._brands: dict[Theme, Any] = {}

    def html(self, source: str, looks: str, colors: Theme, told: Tell) -> bytes:
        """`source` printed with the deck's style sheet, its own looks and the states' colours."""
        page = self._html(source, self._fetcher)
        own = self._css(string=looks, font_config=self._fonts, url_fetcher=self._fetcher)
        sheets = [self._sheet, self._states(colors), own]
        with _layout(told, source.count("<section")):
            laid_out = page.render(font_config=self._fonts, stylesheets=sheets, pdf_variant="pdf/ua-1")
        _listen(laid_out.pages, told)
        return laid_out.write_pdf(pdf_variant="pdf/ua-1", finisher=_scopes)

    def _states(self, colors: Theme) -> Any:
        if colors not in self._brands:
            if len(self._brands) > 50:
                self._brands.clear()
            self._brands[colors] = self._css(string=_states(colors), font_config=self._fonts, url_fetcher=self._fetcher)
        return self._brands[colors]


@contextlib.contextmanager
def _layout(told: Tell, total: int) -> Iterator[None]:
    """WeasyPrint tells of each page it begins to lay out through a logger of its own."""

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "layout - Page" in record.msg and isinstance(record.args, tuple):
                told("layout", min(int(str(record.args[0])) - 1, total), total)

    log, ear = logging.getLogger("weasyprint.progress"), Ear()
    before = log.level, log.propagate
    log.addHandler(ear)
    log.propagate = False
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(ear)
        log.propagate = before[1]
        log.setLevel(before[0])


def _listen(pages: Sequence[Any], told: Tell) -> None:
    """Each page tells when it was drawn."""

    def drawn(paint: Callable[..., None], done: int, *rest: Any) -> None:
        paint(*rest)
        told("draw", done, len(pages))

    for done, page in enumerate(pages, start=1):
        page.paint = functools.partial(drawn, page.paint, done)


def _parsed(html: type) -> type:
    """WeasyPrint's HTML reading our own well-formed markup with the C parser: a tenth of a rendering less."""
    import cssselect2

    class Parsed(html):
        def __init__(self, source: str, fetcher: Any) -> None:
            root = ElementTree.fromstring(source)  # noqa: S314 - written by our own template, without a doctype
            self.base_url, self.url_fetcher, self.media_type = None, fetcher, "print"
            self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

    return Parsed


def _fetcher() -> weasyprint.urls.URLFetcher:
    """Answers the fonts from memory and `data:` addresses; everything else, `file:` first of all, is refused."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    fonts = {f"asset:{name}.ttf": (ROOT / f"static/fonts/deck/{name}.ttf").read_bytes() for name in FONTS}

    class Closed(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url in fonts:
                return URLFetcherResponse(url, fonts[url], {"Content-Type": "font/ttf"})
            return super().fetch(url, headers)

    return Closed(allowed_protocols={"data"}, allow_redirects=False)


def _scopes(document: Any, pdf: Any) -> None:
    """Table headings get the scope that PDF/UA asks for and WeasyPrint 70 leaves out."""
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("S") == "/TH":
            thing["A"]["Scope"] = "/Column"


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
