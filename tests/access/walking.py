"""Every route, found in the application itself: requests as each role, and whether the database moved."""

import re
import sqlite3
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from haark.access import SAFE, Access, declaration
from tests.support.people import HTMX, TOKEN

ROLES = ("csm", "sales", "manager", "admin")
ANONYMOUS = "anonymous"
CHOICE = re.compile(r"any\(([^,)]+)")


@dataclass(frozen=True)
class Step:
    """One method of one route, and what the route declares."""

    method: str
    rule: Rule
    access: Access

    @property
    def unsafe(self) -> bool:
        return self.method not in SAFE

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def rules(app: Flask) -> list[Rule]:
    """The routes of Haark itself; pages that only exist in development are public and hold no data."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def steps(app: Flask) -> list[Step]:
    """Every method of every route. AssertionError for a route that declares nothing."""
    found = []
    with app.app_context():
        for rule in rules(app):
            access = declaration(rule.endpoint)
            assert access is not None, f"{rule.endpoint} ({rule.rule}) does not say who may call it: haark/access.py"
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found += [Step(method, rule, access) for method in methods]
    return found


class Walker:
    """Sends requests as a role, each from a fresh browser with that role's cookie."""

    def __init__(self, house: SimpleNamespace, cookies: dict[str, tuple[str, str]] | None = None) -> None:
        self.house, self.app = house, house.app
        self.cookies = cookies or self._logged_in()
        path = self.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        # Foreign keys are off on this connection: tables are put back one by one.
        self.database = sqlite3.connect(path, isolation_level=None, timeout=60)
        names = [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        self.saved = {name: self.rows(f'SELECT * FROM "{name}"') for name in names}
        self.kept = self.moved()

    def _logged_in(self) -> dict[str, tuple[str, str]]:
        """The session cookie and the form token of each role, and of a visitor without one."""
        cookies = {}
        for role in ROLES:
            visitor = self.house.login(role)
            token = TOKEN.search(visitor.get("/profile").text)
            assert token
            cookies[role] = (visitor.client.get_cookie("haark").value, token[1])
        client = self.app.test_client()
        token = TOKEN.search(client.get("/login").text)
        assert token
        cookies[ANONYMOUS] = (client.get_cookie("haark").value, token[1])
        return cookies

    def address(self, step: Step, objects: dict[str, int]) -> str:
        """The step's path with the object of its kind, and something harmless for its other parameters."""
        values: dict[str, Any] = {}
        for name in step.rule.arguments:
            converter = step.rule._converters[name]
            values[name] = 999_999 if type(converter).__name__ == "IntegerConverter" else "cover"
            if type(converter).__name__ == "AnyConverter":
                values[name] = sorted(converter.items)[0]
        if step.access.kind:
            values[step.access.parameter] = objects[step.access.kind]
        with self.app.test_request_context():
            return str(self.app.url_map.bind("localhost").build(step.rule.endpoint, values, method=step.method))

    def send(
        self, step: Step, who: str, path: str, /, csrf: bool = True, htmx: bool = False, **fields: Any
    ) -> TestResponse:
        """A request; `fields` are its form, or its query for a GET."""
        client = self.app.test_client()
        cookie, token = self.cookies[who]
        client.set_cookie("haark", cookie)
        data = {**({"csrf_token": token} if csrf else {}), **fields} if step.unsafe else None
        query = None if step.unsafe else fields
        answer = client.open(path, method=step.method, data=data, query_string=query, headers=HTMX if htmx else {})
        answer.close()
        return answer

    def moved(self) -> int:
        """A number that changes whenever anybody commits a change to the database."""
        return int(self.database.execute("PRAGMA data_version").fetchone()[0])

    def restore(self) -> None:
        """The database as it was planted. What moved nothing, as most refusals of a form, leaves nothing to do."""
        if self.moved() == self.kept:
            return
        self.database.execute("BEGIN IMMEDIATE")
        for name, rows in self.saved.items():
            if self.rows(f'SELECT * FROM "{name}"') == rows:
                continue
            self.database.execute(f'DELETE FROM "{name}"')
            for row in rows:
                self.database.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(row))})', row)
        self.database.execute("COMMIT")
        self.kept = self.moved()

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        return self.database.execute(statement, values).fetchall()

    def close(self) -> None:
        self.database.close()
