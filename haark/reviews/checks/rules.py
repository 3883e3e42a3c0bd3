"""What is worth a look before a deck is shared (DK-8, DK-6). Pure: a composed review in, what was found out.

Nothing here forbids anything: each finding names the slide, the text and how grave it is; people decide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from haark.comments import inside as words
from haark.decks import theme as colours
from haark.decks.outline import Bars, Brand, LineChart, Metrics, Waterfall
from haark.reviews import figures
from haark.reviews.assembly import Book, Page
from haark.reviews.checks import measure

SEVERITIES = ("high", "medium", "low")
SEVERITY: Mapping[str, str] = {
    "internal_word": "high",
    "internal_figure": "high",
    "internal_shown": "high",
    "permission": "high",
    "claim": "high",
    "alt": "high",
    "source": "medium",
    "overflow": "medium",
    "uninvited": "medium",
    "incomplete": "low",
    "empty": "low",
    "continued": "low",
    "logo": "low",
    "contrast": "low",
    "nobody": "low",
}
OURS = ("health.score", "arr.end")
CHARTS = (Metrics, LineChart, Bars, Waterfall)
LEGIBLE = 4.5


@dataclass(frozen=True)
class Found:
    """`kind` is one of SEVERITY. `slide` and `spot`, a text's name, say where ("" the deck as a whole); `quote` what
    stands there.

    `values` fill the sentence of the kind.
    """

    kind: str
    slide: str = ""
    spot: str = ""
    quote: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        return SEVERITY[self.kind]


@dataclass(frozen=True)
class Around:
    """What the database knows besides the deck. `uninvited`: names of chosen participants without an invitation;
    `scheduled`: the meeting has an hour; `refused`: ids of stories that may not be told by name (any more)."""

    logo: bool = True
    scheduled: bool = False
    chosen: int = 0
    uninvited: tuple[str, ...] = ()
    refused: frozenset[int] = frozenset()


def findings(book: Book, edition: str, around: Around, *, allowed: bool) -> list[Found]:
    """Everything found, the gravest first, then in the order of the slides. `allowed`: internal content may go out."""
    shown = [page for page in book.pages if not page.place.hidden]
    told = [one for page in shown for one in _page(book, page, edition, around, allowed=allowed)]
    told += _whole(book, around)
    order = {page.key: page.number for page in book.pages}
    return sorted(told, key=lambda one: (SEVERITIES.index(one.severity), order.get(one.slide, 999)))


def _page(book: Book, page: Page, edition: str, around: Around, *, allowed: bool) -> Iterator[Found]:
    inside = page.draft.slide.internal
    if not page.draft.filled:
        if not inside:
            yield Found("empty", page.key, values={"gap": page.draft.gaps[0] if page.draft.gaps else ""})
        return
    if inside and not (edition == "client" and allowed):
        return  # for our own eyes, and only there
    yield from _gaps(page)
    yield from _source(page)
    yield from _overflow(book, page)
    yield from _claims(book, page)
    if page.place.kind == "story" and page.place.data.get("story_id") in around.refused:
        yield Found(
            "permission", page.key, "who", str(page.place.data.get("client") or page.place.data.get("speaker") or "")
        )
    if edition == "client":
        if inside:
            yield Found("internal_shown", page.key)
        elif not allowed:
            yield from _internal(book, page)


def _gaps(page: Page) -> Iterator[Found]:
    for gap in page.draft.gaps:
        kind = {"own_alt": "alt", "own_source": "source"}.get(gap, "incomplete")
        spot = {"own_alt": "alt"}.get(gap, "")
        yield Found(kind, page.key, spot, values={"gap": gap})


def _source(page: Page) -> Iterator[Found]:
    """Figures that do not say where they come from (DK-3)."""
    slide = page.slide
    if slide.source.strip() or "own_source" in page.draft.gaps:
        return
    drawn = any(isinstance(block, CHARTS) for block in (*slide.blocks, *slide.aside))
    typed = page.place.kind == "table" and any(char.isdigit() for char in str(page.place.data.get("rows")))
    if drawn or typed:
        yield Found("source", page.key, "source", values={"gap": ""})


def _overflow(book: Book, page: Page) -> Iterator[Found]:
    fitted = measure.slide(book.deck, page.slide)
    for text in fitted.cut[:1]:
        name = next((one.name for one in page.draft.fields if text in one.current), "")
        yield Found("overflow", page.key, name, words.shorten(text))
    if fitted.pages > 1:
        yield Found("continued", page.key, values={"n": fitted.pages})


def _claims(book: Book, page: Page) -> Iterator[Found]:
    """A person's sentence that states a gain nobody at the client confirmed."""
    gain, roi = book.figures.get("value.gain"), book.figures.get("value.roi")
    if gain is None or _confirmed(book, gain.override is not None):
        return
    language, currency = book.material.language, str(book.material.facts["account"]["currency"])
    known = [figures.show(one, language, currency) for one in (gain, roi) if one is not None and one.value is not None]
    digits = [words.fold(text).replace(" ", "") for text in known]
    for item, sentence in _written(page):
        plain = words.fold(sentence).replace(" ", "")
        if any(text in plain for text in digits) and words.found(sentence, "estimate", language) is None:
            yield Found("claim", page.key, item, words.shorten(sentence))
            return


def _confirmed(book: Book, replaced: bool) -> bool:
    lines = (book.material.facts["roi"] or {}).get("lines") or []
    return bool(lines) and not replaced and all(line.get("confirmed_on") for line in lines)


def _internal(book: Book, page: Page) -> Iterator[Found]:
    """Words and figures of ours on what the client gets: one finding a text."""
    language = book.material.language
    client = str(book.material.facts["account"]["name"])
    for item in page.draft.fields:
        hit = words.found(item.current.replace(client, ""), "internal", language)
        if hit:
            yield Found("internal_word", page.key, item.name, hit[1], {"word": hit[0]})
    names = {item.current for item in page.draft.fields}
    for text in measure.texts(page.slide):
        if text in names or any(text in name for name in names):
            continue
        hit = words.found(text.replace(client, ""), "internal", language)
        if hit:
            yield Found("internal_word", page.key, "", hit[1], {"word": hit[0]})
    own = [key for key in page.draft.figures if key in OURS]
    if own or page.place.data.get("series") == "arr":
        yield Found("internal_figure", page.key, values={"figure": own[0] if own else "arr.end"})
        return
    yield from _revenue(book, page)


def _revenue(book: Book, page: Page) -> Iterator[Found]:
    """The account's ARR in a person's own words; what Haark composes never holds it."""
    figure = book.figures.get("arr.end")
    if figure is None or not figure.value:
        return
    currency = str(book.material.facts["account"]["currency"])
    amount = words.fold(figures.show(figure, book.material.language, currency)).replace(" ", "")
    for item, sentence in _written(page):
        if amount in words.fold(sentence).replace(" ", ""):
            yield Found("internal_figure", page.key, item, words.shorten(sentence), {"figure": "arr.end"})
            return


def _written(page: Page) -> Iterator[tuple[str, str]]:
    """What a person wrote on a slide, sentence by sentence, with the field it stands in."""
    own = page.place.kind not in ("", "copy")
    for item in page.draft.fields:
        if item.edit is not None or (own and item.name != "source"):
            for sentence in words.SENTENCE.split(item.current):
                yield item.name, sentence


def _whole(book: Book, around: Around) -> Iterator[Found]:
    if not around.logo:
        yield Found("logo")
    yield from _contrast(book.deck.brand)
    if around.scheduled and not around.chosen:
        yield Found("nobody")
    elif around.scheduled and around.uninvited:
        yield Found("uninvited", quote=", ".join(around.uninvited), values={"n": len(around.uninvited)})


def _contrast(brand: Brand) -> Iterator[Found]:
    """Brand colours that words could not be read in: the deck darkens them, which the brand may not like (4.5:1)."""
    for name in ("primary", "secondary"):
        ratio = colours.contrast(colours.WHITE, getattr(brand, name))
        if ratio < LEGIBLE:
            yield Found("contrast", values={"colour": name, "ratio": round(ratio, 1)})
