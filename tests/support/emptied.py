"""A PostgreSQL database that is emptied between tests instead of made anew, and the connections to it kept.

Copying a database is a hundred files, and a new connection has to learn every table and function again: together more
processor time than most tests need themselves. What a migrated database holds from the start is put back; a database
whose tables were changed, or that somebody still uses, is dropped instead.
"""

import contextlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

# Deleted rows leave their place taken, and nobody tidies up meanwhile.
USES = 40
_USED = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
_SEQUENCES = "SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = 'public'"
_SHAPE = """
SELECT (SELECT array[count(*), max(oid::bigint), sum(relnatts)] FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind <> 't'),
       (SELECT array[count(*), max(oid::bigint)] FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
       (SELECT array[count(*), max(oid::bigint), sum(ascii(tgenabled::text))] FROM pg_trigger),
       (SELECT array[count(*), max(oid::bigint)] FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
"""
_ENGINES: dict[sa.URL, sa.Engine] = {}


def share_engines() -> None:
    """Applications of a kept database get its engine, and with it the connections. Call before the first one."""
    usual = SQLAlchemy._make_engine

    def make(self: SQLAlchemy, bind: str | None, options: dict[str, Any], app: Flask) -> sa.Engine:
        return _ENGINES.get(sa.make_url(options["url"])) or usual(self, bind, options, app)

    SQLAlchemy._make_engine = make  # type: ignore[method-assign]


def is_kept(engine: sa.Engine) -> bool:
    """Whether its connections outlive the application that used them."""
    return engine in _ENGINES.values()


@dataclass
class Emptied:
    """One database of this process, as `url`; `first` are its rows from the start, by table."""

    url: str
    engine: sa.Engine
    shape: Any
    first: dict[str, list[tuple[Any, ...]]]
    sequences: dict[str, int | None]
    uses: int = 1

    @classmethod
    def begin(cls, url: str, options: dict[str, Any]) -> "Emptied":
        """Remembers what is in a database just made."""
        engine = _ENGINES[sa.make_url(url)] = sa.create_engine(url, **options)
        with engine.connect() as connection:
            run = connection.exec_driver_sql
            tables = run(_USED).scalars().all()
            first = {name: [tuple(row) for row in run(f"SELECT * FROM {name}")] for name in tables}
            sequences = dict(run(_SEQUENCES).all())
            return cls(url, engine, run(_SHAPE).one(), {k: v for k, v in first.items() if v}, sequences)

    def again(self) -> bool:
        """Empties it for the next test; False when it has to be dropped."""
        self.uses += 1
        if self.uses > USES or self.engine.pool.checkedout():  # type: ignore[attr-defined]
            return False
        with contextlib.suppress(sa.exc.DBAPIError), self.engine.begin() as connection:
            run = connection.exec_driver_sql
            run("SET LOCAL lock_timeout = '500ms'")
            run("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            if run(_SHAPE).one() != self.shape:
                return False
            statements = [f"DELETE FROM {name}" for name in run(_USED).scalars()]
            for name, last in run(_SEQUENCES).all():
                if last != self.sequences[name]:
                    before = self.sequences[name]
                    statements.append(f"SELECT setval('{name}', {before or 1}, {before is not None})")
            if statements:
                run(";".join(statements))
            for name, rows in self.first.items():
                places = ", ".join(["%s"] * len(rows[0]))
                for row in rows:
                    run(f"INSERT INTO {name} VALUES ({places})", row)
            return True
        return False

    def end(self) -> None:
        """Lets go of the connections."""
        _ENGINES.pop(sa.make_url(self.url), None)
        self.engine.dispose()
