import errno
import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import clock
from haark.extensions import db
from haark.files import domain, store
from haark.files.models import StoredFile
from haark.files.rules import safe_name

PDF = "application/pdf"


def test_a_file_is_kept_once_under_its_content(db_app: Flask) -> None:
    with db_app.app_context():
        first = domain.keep(b"%PDF-1.7", "Revue T3.pdf", PDF, at=clock.now())
        again = domain.keep(b"%PDF-1.7", "Revue T3.pdf", PDF, at=clock.now())
        other = domain.keep(b"%PDF-1.7", "Copie.pdf", PDF, at=clock.now())
        db.session.commit()
        assert first.id == again.id != other.id
        assert first.sha256 == other.sha256
        assert domain.read(other) == b"%PDF-1.7"
        assert [path.name for path in store.folder().rglob("*") if path.is_file()] == [first.sha256]


def test_a_rollback_leaves_bytes_but_no_row(app: Flask) -> None:
    with app.app_context():
        domain.keep(b"draft", "draft.md", "text/markdown", at=clock.now())
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count(StoredFile.id))) == 0


def test_a_full_disk_is_said_and_leaves_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with app.app_context():
        with pytest.raises(store.StorageFull):
            store.write(b"too much")
        assert [path for path in store.folder().rglob("*") if path.is_file()] == []


def test_a_damaged_file_is_refused(app: Flask) -> None:
    with app.app_context():
        digest = store.write(b"content")
        store.path_of(digest).write_bytes(b"c0ntent")
        with pytest.raises(ValueError, match="damaged"):
            store.read(digest)
        # Writing the content again heals a file whose length tells that it is not the content.
        store.path_of(digest).write_bytes(b"")
        assert store.write(b"content") == digest
        assert store.read(digest) == b"content"


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63])
def test_an_address_cannot_leave_the_store(app: Flask, digest: str) -> None:
    with app.app_context(), pytest.raises(ValueError, match="SHA-256"):
        store.path_of(digest)


def test_the_folder_can_be_elsewhere_but_must_be_a_folder(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        app.config["STORAGE_URL"] = f"file://{tmp_path}/kept%20files"
        assert store.folder() == tmp_path / "kept files"
        app.config["STORAGE_URL"] = "gopher://somewhere"
        with pytest.raises(ValueError, match="must be a folder"):
            store.folder()


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("Revue T3 2026.pdf", "Revue T3 2026.pdf"),
        ("Société Évreux.pptx", "Société Évreux.pptx"),
        ("Огляд.pdf", "Огляд.pdf"),
        ("../../etc/passwd", "etc passwd"),
        ('a/b\\c:d*e?"f".pdf', "a b c d e f.pdf"),
        ("line\nbreak\t.md", "line break.md"),
        ("con.pdf", "con_.pdf"),
        ("\u202egnp.exe\ud800\ufffe", "gnp.exe"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_that_every_system_accepts(wanted: str, kept: str) -> None:
    assert safe_name(wanted) == kept
    assert len(kept) <= 120
