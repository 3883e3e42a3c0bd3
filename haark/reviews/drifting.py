"""Which figures two snapshots show differently, and where in the deck they stand (XB-4). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haark.reviews import figures
from haark.reviews.assembly import Book
from haark.reviews.content.context import period_label
from haark.reviews.wording import Words


@dataclass(frozen=True)
class Moved:
    """A figure that moved, as people read it. `slides`: key and title of those that show it; `kept`: a person's own
    value stands there, and goes on standing."""

    label: str
    before: str
    after: str
    slides: tuple[tuple[str, str], ...]
    kept: str = ""


@dataclass(frozen=True)
class Kept:
    """A text in a person's words of which Haark would say something else by now."""

    slide: str
    title: str
    label: str
    said: str


def moved(book: Book, before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> tuple[Moved, ...]:
    """What changed from one set of facts to another, in the order of the figures."""
    old, new = figures.compute(before, {}), figures.compute(after, {})
    words, currency = Words(language), book.material.facts["account"]["currency"]
    titles = titles_of(book, words)
    rows = []
    for key in figures.moved(old, new):
        known = new.get(key) or old[key]
        shown = [
            figures.show(facts[key], language, currency) if key in facts else figures.formats.UNKNOWN[language]
            for facts in (old, new)
        ]
        own = book.figures.get(key)
        rows.append(
            Moved(
                label=words(known.label, name=known.name),
                before=shown[0],
                after=shown[1],
                slides=tuple((page.key, titles[page.key]) for page in book.pages if key in page.draft.figures),
                kept=figures.show(own, language, currency) if own and own.override else "",
            )
        )
    return tuple(rows)


def kept(book: Book, language: str) -> tuple[Kept, ...]:
    """The texts of which Haark would now say something else than when the person wrote; they stay the person's."""
    words = Words(language)
    titles = titles_of(book, words)
    return tuple(
        Kept(page.key, titles[page.key], words(field.label), field.computed)
        for page in book.pages
        for field in page.draft.fields
        if field.overtaken and field.computed
    )


def titles_of(book: Book, words: Words) -> dict[str, str]:
    """What the slides are called, by key."""
    following = period_label(book.material.facts["periods"]["after"], words)
    return {page.key: words(f"slide.{page.place.named}", next=following) for page in book.pages}
