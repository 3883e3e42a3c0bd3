"""Which reviews an account gets, by its ARR (RV-1). Pure; the rows come from the setting `review.policy`.

A row covers the ARR from `from` (included) up to `to` (excluded, None: no end), in units of the organisation's
currency. The executive review alone begins **above** its `from`: at 100 000 an account has quarterly reviews only,
above it the yearly executive one besides. `months` lie between two reviews; 0: only when there is an occasion.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# A review of one kind also counts for the kinds before it: an executive review of a quarter is that quarter's review.
RANKS = {"call": 0, "mbr": 1, "qbr": 2, "ebr": 3}
# With an unknown ARR no row applies; people are offered the standard review, and no calendar is invented.
STANDARD = "qbr"


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `start` and `end` in cents, `months` between two reviews, `minutes` of a meeting."""

    kind: str
    start: int
    end: int | None
    months: int
    minutes: int

    def covers(self, arr_cents: int) -> bool:
        begun = arr_cents > self.start if self.kind == "ebr" else arr_cents >= self.start
        return begun and (self.end is None or arr_cents < self.end)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rows, in the order of the setting."""

    lines: tuple[Line, ...]

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]]) -> "Policy":
        """From the setting's rows: kind, from, to (units or None), months, minutes."""
        return cls(
            tuple(
                Line(
                    kind=row["kind"],
                    start=round((row["from"] or 0) * 100),
                    end=None if row["to"] is None else round(row["to"] * 100),
                    months=int(row["months"]),
                    minutes=int(row["minutes"]),
                )
                for row in rows
            )
        )

    def calendar(self, arr_cents: int | None) -> tuple[Line, ...]:
        """The reviews that come back by themselves for an ARR, the most frequent first."""
        if arr_cents is None:
            return ()
        regular = (line for line in self.lines if line.months > 0 and line.covers(arr_cents))
        return tuple(sorted(regular, key=lambda line: (line.months, -RANKS[line.kind])))

    def kind(self, arr_cents: int | None) -> str:
        """The usual review of an ARR: the most frequent regular one, else a success call; STANDARD when unknown."""
        if arr_cents is None:
            return STANDARD
        regular = self.calendar(arr_cents)
        return regular[0].kind if regular else "call"

    def kinds(self, arr_cents: int | None) -> tuple[str, ...]:
        """Every regular review of an ARR, the gravest first: «EBR and QBR»; a success call where there is none."""
        found = [line.kind for line in self.calendar(arr_cents)] or [self.kind(arr_cents)]
        return tuple(sorted(found, key=lambda kind: -RANKS[kind]))

    def suggested(self, arr_cents: int | None, unit: str) -> str:
        """The kind for an ARR and a unit of period: the executive review covers a year, the others go by ARR."""
        if unit == "year" and "ebr" in self.kinds(arr_cents):
            return "ebr"
        return self.kind(arr_cents)

    def minutes(self, kind: str) -> int:
        """Length of a meeting of that kind."""
        return next(line.minutes for line in self.lines if line.kind == kind)
