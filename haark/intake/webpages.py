"""Tables of web pages, and Excel 2003's XML: what many tools write under the name of a workbook, `report.xls`."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from haark.intake.encodings import detect_encoding
from haark.intake.textfiles import TextFile
from haark.intake.wording import N_, AtFault, Sentence

HEAD_BYTES = 4096
BLOCK_CHARS = 64 * 1024
MOST_COLUMNS = 2_000
# HTML's elements, and those of Excel 2003's XML.
ROWS, CELLS = {"tr", "row"}, {"td", "th", "cell"}
# What is certainly no table, by how it begins.
OTHERS = {b"%PDF": "PDF", b"{\\rtf": "RTF", b"<?xml": "XML", b"{": "JSON", b"[{": "JSON"}


def is_page(path: Path) -> bool:
    """Whether the file is a web page with a table, by its beginning. Raises AtFault for other well-known formats."""
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    lower = head.lower()
    if lower.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")) or (
        lower.startswith(b"<") and b"<table" in lower
    ):
        return True
    for begins, name in OTHERS.items():
        if head.startswith(begins):
            raise AtFault(
                N_(
                    "Le fichier « %(file)s » n’est pas un tableau : c’est du %(format)s. "
                    "Enregistrez-le en CSV ou en classeur."
                ),
                file=path.name,
                format=name,
            )
    return False


class WebPage(TextFile):
    """The rows of all its tables, in order, counted as a spreadsheet does that opens it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = detect_encoding(path)
        self.delimiter = ""

    def records(self, _sheet: str = "") -> Iterator[tuple[int, list[str] | Sentence]]:
        reader, number = _Rows(), 0
        with self.path.open(encoding=self.encoding) as handle:
            while block := handle.read(BLOCK_CHARS):
                reader.feed(block)
                for cells in reader.taken():
                    number += 1
                    yield number, cells
        reader.close()
        for cells in reader.taken():
            number += 1
            yield number, cells


class _Rows(HTMLParser):
    """Collects the cells of rows as they close. A row or cell that is not closed ends where the next begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1

    def taken(self) -> list[list[str]]:
        rows, self._rows = self._rows, []
        return rows

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ROWS:
            self._end_row()
            self._row = []
        elif tag in CELLS:
            self._end_cell()
            given = dict(attrs)
            self._span = _number(given.get("colspan")) or 1
            if self._row is not None:  # Excel's XML leaves blank cells out, and says where the next one is
                self._row += [""] * (_number(given.get("ss:index")) - 1 - len(self._row))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in CELLS:
            self._end_cell()
        elif tag in ROWS or tag == "table":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        self._row = [] if self._row is None else self._row
        if len(self._row) < MOST_COLUMNS:
            self._row += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self._rows.append(self._row)
        self._row = None


def _number(text: str | None) -> int:
    return min(int(text), MOST_COLUMNS) if text and text.isascii() and text.isdigit() else 0
