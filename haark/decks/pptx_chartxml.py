"""Chart XML that python-pptx has no words for: fills, labels with the outline's words, quiet axes, fixed plot areas."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Any

from pptx.enum.chart import XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from haark.decks.ooxml import Ink
from haark.decks.packing import ChartData

CHART = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
WHOLE = re.compile(r"^([^\d−-]*)([−-]?)(\d{1,4})([^\d]*)$")


def order_text(space: Any) -> None:
    """`c:txPr` stands before the workbook's reference, as the schema asks."""
    text, external = space.find(qn("c:txPr")), space.find(qn("c:externalData"))
    if text is not None and external is not None:
        external.addprevious(text)


def clear(space: Any) -> None:
    """No ground of its own: the page shows through, whatever its colour."""
    if space.find(qn("c:spPr")) is None:
        space.find(qn("c:txPr")).addprevious(parse_xml(f"<c:spPr {CHART}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"))


def text(size: float, color: str, ink: Ink, tag: str = "c:txPr", *, bold: bool = False) -> Any:
    style = f'<a:defRPr sz="{ink.size(size)}" b="{int(bold)}">{ink.fill(color)}</a:defRPr>'
    return parse_xml(
        f"<{tag} {CHART}><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{style}</a:pPr>"
        f'<a:endParaRPr lang="{ink.locale}"/></a:p></{tag}>'
    )


def data(labels: Sequence[str], *series: tuple[str, Sequence[float | None]]) -> ChartData:
    data = ChartData()
    data.categories = [label or "\u00a0" for label in labels]
    for name, values in series:
        data.add_series(name, values)
    return data


def paint(target: Any, fill: str | None, ink: Ink) -> None:
    """Fill of a series or a point (`c:ser`, `c:dPt`), without outline."""
    paint = ink.fill(fill) if fill else "<a:noFill/>"
    properties = parse_xml(f"<c:spPr {CHART}>{paint}<a:ln><a:noFill/></a:ln></c:spPr>")
    target.replace(target.find(qn("c:spPr")), properties) if target.find(qn("c:spPr")) is not None else _insert(
        target, properties
    )


def _insert(target: Any, properties: Any) -> None:
    after = [
        child for child in target if child.tag in {qn("c:idx"), qn("c:order"), qn("c:tx"), qn("c:invertIfNegative")}
    ]
    if target.tag != qn("c:dPt"):
        after = [child for child in after if child.tag != qn("c:invertIfNegative")]
    after[-1].addnext(properties)


def point(series: Any, index: int, fill: str, ink: Ink) -> None:
    """Own colour for one point."""
    paint = f"<c:spPr>{ink.fill(fill)}<a:ln><a:noFill/></a:ln></c:spPr>"
    point = parse_xml(
        f'<c:dPt {CHART}><c:idx val="{index}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>{paint}</c:dPt>'
    )
    before = series.find(qn("c:dLbls"))
    before = before if before is not None else series.find(qn("c:cat"))
    before.addprevious(point)


def number_format(shown: Sequence[tuple[float | None, str]]) -> str | None:
    """The Excel format that writes every value as it is worded, or None; such labels follow when data is edited."""
    found = set()
    for value, words in shown:
        if value is None:
            continue
        match = WHOLE.match(words)
        if match is None or float(match[3]) != abs(value) or bool(match[2]) != (value < 0):
            return None
        found.add((match[1], match[4]))
    if len(found) != 1:
        return None
    before, after = (part.replace('"', "") for part in found.pop())
    return "".join((f'"{before}"' if before else "", "0", f'"{after}"' if after else ""))


def labels(
    series: Any,
    shown: Sequence[tuple[float | None, str]],
    ink: Ink,
    *,
    size: float,
    color: str,
    position: str,
    strong: dict[int, str] | None = None,
    bold: bool = False,
) -> None:
    """Data labels: the value where a number format words it as the outline does, else the outline's own words."""
    pattern, body = number_format(shown), ""
    flags = "".join(
        f'<c:show{name} val="{int(name == "Val")}"/>'
        for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    for index, (value, words) in enumerate(shown):
        own = (strong or {}).get(index)
        if value is None or (pattern and own is None):
            continue
        paint = ink.fill(own or color)
        look = f'sz="{ink.size(size)}" b="{int(bold or own is not None)}"'
        if pattern:
            inside = f'<c:numFmt formatCode={_quoted(pattern)} sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
            inside += _plain_text(look, paint, ink)
        else:
            run = f'<a:r><a:rPr lang="{ink.locale}" {look}>{paint}</a:rPr><a:t>{_escaped(words)}</a:t></a:r>'
            inside = f"<c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p>{run}</a:p></c:rich></c:tx>"
        body += f'<c:dLbl><c:idx val="{index}"/>{inside}<c:dLblPos val="{position}"/>{flags}</c:dLbl>'
    common = f'<c:numFmt formatCode={_quoted(pattern or "General")} sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
    common += _plain_text(f'sz="{ink.size(size)}" b="{int(bold)}"', ink.fill(color), ink)
    labels = parse_xml(f'<c:dLbls {CHART}>{body}{common}<c:dLblPos val="{position}"/>{flags}</c:dLbls>')
    old = series.find(qn("c:dLbls"))
    if old is not None:
        series.remove(old)
    series.find(qn("c:cat")).addprevious(labels)


def _plain_text(look: str, paint: str, ink: Ink) -> str:
    style = f"<a:pPr><a:defRPr {look}>{paint}</a:defRPr></a:pPr>"
    return f'<c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p>{style}<a:endParaRPr lang="{ink.locale}"/></a:p></c:txPr>'


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace('"', "&quot;") + '"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def hide(axis: Any) -> None:
    axis.visible = False
    axis.has_major_gridlines = False


def quiet(axis: Any, ink: Ink, *, line: str | None = None, size: float = 9.0, color: str | None = None) -> None:
    """An axis with words and without ticks."""
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.minor_tick_mark = XL_TICK_MARK.NONE
    element = axis._element
    for tag in ("c:spPr", "c:txPr"):
        old = element.find(qn(tag))
        if old is not None:
            element.remove(old)
    stroke = f'<a:ln w="{ink.emu(0.75)}">{ink.fill(line)}</a:ln>' if line else "<a:ln><a:noFill/></a:ln>"
    anchor = element.find(qn("c:tickLblPos"))
    anchor.addnext(text(size, color or ink.theme.ink3, ink))
    anchor.addnext(parse_xml(f"<c:spPr {CHART}>{stroke}</c:spPr>"))


def inner(chart: Any, x: float, y: float, w: float, h: float) -> None:
    """Fixes the plot area, as shares of the chart."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    sides = "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in (("x", x), ("y", y), ("w", w), ("h", h)))
    layout = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>' + sides
    area.insert(0, parse_xml(f"<c:layout {CHART}><c:manualLayout>{layout}</c:manualLayout></c:layout>"))


def stroke(series: Any, color: str, width: float, ink: Ink, *, dash: bool = False) -> None:
    pattern = '<a:prstDash val="dash"/>' if dash else ""
    stroke = f'<a:ln w="{ink.emu(width)}" cap="rnd">{ink.fill(color)}{pattern}<a:round/></a:ln>'
    for tag in ("c:spPr", "c:marker", "c:smooth"):
        for old in series.findall(qn(tag)):
            series.remove(old)
    anchor = series.find(qn("c:tx"))
    anchor.addnext(parse_xml(f'<c:marker {CHART}><c:symbol val="none"/></c:marker>'))
    anchor.addnext(parse_xml(f"<c:spPr {CHART}>{stroke}</c:spPr>"))
    series.append(parse_xml(f'<c:smooth {CHART} val="0"/>'))


def dot(series: Any, index: int, fill: str, size: int, ink: Ink) -> None:
    mark = (
        f'<c:marker><c:symbol val="circle"/><c:size val="{max(round(size * ink.scale), 3)}"/><c:spPr>{ink.fill(fill)}'
    )
    mark += "<a:ln><a:noFill/></a:ln></c:spPr></c:marker>"
    stroke = f'<c:spPr><a:ln w="{ink.emu(2.25)}" cap="rnd">{ink.fill(ink.theme.brand_text)}<a:round/></a:ln></c:spPr>'
    point = f'<c:dPt {CHART}><c:idx val="{index}"/>{mark}<c:bubble3D val="0"/>{stroke}</c:dPt>'
    series.find(qn("c:cat")).addprevious(parse_xml(point))


def point_label(index: int, words: str, position: str, size: float, color: str, ink: Ink) -> str:
    look = f'<a:rPr lang="{ink.locale}" sz="{ink.size(size)}" b="1">{ink.fill(color)}</a:rPr>'
    run = f"<a:r>{look}<a:t>{_escaped(words)}</a:t></a:r>"
    rich = f"<c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p>{run}</a:p></c:rich></c:tx>"
    return f'<c:dLbl><c:idx val="{index}"/>{rich}<c:dLblPos val="{position}"/>{flags("Val")}</c:dLbl>'


def flags(shown: str = "") -> str:
    names = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    return "".join(f'<c:show{name} val="{int(name == shown)}"/>' for name in names)


def area(lines: Any, series: Any, fill: str, ink: Ink) -> None:
    """The tinted surface below the line: an area chart on the same cells of the workbook and the same axes."""
    ground = copy.deepcopy(series)
    for tag in ("c:marker", "c:smooth", "c:dPt", "c:dLbls", "c:spPr"):
        for old in ground.findall(qn(tag)):
            ground.remove(old)
    for tag in ("c:idx", "c:order"):
        ground.find(qn(tag)).set("val", "9")
    ground.find(qn("c:tx")).addnext(parse_xml(f"<c:spPr {CHART}>{ink.fill(fill)}</c:spPr>"))
    axes = "".join(f'<c:axId val="{axis.get("val")}"/>' for axis in lines.findall(qn("c:axId")))
    area = parse_xml(f'<c:areaChart {CHART}><c:grouping val="standard"/><c:varyColors val="0"/>{axes}</c:areaChart>')
    area.find(qn("c:varyColors")).addnext(ground)
    lines.addprevious(area)
