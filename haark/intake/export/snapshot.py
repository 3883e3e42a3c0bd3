"""One consistent look at everything: whatever is written meanwhile, all files tell of the same instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Engine, Select

from haark.extensions import db

BATCH = 5_000


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection whose reads are one transaction that locks nothing: on SQLite a reader of the write-ahead log, on
    PostgreSQL a repeatable read."""
    if db.engine.dialect.name == "sqlite":
        engine: Engine = current_app.extensions["haark_readonly_engine"]
        with engine.connect() as connection, connection.begin():
            # The look is taken at the first read, not at BEGIN.
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
            yield connection
        return
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def batches(connection: Connection, statement: Select[Any]) -> Iterator[list[Any]]:
    """The rows of a statement, some thousands at a time; never all of them in memory."""
    result = connection.execution_options(yield_per=BATCH).execute(statement)
    for rows in result.partitions(BATCH):
        yield list(rows)
