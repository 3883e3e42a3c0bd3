"""A process that forks workers and sweepers on demand: `worker QUEUE` or `sweeper` on stdin answers a process id.

The tests kill what it forked; it reaps the dead, so that nobody takes them for alive.
"""

import signal
import sys
from pathlib import Path

from haark import create_app
from haark.jobs import sweeper, worker
from haark.tree.child import Child
from tests.jobs import kinds


def main(folder: Path) -> None:
    kinds.register()
    app = create_app()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("up", flush=True)
    for line in sys.stdin:
        what, _, queue = line.strip().partition(" ")
        if what == "worker":
            child = Child(what, lambda queue=queue: worker.work(app, queue, alone=True), folder / "worker.log")
        else:
            child = Child(what, lambda: sweeper.run(app), folder / "sweeper.log")
        child.start()
        print(child.pid, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
