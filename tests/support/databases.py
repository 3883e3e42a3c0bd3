"""Fresh databases in milliseconds: each is a copy of one that was migrated (or filled with the sample) once."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from config import ROOT
from haark import create_app
from haark.storage import upgrade
from tests.support import postgres
from tests.support.emptied import Emptied, is_kept
from tests.support.quicker import STATEMENTS

Fill = Callable[[Flask], None]


def settings(url: str, folder: Path) -> dict[str, Any]:
    """The configuration of an application under test."""
    return {
        "TESTING": True,
        "HAARK_DATA": folder,
        "HAARK_JOBS": "inline",
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"execution_options": {"compiled_cache": STATEMENTS}},
        "SECRET_KEY": "for the tests only",
        "ARGON2": {"time_cost": 1, "memory_cost": 8, "parallelism": 1},
        "TEMPLATE_CACHE": ROOT / "var" / "templates",
    }


class SQLite:
    """Databases as files under one folder, which the processes of one test run share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def template(self, name: str, fill: Fill) -> str:
        path = self.folder / f"{name}.sqlite3"
        with postgres.locked(self.folder / f"{name}.lock"):  # one process builds it, the others wait for it
            if not path.exists():
                draft = path.with_suffix(".draft")
                _build(f"sqlite:///{draft}", self.folder, fill)
                with sa.create_engine(f"sqlite:///{draft}").connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                draft.rename(path)
        return str(path)

    @contextmanager
    def copy(self, template: str, folder: Path) -> Iterator[str]:
        target = folder / "haark.sqlite3"
        shutil.copyfile(template, target)
        yield f"sqlite:///{target}"


class PostgreSQL:
    """Databases of one throw-away cluster, which the processes of one test run share."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder, self.count = address, folder, 0
        self.empty: Emptied | None = None  # between two tests
        self.admin = sa.create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")

    def template(self, name: str, fill: Fill) -> str:
        with postgres.locked(self.folder / f"{name}.postgresql.lock"):
            if not self._has(name):
                self._run(f'CREATE DATABASE "{name}_draft"')
                _build(self.address.format(name=f"{name}_draft"), self.folder, fill)
                self._run(f'ALTER DATABASE "{name}_draft" RENAME TO "{name}"')
        return name

    @contextmanager
    def copy(self, template: str, folder: Path) -> Iterator[str]:
        if template == "empty":
            yield from self._emptied()
            return
        url = self._make(template)
        try:
            yield url
        finally:
            self._drop(url)

    def _emptied(self) -> Iterator[str]:
        mine, self.empty = self.empty, None  # a second one at the same time is another
        if mine is None:
            options = settings("", self.folder)["SQLALCHEMY_ENGINE_OPTIONS"]
            mine = Emptied.begin(self._make("empty"), options)
        try:
            yield mine.url
        finally:
            if self.empty is None and mine.again():
                self.empty = mine
            else:
                mine.end()
                self._drop(mine.url)

    def _make(self, template: str) -> str:
        self.count += 1
        name = f"copy_{os.getpid()}_{self.count}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{self._strategy}')
        return self.address.format(name=name)

    def _drop(self, url: str) -> None:
        self._run(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')

    def _has(self, name: str) -> bool:
        with self.admin.connect() as connection:
            return bool(connection.exec_driver_sql("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).scalar())

    @cached_property
    def _strategy(self) -> str:
        # Copying the files is the fastest way where nothing waits for a disk; older servers know no other.
        with self.admin.connect() as connection:
            version = connection.dialect.server_version_info or (0,)
        return " STRATEGY FILE_COPY" if version >= (15,) else ""

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)


def _build(url: str, folder: Path, fill: Fill) -> None:
    app = create_app(settings(url, folder))
    with app.app_context():
        upgrade()
        fill(app)
    close(app)


def close(app: Flask) -> None:
    """Lets go of every connection, so that the database can be copied or dropped; one that is emptied keeps its own."""
    from haark.extensions import db

    with app.app_context():
        db.session.remove()
        if not is_kept(db.engine):
            db.engine.dispose()
