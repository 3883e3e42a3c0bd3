"""From the cells of a row to one value: of one cell, of several, or of a date that another cell moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from haark.intake.converters import clean
from haark.intake.kinds import Column
from haark.intake.mapping import Shift
from haark.intake.periods import shifted
from haark.intake.wording import N_, Refused

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Step:
    """One column: the cell's position (None: a constant), its converter, and the header that people know."""

    column: Column
    position: int | None
    convert: Convert
    label: str

    def value(self, cells: Sequence[Any]) -> Any:
        return self.convert("" if self.position is None else cells[self.position])


@dataclass(frozen=True)
class ShiftedStep(Step):
    """A date that another cell moves: `base` reads the date, `amount` the number; unknown where either is."""

    base: Convert
    amount: Convert
    shift: Shift
    by: int | None

    def value(self, cells: Sequence[Any]) -> Any:
        start = self.base("" if self.position is None else cells[self.position])
        number = self.shift.number if self.by is None else self.amount(cells[self.by])
        if start is None or number is None:
            return self.convert("")
        try:
            day = shifted(date.fromisoformat(start), self.shift.unit, self.shift.sign * Decimal(str(number)))
        except (OverflowError, ValueError) as error:
            raise Refused(N_("« %(value)s » mène hors du calendrier"), value=number) from error
        return self.convert(day)


@dataclass(frozen=True)
class JoinedStep(Step):
    """Several cells put one behind the other."""

    positions: tuple[int, ...]

    def value(self, cells: Sequence[Any]) -> Any:
        return self.convert(" ".join(filter(None, (clean(cells[at]) for at in self.positions))))


@dataclass(frozen=True)
class FirstStep(Step):
    """The cell at `position`, or where it says nothing, the one at `other`, each read as its column is."""

    meant: Callable[[str], str] | None
    other: int
    convert_other: Convert

    def value(self, cells: Sequence[Any]) -> Any:
        assert self.position is not None
        text = clean(cells[self.position])
        if text and (self.meant is None or self.meant(text)):
            return self.convert(cells[self.position])
        return self.convert_other(cells[self.other])
