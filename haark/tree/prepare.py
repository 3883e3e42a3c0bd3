"""What must be true before the children start: schema up to date, the sample or the one-time code."""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from haark.jobs.parent import call_myself, die_with_parent


def in_a_fork(work: Callable[[], list[str]]) -> list[str] | None:
    """Runs `work` in a process of its own and returns its lines; None when it failed and has said why.

    What it loads and leaves open does not weigh on the supervisor, nor on what the supervisor forks afterwards.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="utf-8") as answer:
            text = answer.read()
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.waitpid(child, 0)
    lines: list[str] | None = json.loads(text) if text else None
    return lines


def _work(work: Callable[[], list[str]], writing: int) -> None:
    status = 1
    try:
        # Ctrl-C reaches this process too: it is the supervisor that decides.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        die_with_parent(signal.SIGKILL)
        call_myself("haark-prepare")
        lines = work()
        with os.fdopen(writing, "w", encoding="utf-8") as answer:
            json.dump(lines, answer)
        status = 0
    except BaseException as error:  # noqa: BLE001  # the last line of a process
        sys.stderr.write(f"Haark cannot start: {type(error).__name__}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(status)


def prepare(app: Flask, empty: bool, say: Callable[[str], None]) -> list[str]:
    """Migrates, fills an empty database, and returns the lines to print once Haark is ready."""
    from haark.demo import cast
    from haark.storage import pending, upgrade

    with app.app_context():
        if pending():
            say("Bringing the database up to date…")
            upgrade()
        if _is_empty():
            if empty or not _may_have_sample(app):
                return _setup_lines()
            say("Loading the sample portfolio (once)…")
            _load_sample()
        if not _sample_is_loaded():
            return []
        logins = ", ".join(email for email, _name, _role, logs_in in cast.TEAM if logs_in)
        return [f"Sample logins: {logins}", f"Password: {cast.PASSWORD}"]


def _is_empty() -> bool:
    # Asked at every start: without loading the sample's generator.
    from haark.accounts.models import Account
    from haark.extensions import db
    from haark.people.models import User

    return not db.session.scalar(db.select(db.exists(User.id) | db.exists(Account.id)))


def _may_have_sample(app: Flask) -> bool:
    return bool(app.config["HAARK_EMBEDDED"] and app.config["HAARK_LOOPBACK"])


def _sample_is_loaded() -> bool:
    """Whether the sample's people are in this database, so that their password may be shown."""
    from haark.demo import cast
    from haark.extensions import db
    from haark.people.models import User

    first = cast.TEAM[0][0]
    return bool(db.session.scalar(db.select(db.exists(User.id).where(User.email == first))))


def _setup_lines() -> list[str]:
    from haark import clock
    from haark.extensions import db
    from haark.people import domain as people

    code = people.issue_setup_code(at=clock.now())
    db.session.commit()
    return [f"First visit: open /setup and type this one-time code: {code}"]


def _load_sample() -> None:
    """Fills a database beside the real one and puts it in its place: an interrupted load leaves nothing behind."""
    from haark import clock, create_app
    from haark.demo import domain as demo
    from haark.extensions import db
    from haark.storage import upgrade

    target = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    draft = target.with_suffix(".loading")
    _remove(draft)
    scratch = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{draft}", "HAARK_JOBS": "inline"})
    with scratch.app_context():
        upgrade()
        demo.load(clock.today())
        db.session.remove()
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    _remove(target)
    draft.replace(target)
    _remove(draft)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
