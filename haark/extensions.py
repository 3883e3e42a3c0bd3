"""The Flask extensions, made once and bound to the app in `create_app`; and how Haark talks to its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy import DateTime, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _instant(text: str | None) -> datetime | None:
    # Read with its zone: to replace it afterwards takes several times as long, and a night reads a hundred thousand.
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. A naive datetime is refused, it would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite keeps text: read in one step, where the general way takes three for each of many rows."""
        return _instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_apart: ContextVar[bool] = ContextVar("haark_reading", default=False)


class ReadsApart(FlaskSession):
    """GET and HEAD requests, and what runs inside of `reading()`, read through an engine marked `readonly`, so that
    they never queue behind a writer nor hold the write lock."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        bind = super().get_bind(*args, **kwargs)
        apart = _apart.get() or (has_request_context() and request.method in ("GET", "HEAD"))
        if apart and isinstance(bind, Engine):
            engine: Engine = current_app.extensions["haark_readonly_engine"]
            return engine
        return bind


# Objects stay readable after a commit: a page or a mail is often rendered from what was just saved.
db = SQLAlchemy(model_class=Base, session_options={"class_": ReadsApart, "expire_on_commit": False})
migrate = Migrate()
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
htmx = Htmx()


@contextmanager
def reading() -> Iterator[None]:
    """Gathering for a job or a command: its reads are a transaction of their own that locks nothing and ends here.

    Inside a running transaction nothing changes: what it has written itself must be seen.
    """
    session = db.session()
    if session.in_transaction():
        yield
        return
    token = _apart.set(True)
    try:
        yield
        session.commit()  # of reads alone; unlike a rollback it leaves loaded objects as they are
    except BaseException:
        session.rollback()
        raise
    finally:
        _apart.reset(token)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling loses updates; SQLAlchemy's `begin` below takes over.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=8000",
        "foreign_keys=ON",
        "cache_size=-32768",
        "mmap_size=134217728",  # mapped pages count as memory of the process
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once, so that what it read is still true when it writes."""
    readonly = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def stay_small() -> None:
    """For a process that goes through much of a large SQLite database once: connections made from now on keep a quarter
    of the usual page cache and map nothing, which counts as memory. Must not be called inside a transaction."""
    engine: Engine = db.engine
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _keep_little):
        event.listen(engine, "connect", _keep_little)
        engine.dispose()


def _keep_little(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA cache_size=-8192")
    connection.execute("PRAGMA mmap_size=0")


def bind_database(app: Flask) -> None:
    """Listens on the app's engine; PostgreSQL is left as it is."""
    with app.app_context():
        engine: Engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    app.extensions["haark_readonly_engine"] = engine.execution_options(readonly=True)
