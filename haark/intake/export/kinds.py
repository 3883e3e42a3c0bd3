"""The importable kinds as CSV files: their canonical columns, filled from the tables that an import fills."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, exists, func, literal, null, select

from haark.accounts.models import CustomField, CustomValue
from haark.extensions import db
from haark.formats import safe_value
from haark.intake.custom import Field
from haark.intake.export import cells
from haark.intake.export.references import References
from haark.intake.export.snapshot import batches, raw_batches
from haark.intake.kinds import Column, Kind
from haark.measures.models import MEASURES, Feature, UsageDay, UsageEntry, UsageFeature
from haark.people.models import User

Cell = Callable[[Any], str]
Rows = Iterator[Sequence[Sequence[Any]]]
_PLAIN = 3 + len(MEASURES)
DAY, PART, ENTRY = (one.__table__ for one in (UsageDay, UsageFeature, UsageEntry))


class Kinds:
    """Everything that the rows of one snapshot are named with."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.accounts = References(connection)
        self.people = {row[0]: row[1] for row in connection.execute(select(User.id, User.email))}
        self.features = {row[0]: safe_value(row[1]) for row in connection.execute(select(Feature.id, Feature.key))}
        alive = select(CustomField.id, CustomField.key, CustomField.kind, CustomField.choices)
        alive = alive.where(CustomField.deleted_at.is_(None)).order_by(CustomField.position, CustomField.id)
        self.fields = {row[0]: Field(row[1], row[2], tuple(row[3])).column for row in connection.execute(alive)}

    def headers(self, kind: Kind) -> list[str]:
        extra = [column.name for column in self.fields.values()] if kind.known_by == "account" else []
        return [*kind.names, *extra, *(column.name for column in kind.kept)]

    def batches(self, kind: Kind) -> Rows:
        """The cells of every row of the kind, in an order that an import keeps; rows of deleted accounts are left."""
        return self._usage() if kind.known_by == "usage" else self._rows(kind)

    def _rows(self, kind: Kind) -> Rows:
        table = db.metadata.tables[kind.table]
        made = [(table.c[_kept(column, table)], self._cell(column, table)) for column in kind.every]
        at = len(kind.columns)
        owner = table.c.id if kind.known_by == "account" else table.c.account_id if "account_id" in table.c else None
        statement = select(*(column for column, _ in made), null() if owner is None else owner).order_by(table.c.id)
        writers = [cell for _, cell in made]
        for rows in batches(self.connection, statement):
            found = [row for row in rows if row[-1] is None or row[-1] in self.accounts.of]
            ready = [[write(value) for write, value in zip(writers, row, strict=False)] for row in found]
            if kind.known_by == "account" and found and self.fields:
                values = self._custom(found[0][-1], found[-1][-1])
                for row, line in zip(found, ready, strict=True):
                    line[at:at] = [values.get((row[-1], field), "") for field in self.fields]
            yield ready

    def _custom(self, first: int, last: int) -> dict[tuple[int, int], str]:
        """The cells of the custom fields of the accounts from `first` to `last`."""
        row = CustomValue.__table__.c
        wanted = select(row.account_id, row.field_id, row.text, row.number, row.date)
        found = self.connection.execute(wanted.where(row.account_id.between(first, last)))
        return {
            (account, field): cells.text(text) or cells.number(number) or cells.plain(day)
            for account, field, text, number, day in found
        }

    def _cell(self, column: Column, table: Table) -> Cell:
        if column.type == "account" or column.target == "parent_id":
            return lambda value: safe_value(self.accounts.of.get(value, ""))
        if column.type == "user":
            return lambda value: self.people.get(value, "")
        if column.target == "archive_id":
            return lambda value: self.accounts.marks.get(value, "")
        if column.target not in table.c:  # an id that is kept inside of an identity
            return lambda value: safe_value(str(value).partition(":")[2])
        return cells.WRITE[column.type]

    def _usage(self) -> Rows:
        """Days of the whole product, days of features, then the rows with ids of their own.

        A day that such rows add up to is left out: they make it again.
        """
        summed = self.connection.execute(select(ENTRY.c.entry).limit(1)).first() is not None
        for table in (DAY, PART):
            feature = table.c.feature_id if table is PART else literal(None)
            statement = select(table.c.account_id, table.c.day, feature, *(table.c[name] for name in MEASURES))
            if summed:
                statement = statement.where(~_told(table))
            yield from self._usage_rows(statement.order_by(*table.primary_key))
        if summed:
            columns = [ENTRY.c.account_id, ENTRY.c.day, ENTRY.c.feature_id, *(ENTRY.c[name] for name in MEASURES)]
            order = [one if self._sqlite else one.collate("C") for one in (ENTRY.c.source, ENTRY.c.entry)]
            yield from self._usage_rows(select(*columns, ENTRY.c.source, ENTRY.c.entry).order_by(*order))

    @property
    def _sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def _usage_rows(self, statement: Any) -> Rows:
        accounts = {ident: safe_value(text) for ident, text in self.accounts.of.items()}
        features: dict[Any, str] = {None: "", **self.features}
        for rows in raw_batches(self.connection, statement):
            if len(rows[0]) == _PLAIN:  # the common case, kept tight: millions of rows pass here
                yield [
                    ("", accounts[account], day, features[feature], users, events, logins, "")
                    for account, day, feature, users, events, logins in rows
                    if account in accounts
                ]
            else:
                yield [
                    (safe_value(entry), accounts[account], day, features[feature], *measures, safe_value(source))
                    for account, day, feature, *measures, source, entry in rows
                    if account in accounts
                ]


def _told(table: Table) -> Any:
    """Whether rows with ids of their own add up to the row of `table`."""
    part = ENTRY.c.feature_id == table.c.feature_id if table is PART else ENTRY.c.feature_id.is_(None)
    sums = (func.sum(ENTRY.c[name]).is_not_distinct_from(table.c[name]) for name in MEASURES)
    rows = select(ENTRY.c.account_id).where(ENTRY.c.account_id == table.c.account_id, ENTRY.c.day == table.c.day, part)
    return exists(rows.group_by(ENTRY.c.account_id).having(and_(*sums)).correlate(table))


def _kept(column: Column, table: Table) -> str:
    """The database column that a canonical one is read from."""
    if column.target == "archive_id":
        return "id"
    return column.target if column.target in table.c else "identity"


def lines(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as CSV: commas, UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")
