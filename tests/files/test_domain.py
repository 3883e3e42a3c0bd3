from pathlib import Path

from flask import Flask

from haark import clock
from haark.extensions import db
from haark.files import domain
from haark.files.models import StoredFile


def test_a_file_written_twice_is_one_file_and_one_row(app: Flask) -> None:
    with app.app_context():
        first = domain.keep(b"deck", "a.pdf", "application/pdf", at=clock.moment())
        again = domain.keep(b"deck", "a.pdf", "application/pdf", at=clock.moment())
        assert first.id == again.id
        assert domain.read(again) == b"deck"
        assert db.session.scalar(db.select(db.func.count()).select_from(StoredFile)) == 1
        assert len([path for path in domain.folder().rglob("*") if path.is_file()]) == 1


def test_a_file_cut_short_on_disk_is_written_anew(app: Flask) -> None:
    with app.app_context():
        kept = domain.keep(b"whole", "a.pdf", "application/pdf", at=clock.moment())
        path = next(Path(p) for p in domain.folder().rglob(kept.sha256))
        path.write_bytes(b"who")
        domain.keep(b"whole", "a.pdf", "application/pdf", at=clock.moment())
        assert domain.read(kept) == b"whole"
