"""What a whole column says about how its cells are read: the order of dates, the decimal mark."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from haark.intake.converters import clean
from haark.intake.dates import OrderEvidence
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


def scan(table: Table, columns: Iterable[Watched], skipped: Callable[[Any], bool] | None) -> int:
    """Reads the table once, showing the watched columns' cells to their evidence. Returns the number of rows."""
    watchers: list[tuple[set[Any], int, Callable[[str], None], Any]] = [
        (set(), column.position, column.evidence.see, column.rule.values) for column in columns
    ]
    count = 0
    for _, cells in table.rows():
        count += 1
        if isinstance(cells, Sentence) or (skipped and skipped(cells)):
            continue
        for seen, position, see, values in watchers:
            cell = cells[position]
            if cell in seen:
                continue
            if len(seen) >= SEEN_LIMIT:
                seen.clear()
            seen.add(cell)
            if isinstance(cell, str) and cell not in values:
                try:
                    see(clean(cell))
                except Refused:
                    continue  # a cell that is no text: its row is refused when it is read
    return count


def orders(table: Table, columns: Iterable[Watched]) -> dict[int, str]:
    """The date order of each watched date column, by position.

    A column that leaves day and month open follows the file's other dates. Raises AtFault for two orders in one column,
    and when nothing in the file tells.
    """
    dates = [(column, column.evidence) for column in columns if isinstance(column.evidence, OrderEvidence)]
    decided: dict[int, str] = {}
    for column, evidence in dates:
        if evidence.contradiction:
            raise AtFault(
                N_(
                    "Dans « %(file)s », la colonne « %(column)s » mélange deux ordres de date : « %(first)s » "
                    "et « %(second)s ». Écrivez toutes ses dates de la même façon."
                ),
                file=table.path.name,
                column=table.headers[column.position],
                first=evidence.contradiction[0],
                second=evidence.contradiction[1],
            )
        if len(evidence.orders) == 1 and evidence.order:
            decided[column.position] = evidence.order
    usual = set(decided.values()) - {"ymd"}
    for column, evidence in dates:
        if evidence.order:
            decided[column.position] = evidence.order
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


def marks(table: Table, columns: Iterable[Watched]) -> dict[int, str]:
    """The decimal mark with which each watched number column reads what is ambiguous, by position.

    A column that proves none follows the file's other numbers, then the file's delimiter: who separates cells by
    semicolons does so because of the comma in numbers. Raises AtFault when nothing tells.
    """
    numbers = [(column, column.evidence) for column in columns if isinstance(column.evidence, MarkEvidence)]
    proven = {mark for _, evidence in numbers for mark in evidence.marks}
    decided: dict[int, str] = {}
    for column, evidence in numbers:
        if len(evidence.marks) == 1:
            decided[column.position] = next(iter(evidence.marks))
        elif evidence.marks:
            decided[column.position] = ""  # both: each value must prove its own
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
