"""No process of Haark outlives the one that started it, however that one ended."""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals, parent: int | None = None) -> None:
    """From now on this process gets `number` when its parent dies. Call it right after the fork.

    `parent`: the process id that the parent had; when it is gone already, the signal comes at once. On Linux the kernel
    does it and a program executed afterwards keeps it; elsewhere a thread looks every second.
    """
    expected = os.getppid() if parent is None else parent
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(number, expected), name="parent", daemon=True).start()
    if os.getppid() != expected:
        os.kill(os.getpid(), number)


def _watch(number: signal.Signals, expected: int) -> None:
    while os.getppid() == expected:
        time.sleep(1)
    os.kill(os.getpid(), number)


def call_myself(name: str) -> None:
    """The short name that `ps` and `top` show for this process (15 bytes; Linux only)."""
    if _libc is not None:
        _libc.prctl(PR_SET_NAME, name.encode()[:15], 0, 0, 0)
