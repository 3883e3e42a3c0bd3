"""The children of one supervisor: started, watched, stopped."""

import os
import select
import signal
import sys
import time
from types import FrameType

from haark.tree.child import Child
from haark.tree.ground import Ground

# Seconds after the first signal: workers may finish a job; then they are told again; then everything is killed.
POLITE, FIRM, LAST = 2.5, 3.6, 4.4


class Stopped(Exception):
    """SIGINT, SIGTERM or SIGHUP came."""


def say(text: str) -> None:
    """One line for the person at the terminal, who may have closed it."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return


class Family:
    """The queue server is apart: it starts first and stops last. None where REDIS_URL names another."""

    def __init__(self, ground: Ground, queue: Child | None) -> None:
        self.ground, self.queue = ground, queue
        self.children: list[Child] = []
        # Until the children live a signal may interrupt anything; afterwards only the loop acts on it.
        self.interrupt = True
        self.asked = False
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.writing, False)

    @property
    def everyone(self) -> list[Child]:
        return [*([self.queue] if self.queue else []), *self.children]

    def listen(self) -> None:
        """From here on signals are ours: a request to stop, or a child that ended."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self.writing, warn_on_full_buffer=False)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        first, self.asked = not self.asked, True
        if first and self.interrupt:
            raise Stopped

    def start(self, children: list[Child]) -> None:
        for child in children:
            child.start()
        self.ground.write_roll([child.pid for child in self.everyone if child.pid])

    def adopt(self, children: list[Child]) -> None:
        """Starts the children that are to be kept alive from now on."""
        self.interrupt = False
        self.children = children
        self.start(children)

    def watch(self, seconds: float) -> None:
        """One turn: waits for news, notes who ended, starts again whose time has come. Raises Stopped when asked to."""
        now = time.monotonic()
        dues = [child.due - now for child in self.everyone if not child.pid]
        ready, _, _ = select.select([self.reading], [], [], 0 if self.asked else max(0.0, min([seconds, *dues])))
        if ready:
            os.read(self.reading, 512)
        if self.asked:
            raise Stopped
        for child in self._reap():
            child.ended()
            say(f"{child.name} ended unexpectedly and is started again (see {child.log})")
        due = [child for child in self.everyone if not child.pid and child.due <= time.monotonic()]
        if due:
            self.start(due)

    def stop(self) -> None:
        """Everything down within five seconds, the queue server last."""
        self.interrupt, self.asked = False, True
        begun = time.monotonic()
        rounds = ((signal.SIGTERM, POLITE, False), (signal.SIGTERM, FIRM, False), (signal.SIGKILL, LAST, True))
        for number, until, group in rounds:
            for child in self.children:
                child.signal(number, group)
            if self._gone(self.children, begun + until):
                break
        if self.queue:
            self.queue.signal(signal.SIGTERM)
            if not self._gone([self.queue], max(time.monotonic() + 0.2, begun + LAST)):
                self.queue.signal(signal.SIGKILL, group=True)
                self._gone([self.queue], time.monotonic() + 1)
        self.ground.close()

    def _reap(self) -> list[Child]:
        """The children that ended since the last time. What they forked goes with them: their session is their own."""
        ended = [child for child in self.everyone if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]]
        for child in ended:
            child.signal(signal.SIGKILL, group=True)
        return ended

    def _gone(self, children: list[Child], until: float) -> bool:
        while True:
            for child in self._reap():
                child.pid = 0
            if not any(child.pid for child in children):
                return True
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
