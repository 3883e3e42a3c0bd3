"""A look at a file that somebody brings: its tables, how they are written, and how Haark would read them.

`look` changes nothing and keeps nothing. A person may change the `Reading` it proposes; `rule_of` turns what they
settled on into the rule by which the import reads the file.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from haark.intake import findings, profiles
from haark.intake.choices import Choice, Reading, rule_of
from haark.intake.findings import Finding
from haark.intake.mojibake import broken, repaired
from haark.intake.profiles import Profile
from haark.intake.reading import (
    LOOK_FOR_HEADER_IN,
    Layout,
    Row,
    Source,
    Table,
    find_layout,
    header_key,
    open_source,
    table_at,
)
from haark.intake.suggesting.matching import choose, suggest
from haark.intake.suggesting.suggestion import Known
from haark.intake.suggesting.words import vocabulary
from haark.intake.textfiles import TextFile
from haark.intake.wording import N_, AtFault, Sentence

__all__ = [
    "Choice",
    "Finding",
    "Look",
    "LookedColumn",
    "Reading",
    "fingerprint",
    "look",
    "look_again",
    "own_headers",
    "rule_of",
]

NO_FIELDS: Mapping[str, str] = MappingProxyType({})
# Rows whose cells are looked at one by one; further down only what decides on dates and numbers is read.
PROFILED = 5_000
# What the file of refused rows adds to a file's own columns, in this order.
OF_REFUSALS = ("reason", "file", "row")


@dataclass(frozen=True)
class LookedColumn:
    """One column: up to three of its values, how many of the rows looked at have one, and what they look like
    (email, date, number, boolean, url, phone, currency, text, or '' for a blank column)."""

    header: str
    position: int
    samples: tuple[str, ...]
    filled: int
    nature: str


@dataclass(frozen=True)
class Look:
    """One table of a file. `encoding` and `delimiter` are '' in workbooks, `sheet` in text files. `formats` holds the
    `Finding` by decimal, thousands, dates, currency, repaired; those that were not found are left out."""

    sheet: str
    headers: tuple[str, ...]
    header_row: int
    rows: int
    encoding: str
    delimiter: str
    columns: tuple[LookedColumn, ...]
    formats: Mapping[str, Finding]
    kind: str
    system: str
    reading: Reading


def look(path: Path, owners: Collection[str] = (), fields: Mapping[str, str] = NO_FIELDS) -> list[Look]:
    """Every table in the file: the one of a text file, or each sheet of a workbook that has rows and
    is not hidden.

    `owners` are names and addresses of colleagues, by which their column is recognised; `fields` the custom fields of
    accounts, {`cf_KEY`: name}. Reads the file whole, in
    bounded memory. Raises AtFault, a sentence, for what cannot be read and for a file without a table.
    """
    source = open_source(path)
    known, ours = vocabulary().known, Known(owners, fields)
    shown = [sheet for sheet in source.sheets if sheet not in source.hidden] or source.sheets
    found = [_look_at(source, layout, ours) for sheet in shown if (layout := find_layout(source, sheet, known))]
    filled = [each for each in found if each.rows] or found[:1]
    if not filled:
        raise AtFault(N_("Le fichier « %(file)s » est vide."), file=path.name)
    return filled


def look_again(
    path: Path,
    sheet: str,
    header_row: int,
    kind: str,
    owners: Collection[str] = (),
    fields: Mapping[str, str] = NO_FIELDS,
) -> Look:
    """One table once more, as somebody says: in which row its headers are, and what it holds. Raises AtFault."""
    source = open_source(path)
    layout = find_layout(source, sheet or source.sheets[0], vocabulary().known)
    if layout is None or layout.header_row != header_row:
        layout = Layout(sheet, header_row)
    return _look_at(source, layout, Known(owners, fields), kind)


def fingerprint(headers: Sequence[str]) -> str:
    """The same for two tables with the same headers, in any order, case and accents apart (64 characters)."""
    keys = [header_key(name) for name in own_headers(headers)]
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()


def own_headers(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers without those that Haark added to a file of refused rows."""
    last = tuple(header_key(name).removeprefix("refused_") for name in headers[-len(OF_REFUSALS) :])
    return tuple(headers[: -len(OF_REFUSALS)] if last == OF_REFUSALS else headers)


def _look_at(source: Source, layout: Layout, ours: Known, said: str = "") -> Look:
    table = table_at(source, layout)
    head = [cells for _, cells in islice(table.rows(), PROFILED) if not isinstance(cells, Sentence)]
    texts = [*table.headers, *(cell for cells in head[: LOOK_FOR_HEADER_IN * 5] for cell in cells)]
    misread = broken(text for text in texts if isinstance(text, str))
    if misread:
        layout = Layout(layout.sheet, layout.header_row, layout.depth, repair=True)
        table = table_at(source, layout)
    columns = profiles.of_table(table.headers)
    rows = _profile(table, columns)
    formats = _formats(columns)
    if misread:
        total = sum(isinstance(text, str) and not text.isascii() for text in texts)
        shortest = min(misread, key=len)
        formats["repaired"] = Finding("cp1252", shortest[:80], len(misread), total, after=repaired(shortest)[:80])
    own = set(own_headers(table.headers))
    usable = [each for each in columns if each.header in own]
    suggested = suggest(source.path.stem, layout.sheet, usable, ours)
    if said and said != suggested.kind:
        suggested = choose(said, usable, ours)
    choices = {name: Choice.from_json(choice) for name, choice in suggested.chosen.items()}
    mapped = {header for choice in choices.values() for header in choice.headers} | {suggested.ends}
    reading = Reading(
        kind=suggested.kind,
        header_row=layout.header_row,
        columns=choices,
        date_order=_order(formats, mapped),
        decimal=formats["decimal"].value if "decimal" in formats else "",
        source=suggested.system or suggested.kind,
        ends=suggested.ends,
        sheet=layout.sheet,
        depth=layout.depth,
        repair=layout.repair,
    )
    text = source if isinstance(source, TextFile) else None
    return Look(
        sheet=layout.sheet,
        headers=table.headers,
        header_row=layout.header_row,
        rows=rows,
        encoding=text.encoding if text else "",
        delimiter=text.delimiter if text else "",
        columns=tuple(
            LookedColumn(each.header, each.position, tuple(each.samples), each.filled, each.nature) for each in columns
        ),
        formats=formats,
        kind=suggested.kind,
        system=suggested.system,
        reading=reading,
    )


def _profile(table: Table, columns: Sequence[Profile]) -> int:
    """Shows the table's cells to the profiles of its columns; the number of its rows, ragged ones too."""
    rows = 0
    open_columns: list[Profile] = list(columns)
    row: Row
    for rows, row in enumerate(table.rows(), start=1):
        cells = row[1]
        if isinstance(cells, Sentence):
            continue
        if rows <= PROFILED:
            for column in columns:
                column.see(cells[column.position])
            continue
        if rows == PROFILED + 1 or rows % PROFILED == 0:
            open_columns = [column for column in open_columns if column.unsettled]
        for column in open_columns:
            column.watch(cells[column.position])
    return rows


def _formats(columns: Sequence[Profile]) -> dict[str, Finding]:
    numbers = [each for each in columns if each.nature == "number"]
    dates = [each for each in columns if each.nature == "date" and each.written]  # as text, not as cells of a date
    found = {
        "decimal": findings.decimals(numbers),
        "thousands": findings.thousands(numbers),
        "currency": findings.currency(columns),
        "dates": findings.dates(dates),
    }
    return {name: each for name, each in found.items() if each}


def _order(formats: Mapping[str, Finding], mapped: set[str]) -> str:
    """The order of the table's dates; '' when a column that is to be imported leaves it open."""
    dates = formats.get("dates")
    if dates is None:
        return "ymd"
    return dates.value if dates.value or mapped & set(dates.columns) else "ymd"
