"""Which rows of which tables belong to an account, found in the tables' own definitions, and moving them to another.

What cannot go along stays with the account that goes, out of sight but whole: a row that a unique rule of its table
would refuse, what refers to such a row, and what Haark computes anyway.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, and_, exists, false, func, or_, select, text, tuple_, update

from haark.extensions import db
from haark.intake.comparing import parsed
from haark.intake.leaving import COMPUTED, TOUCHED

# Accounts' own numbers without a foreign key: the trail, letters, bells and the bin are the kept one's from now on.
PLAIN = ("event", "mail", "notice", "trashed")
APART = frozenset({"account", "merge"})
BATCH = 400
Moved = dict[str, list[Any]]


def tables() -> Iterator[tuple[Table, Column[Any]]]:
    """Every table with rows of accounts, and its column that says whose; parents before what refers to them."""
    for table in db.metadata.sorted_tables:
        if table.name in APART | COMPUTED:
            continue
        if table.name in PLAIN:
            yield table, table.c.account_id
        for column in table.columns:
            if any(key.column.table.name == "account" for key in column.foreign_keys):
                yield table, column


def key_of(table: Table, column: Column[Any]) -> list[Column[Any]]:
    """What tells a row of an account from its others: the primary key, without the account itself."""
    return [part for part in table.primary_key.columns if part is not column]


def staying(table: Table, column: Column[Any], kept: int, gone: int, stayed: Moved) -> Any:
    """The condition of rows that cannot go along; `stayed`: ids of the tables before that did not."""
    refused: list[Any] = [_clashing(table, column, kept, unique, where) for unique, where in _uniques(table, column)]
    for other in table.columns:
        for key in other.foreign_keys:
            ids = stayed.get(key.column.table.name)
            if ids and key.column.table.name not in ("account", table.name):
                refused.append(other.in_(ids))
    if table.name in TOUCHED:
        who, said = TOUCHED[table.name]
        refused.append(and_(table.c[who].is_(None), func.coalesce(table.c[said], "") == ""))
    return or_(false(), *refused)


def _uniques(table: Table, column: Column[Any]) -> Iterator[tuple[list[Column[Any]], Any]]:
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and column in list(rule.columns):
            yield [part for part in rule.columns if part is not column], None
    if column in list(table.primary_key.columns):
        yield key_of(table, column), None
    for index in table.indexes:
        if index.unique and column in list(index.columns):
            where = index.dialect_options["sqlite"].get("where")
            yield [part for part in index.columns if part is not column], where


def _clashing(table: Table, column: Column[Any], kept: int, unique: list[Column[Any]], where: Any) -> Any:
    # The other row stands in a derived table, so that the condition of a partial index can be written without aliases.
    theirs = select(*unique) if unique else select(column)
    theirs = theirs.select_from(table).where(column == kept)
    if where is not None:
        theirs = theirs.where(text(str(where)))
    other = theirs.subquery()
    same = exists(select(1).select_from(other).where(*(part == other.c[part.name] for part in unique)).correlate(table))
    return same if where is None else and_(same, text(f"({where})"))


def count(kept: int, gone: int) -> dict[str, tuple[int, int]]:
    """{table: (rows that go along, rows that stay)}, where there are any."""
    found: dict[str, tuple[int, int]] = {}
    stayed: Moved = {}
    for table, column in tables():
        total = db.session.scalar(select(func.count()).select_from(table).where(column == gone)) or 0
        if total:
            left = _left(table, column, kept, gone, stayed)
            before = found.get(table.name, (0, 0))
            found[table.name] = (before[0] + total - left, before[1] + left)
    return found


def _left(table: Table, column: Column[Any], kept: int, gone: int, stayed: Moved) -> int:
    """How many rows stay, which become known to `stayed`."""
    refused = staying(table, column, kept, gone, stayed)
    keys = key_of(table, column)
    left = [_plain(row) for row in db.session.execute(select(*keys).where(column == gone, refused))]
    if left:
        stayed.setdefault(table.name, []).extend(one[0] if len(one) == 1 else one for one in left)
    return len(left)


def move(kept: int, gone: int) -> tuple[Moved, Moved]:
    """Gives `gone`'s rows to `kept`. Returns ({table.column: keys that moved}, {table: ids that stayed})."""
    moved: Moved = {}
    stayed: Moved = {}
    for table, column in tables():
        keys = key_of(table, column)
        refused = staying(table, column, kept, gone, stayed)
        _left(table, column, kept, gone, stayed)
        going = [_plain(row) for row in db.session.execute(select(*keys).where(column == gone, ~refused))]
        if going:
            db.session.execute(
                update(table).where(column == gone, ~refused).values({column.name: kept}),
                execution_options={"synchronize_session": False},
            )
            moved[f"{table.name}.{column.name}"] = [one[0] if len(one) == 1 else one for one in going]
    return moved, stayed


def move_back(kept: int, gone: int, moved: Moved) -> dict[str, int]:
    """Gives back what `move` moved, where it still is `kept`'s. Returns {table: how many are elsewhere or gone}."""
    missing: dict[str, int] = {}
    for name, values in moved.items():
        table_name, _dot, column_name = name.partition(".")
        table = db.metadata.tables[table_name]
        column = table.c[column_name]
        keys, done = key_of(table, column), 0
        for start in range(0, len(values), BATCH):
            some = values[start : start + BATCH]
            if len(keys) == 1:
                which = keys[0].in_([parsed(keys[0], one) for one in some])
            else:
                typed = [tuple(parsed(key, part) for key, part in zip(keys, one, strict=True)) for one in some]
                which = tuple_(*keys).in_(typed)
            result: Any = db.session.execute(
                update(table).where(column == kept, which).values({column.name: gone}),
                execution_options={"synchronize_session": False},
            )
            done += result.rowcount
        if done < len(values):
            missing[table_name] = len(values) - done
    return missing


def _plain(row: Any) -> list[Any]:
    return [value if value is None or isinstance(value, (int, str, float)) else str(value) for value in row]
