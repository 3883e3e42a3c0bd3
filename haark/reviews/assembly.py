"""From what is stored of a review to its deck: facts, overrides and edits in, slides in their order out. Pure.

The same stored rows give the same deck, hence the same fingerprint, hence one file however often it is made.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from haark import formats
from haark.decks.outline import Brand, Deck, Picture, Slide
from haark.reviews import content, figures
from haark.reviews.content import Draft, Edit, Held, Material, Place
from haark.reviews.content.context import period_label
from haark.reviews.figures import Figure, Override
from haark.reviews.wording import Words

# Counts up when the same outline would be drawn otherwise, so that files made before are made anew.
DRAWING = 3


@dataclass(frozen=True)
class Stored:
    """What the database holds of a review. `allowed`: slide 11 was turned on; `internal_allowed`: a person lets the
    client see what is internal otherwise. `pictures`: bytes by their SHA-256. `held`: what the meeting brought.
    `earlier`: the facts are not those that the review shows now, and the deck says so."""

    facts: Mapping[str, Any]
    places: Sequence[Place]
    edits: Mapping[tuple[str, str], Edit]
    overrides: Mapping[str, Override]
    kind: str
    minutes: int
    language: str
    vendor: str
    brand: Brand
    allowed: bool = False
    internal_allowed: bool = False
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    held: Held | None = None
    earlier: bool = False


@dataclass(frozen=True)
class Page:
    """A slide in its place. `state`: ready, incomplete (shown, but something is missing), empty (left out), hidden."""

    number: int
    place: Place
    draft: Draft

    @property
    def key(self) -> str:
        return self.place.key

    @property
    def slide(self) -> Slide:
        return replace(self.draft.slide, hidden=self.place.hidden or not self.draft.filled)

    @property
    def state(self) -> str:
        if self.place.hidden:
            return "hidden"
        if not self.draft.filled:
            return "empty"
        return "incomplete" if self.draft.gaps else "ready"


@dataclass(frozen=True)
class Book:
    """The review as the workspace and every output see it."""

    pages: tuple[Page, ...]
    deck: Deck
    figures: Mapping[str, Figure]
    material: Material

    def page(self, key: str) -> Page:
        """KeyError when the review has no such slide."""
        for page in self.pages:
            if page.key == key:
                return page
        raise KeyError(key)

    def retold(self, key: str, name: str, edit: Edit | None) -> "Book":
        """The same after one text was written, or given back (None): only its slide is composed anew."""
        kept = {where: known for where, known in self.material.edits.items() if where != (key, name)}
        material = replace(self.material, edits=kept if edit is None else {**kept, (key, name): edit})
        page = self.page(key)
        page = replace(page, draft=content.compose(material, [page.place])[key])
        pages = tuple(page if known.key == key else known for known in self.pages)
        slides = tuple(
            replace(page.slide, internal=known.internal) if known.key == key else known for known in self.deck.slides
        )
        return replace(self, pages=pages, deck=replace(self.deck, slides=slides), material=material)

    @cached_property
    def fingerprint(self) -> str:
        """That of the client's edition."""
        return fingerprint(self.deck)


def fingerprint(deck: Deck) -> str:
    """The same for the same visible content, edition, brand and language."""
    shown = replace(deck, slides=tuple(light(slide) for slide in deck.visible()), brand=_marked(deck.brand))
    told = {name: value for name, value in shown.to_dict().items() if name != "remark" or value}
    text = json.dumps([DRAWING, told], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _marked(brand: Brand) -> Brand:
    """The brand with the hashes of its logos in their place."""
    ours, theirs = (data and hashlib.sha256(data).digest() for data in (brand.logo, brand.client_logo))
    return replace(brand, logo=ours, client_logo=theirs)


def light(slide: Slide) -> Slide:
    """The slide without the bytes of its pictures, which their hash stands for."""
    if not any(isinstance(block, Picture) for block in slide.blocks):
        return slide
    bare = (replace(block, data=b"") if isinstance(block, Picture) else block for block in slide.blocks)
    return replace(slide, blocks=tuple(bare))


def assemble(stored: Stored) -> Book:
    """Figures computed and corrected, slides composed, a person's words taken in, the deck put together."""
    found = figures.compute(stored.facts, stored.overrides)
    material = Material(
        facts=stored.facts,
        figures=found,
        edits=stored.edits,
        language=stored.language,
        kind=stored.kind,
        minutes=stored.minutes,
        vendor=stored.vendor,
        allowed=stored.allowed,
        pictures=stored.pictures,
        held=stored.held,
    )
    drafts = content.compose(material, stored.places)
    pages = tuple(Page(number, place, drafts[place.key]) for number, place in enumerate(stored.places, start=1))
    return Book(pages, _deck(stored, pages), found, material)


def _deck(stored: Stored, pages: Sequence[Page]) -> Deck:
    words = Words(stored.language)
    account, now = stored.facts["account"], stored.facts["periods"]["now"]
    kind, period = words(f"kind.{stored.kind}"), period_label(now, words)
    read_on = date.fromisoformat(stored.facts["on"])
    remark = words("as_of", date=formats.day(read_on, stored.language)) if stored.earlier else ""
    return Deck(
        title=" · ".join(part for part in (f"{kind} {period}", account["name"], remark) if part),
        language=stored.language,  # type: ignore[arg-type]  # one of formats.LANGUAGES, checked when the review is made
        organisation=stored.vendor,
        client=account["name"],
        kind_label=kind,
        period_label=period,
        date_label=formats.day_long(read_on, stored.language),
        author=account["owner"] or stored.vendor,
        slides=tuple(_shown(page.slide, stored) for page in pages),
        brand=stored.brand,
        remark=remark,
    )


def _shown(slide: Slide, stored: Stored) -> Slide:
    """An internal slide is one for the client too once a person allowed it (DK-8)."""
    return replace(slide, internal=False) if stored.internal_allowed else slide
