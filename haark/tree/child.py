"""One child of the supervisor: a function run in a fork, or a program, in a session of its own."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from haark.jobs.parent import call_myself, die_with_parent

# Seconds until a child that ended is started again: at once the first time, then slower and slower.
BACK_OFF = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
# A child that lived so long is well: the next end is a first one again.
WELL_AFTER = 20.0
LOG_LIMIT = 5 * 2**20


class Child:
    """`body` never returns to the caller: its end is the end of the child."""

    def __init__(self, name: str, body: Callable[[], None], log: Path) -> None:
        self.name, self.body, self.log = name, body, log
        self.pid = 0
        self.failures = 0
        self.born = 0.0
        self.due = 0.0

    def start(self) -> None:
        """Forks. The child's output goes to its log; Ctrl-C in the terminal reaches only the supervisor."""
        _rotate(self.log)
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self.born = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            self._live(parent)

    def _live(self, parent: int) -> None:
        status = 1
        try:
            os.setsid()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            die_with_parent(signal.SIGTERM, parent)
            call_myself(f"haark-{self.name}")
            self._redirect()
            logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", force=True)
            for chatty in ("weasyprint", "fontTools"):
                logging.getLogger(chatty).setLevel(logging.WARNING)
            self.body()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1 if end.code else 0
        except BaseException:  # the last line of a process: everything goes to its log
            logging.getLogger(__name__).exception("%s ended", self.name)
        finally:
            # Not sys.exit: the supervisor's own clean-up must not run here.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _redirect(self) -> None:
        target = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(target, 1)
        os.dup2(target, 2)
        os.close(target)
        os.close(nothing)

    def ended(self) -> None:
        """Notes the end and when to start again."""
        well = time.monotonic() - self.born > WELL_AFTER
        self.failures = 1 if well else self.failures + 1
        self.due = time.monotonic() + BACK_OFF[min(self.failures - 1, len(BACK_OFF) - 1)]
        self.pid = 0

    def signal(self, number: signal.Signals, group: bool = False) -> None:
        """To the child, or with `group` to what it forked too."""
        if not self.pid:
            return
        try:
            (os.killpg if group else os.kill)(self.pid, number)
        except ProcessLookupError:
            return


def _rotate(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
