"""The command line runs jobs in its own process, at once."""

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.events.models import Event
from haark.extensions import db
from haark.jobs import domain
from haark.jobs.models import Job

pytestmark = pytest.mark.usefixtures("test_kinds")


def _asked(app: Flask, kind: str, **args: str) -> Job:
    with app.app_context():
        job = domain.enqueue(kind, args=args)
        db.session.commit()
        db.session.refresh(job)
        return job


def test_a_job_is_done_when_the_commit_returns(db_app: Flask) -> None:
    job = _asked(db_app, "test.note", name="inline")
    assert (job.state, job.attempts, job.result) == ("done", 1, {"noted": "inline"})
    with db_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Event.id))) == 1


def test_a_job_asks_for_another(app: Flask) -> None:
    _asked(app, "test.ask_another", name="second")
    with app.app_context():
        assert db.session.scalars(sa.select(Job.state)).all() == ["done", "done"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("test.fail", "ValueError: the third column is missing"), ("test.refuse", "Aucune donnée sur la période.")],
)
def test_a_failure_is_told_at_once_and_does_not_reach_the_caller(app: Flask, kind: str, reason: str) -> None:
    job = _asked(app, kind)
    assert (job.state, job.error) == ("failed", reason)
