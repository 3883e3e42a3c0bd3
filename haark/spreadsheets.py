"""Files that people open in a spreadsheet, made a few rows at a time: CSV in which nothing runs as a formula, and XLSX
in which texts are texts, numbers numbers and days days."""

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from flask import Response, stream_with_context

from haark import locale
from haark.formats import safe_value

# So that spreadsheets read it as UTF-8.
MARK = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOGETHER = 500  # rows that leave in one piece
LONGEST_CELL = 32_767  # characters, of XLSX
EPOCH = date(1899, 12, 30)  # day 0 of XLSX


def csv_lines(rows: Iterable[Iterable[Any]], language: str) -> Iterator[str]:
    """The rows as lines, one at a time. Days in ISO form, what is unknown as nothing, texts that look like a formula
    defused. The separator is what a spreadsheet of the language expects: a semicolon where the comma is decimal."""
    yield MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter="," if language == "en" else ";").writerow([_cell(value) for value in row])
        yield line.getvalue()


def csv_response(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    """A download `name`.csv of these rows, the header first, in the reader's language."""
    return _download(f"{name}.csv", "text/csv", "".join(csv_lines(rows, locale.current())))


def csv_stream(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    """The same for any number of rows: they leave as they are made. Decimals as the language writes them."""
    language = locale.current()
    lines = csv_lines(rows if language == "en" else map(_with_commas, rows), language)
    return _download(f"{name}.csv", "text/csv", stream_with_context(_joined(lines)))


def xlsx_stream(name: str, sheet: str, rows: Iterable[Sequence[Any]]) -> Response:
    """A download `name`.xlsx of any number of rows, the header first; they leave as they are made."""
    return _download(f"{name}.xlsx", XLSX, stream_with_context(xlsx_parts(sheet, rows)))


def xlsx_parts(sheet: str, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The pieces of a workbook of one sheet; its header stays in sight and can be filtered by. No cell is a formula.

    Written here: a library that writes each cell by itself takes ten times as long.
    """
    sink, given = _Sink(), iter(rows)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        for path, text in _frame(sheet):
            packed.writestr(path, text)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            head = list(next(given, ()))
            letters = [_letter(place) for place in range(len(head))]
            out.write((_OPENING + _row(1, letters, head, style=HEADER)).encode())
            number = 1
            while some := list(islice(given, TOGETHER)):
                lines = (_row(number + place, letters, row) for place, row in enumerate(some, 1))
                out.write("".join(lines).encode())
                number += len(some)
                yield sink.taken()
            last = f"{letters[-1]}{number}" if letters else "A1"
            out.write(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the zip is written to, and taken from as it grows."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        held, self.held = b"".join(self.held), []
        return held


# What stands around the sheet. Style 0 is plain, 1 a day as the reader's system writes it, 2 a header.
DAY, HEADER = 1, 2
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OPENING = (
    f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
    ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr baseColWidth="16"'
    ' defaultRowHeight="15"/><sheetData>'
)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill'
    ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border>'
    '<left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0"'
    ' fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"'
    ' xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0"'
    ' fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>'
)
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
    f' ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/><Override'
    f' PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
# No control signs but tab and line ends, no half of a pair: XML has none of them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _frame(sheet: str) -> Iterator[tuple[str, str]]:
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31].strip(), {'"': "&quot;"})
    yield "[Content_Types].xml", _TYPES
    yield "_rels/.rels", _related("officeDocument", "xl/workbook.xml")
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
    )
    yield "xl/_rels/workbook.xml.rels", _related("worksheet", "worksheets/sheet1.xml", "styles", "styles.xml")
    yield "xl/styles.xml", _STYLES


def _related(*pairs: str) -> str:
    links = "".join(
        f'<Relationship Id="rId{place // 2 + 1}" Type="{_OFFICE}/{pairs[place]}" Target="{pairs[place + 1]}"/>'
        for place in range(0, len(pairs), 2)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _row(number: int, letters: Sequence[str], values: Sequence[Any], style: int = 0) -> str:
    cells = "".join(
        _xml(f"{letter}{number}", value, style)
        for letter, value in zip(letters, values, strict=False)
        if value is not None
    )
    return f'<row r="{number}">{cells}</row>'


def _xml(place: str, value: Any, style: int) -> str:
    styled = f' s="{style}"' if style else ""
    if isinstance(value, bool):
        return f'<c r="{place}"{styled} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"{styled}><v>{value!r}</v></c>' if math.isfinite(value) else ""
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return f'<c r="{place}" s="{DAY}"><v>{(day - EPOCH).days}</v></c>'
    text = escape(_UNWRITABLE.sub("", str(value))[:LONGEST_CELL])
    return f'<c r="{place}"{styled} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letter(place: int) -> str:
    """The letters of a column: A, B … Z, AA."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _joined(lines: Iterator[str]) -> Iterator[str]:
    while some := list(islice(lines, TOGETHER)):
        yield "".join(some)


def _with_commas(row: Iterable[Any]) -> list[Any]:
    return [_Number(str(value).replace(".", ",")) if isinstance(value, float) else value for value in row]


class _Number(str):
    """A number as text that stays as it is."""


def _download(name: str, kind: str, body: Any) -> Response:
    answer = Response(body, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return safe_value(value) if isinstance(value, str) and not isinstance(value, _Number) else value
