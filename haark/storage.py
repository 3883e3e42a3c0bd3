"""Bringing the schema up to date: what `bin/run` and every command do first."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade as run_migrations

from haark.extensions import db, migrate


def pending() -> bool:
    """Whether the database stands at another revision than the code."""
    head = ScriptDirectory.from_config(migrate.get_config()).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head


def upgrade() -> None:
    """Migrates when needed; an SQLite file that already holds something is copied beside itself first."""
    if not pending():
        return
    _back_up()
    run_migrations()


def _back_up() -> None:
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database or not sa.inspect(db.engine).has_table("account"):
        return
    source = Path(url.database)
    copy = source.with_name(f"{source.stem}.before-{datetime.now(UTC):%Y%m%d%H%M%S}{source.suffix}")
    with sqlite3.connect(source) as live, sqlite3.connect(copy) as kept:
        live.backup(kept)
    shutil.copymode(source, copy)
