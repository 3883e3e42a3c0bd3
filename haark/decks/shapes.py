"""What a composed page is made of: shapes at fixed places, in points on a page of 960 x 540.

`compose` makes them once; the painters (PDF, screen, PowerPoint) only draw. A text is already broken into lines that
fit its shape, so the same words stand at the same place in every output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from haark.decks.outline import Bars, LineChart, Metric, Slide, Waterfall

WIDTH, HEIGHT = 960.0, 540.0

Side = Literal["left", "right", "center"]
Role = Literal["section", "title", "heading", "text", "list", "quote", "footer", "number"]


@dataclass(frozen=True)
class Box:
    """A place: left, top, width and height in points."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Para:
    """A paragraph as it is set.

    `lead` and `trail` are the start and the end of its words that are bold, `tail` a unit set at half size after them;
    `gap` is the space before in points, `leading` the line height as a multiple of size. `display` takes the headline
    cut where there is one; `ground` is a colour behind the words; `firm` keeps the line breaks in PowerPoint too.
    """

    lines: tuple[str, ...]
    size: float
    color: str
    weight: int = 400
    lead: str = ""
    trail: str = ""
    tail: str = ""
    display: bool = False
    tracking: float = 0.0
    leading: float = 1.3
    align: Side = "left"
    gap: float = 0.0
    bullet: bool = False
    ground: str = ""
    firm: bool = False

    @property
    def text(self) -> str:
        """The words without their breaks."""
        return " ".join(self.lines) + (f" {self.tail}" if self.tail else "")

    def runs(self) -> list[list[tuple[str, bool]]]:
        """Each line as (words, bold) pairs; a bold start or end may run over several lines."""
        start, end = len(self.lead), len(" ".join(self.lines)) - len(self.trail)
        at, result = 0, []
        for line in self.lines:
            cuts = [min(max(edge - at, 0), len(line)) for edge in (start, max(end, start))]
            pieces = (line[: cuts[0]], True), (line[cuts[0] : cuts[1]], False), (line[cuts[1] :], True)
            result.append([piece for piece in pieces if piece[0]])
            at += len(line) + 1
        return result

    @property
    def height(self) -> float:
        """Height in points, with the space before."""
        return self.gap + len(self.lines) * self.size * self.leading


@dataclass(frozen=True)
class TextShape:
    """Paragraphs in a box; `anchor` says where they stand in it."""

    box: Box
    paras: tuple[Para, ...]
    role: Role = "text"
    anchor: Literal["top", "middle", "bottom"] = "top"

    @property
    def height(self) -> float:
        """Height of the words, which `box.h` always holds."""
        return sum(para.height for para in self.paras)


@dataclass(frozen=True)
class Rect:
    """A filled rectangle without words; decoration for a screen reader."""

    box: Box
    fill: str
    radius: float = 0.0


@dataclass(frozen=True)
class Series:
    """Small bars below a metric."""

    metric: Metric


@dataclass(frozen=True)
class ChartShape:
    """A chart with its alternative text; PowerPoint draws it natively, the others through `svg`."""

    box: Box
    chart: LineChart | Bars | Waterfall | Series
    alt: str


@dataclass(frozen=True)
class BarCell:
    """A progress bar inside a table; `fraction` 0 to 1, None unknown."""

    fraction: float | None
    tone: str
    label: str


@dataclass(frozen=True)
class StatusCell:
    """A coloured shape and a word."""

    tone: str
    word: str


CellShape = Para | BarCell | StatusCell


@dataclass(frozen=True)
class TableColumn:
    """A column as it is drawn: width in points, its heading, and the empty points left of its words."""

    width: float
    heading: Para
    inset: float = 0.0


@dataclass(frozen=True)
class TableRow:
    """Cells, as many as columns, and the height of the row in points."""

    height: float
    cells: tuple[CellShape, ...]


@dataclass(frozen=True)
class TableShape:
    """A table. `header` is the height of the headings; `size` that of the body text in points."""

    box: Box
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    header: float
    size: float
    title: str = ""
    rule: bool = True


@dataclass(frozen=True)
class Picture:
    """A logo: PNG or JPEG bytes."""

    box: Box
    data: bytes
    alt: str


@dataclass(frozen=True)
class Waves:
    """The cover's ornament: curves over the whole page."""

    box: Box
    color: str


Shape = TextShape | Rect | ChartShape | TableShape | Picture | Waves

PAD = 10.0
"""Space in points between two columns of a table."""


@dataclass(frozen=True)
class Page:
    """One printed page of a slide. `part` counts its continuations from 0."""

    slide: Slide
    number: int
    part: int
    ground: str
    shapes: tuple[Shape, ...]

    @property
    def title(self) -> str:
        """Words of the title shape, "" where there is none."""
        texts = (shape for shape in self.shapes if isinstance(shape, TextShape))
        return next((text.paras[0].text for text in texts if text.role == "title"), "")
