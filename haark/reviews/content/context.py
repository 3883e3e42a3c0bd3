"""What every slide is composed with: facts, figures, words, and a person's edits taken in as the text is made.

A text goes through `Composer.text` or `.lines` under a stable name (`next.12`: the follow-up of objective 12, wherever
it stands), so an edit finds its place again after the facts were gathered anew. Pure and deterministic.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from haark import formats
from haark.decks.outline import Block, Slide
from haark.reviews import figures
from haark.reviews.figures import Figure
from haark.reviews.wording import Words

NAME_SHOWN = 40


@dataclass(frozen=True)
class Place:
    """A slide's stored row: its key, whether it is hidden, and the version a form must carry.

    `kind`: '' a standard slide, `copy` of the standard slide `source_key`, else one of own.KINDS, composed from `data`.
    """

    key: str
    hidden: bool = False
    version: int = 1
    kind: str = ""
    source_key: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> str:
        """What `slide.*` of the wording calls it: the standard slide, also for its copy, or the kind of an own one."""
        return self.source_key if self.kind == "copy" else self.kind or self.key


@dataclass(frozen=True)
class Edit:
    """A person's text and what Haark said when it was written."""

    text: str
    computed: str = ""
    author: str = ""
    at: Any = None
    version: int = 1


@dataclass(frozen=True)
class Field:
    """One text of a slide that can be edited. `label` is a key of the wording, `of` what it speaks of."""

    slide: str
    name: str
    label: str
    kind: Literal["line", "text", "lines"]
    computed: str
    current: str
    of: str = ""
    edit: Edit | None = None

    @property
    def overtaken(self) -> bool:
        """Haark would now say something else than when the person wrote."""
        return self.edit is not None and self.edit.computed != self.computed


@dataclass(frozen=True)
class Draft:
    """A composed slide. Without `filled` it has nothing to show and is not exported; `gaps` say what it lacks."""

    slide: Slide
    filled: bool
    gaps: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    """What the meeting brought: its day, the decisions taken, and the next date where one was agreed in the room."""

    on: date
    decisions: tuple[str, ...] = ()
    next_on: date | None = None


@dataclass(frozen=True)
class Material:
    """All that a deck is made of. `allowed`: slide 11 was turned on. `pictures`: bytes by their SHA-256. `held`: what
    the meeting brought, once it took place."""

    facts: Mapping[str, Any]
    figures: Mapping[str, Figure]
    edits: Mapping[tuple[str, str], Edit]
    language: str
    kind: str
    minutes: int
    vendor: str
    allowed: bool = False
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    held: Held | None = None


@dataclass
class Composer:
    """One slide in the making: collects its fields, the figures it used, and what it lacks.

    `key` is where its edits are kept, `named` what the wording calls it: they differ for copies and own slides.
    """

    material: Material
    key: str
    words: Words
    named: str = ""
    fields: list[Field] = field(default_factory=list)
    used: dict[str, None] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, material: Material, key: str, named: str = "") -> "Composer":
        return cls(material, key, Words(material.language), named or key)

    # Facts

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.material.facts

    @property
    def language(self) -> str:
        return self.material.language

    @property
    def currency(self) -> str:
        return str(self.facts["account"]["currency"])

    @property
    def client(self) -> str:
        """The client's name as a sentence can carry it."""
        return shorten(self.facts["account"]["name"])

    @property
    def on(self) -> date:
        return date.fromisoformat(self.facts["on"])

    def period(self, which: str = "now") -> str:
        """«Q4 2026» of `now`, `before` or `after`."""
        return period_label(self.facts["periods"][which], self.words)

    # Figures

    def figure(self, key: str) -> Figure | None:
        """A figure with a value, noted as used by this slide (also when unknown, so that it can be filled)."""
        found = self.material.figures.get(key)
        if found is None:
            return None
        self.used[key] = None
        return found if found.value is not None else None

    def show(self, figure: Figure) -> str:
        return figures.show(figure, self.language, self.currency)

    def amount(self, number: float | None, decimals: int | None = 0) -> str:
        return formats.number(number, self.language, decimals)

    def change(self, figure: Figure) -> str:
        """«+8 %», or nothing when it cannot be said."""
        return "" if figure.change is None else formats.percent(figure.change, self.language, sign=True)

    def day(self, value: date | str | None) -> str:
        return formats.day(figures.day(value) if isinstance(value, str) else value, self.language)

    # Texts

    def say(self, key: str, n: int | float | None = None, /, **values: Any) -> str:
        return self.words(key, n, **values)

    def text(
        self, name: str, computed: str, label: str = "", of: str = "", kind: Literal["line", "text"] = "line"
    ) -> str:
        """A text that a person may replace."""
        return self._field(name, computed, label or name.split(".")[0], of, kind)

    def lines(self, name: str, computed: Sequence[str], label: str = "", of: str = "") -> tuple[str, ...]:
        """A list that a person may replace, one item a line."""
        text = self._field(name, "\n".join(computed), label or name.split(".")[0], of, "lines")
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def _field(self, name: str, computed: str, label: str, of: str, kind: Literal["line", "text", "lines"]) -> str:
        edit = self.material.edits.get((self.key, name))
        current = edit.text if edit else computed
        self.fields.append(Field(self.key, name, f"field.{label}", kind, computed, current, of, edit))
        return current

    def gap(self, key: str) -> None:
        """Says to the CSM what this slide lacks; never shown to the client."""
        self.gaps.append(key)

    # The slide

    def draft(
        self,
        headline: str,
        blocks: Sequence[Block] = (),
        aside: Sequence[Block] = (),
        *,
        split: float = 0.62,
        sources: Sequence[str] = (),
        note: str = "",
        filled: bool | None = None,
        assumptions: str = "",
        stated: str = "",
        section: str = "",
        internal: bool = False,
    ) -> Draft:
        """Closes the slide: headline, footer and notes can be edited on every one.

        `stated`: sources that a person typed; `section`: the small title where it is not the slide's own.
        """
        shown = self.text("headline", headline)
        source = self.text("source", self._source(sources, assumptions, stated))
        notes = self.text("notes", note, kind="text")
        has = bool(blocks or aside) if filled is None else filled
        slide = Slide(
            key=self.key,
            section=section or self.say(f"slide.{self.named}", next=self.period("after")),
            headline=shown,
            blocks=tuple(blocks),
            aside=tuple(aside),
            split=split,
            source=source,
            notes=notes,
            internal=internal,
        )
        # Headline first: it is what a person looks for.
        order = sorted(self.fields, key=lambda item: {"headline": 0, "source": 2, "notes": 3}.get(item.name, 1))
        return Draft(slide, has, tuple(self.gaps), tuple(order), tuple(self.used))

    def _source(self, sources: Sequence[str], assumptions: str, stated: str) -> str:
        named = [self.say(f"source.{name}") for name in dict.fromkeys(sources)]
        if not named:
            return self.say("source.stated", sources=stated) if stated else ""
        named += [stated] if stated else []
        now = self.facts["periods"]["now"]
        said = self.say(
            "source.line",
            len(named),
            sources=", ".join(named),
            start=self.day(now["from"]),
            end=self.day(now["to"]),
            at=self.day(self.facts["taken_on"]),
        )
        return f"{said} {assumptions}".strip()


def shorten(name: str, length: int = NAME_SHOWN) -> str:
    """A name that fits in a sentence: cut at a word where possible, with an ellipsis."""
    clean = " ".join(name.split())
    if len(clean) <= length:
        return clean
    cut = clean[:length].rsplit(" ", 1)[0] if " " in clean[:length] else clean[:length]
    return cut.rstrip(" ,;:-") + "…"


def period_label(described: Mapping[str, Any], words: Words) -> str:
    """«Q3 2026» in every language, «S1 2026», «2026», «novembre 2026»."""
    unit = described["unit"]
    if unit == "month":
        return formats.month(date.fromisoformat(described["start"]), words.language)
    return words(f"period.{unit}", number=described["number"], year=described["year"])


def code_label(make: Composer, code: str) -> str:
    """«Q3» of `2026-Q3`: the year is evident from the slide."""
    year, _dash, part = code.partition("-")
    if not part:
        return year
    if part[0] == "H":
        return period_label({"unit": "half", "number": part[1], "year": ""}, make.words).strip()
    return part


Maker = Callable[[Composer], Draft]
