"""One worker, one queue: `python -m haark.jobs.worker decks`.

RQ's own loop, with a child process for each job. A worker on two queues loses jobs when it is killed, so it takes one.
"""

import gc
import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module, util
from types import FrameType
from typing import Any

from flask import Flask
from redis import Redis
from rq import Queue, Worker
from rq.job import Job as Ring
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from haark import clock, schedule
from haark.extensions import db
from haark.jobs import bell, ledger, rules, runner
from haark.jobs.parent import die_with_parent

log = logging.getLogger(__name__)
# Seconds: RQ's maintenance runs when the wait for work times out, which is 15 s before this.
WORKER_TTL = 75
MAINTENANCE = 60
# The same Ctrl-C may reach a worker twice, from the terminal and from the supervisor: one request, not two.
AGAIN_AFTER = 0.5
# What a queue loads before it forks, so that no job pays for it.
WARM: dict[str, str] = {"decks": "haark.decks.rehearsal:rehearse"}


class HaarkWorker(Worker):
    """RQ's forking worker. Its children have limits, and the row of a child that dies is released at once."""

    max_connection_wait_time = 2.0

    def __init__(self, *args: Any, app: Flask, **options: Any) -> None:
        super().__init__(*args, **options)
        self.app = app
        self.row_id = 0

    def subscribe(self) -> None:
        """No channel for remote commands: Haark uses none, and a second thread does not go well with forks."""

    def execute_job(self, job: Ring, queue: Queue) -> None:
        self.row_id = int(job.args[0])
        super().execute_job(job, queue)
        self.row_id = 0

    def main_work_horse(self, job: Ring, queue: Queue) -> None:
        die_with_parent(signal.SIGKILL)
        with self.app.app_context():
            # Connections opened before the fork belong to the parent.
            db.engine.dispose(close=False)
            _limit(ledger.kind_of(self.row_id))
        super().main_work_horse(job, queue)

    def handle_work_horse_killed(self, job: Ring, retpid: int, ret_val: int, rusage: Any) -> None:
        killed = os.WIFSIGNALED(ret_val) and os.WTERMSIG(ret_val) == signal.SIGXCPU
        self._release(lambda row: ledger.lose(row, clock.now(), rules.TOO_LONG if killed else rules.INTERRUPTED))

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """The second request to stop. We end the job, not its own fault: the attempt does not count."""
        asked = self._shutdown_requested_date
        if asked is None or (clock.now() - asked).total_seconds() < AGAIN_AFTER:
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if self.horse_pid:
            self.kill_horse()
            self.wait_for_horse()
        if self.row_id:
            with self.app.app_context():
                ledger.give_back(self.row_id, clock.now())
        raise SystemExit

    def _release(self, release: Callable[[int], str]) -> None:
        row = self.row_id
        with self.app.app_context():
            state = release(row)
            found = ledger.waiting(clock.now()) if state == "queued" else []
            for job_id, kind, queue, attempts in found:
                if job_id == row:
                    bell.ring(job_id, kind, queue, attempts)
            db.engine.dispose()


def _limit(kind: str) -> None:
    """Bounds on the process of one job: processor time a little over its time, memory as its kind says."""
    wanted = schedule.KINDS.get(kind)
    if wanted is None:
        return
    seconds = wanted.timeout + runner.GRACE
    _set_limit(resource.RLIMIT_CPU, seconds, seconds + 5)
    _set_limit(resource.RLIMIT_CORE, 0, 0)
    if wanted.memory:
        _set_limit(resource.RLIMIT_AS, wanted.memory * 2**20, wanted.memory * 2**20)


def _set_limit(name: int, soft: int, hard: int) -> None:
    try:
        resource.setrlimit(name, (soft, hard))
    except (ValueError, OSError) as error:
        # Stricter limits are already in force, or the system knows none of this sort (macOS and address space).
        log.debug("limit %s not set: %s", name, error)


def _warm(queue: str) -> None:
    module, _, name = WARM.get(queue, "").partition(":")
    if module and util.find_spec(module) is not None:
        getattr(import_module(module), name)()
    # What is loaded by now stays: the children's collector neither walks through it nor copies its pages.
    gc.collect()
    gc.freeze()


def _reclaim(queue: Queue) -> None:
    """Nobody else works on this queue: what it left unfinished is free, and RQ's notes about it are void."""
    for job_id, state in ledger.release_queue(queue.name, clock.now()).items():
        log.info("job %s was interrupted: %s", job_id, state)
    queue.connection.delete(StartedJobRegistry(queue=queue).key, queue.intermediate_queue_key)
    queue.release_maintenance_lock()
    for job_id, kind, name, attempts in ledger.waiting(None):
        if name == queue.name:
            bell.ring(job_id, kind, name, attempts)


def work(app: Flask, queue_name: str, alone: bool) -> None:
    """Works until it is told to stop. `alone`: this process is sure to be the only worker of its queue."""
    runner.use(app)
    _warm(queue_name)
    with app.app_context():
        client = Redis.from_url(bell.address(), socket_connect_timeout=5)
        queue = Queue(queue_name, connection=client, serializer=JSONSerializer)
        if alone:
            _reclaim(queue)
        db.engine.dispose()
    worker = HaarkWorker(
        [queue],
        app=app,
        name=f"{queue_name}-{socket.gethostname()}-{os.getpid()}-{time.time_ns():x}",
        connection=client,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE,
        log_job_description=False,
    )
    assert sys.platform != "linux" or threading.active_count() == 1, "a thread before the fork"
    worker.work(logging_level="WARNING")


def main() -> None:
    """A worker of its own, for machines without the supervisor."""
    if len(sys.argv) != 2 or sys.argv[1] not in schedule.QUEUES:
        sys.exit(f"usage: python -m haark.jobs.worker {'|'.join(schedule.QUEUES)}")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    from haark import create_app

    work(create_app(), sys.argv[1], alone=False)


if __name__ == "__main__":
    main()
