"""Small pieces of DrawingML written as text: colours, paragraphs, shapes. Lengths come in points, leave in EMU."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from haark.decks.shapes import Box, Para
from haark.decks.theme import WHITE, Theme

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
LOCALES = {"fr": "fr-FR", "en": "en-GB", "uk": "uk-UA"}
NATURAL = 1.21
"""Inter's own line height; spacing is written relative to it, so it stays right when somebody changes a size."""
DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)


def emu(points: float) -> int:
    """English metric units of a length in points."""
    return round(points * 12700)


@dataclass(frozen=True)
class Ink:
    """Writes colours as theme colours where they are the theme's, so that a change of theme changes the deck."""

    theme: Theme
    language: str

    @property
    def scale(self) -> float:
        """Points on the page for one point of the composition."""
        return 1.0

    def emu(self, points: float) -> int:
        """English metric units of a composed length."""
        return emu(points * self.scale)

    def size(self, points: float) -> int:
        """A font size in hundredths of a point."""
        return round(points * 100)

    def leading(self, para: Para) -> str:
        """Line spacing, relative, so that it stays right when somebody changes the size."""
        return f'<a:spcPct val="{round(para.leading / NATURAL * 100_000)}"/>'

    @property
    def face(self) -> str:
        """`<a:latin>` of body text, where it has to be said."""
        return ""

    def fill(self, color: str) -> str:
        """`<a:solidFill>` of a #rrggbb colour."""
        return f"<a:solidFill>{self.color(color)}</a:solidFill>"

    def color(self, color: str) -> str:
        """The colour element."""
        name = self.names().get(color)
        return f'<a:schemeClr val="{name}"/>' if name else f'<a:srgbClr val="{color[1:].upper()}"/>'

    def names(self) -> dict[str, str]:
        """Theme colour by value; text and ground win over accents of the same value."""
        theme = self.theme
        accents = {
            theme.pale: "accent5",
            theme.light: "accent4",
            theme.medium: "accent3",
            theme.accent: "accent2",
            theme.brand: "accent1",
        }
        return {**accents, theme.tint: "bg2", theme.ink2: "tx2", theme.ink: "tx1", WHITE: "bg1"}

    @property
    def locale(self) -> str:
        """Language tag for spelling."""
        return LOCALES.get(self.language, "fr-FR")


def transform(box: Box, tag: str = "a", scale: float = 1.0) -> str:
    """`<a:xfrm>` (or `<p:xfrm>`) of a place."""
    x, y, w, h = (emu(length * scale) for length in (box.x, box.y, max(box.w, 0), max(box.h, 0)))
    place = f'<a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/>'
    return f"<{tag}:xfrm>{place}</{tag}:xfrm>"


def paragraph(para: Para, ink: Ink) -> str:
    """One `<a:p>`: real text; only titles keep their even line breaks, the rest flows again when edited."""
    align = {"left": "l", "right": "r", "center": "ctr"}[para.align]
    bullet, indent = "<a:buNone/>", 'marL="0" indent="0"'
    if para.bullet:
        bullet, indent = (
            '<a:buFont typeface="Arial"/><a:buChar char="•"/>',
            f'marL="{ink.emu(14)}" indent="{ink.emu(-14)}"',
        )
    gap = round(para.gap * ink.scale * 100)
    spacing = f"<a:lnSpc>{ink.leading(para)}</a:lnSpc>"
    spacing += f'<a:spcBef><a:spcPts val="{gap}"/></a:spcBef><a:spcAft><a:spcPts val="0"/></a:spcAft>'
    if para.firm:
        body = "<a:br/>".join(run(line, para, ink, bold=False) for line in para.lines)
    else:
        body = "".join(run(words, para, ink, bold=bold) for words, bold in _pieces(para))
    if para.tail:
        body += run(f" {para.tail}", para, ink, bold=False, size=para.size / 2)
    properties = f'<a:pPr algn="{align}" {indent}>{spacing}{bullet}</a:pPr>'
    return f"<a:p>{properties}{body}{end_run(para, ink)}</a:p>"


def _pieces(para: Para) -> list[tuple[str, bool]]:
    """The paragraph's runs with its lines joined again."""
    pieces: list[tuple[str, bool]] = []
    for index, line in enumerate(para.runs()):
        for words, bold in line if not index else [(" ", line[0][1] if line else False), *line]:
            if pieces and pieces[-1][1] == bold:
                pieces[-1] = (pieces[-1][0] + words, bold)
            else:
                pieces.append((words, bold))
    return pieces


def run(words: str, para: Para, ink: Ink, *, bold: bool, size: float | None = None) -> str:
    """One `<a:r>`; weights from 600 are bold, since a viewer may not have Inter's other weights."""
    heavy = ' b="1"' if bold or para.weight >= 600 else ' b="0"'
    spacing = f' spc="{round(para.tracking * ink.size(para.size))}"' if para.tracking and size is None else ""
    head = f'<a:rPr lang="{ink.locale}" sz="{ink.size(size or para.size)}"{heavy}{spacing} dirty="0">'
    behind = f"<a:highlight>{ink.color(para.ground)}</a:highlight>" if para.ground else ""
    return f"<a:r>{head}{ink.fill(para.color)}{behind}{ink.face}</a:rPr><a:t>{escape(words)}</a:t></a:r>"


def end_run(para: Para, ink: Ink) -> str:
    """Properties of what somebody types after the paragraph."""
    return f'<a:endParaRPr lang="{ink.locale}" sz="{ink.size(para.size)}"/>'


def body(paras: tuple[Para, ...], ink: Ink, anchor: str = "top", insets: tuple[float, ...] = (0, 0, 0, 0)) -> str:
    """`<p:txBody>`; text shrinks rather than overflow where Inter is missing and another font is wider."""
    left, top, right, bottom = (ink.emu(inset) for inset in insets)
    side = {"top": "t", "middle": "ctr", "bottom": "b"}[anchor]
    frame = f'<a:bodyPr wrap="square" lIns="{left}" tIns="{top}" rIns="{right}" bIns="{bottom}" anchor="{side}">'
    words = "".join(paragraph(para, ink) for para in paras) or "<a:p/>"
    return f"<p:txBody>{frame}<a:normAutofit/></a:bodyPr><a:lstStyle/>{words}</p:txBody>"


def shape(
    number: int,
    name: str,
    box: Box,
    ink: Ink,
    *,
    fill: str | None = None,
    radius: float = 0.0,
    text: str = "",
    descr: str = "",
) -> str:
    """A `<p:sp>`: rectangle or rounded rectangle, filled or not, with or without text."""
    geometry = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    if radius and min(box.w, box.h) > 0:
        share = min(round(radius / min(box.w, box.h) * 100_000), 50_000)
        guide = f'<a:avLst><a:gd name="adj" fmla="val {share}"/></a:avLst>'
        geometry = f'<a:prstGeom prst="roundRect">{guide}</a:prstGeom>'
    paint = ink.fill(fill) if fill else "<a:noFill/>"
    extra = f">{DECORATIVE}</p:cNvPr>" if fill and not text and not descr else "/>"
    alt = f" descr={quoteattr(descr)}" if descr else ""
    kind = "" if fill else ' txBox="1"'
    head = f'<p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(name)}{alt}{extra}<p:cNvSpPr{kind}/><p:nvPr/></p:nvSpPr>'
    look = f"<p:spPr>{transform(box, scale=ink.scale)}{geometry}{paint}<a:ln><a:noFill/></a:ln></p:spPr>"
    words = text or '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-GB"/></a:p></p:txBody>'
    return f"<p:sp {NAMESPACES}>{head}{look}{words}</p:sp>"


def placeholder(number: int, name: str, kind: str, box: Box, text: str) -> str:
    """A `<p:sp>` that fills a placeholder of the layout; `kind` is its `<p:ph>` attributes."""
    head = f'<p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(name)}/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
    head += f"<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>"
    return f"<p:sp {NAMESPACES}>{head}<p:spPr>{transform(box)}</p:spPr>{text}</p:sp>"
