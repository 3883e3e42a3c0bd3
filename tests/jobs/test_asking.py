"""Asking for work: in the caller's transaction, rung after the commit, once per key. On both databases."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import clock, schedule
from haark.events import domain as events
from haark.extensions import db
from haark.jobs import bell, domain, ledger
from haark.jobs.models import Job
from haark.jobs.pace import pace

pytestmark = pytest.mark.usefixtures("test_kinds")


@pytest.fixture
def rung(db_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The ids that RQ heard of; the queue server is always there."""
    heard: list[int] = []
    monkeypatch.setattr(bell, "ring", lambda job_id, *_rest: heard.append(job_id) or True)
    db_app.config["HAARK_JOBS"] = "queue"
    with db_app.app_context():
        yield heard


def test_the_bell_rings_after_the_commit(rung: list[int]) -> None:
    job = domain.enqueue("test.note", args={"name": "a"}, total=3)
    db.session.flush()
    assert rung == []
    db.session.commit()
    assert rung == [job.id]
    assert (job.state, job.queue, job.total, job.attempts) == ("queued", "default", 3, 0)


def test_a_rollback_leaves_nothing(rung: list[int]) -> None:
    domain.enqueue("test.note", args={"name": "a"})
    db.session.rollback()
    db.session.commit()
    assert rung == []
    assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 0


def test_savepoints_neither_ring_early_nor_lose_a_ring(rung: list[int]) -> None:
    kept = domain.enqueue("test.note", args={"name": "kept"})
    with db.session.begin_nested():
        inner = domain.enqueue("test.note", args={"name": "inner"})
    assert rung == []
    nested = db.session.begin_nested()
    domain.enqueue("test.note", args={"name": "undone"})
    nested.rollback()
    db.session.commit()
    # Ringing for the row that was undone would be harmless too: nobody finds it.
    assert {kept.id, inner.id} <= set(rung)
    assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 2


def test_asking_twice_under_a_key_is_asking_once(rung: list[int]) -> None:
    first = domain.enqueue("test.note", args={"name": "a"}, key="deck-7-1")
    again = domain.enqueue("test.note", args={"name": "a"}, key="deck-7-1")
    db.session.commit()
    assert again.id == first.id
    third = domain.enqueue("test.note", args={"name": "a"}, key="deck-7-1")
    db.session.commit()
    assert third.id == first.id
    assert rung == [first.id]


def test_an_unknown_kind_is_a_mistake_of_ours(rung: list[int]) -> None:
    with pytest.raises(KeyError):
        domain.enqueue("test.unheard-of")


def test_only_one_of_two_takes_a_job(rung: list[int]) -> None:
    job = domain.enqueue("test.note", args={"name": "a"})
    db.session.commit()
    now = clock.now()
    first = ledger.claim(job.id, now, pace().lease)
    assert first is not None and first.number == 1
    assert ledger.claim(job.id, now, pace().lease) is None
    late = ledger.claim(job.id, now + 2 * pace().lease, pace().lease)
    assert late is not None and late.number == 2
    # The first one comes back from wherever it was: the job is no longer its own.
    assert not ledger.renew(first, now)
    assert ledger.fault(first, now, "too late") == ""
    assert not ledger.finish(db.session.connection(), first, now, {})
    assert ledger.finish(db.session.connection(), late, now, {})


def test_a_failed_job_is_tried_again_by_a_person_only(rung: list[int]) -> None:
    job = domain.enqueue("test.note", args={"name": "a"})
    db.session.commit()
    with pytest.raises(domain.NotFailed):
        domain.retry(job, by=None)
    attempt = ledger.claim(job.id, clock.now(), pace().lease)
    assert attempt is not None
    assert ledger.fault(attempt, clock.now(), "no data", final=True) == "failed"
    db.session.refresh(job)
    assert (job.state, job.error) == ("failed", "no data")
    domain.retry(job, by=None)
    db.session.commit()
    assert (job.state, job.attempts, job.error) == ("queued", 0, "")
    assert rung == [job.id, job.id]


def test_the_sweeper_takes_back_expired_leases_and_rings_for_what_waits(rung: list[int]) -> None:
    lost = domain.enqueue("test.note", args={"name": "lost"})
    waits = domain.enqueue("test.note", args={"name": "waits"})
    db.session.commit()
    rung.clear()
    now = clock.now()
    ledger.claim(lost.id, now, pace().lease)
    assert domain.sweep(now) == {"lost": 0, "rung": 0}
    later = now + pace().lease + pace().ring_again
    assert domain.sweep(later) == {"lost": 1, "rung": 2}
    assert rung == [lost.id, waits.id]
    assert domain.sweep(later) == {"lost": 0, "rung": 0}


def test_the_timetable_fires_once_a_day(rung: list[int]) -> None:
    daily = [entry.kind for entry in schedule.TIMETABLE]
    morning = clock.moment().replace(hour=12)
    assert [job.kind for job in domain.fire_timetable(morning, "Europe/Paris")] == daily
    assert domain.fire_timetable(morning, "Europe/Paris") == []
    db.session.commit()
    assert domain.fire_timetable(morning, "Europe/Paris") == []


def test_an_event_asks_for_what_the_schedule_says(rung: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schedule.ON_EVENT, "usage.arrived", "test.note")
    event = events.record("usage.arrived", at=clock.moment(), account_id=7)
    job = domain.ring_for(event)
    assert job is not None
    assert (job.kind, job.args, job.account_id) == ("test.note", {"account_id": 7}, 7)
    assert domain.ring_for(event) is job
    assert domain.ring_for(events.record("account.renamed", at=clock.moment())) is None
