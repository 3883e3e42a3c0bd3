"""How a table is to be read, as somebody settled it, kept as JSON; and the rule of the import that follows from it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from haark.intake.kinds import KINDS
from haark.intake.mapping import ColumnRule, Levels, TableRule
from haark.intake.reading import Layout
from haark.intake.wording import N_, AtFault

CUSTOM = "cf_"  # a custom field's column: cf_KEY


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
        if kind.column(name) or (kind.known_by == "account" and name.startswith(CUSTOM))
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
