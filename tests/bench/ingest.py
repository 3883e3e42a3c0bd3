"""Importing a large file beside the fastest bare way to write its rows.

Run by `bin/bench ingest [--accounts N] [--usage N]` (100 000 accounts and 1 000 000 usage rows by default), on SQLite,
with `--postgres` on PostgreSQL. `bin/haark import` reads, checks, reports and writes; the anchor writes rows held in
memory: SQLite by 1 000-row VALUES sorted by key, PostgreSQL by COPY into a temporary table, then ON CONFLICT. Meanwhile
somebody asks for the write lock again and again, and for the first page of the portfolio. JSON under var/bench.
"""

import argparse
import csv
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.bench import floor
from tests.bench.portfolio import ROOT, TODAY, our_server, surroundings
from tests.support import postgres
from tests.support.people import PASSWORD, Visitor

ON = date.fromisoformat(TODAY)
GOALS = {"sqlite": 0.12, "postgresql": 0.5}
BATCH = 1000
TABLE = (
    "CREATE TABLE bare (account_id INTEGER NOT NULL, day DATE NOT NULL, active_users INTEGER, events BIGINT,"
    " logins INTEGER, PRIMARY KEY (account_id, day))"
)
UPSERT = (
    " ON CONFLICT (account_id, day) DO UPDATE SET active_users = excluded.active_users, events = excluded.events,"
    " logins = excluded.logins"
)
# As `bin/haark import` does it, without the judgement of all accounts that follows.
IMPORT = """import sys, json
from pathlib import Path
from haark import clock, create_app
from haark.intake import domain
with create_app().app_context():
    report = domain.import_paths([Path(sys.argv[1])], by=None, at=clock.moment(), on=clock.today(), ring=False)
    print(json.dumps(report.as_json()))
# Of this program alone: what the parent held before is counted to a child's peak.
status = Path("/proc/self/status").read_text() if Path("/proc/self/status").exists() else "VmHWM: 0 kB"
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""

Row = tuple[int, str, int, int, int]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accounts", type=int, default=100_000)
    options.add_argument("--usage", type=int, default=1_000_000)
    options.add_argument("--postgres", action="store_true")
    chosen = options.parse_args()
    engine = "postgresql" if chosen.postgres else "sqlite"
    report: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip(),
        "load": os.getloadavg(),
        "engine": engine,
        "accounts": chosen.accounts,
        "usage": chosen.usage,
    }
    with tempfile.TemporaryDirectory(prefix="hb-") as name, address(chosen.postgres, Path(name)) as url:
        folder = Path(name)
        files = written(folder, chosen.accounts, chosen.usage)
        where = (folder, url)
        cookie = visitor(where)
        rows = list(usage(chosen.accounts, chosen.usage))
        for kind, file in files.items():
            report[kind] = imported(where, file, cookie)
            report[kind]["rows"] = chosen.accounts if kind == "accounts" else chosen.usage
            report[kind]["rate"] = round(report[kind]["rows"] / report[kind]["seconds"])
        report["bare_rate"] = round(len(rows) / bare(rows, folder, url))
        report["over_bare"] = round(report["usage"]["rate"] / report["bare_rate"], 3)
    show(report, engine)
    (ROOT / f"var/bench/ingest-{engine}.json").write_text(json.dumps(report, indent=2), encoding="utf-8")


@contextmanager
def address(on_postgres: bool, folder: Path) -> Iterator[str]:
    if not on_postgres:
        yield ""
        return
    with postgres.cluster(folder) as form:
        maker = form.format(name="postgres").split("host=")[1]
        subprocess.run(["psql", "-h", maker, "-U", "haark", "postgres", "-qc", "CREATE DATABASE haark"], check=True)
        yield form.format(name="haark")


def usage(accounts: int, count: int) -> Iterator[Row]:
    """Rows by account and day, an even number of days for each account."""
    days = max(1, count // accounts)
    for ident in range(1, accounts + 1):
        for back in range(days, 0, -1):
            users = (ident * 7 + back) % 90
            yield ident, (ON - timedelta(back)).isoformat(), users, users * 5, users + 3


def written(folder: Path, accounts: int, count: int) -> dict[str, Path]:
    files = {kind: folder / f"{kind}.csv" for kind in ("accounts", "usage")}
    with files["accounts"].open("w", newline="", encoding="utf-8") as out:
        sheet = csv.writer(out)
        sheet.writerow(["external_id", "name", "sector", "employees", "arr", "renewal_date", "country"])
        for ident in range(1, accounts + 1):
            renewal = (ON + timedelta(ident % 365)).isoformat()
            sheet.writerow([f"I-{ident}", f"Société {ident}", "Santé", ident % 900, ident % 9000, renewal, "France"])
    with files["usage"].open("w", newline="", encoding="utf-8") as out:
        sheet = csv.writer(out)
        sheet.writerow(["account_id", "date", "active_users", "events", "logins"])
        sheet.writerows((f"I-{ident}", *rest) for ident, *rest in usage(accounts, count))
    return files


def visitor(where: tuple[Path, str]) -> str:
    """The cookie of somebody logged in to the empty Haark."""
    os.environ.update(surroundings(*where))
    from haark import clock, create_app
    from haark.extensions import db
    from haark.people import domain
    from haark.people.models import User
    from haark.storage import upgrade

    app = create_app()
    with app.app_context():
        upgrade()
        person = User(email="csm@demo.haark.test", name="CSM", role="csm", created_at=clock.now())
        person.password_hash = domain.hash_password(PASSWORD)
        db.session.add(person)
        db.session.commit()
    cookie = Visitor(app).login("csm").client.get_cookie("haark")
    assert cookie
    with app.app_context():
        db.engine.dispose()
    return f"haark={cookie.value}"


def imported(where: tuple[Path, str], file: Path, cookie: str) -> dict[str, Any]:
    """One import in a process of its own, watched."""
    with our_server(where) as ours:
        page = ours + "/portfolio"
        floor.burst(page, 1, {"Cookie": cookie})
        idle = floor.burst(page, 3, {"Cookie": cookie})
        pages: list[float] = []
        waits: list[float] = [0.0]
        over = threading.Event()
        watchers = [threading.Thread(target=lambda: pages.extend(ask(page, cookie, over)))]
        if not where[1]:
            watchers.append(threading.Thread(target=lambda: waits.extend(locks(where[0] / "haark.sqlite3", over))))
        for one in watchers:
            one.start()
        begun = time.perf_counter()
        command = [sys.executable, "-c", IMPORT, str(file)]
        with (where[0] / "report.json").open("w") as out:
            running = subprocess.Popen(command, env=surroundings(*where), cwd=ROOT, stdout=out)
            _pid, status, used = os.wait4(running.pid, 0)
        seconds = time.perf_counter() - begun
        over.set()
        for one in watchers:
            one.join()
    assert status == 0, (where[0] / "report.json").read_text()
    return {
        "seconds": round(seconds, 2),
        "peak_megabytes": round(int((where[0] / "report.json").read_text().split()[-1]) / 1024, 1),
        "cpu": round(used.ru_utime + used.ru_stime, 2),
        "longest_lock": round(max(waits), 3),
        "p95_idle": round(p95(idle), 1),
        "p95_meanwhile": round(p95(pages), 1),
    }


def ask(page: str, cookie: str, over: threading.Event) -> Iterator[float]:
    while not over.is_set():
        yield from floor.burst(page, 1, {"Cookie": cookie})


def locks(path: Path, over: threading.Event) -> Iterator[float]:
    """How long each turn waited for the write lock."""
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    while not over.is_set():
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        yield time.perf_counter() - begun
        time.sleep(0.02)
    connection.close()


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0


def timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def bare(rows: list[Row], folder: Path, url: str) -> float:
    """Seconds of the plain way."""
    return timed(lambda: _copied(rows, url)) if url else timed(lambda: _inserted(rows, folder / "bare.sqlite3"))


def _inserted(rows: list[Row], path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(TABLE + " WITHOUT ROWID")
    connection.execute("BEGIN")
    many = "INSERT INTO bare VALUES " + ", ".join(["(?, ?, ?, ?, ?)"] * BATCH) + UPSERT
    for start in range(0, len(rows) - len(rows) % BATCH, BATCH):
        connection.execute(many, [value for row in rows[start : start + BATCH] for value in row])
    connection.execute("COMMIT")
    connection.close()


def _copied(rows: list[Row], url: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(TABLE)
        connection.execute("CREATE TEMPORARY TABLE stage (LIKE bare)")
        with connection.cursor().copy("COPY stage FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute("INSERT INTO bare SELECT * FROM stage" + UPSERT)


def show(report: dict[str, Any], engine: str) -> None:
    print(f"{engine}, load {report['load'][0]:.1f}, {report['machine']}")
    for kind in ("accounts", "usage"):
        one = report[kind]
        print(
            f"{kind}: {one['rows']} rows in {one['seconds']} s ({one['rate']} a second, CPU {one['cpu']} s),"
            f" {one['peak_megabytes']} MB (goal 200), longest lock {one['longest_lock']} s (goal 1),"
            f" p95 of the list {one['p95_idle']} ms idle, {one['p95_meanwhile']} ms meanwhile (goal: twice)"
        )
    print(f"bare {report['bare_rate']} rows a second, Haark {report['over_bare']} of it (goal {GOALS[engine]})")


if __name__ == "__main__":
    main()
