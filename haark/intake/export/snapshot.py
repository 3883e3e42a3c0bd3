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


def batches(connection: Connection, statement: Select[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """The rows of a statement, `size` at a time; never all of them in memory."""
    result = connection.execution_options(yield_per=size).execute(statement)
    for rows in result.partitions(size):
        yield list(rows)


def raw_batches(connection: Connection, statement: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The same as the driver gives them: no types, no named rows, half the time of millions."""
    driver: Any = connection.connection.driver_connection
    # A named cursor of PostgreSQL stays on the server; SQLite's never reads ahead.
    cursor = driver.cursor() if connection.dialect.name == "sqlite" else driver.cursor(name="export")
    try:
        cursor.execute(str(statement.compile(connection, compile_kwargs={"literal_binds": True})))
        while rows := cursor.fetchmany(BATCH):
            yield rows
    finally:
        cursor.close()
