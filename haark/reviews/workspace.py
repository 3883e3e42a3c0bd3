"""What the workspace shows: the slides with their states, one slide with its texts and figures, the files made of it.

Plain rows for the templates, worded in the reader's language; read only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from markupsafe import Markup

from haark.cadence.models import Review
from haark.decks.compose import compose
from haark.decks.html import draw_under
from haark.decks.outline import Deck
from haark.decks.shapes import Page as Drawn
from haark.files.models import StoredFile
from haark.jobs.queries import Status
from haark.reviews import content, spots, titles
from haark.reviews.assembly import Book, Page
from haark.reviews.content.context import Field, period_label
from haark.reviews.outputs import CLIENT, Variant
from haark.reviews.panes import Collision, FigureRow, Roi, figure_rows, roi_of
from haark.reviews.spots import Spot
from haark.reviews.strides import Stride
from haark.reviews.wording import Words

# Fields of which every slide has one: shown apart, the others under «texts».
STANDING = ("headline", "notes")


@dataclass(frozen=True)
class Line:
    """One line of the outline. `title` in the reader's language; `state` as in assembly.Page."""

    key: str
    number: int
    title: str
    state: str
    current: bool
    internal: bool = False


@dataclass(frozen=True)
class TextRow:
    """A text to edit. `id` is unique in the page."""

    id: str
    field: Field
    label: str
    value: str
    version: int
    collision: Collision | None = None


@dataclass(frozen=True)
class Sheet:
    """A page of the open slide as it will be printed, and where on it a text can be opened."""

    deck: Deck
    page: Drawn
    spots: tuple[Spot, ...]

    def draw(self, over: Markup | str = "") -> Markup:
        """The page as SVG, with `over` on top."""
        return draw_under(self.deck, self.page, Markup(over))  # noqa: S704 - the caller's own template wrote it


@dataclass(frozen=True)
class Steps:
    """Whether the reader can take back their last change, and make it again."""

    undo: bool = False
    redo: bool = False


@dataclass(frozen=True)
class Export:
    """The state of one variant's files: those made by format, and the job under way or failed.

    `wanted`: the formats that job makes; `strides`: how far each of them is, page by page; `own_pages`: the PowerPoint
    was to stand on the organisation's template and could not.
    """

    files: Mapping[str, StoredFile] = field(default_factory=dict)
    job: Status | None = None
    variant: Variant = CLIENT
    wanted: tuple[str, ...] = ()
    strides: tuple[Stride, ...] = ()
    own_pages: bool = False


@dataclass(frozen=True)
class Desk:
    """The whole workspace of a review, one slide of it open."""

    review: Review
    client: str
    title: str
    book: Book
    page: Page
    lines: tuple[Line, ...]
    texts: tuple[TextRow, ...]
    headline: TextRow
    notes: TextRow
    figures: tuple[FigureRow, ...]
    gaps: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    taken_at: datetime
    roi: Roi | None = None
    steps: Steps = Steps()

    @property
    def left_out(self) -> int:
        """Slides that have nothing to show."""
        return sum(1 for line in self.lines if line.state == "empty")

    @property
    def rows(self) -> Mapping[str, TextRow]:
        """The texts of the open slide by field."""
        return {row.field.name: row for row in (self.headline, self.notes, *self.texts)}

    @property
    def collided(self) -> bool:
        """Whether a text other than the notes was saved by somebody else meanwhile: its field must be seen."""
        return any(row.collision for row in (self.headline, *self.texts))

    @property
    def saved_at(self) -> datetime:
        """When something of the review was last saved: a text, a figure, or its facts."""
        corrected = (figure.override for figure in self.book.figures.values())
        at = [item.at for item in (*self.book.material.edits.values(), *corrected) if item and item.at]
        return max([self.taken_at, *at])

    @property
    def corrected(self) -> int:
        """Figures of this slide that a person replaced."""
        return sum(1 for row in self.figures if row.override)


def desk(
    review: Review,
    book: Book,
    key: str,
    language: str,
    collision: Collision | None = None,
    steps: tuple[bool, bool] = (False, False),
) -> Desk:
    """The workspace with slide `key` open, the first one when there is no such slide. `steps`: undo, redo."""
    words = Words(language)
    known = [page.key for page in book.pages]
    page = book.page(key if key in known else known[0])
    rows = {item.name: _text_row(page, item, words, collision) for item in page.draft.fields}
    facts = book.material.facts
    return Desk(
        review=review,
        client=facts["account"]["name"],
        title=titles.review_title(review.kind, facts["periods"]["now"], language),
        book=book,
        page=page,
        lines=tuple(_line(item, page, words, facts) for item in book.pages),
        texts=tuple(row for name, row in rows.items() if name not in STANDING),
        headline=rows["headline"],
        notes=rows["notes"],
        figures=tuple(figure_rows(book, page.draft.figures, language)),
        gaps=tuple(words(f"gap.{gap}") for gap in page.draft.gaps),
        sheets=sheets(book, page),
        taken_at=datetime.fromisoformat(facts["taken_at"]),
        roi=roi_of(book, language),
        steps=Steps(*steps),
    )


def sheets(book: Book, page: Page) -> tuple[Sheet, ...]:
    """The open slide drawn, with its continuations where it is long."""
    deck, pages = compose(book.deck, page.key)
    return tuple(Sheet(deck, drawn, spots.find(drawn, page.draft.fields)) for drawn in pages)


def sections(language: str) -> dict[str, list[str]]:
    """What each section of the form brings: the titles of its slides."""
    words = Words(language)
    return {name: [slide_title(key, words, "Q+1") for key in keys] for name, keys in content.SECTIONS.items()}


def slide_title(key: str, words: Words, following: str) -> str:
    return words(f"slide.{key}", next=following)


def _line(item: Page, current: Page, words: Words, facts: Mapping[str, object]) -> Line:
    periods: Mapping[str, Mapping[str, object]] = facts["periods"]  # type: ignore[assignment]  # JSON of facts.gather
    title = slide_title(item.place.named, words, period_label(periods["after"], words))
    return Line(item.key, item.number, title, item.state, item.key == current.key, item.draft.slide.internal)


def field_id(slide: str, name: str) -> str:
    """Where the form of a text stands in the page."""
    return "f-" + "".join(char if char.isalnum() else "-" for char in f"{slide}-{name}")


def _text_row(page: Page, item: Field, words: Words, collision: Collision | None) -> TextRow:
    mine = collision if collision and collision.field == item.name else None
    version = mine.version if mine else item.edit.version if item.edit else 0
    label = words(item.label)
    told = words("pair", label=label, value=_short(item.of)) if item.of else label
    return TextRow(field_id(page.key, item.name), item, told, mine.mine if mine else item.current, version, mine)


def _short(text: str, length: int = 48) -> str:
    """A name beside a label."""
    clean = " ".join(text.split())
    return clean if len(clean) <= length else clean[: length - 1] + "…"


def with_figure(desk: Desk, row: FigureRow) -> Desk:
    """The workspace with one figure's row in its place: with what was typed, or with a collision."""
    return replace(desk, figures=tuple(row if item.key == row.key else item for item in desk.figures))
