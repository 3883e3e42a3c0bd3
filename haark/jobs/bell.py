"""RQ as the doorbell: it carries the ids of rows, nothing else. Losing a ring costs time, never work."""

import logging
import time
from functools import lru_cache
from pathlib import Path

from flask import current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from haark import schedule

log = logging.getLogger(__name__)
ENTRY = "haark.jobs.runner.run"
WEEK = 7 * 24 * 3600
# After a failed ring the queue is left alone for so many seconds, so that pages do not each wait for it.
REST = 3.0
_deaf_until = 0.0


def address() -> str:
    """Where the queue server is: REDIS_URL, else the embedded server of this data directory."""
    from haark.jobs.valkey import Embedded  # only where it is needed: production has no embedded server

    return str(current_app.config["REDIS_URL"]) or Embedded(Path(current_app.config["HAARK_DATA"])).url


@lru_cache(maxsize=4)
def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=2, retry=Retry(NoBackoff(), 0))


def connection() -> Redis:
    """A quick client for announcing: one attempt, no waiting."""
    return _client(address())


def queue(name: str, client: Redis | None = None) -> Queue:
    """The RQ queue of that name."""
    return Queue(name, connection=client or connection(), serializer=JSONSerializer)


def inline() -> bool:
    """True where jobs run at once in this process (the command line, most tests)."""
    return bool(current_app.config.get("HAARK_JOBS") == "inline")


def is_up() -> bool:
    """Whether the queue server answers."""
    try:
        return bool(connection().ping())
    except (RedisError, OSError):
        return False


def ring(job_id: int, kind: str, queue_name: str, attempts: int = 0) -> bool:
    """Announces a row. False when the queue server is away; the sweeper will ring again."""
    global _deaf_until
    if time.monotonic() < _deaf_until:
        return False
    # The same name for the same wait: a second ring finds the first one instead of doubling it.
    name = f"haark-{job_id}-{attempts}"
    limit = schedule.KINDS[kind].timeout if kind in schedule.KINDS else 120
    try:
        line = queue(queue_name)
        if line.connection.lpos(line.key, name) is None:
            line.enqueue_call(ENTRY, args=(job_id,), job_id=name, timeout=limit, result_ttl=0, failure_ttl=WEEK)
    except (RedisError, OSError) as error:
        _deaf_until = time.monotonic() + REST
        log.warning("job %s waits, the queue server is away: %s", job_id, error)
        return False
    return True
