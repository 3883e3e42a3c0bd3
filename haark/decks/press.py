"""WeasyPrint as we use it: loaded once with our style sheet and fonts, reaching nothing, telling how far it is."""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from haark import collector
from haark.decks.telling import Tell

if TYPE_CHECKING:
    import weasyprint

ROOT = Path(__file__).resolve().parents[2]
FONTS = ("text-400", "text-500", "text-600", "display-500", "display-600")
_lock = threading.Lock()


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
        self._sheet = self._read(sheet)
        self._brands: dict[str, Any] = {}

    def html(self, source: str, states: str, looks: str, told: Tell) -> bytes:
        """`source` printed with the deck's style sheet, the states' colours and the looks of its own paragraphs."""
        with _lock, collector.paused():  # one font configuration serves all; fontconfig is not thread-safe
            page = self._html(source, self._fetcher)
            sheets = [self._sheet, self._brand(states), self._read(looks)]
            with _layout(told, source.count("<section")):
                laid_out = page.render(font_config=self._fonts, stylesheets=sheets, pdf_variant="pdf/ua-1")
            _listen(laid_out.pages, told)
            return laid_out.write_pdf(pdf_variant="pdf/ua-1", finisher=_scopes)

    def _brand(self, states: str) -> Any:
        if states not in self._brands:
            if len(self._brands) > 50:
                self._brands.clear()
            self._brands[states] = self._read(states)
        return self._brands[states]

    def _read(self, sheet: str) -> Any:
        return self._css(string=sheet, font_config=self._fonts, url_fetcher=self._fetcher)


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
