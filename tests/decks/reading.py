"""Reads finished files back: words of a PDF page, words and charts of a PowerPoint slide."""

import io
import re
import subprocess
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from haark.decks.words import figure

NOISE = re.compile(r"[●◆▼■•\u2028\x0b]")
THIN = re.compile(r"\s+(?=[;:?!»%€])|(?<=«)\s+|(?<=\d)\u202f(?=\d{3}\b)|(?<=\d)\s+(?=р\.)|(?<=/)\s+(?=\d)")
FORMAT = re.compile(r'^(?:"([^"]*)")?0(?:"([^"]*)")?$')


def words(text: str) -> set[str]:
    """Words without order; thin spaces, which pdftotext sometimes swallows, are left out."""
    return set(THIN.sub("", NOISE.sub(" ", text)).split())


def pdf_pages(data: bytes, folder: Path) -> list[set[str]]:
    """Words of each page, by pdftotext."""
    path = folder / "read.pdf"
    path.write_bytes(data)
    text = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, encoding="utf-8", errors="replace"
    ).stdout
    return [words(page) for page in text.split("\f")[:-1]]


def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def presentation(data: bytes):
    return Presentation(io.BytesIO(data))


def slide_words(slide, language: str) -> set[str]:
    """Words that a slide shows, charts as they would be drawn."""
    found = ""
    for shape in slide.shapes:
        if shape.has_text_frame:
            found += " " + shape.text_frame.text.replace("‹#›", "")
        if shape.has_table:
            found += " " + " ".join(cell.text for row in shape.table.rows for cell in row.cells)
        if shape.has_chart:
            found += " " + " ".join(chart_words(shape.chart, language))
    return words(found)


def letters(element) -> str:
    """Text of an element; python-pptx's own classes make itertext() repeat it."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def chart_words(chart, language: str) -> list[str]:
    """Categories, labels and the value axis of a chart."""
    space = chart._chartSpace
    shown = [str(category) for category in chart.plots[0].categories]
    shown += [letters(rich) for rich in space.iter(qn("c:rich"))]
    for series in space.iter(qn("c:ser")):
        labels = series.find(qn("c:dLbls"))
        if labels is None or labels.find(qn("c:showVal")).get("val") != "1":
            continue
        pattern = FORMAT.match(labels.find(qn("c:numFmt")).get("formatCode"))
        if pattern:
            values = [value.text for value in series.find(qn("c:val")).iter(qn("c:v"))]
            shown += [f"{pattern[1] or ''}{float(value):.0f}{pattern[2] or ''}" for value in values]
    axis = next((one for one in space.iter(qn("c:valAx")) if one.find(qn("c:delete")).get("val") == "0"), None)
    if axis is not None:
        low, high, step = (float(axis.find(f".//{qn(tag)}").get("val")) for tag in ("c:min", "c:max", "c:majorUnit"))
        shown += [figure(language, low + index * step) for index in range(round((high - low) / step) + 1)]
    return shown


def workbook(chart) -> list[list[object]]:
    """Cells of a chart's workbook, row by row; an empty cell is None."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    return [[None if cell == "" else cell for cell in row] for row in book.get_sheet_by_index(0).to_python()]


def charts(data: bytes) -> list[list[list[object]]]:
    """Workbooks of every chart, slide by slide."""
    return [workbook(shape.chart) for slide in presentation(data).slides for shape in slide.shapes if shape.has_chart]
