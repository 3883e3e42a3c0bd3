"""A look at a file that somebody brings: its tables, how they are written, and how Haark would read them.

`look` changes nothing and keeps nothing. A person may change the `Reading` it proposes; `rule_of` turns what they
settled on into the rule by which the import reads the file.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from haark.intake import custom, profiles
from haark.intake.kinds import KINDS
from haark.intake.mapping import ColumnRule, Levels, TableRule
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
from haark.intake.suggesting.words import vocabulary
from haark.intake.textfiles import TextFile
from haark.intake.wording import N_, AtFault, Sentence

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
class Finding:
    """One way of writing that was found: in `held` of `total` cells. `value` is '' when it is undecided.

    By name of the format: decimal «,» or «.»; thousands « », «.», «,» or «'»; dates dmy, mdy or ymd; currency a code;
    repaired the encoding in which UTF-8 was misread, `example` and `after` the text before and after the repair.
    `columns` are the headers that leave it open, which a person has to decide on when they are imported.
    """

    value: str
    example: str
    held: int
    total: int
    after: str = ""
    columns: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Finding":
        return cls(**{**kept, "columns": tuple(kept.get("columns", ()))})


@dataclass(frozen=True)
class Choice:
    """Where one canonical column comes from: a `header`, or `const` for all rows (or for blank cells, beside a
    header). `values` maps what the file says to what is meant; `factor` multiplies; `formats`, `join` («Last name»
    behind «First name»), `other` (read where the header says nothing) and `first` are as in mappings."""

    header: str = ""
    const: str | None = None
    factor: str = ""
    formats: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    join: tuple[str, ...] = ()
    other: str = ""
    first: str = ""

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value not in ("", None, (), {})}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choice":
        lists = {key: tuple(kept.get(key, ())) for key in ("formats", "join")}
        return cls(**{**kept, **lists})

    @property
    def headers(self) -> tuple[str, ...]:
        """Those of the file that it reads."""
        return tuple(header for header in (self.header, *self.join, self.other) if header)


@dataclass(frozen=True)
class Reading:
    """How a table is read. `columns` says where each canonical column comes from. A `date_order` of '' must be
    answered (dmy, mdy or ymd) before the import: the file leaves day and month open. `decimal` is «,» or «.», or ''
    where every number proves its own. `source` is whose ids these are. `ends` (kind revenue) is the header of the day
    on which an amount ends: rows are then intervals, and the level is the sum of those that run."""

    kind: str
    header_row: int
    columns: Mapping[str, Choice]
    date_order: str = "ymd"
    decimal: str = ""
    source: str = ""
    ends: str = ""
    sheet: str = ""
    depth: int = 1
    repair: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "columns": {name: choice.to_json() for name, choice in self.columns.items()}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Reading":
        columns = {name: Choice.from_json(choice) for name, choice in kept.get("columns", {}).items()}
        return cls(**{**kept, "columns": columns})


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


def look(path: Path, owners: Collection[str] = ()) -> list[Look]:
    """Every table in the file: the one of a text file, or each sheet of a workbook that has rows.

    `owners` are names and addresses of colleagues, by which their column is recognised. Reads the file whole, in
    bounded memory. Raises AtFault, a sentence, for what cannot be read and for a file without a table.
    """
    source = open_source(path)
    known = vocabulary().known
    found = [
        _look_at(source, layout, owners) for sheet in source.sheets if (layout := find_layout(source, sheet, known))
    ]
    filled = [each for each in found if each.rows] or found[:1]
    if not filled:
        raise AtFault(N_("Le fichier « %(file)s » est vide."), file=path.name)
    return filled


def look_again(path: Path, sheet: str, header_row: int, kind: str, owners: Collection[str] = ()) -> Look:
    """One table once more, as somebody says: in which row its headers are, and what it holds. Raises AtFault."""
    source = open_source(path)
    layout = find_layout(source, sheet or source.sheets[0], vocabulary().known)
    if layout is None or layout.header_row != header_row:
        layout = Layout(sheet, header_row)
    return _look_at(source, layout, owners, kind)


def fingerprint(headers: Sequence[str]) -> str:
    """The same for two tables with the same headers, in any order, case and accents apart (64 characters)."""
    keys = [header_key(name) for name in own_headers(headers)]
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()


def own_headers(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers without those that Haark added to a file of refused rows."""
    last = tuple(header_key(name).removeprefix("refused_") for name in headers[-len(OF_REFUSALS) :])
    return tuple(headers[: -len(OF_REFUSALS)] if last == OF_REFUSALS else headers)


def rule_of(reading: Reading, path: Path) -> TableRule:
    """The rule by which the import reads the file. Raises AtFault when the reading cannot be one: no kind, a required
    column without a source, one column of the file read twice."""
    kind = KINDS.get(reading.kind)
    if kind is None:
        raise AtFault(N_("« %(file)s » : choisissez ce que contient le fichier."), file=path.name)
    _check_columns(reading, path)
    columns = {
        name: _column_rule(name, choice)
        for name, choice in reading.columns.items()
        if kind.column(name) or custom.is_custom(name)
    }
    levels = _levels(reading, columns) if reading.ends and kind.name == "revenue" else None
    return TableRule(
        path.name,
        kind,
        tuple(columns.values()) if levels is None else (),
        levels=levels,
        layout=Layout(reading.sheet, reading.header_row, reading.depth, reading.repair),
        date_order=reading.date_order,
        decimal=reading.decimal,
    )


def _levels(reading: Reading, columns: Mapping[str, ColumnRule]) -> Levels:
    return Levels(
        columns["date"], ColumnRule("end", header=reading.ends), columns["arr"], reading.columns["account_id"].header
    )


def _column_rule(name: str, choice: Choice) -> ColumnRule:
    return ColumnRule(
        name,
        header=choice.header or None,
        const=choice.const,
        formats=choice.formats,
        factor=Decimal(choice.factor) if choice.factor else None,
        values=choice.values,
        join=choice.join,
        other=choice.other or None,
        first=choice.first,
    )


def _check_columns(reading: Reading, path: Path) -> None:
    for column in KINDS[reading.kind].columns:
        if column.required and column.name not in reading.columns:
            raise AtFault(
                N_("« %(file)s » : aucune colonne ne donne « %(column)s », qui est obligatoire."),
                file=path.name,
                column=column.name,
            )
    used: dict[str, str] = {}
    for name, choice in reading.columns.items():
        for header in choice.headers:
            if used.setdefault(header, name) != name:
                raise AtFault(
                    N_(
                        "« %(file)s » : la colonne « %(column)s » est lue deux fois, "
                        "pour « %(first)s » et « %(second)s »."
                    ),
                    file=path.name,
                    column=header,
                    first=used[header],
                    second=name,
                )


def _look_at(source: Source, layout: Layout, owners: Collection[str], said: str = "") -> Look:
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
        formats["repaired"] = Finding("cp1252", misread[0][:80], len(misread), total, after=repaired(misread[0])[:80])
    own = set(own_headers(table.headers))
    usable = [each for each in columns if each.header in own]
    suggested = suggest(source.path.stem, layout.sheet, usable, owners)
    if said and said != suggested.kind:
        suggested = choose(said, usable, owners)
    choices = {name: Choice.from_json(choice) for name, choice in suggested.chosen.items()}
    mapped = {header for choice in choices.values() for header in choice.headers} | {suggested.ends}
    if suggested.kind == "accounts":
        found = custom.named([each.header for each in usable if each.header not in mapped])
        choices |= {name: Choice(header) for name, header in found.items()}
        mapped |= set(found.values())
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
    dates = [each for each in columns if each.nature == "date" and not each.typed]
    found = {
        "decimal": profiles.decimals(numbers),
        "thousands": profiles.thousands(numbers),
        "currency": profiles.currency(columns),
        "dates": profiles.dates(dates),
    }
    return {name: Finding(**each) for name, each in found.items() if each}


def _order(formats: Mapping[str, Finding], mapped: set[str]) -> str:
    """The order of the table's dates; '' when a column that is to be imported leaves it open."""
    dates = formats.get("dates")
    if dates is None:
        return "ymd"
    return dates.value if dates.value or mapped & set(dates.columns) else "ymd"
