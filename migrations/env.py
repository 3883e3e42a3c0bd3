"""Alembic's environment: the app's engine, every slice's models, batch mode for SQLite."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from haark.extensions import UTCDateTime, db
from haark.portfolio import upkeep

target = db.metadatas[None]


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Our own column type is written as the plain one it stores: a migration outlives the class."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def ours(item: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Leaves out what no model describes: the tables and the index of the search."""
    return not (kind in ("table", "index") and (name or "").startswith(("account_search", "ix_account_card_search")))


def settle(ctx: Any, step: Any, **_rest: Any) -> None:
    """After the last migration, in its transaction: the triggers of the present code."""
    if step.is_upgrade and step.up_revision_id == context.script.get_current_head():
        upkeep.install(ctx.connection)


def run() -> None:
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A batch operation rebuilds its table: with foreign keys on, that would cascade into the others. The
            # connection leaves the pool, so that nobody gets it afterwards as it is.
            connection.detach()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            include_object=ours,
            on_version_apply=settle,
        )
        with context.begin_transaction():
            upkeep.remove(connection)
            context.run_migrations()
            if sqlite and connection.execute(sa.text("PRAGMA foreign_key_check")).first():
                raise RuntimeError("the migration would leave rows that point nowhere; nothing was changed")


run()
