"""Usage that an import wrote: each day and each row with an id becomes what it was, unless somebody wrote it since."""

from typing import Any

from haark.intake.recording import ENTRY
from haark.intake.target import Target
from haark.measures.models import MEASURES

Kept = list[list[Any]]
DAYS = (("usage_day", ("account_id", "day")), ("usage_feature", ("account_id", "day", "feature_id")))


def take_back(target: Target, number: int) -> Kept:
    """Takes back part `number` of the usage. Returns the days that were left alone."""
    at = "undo" if target.sqlite else "pg_temp"
    kept: Kept = []
    ledger = target.rows(f"SELECT 1 FROM {at}.u_entry WHERE part = :part LIMIT 1", part=number)
    if ledger:
        for table, key in DAYS:
            kept += _foreign(target, at, number, table, key)
        kept += _rows(target, at, number, "usage_entry", ("source", "entry"), ENTRY)
        for table, key in DAYS:
            _sum(target, at, number, table, key)
    for table, key in DAYS:
        kept += _rows(target, at, number, table, key, MEASURES)
    return kept


def _rows(target: Target, at: str, number: int, table: str, key: tuple[str, ...], names: tuple[str, ...]) -> Kept:
    """Rows that still are what the import made of them are taken away or set back."""
    u = f"{at}.u_{table[6:]}"
    same = " AND ".join(f"t.{name} = u.{name}" for name in key)
    after = " AND ".join(f"t.{name} IS NOT DISTINCT FROM u.a_{name}" for name in names)
    before = " AND ".join(f"t.{name} IS NOT DISTINCT FROM u.b_{name}" for name in names)
    owner = "u.a_account_id" if table == "usage_entry" else "u.account_id"
    mine = f"u.part = :part AND {owner} NOT IN (SELECT y.account_id FROM {at}.staying y)"
    day = "u.a_day" if table == "usage_entry" else "u.day"
    fields = ", ".join(f"CASE WHEN t.{name} IS DISTINCT FROM u.a_{name} THEN 1 ELSE 0 END" for name in names)
    found = target.rows(
        f"SELECT {owner}, a.name, {day}, {fields} FROM {u} u LEFT JOIN {table} t ON {same}"
        f" LEFT JOIN account a ON a.id = {owner} WHERE {mine}"
        f" AND NOT (t.{key[0]} IS NOT NULL AND {after}) AND NOT (u.existed = 1 AND t.{key[0]} IS NOT NULL AND {before})"
        f" AND NOT (u.existed = 0 AND t.{key[0]} IS NULL)",
        part=number,
    )
    kept = [
        _named(row[:3], next((name for name, moved in zip(names, row[3:], strict=True) if moved), "")) for row in found
    ]
    listed = ", ".join(key)
    target.run(
        f"DELETE FROM {table} WHERE ({listed}) IN (SELECT {', '.join('u.' + name for name in key)} FROM {u} u"
        f" JOIN {table} t ON {same} WHERE {mine} AND u.existed = 0 AND {after})",
        part=number,
    )
    sets = ", ".join(f"{name} = u.b_{name}" for name in names)
    target.run(
        f"UPDATE {table} SET {sets} FROM {u} u WHERE {same.replace('t.', table + '.')} AND {mine}"
        f" AND u.existed = 1 AND {after.replace('t.', table + '.')}",
        part=number,
    )
    return kept


def _foreign(target: Target, at: str, number: int, table: str, key: tuple[str, ...]) -> Kept:
    """Of the days that rows with ids are summed into, those that are their sum no more: somebody wrote them since."""
    sums = _summed(target, at, number, table, key)
    same = " AND ".join(f"t.{name} = n.{name}" for name in key)
    differs = " OR ".join(f"t.{name} IS DISTINCT FROM n.{name}" for name in MEASURES)
    found = target.rows(
        f"SELECT n.account_id, a.name, n.day FROM {sums} n LEFT JOIN {table} t ON {same}"
        f" LEFT JOIN account a ON a.id = n.account_id"
        f" WHERE (t.account_id IS NULL AND n.rows > 0) OR (t.account_id IS NOT NULL AND (n.rows = 0 OR {differs}))"
    )
    left = f"{'temp' if target.sqlite else 'pg_temp'}.left_{table[6:]}"
    target.run(f"DROP TABLE IF EXISTS {left}")
    target.run(
        f"CREATE TEMPORARY TABLE left_{table[6:]} AS SELECT {', '.join('n.' + name for name in key)}"
        f" FROM {sums} n LEFT JOIN {table} t ON {same}"
        f" WHERE (t.account_id IS NULL AND n.rows > 0) OR (t.account_id IS NOT NULL AND (n.rows = 0 OR {differs}))"
    )
    return [_named(row, "") for row in found]


def _summed(target: Target, at: str, number: int, table: str, key: tuple[str, ...]) -> str:
    """What the rows with ids come to now, on each day of the part: a temporary table."""
    rest, here = table[6:], "temp" if target.sqlite else "pg_temp"
    target.run(f"DROP TABLE IF EXISTS {here}.sum_{rest}")
    same = "e.feature_id IS NULL" if table == "usage_day" else "e.feature_id = l.feature_id"
    named = ", ".join(f"l.{name}" for name in key)
    sums = ", ".join(f"CAST(sum(e.{name}) AS integer) AS {name}" for name in MEASURES)
    target.run(
        f"CREATE TEMPORARY TABLE sum_{rest} AS SELECT {named}, count(e.entry) AS rows, {sums} FROM {at}.l_{rest} l"
        f" LEFT JOIN usage_entry e ON e.account_id = l.account_id AND e.day = l.day AND {same}"
        f" WHERE l.part = :part AND l.account_id NOT IN (SELECT y.account_id FROM {at}.staying y) GROUP BY {named}",
        part=number,
    )
    return f"{here}.sum_{rest}"


def _sum(target: Target, at: str, number: int, table: str, key: tuple[str, ...]) -> None:
    """The days become what they were where their rows are what they were, else the sum of the rows that are left."""
    rest, here = table[6:], "temp" if target.sqlite else "pg_temp"
    sums = _summed(target, at, number, table, key)
    same = " AND ".join(f"l.{name} = n.{name}" for name in key)
    apart = " AND ".join(f"w.{name} = n.{name}" for name in key)
    equal = " AND ".join(["n.rows = l.l_rows", *(f"n.{name} IS NOT DISTINCT FROM l.l_{name}" for name in MEASURES)])
    becomes = ", ".join(f"CASE WHEN {equal} THEN l.b_{name} ELSE n.{name} END" for name in MEASURES)
    joined = (
        f"FROM {sums} n JOIN {at}.l_{rest} l ON l.part = :part AND {same}"
        f" WHERE NOT EXISTS (SELECT 1 FROM {here}.left_{rest} w WHERE {apart})"
    )
    there = f"CASE WHEN {equal} THEN l.existed = 1 ELSE n.rows > 0 END"
    named = ", ".join(f"n.{name}" for name in key)
    target.run(
        f"DELETE FROM {table} WHERE ({', '.join(key)}) IN (SELECT {named} {joined} AND NOT ({there}))", part=number
    )
    sets = ", ".join(f"{name} = excluded.{name}" for name in MEASURES)
    target.run(
        f"INSERT INTO {table} ({', '.join((*key, *MEASURES))}) SELECT {named}, {becomes} {joined} AND ({there})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}",
        part=number,
    )


def _named(row: tuple[Any, ...], field: str) -> list[Any]:
    account, name, day = row
    return ["usage", account, f"{name or account} · {str(day)[:10]}", field]
