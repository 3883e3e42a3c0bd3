"""Native PowerPoint charts with their workbooks, formatted to look like the printed ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from haark.decks import fit
from haark.decks import pptx_chartxml as xml
from haark.decks.ooxml import Ink
from haark.decks.outline import Bars, LineChart, Waterfall
from haark.decks.packing import ChartData
from haark.decks.plot import Plot, plot
from haark.decks.pptx_chartxml import CHART
from haark.decks.shapes import ChartShape, Series
from haark.decks.svg import levels, step_pitch, values_of
from haark.decks.words import word

FALL = "#d9a0a6"


def add(slide: Any, shape: ChartShape, ink: Ink) -> None:
    """Adds the chart with its alternative text; nothing when no value is known."""
    match shape.chart:
        case LineChart() as block:
            _line(slide, shape, block, ink)
        case Bars() as block:
            _bars(slide, shape, block, ink)
        case Series() as block:
            _series(slide, shape, block, ink)
        case Waterfall() as block:
            _waterfall(slide, shape, block, ink)
        case _:
            assert_never(shape.chart)


def _frame(slide: Any, shape: ChartShape, kind: Any, data: ChartData, ink: Ink) -> Any:
    box = shape.box
    frame = slide.shapes.add_chart(kind, *(ink.emu(length) for length in (box.x, box.y, box.w, box.h)), data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", shape.alt)
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = False
    space = chart._chartSpace
    space.append(xml.text(9.5, ink.theme.ink3, ink, "c:txPr")) if space.find(qn("c:txPr")) is None else None
    xml.order_text(space)
    xml.clear(space)
    for element in space.iter(qn("c:axId"), qn("c:crossAx")):
        element.set("val", element.get("val").lstrip("-"))  # python-pptx's negative numbers are not valid
    return chart


def _series(slide: Any, shape: ChartShape, block: Series, ink: Ink) -> None:
    rows = values_of(block, ink.language)
    box, theme = shape.box, ink.theme
    if not any(value is not None for _, value, _ in rows):
        return
    name = block.metric.label or word(ink.language, "value")
    data = xml.data([label for label, _, _ in rows], (name, [value for _, value, _ in rows]))
    chart = _frame(slide, shape, XL_CHART_TYPE.COLUMN_CLUSTERED, data, ink)
    chart.plots[0].gap_width = 25
    series = chart.plots[0]._element.find(qn("c:ser"))
    xml.paint(series, theme.light, ink)
    last = len(rows) - 1
    xml.point(series, last, theme.brand, ink)
    shown = [(value, words) for _, value, words in rows]
    xml.labels(series, shown, ink, size=9.5, color=theme.ink3, position="outEnd", strong={last: theme.brand_text})
    top = max((value for _, value, _ in rows if value is not None), default=0) or 1
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, top * 1.16
    xml.hide(chart.value_axis)
    xml.quiet(chart.category_axis, ink)
    pitch = min(box.w / len(rows), 47.0)
    xml.inner(chart, 0, 0, min(pitch * len(rows) / box.w, 1.0), (box.h - 18) / box.h)


def _bars(slide: Any, shape: ChartShape, block: Bars, ink: Ink) -> None:
    theme, box = ink.theme, shape.box
    if not block.items:
        return
    rows = values_of(block, ink.language)
    share = min(max(max(fit.width(label, 10.5) for label, _, _ in rows) * 1.08 + 10, 60), box.w * 0.46)
    labels = [fit.wrap(label, share - 8, 10.5, limit=2).text for label, _, _ in rows]
    data = xml.data(labels, (block.title or word(ink.language, "value"), [value for _, value, _ in rows]))
    chart = _frame(slide, shape, XL_CHART_TYPE.BAR_CLUSTERED, data, ink)
    chart.plots[0].gap_width = 180
    series = chart.plots[0]._element.find(qn("c:ser"))
    xml.paint(series, theme.accent, ink)
    top = block.maximum or 1
    for index, (_, value, _) in enumerate(rows):
        if (value or 0) / top < 0.4:
            xml.point(series, index, theme.medium, ink)
    shown = [(value, words) for _, value, words in rows]
    xml.labels(series, shown, ink, size=10.5, color=theme.ink, position="outEnd", bold=True)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, top
    xml.hide(chart.value_axis)
    xml.quiet(chart.category_axis, ink, size=10.5, color=theme.ink)
    chart.category_axis.reverse_order = True
    longest = max(fit.width(words, 10.5, fit.Face(600)) for _, _, words in rows) + 10
    xml.inner(chart, share / box.w, 0, max(box.w - share - longest, 40) / box.w, 1)


def _line(slide: Any, shape: ChartShape, block: LineChart, ink: Ink) -> None:
    theme = ink.theme
    geometry = plot(block, shape.box, ink.language)
    if geometry is None:
        return
    rows = values_of(block, ink.language)
    series = [(block.title or word(ink.language, "value"), [value for _, value, _ in rows])]
    if block.target is not None:
        series.append((block.target_label or "–", [block.target] * len(rows)))
    chart = _frame(slide, shape, XL_CHART_TYPE.LINE, xml.data([label for label, _, _ in rows], *series), ink)
    lines = chart.plots[0]._element
    found = lines.findall(qn("c:ser"))
    xml.stroke(found[0], theme.brand_text, 2.25, ink)
    _line_labels(found[0], rows, geometry, ink)
    if len(found) > 1:
        xml.stroke(found[1], theme.ink3, 1.1, ink, dash=True)
        _target_label(found[1], block.target_label, ink)
    if all(value is not None for _, value, _ in rows) and len(rows) > 1:
        xml.area(lines, found[0], theme.tint, ink)
    _axes(chart, geometry, ink)
    box, area = shape.box, geometry.area
    xml.inner(chart, area.x / box.w, area.y / box.h, area.w / box.w, area.h / box.h)


def _line_labels(series: Any, rows: Sequence[tuple[str, float | None, str]], geometry: Plot, ink: Ink) -> None:
    """Words on the last and on the highest point; a dot on the last one and on those between two gaps."""
    theme, known = ink.theme, {at for at, _, _ in geometry.points}
    last, _, bottom = geometry.points[-1]
    top = min(geometry.points, key=lambda place: place[2])
    tone = theme.tone("bad")
    fill, color = (tone.fill, tone.text) if geometry.falling else (theme.accent, theme.brand_text)
    lone = [at for at, _, _ in geometry.points if at != last and not {at - 1, at + 1} & known]
    for at in sorted({*lone, last}):
        xml.dot(series, at, fill if at == last else theme.brand_text, 9 if at == last else 5, ink)
    cat = series.find(qn("c:cat"))
    labels = {last: ("r", 12.75, color)}
    if top[0] != last and bottom - top[2] > 24 and rows[top[0]][2]:
        labels[top[0]] = ("t", 10.5, theme.brand_text)
    body = "".join(
        xml.point_label(index, rows[index][2], *labels[index], ink) for index in sorted(labels) if rows[index][2]
    )
    cat.addprevious(parse_xml(f"<c:dLbls {CHART}>{body}{xml.flags()}</c:dLbls>"))


def _target_label(series: Any, words: str, ink: Ink) -> None:
    if not words:
        return
    label = xml.point_label(0, words, "t", 9.5, ink.theme.ink2, ink)
    series.find(qn("c:cat")).addprevious(parse_xml(f"<c:dLbls {CHART}>{label}{xml.flags()}</c:dLbls>"))


def _axes(chart: Any, geometry: Plot, ink: Ink) -> None:
    values, theme = chart.value_axis, ink.theme
    values.minimum_scale, values.maximum_scale = geometry.steps[0], geometry.steps[-1]
    values.major_unit = geometry.steps[1] - geometry.steps[0]
    xml.quiet(values, ink)
    values.has_major_gridlines = True
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0.##", False
    whole = all(step == int(step) for step in geometry.steps)
    values.tick_labels.number_format = "#,##0" if whole else "#,##0.0#"
    grid = values._element.find(qn("c:majorGridlines"))
    grid.append(parse_xml(f'<c:spPr {CHART}><a:ln w="{ink.emu(0.75)}">{ink.fill(theme.line)}</a:ln></c:spPr>'))
    between = values._element.find(qn("c:crossBetween"))
    if between is not None:
        between.set("val", "midCat")
    xml.quiet(chart.category_axis, ink, line=theme.line)
    stride = geometry.shown[1] - geometry.shown[0] if len(geometry.shown) > 1 else 1
    if stride > 1:
        skip = parse_xml(f'<c:tickLblSkip {CHART} val="{stride}"/>')
        chart.category_axis._element.find(qn("c:lblOffset")).addnext(skip)


def _waterfall(slide: Any, shape: ChartShape, block: Waterfall, ink: Ink) -> None:
    """Stacked columns on an invisible base; an invisible cap carries the words above each column."""
    theme = ink.theme
    if not block.steps:
        return
    spans = levels(block)
    high, low = max((0.0, *(top for _, top in spans))), min((0.0, *(bottom for bottom, _ in spans)))
    base = [bottom if bottom > 0 else min(top, 0.0) for bottom, top in spans]
    above = [max(top, 0.0) - max(bottom, 0.0) for bottom, top in spans]
    below = [min(bottom, 0.0) - min(top, 0.0) for bottom, top in spans]
    cap = ((high - low) or 1.0) * 0.12
    name = block.title or word(ink.language, "value")
    data = xml.data(
        [step.label for step in block.steps],
        ("Base", base),
        (name, above),
        *((((f"{name} −"), below),) if any(below) else ()),
        (word(ink.language, "label"), [cap] * len(spans)),
    )
    chart = _frame(slide, shape, XL_CHART_TYPE.COLUMN_STACKED, data, ink)
    chart.plots[0].gap_width, chart.plots[0].overlap = 43, 100
    found = chart.plots[0]._element.findall(qn("c:ser"))
    xml.paint(found[0], None, ink)
    xml.paint(found[-1], None, ink)
    for series in found[1:-1]:
        xml.paint(series, theme.medium, ink)
        for index, step in enumerate(block.steps):
            if step.total or step.value < 0:
                xml.point(series, index, theme.brand if step.total else FALL, ink)
    words = [(cap, step.display) for step in block.steps]
    xml.labels(found[-1], words, ink, size=13.5, color=theme.ink, position="inBase", bold=True)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = low, high + cap
    xml.hide(chart.value_axis)
    xml.quiet(chart.category_axis, ink, line=theme.ink, size=9.75, color=theme.ink2)
    share = step_pitch(block, shape.box) * len(block.steps) / shape.box.w
    xml.inner(chart, 0, 0.01, share, (shape.box.h - 30) / shape.box.h)
