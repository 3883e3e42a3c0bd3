"""The outline: the slides of a deck as data, the single source of every output (DK-1).

Everything here is already worded in the client's language: texts and figures are display strings, and raw numbers
stand beside them only where a chart needs them. The engine knows no account, no rule and no locale beyond a handful of
words of its own. Every class is a frozen dataclass that survives a JSON round trip (`Deck.to_dict`, `Deck.from_dict`).

A slide has one column (`blocks`) or two (`blocks` and `aside`, `split` being the share of the first: 0.5 to 0.68).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from haark.decks import codec
from haark.decks.blocks import (
    Agenda,
    AgendaItem,
    Align,
    Annotation,
    Bars,
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Columns,
    Cover,
    Decisions,
    Lane,
    LineChart,
    Metric,
    Metrics,
    NextDate,
    ObjectiveCard,
    Objectives,
    Panel,
    Picture,
    Point,
    Progress,
    Quote,
    Quotes,
    Roadmap,
    RoadmapItem,
    Status,
    Step,
    Table,
    Text,
    Tone,
    Waterfall,
)
from haark.decks.words import word

__all__ = [
    "Agenda",
    "AgendaItem",
    "Align",
    "Annotation",
    "Bars",
    "Block",
    "Brand",
    "Bullets",
    "Callout",
    "Cell",
    "Column",
    "Columns",
    "Cover",
    "Decisions",
    "Deck",
    "Edition",
    "Lane",
    "Language",
    "LineChart",
    "Metric",
    "Metrics",
    "NextDate",
    "ObjectiveCard",
    "Objectives",
    "Panel",
    "Picture",
    "Point",
    "Progress",
    "Quote",
    "Quotes",
    "Roadmap",
    "RoadmapItem",
    "Slide",
    "Status",
    "Step",
    "Table",
    "Text",
    "Tone",
    "Waterfall",
]

Language = Literal["fr", "en", "uk"]
Edition = Literal["client", "internal"]


@dataclass(frozen=True)
class Slide:
    """One slide. `key` is stable («cover», «usage», «own-3»); `source` is the footer; `notes` are the speaker's.

    `internal`: only in the internal edition (health, churn, our own figures), never in what the client gets (DK-8).
    """

    key: str
    section: str
    headline: str
    blocks: tuple[Block, ...] = ()
    aside: tuple[Block, ...] = ()
    split: float = 0.62
    source: str = ""
    notes: str = ""
    hidden: bool = False
    internal: bool = False


@dataclass(frozen=True)
class Brand:
    """Colours as #rrggbb and logos as PNG, JPEG or SVG-free bytes. `secondary` must read on white (4.5:1).

    `template` names the PowerPoint template and layouts that the organisation uses, "" for our own pages; painters
    do not read it, but a deck with another one is another deck.
    """

    primary: str = "#0c4a57"
    secondary: str = "#0d7c8a"
    tint: str = "#e7f1f3"
    logo: bytes | None = None
    client_logo: bytes | None = None
    template: str = ""


@dataclass(frozen=True)
class Deck:
    """A whole deck. `title` is the document's title, `kind_label` «QBR», `period_label` «Q4 2026».

    `edition` says whom it is for: an internal deck is marked as such on every page and shows the internal slides.
    `remark` is set beside it on every page: a few words that set this deck apart («Chiffres du 1 oct. 2026»).
    """

    title: str
    language: Language
    organisation: str
    client: str
    kind_label: str
    period_label: str
    date_label: str
    author: str
    slides: tuple[Slide, ...]
    brand: Brand = Brand()
    edition: Edition = "client"
    remark: str = ""

    def shows(self, slide: Slide) -> bool:
        """Whether this edition prints the slide."""
        return not slide.hidden and (self.edition == "internal" or not slide.internal)

    def visible(self) -> tuple[Slide, ...]:
        """The slides that are printed, in order."""
        return tuple(slide for slide in self.slides if self.shows(slide))

    def for_edition(self, edition: Edition, *, notes: bool = True) -> Deck:
        """This client's deck for other readers; without `notes` the speaker's words stay at home."""
        slides = self.slides if notes else tuple(replace(slide, notes="") for slide in self.slides)
        mark = f" · {word(self.language, 'internal')}" if edition == "internal" else ""
        return replace(self, title=self.title + mark, edition=edition, slides=slides)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data; logos in base64."""
        return codec.encode(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Deck:
        """The deck of `to_dict`'s data; ValueError on an unknown kind of block, unknown fields are ignored."""
        return codec.decode(cls, data)
