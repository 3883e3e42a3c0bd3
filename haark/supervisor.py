"""`bin/run`: everything in one process tree. Queue server, web, four workers and the sweeper.

The application is loaded once, here, and each child is a fork of it: one import instead of seven.
"""

import argparse
import os
import sys
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import config
from haark.tree.child import Child
from haark.tree.family import Family, Stopped, say
from haark.tree.ground import Ground, Occupied

if TYPE_CHECKING:
    from flask import Flask

LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where to reach what listens everywhere


def queue_server(data: Path) -> Child:
    """The embedded queue server of a data directory, ready to start."""
    from haark.jobs.valkey import Embedded

    embedded = Embedded(data)
    embedded.prepare()
    command = embedded.command()
    return Child("valkey", lambda: os.execv(command[0], command), data / "logs" / "valkey.log")


def household(app: "Flask", ground: Ground, logs: Path, alone: bool) -> list[Child]:
    """Web, workers and sweeper. `alone`: nobody else works on these queues, so what is unfinished may be taken back."""
    from haark import schedule
    from haark.jobs import sweeper, worker
    from haark.tree.web import Web

    def working(queue: str) -> Callable[[], None]:
        return lambda: worker.work(app, queue, alone)

    children = [Child("web", lambda: Web(app, ground.listener).run(), logs / "web.log")]
    children += [Child(name, working(name), logs / f"worker-{name}.log") for name in schedule.QUEUES]
    return [*children, Child("sweeper", lambda: sweeper.run(app), logs / "sweeper.log")]


def answers(host: str, port: int) -> bool:
    """Whether pages are served there. A plain connection: no proxy of the environment stands between."""
    connection = HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()


def run(family: Family, data: Path, empty: bool) -> None:
    """Starts everything, says so, and keeps it alive. Raises Stopped when asked to, SystemExit when it cannot start."""
    from haark import create_app
    from haark.tree.prepare import in_a_fork, prepare

    app = create_app()
    lines = in_a_fork(lambda: prepare(app, empty, say))
    if lines is None:
        raise SystemExit(1)
    alone = bool(app.config["HAARK_EMBEDDED"]) and family.queue is not None
    family.adopt(household(app, family.ground, data / "logs", alone))
    host, port = family.ground.listener.getsockname()[:2]
    while not answers(LOOPBACK_OF.get(host, host), port):
        family.watch(0.05)
    say(f"Haark is ready at http://{f'[{host}]' if ':' in host else host}:{port}")
    for line in lines:
        say(line)
    while True:
        family.watch(3600)


def start(empty: bool) -> None:
    """Takes the ground, then runs until a signal comes."""
    settings = config.load()
    data = Path(str(settings["HAARK_DATA"]))
    ground = Ground(data, str(settings["HAARK_HOST"]), int(str(settings["HAARK_PORT"])))
    family = Family(ground, None if settings["REDIS_URL"] else queue_server(data))
    if family.queue:
        family.start([family.queue])
    family.listen()
    try:
        run(family, data, empty)
    except Stopped:
        say("\nStopping…")
    finally:
        family.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/run", description="Starts Haark; Ctrl-C stops it.")
    parser.add_argument("--empty", action="store_true", help="do not load the sample portfolio")
    try:
        start(parser.parse_args().empty)
    except (Occupied, ValueError, FileNotFoundError, PermissionError) as error:
        sys.exit(str(error))
    # Everything is closed: taking the loaded application apart object by object would only cost a second.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
