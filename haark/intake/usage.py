"""Applying staged usage: straight into the days, or, for rows with ids of their own, into a ledger summed into them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from haark.intake.apply import Counts
from haark.intake.scratch import Stage
from haark.intake.target import Target
from haark.measures.models import MEASURES

# Rows per transaction where a single one would hold SQLite's write lock too long: 0.2-0.4 s on a slow laptop.
CHUNK = 80_000


@dataclass(frozen=True)
class Slice:
    """A part of a stage, by its primary key: `low < key <= high`; None is open."""

    low: tuple[Any, ...] | None = None
    high: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class _Keeping:
    """Where the values from before go."""

    undo: str
    number: int
    verb: str

    def insert(self, table: str) -> str:
        return f"{self.verb} INTO {self.undo}.{table}"


class Usage:
    """The statements for one stage of usage."""

    def __init__(self, target: Target, stage: Stage) -> None:
        self.target = target
        self.stage = stage
        self.s = target.name(stage.name)
        self.measures = tuple(name for name in stage.columns if name in MEASURES)
        self.key = ("external_id",) if stage.with_ids else ("account_id", "day", "feature_id")

    def classify(self) -> Counts:
        if self.stage.with_ids:
            return self._count("usage_entry", "t.source = :source AND t.entry = s.external_id", "1 = 1", ledger=True)
        whole = self._count("usage_day", "t.account_id = s.account_id AND t.day = s.day", "s.feature_id = 0")
        parts = self._count(
            "usage_feature",
            "t.account_id = s.account_id AND t.day = s.day AND t.feature_id = s.feature_id",
            "s.feature_id <> 0",
        )
        return Counts(whole.new + parts.new, whole.changed + parts.changed, whole.unchanged + parts.unchanged)

    def _count(self, table: str, same: str, where: str, ledger: bool = False) -> Counts:
        compared = [f"t.{name} IS DISTINCT FROM s.{name}" for name in self.measures]
        if ledger:
            compared += [
                "t.account_id <> s.account_id",
                "t.day <> s.day",
                "t.feature_id IS DISTINCT FROM nullif(s.feature_id, 0)",
            ]
        differs = " OR ".join(compared)
        given = {"source": self.stage.source} if ledger else {}
        row = self.target.rows(
            "SELECT count(*), count(t.account_id),"
            f" count(CASE WHEN t.account_id IS NOT NULL AND ({differs}) THEN 1 END)"
            f" FROM {self.s} s LEFT JOIN {table} t ON {same} WHERE {where}",
            **given,
        )[0]
        return Counts(row[0] - row[1], row[2], row[1] - row[2])

    def slices(self, size: int = CHUNK) -> Iterator[Slice]:
        """The stage in parts of `size` rows, in the order of its key."""
        key = ", ".join(self.key)
        low: tuple[Any, ...] | None = None
        while True:
            beyond, given = self._bounds(Slice(low))
            found = self.target.rows(
                f"SELECT {key} FROM {self.s} s WHERE {beyond} ORDER BY {key} LIMIT 1 OFFSET {size - 1}",
                **given,
            )
            high = tuple(found[0]) if found else None
            yield Slice(low, high)
            if high is None:
                return
            low = high

    def record(self, part: Slice, number: int, undo: str) -> None:
        """Keeps what the rows of one part are before it is written, in the tables of the undo file (`undo`.u_…).

        Doing it again after the part was written changes nothing: a row that is as it shall be is not kept anew.
        """
        self.keeping = _Keeping(undo, number, "INSERT OR REPLACE" if self.target.sqlite else "INSERT")
        if self.stage.with_ids:
            self._record_ledger(part)
            return
        self._record_days("usage_day", ("account_id", "day"), part, "s.feature_id = 0")
        self._record_days("usage_feature", ("account_id", "day", "feature_id"), part, "s.feature_id <> 0")

    def _record_days(self, table: str, key: tuple[str, ...], part: Slice, where: str) -> None:
        bounds, given = self._bounds(part)
        same = " AND ".join(f"t.{name} = {self._known(name)}" for name in key)
        after = [f"s.{name}" if name in self.measures else f"t.{name}" for name in MEASURES]
        differs = " OR ".join(
            ["t.account_id IS NULL", *(f"t.{name} IS DISTINCT FROM s.{name}" for name in self.measures)]
        )
        self.target.run(
            f"{self.keeping.insert('u_' + table[6:])} SELECT CAST(:part AS bigint), {', '.join(map(self._known, key))},"
            f" CASE WHEN t.account_id IS NULL THEN 0 ELSE 1 END, {', '.join('t.' + name for name in MEASURES)},"
            f" {', '.join(after)} FROM {self.s} s LEFT JOIN {table} t ON {same}"
            f" WHERE {where} AND {bounds} AND ({differs})",
            part=self.keeping.number,
            **given,
        )

    def _record_ledger(self, part: Slice) -> None:
        touched = self._touched(part, self._known)
        bounds, given = self._bounds(part)
        names = ("account_id", "day", "feature_id", *MEASURES)
        new = [f"nullif({self._known(name)}, 0)" if name == "feature_id"
               else self._known(name) if name not in MEASURES or name in self.measures else f"t.{name}"
               for name in names]  # fmt: skip
        self.target.run(
            f"{self.keeping.insert('u_entry')} SELECT CAST(:part AS bigint), CAST(:source AS text), s.external_id,"
            f" CASE WHEN t.entry IS NULL THEN 0 ELSE 1 END, {', '.join('t.' + name for name in names)},"
            f" {', '.join(new)} {self._joined()} WHERE {bounds} AND ({self._moved(self._known)})",
            part=self.keeping.number,
            source=self.stage.source,
            **given,
        )
        for table, key, which, same in (
            ("usage_day", ("account_id", "day"), "n.feature_id = 0", "e.feature_id IS NULL"),
            ("usage_feature", ("account_id", "day", "feature_id"), "n.feature_id <> 0", "e.feature_id = n.feature_id"),
        ):
            named = ", ".join(f"n.{name}" for name in key)
            before = ", ".join(f"t.{name}" for name in MEASURES)
            sums = ", ".join(f"sum(e.{name})" for name in MEASURES)
            present = " AND ".join(f"t.{name} = n.{name}" for name in key)
            self.target.run(
                f"{self.keeping.insert('l_' + table[6:])} SELECT CAST(:part AS bigint), {named},"
                f" CASE WHEN t.account_id IS NULL THEN 0 ELSE 1 END, {before}, count(e.entry), {sums}"
                f" FROM {touched} n LEFT JOIN {table} t ON {present}"
                f" LEFT JOIN usage_entry e ON e.account_id = n.account_id AND e.day = n.day AND {same}"
                f" WHERE {which} GROUP BY {named}, t.account_id, {before}",
                part=self.keeping.number,
            )

    def _known(self, name: str) -> str:
        """As `_value`, but a reference to what does not exist yet stays what it is."""
        if name in ("account_id", "feature_id"):
            table = self.target.name("refs" if name == "account_id" else "new_feature")
            return (
                f"CASE WHEN s.{name} < 0 THEN coalesce((SELECT r.id FROM {table} r WHERE r.ref = s.{name}), s.{name})"
                f" ELSE s.{name} END"
            )
        return f"s.{name}"

    def write(self, part: Slice) -> None:
        """Inserts and updates the rows of one part; doing it again changes nothing."""
        if self.stage.with_ids:
            self._write_ledger(part)
            return
        self._upsert("usage_day", ("account_id", "day"), part, "s.feature_id = 0")
        self._upsert("usage_feature", ("account_id", "day", "feature_id"), part, "s.feature_id <> 0")

    def _upsert(self, table: str, key: tuple[str, ...], part: Slice, where: str) -> None:
        bounds, given = self._bounds(part)
        self.target.run(
            f"INSERT INTO {table} ({', '.join((*key, *self.measures))})"
            f" SELECT {', '.join(map(self._value, (*key, *self.measures)))} FROM {self.s} s WHERE {where} AND {bounds}"
            f" {_on_conflict(table, key, self.measures)}",
            **given,
        )

    def _write_ledger(self, part: Slice) -> None:
        touched = self._touched(part, self._value)
        bounds, given = self._bounds(part)
        given["source"] = self.stage.source
        names = ("account_id", "day", "feature_id", *self.measures)
        values = [self._value(name) if name != "feature_id" else f"nullif({self._value(name)}, 0)" for name in names]
        self.target.run(
            f"INSERT INTO usage_entry (source, entry, {', '.join(names)})"
            f" SELECT :source, s.external_id, {', '.join(values)} FROM {self.s} s WHERE {bounds}"
            f" {_on_conflict('usage_entry', ('source', 'entry'), names)}",
            **given,
        )
        self._sum("usage_day", ("account_id", "day"), touched, "n.feature_id = 0", "e.feature_id IS NULL")
        self._sum(
            "usage_feature",
            ("account_id", "day", "feature_id"),
            touched,
            "n.feature_id <> 0",
            "e.feature_id = n.feature_id",
        )

    def _moved(self, value: Callable[[str], str]) -> str:
        """Days whose sums move: those of new and changed rows, and those that changed rows were counted in before."""
        return " OR ".join(
            ["t.entry IS NULL", f"t.account_id <> {value('account_id')}", "t.day <> s.day"]
            + [f"t.feature_id IS DISTINCT FROM nullif({value('feature_id')}, 0)"]
            + [f"t.{name} IS DISTINCT FROM s.{name}" for name in self.measures]
        )

    def _joined(self) -> str:
        return f"FROM {self.s} s LEFT JOIN usage_entry t ON t.source = :source AND t.entry = s.external_id"

    def _touched(self, part: Slice, value: Callable[[str], str]) -> str:
        """Makes the table of the days that this part moves, and returns its name."""
        bounds, given = self._bounds(part)
        touched = self.target.name("touched")
        moved, joined = self._moved(value), self._joined()
        self.target.run("DROP TABLE IF EXISTS " + touched)
        temporary = "TEMPORARY TABLE touched" if not self.target.sqlite else f"TABLE {touched}"
        # With types: SQLite uses an index only where both sides of a comparison have the same affinity.
        self.target.run(
            f"CREATE {temporary} (account_id integer, day date, feature_id integer,"
            " PRIMARY KEY (account_id, day, feature_id))"
        )
        self.target.run(
            f"INSERT INTO {touched} SELECT {value('account_id')}, s.day, {value('feature_id')}"
            f" {joined} WHERE {bounds} AND ({moved})"
            f" UNION SELECT t.account_id, t.day, coalesce(t.feature_id, 0) {joined}"
            f" WHERE t.entry IS NOT NULL AND {bounds} AND ({moved})",
            source=self.stage.source,
            **given,
        )
        return touched

    def _sum(self, table: str, key: tuple[str, ...], touched: str, which: str, same: str) -> None:
        """Writes the sums of the touched days, and drops the days that no row is left for."""
        named = ", ".join(f"n.{name}" for name in key)
        sums = ", ".join(f"CAST(sum(e.{name}) AS integer)" for name in MEASURES)
        entries = f"usage_entry e ON e.account_id = n.account_id AND e.day = n.day AND {same}"
        self.target.run(
            f"INSERT INTO {table} ({', '.join((*key, *MEASURES))}) SELECT {named}, {sums}"
            f" FROM {touched} n JOIN {entries} WHERE {which} GROUP BY {named} {_on_conflict(table, key, MEASURES)}"
        )
        self.target.run(
            f"DELETE FROM {table} WHERE ({', '.join(key)}) IN (SELECT {named} FROM {touched} n"
            f" LEFT JOIN {entries} WHERE {which} AND e.entry IS NULL)"
        )

    def _value(self, name: str) -> str:
        if name == "account_id":
            return self._reference("account_id", "refs")
        if name == "feature_id":
            return self._reference("feature_id", "new_feature")
        return f"s.{name}"

    def _reference(self, name: str, table: str) -> str:
        return (
            f"CASE WHEN s.{name} < 0 THEN (SELECT r.id FROM {self.target.name(table)} r WHERE r.ref = s.{name})"
            f" ELSE s.{name} END"
        )

    def _bounds(self, part: Slice) -> tuple[str, dict[str, Any]]:
        """The SQL of «in this part», and its values."""
        key = "(" + ", ".join(f"s.{name}" for name in self.key) + ")"
        clauses = ["1 = 1"]
        given: dict[str, Any] = {}
        for sign, name, edge in ((">", "low", part.low), ("<=", "high", part.high)):
            if edge is not None:
                clauses.append(f"{key} {sign} (" + ", ".join(f":{name}{at}" for at in range(len(edge))) + ")")
                given |= {f"{name}{at}": value for at, value in enumerate(edge)}
        return " AND ".join(clauses), given


def _on_conflict(table: str, key: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Writes only rows that differ: an import that brings nothing new leaves the pages of the database alone."""
    sets = ", ".join(f"{name} = excluded.{name}" for name in names)
    differs = " OR ".join(f"{table}.{name} IS DISTINCT FROM excluded.{name}" for name in names)
    return f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets} WHERE {differs}"
