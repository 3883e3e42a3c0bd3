"""A throw-away PostgreSQL cluster for the tests: no sync, on a Unix socket, gone afterwards."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import memory

DEBIAN = Path("/usr/lib/postgresql")


def binary(name: str) -> str | None:
    """A server program, on the PATH or where Debian keeps it."""
    return shutil.which(name) or next((str(path) for path in sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)), None)


def available() -> bool:
    return bool(binary("initdb") and binary("pg_ctl"))


def _as_server(*command: str) -> list[str]:
    # PostgreSQL refuses to run as root.
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


# Nothing waits for a disk, nothing tidies up behind the tests' back, no query is worth compiling.
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "checkpoint_timeout=1h",
    "autovacuum=off",
    "jit=off",
    "dynamic_shared_memory_type=mmap",  # in the folder that is removed in the end
    "max_connections=100",
)


def _start(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    initdb, pg_ctl = binary("initdb"), binary("pg_ctl")
    assert initdb and pg_ctl
    data, alone = str(folder / "data"), ("--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    _run(folder, initdb, "-D", data, "-U", "haark", *alone)
    options = f"-c listen_addresses='' -k {folder} " + " ".join(f"-c {one}" for one in QUICK)
    _run(folder, pg_ctl, "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")


def _stop(folder: Path) -> None:
    pg_ctl = binary("pg_ctl")
    assert pg_ctl
    _run(folder, pg_ctl, "-D", str(folder / "data"), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, *command: str) -> None:
    subprocess.run(_as_server(*command), stdout=subprocess.DEVNULL, check=True, cwd=folder)


@contextmanager
def cluster(meeting: Path) -> Iterator[str]:
    """Yields `postgresql+psycopg://…/{name}` with a place for the database's name.

    One cluster for all processes of a run, which meet in the folder `meeting`: who comes first starts it, who leaves
    last stops it.
    """
    with locked(meeting / "postgres.lock"):
        users = _users(meeting)
        if not users:
            folder = Path(tempfile.mkdtemp(prefix="haark-pg-", dir=memory.folder()))
            _start(folder)
            (meeting / "postgres.folder").write_text(str(folder))
        (meeting / "postgres.users").write_text(str(users + 1))
    folder = Path((meeting / "postgres.folder").read_text())
    try:
        yield "postgresql+psycopg://haark@/{name}?host=" + str(folder)
    finally:
        with locked(meeting / "postgres.lock"):
            users = _users(meeting) - 1
            (meeting / "postgres.users").write_text(str(users))
            if not users:
                _stop(folder)


def _users(meeting: Path) -> int:
    file = meeting / "postgres.users"
    return int(file.read_text()) if file.exists() else 0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time, the others wait."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
