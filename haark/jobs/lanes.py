"""One round over many accounts, shared by processes side by side: each takes a stretch of them.

Unlike a part of `beside` a lane reads and writes, over connections of its own, and commits as it goes. So only a round
that may be cut off anywhere and done again belongs here, whose accounts do not depend on one another.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Any

from sqlalchemy import event

from haark.extensions import db
from haark.jobs import beside

Step = Callable[[int], None]
"""Called with the running total; who is called may commit."""
Round = Callable[[Sequence[int], Step], int]
"""Works on these ids and calls the step in between; the number of accounts done."""

# Fewer are done before a second process pays off.
LARGE = 5_000
# More lanes would wait for one another's write lock on SQLite, and take the memory of a small machine.
MOST = 2


def shared(ids: Sequence[int], work: Round, step: Step) -> int:
    """Does the round, in lanes when there are LARGE accounts and more than one core; the number of accounts done.

    `step` is called in this process. What a lane raises is raised here, and the other lane ends.
    """
    lanes = min(_cores(), MOST) if len(ids) >= LARGE else 1
    if lanes == 1:
        return work(ids, step)
    db.session.commit()
    db.engine.dispose()  # a connection must not be carried into another process
    done: Counter[str] = Counter()

    def told(name: str, total: int) -> None:
        done[name] = total
        step(done.total())

    size = -(-len(ids) // lanes)
    parts = {str(n): partial(_lane, work, ids[n * size : (n + 1) * size]) for n in range(lanes)}
    with closing(beside.results(parts, told=told)) as found:
        return sum(total for _name, total in found)


def _lane(work: Round, ids: Sequence[int]) -> int:
    db.engine.dispose(close=False)  # what the parent opened meanwhile stays the parent's
    if db.engine.dialect.name == "sqlite":
        event.listen(db.engine, "connect", _modest)

    def step(total: int) -> None:
        db.session.commit()
        beside.tell(total)

    total = work(ids, step)
    db.session.commit()
    return total


def _modest(connection: Any, _record: Any) -> None:
    """Each lane reads its stretch once: a quarter of the usual page cache does, and two lanes stay small."""
    connection.execute("PRAGMA cache_size=-8192")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
