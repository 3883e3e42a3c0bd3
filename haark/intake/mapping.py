"""Mappings: which file holds what (docs/import.md describes the language, mapfile.py reads it).

A folder without a mapping is read with the canonical one: each file's stem is its kind, its headers the kind's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from haark.intake.conditions import Condition
from haark.intake.kinds import KINDS, Column, Kind
from haark.intake.reading import SUFFIXES, Layout, header_key

CANONICAL_SOURCE = "canonical"


@dataclass(frozen=True)
class Shift:
    """A date that many `days` or `months` later (`sign` 1) or earlier (-1): the number in `header`, else `number`."""

    unit: str
    sign: int
    header: str | None = None
    number: Decimal = Decimal(0)


@dataclass(frozen=True)
class ColumnRule:
    """Where one canonical column comes from. `const` fills it, or its blank cells when there is a `header` too.

    The cells under `join` are put behind it; where it says nothing, `other` is read instead. `first` is the sign
    that ends what is read of a list. `values` maps what the file says to what is meant; its key `*` is all the rest.
    """

    canonical: str
    header: str | None = None
    const: str | None = None
    formats: tuple[str, ...] = ()
    factor: Decimal | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    shift: Shift | None = None
    join: tuple[str, ...] = ()
    other: str | None = None
    first: str = ""

    @property
    def headers(self) -> list[str]:
        """Those of the file that it reads."""
        return [name for name in (self.header, *self.join, self.other, self.shift and self.shift.header) if name]


@dataclass(frozen=True)
class Via:
    """The account is in another file: there, the row whose `key` equals our `column` names it in `value`."""

    file: str
    key: str
    column: str
    value: str


@dataclass(frozen=True)
class Levels:
    """Rows are intervals; their running sum per `by` becomes the level. `amount` may carry a factor."""

    start: ColumnRule
    end: ColumnRule
    amount: ColumnRule
    by: str


@dataclass(frozen=True)
class Spread:
    """A row is about a period: the `days` that end on `end`. `by` None: its totals are spread over the working days of
    the period, as far as the last `idle` days leave some (usage); else `by` says how many rows it stands for, dated
    evenly over it."""

    days: int
    end: ColumnRule
    by: ColumnRule | None = None
    idle: ColumnRule | None = None

    @property
    def headers(self) -> list[str]:
        return [header for rule in (self.end, self.by, self.idle) if rule for header in rule.headers]


# The date that a spread fills, by the kinds that take one; the first is that of totals, the others repeat.
DATED = {"usage": "date", "tickets": "opened_at", "interactions": "at", "surveys": "date"}
TOTALS = ("events", "logins")


@dataclass(frozen=True)
class TableRule:
    file: str
    kind: Kind
    columns: tuple[ColumnRule, ...]
    skip: Condition | None = None
    via: Via | None = None
    levels: Levels | None = None
    spread: Spread | None = None
    given: bool = True  # False: the canonical columns that the file happens to have
    exact: bool = False  # a file of Haark's own archive, taken to the letter
    # What somebody saw and settled: where the table stands, and how to read what its columns leave open.
    layout: Layout | None = None
    date_order: str = ""
    decimal: str = ""

    def rule_for(self, canonical: str) -> ColumnRule | None:
        return next((rule for rule in self.columns if rule.canonical == canonical), None)

    @property
    def headers(self) -> list[str]:
        """Every header of the file that the rule reads, once."""
        named = [header for rule in self.columns for header in rule.headers]
        if self.skip:
            named += self.skip.headers
        if self.via:
            named.append(self.via.column)
        if self.levels:
            parts = (self.levels.start, self.levels.end, self.levels.amount)
            named += [part.header for part in parts if part.header] + [self.levels.by]
        if self.spread:
            named += self.spread.headers
        return list(dict.fromkeys(named))

    def column(self, name: str) -> Column | None:
        """The canonical column; a total that is going to be spread need not be whole."""
        column = self.kind.column(name)
        if column and self.spread and self.spread.by is None and name in TOTALS:
            return replace(column, type="number")
        return column


@dataclass(frozen=True)
class ImportMapping:
    source: str
    tables: tuple[TableRule, ...]


def canonical_table(path: Path, exact: bool = False) -> TableRule | None:
    """The rule of a file whose stem is a kind, None for another. `exact`: it is one of Haark's own archive."""
    kind = KINDS.get(header_key(path.stem))
    if kind is None:
        return None
    columns = kind.every if exact else kind.columns
    rules = tuple(ColumnRule(column.name, header=column.name) for column in columns)
    return TableRule(path.name, kind, rules, given=False, exact=exact)


def canonical(paths: Iterable[Path]) -> ImportMapping:
    tables = (canonical_table(path) for path in paths if path.suffix.lower() in SUFFIXES)
    return ImportMapping(CANONICAL_SOURCE, tuple(table for table in tables if table))
