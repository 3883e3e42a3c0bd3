"""Rows that an import created: which of them somebody has changed or built upon since, and taking away the others."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from haark.events.models import Event
from haark.extensions import db
from haark.intake import custom
from haark.intake.comparing import IGNORED, KIND_OF, blank, current, name_of, parsed, table_of
from haark.intake.target import Target
from haark.measures.models import MEASURES

Kept = list[list[Any]]
Stay = list[tuple[str, int, int | None, str]]  # (table, id, account, field or table that says why)
# What Haark computes from an account's facts: gone with it, and no reason to keep it.
COMPUTED = frozenset({"account_card", "account_tag", "health_snapshot", "next_review", "duplicate"})
# Facts of an account too; one that a person wrote since the import is found by its event.
FACTS = frozenset({"custom_value"})
USAGE = frozenset({"usage_day", "usage_feature", "usage_entry"})
# Computed too, until a person has said something about it.
TOUCHED = {"signal": ("noted_by_id", "reason"), "advice": ("decided_by_id", "comment")}


class Undo:
    """The created rows of one undo file."""

    def __init__(self, own: sqlite3.Connection) -> None:
        self.own = own
        self.has_accounts = own.execute("SELECT 1 FROM fresh LIMIT 1").fetchone() is not None
        self._refers = {
            table: [
                (other, key.parent)
                for other in db.metadata.sorted_tables
                for key in other.foreign_keys
                if key.column.table.name == table and other.name not in COMPUTED | USAGE | FACTS
            ]
            for table in (*self.created_tables(), "account", "feature")
        }

    def created_tables(self) -> list[str]:
        """All but accounts and features, those that refer to others first."""
        present = {row[0] for row in self.own.execute("SELECT DISTINCT tbl FROM created")} - {"account", "feature"}
        return [table.name for table in reversed(db.metadata.sorted_tables) if table.name in present]

    def staying(self, target: Target, size: int) -> Stay:
        """What an undo leaves alone, found while all of it is there."""
        stay: dict[tuple[str, int], tuple[int | None, str]] = {}
        for table in (*self.created_tables(), "account"):
            for ids in self._pages(table, size):
                for ident, field in self._moved(target, table, ids).items():
                    account = ident if table == "account" else self._account(table, ident)
                    stay[table, ident] = (account, field)
                    if table != "account" and account is not None and self._is_new(account):
                        stay.setdefault(("account", account), (account, table))
        if self.has_accounts:
            for account, table in self._with_usage(target):
                stay.setdefault(("account", account), (account, table))
        self._keep_parents(stay)
        return [(table, ident, account, field) for (table, ident), (account, field) in stay.items()]

    def named_staying(self, target: Target) -> Kept:
        """The rows that stay, as they are named."""
        kept: Kept = []
        found = self.own.execute("SELECT tbl, id, field FROM stay ORDER BY tbl, id").fetchall()
        for table, ident, field in found:
            there = table_of(table)
            row = target.connection.execute(select(there).where(there.c.id == ident)).mappings().first()
            kept.append([KIND_OF[table], ident, name_of(there, row) if row else "", field])
        return kept

    def remove(self, target: Target, table: str, ids: list[int]) -> Kept:
        """Takes away the created rows among `ids`, but those that stay and those of accounts that stay."""
        staying = {row[0] for row in self.own.execute("SELECT account_id FROM staying")}
        named = {row[0] for row in self.own.execute("SELECT id FROM stay WHERE tbl = ?", (table,))}
        wanted = [ident for ident in ids if ident not in named and self._account(table, ident) not in staying]
        if not wanted:
            return []
        there = table_of(table)
        moved = self._moved(target, table, wanted)  # again: somebody may have been quick
        if table == "feature":
            moved |= dict.fromkeys(self._in_use(target, wanted), "usage")
        kept = []
        if moved:
            rows = current(target, there, list(moved))
            kept = [
                [KIND_OF[table], one, name_of(there, rows[one]), field] for one, field in moved.items() if one in rows
            ]
        gone = [ident for ident in wanted if ident not in moved]
        target.connection.execute(delete(there).where(there.c.id.in_(gone)))
        if table == "account":
            # SQLite gives the number of a removed account to the next one, which must not inherit its history.
            target.connection.execute(
                update(Event).where(Event.account_id.in_(gone)).values(account_id=None, subject_id=None)
            )
        return kept

    def _moved(self, target: Target, table: str, ids: list[int]) -> dict[int, str]:
        """{id: field or table}: rows that are not as the import made them, or that others refer to."""
        there = table_of(table)
        rows, moved = current(target, there, ids), {}
        for ident, text in self._rows(table, ids):
            if ident in rows and (field := self._differs(there, rows[ident], json.loads(text))):
                moved[ident] = field
        for other, column in self._refers[table]:
            left = [ident for ident in rows if ident not in moved]
            if left:
                moved |= dict.fromkeys(self._referred(target, other, column, left), other.name)
        if table == "account":
            moved = custom.written(target, [ident for ident in rows if ident not in moved]) | moved
        return moved

    def _differs(self, there: Any, row: Any, told: dict[str, Any]) -> str:
        for column in there.columns:
            name = column.name
            if name in IGNORED:
                continue
            expected = parsed(column, told[name]) if name in told else blank(column)
            if row[name] != expected and not (name == "parent_id" and row[name] is None and self._is_new(expected)):
                return name
        return ""

    def _referred(self, target: Target, other: Any, column: Any, ids: list[int]) -> set[int]:
        """Those of `ids` that rows refer to which are not of this import."""
        columns = [column, *([other.c.id] if "id" in other.c else [])]
        wanted = select(*columns).where(column.in_(ids))
        if other.name in TOUCHED:
            who, said = TOUCHED[other.name]
            wanted = wanted.where(or_(other.c[who].is_not(None), and_(other.c[said] != "", other.c[said].is_not(None))))
        found = target.connection.execute(wanted).all()
        ours = self._ours(other.name, column.name, [row[1] for row in found]) if len(columns) > 1 and found else set()
        return {row[0] for row in found if len(columns) == 1 or row[1] not in ours}

    def _ours(self, table: str, column: str, ids: list[int]) -> set[int]:
        """Rows that this import created, or made refer to what they refer to: they go, or are set back."""
        ours: set[int] = set()
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            marks = ", ".join("?" * len(some))
            given = (table, *some)
            ours |= {
                row[0] for row in self.own.execute(f"SELECT id FROM created WHERE tbl = ? AND id IN ({marks})", given)
            }
            changed = self.own.execute(f"SELECT id, fields FROM changed WHERE tbl = ? AND id IN ({marks})", given)
            ours |= {row[0] for row in changed if column in json.loads(row[1])}
        return ours

    def _with_usage(self, target: Target) -> Iterator[tuple[int, str]]:
        """New accounts that have usage which this import did not bring, or not like this."""
        undo = "undo" if target.sqlite else "pg_temp"
        for table, key in (
            ("usage_day", ("account_id", "day")),
            ("usage_feature", ("account_id", "day", "feature_id")),
        ):
            same = " AND ".join(f"u.{name} = t.{name}" for name in key)
            as_made = " AND ".join(f"u.a_{name} IS NOT DISTINCT FROM t.{name}" for name in MEASURES)
            rest = table[6:]
            found = target.rows(
                f"SELECT DISTINCT t.account_id FROM {table} t WHERE t.account_id IN (SELECT f.account_id FROM"
                f" {undo}.fresh f) AND NOT EXISTS (SELECT 1 FROM {undo}.u_{rest} u WHERE {same} AND {as_made})"
                f" AND NOT EXISTS (SELECT 1 FROM {undo}.l_{rest} u WHERE {same})"
            )
            yield from ((row[0], table) for row in found)
        found = target.rows(
            f"SELECT DISTINCT t.account_id FROM usage_entry t WHERE t.account_id IN (SELECT f.account_id FROM"
            f" {undo}.fresh f) AND NOT EXISTS (SELECT 1 FROM {undo}.u_entry u WHERE u.source = t.source"
            " AND u.entry = t.entry)"
        )
        yield from ((row[0], "usage_entry") for row in found)

    def _in_use(self, target: Target, ids: list[int]) -> set[int]:
        used: set[int] = set()
        for name in ("usage_feature", "usage_entry"):
            column = table_of(name).c.feature_id
            used |= set(target.connection.scalars(select(column).where(column.in_(ids)).distinct()))
        return used

    def _keep_parents(self, stay: dict[tuple[str, int], tuple[int | None, str]]) -> None:
        """A new account that stays keeps its parent, though that is new too."""
        waiting = [ident for table, ident in stay if table == "account"]
        while waiting:
            ident = waiting.pop()
            row = self.own.execute("SELECT row FROM created WHERE tbl = 'account' AND id = ?", (ident,)).fetchone()
            parent = json.loads(row[0]).get("parent_id") if row else None
            if parent is not None and self._is_new(parent) and ("account", parent) not in stay:
                stay["account", parent] = (parent, "parent_id")
                waiting.append(parent)

    def _pages(self, table: str, size: int) -> Iterator[list[int]]:
        last = -1
        while found := self.own.execute(
            "SELECT id FROM created WHERE tbl = ? AND id > ? ORDER BY id LIMIT ?", (table, last, size)
        ).fetchall():
            yield [row[0] for row in found]
            last = found[-1][0]

    def _rows(self, table: str, ids: list[int]) -> list[tuple[int, str]]:
        marks = ", ".join("?" * len(ids))
        return self.own.execute(
            f"SELECT id, row FROM created WHERE tbl = ? AND id IN ({marks})", (table, *ids)
        ).fetchall()

    def _account(self, table: str, ident: int) -> int | None:
        if table == "account":
            return ident
        row = self.own.execute("SELECT account_id FROM created WHERE tbl = ? AND id = ?", (table, ident)).fetchone()
        return row[0] if row else None

    def _is_new(self, account_id: Any) -> bool:
        if account_id is None:
            return False
        return self.own.execute("SELECT 1 FROM fresh WHERE account_id = ?", (account_id,)).fetchone() is not None
