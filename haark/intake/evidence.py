"""What a whole column says about how its cells are read: the order of dates, the decimal mark."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from haark.intake.converters import clean
from haark.intake.dates import OrderEvidence, mixed_orders
from haark.intake.mapping import ColumnRule
from haark.intake.numerals import decimal_mark
from haark.intake.reading import Table
from haark.intake.wording import N_, AtFault, Refused, Sentence

SEEN_LIMIT = 50_000
DATE_TYPES = {"date", "instant"}
# Not integers: what could be a decimal mark or a group sign groups, in a count.
NUMBER_TYPES = {"money", "number"}


class MarkEvidence:
    """Which decimal marks a column proves, and one of its values that could be read either way."""

    def __init__(self) -> None:
        self.marks: set[str] = set()
        self.unclear = ""

    def see(self, text: str) -> None:
        if text.isascii() and text.isdigit():
            return
        mark = decimal_mark(text)
        if mark == "?":
            self.unclear = self.unclear or text
        elif mark:
            self.marks.add(mark)


@dataclass
class Watched:
    """One column of the file that has to be read whole before its cells can be."""

    rule: ColumnRule
    type: str
    position: int
    evidence: OrderEvidence | MarkEvidence = field(init=False)

    def __post_init__(self) -> None:
        self.evidence = OrderEvidence() if self.type in DATE_TYPES else MarkEvidence()

    @property
    def settled(self) -> bool:
        """Whether the rest of the column adds nothing: a date of another order is then noticed when it is read."""
        return isinstance(self.evidence, OrderEvidence) and len(self.evidence.orders) == 1


def scan(table: Table, columns: Sequence[Watched], skipped: Callable[[Any], bool] | None) -> None:
    """Reads the table, as far as needed, showing the watched columns' cells to their evidence."""
    seen: dict[int, set[Any]] = {column.position: set() for column in columns}
    open_columns = [column for column in columns if not column.settled]
    for _, cells in table.rows() if open_columns else ():
        if isinstance(cells, Sentence) or (skipped and skipped(cells)):
            continue
        new = False
        for column in open_columns:
            cell, before = cells[column.position], seen[column.position]
            if cell not in before:
                if len(before) >= SEEN_LIMIT:
                    before.clear()
                before.add(cell)
                new = True
                _show(column, cell)
        if new:
            open_columns = [column for column in open_columns if not column.settled]
            if not open_columns:
                return


def _show(column: Watched, cell: Any) -> None:
    if isinstance(cell, str) and cell not in column.rule.values:
        with suppress(Refused):  # a cell that is no text: its row is refused when it is read
            column.evidence.see(clean(cell))


def orders(table: Table, columns: Iterable[Watched], settled: str = "") -> dict[int, str]:
    """The date order of each watched date column, by position.

    A column that leaves day and month open follows what somebody `settled`, else the file's other dates. Raises
    AtFault for two orders in one column, and when nothing in the file tells.
    """
    dates = [(column, column.evidence) for column in columns if isinstance(column.evidence, OrderEvidence)]
    decided: dict[int, str] = {}
    for column, evidence in dates:
        if evidence.contradiction:
            raise mixed_orders(table.path.name, table.headers[column.position], *evidence.contradiction)
        if len(evidence.orders) == 1 and evidence.order:
            decided[column.position] = evidence.order
    usual = set(decided.values()) - {"ymd"}
    for column, evidence in dates:
        if evidence.order:
            decided[column.position] = evidence.order
        elif settled in ("dmy", "mdy"):
            decided[column.position] = settled
        elif len(usual) == 1:
            decided[column.position] = next(iter(usual))
        else:
            raise AtFault(
                N_(
                    "Dans « %(file)s », les dates de la colonne « %(column)s » (« %(example)s ») se lisent aussi bien "
                    'jour/mois que mois/jour. Précisez-le dans le mapping, par exemple format = "%%d/%%m/%%Y".'
                ),
                file=table.path.name,
                column=table.headers[column.position],
                example=evidence.example,
            )
    return decided


def marks(table: Table, columns: Iterable[Watched], settled: str = "") -> dict[int, str]:
    """The decimal mark with which each watched number column reads what is ambiguous, by position.

    A column that proves none follows what somebody `settled`, else the file's other numbers, then the file's
    delimiter: who separates cells by semicolons does so because of the comma in numbers. Raises AtFault when nothing
    tells.
    """
    numbers = [(column, column.evidence) for column in columns if isinstance(column.evidence, MarkEvidence)]
    proven = {mark for _, evidence in numbers for mark in evidence.marks}
    decided: dict[int, str] = {}
    for column, evidence in numbers:
        if len(evidence.marks) == 1:
            decided[column.position] = next(iter(evidence.marks))
        elif evidence.marks:
            decided[column.position] = settled  # both: each value must prove its own, unless somebody said
        elif settled:
            decided[column.position] = settled
        elif len(proven) == 1:
            decided[column.position] = next(iter(proven))
        else:
            decided[column.position] = table.decimal_hint
        if evidence.unclear and not evidence.marks and not decided[column.position]:
            raise AtFault(
                N_(
                    "Dans « %(file)s », les nombres de la colonne « %(column)s » (« %(example)s ») se lisent de deux "
                    'façons. Précisez-le dans le mapping, par exemple format = "1 234,56".'
                ),
                file=table.path.name,
                column=table.headers[column.position],
                example=evidence.unclear,
            )
    return decided
