"""An import undone leaves the database as it was; what somebody changed since is left alone and named."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from haark.accounts import domain as accounts
from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem
from haark.extensions import db
from haark.files import domain as files
from haark.files.models import StoredFile
from haark.intake import landing, restoring, undoing, usage
from haark.intake.known import Known, Viewer
from haark.intake.models import ImportRun
from haark.people.models import User
from tests.conftest import TODAY
from tests.intake.conftest import AT, Intake
from tests.intake.test_import import FOLDER, LEDGER

# The trail and the work itself stay; versions only ever go up.
APART = {"portfolio_count", "account_stamp", "import_file", "event", "job", "import_run", "stored_file"}
CHANGED = FOLDER | {
    "accounts.csv": (
        "external_id,name,sector,employees,arr,contract_start,renewal_date,tags,parent_external_id\n"
        "A-1,Société Valmorin,Transport,400,150000,2023-01-15,2028-01-15,vip,A-3\n"
        "A-3,Gamma [groupe],,,,,,,\n"
        "A-4,Delta,,,,,,,A-3\n"
    ),
    "contacts.csv": (
        "account_id,name,email,role,main\n"
        "A-1,Claire Dumas,claire@valmorin.example,other,oui\n"
        "A-1,Jean,jean@valmorin.example,sponsor,non\n"
        "A-3,,nobody@gamma.example,champion,non\n"
    ),
    "revenue.csv": "account_id,date,arr,reason\nA-1,2024-06-01,130000,expansion\nA-3,2024-06-01,1,new\n",
    "renewals.csv": "account_id,date,outcome,reason\nA-1,2026-01-15,lost,prix\n",
    "features.csv": "key,name,premium,plan\nroutes,Trajets,oui,\nnewer,Plus neuf,non,\n",
    "usage.csv": (
        "account_id,date,feature,active_users,events,logins\n"
        "A-1,2026-11-01,,21,300,40\nA-1,2026-11-02,,9,9,9\nA-1,2026-11-01,newest,1,2,3\nA-3,2026-11-01,routes,1,2,\n"
    ),
    "tickets.csv": (
        "account_id,external_id,opened_at,closed_at,priority,csat\n"
        "A-1,T-1,2026-10-01 08:00,2026-10-05 07:30,basse,4.5\nA-3,T-9,2026-10-03,,,\n"
    ),
    "interactions.csv": "account_id,at,kind,direction,tags,summary\nA-3,2026-10-01 10:00,call,both,a;b,Point\n",
    "golives.csv": "account_id,date,name,major\nA-1,2023-03-01,Socle,non\n",
    "opportunities.csv": (
        "external_id,account_id,name,kind,stage,amount,close_date,owner_email\n"
        "O-1,A-1,Extension,upsell,Gagnée,16000,2026-12-30,x@y.example\nO-2,A-3,Prospect libre,new,,9000,,\n"
    ),
}  # fmt: skip


class Undone:
    """Imports that can be undone, and the database around them."""

    def __init__(self, intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
        self.intake, self.monkeypatch = intake, monkeypatch

    def run(self, given: dict[str, str], mapping: str | None = None, viewer: Viewer | None = None) -> int:
        """Imports, as somebody's whose files are, and returns the id of the run."""
        load = Known.load
        with self.monkeypatch.context() as patch:
            patch.setattr(Known, "load", lambda _viewer=None: load(viewer))
            self.intake.run(given, mapping, ring=False)
        with self.intake.app.app_context():
            run = db.session.scalars(sa.select(ImportRun).order_by(ImportRun.id.desc())).first()
            assert run is not None and (run.state, run.applied_at) == ("done", AT)
            assert run.undo_file_id
            return run.id

    def undo(self, run_id: int) -> list[list[Any]]:
        with self.intake.app.app_context():
            return undoing.undo(run_id, by=None, at=AT, on=TODAY, step=db.session.commit)

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        with self.intake.app.app_context():
            sums = sa.text("SELECT facet, value, sum(n) FROM portfolio_count WHERE value NOT IN ('pulse', 'changes')"
                           " GROUP BY facet, value HAVING sum(n) <> 0 ORDER BY 1, 2")  # fmt: skip
            counts = {"portfolio": [tuple(map(str, row)) for row in db.session.execute(sums)]}
            return counts | {
                table.name: sorted(
                    tuple(str(row[name]) for name in row if name not in ("version", "refreshed_on"))
                    for row in db.session.execute(sa.select(table)).mappings()
                )
                for table in db.metadata.sorted_tables
                if table.name not in APART
            }


@pytest.fixture
def undone(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> Iterator[Undone]:
    monkeypatch.setattr("haark.jobs.domain.ring_for", lambda _event: None)
    yield Undone(intake, monkeypatch)


@pytest.fixture
def lite_undone(lite: Intake, monkeypatch: pytest.MonkeyPatch) -> Undone:
    monkeypatch.setattr("haark.jobs.domain.ring_for", lambda _event: None)
    return Undone(lite, monkeypatch)


def test_undoing_an_import_of_every_kind_over_others_leaves_what_was(undone: Undone) -> None:
    empty = undone.content()
    first = undone.run(FOLDER)
    before = undone.content()
    second = undone.run(CHANGED)
    assert undone.content() != before
    assert undone.undo(second) == []
    assert undone.content() == before
    assert undone.undo(second) == []  # twice is once
    assert undone.content() == before
    assert undone.undo(first) == []
    assert undone.content() == empty
    events = undone.intake.rows("SELECT kind, count(*) FROM event GROUP BY kind")
    assert dict(events)["import.undone"] == 2 and dict(events)["account.created"] == 4


def test_rows_with_ids_of_their_own_leave_the_sums(undone: Undone) -> None:
    undone.run({"accounts.csv": "external_id,name\nA-1,Un\nA-2,Deux\n"})
    # A day that somebody wrote besides: the ledger takes it over, and gives it back.
    undone.run({"usage.csv": "account_id,date,feature,active_users,events,logins\nA-1,2026-05-01,f,7,50,\n"})
    before = undone.content()
    first = undone.run(
        {"u.csv": "id,a,d,f,n\n1,A-1,2026-05-01,f,3\n2,A-1,2026-05-01,f,4\n3,A-2,2026-05-02,f,5\n"}, LEDGER
    )
    between = undone.content()
    second = undone.run({"u.csv": "id,a,d,f,n\n2,A-2,2026-05-02,f,6\n4,A-1,2026-05-03,g,1\n"}, LEDGER)
    assert undone.undo(second) == []
    assert undone.content() == between
    third = undone.run({"u.csv": "id,a,d,f,n\n9,A-1,2026-05-01,f,9\n"}, LEDGER)
    # The first goes though a later one added to its day: what is left is what the later one brought.
    assert undone.undo(first) == []
    assert undone.intake.rows("SELECT active_users, events FROM usage_feature ORDER BY 1") == [(None, 9)]
    assert undone.undo(third) == []
    with undone.intake.app.app_context():
        assert undone.intake.rows("SELECT count(*) FROM usage_entry") == [(0,)]
    assert before


def test_what_somebody_changed_since_is_left_alone_and_named(undone: Undone) -> None:
    undone.run(FOLDER)
    run = undone.run(CHANGED)
    with undone.intake.app.app_context():
        valmorin, delta, gamma, jean = (
            db.session.scalars(sa.select(model.id).where(model.name == name)).one()
            for model, name in (
                (Account, "Société Valmorin"),
                (Account, "Delta"),
                (Account, "Gamma [groupe]"),
                (Contact, "Jean"),
            )
        )
        account = db.session.get_one(Account, valmorin)
        accounts.change(valmorin, account.version, by=None, at=AT, on=TODAY, sector="Fret")
        db.session.get_one(Contact, jean).phone = "06"
        db.session.add(ActionItem(account_id=delta, title="Appeler", created_at=AT))
        db.session.execute(sa.text("UPDATE ticket SET priority = 'urgent' WHERE external_id = 'T-1'"))
        db.session.execute(sa.text("UPDATE usage_day SET events = 1000 WHERE day = '2026-11-02'"))
        db.session.commit()
    kept = undone.undo(run)
    assert sorted(row[0] + ":" + row[2] + ":" + row[3] for row in kept) == [
        "accounts:Delta:action_item", "accounts:Gamma [groupe]:parent_id", "accounts:Société Valmorin:sector",
        "contacts:Jean:phone", "tickets:T-1:priority", "usage:Société Valmorin · 2026-11-02:events",
    ]  # fmt: skip
    rows = undone.intake.rows
    assert rows("SELECT sector, employees FROM account WHERE external_id = 'A-1'") == [("Fret", 400)]
    assert rows("SELECT role FROM contact WHERE name = 'Claire Dumas'") == [("sponsor",)]
    assert rows("SELECT count(*) FROM contact WHERE name = 'Jean'") == [(1,)]
    # An account that stays keeps what came with it.
    assert rows("SELECT count(*) FROM ticket WHERE external_id = 'T-9'") == [(1,)] and gamma
    with undone.intake.app.app_context():
        run_row = db.session.get_one(ImportRun, run)
        assert run_row.state == "undone" and run_row.kept == kept


def test_accounts_that_became_those_of_who_brought_them_go_too(undone: Undone) -> None:
    with undone.intake.app.app_context():
        user = User(email="c@d.example", name="Claire", role="csm", password_hash="x", created_at=AT)
        db.session.add(user)
        db.session.commit()
        viewer = Viewer(user.id)
    before = undone.content()
    run = undone.run({"accounts.csv": "external_id,name\nA-1,Un\n"}, viewer=viewer)
    assert undone.intake.rows("SELECT owner_id FROM account") == [(viewer.id,)]
    assert undone.undo(run) == []
    assert undone.content() == before


class Killed(BaseException):
    """What no `except Exception` catches, as a kill would be."""


def test_an_undoing_killed_anywhere_goes_on_from_there(undone: Undone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "CHUNK", 2)
    monkeypatch.setattr(restoring, "ACCOUNTS", 1)
    undone.run(FOLDER)
    before = undone.content()
    run = undone.run(CHANGED)
    undone.intake.rows("SELECT 1")
    with undone.intake.app.app_context():
        db.session.execute(sa.text("UPDATE usage_day SET events = 1000 WHERE day = '2026-11-02'"))
        db.session.commit()
    mark, turn = restoring.Restorer._mark, iter(range(1_000))
    cuts = 0

    def cut(self: restoring.Restorer, target: Any, number: int, kept: Any) -> None:
        before_marking = next(turn) % 4 == 1
        if before_marking:
            raise Killed
        mark(self, target, number, kept)
        if next(turn) % 6 == 5:
            if target.sqlite:
                target.connection.commit()
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(restoring.Restorer, "_mark", cut)
        for _attempt in range(200):
            try:
                kept = undone.undo(run)
                break
            except Killed:
                cuts += 1
                if cuts > 12:
                    patch.setattr(restoring.Restorer, "_mark", mark)
    assert cuts > 3 and [row[2] for row in kept] == ["Société Valmorin · 2026-11-02"]
    left = [row for row in undone.content()["usage_day"] if "2026-11-02" in row]
    assert len(left) == 1
    after = undone.content()
    after["usage_day"].remove(left[0])
    assert after == before


def test_usage_in_parts_is_taken_back_whole_though_its_landing_was_killed(
    lite_undone: Undone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.intake.test_survival import accounts_csv, usage_csv

    monkeypatch.setattr(landing, "CHUNK", 100)
    monkeypatch.setattr(usage.Usage.slices, "__defaults__", (100,))
    lite_undone.run({"accounts.csv": accounts_csv(20), "usage.csv": usage_csv(20, 5)})
    before = lite_undone.content()
    write, parts = usage.Usage.write, []

    def killed(self: usage.Usage, part: usage.Slice) -> None:
        parts.append(part)
        if len(parts) == 4:
            raise Killed
        write(self, part)

    with monkeypatch.context() as patch:
        patch.setattr(usage.Usage, "write", killed)
        with pytest.raises(Killed):
            lite_undone.run({"accounts.csv": accounts_csv(30), "usage.csv": usage_csv(30, 28)})
    with lite_undone.intake.app.app_context():
        db.session.execute(sa.text("UPDATE job SET lease_until = '2020-01-01 00:00:00.000000'"))
        db.session.commit()
    lite_undone.intake.run({"accounts.csv": accounts_csv(1)})
    run = lite_undone.intake.rows("SELECT max(id) FROM import_run")[0][0]
    assert lite_undone.intake.rows("SELECT count(*) FROM usage_day") == [(840,)]
    assert lite_undone.undo(run) == []
    assert lite_undone.content() == before


def test_a_writer_that_never_rests_spoils_no_recording(lite_undone: Undone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes between each look at the usage and its writing: what is kept is what was there last."""
    import sqlite3

    lite_undone.run(FOLDER)
    path = str(lite_undone.intake.app.config["SQLALCHEMY_DATABASE_URI"]).removeprefix("sqlite:///")
    record, turns = usage.Usage.record, []

    def meanwhile(self: usage.Usage, part: usage.Slice, number: int, undo: str) -> None:
        record(self, part, number, undo)
        turns.append(undo)
        if undo == "undo":
            with sqlite3.connect(path) as other:
                other.execute("UPDATE usage_day SET events = events + 1 WHERE day = '2026-11-01'")
            other.close()

    with monkeypatch.context() as patch:
        patch.setattr(usage.Usage, "record", meanwhile)
        run = lite_undone.run(
            {"usage.csv": CHANGED["usage.csv"].replace(",21,300,40", ",21,350,40").replace("A-3", "A-2")}
        )
    assert turns == ["undo"] * 3 + ["temp"]
    assert lite_undone.undo(run) == []
    assert lite_undone.intake.rows("SELECT active_users, events FROM usage_day") == [(20, 303)]


def test_undoing_is_asked_for_once_and_within_thirty_days(undone: Undone) -> None:
    run = undone.run({"accounts.csv": "external_id,name\nA-1,Un\n"})
    late = undone.run({"accounts.csv": "external_id,name\nA-2,Deux\n"})
    with undone.intake.app.app_context():
        with pytest.raises(undoing.CannotUndo, match="late"):
            undoing.ask(late, by=None, at=AT + timedelta(31), on=TODAY)
        assert undoing.ask(run, by=None, at=AT, on=TODAY)
        db.session.commit()  # jobs run at once here
        db.session.expire_all()
        assert db.session.get_one(ImportRun, run).state == "undone"
        with pytest.raises(undoing.CannotUndo, match="state"):
            undoing.ask(run, by=None, at=AT, on=TODAY)
        paths = [files.path_of(row) for row in db.session.scalars(sa.select(StoredFile))]
        assert len(paths) == 2 and undoing.purge(AT + timedelta(31), db.session.commit) == 2
        assert not any(path.exists() for path in paths)
        assert not db.session.scalars(sa.select(StoredFile)).all()
        with pytest.raises(undoing.CannotUndo, match="late"):
            undoing.ask(late, by=None, at=AT, on=TODAY)
    assert undone.intake.rows("SELECT name FROM account") == [("Deux",)]
    folder = Path(undone.intake.app.config["HAARK_DATA"]) / "imports"
    assert not list(folder.glob("*.undo")) and not list(folder.glob("*.work"))
