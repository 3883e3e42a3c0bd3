"""Alembic's environment: the app's engine, every slice's models, batch mode for SQLite."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from haark.extensions import UTCDateTime, db

target = db.metadatas[None]


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Our own column type is written as the plain one it stores: a migration outlives the class."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A batch operation rebuilds its table: with foreign keys on, that would cascade into the others.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and connection.execute(sa.text("PRAGMA foreign_key_check")).first():
                raise RuntimeError("the migration would leave rows that point nowhere; nothing was changed")
        if sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


run()
