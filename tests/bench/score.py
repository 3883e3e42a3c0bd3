"""Scoring: one bare SQL statement beside Haark's full run, an incremental one and a single account.

Run by `bin/bench score [ACCOUNTS] [--days N]` (20 000 and 90 by default). The portfolio is loaded once under
var/bench and copied for each run. JSON under var/bench/score.json.
"""

import argparse
import json
import multiprocessing
import os
import platform
import shutil
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

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 11, 12)
COMPARED = 30
CHANGED = 50  # one account in so many gets new rows before the incremental run
SINGLES = 15
GOALS = {"full_over_bare": 5.0, "incremental_over_full": 0.2, "peak_megabytes": 400, "lock": 1.0, "one_account": 0.2}
# What any score needs at least: two windows of use and the last day of it, for everybody.
BARE = """SELECT account_id, sum(CASE WHEN day BETWEEN :now AND :last THEN active_users ELSE 0 END),
    sum(CASE WHEN day BETWEEN :before AND :middle THEN active_users ELSE 0 END),
    max(CASE WHEN active_users > 0 THEN day END)
    FROM usage_day WHERE day BETWEEN :first AND :last GROUP BY account_id"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("accounts", nargs="?", type=int, default=20_000)
    options.add_argument("--days", type=int, default=90)
    options.add_argument("--child", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        print(json.dumps(measure(Path(chosen.child), chosen.accounts)))
        return
    kept = loaded(chosen.accounts, chosen.days)
    with tempfile.TemporaryDirectory(prefix="haark-bench-") as folder:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        command = [sys.executable, __file__, str(chosen.accounts), "--child", folder]
        environment = {**os.environ, **surroundings(Path(folder))}
        plain = [bare(Path(folder))]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        plain.append(bare(Path(folder)))
    found = json.loads(done.stdout.splitlines()[-1])
    for kind in ("wall", "cpu"):
        found[f"full_over_bare_{kind}"] = round(found["full"][kind] / statistics.mean(one[kind] for one in plain), 2)
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip(),
        "load": os.getloadavg(),
        "accounts": chosen.accounts,
        "days": chosen.days,
        "bare": plain,
        **found,
    }
    show(report)
    target = ROOT / "var/bench/score.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2), encoding="utf-8")


def surroundings(folder: Path) -> dict[str, str]:
    return {"HAARK_DATA": str(folder), "HAARK_TODAY": ON.isoformat(), "PYTHONPATH": str(ROOT), "DATABASE_URL": ""}


def loaded(accounts: int, days: int) -> Path:
    """The folder of a portfolio of that size; made when it is not there yet."""
    folder = ROOT / f"var/bench/score-{accounts}-{days}"
    if not folder.exists():
        half = folder.with_suffix(".part")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        command = [str(ROOT / "bin/haark"), "load", str(accounts), "--days", str(days)]
        subprocess.run(command, env={**os.environ, **surroundings(half)}, check=True)
        half.rename(folder)
    return folder


def measure(folder: Path, accounts: int) -> dict[str, Any]:
    """Everything in one fresh process, so that its peak of memory is that of scoring."""
    from haark import create_app
    from haark.extensions import db
    from haark.health import domain
    from haark.measures.models import UsageDay
    from haark.storage import upgrade

    def commit(_total: int = 0) -> None:
        db.session.commit()

    found: dict[str, Any] = {}
    app = create_app()
    with app.app_context(), memory() as megabytes:
        upgrade()  # the folder may be of an earlier version
        for back in (COMPARED, 1):  # a night like any other: yesterday was scored, and 30 days ago
            domain.score_everybody(on=ON - timedelta(back), step=commit)
        with locks(db.engine) as held:
            found["full"] = timed(lambda: domain.score_everybody(on=ON, step=commit))
        found["longest_lock"] = round(held.value, 3)
        changed = list(range(1, accounts + 1, CHANGED))
        for ident in changed:
            row = {"active_users": 1 + ident % 7, "events": 10, "logins": 2}
            db.session.execute(
                db.update(UsageDay).where(UsageDay.account_id == ident, UsageDay.day == ON - timedelta(1)).values(row)
            )
        commit()
        found["incremental"] = timed(lambda: domain.score_accounts(changed, on=ON, step=commit))
        before = kept(folder)
        found["unchanged"] = timed(lambda: domain.score_everybody(on=ON, step=commit))
        found["equal"] = kept(folder) == before
        found["changed_accounts"] = len(changed)
        found["one_account"] = round(statistics.median(one(domain, commit, ident) for ident in changed[:SINGLES]), 4)
    found["peak_megabytes"] = round(max(megabytes), 1)
    found["incremental_over_full"] = round(found["incremental"]["cpu"] / found["full"]["cpu"], 3)
    return found


def one(domain: Any, commit: Callable[[], None], ident: int) -> float:
    """Seconds to score one account after one of its rows changed."""
    from haark.extensions import db
    from haark.measures.models import UsageDay

    db.session.execute(
        db.update(UsageDay).where(UsageDay.account_id == ident, UsageDay.day == ON - timedelta(2)).values(events=1)
    )
    commit()
    started = time.perf_counter()
    domain.score_accounts([ident], on=ON)
    commit()
    return time.perf_counter() - started


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds by the clock and of the processors, the ended lanes' included."""

    def spent() -> float:
        return sum(os.times()[:4])

    wall, cpu = time.perf_counter(), spent()
    work()
    return {"wall": round(time.perf_counter() - wall, 3), "cpu": round(spent() - cpu, 3)}


@contextmanager
def memory() -> Iterator[list[float]]:
    """Proportional megabytes of this process and its lanes together, every half second."""
    found, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            here = os.getpid()
            lanes = Path(f"/proc/self/task/{here}/children").read_text(encoding="ascii").split()
            found.append(sum(proportional(pid) for pid in (str(here), *lanes)))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield found
    over.set()
    thread.join()


def proportional(pid: str) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has just ended
        return 0.0
    return int(text.split("Pss:")[1].split()[0]) / 1024


def bare(folder: Path) -> dict[str, float]:
    """The statement through the plain driver, with the settings that Haark gives its connections."""
    connection = sqlite3.connect(folder / "haark.sqlite3")
    connection.execute("PRAGMA cache_size=-32768")
    connection.execute("PRAGMA mmap_size=134217728")
    days = {"first": 90, "before": 60, "middle": 31, "now": 30, "last": 1}
    bound = {name: (ON - timedelta(back)).isoformat() for name, back in days.items()}
    spent = timed(lambda: sum(1 for _ in connection.execute(BARE, bound)))
    connection.close()
    return spent


def kept(folder: Path) -> str:
    """A digest of every score of the day."""
    connection = sqlite3.connect(folder / "haark.sqlite3")
    rows = connection.execute(
        "SELECT account_id, score, confidence, churn FROM health_snapshot WHERE day = ?", [ON.isoformat()]
    )
    text = repr(rows.fetchall())
    connection.close()
    return text


@contextmanager
def locks(engine: Any) -> Iterator[Any]:
    """The longest writing transaction, in seconds; the lanes know it too."""
    from sqlalchemy import event

    begun: dict[int, float] = {}
    held: Any = multiprocessing.Value("d", 0.0)

    def begin(connection: Any) -> None:
        if not connection.get_execution_options().get("readonly", False):
            begun[id(connection)] = time.perf_counter()

    def end(connection: Any) -> None:
        if (started := begun.pop(id(connection), None)) is not None:
            with held.get_lock():
                held.value = max(held.value, time.perf_counter() - started)

    event.listen(engine, "begin", begin)
    for name in ("commit", "rollback"):
        event.listen(engine, name, end)
    yield held
    event.remove(engine, "begin", begin)
    for name in ("commit", "rollback"):
        event.remove(engine, name, end)


def show(report: dict[str, Any]) -> None:
    print(f"{report['accounts']} accounts, {report['days']} days, load {report['load'][0]:.1f}, {report['machine']}")
    print(f"{'what':<34} {'wall s':>8} {'cpu s':>8}")
    for name in ("bare", "full", "incremental", "unchanged"):
        for spent in report[name] if isinstance(report[name], list) else [report[name]]:
            print(f"{name:<34} {spent['wall']:>8.2f} {spent['cpu']:>8.2f}")
    rows = (
        ("full over bare, wall", report["full_over_bare_wall"], f"at most {GOALS['full_over_bare']}"),
        ("full over bare, cpu", report["full_over_bare_cpu"], "on one core"),
        (f"incremental ({report['changed_accounts']}) over full", report["incremental_over_full"], "at most 0.2"),
        ("scores equal to a full run's", report["equal"], "True"),
        ("peak megabytes", report["peak_megabytes"], "under 400"),
        ("longest write lock, s", report["longest_lock"], "under 1"),
        ("one account, s", report["one_account"], "under 0.2"),
    )
    for name, value, goal in rows:
        print(f"{name:<34} {value!s:>8}  {goal}")


if __name__ == "__main__":
    main()
