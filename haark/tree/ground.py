"""The ground of the tree: one supervisor for a data directory, nothing left of the one before, one port."""

import fcntl
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import IO


class Occupied(Exception):
    """Haark cannot start here; the text is the sentence to show."""


class Ground:
    """What one supervisor holds for as long as it lives. Making it raises Occupied."""

    def __init__(self, data: Path, host: str, port: int) -> None:
        self.folder = data / "run"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = self._take_lock()
        self._roll = self.folder / "children.json"
        self._end_survivors()
        self.listener = _listen(host, port)

    def _take_lock(self) -> IO[str]:
        handle = (self.folder / "supervisor.lock").open("a+", encoding="ascii")
        try:
            # The kernel lets go of it when this process ends, however it ends. Not flock, which forks would inherit.
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            owner = handle.read().strip() or "?"
            raise Occupied(
                f"Haark is already running with this data directory ({self.folder.parent}, process {owner}). "
                "Stop it first, or set HAARK_DATA to another directory."
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        return handle

    def write_roll(self, pids: list[int]) -> None:
        """Notes who is alive, so that a next start can end them when this process is killed without warning."""
        self._roll.write_text(json.dumps([[pid, started(pid)] for pid in pids]), encoding="ascii")

    def _end_survivors(self) -> None:
        # Most are gone by themselves (haark/jobs/parent.py); this waits for the rest.
        alive = [pid for pid, since in _read(self._roll) if since and started(pid) == since]
        for number, patience in ((signal.SIGTERM, 1.5), (signal.SIGKILL, 2.0)):
            for pid in alive:
                _signal_group(pid, number)
            until = time.monotonic() + patience
            while alive and time.monotonic() < until:
                time.sleep(0.02)
                alive = [pid for pid in alive if started(pid)]
        self._roll.unlink(missing_ok=True)

    def close(self) -> None:
        self.listener.close()
        self._roll.unlink(missing_ok=True)
        self._lock.close()


def _read(roll: Path) -> list[tuple[int, str]]:
    try:
        return [(int(pid), str(since)) for pid, since in json.loads(roll.read_text(encoding="ascii"))]
    except (OSError, ValueError, TypeError):
        return []


def started(pid: int) -> str:
    """When a process started, in the system's own words: a number used again is not taken for it. `` when gone."""
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        # The name in parentheses may contain spaces; state is the first field after it, the start time the twentieth.
        fields = stat.rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    with os.popen(f"ps -o lstart= -p {int(pid)}") as output:  # noqa: S605  # a number, and macOS has no /proc
        return output.read().strip()


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise Occupied(
            f"Port {port} on {host} cannot be used ({reason}). Stop what uses it, or choose another one: "
            f"PORT={port + 1} bin/run"
        ) from None
    return listener
