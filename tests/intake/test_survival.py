"""Killed at any instant: all or nothing. Large: bounded memory, short locks."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from haark.extensions import db
from haark.intake import domain, landing, usage
from haark.intake.apply import Rows
from haark.intake.report import Report
from tests.intake.conftest import Intake
from tests.intake.test_import import ACCOUNTS, FOLDER, LEDGER

Counts = Callable[[Report], dict[str, tuple[int, int, int, int]]]
STATE = ("account", "account_card", "contact", "revenue", "usage_day", "usage_feature", "usage_entry", "ticket")


def state(intake: Intake) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in intake.everything().items() if name in STATE}


def usage_csv(accounts: int, days: int, feature: bool = False) -> str:
    lines = ["account_id,date,feature,active_users,events,logins"]
    for day in range(days):
        date = f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}"
        lines += [f"A-{number},{date},{'f' if feature else ''},{number % 7},{day},1" for number in range(accounts)]
    return "\n".join(lines) + "\n"


def accounts_csv(accounts: int) -> str:
    return "external_id,name\n" + "".join(f"A-{number},Compte {number}\n" for number in range(accounts))


@pytest.mark.parametrize("table", ["account", "revenue", "ticket", "opportunity"])
def test_a_fault_while_writing_leaves_nothing(intake: Intake, monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    write = Rows.write

    def torn(self: Rows, at: object) -> None:
        write(self, at)  # type: ignore[arg-type]
        if self.table.name == table:
            raise OperationalError("disk full", None, Exception())

    monkeypatch.setattr(Rows, "write", torn)
    before = intake.everything()
    with pytest.raises(OperationalError):
        intake.run(FOLDER)
    assert intake.everything() == before
    monkeypatch.undo()
    intake.app.config["HAARK_JOBS"] = "inline"
    assert intake.run().moved


def test_usage_beyond_one_transaction_arrives_in_parts(
    lite: Intake, monkeypatch: pytest.MonkeyPatch, counts: Counts
) -> None:
    monkeypatch.setattr(landing, "CHUNK", 100)
    monkeypatch.setattr(usage.Usage.slices, "__defaults__", (100,))
    files = {"accounts.csv": accounts_csv(30), "usage.csv": usage_csv(30, 28)}
    assert counts(lite.run(files))["usage"] == (840, 0, 0, 0)
    assert lite.rows("SELECT count(*), sum(events) FROM usage_day") == [(840, 30 * sum(range(28)))]
    assert counts(lite.run())["usage"] == (0, 0, 840, 0)
    ledger = "id,a,d,f,n\n" + "".join(f"{at},A-{at % 30},2026-05-0{1 + at % 9},f,1\n" for at in range(900))
    assert counts(lite.run({"u.csv": ledger}, LEDGER)) == {"usage": (900, 0, 0, 0)}
    assert lite.rows("SELECT sum(events) FROM usage_feature") == [(900,)]
    assert not list((Path(lite.app.config["HAARK_DATA"]) / "imports").glob("*.scratch"))


def test_a_kill_between_two_parts_is_finished_by_whoever_comes_next(
    lite: Intake, monkeypatch: pytest.MonkeyPatch, counts: Counts
) -> None:
    monkeypatch.setattr(landing, "CHUNK", 100)
    monkeypatch.setattr(usage.Usage.slices, "__defaults__", (100,))
    write, parts = usage.Usage.write, []

    class Killed(BaseException):
        """What no `except Exception` catches, as a kill would be."""

    def killed(self: usage.Usage, part: usage.Slice) -> None:
        parts.append(part)
        if len(parts) == 4:
            raise Killed
        write(self, part)

    monkeypatch.setattr(usage.Usage, "write", killed)
    with pytest.raises(Killed):
        lite.run({"accounts.csv": accounts_csv(30), "usage.csv": usage_csv(30, 28)})
    assert lite.rows("SELECT count(*) FROM usage_day") == [(300,)]
    monkeypatch.setattr(usage.Usage, "write", write)
    with lite.app.app_context():
        # The lease of the killed process runs out.
        db.session.execute(sa.text("UPDATE job SET lease_until = '2020-01-01 00:00:00.000000'"))
        db.session.commit()
    assert counts(lite.run({"accounts.csv": accounts_csv(1)})) == {"accounts": (0, 0, 1, 0)}
    assert lite.rows("SELECT count(*), sum(events) FROM usage_day") == [(840, 30 * sum(range(28)))]
    assert lite.rows("SELECT count(*) FROM account_card") == [(30,)]
    assert not list((Path(lite.app.config["HAARK_DATA"]) / "imports").glob("*.scratch"))


def test_a_scratch_file_of_a_process_killed_while_reading_is_cleared_away(lite: Intake) -> None:
    folder = Path(lite.app.config["HAARK_DATA"]) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    for name, age in (("old", 2 * domain.ABANDONED_AFTER), ("fresh", 60)):
        (folder / f"{name}.scratch").touch()
        os.utime(folder / f"{name}.scratch", (time.time() - age, time.time() - age))
    lite.run({"accounts.csv": accounts_csv(1)})
    assert [path.name for path in folder.glob("*.scratch")] == ["fresh.scratch"]


CHILD = """
    import sys
    from datetime import UTC, datetime, date
    from pathlib import Path
    from haark import create_app
    from haark.intake import domain
    app = create_app()
    with app.app_context():
        print("ready", flush=True)
        sys.stdin.readline()
        domain.import_paths([Path(sys.argv[1])], by=None, at=datetime.now(UTC), on=date(2026, 11, 12))
    print("done", flush=True)
"""


@pytest.mark.parametrize("delay", [0.05, 0.15, 0.3, 0.5, 0.8])
def test_sigkill_leaves_all_or_nothing(lite: Intake, tmp_path: Path, delay: float) -> None:
    lite.files({"accounts.csv": accounts_csv(400), "usage.csv": usage_csv(400, 20), "tickets.csv": tickets_csv(3000)})
    nothing = lite.rows("SELECT count(*) FROM account")[0][0]
    environment = {
        **os.environ,
        "HAARK_DATA": str(lite.app.config["HAARK_DATA"]),
        "DATABASE_URL": str(lite.app.config["SQLALCHEMY_DATABASE_URI"]),
        "SECRET_KEY": "test",
        "HAARK_JOBS": "inline",
    }
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(lite.folder)],
        env=environment, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout and child.stdin and child.stdout.readline() == "ready\n"
    child.stdin.write("go\n")
    child.stdin.flush()
    with __import__("contextlib").suppress(subprocess.TimeoutExpired):
        child.wait(timeout=delay)
    child.send_signal(signal.SIGKILL)
    child.wait()
    kept = tuple(lite.rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("account", "usage_day", "ticket"))
    assert kept in ((nothing, 0, 0), (400, 8000, 3000))
    lite.run()
    assert lite.rows("SELECT count(*), sum(events) FROM usage_day") == [(8000, 400 * sum(range(20)))]


def tickets_csv(count: int) -> str:
    return "account_id,external_id,opened_at\n" + "".join(
        f"A-{at % 400},T-{at},2026-01-01 10:00\n" for at in range(count)
    )


def test_memory_does_not_grow_with_the_file(lite: Intake) -> None:
    """Peak traced memory for eight times the rows stays within a small margin."""
    import tracemalloc

    lite.run({"accounts.csv": accounts_csv(200)})
    peaks = []
    for days in (25, 200):
        lite.files({"usage.csv": usage_csv(200, days)})
        tracemalloc.start()
        lite.run()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 2_000_000


def test_reading_a_file_holds_no_lock(lite: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """While rows are read and judged, another connection writes without waiting."""
    lite.files({"accounts.csv": ACCOUNTS})
    path = str(lite.app.config["SQLALCHEMY_DATABASE_URI"]).removeprefix("sqlite:///")
    waited: list[float] = []

    def write_meanwhile(rows: int, file: str) -> None:
        def write() -> None:
            begun = time.perf_counter()
            other = sqlite3.connect(path, timeout=5, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE setting SET version = version")
            other.execute("COMMIT")
            other.close()
            waited.append(time.perf_counter() - begun)

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    lite.run(progress=write_meanwhile)
    assert waited and max(waited) < 4
