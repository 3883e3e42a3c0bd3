"""Applying staged rows to the product's tables, by statements over whole sets that both databases understand.

`classify` says of each row whether it is new, changed or unchanged, writing only into the stage; `Applier.apply` then
inserts and updates. What changed leaves an event with the values before and after.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, Table, insert

from haark.events.domain import differences
from haark.events.models import Event
from haark.extensions import UTCDateTime, db
from haark.intake import custom
from haark.intake.intervals import level_prefix
from haark.intake.recording import Recorder
from haark.intake.scratch import Stage
from haark.intake.target import Target

EVENT_BATCH = 1_000
THINGS = {"accounts": "account", "contacts": "contact", "renewals": "renewal", "golives": "golive",
          "features": "feature", "surveys": "survey", "tickets": "ticket", "interactions": "interaction",
          "opportunities": "opportunity", "revenue": "revenue"}  # fmt: skip
# What stands in for a blank name, by kind.
NAMELESS = {"contacts": "email", "features": "key", "opportunities": "external_id"}
PEOPLE = ("owner_id", "sales_owner_id", "author_id")  # colleagues; a negative one comes with the import
ANNOUNCED = ("accounts", "contacts")  # kinds whose new rows are events of the account's history


@dataclass
class Counts:
    new: int = 0
    changed: int = 0
    unchanged: int = 0


class Rows:
    """The statements for one stage of any kind but usage."""

    def __init__(self, target: Target, stage: Stage, earlier: Iterable[Stage] = ()) -> None:
        self.target = target
        self.stage = stage
        self.s = target.name(stage.name)
        self.table: Table = db.metadata.tables[stage.kind.table]
        self.earlier = [target.name(other.name) for other in earlier if other.kind.name == stage.kind.name]
        added = [name for name in ("name_folded", "identity") if name in stage.extra]
        self.columns = (*(name for name in stage.columns if not custom.is_custom(name)), *added)
        self.custom = [one for one in stage.kind.columns if one.name in stage.columns and custom.is_custom(one.name)]
        self.recorder: Recorder | None = None  # hears of what is removed and created
        self.told: list[tuple[int, int | None, dict[str, Any]]] = []  # what `write` has changed

    def value(self, name: str) -> str:
        """The SQL of what column `name` becomes, from the stage `s`."""
        if name == "account_id":
            return self._reference("account_id")
        if name == "parent_id":
            return self._reference("parent_id")
        if name in PEOPLE:
            return self._reference(name, "new_user")
        if name == "tags" and not self.target.sqlite:
            return "CAST(s.tags AS json)"
        if name == "name" and self.stage.kind.name in NAMELESS:
            own = "s.name" if "name" in self.stage.columns else "''"
            other = f"s.{NAMELESS[self.stage.kind.name]}" if self._has_fallback else "''"
            return f"coalesce(nullif({own}, ''), {other})"
        return f"s.{name}"

    @property
    def _has_fallback(self) -> bool:
        return NAMELESS[self.stage.kind.name] in self.stage.columns

    def _reference(self, name: str, table: str = "refs") -> str:
        refs = self.target.name(table)
        return f"CASE WHEN s.{name} < 0 THEN (SELECT r.id FROM {refs} r WHERE r.ref = s.{name}) ELSE s.{name} END"

    def _differs(self) -> str:
        parts = []
        for name in self.columns:
            # A negative reference is about an account that does not exist yet: it differs from every id.
            new = f"s.{name}" if name in ("account_id", "parent_id", "tags", *PEOPLE) else self.value(name)
            old = "CAST(t.tags AS text)" if name == "tags" and not self.target.sqlite else f"t.{name}"
            parts.append(f"{old} IS DISTINCT FROM {new}")
        parts += [f"{custom.present(column)} IS DISTINCT FROM s.{column.name}" for column in self.custom]
        return " OR ".join(parts)

    def classify(self) -> Counts:
        """Sets `target` and `state` of every staged row and counts them."""
        for statement in self._find():
            self.target.run(statement)
        self.target.run(
            f"UPDATE {self.s} AS s SET state = CASE WHEN s.target IS NULL THEN 'n' WHEN EXISTS (SELECT 1 FROM"
            f" {self.table.name} t WHERE t.id = s.target AND ({self._differs()})) THEN 'c' ELSE 'u' END"
        )
        for other in self.earlier:
            # Accounts that an earlier table of this import creates: this one adds to them.
            if self.stage.kind.known_by == "account":
                self.target.run(
                    f"UPDATE {self.s} AS s SET state = 'c' WHERE s.ref < 0 AND EXISTS"
                    f" (SELECT 1 FROM {other} o WHERE o.ref = s.ref)"
                )
        found = dict(self.target.rows(f"SELECT state, count(*) FROM {self.s} GROUP BY state"))
        return Counts(found.get("n", 0), found.get("c", 0) + self._stale_count(), found.get("u", 0))

    def count_places(self) -> None:
        """On SQLite, before the write lock is taken: new accounts are counted, so that their ids need not be looked
        for under it."""
        if self.target.sqlite and self.stage.kind.known_by == "account":
            self.target.run(
                f"UPDATE {self.s} AS s SET place = c.place FROM (SELECT no, row_number() OVER (ORDER BY no) AS place"
                f" FROM {self.s} WHERE state = 'n') c WHERE c.no = s.no"
            )

    def _find(self) -> list[str]:
        """The statements that set `target`."""
        s, table, known_by = self.s, self.table.name, self.stage.kind.known_by
        if known_by == "account":
            return [f"UPDATE {s} SET target = CASE WHEN ref > 0 THEN ref END"]
        by = {"identity": "identity", "deal": "external_id", "key": "key"}.get(known_by)
        if by:
            return [f"UPDATE {s} AS s SET target = (SELECT t.id FROM {table} t WHERE t.{by} = s.{by})"]
        clear = f"UPDATE {s} SET target = NULL"
        natural = (
            f"UPDATE {s} AS s SET target = (SELECT min(t.id) FROM {table} t WHERE t.account_id = s.account_id"
            f" AND {self._natural()}) WHERE s.target IS NULL AND s.likeness IS NOT NULL"
        )
        if "external_id" not in self.stage.columns:
            return [clear, natural]
        own = (
            f"UPDATE {s} AS s SET target = (SELECT t.id FROM {table} t WHERE t.external_id = s.external_id)"
            " WHERE s.target IS NULL AND s.external_id IS NOT NULL"
        )
        # Revenue holds one level a day: the day decides, whatever ids the rows carry.
        return [clear, natural, own] if self.stage.kind.name == "revenue" else [clear, own, natural]

    def _natural(self) -> str:
        if self.stage.kind.name != "contacts":
            return " AND ".join(
                f"t.{name} = s.{name}" for name in self.stage.kind.natural if name in self.stage.columns
            )
        if "email" not in self.stage.columns:
            return "t.name = s.name"
        by_name = "t.email = '' AND t.name = s.name" if "name" in self.stage.columns else "1 = 0"
        return f"((s.email <> '' AND lower(t.email) = lower(s.email)) OR (s.email = '' AND {by_name}))"

    def _stale(self) -> str:
        """Levels that an earlier import of the same intervals computed, and this one no longer does."""
        return (
            "FROM revenue WHERE substr(external_id, 1, length(:prefix)) = :prefix"
            f" AND account_id IN (SELECT ref FROM {self.target.name('spoken')})"
            f" AND NOT EXISTS (SELECT 1 FROM {self.s} s"
            " WHERE s.account_id = revenue.account_id AND s.date = revenue.date)"
        )

    def _stale_count(self) -> int:
        if not self.stage.levels:
            return 0
        prefix = level_prefix(self.stage.source)
        return int(self.target.rows(f"SELECT count(*) {self._stale()}", prefix=prefix)[0][0])

    def changes(self) -> list[tuple[int, int | None, dict[str, Any]]]:
        """(id, account, {field: [before, after]}) of every changed row, before it is changed."""
        wanted = [name for name in self.columns if name not in ("name_folded", "identity")]
        old = ", ".join([*(f"t.{name}" for name in wanted), *map(custom.present, self.custom)])
        new = ", ".join([*map(self.value, wanted), *(f"s.{column.name}" for column in self.custom)])
        wanted += [column.name for column in self.custom]
        owner = {"account": "t.id", "feature": "NULL"}.get(self.table.name, "t.account_id")
        found = self.target.rows(
            f"SELECT s.target, {owner}, {old}, {new} FROM {self.s} s JOIN {self.table.name} t ON t.id = s.target"
            " WHERE s.state = 'c'"
        )
        told = []
        for row in found:
            before = dict(zip(wanted, map(_readable, wanted, row[2 : 2 + len(wanted)]), strict=True))
            after = dict(zip(wanted, map(_readable, wanted, row[2 + len(wanted) :]), strict=True))
            told.append((row[0], row[1], differences(before, after)))
        return told

    def write(self, at: datetime) -> None:
        """Inserts the new rows and updates the changed ones, whose fields before and after are in `told`."""
        if self.stage.levels:
            self._remove(self._stale(), prefix=level_prefix(self.stage.source))
        if self.stage.kind.name == "revenue" and "external_id" in self.stage.columns:
            # The id moved to a day that has a level of its own: that level takes it over.
            self._remove(
                f"FROM revenue WHERE id IN (SELECT t.id FROM revenue t JOIN {self.s} s"
                " ON s.external_id = t.external_id WHERE s.target IS NOT NULL AND t.id <> s.target)"
            )
        inserted = [name for name in self.columns if name != "parent_id"]
        defaults = {
            column.name: _default(column, at)
            for column in self.table.columns
            if column.name not in inserted and not column.nullable and not column.primary_key
        }
        names = ", ".join((*inserted, *defaults))
        values = ", ".join((*map(self.value, inserted), *(self._bound(name) for name in defaults)))
        last = self._insert(
            f"INSERT INTO {self.table.name} ({names}) SELECT {values} FROM {self.s} s"
            " WHERE s.state = 'n' ORDER BY s.no",
            defaults,
        )
        if self.stage.kind.known_by == "account":
            self._learn_ids(last)
        self.told = self.changes()  # once the accounts that are new have their ids
        sets = [f"{name} = {self.value(name)}" for name in self.columns]
        if "version" in self.table.columns:
            sets.append(f"version = {self.table.name}.version + 1")
        self.target.run(
            f"UPDATE {self.table.name} SET {', '.join(sets)} FROM {self.s} AS s"
            f" WHERE {self.table.name}.id = s.target AND s.state = 'c'"
        )
        if "parent_id" in self.columns:
            self.target.run(
                f"UPDATE account SET parent_id = {self.value('parent_id')} FROM {self.s} AS s"
                " WHERE account.id = s.target AND s.state = 'n' AND s.parent_id IS NOT NULL"
            )
        custom.write(self.target, self.s, self.custom)

    def _remove(self, which: str, **given: Any) -> None:
        if self.recorder is None:
            self.target.run(f"DELETE {which}", **given)
            return
        names = [column.name for column in self.table.columns]
        found = self.target.rows(f"DELETE {which} RETURNING {', '.join(names)}", **given)
        self.recorder.removed(self.table.name, (dict(zip(names, row, strict=True)) for row in found))

    def _insert(self, statement: str, given: dict[str, Any]) -> int:
        """Inserts; the last id that was there before. On SQLite, under the write lock, the new ids follow it one by one
        in the order of the rows."""
        last = 0
        if self.target.sqlite:
            last = self.target.rows(f"SELECT coalesce(max(id), 0) FROM {self.table.name}")[0][0]
            self.target.run(statement, **given)
            if self.recorder:
                self._tell_later(last)
        elif self.recorder is None:
            self.target.run(statement, **given)
        else:
            found = self.target.rows(f"{statement} RETURNING id", **given)
            self.recorder.created(self.table.name, [row[0] for row in found])
        return last

    def _tell_later(self, last: int) -> None:
        """On SQLite: how the rows that were just created follow from the stage, for when nobody waits for it."""
        assert self.recorder is not None
        account = self.stage.kind.known_by == "account"
        number = f"{last} + row_number() OVER (ORDER BY s.no)"
        values = {name: self.value(name) for name in self.columns}
        if self.stage.kind.name in NAMELESS and self._has_fallback:
            values["name"] = self.value("name")
        if account and self.recorder.owner_id is not None:
            values["owner_id"] = f"coalesce({values.get('owner_id', 'NULL')}, {self.recorder.owner_id})"
        for name in {"account_id", "parent_id"} & set(values):
            values[name] = (
                f"CASE WHEN s.{name} < 0 THEN (SELECT r.id FROM ref r WHERE r.ref = s.{name}) ELSE s.{name} END"
            )
        shown = ", ".join(f"'{name}', {value}" for name, value in values.items())
        owner = number if account else values.get("account_id", "NULL")
        if account:
            self.recorder.later(
                0, f"INSERT OR REPLACE INTO ref SELECT s.ref, {number} FROM {self.s} s WHERE s.state = 'n'"
            )
            # What a later table of the import says of an account that an earlier one created.
            self.recorder.later(
                2,
                f"UPDATE created SET row = json_patch(row, (SELECT json_object({shown}) FROM {self.s} s JOIN ref r"
                " ON r.ref = s.ref WHERE r.id = created.id AND s.state = 'c')) WHERE tbl = 'account' AND id IN"
                f" (SELECT r.id FROM {self.s} s JOIN ref r ON r.ref = s.ref WHERE s.state = 'c')",
            )
        self.recorder.later(
            1,
            f"INSERT OR REPLACE INTO created SELECT '{self.table.name}', {number}, {owner}, json_object({shown})"
            f" FROM {self.s} s WHERE s.state = 'n'",
        )

    def _bound(self, name: str) -> str:
        column = self.table.columns[name]
        if isinstance(column.type, JSON):
            return f"CAST(:{name} AS json)" if not self.target.sqlite else f":{name}"
        if isinstance(column.type, UTCDateTime):
            return f"CAST(:{name} AS timestamptz)" if not self.target.sqlite else f":{name}"
        if name == "name" and self.stage.kind.name in NAMELESS and self._has_fallback:
            return f"coalesce(nullif(s.{NAMELESS[self.stage.kind.name]}, ''), :{name})"
        return f":{name}"

    def _learn_ids(self, last: int) -> None:
        """Gives the references to new accounts their ids: on SQLite those that follow `last`, in their order."""
        refs = self.target.name("refs")
        if self.target.sqlite:
            new = f"FROM {self.s} s WHERE s.state = 'n'"
            self.target.run(
                f"INSERT INTO {refs} (ref, id) SELECT s.ref, :last + s.place {new} AND s.ref < 0", last=last
            )
            self.target.run(f"UPDATE {self.s} SET target = :last + place WHERE state = 'n'", last=last)
            self.target.run(
                f"UPDATE {self.s} AS s SET target = (SELECT r.id FROM {refs} r WHERE r.ref = s.ref)"
                " WHERE s.state <> 'n' AND s.ref < 0"
            )
            return
        if "external_id" in self.stage.columns:
            self.target.run(
                f"INSERT INTO {refs} (ref, id) SELECT s.ref, a.id FROM {self.s} s JOIN account a"
                " ON a.external_id = s.external_id WHERE s.ref < 0 AND s.state = 'n'"
            )
        nameless = "s.external_id IS NULL AND" if "external_id" in self.stage.columns else ""
        # Several of one name are told apart by their order, which is that of their ids: the newest are the new ones.
        self.target.run(
            f"INSERT INTO {refs} (ref, id) SELECT s.ref, a.id FROM (SELECT ref, name_folded, row_number() OVER"
            f" (PARTITION BY name_folded ORDER BY no DESC) AS place FROM {self.s} s WHERE {nameless} s.ref < 0"
            " AND s.state = 'n') s JOIN (SELECT id, name_folded, row_number() OVER (PARTITION BY name_folded"
            " ORDER BY id DESC) AS place FROM account WHERE external_id IS NULL) a"
            " ON a.name_folded = s.name_folded AND a.place = s.place"
        )
        self.target.run(
            f"UPDATE {self.s} AS s SET target = (SELECT r.id FROM {refs} r WHERE r.ref = s.ref) WHERE s.ref < 0"
        )

    def announce(self, at: datetime, by: int | None) -> None:
        """One event for each new account or contact."""
        if self.stage.kind.name not in ANNOUNCED:
            return
        if self.stage.kind.known_by == "account":
            created(self.target, self.s, THINGS["accounts"], "s.target", "s.target", "s.name", at, by)
        else:
            created(
                self.target, self.s, THINGS["contacts"], self.value("account_id"), "NULL", self.value("name"), at, by
            )


def created(
    target: Target,
    stage: str,
    thing: str,
    account: str,
    subject: str,
    name: str,
    at: datetime,
    by: int | None,
    where: str = "1 = 1",
    **given: Any,
) -> None:
    """Writes the events of the new rows of a `stage` (of those `where`), in one statement."""
    moment, data = (":at", "json_object") if target.sqlite else ("CAST(:at AS timestamptz)", "json_build_object")
    target.run(
        "INSERT INTO event (at, kind, account_id, subject_kind, subject_id, actor_id, data)"
        f" SELECT {moment}, '{thing}.created', {account}, '{thing}', {subject}, :by, {data}('name', {name})"
        f" FROM {stage} s WHERE s.state = 'n' AND {where} ORDER BY s.no",
        at=_stored(at),
        by=by,
        **given,
    )


def write_events(
    target: Target,
    told: Iterable[tuple[str, int | None, int | None, dict[str, Any]]],
    thing: str,
    at: datetime,
    by: int | None,
) -> None:
    """Writes (kind, account, subject, data) as events, in batches."""
    batch: list[dict[str, Any]] = []
    for kind, account_id, subject, data in told:
        batch.append(
            {"at": at, "kind": kind, "account_id": account_id, "subject_kind": thing, "subject_id": subject,
             "actor_id": by, "data": data}
        )  # fmt: skip
        if len(batch) >= EVENT_BATCH:
            target.connection.execute(insert(Event), batch)
            batch = []
    if batch:
        target.connection.execute(insert(Event), batch)


def _stored(at: datetime) -> str:
    """An instant as SQLite keeps it and PostgreSQL reads it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _readable(name: str, value: Any) -> Any:
    return json.loads(value) if name == "tags" and isinstance(value, str) else value


def _default(column: Column[Any], at: datetime) -> Any:
    if isinstance(column.type, UTCDateTime):
        return _stored(at)
    default = column.default
    if default is None:
        return ""
    if getattr(default, "is_callable", False):
        return "[]"
    return getattr(default, "arg", "")
