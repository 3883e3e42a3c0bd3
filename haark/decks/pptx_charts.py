"""Native PowerPoint charts with their workbooks, formatted to look like the printed ones."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from haark.decks import fit
from haark.decks.ooxml import Ink, emu
from haark.decks.outline import Bars, LineChart, Waterfall
from haark.decks.plot import Plot, plot
from haark.decks.shapes import ChartShape, Series
from haark.decks.svg import levels, step_pitch, values_of
from haark.decks.words import word

CHART = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
FALL = "#d9a0a6"
WHOLE = re.compile(r"^([^\d−-]*)([−-]?)(\d{1,4})([^\d]*)$")


def add(slide: Any, shape: ChartShape, ink: Ink) -> None:
    """Adds the chart with its alternative text; nothing when no value is known."""
    builder = {LineChart: _line, Bars: _bars, Series: _series, Waterfall: _waterfall}[type(shape.chart)]
    builder(slide, shape, ink)


def _frame(slide: Any, shape: ChartShape, kind: Any, data: CategoryChartData, ink: Ink) -> Any:
    box = shape.box
    frame = slide.shapes.add_chart(kind, emu(box.x), emu(box.y), emu(box.w), emu(box.h), data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", shape.alt)
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = False
    space = chart._chartSpace
    space.append(_text(9.5, ink.theme.ink3, ink, "c:txPr")) if space.find(qn("c:txPr")) is None else None
    _order_text(space)
    for element in space.iter(qn("c:axId"), qn("c:crossAx")):
        element.set("val", element.get("val").lstrip("-"))  # python-pptx's negative numbers are not valid
    return chart


def _order_text(space: Any) -> None:
    """`c:txPr` stands before the workbook's reference, as the schema asks."""
    text, external = space.find(qn("c:txPr")), space.find(qn("c:externalData"))
    if text is not None and external is not None:
        external.addprevious(text)


def _text(size: float, color: str, ink: Ink, tag: str = "c:txPr", *, bold: bool = False) -> Any:
    style = f'<a:defRPr sz="{round(size * 100)}" b="{int(bold)}">{ink.fill(color)}</a:defRPr>'
    return parse_xml(
        f"<{tag} {CHART}><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{style}</a:pPr>"
        f'<a:endParaRPr lang="{ink.locale}"/></a:p></{tag}>'
    )


def _data(labels: Sequence[str], *series: tuple[str, Sequence[float | None]]) -> CategoryChartData:
    data = CategoryChartData()
    data.categories = [label or "\u00a0" for label in labels]
    for name, values in series:
        data.add_series(name, values)
    return data


def _paint(target: Any, fill: str | None, ink: Ink) -> None:
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
    anchor = next((child for child in reversed(after) if child.tag != qn("c:invertIfNegative")), None)
    if target.tag == qn("c:dPt"):
        anchor = after[-1]
    anchor.addnext(properties)


def _point(series: Any, index: int, fill: str, ink: Ink) -> None:
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


def _labels(
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
        look = f'sz="{round(size * 100)}" b="{int(bold or own is not None)}"'
        if pattern:
            inside = f'<c:numFmt formatCode={_quoted(pattern)} sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
            inside += _plain_text(look, paint, ink)
        else:
            run = f'<a:r><a:rPr lang="{ink.locale}" {look}>{paint}</a:rPr><a:t>{_escaped(words)}</a:t></a:r>'
            inside = f"<c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p>{run}</a:p></c:rich></c:tx>"
        body += f'<c:dLbl><c:idx val="{index}"/>{inside}<c:dLblPos val="{position}"/>{flags}</c:dLbl>'
    common = f'<c:numFmt formatCode={_quoted(pattern or "General")} sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
    common += _plain_text(f'sz="{round(size * 100)}" b="{int(bold)}"', ink.fill(color), ink)
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


def _hide(axis: Any) -> None:
    axis.visible = False
    axis.has_major_gridlines = False


def _quiet(axis: Any, ink: Ink, *, line: str | None = None, size: float = 9.0, color: str | None = None) -> None:
    """An axis with words and without ticks."""
    from pptx.enum.chart import XL_TICK_MARK

    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.minor_tick_mark = XL_TICK_MARK.NONE
    element = axis._element
    for tag in ("c:spPr", "c:txPr"):
        old = element.find(qn(tag))
        if old is not None:
            element.remove(old)
    stroke = f'<a:ln w="{emu(0.75)}">{ink.fill(line)}</a:ln>' if line else "<a:ln><a:noFill/></a:ln>"
    anchor = element.find(qn("c:tickLblPos"))
    anchor.addnext(_text(size, color or ink.theme.ink3, ink))
    anchor.addnext(parse_xml(f"<c:spPr {CHART}>{stroke}</c:spPr>"))


def _inner(chart: Any, x: float, y: float, w: float, h: float) -> None:
    """Fixes the plot area, as shares of the chart."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    sides = "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in (("x", x), ("y", y), ("w", w), ("h", h)))
    layout = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>' + sides
    area.insert(0, parse_xml(f"<c:layout {CHART}><c:manualLayout>{layout}</c:manualLayout></c:layout>"))


def _series(slide: Any, shape: ChartShape, ink: Ink) -> None:
    rows = values_of(shape.chart, ink.language)
    box, theme = shape.box, ink.theme
    if not any(value is not None for _, value, _ in rows):
        return
    name = shape.chart.metric.label or word(ink.language, "value")
    data = _data([label for label, _, _ in rows], (name, [value for _, value, _ in rows]))
    chart = _frame(slide, shape, XL_CHART_TYPE.COLUMN_CLUSTERED, data, ink)
    chart.plots[0].gap_width = 25
    series = chart.plots[0]._element.find(qn("c:ser"))
    _paint(series, theme.light, ink)
    last = len(rows) - 1
    _point(series, last, theme.brand, ink)
    shown = [(value, words) for _, value, words in rows]
    _labels(series, shown, ink, size=9.5, color=theme.ink3, position="outEnd", strong={last: theme.brand_text})
    top = max((value for _, value, _ in rows if value is not None), default=0) or 1
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, top * 1.16
    _hide(chart.value_axis)
    _quiet(chart.category_axis, ink)
    pitch = min(box.w / len(rows), 47.0)
    _inner(chart, 0, 0, min(pitch * len(rows) / box.w, 1.0), (box.h - 18) / box.h)


def _bars(slide: Any, shape: ChartShape, ink: Ink) -> None:
    block, theme, box = shape.chart, ink.theme, shape.box
    if not block.items:
        return
    rows = values_of(block, ink.language)
    share = min(max(max(fit.width(label, 10.5) for label, _, _ in rows) * 1.08 + 10, 60), box.w * 0.46)
    labels = [fit.wrap(label, share - 8, 10.5, limit=2).text for label, _, _ in rows]
    data = _data(labels, (block.title or word(ink.language, "value"), [value for _, value, _ in rows]))
    chart = _frame(slide, shape, XL_CHART_TYPE.BAR_CLUSTERED, data, ink)
    chart.plots[0].gap_width = 180
    series = chart.plots[0]._element.find(qn("c:ser"))
    _paint(series, theme.accent, ink)
    top = block.maximum or 1
    for index, (_, value, _) in enumerate(rows):
        if (value or 0) / top < 0.4:
            _point(series, index, theme.medium, ink)
    shown = [(value, words) for _, value, words in rows]
    _labels(series, shown, ink, size=10.5, color=theme.ink, position="outEnd", bold=True)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, top
    _hide(chart.value_axis)
    _quiet(chart.category_axis, ink, size=10.5, color=theme.ink)
    chart.category_axis.reverse_order = True
    longest = max(fit.width(words, 10.5, fit.Face(600)) for _, _, words in rows) + 10
    _inner(chart, share / box.w, 0, max(box.w - share - longest, 40) / box.w, 1)


def _line(slide: Any, shape: ChartShape, ink: Ink) -> None:
    block, theme = shape.chart, ink.theme
    geometry = plot(block, shape.box, ink.language)
    if geometry is None:
        return
    rows = values_of(block, ink.language)
    series = [(block.title or word(ink.language, "value"), [value for _, value, _ in rows])]
    if block.target is not None:
        series.append((block.target_label or "–", [block.target] * len(rows)))
    chart = _frame(slide, shape, XL_CHART_TYPE.LINE, _data([label for label, _, _ in rows], *series), ink)
    lines = chart.plots[0]._element
    found = lines.findall(qn("c:ser"))
    _stroke(found[0], theme.brand_text, 2.25, ink)
    _line_labels(found[0], rows, geometry, ink)
    if len(found) > 1:
        _stroke(found[1], theme.ink3, 1.1, ink, dash=True)
        _target_label(found[1], block.target_label, ink)
    if all(value is not None for _, value, _ in rows) and len(rows) > 1:
        _area(lines, found[0], theme.tint, ink)
    _axes(chart, geometry, ink)
    box, area = shape.box, geometry.area
    _inner(chart, area.x / box.w, area.y / box.h, area.w / box.w, area.h / box.h)


def _stroke(series: Any, color: str, width: float, ink: Ink, *, dash: bool = False) -> None:
    pattern = '<a:prstDash val="dash"/>' if dash else ""
    stroke = f'<a:ln w="{emu(width)}" cap="rnd">{ink.fill(color)}{pattern}<a:round/></a:ln>'
    for tag in ("c:spPr", "c:marker", "c:smooth"):
        for old in series.findall(qn(tag)):
            series.remove(old)
    anchor = series.find(qn("c:tx"))
    anchor.addnext(parse_xml(f'<c:marker {CHART}><c:symbol val="none"/></c:marker>'))
    anchor.addnext(parse_xml(f"<c:spPr {CHART}>{stroke}</c:spPr>"))
    series.append(parse_xml(f'<c:smooth {CHART} val="0"/>'))


def _line_labels(series: Any, rows: Sequence[tuple[str, float | None, str]], geometry: Plot, ink: Ink) -> None:
    """Words on the last and on the highest point, a dot on the last one."""
    theme = ink.theme
    last, _, bottom = geometry.points[-1]
    top = min(geometry.points, key=lambda place: place[2])
    tone = theme.tone("bad")
    fill, color = (tone.fill, tone.text) if geometry.falling else (theme.accent, theme.brand_text)
    mark = f'<c:marker><c:symbol val="circle"/><c:size val="9"/><c:spPr>{ink.fill(fill)}'
    mark += "<a:ln><a:noFill/></a:ln></c:spPr></c:marker>"
    stroke = f'<c:spPr><a:ln w="{emu(2.25)}" cap="rnd">{ink.fill(theme.brand_text)}<a:round/></a:ln></c:spPr>'
    cat = series.find(qn("c:cat"))
    cat.addprevious(parse_xml(f'<c:dPt {CHART}><c:idx val="{last}"/>{mark}<c:bubble3D val="0"/>{stroke}</c:dPt>'))
    labels = {last: ("r", 12.75, color)}
    if top[0] != last and bottom - top[2] > 24 and rows[top[0]][2]:
        labels[top[0]] = ("t", 10.5, theme.brand_text)
    body = "".join(
        _point_label(index, rows[index][2], *labels[index], ink) for index in sorted(labels) if rows[index][2]
    )
    cat.addprevious(parse_xml(f"<c:dLbls {CHART}>{body}{_flags()}</c:dLbls>"))


def _point_label(index: int, words: str, position: str, size: float, color: str, ink: Ink) -> str:
    look = f'<a:rPr lang="{ink.locale}" sz="{round(size * 100)}" b="1">{ink.fill(color)}</a:rPr>'
    run = f"<a:r>{look}<a:t>{_escaped(words)}</a:t></a:r>"
    rich = f"<c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p>{run}</a:p></c:rich></c:tx>"
    return f'<c:dLbl><c:idx val="{index}"/>{rich}<c:dLblPos val="{position}"/>{_flags("Val")}</c:dLbl>'


def _flags(shown: str = "") -> str:
    names = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    return "".join(f'<c:show{name} val="{int(name == shown)}"/>' for name in names)


def _target_label(series: Any, words: str, ink: Ink) -> None:
    if not words:
        return
    label = _point_label(0, words, "t", 9.5, ink.theme.ink2, ink)
    series.find(qn("c:cat")).addprevious(parse_xml(f"<c:dLbls {CHART}>{label}{_flags()}</c:dLbls>"))


def _area(lines: Any, series: Any, fill: str, ink: Ink) -> None:
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


def _axes(chart: Any, geometry: Plot, ink: Ink) -> None:
    values, theme = chart.value_axis, ink.theme
    values.minimum_scale, values.maximum_scale = geometry.steps[0], geometry.steps[-1]
    values.major_unit = geometry.steps[1] - geometry.steps[0]
    _quiet(values, ink)
    values.has_major_gridlines = True
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0.##", False
    whole = all(step == int(step) for step in geometry.steps)
    values.tick_labels.number_format = "#,##0" if whole else "#,##0.0#"
    grid = values._element.find(qn("c:majorGridlines"))
    grid.append(parse_xml(f'<c:spPr {CHART}><a:ln w="{emu(0.75)}">{ink.fill(theme.line)}</a:ln></c:spPr>'))
    between = values._element.find(qn("c:crossBetween"))
    if between is not None:
        between.set("val", "midCat")
    _quiet(chart.category_axis, ink, line=theme.line)
    stride = geometry.shown[1] - geometry.shown[0] if len(geometry.shown) > 1 else 1
    if stride > 1:
        skip = parse_xml(f'<c:tickLblSkip {CHART} val="{stride}"/>')
        chart.category_axis._element.find(qn("c:lblOffset")).addnext(skip)


def _waterfall(slide: Any, shape: ChartShape, ink: Ink) -> None:
    """Stacked columns on an invisible base; an invisible cap carries the words above each column."""
    block, theme = shape.chart, ink.theme
    if not block.steps:
        return
    spans = levels(block)
    high, low = max((0.0, *(top for _, top in spans))), min((0.0, *(bottom for bottom, _ in spans)))
    base = [bottom if bottom > 0 else min(top, 0.0) for bottom, top in spans]
    above = [max(top, 0.0) - max(bottom, 0.0) for bottom, top in spans]
    below = [min(bottom, 0.0) - min(top, 0.0) for bottom, top in spans]
    cap = ((high - low) or 1.0) * 0.12
    name = block.title or word(ink.language, "value")
    data = _data(
        [step.label for step in block.steps],
        ("Base", base),
        (name, above),
        *((((f"{name} −"), below),) if any(below) else ()),
        (word(ink.language, "label"), [cap] * len(spans)),
    )
    chart = _frame(slide, shape, XL_CHART_TYPE.COLUMN_STACKED, data, ink)
    chart.plots[0].gap_width, chart.plots[0].overlap = 43, 100
    found = chart.plots[0]._element.findall(qn("c:ser"))
    _paint(found[0], None, ink)
    _paint(found[-1], None, ink)
    for series in found[1:-1]:
        _paint(series, theme.medium, ink)
        for index, step in enumerate(block.steps):
            if step.total or step.value < 0:
                _point(series, index, theme.brand if step.total else FALL, ink)
    words = [(cap, step.display) for step in block.steps]
    _labels(found[-1], words, ink, size=13.5, color=theme.ink, position="inBase", bold=True)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = low, high + cap
    _hide(chart.value_axis)
    _quiet(chart.category_axis, ink, line=theme.ink, size=9.75, color=theme.ink2)
    share = step_pitch(block, shape.box) * len(block.steps) / shape.box.w
    _inner(chart, 0, 0.01, share, (shape.box.h - 30) / shape.box.h)
