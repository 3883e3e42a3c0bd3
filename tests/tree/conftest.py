"""Haark as `bin/run` starts it, in a data directory of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from haark import clock
from haark.extensions import db
from haark.jobs import domain
from haark.jobs.models import Job
from haark.settings import domain as settings
from tests.support.patience import until

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"^Haark is ready at http://([\d.]+):(\d+)$", re.M)


class Tree:
    """One start of the supervisor; its output goes to a file, as a terminal that nobody reads."""

    def __init__(self, data: Path, *options: str, port: int = 0) -> None:
        self.data = data
        self.output = data.parent / f"{len(list(data.parent.glob('*.out')))}.out"
        environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        environ |= {"HAARK_DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        self.begun = time.monotonic()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "haark.supervisor", *options],
                cwd=data.parent,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def ready(self, seconds: float = 60.0) -> "Tree":
        def found() -> bool:
            assert self.process.poll() is None, self.said()
            return bool(READY.search(self.said()))

        until(found, seconds, "Haark is ready")
        return self

    @property
    def port(self) -> int:
        match = READY.search(self.said())
        assert match is not None
        return int(match[2])

    def get(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> float:
        """SIGTERM; returns the seconds until it was gone."""
        begun = time.monotonic()
        self.signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - begun

    def processes(self) -> dict[int, str]:
        """Every living process of this data directory, by the environment that it started with."""
        return family_of(self.data)


def after_the_night(app: Flask) -> None:
    """The day's own jobs are asked for and done: a start does nothing but what the test is about."""
    with app.app_context():
        domain.fire_timetable(clock.moment(), str(settings.get("organisation.timezone")))
        db.session.execute(db.update(Job).values(state="done"))
        db.session.commit()


def family_of(data: Path) -> dict[int, str]:
    mark = f"HAARK_DATA={data}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "comm").read_text().strip()
        except OSError:
            continue  # gone meanwhile, or somebody else's
    return found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def _nothing_stays(tmp_path: Path) -> Iterator[None]:
    """Whatever still runs after a test that failed is killed."""
    yield
    for pid in [*family_of(tmp_path), *family_of(tmp_path / "data")]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
