"""Staging intervals: they wait as deltas in the scratch file, come back summed by account and day, leave as revenue."""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from haark.intake.converters import clean
from haark.intake.kinds import KINDS
from haark.intake.levels import deltas, levels
from haark.intake.plan import Plan
from haark.intake.scratch import BATCH, Scratch, number_of
from haark.intake.wording import N_, AtFault, Refused, Sentence

COLUMNS = ("external_id", "account_id", "date", "arr_cents", "reason")
Delta = tuple[str, int, str, int, str]


class Intervals:
    """All tables of one source add to the same level of an account."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch

    def add(self, plan: Plan, rows: Iterator[tuple[int, Any]], file: int, source: str) -> None:
        self.scratch.connection.executemany(
            "INSERT INTO delta VALUES (?, ?, ?, ?, ?)", self._deltas(plan, rows, file, source)
        )

    def _deltas(self, plan: Plan, rows: Iterator[tuple[int, Any]], file: int, source: str) -> Iterator[Delta]:
        position = plan.steps[0].position or 0
        for number, cells in rows:
            try:
                if isinstance(cells, Sentence):
                    self.scratch.refuse("revenue", file, number, cells, cells.cells)
                    continue
                ref, start, end, amount = plan.values(cells)
            except AtFault:
                raise
            except Refused:
                self.scratch.refuse("revenue", file, number, Sentence.joined(plan.reasons(cells)), cells)
                continue
            if end is not None and end < start:
                reason = Sentence(N_("la fin (%(end)s) précède le début (%(start)s)"), end=end, start=start)
                self.scratch.refuse("revenue", file, number, reason, cells)
                continue
            who = clean(cells[position])
            yield source, ref, start, 0, who  # the account is spoken of, even if it pays nothing
            yield from ((source, ref, day, cents, who) for day, cents in deltas(start, end, amount))

    def stage(self) -> None:
        """After the last table: the levels become rows of revenue."""
        connection = self.scratch.connection
        for (source,) in connection.execute("SELECT DISTINCT source FROM delta").fetchall():
            stage = self.scratch.stage(KINDS["revenue"], COLUMNS, source, ("likeness",), levels=True)
            connection.execute(
                "INSERT OR IGNORE INTO spoken SELECT DISTINCT ref FROM delta WHERE source = ?", (source,)
            )
            file = self.scratch.add_file(source, ())
            batch: list[tuple[Any, ...]] = []
            for number, row in enumerate(self._level_rows(source), start=1):
                batch.append((number_of(file, number), *row))
                if len(batch) >= BATCH:
                    self.scratch.add(stage, batch, ())
                    batch = []
            self.scratch.add(stage, batch, ())

    def _level_rows(self, source: str) -> Iterator[tuple[Any, ...]]:
        summed = self.scratch.connection.execute(
            "SELECT ref, day, sum(cents), min(who) FROM delta WHERE source = ? GROUP BY ref, day ORDER BY ref, day",
            (source,),
        )
        for ref, days in groupby(summed, key=itemgetter(0)):
            found = list(days)
            who = min(row[3] for row in found)
            for level in levels((row[1], row[2]) for row in found):
                identity = level_identity(source, who, level.day)
                yield identity, ref, level.day, level.amount, level.reason, level.day


def level_identity(source: str, account: str, day: str) -> str:
    """The external id of a computed level: it tells which rows to take back when the intervals change."""
    name = account if len(account) <= 40 else hashlib.sha256(account.encode()).hexdigest()[:40]
    return f"{level_prefix(source)}{name}/{day}"


def level_prefix(source: str) -> str:
    return f"levels/{source}/"
