"""Importing in a test: write files, import them, look at what is in the database."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.extensions import db
from haark.intake import domain
from haark.intake.report import Report
from tests.conftest import TODAY

AT = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
Files = Mapping[str, str]


class Intake:
    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def files(self, files: Files) -> None:
        for old in self.folder.iterdir():
            old.unlink()
        for name, content in files.items():
            (self.folder / name).write_text(content, encoding="utf-8")

    def run(self, files: Files | None = None, mapping: str | Path | None = None, **options: Any) -> Report:
        if files is not None:
            self.files(files)
        return self.paths([self.folder], mapping, **options)

    def paths(self, paths: list[Path], mapping: str | Path | None = None, **options: Any) -> Report:
        if isinstance(mapping, str):
            path = self.folder.parent / "mapping.toml"
            path.write_text(mapping, encoding="utf-8")
            mapping = path
        with self.app.app_context():
            return domain.import_paths(paths, mapping, by=None, at=AT, on=TODAY, **options)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(sa.text(statement))]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables, to see that nothing moved."""
        with self.app.app_context():
            present = set(sa.inspect(db.engine).get_table_names())
            return {
                table.name: sorted(tuple(map(str, row)) for row in db.session.execute(sa.select(table)))
                for table in db.metadata.sorted_tables
                if table.name in present
            }


@pytest.fixture
def intake(db_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Intake:
    """On SQLite and PostgreSQL; jobs run at once."""
    monkeypatch.setenv("HAARK_JOBS", "inline")
    db_app.config["HAARK_JOBS"] = "inline"
    return Intake(db_app, tmp_path / "sent")


@pytest.fixture
def lite(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Intake:
    """On SQLite only."""
    app.config["HAARK_JOBS"] = "inline"
    return Intake(app, tmp_path / "sent")


@pytest.fixture
def counts() -> Callable[[Report], dict[str, tuple[int, int, int, int]]]:
    return lambda report: {
        name: (kind.new, kind.changed, kind.unchanged, kind.refused) for name, kind in report.kinds.items()
    }
