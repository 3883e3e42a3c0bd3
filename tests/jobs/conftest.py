"""A yard with a real queue server, and real workers and sweepers that can be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import create_app
from haark.events.models import Event
from haark.extensions import db
from haark.jobs import bell, domain
from haark.jobs.models import Job
from haark.jobs.valkey import Embedded
from haark.storage import upgrade
from tests.jobs import kinds
from tests.support import databases
from tests.support.patience import until

ROOT = Path(__file__).resolve().parents[2]
QUICK = {"HAARK_LEASE": "1.5", "HAARK_SWEEP": "0.1", "HAARK_RING_AGAIN": "0.5"}


class Yard:
    """One data directory; `app` is the web's side of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.embedded = Embedded(folder)
        self.server: subprocess.Popen[bytes] | None = None
        self.pids: list[int] = []
        settings = databases.settings(f"sqlite:///{folder / 'haark.sqlite3'}", folder)
        self.app: Flask = create_app({**settings, "HAARK_JOBS": "queue", "REDIS_URL": ""})
        with self.app.app_context():
            upgrade()
        self.start_server()
        environ = {**os.environ, **QUICK, "HAARK_DATA": str(folder), "PYTHONPATH": str(ROOT), "HAARK_JOBS": "queue"}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environ.pop(name, None)
        self.stand = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.stand", str(folder)],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "up"

    def start_server(self) -> None:
        self.embedded.prepare()
        with (self.folder / "valkey.log").open("ab") as log:
            self.server = subprocess.Popen(self.embedded.command(), stdout=log, stderr=log)
        until(self.embedded.answers, what="the queue server answers")
        bell._deaf_until = 0.0

    def stop_server(self) -> None:
        assert self.server is not None
        self.server.terminate()
        self.server.wait(5)

    def _answer(self) -> str:
        assert self.stand.stdout is not None
        return self.stand.stdout.readline().strip()

    def _fork(self, what: str) -> int:
        assert self.stand.stdin is not None
        self.stand.stdin.write(f"{what}\n")
        self.stand.stdin.flush()
        self.pids.append(int(self._answer()))
        return self.pids[-1]

    def worker(self, queue: str = "default") -> int:
        return self._fork(f"worker {queue}")

    def sweeper(self) -> int:
        return self._fork("sweeper")

    def rest(self) -> None:
        """Ends every worker and sweeper, forgets every job."""
        for pid in self.pids:
            _kill(pid)
        for pid in self.pids:
            until(lambda pid=pid: not _alive(pid), what=f"{pid} is gone")
        self.pids.clear()
        if not self.embedded.answers():
            self.start_server()
        with self.app.app_context():
            bell.connection().flushall()
            db.session.execute(sa.delete(Job))
            db.session.execute(sa.delete(Event))
            db.session.commit()
        for leftover in [*self.folder.glob("*.began"), *self.folder.glob("go")]:
            leftover.unlink()

    def close(self) -> None:
        self.rest()
        assert self.stand.stdin is not None
        self.stand.stdin.close()
        self.stand.wait(5)
        self.stop_server()
        databases.close(self.app)

    def ask(self, kind: str, **options: Any) -> int:
        """Asks for a job of a test kind, as a request would, and returns its id."""
        with self.app.app_context():
            job = domain.enqueue(f"test.{kind}", **options)
            db.session.commit()
            return job.id

    def job(self, job_id: int) -> Job:
        with self.app.app_context():
            _read_only()
            found = db.session.get(Job, job_id)
            assert found is not None
            return found

    def until_state(self, job_id: int, state: str, seconds: float = 10.0) -> Job:
        until(lambda: self.job(job_id).state == state, seconds, f"job {job_id} is {state}")
        return self.job(job_id)

    def noted(self) -> list[str]:
        """The texts that jobs left in the database, in order."""
        with self.app.app_context():
            _read_only()
            rows = db.session.scalars(sa.select(Event.data).where(Event.kind == "test.noted").order_by(Event.id))
            return [row["text"] for row in rows]

    def began(self, name: str) -> list[int]:
        """The processes in which the waiting job of that name began."""
        path = self.folder / f"{name}.began"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def go(self) -> None:
        (self.folder / "go").touch()


def _read_only() -> None:
    # A test that looks every 20 ms must not take the write lock each time.
    db.session.connection(execution_options={"readonly": True})


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _kill(pid: int) -> None:
    if _alive(pid):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def _yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    before = {name: os.environ.get(name) for name in QUICK}
    known = dict(kinds.schedule.KINDS)
    os.environ.update(QUICK)
    kinds.register()
    yard = Yard(tmp_path_factory.mktemp("yard"))
    yield yard
    yard.close()
    for name, value in before.items():
        if value is None:
            os.environ.pop(name)
        else:
            os.environ[name] = value
    kinds.schedule.KINDS.clear()
    kinds.schedule.KINDS.update(known)


@pytest.fixture
def yard(_yard: Yard) -> Iterator[Yard]:
    yield _yard
    _yard.rest()


@pytest.fixture
def test_kinds() -> Iterator[None]:
    """The test kinds, known for one test."""
    known = dict(kinds.schedule.KINDS)
    kinds.register()
    yield
    kinds.schedule.KINDS.clear()
    kinds.schedule.KINDS.update(known)
