"""Everything out, and in again: what `export` writes, `import` takes back into an empty Haark as the same records."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from haark import create_app
from haark.accounts.models import Account, Contact, CustomField, CustomValue, GoLive, Renewal, Trashed
from haark.events.models import Event
from haark.extensions import db
from haark.files import domain as files
from haark.files import store
from haark.formats import FORMULA, NUMBER, fold, safe_value
from haark.intake import domain as intake
from haark.intake.commands import export_command
from haark.intake.converters import untouched
from haark.intake.export import domain as exporting
from haark.intake.export import tables
from haark.intake.export.kinds import lines
from haark.intake.kinds import KINDS
from haark.intake.models import ExportRun, ImportRun
from haark.intake.report import Report
from haark.mail.models import Mail
from haark.measures.models import Interaction, Survey, UsageDay
from haark.people.models import User
from haark.pipeline.models import Opportunity
from tests.conftest import TODAY, Story
from tests.intake.test_ravenstack import EXAMPLES
from tests.support import databases

AT = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
Empty = Callable[[], Flask]
# What is compared of each table of an importable kind: all but numbers of rows, locks, and where files are.
PASSING = {"id", "version", "logo_file_id"}
TABLES = [
    *dict.fromkeys(kind.table for kind in KINDS.values()),
    "usage_day",
    "usage_entry",
    "custom_field",
    "custom_value",
]

NASTY = (
    "a\rb", "\r", "\n\n", "\u2028\x85\x1c", "\ufeffmark", "\u00a0wide\u202f", "  ", "'", "''",
    "'=1", "''=1", "' =1", '"', '""', '",\n"',
    "\\N", "\\t\\", "null", "1,5", "-", "-5", "'-5", "+33 1", "@", "\t", "\x7f\x1f\x0b",
    "👩🏽\u200d🚀", "e\u0301", "\ufffe", "x" * 4000,
    "reason;file|row", "haark_id", "#", "a" + "\t" * 3, "-١", "-1_000", "-inf", "+nan", "1e5", "=",
)  # fmt: skip


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Empty]:
    """Makes empty Haarks, on the engine of the test."""
    with ExitStack() as stack:

        def make(engine_name: str = "sqlite") -> Flask:
            engine = request.getfixturevalue(f"_{engine_name}")
            templates = request.getfixturevalue("_templates")
            if (engine_name, "empty") not in templates:
                templates[engine_name, "empty"] = engine.template("empty", lambda _app: None)
            folder = tmp_path / f"empty{len(list(tmp_path.glob('empty*')))}"
            folder.mkdir()
            url = stack.enter_context(engine.copy(templates[engine_name, "empty"], folder))
            app = create_app(databases.settings(url, folder))
            stack.callback(databases.close, app)
            return app

        yield make


def export(app: Flask, folder: Path) -> Path:
    with app.app_context():
        exporting.to_folder(folder, by=None, at=AT)
        db.session.commit()
    return folder


def take(app: Flask, folder: Path, mapping: Path | None = None) -> Report:
    with app.app_context():
        return intake.import_paths([folder], mapping, by=None, at=AT, on=TODAY, ring=False)


def csvs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def records(app: Flask) -> dict[str, list[tuple[str, ...]]]:
    """Every row of the importable tables, ids replaced by what they stand for: the place of the account, the address of
    the colleague, the key of the feature or field."""
    with app.app_context(), db.engine.connect() as connection:
        named: dict[str, dict[Any, Any]] = {
            "users": dict(connection.execute(sa.select(User.id, User.email)).all()),
            "feature": dict(connection.execute(sa.text("SELECT id, key FROM feature")).all()),
            "custom_field": dict(connection.execute(sa.text("SELECT id, key FROM custom_field")).all()),
            "account": {
                row[0]: n for n, row in enumerate(connection.execute(sa.text("SELECT id FROM account ORDER BY id")))
            },
        }
        found = {}
        for name in TABLES:
            table = db.metadata.tables[name]
            columns = [column for column in table.columns if column.name not in PASSING]
            rows = []
            for row in connection.execute(sa.select(*columns)):
                values = []
                for column, value in zip(columns, row, strict=True):
                    target = next((key.column.table.name for key in column.foreign_keys), "")
                    values.append(str(named[target].get(value) if target else value))
                rows.append(tuple(values))
            found[name] = sorted(rows)
        return found


def round_trip(app: Flask, other: Flask, tmp_path: Path) -> tuple[Path, Path]:
    first = export(app, tmp_path / "first")
    report = take(other, first)
    assert not any(kind.refused for kind in report.kinds.values()), report.kinds
    second = export(other, tmp_path / "second")
    assert csvs(first) == csvs(second)
    return first, second


def test_the_sample_comes_back_identical_with_its_owners(story: Story, empty: Empty, tmp_path: Path) -> None:
    other = empty()
    first, _ = round_trip(story.app, other, tmp_path)
    assert sorted(csvs(first)) == sorted(f"{name}.csv" for name in KINDS)
    before, after = records(story.app), records(other)
    assert {name: len(rows) for name, rows in before.items()} == {name: len(rows) for name, rows in after.items()}
    for name in TABLES:
        assert before[name] == after[name], name
    # Nobody can log in as those who came along; and the same folder again changes nothing.
    with other.app_context():
        assert not db.session.scalar(sa.select(sa.func.count()).where(User.password_hash.is_not(None)))
    again = take(other, first)
    assert not again.moved
    assert not any(kind.refused for kind in again.kinds.values())
    assert any("JSONL" in str(note) for note in again.notes)
    _check_manifest(first)
    _check_secrets(story.app, first)


def _check_manifest(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    on_disk = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    assert set(told["files"]) == on_disk
    for name, about in told["files"].items():
        content = (folder / name).read_bytes()
        assert (about["bytes"], about["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        if name.endswith(".jsonl"):
            assert about["rows"] == content.count(b"\n") == sum(1 for line in content.splitlines() if json.loads(line))
    assert told["files"]["accounts.csv"]["rows"] == 59


def _check_secrets(app: Flask, folder: Path) -> None:
    written = b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            for column in table.columns:
                if column.name.endswith("_hash") or (table.name, column.name) == ("share_link", "label"):
                    for value in connection.scalars(sa.select(column).where(column.is_not(None))):
                        assert str(value).encode() not in written, (table.name, column.name)


def test_every_table_is_exported_or_left_out_and_no_secret_is_forgotten(app: Flask) -> None:
    """A new table, or a new column that smells of a secret, has to be judged in haark/intake/export/tables.py."""
    with app.app_context():
        known = {table.name for table in db.metadata.sorted_tables}
        assert set(tables.LEFT_OUT) <= known
        assert {table.name for table in tables.exported()} == known - set(tables.LEFT_OUT)
        harmless = {("capture", "token"), ("signal", "secret")}
        for table in tables.exported():
            smelling = {
                column.name for column in table.columns if re.search(r"hash|token|secret|password", column.name)
            }
            judged = tables.SECRETS.get(table.name, set())
            assert {name for name in smelling if (table.name, name) not in harmless} <= judged, table.name
            assert judged <= set(table.columns.keys())


def test_ravenstack_comes_back_identical(empty: Empty, shared_data: Path, tmp_path: Path) -> None:
    raven, other = empty(), empty()
    take(raven, shared_data / "ravenstack", EXAMPLES / "ravenstack.toml")
    first, _ = round_trip(raven, other, tmp_path)
    assert records(raven) == records(other)
    with (first / "usage.csv").open(newline="", encoding="utf-8") as handle:
        usage = list(csv.DictReader(handle))
    # Days that rows with ids add up to are not written beside them.
    assert len(usage) == 24_979
    assert {row["haark_source"] for row in usage} == {"ravenstack"}
    # The same rows from their first source are known again: identities kept their source.
    assert not take(other, shared_data / "ravenstack", EXAMPLES / "ravenstack.toml").moved


@pytest.fixture(params=["sqlite", "postgresql"])
def odd(request: pytest.FixtureRequest, empty: Empty) -> tuple[Flask, Flask]:
    """A Haark with all that is hard to say in a file, and an empty one."""
    app, other = empty(request.param), empty(request.param)
    with app.app_context():
        fill_with_oddities()
    return app, other


def fill_with_oddities() -> None:
    anna = User(email="Anna.Nova@haark.test", name="Anna", role="csm", created_at=AT, language="uk", active=False)
    session = db.session
    session.add(anna)
    session.flush()

    def account(name: str, **facts: Any) -> Account:
        row = Account(name=name, name_folded=fold(name), created_at=AT, **facts)
        session.add(row)
        session.flush()
        return row

    plain = account("Plain", external_id="P-1", owner_id=anna.id, tags=["a, b", "=x"], declared_arr_cents=-1250)
    twins = [account("Twin"), account("TWÍN"), account(" Twin ")]
    shadow = account("P-1", parent_id=plain.id)  # its name is another's external id
    mark = account("haark:2", parent_id=twins[1].id, tags=["[x]", "y "])
    only = account("'=Só, \"the\" only\none", external_id=None, parent_id=shadow.id, contract_start=date(2026, 5, 1),
                   renewal_date=date(2026, 4, 1), sector="\t=tab ", country="\x0b")  # fmt: skip
    gone = account("Gone", external_id="G-1", deleted_at=AT)
    for owner in (plain, *twins, shadow, mark, only, gone):
        ident = owner.id
        session.add_all(
            [
                *(Contact(account_id=ident, name="Ann", email="Ann@X.test") for _ in range(2)),
                Contact(account_id=ident, name="'@me", role="champion", main=True, phone="+33 6",
                        external_id=f"c{ident}"),
                GoLive(account_id=ident, date=TODAY, name="Phase"),
                GoLive(account_id=ident, date=TODAY, name="Phase", major=True),
                Renewal(account_id=ident, date=TODAY, outcome="renewed", notice_date=date(2026, 12, 1)),
                Survey(account_id=ident, identity=f"my source:{ident}", date=TODAY, kind="nps", score=7.3,
                       comment="-1\r\n"),
                Interaction(account_id=ident, identity=f"haark:{ident}", at=AT.replace(microsecond=17), kind="note",
                            author_id=anna.id, tags=["un;deux"], summary="'=1+1"),
                Opportunity(account_id=ident, name="Deal", owner_id=anna.id, owner_email="", amount_cents=-105),
                UsageDay(account_id=ident, day=TODAY, active_users=3),
            ]
        )  # fmt: skip
    session.add_all(
        Interaction(account_id=plain.id, identity=f"text:{n}", at=AT, kind="call", summary=text, contact_email="")
        for n, text in enumerate(NASTY)
    )
    session.add(Opportunity(account_id=None, name="Prospect", owner_email="Somebody", external_id="O-1"))
    fields = [
        CustomField(key="kind", name="Sorte", kind="choice", choices=["Été", "Hiver"], position=2, created_at=AT),
        CustomField(key="n", name="N", kind="number", created_at=AT),
        CustomField(key="since", name="Depuis", kind="date", created_at=AT),
        CustomField(key="note", name="Note", kind="text", position=1, created_at=AT),
    ]
    session.add_all(fields)
    session.flush()
    values: list[dict[str, Any]] = [{"text": "Été"}, {"number": 1.234}, {"date": TODAY}, {"text": "=1\n"}]
    for owner in (plain, twins[1], only):
        session.add_all(
            CustomValue(account_id=owner.id, field_id=field.id, **value)
            for field, value in zip(fields, values, strict=True)
        )
    session.commit()


def test_what_is_hard_to_say_comes_back(odd: tuple[Flask, Flask], tmp_path: Path) -> None:
    app, other = odd
    first, _ = round_trip(app, other, tmp_path)
    with app.app_context():  # what is deleted is no record to restore; the JSONL holds it
        deleted = db.session.scalar(sa.select(Account.id).where(Account.deleted_at.is_not(None)))
        db.session.execute(sa.delete(Account).where(Account.id == deleted))
        db.session.commit()
    before, after = records(app), records(other)
    for name in TABLES:
        assert before[name] == after[name], name
    text = (first / "account.jsonl").read_text(encoding="utf-8")
    assert '"Gone"' in text
    assert '"day": "2026-11-12"' in (first / "usage_day.jsonl").read_text(encoding="utf-8")
    with other.app_context():
        anna = db.session.scalar(sa.select(User).where(User.email == "Anna.Nova@haark.test"))
        assert anna is not None
        assert (anna.name, anna.role, anna.language, anna.active) == ("Anna", "csm", "uk", False)
    for content in csvs(first).values():
        for row in csv.reader(content.decode().splitlines(keepends=True)):
            for cell in row:
                assert not cell.startswith(FORMULA) or re.fullmatch(r"-?[\d.]+", cell.strip()), cell


def test_an_account_that_is_there_already_gets_what_the_archive_says(odd: tuple[Flask, Flask], tmp_path: Path) -> None:
    """Into a Haark that holds something an archive is an import like others: nothing is made beside its rows."""
    app, other = odd
    first = export(app, tmp_path / "first")
    with other.app_context():
        db.session.add(Account(name="Plain", name_folded="plain", external_id="P-1", created_at=AT))
        db.session.commit()
    report = take(other, first)
    assert report.kinds["accounts"].changed == 1
    told = " ".join(map(str, report.notes))
    assert "cf_kind" in told
    assert "anna.nova@haark.test" in told
    with other.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(CustomField)) == 0


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_all_files_tell_of_one_instant_and_a_failure_leaves_none(
    empty: Empty, engine_name: str, tmp_path: Path
) -> None:
    app = empty(engine_name)

    def meanwhile(_done: int, _total: int, name: str) -> None:
        if name == "contacts.csv":
            with db.engine.begin() as other:
                account = other.execute(
                    sa.insert(Account).values(name="Late", name_folded="late", created_at=AT).returning(Account.id)
                ).scalar_one()
                other.execute(sa.insert(Contact).values(account_id=account, name="Late", email="late@x.test"))

    def fails(_done: int, _total: int, name: str) -> None:
        if name == "event.jsonl":
            raise OSError(28, "No space left on device")

    with app.app_context():
        exporting.to_folder(tmp_path / "out", by=None, at=AT, step=meanwhile)
        db.session.commit()
        told = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
        assert b"Late" not in told
        with pytest.raises(OSError, match="No space"):
            exporting.to_folder(tmp_path / "full", by=None, at=AT, step=fails)
    assert not [path for path in tmp_path.iterdir() if "full" in path.name]


def test_the_command_says_what_it_wrote_and_overwrites_nothing(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        db.session.add(Account(name="Solo", name_folded="solo", created_at=AT))
        db.session.commit()
        done = CliRunner().invoke(export_command, [str(tmp_path / "out")])
        assert done.exit_code == 0, done.output
        assert "accounts.csv 1\n" in done.output
        before = csvs(tmp_path / "out")
        again = CliRunner().invoke(export_command, [str(tmp_path / "out")])
        assert again.exit_code == 1
        assert "is not empty" in again.output
        assert csvs(tmp_path / "out") == before
        missing = CliRunner().invoke(export_command, [str(tmp_path / "out" / "manifest.json" / "x")])
        assert missing.exit_code == 1, missing.output
        assert "cannot be written" in missing.output
        events = db.session.scalars(sa.select(Event.kind).where(Event.kind == "export.made")).all()
        assert events == ["export.made"]


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=12), max_size=6))
@settings(max_examples=300)
def test_no_text_is_lost_between_a_cell_and_its_reading(texts: list[str]) -> None:
    texts = [*texts, *("'" * n + sign + text for n in range(3) for sign in FORMULA for text in ("1", "=1+1"))]
    data = lines([[safe_value(text)] for text in texts]).decode("utf-8")
    read = [row[0] if row else "" for row in csv.reader(io.StringIO(data, newline=""), strict=True)]
    assert [untouched(cell) for cell in read] == texts
    for cell in read:
        assert not cell.startswith(FORMULA) or NUMBER.fullmatch(cell)


def test_secrets_stay_in_also_inside_of_what_was_deleted_and_of_messages(app: Flask, tmp_path: Path) -> None:
    link = {"id": 1, "contact_id": 2, "label": "seed-of-a-link", "token_hash": "hash-of-a-link"}
    with app.app_context():
        rows = {
            "contact": [{"id": 2, "name": "Ann"}],
            "share_link": [link],
            "login_session": [{"token_hash": "cookie"}],
        }
        db.session.add(Trashed(kind="contact", subject_id=2, name="Ann", rows=rows, links=[], at=AT))
        common = {"kind": "x", "language": "fr", "from_address": "a@x.test", "to_address": "b@x.test", "subject": "Hi",
                  "created_at": AT, "updated_at": AT}  # fmt: skip
        db.session.add(Mail(message_id="<1>", text="open /reset/SECRET", html="SECRET", private=True, **common))
        db.session.add(Mail(message_id="<2>", text="Bonjour", unsubscribe_hash="hash-of-unsubscribing", **common))
        kept = files.keep(b"A deck", "deck.pdf", "application/pdf", at=AT)
        gone = files.keep(b"Lost", "lost.pdf", "application/pdf", at=AT)
        sent = files.keep(b"a;b", "sent.csv", "text/csv", at=AT)
        earlier = files.keep(b"PK", "haark.zip", "application/zip", at=AT)
        run = ImportRun(created_at=AT, refused_file_id=sent.id)
        db.session.add_all([run, ExportRun(created_at=AT, file_id=earlier.id)])
        db.session.commit()
        store.path_of(gone.sha256).unlink()
        digest, lost = kept.sha256, gone.sha256
        made = exporting.to_folder(tmp_path / "out", by=None, at=AT)
        db.session.commit()
    told = "\n".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir() if path.is_file())
    for secret in ("seed-of-a-link", "hash-of-a-link", "cookie", "SECRET", "hash-of-unsubscribing"):
        assert secret not in told
    assert '"Ann"' in told
    assert '"Bonjour"' in told
    assert [path.name for path in (tmp_path / "out" / "files").rglob("*") if path.is_file()] == [digest]
    assert made.missing == [lost] == json.loads((tmp_path / "out" / "manifest.json").read_text())["missing_files"]
