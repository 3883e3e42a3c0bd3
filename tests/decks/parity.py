"""Whether the outputs of one deck say the same: words page by page, and every text and figure of the outline."""

import re
from collections.abc import Iterator

from haark.decks.clean import outline as cleaned
from tests.decks import reading


def differences(deck, pages: list[set[str]], packed: bytes, drawn: str, written: str) -> list[str]:
    """How PowerPoint (`packed`), screen (`drawn`) and Markdown (`written`) differ from the words of the PDF's pages."""
    slides = [reading.slide_words(slide, deck.language) for slide in reading.presentation(packed).slides]
    shown = screens(drawn)
    found = [f"{len(pages)} pages, {len(slides)} slides, {len(shown)} screens"]
    if not len(pages) == len(slides) == len(shown):
        return found
    found = []
    for number, (page, slide, screen) in enumerate(zip(pages, slides, shown, strict=True), start=1):
        if page != slide:
            found.append(f"page {number}: only in the PDF {sorted(page - slide)}, in PowerPoint {sorted(slide - page)}")
        if page != screen:
            found.append(f"page {number}: only in the PDF {sorted(page - screen)}, on screen {sorted(screen - page)}")
    return found + [f"not in Markdown: {text}" for text in missing(deck, written)]


def screens(drawn: str) -> list[set[str]]:
    """Words of each drawing, without the titles that only a screen reader speaks."""
    drawn = re.sub(r"</text>", " ", re.sub(r"<title>.*?</title>", "", drawn))
    return [reading.words(_plain(re.sub(r"<[^>]*>", "", page))) for page in drawn.split("</svg>")[:-1]]


def _plain(text: str) -> str:
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def missing(deck, written: str) -> Iterator[str]:
    """Texts and figures of the outline that Markdown lacks."""
    plain = written.replace("\\", "")
    for slide in cleaned(deck, deck.language).visible():
        for shown in displays(slide):
            if " ".join(shown.split("\n")).replace("\\", "") not in plain:
                yield shown


def displays(value) -> Iterator[str]:
    """Every text and every displayed figure below `value`, but for keys, alternative texts and kinds."""
    if isinstance(value, tuple):
        for item in value:
            yield from displays(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            if name not in ("key", "alt", "tone", "state", "align"):
                yield from displays(getattr(value, name))
    elif isinstance(value, str) and value:
        yield value
