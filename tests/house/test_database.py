"""The database keeps its promises: one schema, no lost update, readers that do not queue behind writers."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy.orm.exc import StaleDataError

from haark import clock, create_app
from haark.accounts.models import Account
from haark.extensions import db
from haark.settings import domain as settings
from haark.storage import pending, upgrade


def account(name: str) -> Account:
    return Account(name=name, name_folded=name.lower(), created_at=clock.now())


def test_migrations_make_the_schema_of_the_models(db_app: Flask) -> None:
    with db_app.app_context(), db.engine.connect() as connection:
        opts = {"compare_type": True, "include_object": lambda _item, name, *_rest: "search" not in (name or "")}
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, db.metadatas[None])
    assert differences == []


def test_a_second_upgrade_has_nothing_to_do(app: Flask) -> None:
    with app.app_context():
        assert not pending()
        upgrade()


def test_eight_writers_count_to_the_end(db_app: Flask) -> None:
    """Read, add one, write, from eight threads: with the driver's own transactions two thirds would be lost."""
    with db_app.app_context():
        db.session.add(account("Compteur"))
        db.session.commit()

    def add(_number: int) -> None:
        with db_app.app_context():
            row = db.session.execute(
                sa.select(Account.id, Account.employees).where(Account.name == "Compteur").with_for_update()
            ).one()
            db.session.execute(
                sa.update(Account).where(Account.id == row.id).values(employees=(row.employees or 0) + 1)
            )
            db.session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(160)))
    with db_app.app_context():
        assert db.session.scalar(sa.select(Account.employees)) == 160


def test_the_second_of_two_editors_is_told(db_app: Flask) -> None:
    with db_app.app_context():
        db.session.add(account("Disputé"))
        db.session.commit()
        ident = db.session.scalar(sa.select(Account.id))
    saved = threading.Event()

    def first() -> None:
        with db_app.app_context():
            mine = db.session.get_one(Account, ident)
            mine.sector = "Santé"
            db.session.commit()
        saved.set()

    with db_app.app_context():
        theirs = db.session.get_one(Account, ident)
        db.session.commit()
        worker = threading.Thread(target=first)
        worker.start()
        assert saved.wait(10)
        worker.join()
        theirs.sector = "Banque"
        with pytest.raises(StaleDataError):
            db.session.commit()
        db.session.rollback()
        assert db.session.scalar(sa.select(Account.sector)) == "Santé"


def test_a_page_reads_while_somebody_writes(app: Flask) -> None:
    with app.app_context():
        db.session.add(account("Lu"))
        db.session.commit()
    with app.app_context():
        db.session.add(account("Pas encore"))
        db.session.flush()  # holds the write lock

        def read() -> int:
            with app.test_request_context("/portfolio"):
                return db.session.scalar(sa.select(sa.func.count()).select_from(Account)) or 0

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(read).result(timeout=4) == 1
        db.session.rollback()


def test_who_migrates_keeps_no_connection_without_foreign_keys(tmp_path: Path) -> None:
    """A batch operation needs them off; the command that migrates and then imports must not write without them."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'fresh.sqlite3'}", "TESTING": True})
    with app.app_context():
        upgrade()
        held = [app.extensions["haark_readonly_engine"].connect() for _ in range(3)]
        assert [one.exec_driver_sql("PRAGMA foreign_keys").scalar() for one in held] == [1, 1, 1]
        for one in held:
            one.close()
        db.engine.dispose()


def test_sqlite_is_set_up_as_the_recipe_says(app: Flask) -> None:
    with app.app_context():
        asked = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 8000}
        for name, expected in asked.items():
            assert db.session.scalar(sa.text(f"PRAGMA {name}")) == expected


def test_a_setting_takes_only_its_own_type(app: Flask) -> None:
    with app.app_context():
        assert settings.get("fiscal_year_start") == 1
        settings.put("fiscal_year_start", 4, by=None, at=clock.moment())
        db.session.commit()
        assert settings.get("fiscal_year_start") == 4
        with pytest.raises(TypeError):
            settings.put("fiscal_year_start", "avril", by=None, at=clock.moment())
        with pytest.raises(KeyError):
            settings.put("fiscal_year", 4, by=None, at=clock.moment())
