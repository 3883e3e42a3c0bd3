"""Outline to the pages of an on-screen presentation: each as on the slides, with what the speaker sees beside it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from haark.decks.compose import compose
from haark.decks.html import draw
from haark.decks.outline import Deck


@dataclass(frozen=True)
class Screen:
    """One page: `key` of its slide, `number` from 1, `drawing` an `<svg class="deck">`, `notes` the speaker's."""

    key: str
    number: int
    title: str
    notes: str
    drawing: Markup


def screens(deck: Deck) -> tuple[Screen, ...]:
    """The pages that the deck's edition shows; a continuation repeats its slide's notes."""
    deck, pages = compose(deck)
    drawings = draw(deck, pages)
    return tuple(
        Screen(page.slide.key, page.number, page.title or page.slide.headline, page.slide.notes, drawing)
        for page, drawing in zip(pages, drawings, strict=True)
    )
