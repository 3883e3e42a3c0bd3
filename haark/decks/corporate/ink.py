"""How a page of a template is written: its colours by name, its text font, its scale."""

from __future__ import annotations

from dataclasses import dataclass

from haark.decks.corporate import fonts
from haark.decks.corporate.frame import Stage
from haark.decks.corporate.report import Report
from haark.decks.ooxml import Ink
from haark.decks.shapes import Para


@dataclass(frozen=True)
class GuestInk(Ink):
    """`by`: points on the page for a composed point; `wider`: the text font's width beside Inter's."""

    by: float
    wider: float
    palette: tuple[tuple[str, str], ...]

    @property
    def scale(self) -> float:
        return self.by

    def size(self, points: float) -> int:
        """A wider font is set smaller, so that it takes the room that was measured in Inter."""
        return round(points * self.by / self.wider * 100)

    def leading(self, para: Para) -> str:
        """Exact, since natural line heights differ from font to font."""
        return f'<a:spcPts val="{round(para.leading * para.size * self.by * 100)}"/>'

    @property
    def face(self) -> str:
        return '<a:latin typeface="+mn-lt"/>'

    def names(self) -> dict[str, str]:
        """The template's colours by value; text and ground win over accents of the same value."""
        return dict(self.palette)


def ink_of(on: Stage, report: Report, language: str) -> GuestInk:
    """How a stage's page is written. Text and ground are named as the layout maps them."""
    dark, light = report.colors["dk1"], report.colors["lt1"]
    text, ground = ("tx1", "bg1") if on.layout.ink == dark else ("bg1", "tx1")
    names = {value: name for name, value in reversed(report.palette) if name.startswith("accent")}
    names |= {dark: text, light: ground}
    return GuestInk(on.theme, language, on.scale, fonts.width(report.fonts[-1]), tuple(names.items()))
