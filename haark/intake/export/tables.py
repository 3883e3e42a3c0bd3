"""All tables, judged: what an export writes of each, and what it never writes."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from haark.accounts.models import Account
from haark.extensions import db
from haark.intake.export import cells
from haark.intake.export.snapshot import batches

# Rows at a time: one may hold pages of JSON.
SOME = 500
# No row of these: how Haark runs, who is logged in, and what it computes again from the rest.
LEFT_OUT = {
    "account_card": "computed",
    "account_tag": "computed",
    "job": "running",
    "login_attempt": "access",
    "login_session": "access",
    "one_time_code": "access",
}
# Hashes of passwords and of links, and what links are made from: they open doors, and say nothing.
SECRETS = {
    "action_link": {"label", "token_hash"},
    "mail": {"unsubscribe_hash"},
    "participant": {"reply_hash"},
    "review_survey": {"label", "token_hash"},
    "share_link": {"label", "token_hash"},
    "share_visit": {"token_hash"},
    "users": {"password_hash", "calendar_hash"},
}
# Millions of rows without a number of their own: the CSV has them, but for those of deleted accounts.
ONLY_CSV = ("usage_day", "usage_entry", "usage_feature")
# Rows that were kept whole when they were deleted or gave way: {table: [row]}.
NESTED = {"trashed": "rows", "merge": "aside"}


def exported() -> list[Table]:
    """The tables of which an export writes rows as JSON, in an order in which a row comes after what it refers to."""
    return [table for table in db.metadata.sorted_tables if table.name not in LEFT_OUT]


def lines(connection: Connection, table: Table) -> Iterator[tuple[int, bytes]]:
    """(number of rows, their lines of JSON), some hundreds at a time."""
    secret = SECRETS.get(table.name, set())
    columns = [column for column in table.columns if column.name not in secret]
    names = [column.name for column in columns]
    tidy = _tidier(table)
    statement = select(*columns).order_by(*table.primary_key)
    if table.name in ONLY_CSV:
        gone = select(Account.id).where(Account.deleted_at.is_not(None))
        statement = statement.where(table.c.account_id.in_(gone))
    for rows in batches(connection, statement, SOME):
        made = (tidy(dict(zip(names, row, strict=True))) for row in rows)
        yield len(rows), "".join(map(_line, made)).encode("utf-8")


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=_value) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return cells.instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _tidier(table: Table) -> Callable[[dict[str, Any]], dict[str, Any]]:
    if table.name in NESTED:
        return lambda row: {**row, NESTED[table.name]: _open(row[NESTED[table.name]])}
    if table.name == "mail":
        # A message that is a secret, and has not left yet.
        return lambda row: {**row, "text": "", "html": ""} if row["private"] else row
    return lambda row: row


def _open(held: Any) -> Any:
    """Rows within a row, without their secrets."""
    if not isinstance(held, dict):
        return held
    return {
        name: [_without(row, SECRETS.get(name, set())) for row in rows] if isinstance(rows, list) else rows
        for name, rows in held.items()
        if name not in LEFT_OUT
    }


def _without(row: Any, secret: set[str]) -> Any:
    return {key: value for key, value in row.items() if key not in secret} if isinstance(row, dict) else row
