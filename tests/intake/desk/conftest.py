"""The page «Importer» in a test: files are sent, jobs run at once."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.extensions import db
from haark.intake.models import ImportFile, ImportRun
from tests.support.clients import settle
from tests.support.people import Visitor

Files = Mapping[str, str | bytes]


class Desk:
    """`desk.login("csm")`, then `desk.send({name: content})` gives the id of the import."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.house = settle(app)
        app.config["HAARK_JOBS"] = "inline"

    def login(self, role: str) -> Visitor:
        return Visitor(self.app).login(role)

    def send(self, visitor: Visitor, files: Files, url: str = "/imports") -> Any:
        sent = [(io.BytesIO(text.encode() if isinstance(text, str) else text), name) for name, text in files.items()]
        return visitor.post(url, files=sent)

    def sent(self, visitor: Visitor, files: Files) -> int:
        answer = self.send(visitor, files)
        assert answer.status_code == 303, answer.text
        return int(answer.location.rpartition("/")[2])

    def run(self, run_id: int) -> ImportRun:
        with self.app.app_context():
            return db.session.get_one(ImportRun, run_id)

    def tables(self, run_id: int) -> list[ImportFile]:
        with self.app.app_context():
            return list(
                db.session.scalars(sa.select(ImportFile).where(ImportFile.run_id == run_id).order_by(ImportFile.id))
            )

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(sa.text(statement))]

    def counts(self, run_id: int) -> dict[str, tuple[int, int, int, int]]:
        kept = self.run(run_id).counts
        return {name: (one["new"], one["changed"], one["unchanged"], one["refused"]) for name, one in kept.items()}

    def apply(self, visitor: Visitor, run_id: int) -> Any:
        return visitor.post(f"/imports/{run_id}/application", version=str(self.run(run_id).version))


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def db_desk(db_app: Flask) -> Desk:
    """On SQLite and PostgreSQL."""
    return Desk(db_app)
