"""A throw-away PostgreSQL cluster for the tests: no sync, on a Unix socket, gone afterwards."""

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


@contextmanager
def cluster() -> Iterator[str]:
    """Yields `postgresql+psycopg://…/{name}` with a place for the database's name."""
    folder = Path(tempfile.mkdtemp(prefix="haark-pg-", dir=memory.folder()))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, initdb, pg_ctl = folder / "data", binary("initdb"), binary("pg_ctl")
    assert initdb and pg_ctl
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": folder}
    subprocess.run(
        _as_server(
            initdb, "-D", str(data), "-U", "haark", "--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        ),
        **quiet,
    )
    quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
    options = f"-c listen_addresses='' -k {folder} {quick}"
    subprocess.run(
        _as_server(pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"), **quiet
    )
    try:
        yield "postgresql+psycopg://haark@/{name}?host=" + str(folder)
    finally:
        subprocess.run(_as_server(pg_ctl, "-D", str(data), "-m", "immediate", "stop"), **quiet)
        shutil.rmtree(folder, ignore_errors=True)
