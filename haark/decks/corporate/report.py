"""What is known of a template, as data: its layouts with their placeholders, colours, fonts, and what does not fit.

`Report.to_dict` is kept beside the file, so that a page can show and map it without opening it again. Lengths are
points; boxes are places on the template's own page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from haark.decks import codec
from haark.decks.shapes import Box
from haark.decks.theme import WHITE

Level = Literal["block", "adapted", "note"]


@dataclass(frozen=True)
class Style:
    """How the words of a placeholder are set; `insets` are left, top, right, bottom in points."""

    size: float = 18.0
    bold: bool = False
    caps: bool = False
    align: str = "l"
    anchor: str = "t"
    insets: tuple[float, ...] = (7.2, 3.6, 7.2, 3.6)
    vertical: bool = False
    color: str = ""
    font: str = ""
    leading: float = 1.0


@dataclass(frozen=True)
class Holder:
    """A placeholder of a layout: `form` is its type (title, ctrTitle, subTitle, body, obj, pic, dt, ftr, sldNum…).

    `ground`: the colour behind its words.
    """

    form: str
    idx: int
    name: str
    box: Box
    style: Style
    ground: str = WHITE


@dataclass(frozen=True)
class Issue:
    """Something to tell: `code` is worded by the page, `level` says how much it matters, `value` a number or a name.

    block: the layout cannot carry such slides; adapted: Haark does it otherwise; note: good to know.
    """

    code: str
    level: Level
    value: str = ""


@dataclass(frozen=True)
class Layout:
    """A layout. `key` is «master.layout», counted from 0; `area` is where Haark's blocks go (None: nowhere)."""

    key: str
    name: str
    form: str
    holders: tuple[Holder, ...]
    ground: str
    ink: str
    area: Box | None
    scale: float
    fixed: tuple[Box, ...]
    issues: tuple[Issue, ...] = ()

    def holder(self, *forms: str) -> Holder | None:
        """The first placeholder of one of these types, the types in order of preference."""
        return next((one for form in forms for one in self.holders if one.form == form), None)

    @property
    def title(self) -> Holder | None:
        return self.holder("ctrTitle", "title")

    @property
    def master(self) -> int:
        return int(self.key.split(".")[0])

    @property
    def bears_content(self) -> bool:
        """Whether slides with a title and blocks can stand on it."""
        return self.area is not None and not any(issue.level == "block" for issue in self.issues)


@dataclass(frozen=True)
class Report:
    """The whole template. `colors`: theme colours of the first master by name (dk1, lt1, accent1…)."""

    width: float
    height: float
    masters: tuple[str, ...]
    layouts: tuple[Layout, ...]
    palette: tuple[tuple[str, str], ...]
    fonts: tuple[str, ...]
    issues: tuple[Issue, ...] = ()

    @property
    def colors(self) -> dict[str, str]:
        return dict(self.palette)

    @property
    def ratio(self) -> float:
        """Width of the page for one of height."""
        return self.width / self.height

    def layout(self, key: str) -> Layout | None:
        """The layout called `key`."""
        return next((one for one in self.layouts if one.key == key), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        data: dict[str, Any] = codec.encode(self)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """The report of `to_dict`'s data; ValueError when it is none."""
        return codec.decode(cls, data)
