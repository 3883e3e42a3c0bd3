"""The blocks a slide is made of, as data. Import them from `haark.decks.outline`, which describes the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["ok", "warn", "bad", "neutral"]
Align = Literal["left", "right"]


@dataclass(frozen=True)
class Point:
    """One value of a chart: raw `value` (None = unknown, a gap) and the words shown for it."""

    label: str
    value: float | None
    display: str = ""


@dataclass(frozen=True)
class Cover:
    """First slide: what, for whom, when. `title` may hold one line break."""

    title: str
    subtitle: str = ""
    meta: str = ""


@dataclass(frozen=True)
class AgendaItem:
    """One part of the meeting; `minutes` draws the bar, `minutes_label` is what is read («10 min»)."""

    number: str
    title: str
    who: str
    minutes: int
    minutes_label: str


@dataclass(frozen=True)
class Agenda:
    """Parts of the meeting with a bar of their durations; `alt` describes the bar."""

    items: tuple[AgendaItem, ...]
    alt: str = ""


@dataclass(frozen=True)
class Decisions:
    """Filled panel with numbered decisions; `note` stands below it, outside."""

    title: str
    items: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class ObjectiveCard:
    """An objective with its target in large and where it started from."""

    name: str
    target: str
    target_caption: str = ""
    baseline_label: str = ""
    baseline: str = ""
    why: str = ""


@dataclass(frozen=True)
class Objectives:
    """Cards side by side; more than eight go on in further slides."""

    cards: tuple[ObjectiveCard, ...]


@dataclass(frozen=True)
class Metric:
    """A large figure: `value` and `unit` apart so that the unit is set smaller; `series` draws small bars."""

    value: str
    unit: str
    label: str
    caption: str = ""
    series: tuple[Point, ...] = ()
    alt: str = ""


@dataclass(frozen=True)
class Metrics:
    """Large figures side by side; more than eight go on in further slides."""

    items: tuple[Metric, ...]


@dataclass(frozen=True)
class Annotation:
    """A remark tied to one point of a line chart (its index, negative counts from the end)."""

    index: int
    text: str


@dataclass(frozen=True)
class LineChart:
    """Evolution over time. Unknown points are gaps; `target` draws a dashed line named `target_label`."""

    title: str
    points: tuple[Point, ...]
    annotation: Annotation | None = None
    target: float | None = None
    target_label: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Bars:
    """Horizontal bars; `maximum` is the full width (None: the largest value)."""

    title: str
    items: tuple[Point, ...]
    maximum: float | None = None
    alt: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` is a relative weight."""

    title: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class Text:
    """Cell of plain text."""

    text: str
    strong: bool = False
    muted: bool = False


@dataclass(frozen=True)
class Status:
    """Cell with a coloured shape and a word: colour is never alone."""

    tone: Tone
    word: str


@dataclass(frozen=True)
class Progress:
    """Cell with a bar; `fraction` 0 to 1 (None: unknown, an empty bar), `label` is read aloud and in Markdown."""

    fraction: float | None
    tone: Tone = "neutral"
    label: str = ""


Cell = Text | Status | Progress


@dataclass(frozen=True)
class Table:
    """Rows of cells, as many as columns. Long tables go on in further slides. `empty` is said when there is no row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Quote:
    """Words of a person, quotation marks included by whoever words the deck."""

    text: str
    who: str
    role: str = ""


@dataclass(frozen=True)
class Quotes:
    """The first one large, the others beside it."""

    items: tuple[Quote, ...]


@dataclass(frozen=True)
class RoadmapItem:
    """A bar from `start` to `end`, counted in columns (0 = left edge of the first, 1.5 = middle of the second)."""

    label: str
    start: float
    end: float
    state: Literal["committed", "planned", "done"] = "planned"


@dataclass(frozen=True)
class Lane:
    """A named row of the roadmap."""

    title: str
    items: tuple[RoadmapItem, ...]


@dataclass(frozen=True)
class Roadmap:
    """Plan by quarter. `today` (in columns) draws a mark named `today_label`; `legend` explains the shades."""

    columns: tuple[str, ...]
    lanes: tuple[Lane, ...]
    today: float | None = None
    today_label: str = ""
    legend: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Panel:
    """One of two or three columns: kicker, title, points."""

    title: str
    items: tuple[str, ...]
    kicker: str = ""


@dataclass(frozen=True)
class Columns:
    """Two to four panels side by side."""

    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Step:
    """A step of a waterfall: `value` is signed; a `total` stands on the axis with the absolute level."""

    label: str
    value: float
    display: str
    total: bool = False


@dataclass(frozen=True)
class Waterfall:
    """How one amount comes from others."""

    steps: tuple[Step, ...]
    title: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Callout:
    """One sentence that matters, on a tint; `title` is set bold before `text`."""

    text: str
    title: str = ""


@dataclass(frozen=True)
class Bullets:
    """A ruled title and its points (a single point reads as a paragraph)."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class NextDate:
    """A label and a date in large."""

    label: str
    value: str


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG of `width` x `height` pixels; `digest` names its bytes where they are left out.

    It is drawn as large as its place allows, never larger than life; `alt` describes it, `caption` stands below.
    """

    digest: str
    width: int
    height: int
    alt: str
    caption: str = ""
    data: bytes = b""


Block = (
    Cover
    | Agenda
    | Decisions
    | Objectives
    | Metrics
    | LineChart
    | Bars
    | Table
    | Quotes
    | Roadmap
    | Columns
    | Waterfall
    | Callout
    | Bullets
    | NextDate
    | Picture
)
