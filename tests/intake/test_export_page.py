"""The page «Export»: an archive asked for, made apart, fetched by administrators, cleared away after a week."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from haark.events.models import Event
from haark.extensions import db
from haark.files import store
from haark.files.models import StoredFile
from haark.intake import archive
from haark.intake.export import domain, jobs
from haark.intake.kinds import KINDS
from haark.intake.models import ExportRun
from haark.jobs import ledger, runner
from tests.conftest import Story

PAGE = "/settings/export"


def test_an_admin_has_everything_prepared_and_takes_it_away(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = story.login("admin")
    assert "Aucune archive" in admin.get(PAGE).text
    # While one is being made there is no second, and the page says how far it is.
    rung: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(runner, "run_row", rung.append)
        assert admin.post(PAGE).headers["Location"] == PAGE
        admin.post(PAGE)
    assert len(rung) == 1
    waiting = admin.get(PAGE).text
    assert "En préparation" in waiting
    assert 'action="/settings/export"' not in waiting
    told: list[bool] = []
    tell = ledger.progress
    monkeypatch.setattr(ledger, "progress", lambda *said: told.append(tell(*said)))
    with story.app.app_context():
        runner.run_row(rung[0])
    assert len(told) > len(KINDS)
    assert all(told)  # nothing is locked while it is written
    page = admin.get(PAGE).text
    address = re.search(r'href="(/settings/export/\d+\.zip)"', page)
    assert address
    assert "Jusqu’au 19 nov. 2026" in page
    answer = admin.get(address[1])
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/zip", "no-store")
    assert "attachment; filename=haark-2026-11-12.zip" in answer.headers["Content-Disposition"]
    _check_content(answer.data, tmp_path)
    assert story.login("manager").get(address[1]).status_code == 403
    assert story.login("csm").get(PAGE).status_code == 403
    by = story.user_id("admin")
    with story.app.app_context():
        event = db.session.scalars(sa.select(Event).where(Event.kind == "export.made")).one()
        assert event.actor_id == by
        assert event.data["counts"]["accounts.csv"] == 59
        fetched = db.session.scalars(sa.select(Event).where(Event.kind == "export.fetched")).one()
        assert (fetched.actor_id, fetched.subject_kind) == (by, "export")
        assert not list((Path(story.app.config["HAARK_DATA"]) / "exports").iterdir())
        # A worker that comes late to a job that is done makes no second archive.
        assert domain.make(event.subject_id, at=event.at) is None
    _check_purge(story, address[1], monkeypatch)


def _check_content(data: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        assert {name.split("/")[0] for name in packed.namelist()} == {"haark-2026-11-12"}
        packed.extractall(folder)
    top = folder / "haark-2026-11-12"
    assert archive.is_archive(top)
    assert json.loads((top / "manifest.json").read_text())["files"]["accounts.csv"]["rows"] == 59


def _check_purge(story: Story, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with story.app.app_context():
        digest = db.session.scalars(sa.select(StoredFile.sha256).where(StoredFile.name.like("haark-%.zip"))).one()
        monkeypatch.setenv("HAARK_TODAY", "2026-11-19")
        assert jobs.purge() == {"removed": 0}
        monkeypatch.setenv("HAARK_TODAY", "2026-11-20")
        assert jobs.purge() == {"removed": 1}
        assert not store.path_of(digest).exists()
        run = db.session.scalars(sa.select(ExportRun)).one()
        assert run.file_id is None
    admin = story.login("admin")
    assert admin.get(address).status_code == 404
    assert "Effacée" in admin.get(PAGE).text


def test_a_failed_export_leaves_nothing_and_says_why(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = story.login("admin")

    def full(*_: object, **__: object) -> None:
        raise store.StorageFull

    monkeypatch.setattr("haark.files.domain.keep_file", full)
    admin.post(PAGE)
    page = admin.get(PAGE).text
    assert "Échec" in page
    assert 'action="/settings/export"' in page  # it may be asked for again
    with story.app.app_context():
        assert not list((Path(story.app.config["HAARK_DATA"]) / "exports").iterdir())
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.kind == "export.made")) == 0
