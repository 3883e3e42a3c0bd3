"""A file of any supported kind becomes a table: headers, then numbered rows of as many cells."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from haark.formats import fold
from haark.intake.textfiles import TextFile
from haark.intake.wording import N_, AtFault, Sentence
from haark.intake.workbooks import Workbook, is_workbook

TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}
BOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods"}
SUFFIXES = TEXT_SUFFIXES | BOOK_SUFFIXES
# Titles, logos and export notes stand above the header; nobody writes more of them than this.
LOOK_FOR_HEADER_IN = 40

Row = tuple[int, Sequence[Any] | Sentence]


def header_key(text: object) -> str:
    """`Account ID`, `account-id` and `account_id` are one header."""
    return re.sub(r"[\s_\-]+", "_", fold(str(text).strip("\ufeff "))).strip("_")


@dataclass(frozen=True)
class Table:
    """The rows below one header. `rows()` streams and may be called again: each call reads from the start."""

    path: Path
    sheet: str
    headers: tuple[str, ...]
    header_row: int
    source: TextFile | Workbook

    @property
    def decimal_hint(self) -> str:
        """The decimal mark that the file's delimiter hints at, "" when it hints at none."""
        delimiter = self.source.delimiter if isinstance(self.source, TextFile) else ""
        return {";": ",", ",": "."}.get(delimiter, "")

    def rows(self) -> Iterator[Row]:
        """(row number, cells), or (row number, reason) for a row without the header's number of cells. Blank rows
        are left out."""
        width = len(self.headers)
        for number, cells in self.source.records(self.sheet):
            if number <= self.header_row:
                continue
            if isinstance(cells, Sentence):
                yield number, cells
            elif len(cells) == width:
                if any(cells) and (cells[0] != "" or any(not _blank(cell) for cell in cells)):
                    yield number, cells
            elif all(map(_blank, cells)):
                continue
            elif len(cells) > width and all(map(_blank, cells[width:])):
                yield number, cells[:width]
            else:
                yield (
                    number,
                    Sentence(N_("%(found)s cellules au lieu de %(expected)s"), found=len(cells), expected=width),
                )

    def position(self, header: str) -> int | None:
        """Index of `header`, None when the table has none. Raises AtFault when two columns carry it."""
        found = [index for index, name in enumerate(self.headers) if name == header]
        if not found:
            wanted = header_key(header)
            found = [index for index, name in enumerate(self.headers) if name and header_key(name) == wanted]
        if len(found) > 1:
            raise AtFault(
                N_("Le fichier « %(file)s » a %(times)s colonnes « %(column)s » : renommez celles qui sont de trop."),
                file=self.path.name,
                times=len(found),
                column=header,
            )
        return found[0] if found else None


def open_table(path: Path, expected: Collection[str] = (), exact: bool = False) -> Table:
    """The table in `path`.

    `expected` are the headers somebody looks for: the header row, and the sheet of a workbook, are those that hold
    most of them. Without any, the first row of the commonest width is the header. `exact`: a text file in UTF-8 with
    commas, as Haark writes them.
    Raises AtFault for what cannot be read, and for a file without a table.
    """
    _check_exists(path)
    source: TextFile | Workbook = Workbook(path) if is_workbook(path) else TextFile(path, exact)
    wanted = {header_key(name) for name in expected}
    best: tuple[int, Table] | None = None
    for sheet in source.sheets:
        head: list[Row] = list(islice(source.records(sheet), LOOK_FOR_HEADER_IN))
        found = _find_header(head, wanted)
        if found is None:
            continue
        number, cells, hits = found
        if best is None or hits > best[0]:
            best = hits, Table(path, sheet, _headers(cells, source), number, source)
    if best is None:
        raise AtFault(N_("Le fichier « %(file)s » est vide."), file=path.name)
    return best[1]


def _check_exists(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        raise AtFault(
            N_("Le fichier « %(file)s » ne peut pas être ouvert : %(reason)s."), file=path.name, reason=error.strerror
        ) from error
    if size == 0:
        raise AtFault(N_("Le fichier « %(file)s » est vide."), file=path.name)


def _find_header(head: list[Row], wanted: set[str]) -> tuple[int, Sequence[Any], int] | None:
    usable = [(number, cells) for number, cells in head if not isinstance(cells, Sentence) and _filled(cells)]
    if not usable:
        return None
    if wanted:
        scored = [(len(wanted & {header_key(cell) for cell in cells}), number, cells) for number, cells in usable]
        hits, number, cells = max(scored, key=lambda item: (item[0], -item[1]))
        if hits:
            return number, cells, hits
    widths = Counter(_width(cells) for _, cells in usable)
    commonest = max(widths.values())
    usual = next(_width(cells) for _, cells in usable if widths[_width(cells)] == commonest)
    number, cells = next((number, cells) for number, cells in usable if _width(cells) >= usual)
    return number, cells, 0


def _headers(cells: Sequence[Any], source: TextFile | Workbook) -> tuple[str, ...]:
    names = [" ".join(str(cell).strip("\ufeff").split()) for cell in cells]
    # A sheet is a grid: all its rows are as wide as the widest, and none is ragged.
    while isinstance(source, TextFile) and names and not names[-1]:
        names.pop()
    return tuple(names)


def _filled(cells: Sequence[Any]) -> int:
    return sum(not _blank(cell) for cell in cells)


def _width(cells: Sequence[Any]) -> int:
    """Cells up to the last filled one: a title line padded with empty cells is still one cell wide."""
    return max((index + 1 for index, cell in enumerate(cells) if not _blank(cell)), default=0)


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
