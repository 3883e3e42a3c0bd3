"""The portfolio's pages beside the floor: raw sqlite3 and joined strings under the same server, without any feature.

Run by `bin/bench portfolio [ACCOUNTS] [--postgres] [--rounds N]` (100 000 accounts by default). The portfolio, with
90 days of usage and scores, is loaded once under var/bench and kept. Both servers run one worker of four threads;
bursts of a second alternate between them over one kept-alive connection each, logged in. The same pages of 1 000
accounts show whether anything grows with the portfolio. JSON under var/bench. Ratios count, milliseconds do not.
"""

import argparse
import gzip
import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.bench import floor
from tests.support import postgres
from tests.support.people import PASSWORD, Visitor
from tests.support.statements import counted

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var/bench"
TODAY, DAYS, SMALL = "2026-11-12", 90, 1_000
NEXT = re.compile(r'rel="next" href="([^"]+)"')
GOALS = {"list": 8, "search": 5, "account": 10}
# One account in a hundred in either portfolio.
FLOOR_SEARCH, OUR_SEARCH = "/?q=falcon+m", "/portfolio?q=groupe+yonne"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("accounts", nargs="?", type=int, default=100_000)
    options.add_argument("--postgres", action="store_true")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    engine = "postgresql" if chosen.postgres else "sqlite"
    report: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip(),
        "load": os.getloadavg(),
        "engine": engine,
        "accounts": chosen.accounts,
    }
    with database(chosen.postgres, chosen.accounts) as large, database(chosen.postgres, SMALL) as small:
        described, cookie = look(large, chosen.accounts)
        _, small_cookie = look(small, SMALL)
        with floor_server(chosen.accounts) as bare, our_server(large) as ours, our_server(small) as few:
            report["pages"] = measure(bare, ours, few, cookie, small_cookie, described, chosen.rounds)
            report["after_a_write"] = after_writes(ours, cookie, large, described["account"]["url"])
    report["load_after"] = os.getloadavg()
    show(report)
    (KEPT / f"portfolio-{engine}.json").write_text(json.dumps(report, indent=2), encoding="utf-8")


def surroundings(folder: Path, url: str) -> dict[str, str]:
    settings = {"HAARK_DATA": str(folder), "HAARK_TODAY": TODAY, "PYTHONPATH": str(ROOT), "DATABASE_URL": url}
    # `bin/haark` and gunicorn sign with the same key also where a database is named.
    return {**os.environ, **settings, "SECRET_KEY": "of the bench only", "HAARK_JOBS": "inline"}


Database = tuple[Path, str]  # its folder, its address ('' for SQLite in the folder)


@contextmanager
def database(on_postgres: bool, accounts: int) -> Iterator[Database]:
    """The loaded portfolio; made when it is not there yet."""
    name = f"portfolio-{'pg-' if on_postgres else ''}{accounts}"
    folder = KEPT / name
    if not on_postgres:
        if not folder.exists():
            fill(folder, "", accounts)
        yield folder, ""
        return
    cluster = Path(f"/tmp/haark-{name}")
    fresh = not (folder.exists() and (cluster / "data").exists())  # loaded to the end
    if fresh:
        shutil.rmtree(cluster, ignore_errors=True)
        cluster.mkdir()
        postgres._start(cluster)
    else:
        resume(cluster)
    address = f"postgresql+psycopg://haark@/haark?host={cluster}"
    try:
        if fresh:
            subprocess.run(
                ["psql", "-h", str(cluster), "-U", "haark", "postgres", "-qc", "CREATE DATABASE haark"], check=True
            )
            fill(folder, address, accounts)
        yield folder, address
    finally:
        pg_ctl = postgres.binary("pg_ctl")
        assert pg_ctl
        postgres._run(cluster, pg_ctl, "-D", str(cluster / "data"), "-m", "fast", "-w", "stop")


def resume(cluster: Path) -> None:
    options = f"-c listen_addresses='' -k {cluster} " + " ".join(f"-c {one}" for one in postgres.QUICK)
    pg_ctl = postgres.binary("pg_ctl")
    assert pg_ctl
    postgres._run(
        cluster, pg_ctl, "-D", str(cluster / "data"), "-w", "-l", str(cluster / "log"), "-o", options, "start"
    )


def fill(folder: Path, url: str, accounts: int) -> None:
    half = folder.with_suffix(".part")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    for command in (["load", str(accounts), "--days", str(DAYS)], ["score"]):
        subprocess.run([str(ROOT / "bin/haark"), *command], env=surroundings(half, url), check=True)
    shutil.rmtree(folder, ignore_errors=True)
    half.rename(folder)


def look(where: Database, accounts: int) -> tuple[dict[str, dict[str, Any]], str]:
    """Each page once in this process, for its statements and bytes; and a cookie of somebody logged in."""
    os.environ.update(surroundings(*where))
    from haark import create_app
    from haark.extensions import db
    from haark.people import domain
    from haark.people.models import User
    from haark.storage import upgrade

    app = create_app()
    with app.app_context():
        upgrade()
        if db.session.scalar(db.select(User.id).where(User.email == "csm@demo.haark.test")) is None:
            user = db.session.scalar(db.select(User).where(User.email == "csm1@load.haark.test"))
            assert user is not None
            user.email, user.password_hash = "csm@demo.haark.test", domain.hash_password(PASSWORD)
            db.session.commit()
        connection = db.session.connection()
        connection.exec_driver_sql("ANALYZE")
        db.session.commit()
    visitor = Visitor(app).login("csm")
    first = visitor.get("/portfolio").text
    following = NEXT.search(first)
    assert following
    pages = {
        "list": "/portfolio",
        "second page": following[1].replace("&amp;", "&"),
        "filtered": "/portfolio?health=red",
        "my accounts": "/portfolio?owner=me",
        "search": OUR_SEARCH,
        "account": f"/accounts/{accounts // 2}",
    }
    found: dict[str, dict[str, Any]] = {}
    for name, url in pages.items():
        with counted(app) as new:
            visitor.get(url)
        with counted(app) as again:
            body = visitor.get(url).data
        found[name] = {
            "url": url,
            "statements": sum(not one.startswith("BEGIN") for one in new),
            "statements_again": sum(not one.startswith("BEGIN") for one in again),
            "bytes": len(body),
            "packed": len(gzip.compress(body, 5)),
        }
    cookie = visitor.client.get_cookie("haark")
    assert cookie
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return found, f"haark={cookie.value}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(module: str, environment: dict[str, str], folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "1", "-k", "gthread", "--threads", "4", "--keep-alive", "60"]
    command += ["-b", f"127.0.0.1:{port}", "--chdir", str(folder), "--log-level", "warning", module]
    running = subprocess.Popen(command, env=environment)
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


@contextmanager
def floor_server(accounts: int) -> Iterator[str]:
    path = KEPT / f"floor-{accounts}.db"
    if not path.exists():
        half = path.with_suffix(".part")
        half.unlink(missing_ok=True)
        floor.build(accounts, str(half))
        with closing(sqlite3.connect(half)) as database:  # its log would keep the old name
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        half.rename(path)
    with server("floor:app", {**os.environ, "FLOOR_DB": str(path)}, ROOT / "tests/bench") as address:
        yield address


@contextmanager
def our_server(where: Database) -> Iterator[str]:
    with server("wsgi:app", surroundings(*where), ROOT) as address:
        yield address


def measure(
    bare: str,
    ours: str,
    few: str,
    cookie: str,
    small_cookie: str,
    described: dict[str, dict[str, Any]],
    rounds: int,
) -> dict[str, dict[str, Any]]:
    """Bursts of the floor, of Haark and of Haark with a thousand accounts, in turn."""
    plain = {"list": "/", "second page": "/", "filtered": "/?health=0", "my accounts": "/?owner=3", "account": "/a/50"}
    plain["search"] = FLOOR_SEARCH
    found = {}
    for name, page in described.items():
        small = (
            page["url"]
            if name not in ("account", "second page")
            else {"account": "/accounts/500"}.get(name, "/portfolio")
        )
        turns = {
            "floor": (bare + plain[name], ""),
            "haark": (ours + page["url"], cookie),
            "small": (few + small, small_cookie),
        }
        samples: dict[str, list[float]] = {who: [] for who in turns}
        for url, held in turns.values():
            floor.burst(url, 0.5, {"Cookie": held})
        for _ in range(rounds):
            for who, (url, held) in turns.items():
                samples[who].append(statistics.median(floor.burst(url, 1.0, {"Cookie": held})))
        p50 = {who: statistics.median(times) for who, times in samples.items()}
        ratio = statistics.median(h / f for h, f in zip(samples["haark"], samples["floor"], strict=True))
        flat = statistics.median(h / s for h, s in zip(samples["haark"], samples["small"], strict=True))
        found[name] = {**page, "p50": p50, "over_floor": round(ratio, 2), "over_small": round(flat, 2)}
    return found


def after_writes(ours: str, cookie: str, where: Database, account: str) -> dict[str, float]:
    """Milliseconds of pages when something of the portfolio was written just before: nothing remembered serves."""
    import sqlalchemy as sa

    engine = sa.create_engine(where[1] or f"sqlite:///{where[0] / 'haark.sqlite3'}")
    touch = sa.text("UPDATE account_card SET name = name WHERE account_id = 1")
    touch_it = sa.text(f"UPDATE account_card SET name = name WHERE account_id = {int(account.rpartition('/')[2])}")
    host = ours.removeprefix("http://")
    found = {}
    pages = (
        ("list", "/portfolio"),
        ("filtered", "/portfolio?health=red"),
        ("search", OUR_SEARCH),
        ("account", account),
    )
    for name, url in pages:
        times = []
        link = http.client.HTTPConnection(host, timeout=60)
        for _ in range(25):
            with engine.begin() as connection:
                connection.execute(touch_it if name == "account" else touch)
            began = time.perf_counter()
            link.request("GET", url, headers={"Cookie": cookie})
            link.getresponse().read()
            times.append((time.perf_counter() - began) * 1000)
        found[name] = round(statistics.median(times), 2)
    engine.dispose()
    return found


def show(report: dict[str, Any]) -> None:
    print(f"{report['accounts']} accounts on {report['engine']}, load {report['load'][0]:.1f}, {report['machine']}")
    print(
        f"{'page':<14}{'floor ms':>9}{'haark ms':>9}{'ratio':>7}{'goal':>6}{'of 1000':>9}"
        f"{'SQL':>8}{'bytes':>9}{'gzip':>8}"
    )
    for name, page in report["pages"].items():
        asked = f"{page['statements']}/{page['statements_again']}"
        print(
            f"{name:<14}{page['p50']['floor']:>9.2f}{page['p50']['haark']:>9.2f}{page['over_floor']:>7.1f}"
            f"{GOALS.get(name, ''):>6}{page['over_small']:>9.2f}{asked:>8}{page['bytes']:>9}{page['packed']:>8}"
        )
    print("after a write, ms:", ", ".join(f"{name} {spent}" for name, spent in report["after_a_write"].items()))


if __name__ == "__main__":
    main()
