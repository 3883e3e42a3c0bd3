"""The sweeper: `python -m haark.jobs.sweeper`. It takes back lost jobs, rings again and fires the timetable.

Any number of them may run; two do no harm.
"""

import logging
import signal
import threading
from importlib import import_module
from types import FrameType

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from haark import clock, schedule
from haark.extensions import db
from haark.jobs import domain
from haark.jobs.pace import pace
from haark.settings import domain as settings

log = logging.getLogger(__name__)


def turn(everything: bool = False) -> dict[str, int]:
    """One turn, committed: the timetable first, then what has rows of its own, then the doorbell."""
    asked = domain.fire_timetable(clock.moment(), str(settings.get("organisation.timezone")))
    db.session.commit()
    done: dict[str, int] = {}
    for entry in schedule.EACH_TURN:
        module, _, name = entry.partition(":")
        done |= getattr(import_module(module), name)()
        db.session.commit()
    return {"asked": len(asked), **done, **domain.sweep(clock.now(), everything)}


def run(app: Flask) -> None:
    """Turns until SIGTERM or SIGINT."""
    over = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    first = True
    while not over.is_set():
        with app.app_context():
            try:
                done = turn(everything=first)
                first = False
                if any(done.values()):
                    log.info("turn: %s", done)
            except SQLAlchemyError:
                log.exception("the database did not answer; the next turn tries again")
            finally:
                db.session.remove()
        over.wait(pace().sweep)


def main() -> None:
    """A sweeper of its own, for machines without the supervisor."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    from haark import create_app

    run(create_app())


if __name__ == "__main__":
    main()
