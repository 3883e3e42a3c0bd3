"""Decks queued all at once on the one worker of `bin/run`, both formats each, on the sample: how long, how much memory.

    bin/bench waiting [DECKS]      50 by default (goal: under 60 s); 200 says whether the worker's memory stays flat

Starts Haark in a folder of its own; JSON under var/bench/waiting.json.
"""

import argparse
import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from haark import clock, create_app
from haark.accounts.models import Account
from haark.cadence.rules import PeriodRefused
from haark.extensions import db, reading
from haark.jobs.models import Job
from haark.reviews import domain, exports
from tests.tree.conftest import ROOT, Tree, family_of

GOAL = 60.0
PERIODS = ("2026-Q3", "2026-Q2", "2026-H1", "2026-Q1")
SECTIONS = ("results", "usage", "actions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("decks", nargs="?", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="haark-waiting-") as folder:
        tree = Tree(Path(folder) / "data").ready(180)
        try:
            report = _run(tree, asked.decks)
        finally:
            tree.stop()
    target = ROOT / "var/bench/waiting.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2), encoding="utf-8")
    print(f"{report['decks']} decks in {report['seconds']} s ({report['each']} s each; goal: 50 in under {GOAL:.0f} s)")
    print(
        f"worker, MB after each tenth: {report['worker_megabytes']}; most with its children {report['most_megabytes']}"
    )


def _run(tree: Tree, wanted: int) -> dict[str, Any]:
    app = create_app({"HAARK_DATA": tree.data, "HAARK_JOBS": "queue", **_database(tree.data)})
    with app.app_context():
        reviews = list(islice(_reviews(), wanted))
        begun = time.monotonic()
        ids = [exports.ask(review, exports.FORMATS, by=None).id for review in reviews]
        db.session.commit()
        watch = Watch(tree.data)
        watch.start()
        left = len(ids)
        sizes: list[float] = []
        while left:
            time.sleep(0.2)
            with reading():
                states = db.session.scalars(db.select(Job.state).where(Job.id.in_(ids))).all()
            assert "failed" not in states
            left = sum(state != "done" for state in states)
            if len(ids) - left >= (len(sizes) + 1) * max(len(ids) // 10, 1):
                sizes.append(round(_megabytes(watch.worker), 1))
        seconds = time.monotonic() - begun
        watch.done.set()
        watch.join()
    return {
        "commit": subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip(),
        "load": os.getloadavg(),
        "decks": len(ids),
        "seconds": round(seconds, 1),
        "each": round(seconds / len(ids), 2),
        "goal": GOAL,
        "worker_megabytes": sizes,
        "most_megabytes": round(watch.most, 1),
    }


def _database(data: Path) -> dict[str, str]:
    return {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{data / 'haark.sqlite3'}"}


def _reviews() -> Iterator[Any]:
    """Reviews with their facts, of every account and period of the sample that has something to say."""
    accounts = db.session.scalars(db.select(Account.id).order_by(Account.id)).all()
    for written in PERIODS:
        for account_id in accounts:
            try:
                period = domain.read_period(account_id, written, clock.today())
            except PeriodRefused:
                continue
            review, new = domain.start(account_id, period, SECTIONS, "fr", by=None, at=clock.moment())
            if new:
                domain.fill(review, by=None, at=clock.moment(), on=clock.today())
            db.session.commit()
            yield review


class Watch(threading.Thread):
    """The memory of the decks worker and its children, twenty times a second."""

    def __init__(self, data: Path) -> None:
        super().__init__(daemon=True)
        self.data, self.done, self.most = data, threading.Event(), 0.0
        self.worker = min(pid for pid, name in family_of(data).items() if name == "haark-decks")

    def run(self) -> None:
        while not self.done.wait(0.05):
            pids = [pid for pid, name in family_of(self.data).items() if name == "haark-decks"]
            self.most = max(self.most, sum(_megabytes(pid) for pid in pids))


def _megabytes(pid: int) -> float:
    """Proportional memory (a page shared by two counts half for each), 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
