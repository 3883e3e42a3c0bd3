"""A file of any supported kind becomes a table: headers, then numbered rows of as many cells."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from haark.formats import fold
from haark.intake.grouped import are_groups, blank, joined, width
from haark.intake.mojibake import repaired
from haark.intake.textfiles import TextFile, Uneven
from haark.intake.webpages import WebPage, is_page
from haark.intake.wording import N_, AtFault, Sentence
from haark.intake.workbooks import Range, Workbook, is_workbook

TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}
BOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods"}
SUFFIXES = TEXT_SUFFIXES | BOOK_SUFFIXES
# Titles, logos and export notes stand above the header; nobody writes more of them than this.
LOOK_FOR_HEADER_IN = 40
# Rows of group headers above that of the columns.
DEEPEST = 5

Row = tuple[int, Sequence[Any] | Sentence]
Source = TextFile | Workbook


def header_key(text: object) -> str:
    """`Account ID`, `account-id` and `account_id` are one header."""
    return re.sub(r"[\s_\-]+", "_", fold(str(text).strip("\ufeff "))).strip("_")


@dataclass(frozen=True)
class Layout:
    """Where the table stands in its file, once somebody looked. `depth` rows make the header, the last of them is
    `header_row` (0: to be found). `repair` undoes UTF-8 that was read as Windows-1252."""

    sheet: str = ""
    header_row: int = 0
    depth: int = 1
    repair: bool = False


@dataclass(frozen=True)
class Table:
    """The rows below one header. `rows()` streams and may be called again: each call reads from the start."""

    path: Path
    sheet: str
    headers: tuple[str, ...]
    header_row: int
    source: Source
    repair: bool = False

    @property
    def decimal_hint(self) -> str:
        """The decimal mark that the file's delimiter hints at, "" when it hints at none."""
        delimiter = self.source.delimiter if isinstance(self.source, TextFile) else ""
        return {";": ",", ",": "."}.get(delimiter, "")

    def rows(self) -> Iterator[Row]:
        """(row number, cells), or (row number, reason) for a row without the header's number of cells. Blank rows
        are left out."""
        records = self.source.records(self.sheet)
        return self._kept(map(_repaired, records) if self.repair else records)

    def blocks(self, size: int) -> Iterator[tuple[Sequence[int], Sequence[Sequence[Any] | Sentence]]]:
        """The same rows in blocks of at most `size`, (their numbers, their cells). A million rows pass here: of a text
        file, a block in which nothing has to be looked at is taken whole."""
        if not isinstance(self.source, TextFile) or self.repair or type(self) is not Table:
            yield from _blocks(self.rows(), size)
            return
        begins, width = 1, {len(self.headers)}
        try:
            for numbers, rows in self.source.blocks(size):
                if numbers[0] > self.header_row and set(map(len, rows)) == width and "" not in [row[0] for row in rows]:
                    yield numbers, rows
                else:
                    yield from _blocks(self._kept(zip(numbers, rows, strict=True)), size)
                begins = numbers[-1] + 1
        except Uneven:
            yield from _blocks((row for row in self.rows() if row[0] >= begins), size)

    def _kept(self, records: Iterable[Row]) -> Iterator[Row]:
        columns = len(self.headers)
        for number, cells in records:
            if number <= self.header_row:
                continue
            if isinstance(cells, Sentence):
                yield number, cells
            elif len(cells) == columns:
                if any(cells) and (cells[0] != "" or any(not blank(cell) for cell in cells)):
                    yield number, cells
            elif all(map(blank, cells)):
                continue
            elif len(cells) > columns and all(map(blank, cells[columns:])):
                yield number, cells[:columns]
            else:
                ragged = Sentence(N_("%(found)s cellules au lieu de %(expected)s"), found=len(cells), expected=columns)
                ragged.cells = cells
                yield number, ragged

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


def _blocks(rows: Iterator[Row], size: int) -> Iterator[tuple[Sequence[int], Sequence[Sequence[Any] | Sentence]]]:
    while block := list(islice(rows, size)):
        yield tuple(zip(*block, strict=True))  # type: ignore[misc]


def open_source(path: Path, exact: bool = False) -> Source:
    """The file, opened as what its first bytes say it is; `exact`: a text file as Haark writes them, in UTF-8 with
    commas. Raises AtFault."""
    _check_exists(path)
    if is_workbook(path):
        return Workbook(path)
    return WebPage(path) if not exact and is_page(path) else TextFile(path, exact)


def open_table(path: Path, expected: Collection[str] = (), layout: Layout | None = None, exact: bool = False) -> Table:
    """The table in `path`, or the one that `layout` says.

    `expected` are the headers somebody looks for: the header row, and the sheet of a workbook, are those that hold
    most of them. Without any, the first row of the commonest width is the header.
    Raises AtFault for what cannot be read, and for a file without a table.
    """
    source = open_source(path, exact)
    if layout:
        return table_at(source, layout)
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


def find_layout(source: Source, sheet: str, known: Collection[str] = ()) -> Layout | None:
    """Where the table of this sheet stands, None when it has no filled cell. `known` are headers to find it by."""
    head: list[Row] = list(islice(source.records(sheet), LOOK_FOR_HEADER_IN))
    found = _find_header(head, {header_key(name) for name in known}, least=3)
    if found is None:
        return None
    rows = {number: cells for number, cells in head if not isinstance(cells, Sentence)}
    first = last = found[0]
    while first - 1 in rows and last - first < DEEPEST and _groups(source, sheet, rows, first - 1):
        first -= 1
    while last + 1 in rows and last - first < DEEPEST and _groups(source, sheet, rows, last):
        last += 1
    # A header merged downwards: the row where it ends is the last of the headers.
    last = max([last, *(each.bottom for each in _ranges(source, sheet) if first <= each.top <= last < each.bottom)])
    if last not in rows or last - first > DEEPEST:
        return Layout(sheet, found[0])
    return Layout(sheet, last, last - first + 1)


def _groups(source: Source, sheet: str, rows: Mapping[int, Sequence[Any]], row: int) -> bool:
    return are_groups(rows[row], rows[row + 1], _merged(source, sheet, row))


def table_at(source: Source, layout: Layout) -> Table:
    """The table that somebody saw there: every column has a name of its own. Raises AtFault when it is gone."""
    sheet = layout.sheet or source.sheets[0]
    if sheet not in source.sheets:
        raise AtFault(
            N_("Le classeur « %(file)s » n’a pas de feuille « %(sheet)s »."), file=source.path.name, sheet=sheet
        )
    head: list[Row] = list(islice(source.records(sheet), max(layout.header_row, LOOK_FOR_HEADER_IN)))
    rows = {number: cells for number, cells in head if not isinstance(cells, Sentence)}
    if layout.header_row not in rows:
        raise AtFault(
            N_("« %(file)s » n’a pas d’en-têtes à la ligne %(row)s."), file=source.path.name, row=layout.header_row
        )
    headers = _headers(rows[layout.header_row], source)
    groups: tuple[str, ...] = ()
    for row in range(layout.header_row - layout.depth + 1, layout.header_row):
        below = [*map(str, rows.get(row + 1, ()))] if row + 1 < layout.header_row else headers
        groups = joined(groups or rows.get(row, ()), below, _merged(source, sheet, row))
    headers = groups or headers
    if layout.repair:
        headers = tuple(map(repaired, headers))
    return Table(source.path, sheet, unique(headers), layout.header_row, source, layout.repair)


def unique(headers: Sequence[str]) -> tuple[str, ...]:
    """One name for each column: repeated ones are numbered, «E-mail (1)», blank ones called by their place, «#3»."""
    times = Counter(map(header_key, headers))
    seen: Counter[str] = Counter()
    names: list[str] = []
    for place, header in enumerate(headers, start=1):
        key = header_key(header)
        seen[key] += 1
        name = f"#{place}" if not header else header if times[key] == 1 else f"{header} ({seen[key]})"
        names.append(name)
    return tuple(names)


def _repaired(row: Row) -> Row:
    number, cells = row
    if isinstance(cells, Sentence):
        return row
    return number, [repaired(cell) if isinstance(cell, str) else cell for cell in cells]


def _merged(source: Source, sheet: str, row: int) -> list[tuple[int, int]] | None:
    """The columns that are merged in this row, (first, last); None where the format does not tell."""
    if isinstance(source, TextFile) or source.merged(sheet) is None:
        return None
    return [(each.left, each.right) for each in _ranges(source, sheet) if each.top <= row <= each.bottom]


def _ranges(source: Source, sheet: str) -> list[Range]:
    return [] if isinstance(source, TextFile) else source.merged(sheet) or []


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


def _find_header(head: list[Row], wanted: set[str], least: int = 1) -> tuple[int, Sequence[Any], int] | None:
    usable = [(number, cells) for number, cells in head if not isinstance(cells, Sentence) and _filled(cells)]
    if not usable:
        return None
    if wanted:
        scored = [(len(wanted & {header_key(cell) for cell in cells}), number, cells) for number, cells in usable]
        hits, number, cells = max(scored, key=lambda item: (item[0], -item[1]))
        if hits >= min(least, _filled(cells)):
            return number, cells, hits
    widths = Counter(width(cells) for _, cells in usable)
    commonest = max(widths.values())
    usual = next(width(cells) for _, cells in usable if widths[width(cells)] == commonest)
    number, cells = next((number, cells) for number, cells in usable if width(cells) >= usual)
    return number, cells, 0


def _headers(cells: Sequence[Any], source: TextFile | Workbook) -> tuple[str, ...]:
    names = [" ".join(_text(cell).strip("\ufeff").split()) for cell in cells]
    # A sheet is a grid: all its rows are as wide as the widest, and none is ragged.
    while isinstance(source, TextFile) and names and not names[-1]:
        names.pop()
    return tuple(names)


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _filled(cells: Sequence[Any]) -> int:
    return sum(not blank(cell) for cell in cells)
