"""A table some of whose rows a person wrote over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Self

from haark.intake.reading import Row, Table


@dataclass(frozen=True)
class Corrected(Table):
    """`corrections`: the cells of a row in place of those in the file, by its number; all blank leaves it out."""

    corrections: Mapping[int, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, corrections: Mapping[int, Sequence[str]]) -> Self:
        return cls(**{each.name: getattr(table, each.name) for each in fields(table)}, corrections=corrections)

    def rows(self) -> Iterator[Row]:
        for number, cells in super().rows():
            written = self.corrections.get(number)
            if written is None:
                yield number, cells
            elif any(written):
                yield number, list(written)
