"""Our own 16:9 PowerPoint template, built by code from the brand: theme, master, a cover and a content layout."""

from __future__ import annotations

import re
from typing import Any

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Show
from pptx.util import Length

from haark.decks.ooxml import NAMESPACES, emu, transform
from haark.decks.shapes import HEIGHT, WIDTH, Box
from haark.decks.theme import Theme
from haark.decks.waves import CANVAS, Wave, waves

FONT = "Inter"
COVER, CONTENT = 0, 1
PLACES = {
    "title": Box(54, 66, 746, 66),
    "section": Box(54, 44.6, 852, 15),
    "source": Box(54, 498, 500, 26),
    "footer": Box(560, 498, 320, 14),
    "number": Box(880, 498, 26, 14),
    "cover": Box(54, 196, 560, 116),
    "subtitle": Box(54, 330, 461, 80),
    "meta": Box(54, 477, 560, 18),
}
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"


def blank(theme: Theme) -> Show:
    """An empty presentation of 960 x 540 points with our master and two layouts."""
    show = Presentation()
    show.slide_width, show.slide_height = Length(emu(WIDTH)), Length(emu(HEIGHT))
    layouts = show.slide_layouts
    for layout in [layout for index, layout in enumerate(layouts) if index not in (0, 5)]:
        layouts.remove(layout)
    _theme(show, theme)
    _fill(show.slide_master, _master(), "bg1")
    _styles(show.slide_master)
    _fill(layouts[COVER], _cover(), "accent1")
    _fill(layouts[CONTENT], _content(), None)
    _name(layouts[COVER], "Haark cover", "title")
    _name(layouts[CONTENT], "Haark content", "obj")
    _drop(show.part.package, "thumbnail")
    _drop(show.part, "printerSettings")
    return show


def _drop(owner: Any, kind: str) -> None:
    """Leaves out what python-pptx's own template brings along: a picture of it, somebody's printer."""
    for key in [key for key, relation in owner._rels.items() if relation.reltype.endswith(f"/{kind}")]:
        owner._rels.pop(key)


def _theme(show: Show, theme: Theme) -> None:
    part = show.slide_master.part.part_related_by(RELATION)
    colors = {
        "dk1": theme.ink,
        "lt1": "#ffffff",
        "dk2": theme.ink2,
        "lt2": theme.tint,
        "accent1": theme.brand,
        "accent2": theme.accent,
        "accent3": theme.medium,
        "accent4": theme.light,
        "accent5": theme.pale,
        "accent6": theme.tone("bad").fill,
        "hlink": theme.accent,
        "folHlink": theme.ink3,
    }
    scheme = "".join(f'<a:{key}><a:srgbClr val="{value[1:].upper()}"/></a:{key}>' for key, value in colors.items())
    text = part.blob.decode("utf-8")
    text = re.sub(
        r"<a:clrScheme .*?</a:clrScheme>", f'<a:clrScheme name="Haark">{scheme}</a:clrScheme>', text, flags=re.DOTALL
    )
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fonts = f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont>"
    text = re.sub(
        r"<a:fontScheme .*?</a:fontScheme>", f'<a:fontScheme name="Haark">{fonts}</a:fontScheme>', text, flags=re.DOTALL
    )
    part._blob = text.encode("utf-8")  # python-pptx keeps the theme as an opaque part


def _fill(owner: Any, shapes: list[str], ground: str | None) -> None:
    """Replaces every shape of a master or layout, and its ground."""
    tree = owner.shapes._spTree
    for child in list(tree)[2:]:
        tree.remove(child)
    for number, shape in enumerate(shapes, 2):
        tree.append(parse_xml(shape.replace('id="0"', f'id="{number}"', 1)))
    data = owner._element.cSld
    for old in data.findall("{*}bg"):
        data.remove(old)
    if ground:
        fill = f'<a:solidFill><a:schemeClr val="{ground}"/></a:solidFill><a:effectLst/>'
        data.insert(0, parse_xml(f"<p:bg {NAMESPACES}><p:bgPr>{fill}</p:bgPr></p:bg>"))


def _name(layout: Any, name: str, kind: str) -> None:
    layout._element.cSld.set("name", name)
    layout._element.set("type", kind)


def _styles(master: Any) -> None:
    """Master text styles: sizes, colours and spacing that new text takes."""
    old = master._element.find("{*}txStyles")
    level = (
        '<a:lvl1pPr marL="0" indent="0" algn="l"><a:lnSpc><a:spcPct val="{leading}"/></a:lnSpc><a:buNone/>'
        '<a:defRPr sz="{size}" b="{bold}" spc="{spacing}"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
        '<a:latin typeface="+m{face}-lt"/></a:defRPr></a:lvl1pPr>'
    )
    title = level.format(leading=96_000, size=2700, bold=1, spacing=-59, face="j")
    text = level.format(leading=107_000, size=1400, bold=0, spacing=0, face="n")
    styles = f"<p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{text}</p:bodyStyle><p:otherStyle>{text}</p:otherStyle>"
    old.getparent().replace(old, parse_xml(f"<p:txStyles {NAMESPACES}>{styles}</p:txStyles>"))


def _holder(name: str, kind: str, box: Box, size: float, color: str, *, align: str = "l", field: str = "") -> str:
    words = f"<a:r><a:rPr/><a:t>{name}</a:t></a:r>"
    if field:
        words = f'<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="{field}"><a:rPr/><a:t>‹#›</a:t></a:fld>'
    head = f'<p:nvSpPr><p:cNvPr id="0" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
    head += f"<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>"
    look = f'<p:spPr>{transform(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
    frame = '<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:normAutofit/></a:bodyPr>'
    paint = f'<a:solidFill><a:schemeClr val="{color}"/></a:solidFill>'
    style = f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
    style += f'<a:defRPr sz="{round(size * 100)}">{paint}</a:defRPr></a:lvl1pPr>'
    text = f"<p:txBody>{frame}<a:lstStyle>{style}</a:lstStyle><a:p>{words}</a:p></p:txBody>"
    return f"<p:sp {NAMESPACES}>{head}{look}{text}</p:sp>"


def _master() -> list[str]:
    return [
        _holder("Title", 'type="title"', PLACES["title"], 27, "tx1"),
        _holder("Text", 'type="body" idx="1"', Box(54, 158.4, 852, 310), 14, "tx1"),
        _holder("Footer", 'type="ftr" sz="quarter" idx="3"', PLACES["footer"], 9, "tx2", align="r"),
        _holder(
            "Number", 'type="sldNum" sz="quarter" idx="4"', PLACES["number"], 9, "tx2", align="r", field="slidenum"
        ),
    ]


def _content() -> list[str]:
    return [
        _holder("Title", 'type="title"', PLACES["title"], 27, "tx1"),
        _holder("Section", 'type="body" sz="quarter" idx="13"', PLACES["section"], 10.5, "accent2"),
        _holder("Source", 'type="body" sz="quarter" idx="14"', PLACES["source"], 9, "tx2"),
        _holder("Footer", 'type="ftr" sz="quarter" idx="11"', PLACES["footer"], 9, "tx2", align="r"),
        _holder(
            "Number", 'type="sldNum" sz="quarter" idx="12"', PLACES["number"], 9, "tx2", align="r", field="slidenum"
        ),
        _line(),
    ]


def _cover() -> list[str]:
    curves = [_curve(wave) for wave in waves()]
    return [
        *curves,
        _holder("Title", 'type="ctrTitle"', PLACES["cover"], 54, "bg1"),
        _holder("Subtitle", 'type="subTitle" idx="1"', PLACES["subtitle"], 19, "bg1"),
        _holder("Date", 'type="body" sz="quarter" idx="13"', PLACES["meta"], 12, "bg1"),
    ]


def _line() -> str:
    paint = '<a:solidFill><a:srgbClr val="DFE3E9"/></a:solidFill>'
    return (
        f'<p:cxnSp {NAMESPACES}><p:nvCxnSpPr><p:cNvPr id="0" name="Line"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvCxnSpPr><p:spPr>{transform(Box(54, 490.5, 852, 0))}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
        f'<a:ln w="{emu(0.75)}">{paint}</a:ln></p:spPr></p:cxnSp>'
    )


def _curve(wave: Wave) -> str:
    """A curve of the cover, in the layout: it stays when the cover's words change. Clipped to the page."""
    at = [f'<a:pt x="{round(x * 10)}" y="{round(y * 10)}"/>' for x, y in _clipped(wave)]
    moves = f"<a:moveTo>{at[0]}</a:moveTo>"
    moves += "".join(
        f"<a:cubicBezTo>{at[index]}{at[index + 1]}{at[index + 2]}</a:cubicBezTo>" for index in range(1, len(at) - 2, 3)
    )
    size = f'w="{CANVAS[0] * 10}" h="{CANVAS[1] * 10}"'
    geometry = (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path {size} fill="none">{moves}</a:path></a:pathLst></a:custGeom>'
    )
    alpha = f'<a:schemeClr val="bg1"><a:alpha val="{round(wave.opacity * 100_000)}"/></a:schemeClr>'
    stroke = f'<a:ln w="{emu(wave.width * 0.75)}"><a:solidFill>{alpha}</a:solidFill></a:ln>'
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="0" name="Curve"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f"<p:spPr>{transform(Box(0, 0, WIDTH, HEIGHT))}{geometry}<a:noFill/>{stroke}</p:spPr></p:sp>"
    )


def _clipped(wave: Wave) -> list[tuple[float, float]]:
    """The curve's Bézier points without the parts below and right of the page."""
    first, second = list(wave.points[:4]), list(wave.points[3:7])
    first = _after(first, 720)
    second = _before(second, CANVAS[0])
    return [*first, *second[1:]]


Curve = list[tuple[float, float]]


def _split(points: Curve, share: float) -> tuple[Curve, Curve]:
    """De Casteljau's two halves of a cubic at `share`."""
    rows = [points]
    while len(rows[-1]) > 1:
        rows.append(
            [
                (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
                for a, b in zip(rows[-1], rows[-1][1:], strict=False)
            ]
        )
    return [row[0] for row in rows], [row[-1] for row in reversed(rows)]


def _after(points: Curve, floor: float) -> Curve:
    """The part of a rising curve above y = `floor`."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if _split(points, middle)[0][-1][1] > floor else (low, middle)
    return _split(points, high)[1]


def _before(points: Curve, wall: float) -> Curve:
    """The part of a curve left of x = `wall`."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if _split(points, middle)[0][-1][0] < wall else (low, middle)
    return _split(points, low)[0]
