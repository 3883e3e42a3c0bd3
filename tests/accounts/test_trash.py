"""The trash: whatever is put away comes back as it was, on both databases."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.accounts import domain, trash
from haark.accounts.models import Account, Attachment, Contact, ContactChange, Trashed
from haark.events.models import Event
from haark.extensions import UTCDateTime, db
from haark.files import domain as files
from haark.files import store
from haark.files.models import StoredFile
from haark.schedule import KINDS, TIMETABLE
from tests.conftest import TODAY

AT = datetime(2026, 11, 12, 9, 30, 15, 120_000, tzinfo=UTC)
# What putting away and restoring write themselves, and the totals, which the database keeps and counts changes in.
BESIDE = {"trashed", "event", "job", "portfolio_count", "account_stamp"}


def _value(column: sa.Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {"a": [1, None, "é"]}
    if isinstance(kind, UTCDateTime):
        return AT
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Date):
        return date(2026, 2, 28)
    if isinstance(kind, sa.Time):
        return time(10, 30)
    if isinstance(kind, sa.Float):
        return 0.1
    if isinstance(kind, sa.Integer):
        return number
    return f"{column.name}{number}"[-(kind.length or 40) :]


def plant_everything() -> None:
    """One row in every table, each pointing to the row of the table it speaks of."""
    keys: dict[str, dict[str, Any]] = {}
    for number, table in enumerate(db.metadata.sorted_tables, 1001):  # far from the sequences
        row = {}
        for column in table.columns:
            target = next(iter(column.foreign_keys), None)
            if target is None:
                row[column.name] = _value(column, number)
            elif target.column.table is not table:
                row[column.name] = keys[target.column.table.name][target.column.name]
        keys[table.name] = row
        db.session.execute(sa.insert(table).values(row))


def everything() -> dict[str, list[Any]]:
    return {
        table.name: sorted(db.session.execute(sa.select(table)).all(), key=repr)
        for table in db.metadata.sorted_tables
        if table.name not in BESIDE
    }


def test_a_row_of_any_table_comes_back_with_all_that_went(db_app: Flask) -> None:
    with db_app.app_context():
        plant_everything()
        before, held, tried = everything(), set(), 0
        for mapper in db.Model.registry.mappers:
            table = mapper.local_table
            if table.name in BESIDE:
                continue
            row = db.session.scalars(sa.select(mapper.class_)).one()
            try:
                kept = trash.put_away(row, table.name[:20], "Ligne", by=None, at=AT)
            except trash.TrashError as error:
                assert error.kind == "held"
                held.add(table.name)
                continue
            tried += 1
            assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0, table.name
            trash.restore(kept.id, by=None, at=AT)
            assert everything() == before, table.name
        assert tried > 70
        assert held == {"feature", "stored_file"}  # what stays needs them
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Trashed)) == 1  # the planted one


@pytest.fixture
def client(db_app: Flask) -> tuple[int, int]:
    """An account and its contact, who opens a shared plan."""
    with db_app.app_context():
        account = domain.create("Écluse", by=None, at=AT, on=TODAY)
        contact = Contact(account_id=account.id, external_id="C-1", name="Anne Leclerc", role="sponsor")
        db.session.add(contact)
        db.session.flush()
        db.session.add(
            ContactChange(
                account_id=account.id, contact_id=contact.id, kind="arrived", name="Anne", role="sponsor", date=TODAY
            )
        )
        db.session.commit()
        return account.id, contact.id


def _put_away(contact_id: int) -> int:
    contact = db.session.get_one(Contact, contact_id)
    return trash.put_away(contact, "contact", contact.name, by=None, at=AT).id


def test_what_is_back_is_told_and_leaves_the_list(db_app: Flask, client: tuple[int, int]) -> None:
    account_id, contact_id = client
    with db_app.app_context():
        kept = _put_away(contact_id)
        assert [(row.kind, row.name, row.subject_id) for row in trash.listed(account_id)] == [
            ("contact", "Anne Leclerc", contact_id)
        ]
        assert db.session.scalars(sa.select(ContactChange)).one().contact_id is None
        trash.restore(kept, by=None, at=AT)
        assert trash.listed() == []
        assert db.session.scalars(sa.select(ContactChange)).one().contact_id == contact_id
        told = db.session.scalars(sa.select(Event).where(Event.kind == "contact.restored")).one()
        assert (told.account_id, told.subject_id, told.data["name"]) == (account_id, contact_id, "Anne Leclerc")
        with pytest.raises(trash.TrashError, match="gone"):
            trash.restore(kept, by=None, at=AT)


def test_a_number_taken_meanwhile_is_replaced_and_followed(db_app: Flask, client: tuple[int, int]) -> None:
    account_id, contact_id = client
    with db_app.app_context():
        kept = _put_away(contact_id)
        db.session.add(Contact(id=contact_id, account_id=account_id, name="Paul Guérin"))
        db.session.commit()
        trash.restore(kept, by=None, at=AT)
        anne = db.session.scalars(sa.select(Contact).where(Contact.name == "Anne Leclerc")).one()
        assert anne.id != contact_id
        assert db.session.scalars(sa.select(ContactChange)).one().contact_id == anne.id


@pytest.mark.parametrize("way", ["taken", "missing"])
def test_what_stands_in_the_way_is_said_and_nothing_is_half_done(
    db_app: Flask, client: tuple[int, int], way: str
) -> None:
    account_id, contact_id = client
    with db_app.app_context():
        kept = _put_away(contact_id)
        if way == "taken":
            db.session.add(Contact(account_id=account_id, external_id="C-1", name="Une autre"))
        else:
            db.session.execute(sa.delete(Account.__table__).where(Account.id == account_id))
        db.session.commit()
        with pytest.raises(trash.TrashError) as refused:
            trash.restore(kept, by=None, at=AT)
        assert (refused.value.kind, refused.value.what) == (
            way,
            {"taken": "contact.external_id", "missing": "contact.account_id"}[way],
        )
        assert db.session.scalar(sa.select(sa.func.count()).where(Contact.name == "Anne Leclerc")) == 0
        assert db.session.get(Trashed, kept) is not None


def test_thirty_days_then_it_is_forgotten(db_app: Flask, client: tuple[int, int]) -> None:
    _account_id, contact_id = client
    with db_app.app_context():
        _put_away(contact_id)
        assert trash.purge(TODAY + timedelta(30), db.session.commit) == 0
        assert trash.purge(TODAY + timedelta(31), db.session.commit) == 1
        assert trash.listed() == []
    assert "accounts.purge" in KINDS and "accounts.purge" in {daily.kind for daily in TIMETABLE}


def test_bytes_of_what_is_forgotten_go_unless_somebody_needs_them(db_app: Flask, client: tuple[int, int]) -> None:
    account_id, _contact_id = client
    with db_app.app_context():
        kept = {
            name: files.keep(name.encode(), f"{name}.txt", "text/plain", at=AT) for name in ("alone", "shared", "own")
        }
        there = {name: store.path_of(one.sha256) for name, one in kept.items()}
        ids = {name: one.id for name, one in kept.items()}
        first, second, third, _own = (
            _attached(account_id, kept[name]) for name in ("alone", "shared", "shared", "own")
        )
        for row in (first, second):
            trash.put_away(row, "attachment", row.name, by=None, at=AT)
        db.session.commit()
        assert files.forget(ids.values()) == []  # it may come back
        assert trash.purge(TODAY + timedelta(31), db.session.commit) == 2
        assert [name for name, path in there.items() if path.exists()] == ["shared", "own"]

        # With its account goes what it has, and what lies in the trash of it.
        trash.put_away(third, "attachment", third.name, by=None, at=AT + timedelta(40))
        account = db.session.get_one(Account, account_id)
        account.deleted_at = AT
        db.session.add(
            Trashed(kind="account", subject_id=account_id, account_id=account_id, name="x", at=AT, rows={}, links=[])
        )
        db.session.commit()
        assert trash.purge(TODAY + timedelta(31), db.session.commit) == 2
        assert not any(path.exists() for path in there.values())
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def _attached(account_id: int, file: StoredFile) -> Attachment:
    row = Attachment(account_id=account_id, file_id=file.id, name=file.name, created_at=AT)
    db.session.add(row)
    db.session.flush()
    return row
