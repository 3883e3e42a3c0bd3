"""What must survive what, with a real queue server and real processes (shared/reliability.md)."""

import os
import signal

import pytest

from haark import clock
from haark.extensions import db
from haark.jobs import bell, domain, sweeper
from haark.jobs.models import Job
from tests.jobs.conftest import Yard
from tests.support.patience import until

pytestmark = pytest.mark.xdist_group("jobs")


def test_a_job_runs_once_and_says_so(yard: Yard) -> None:
    yard.worker()
    asked = yard.ask("note", args={"name": "once"})
    job = yard.until_state(asked, "done")
    assert (job.attempts, job.result, job.error) == (1, {"noted": "once"}, "")
    assert job.finished_at is not None and job.lease_until is None
    assert yard.noted() == ["once"]


def test_a_worker_killed_in_mid_job_is_replaced_and_the_job_ends_once(yard: Yard) -> None:
    worker = yard.worker()
    asked = yard.ask("wait", args={"name": "killed", "folder": str(yard.folder)})
    first = until(lambda: yard.began("killed"))[0]
    os.kill(worker, signal.SIGKILL)
    yard.worker()
    until(lambda: len(yard.began("killed")) == 2, what="the job began again")
    yard.go()
    job = yard.until_state(asked, "done")
    assert job.attempts == 2
    assert yard.noted() == ["killed"]
    until(lambda: not _runs(first), what="the first child died with its worker")


def test_without_a_replacement_the_lease_runs_out_and_another_machine_takes_it(yard: Yard) -> None:
    worker = yard.worker()
    asked = yard.ask("wait", args={"name": "lease", "folder": str(yard.folder)})
    until(lambda: yard.began("lease"))
    os.kill(worker, signal.SIGKILL)
    yard.sweeper()
    until(lambda: yard.job(asked).state == "queued", 5, "the sweeper takes it back")
    assert yard.job(asked).error == "interrupted"
    yard.go()
    yard.worker()
    assert yard.until_state(asked, "done").attempts == 2
    assert yard.noted() == ["lease"]


def test_a_long_job_keeps_its_lease(yard: Yard) -> None:
    yard.worker()
    yard.sweeper()
    asked = yard.ask("wait", args={"name": "long", "folder": str(yard.folder)})
    until(lambda: yard.began("long"))
    first = yard.job(asked).lease_until
    assert first is not None
    until(lambda: clock.now() > first, 5, "the first lease is over")
    assert yard.job(asked).state == "running"
    yard.go()
    assert yard.until_state(asked, "done").attempts == 1


def test_the_child_is_killed_and_its_worker_has_it_run_again(yard: Yard) -> None:
    yard.worker()
    asked = yard.ask("wait", args={"name": "child", "folder": str(yard.folder)})
    child = until(lambda: yard.began("child"))[0]
    os.kill(child, signal.SIGKILL)
    until(lambda: len(yard.began("child")) == 2, what="the job began again")
    yard.go()
    assert yard.until_state(asked, "done").attempts == 2
    assert yard.noted() == ["child"]


def test_poison_stops_at_three_and_a_person_may_retry(yard: Yard) -> None:
    yard.worker()
    yard.sweeper()
    asked = yard.ask("die")
    with yard.app.app_context():
        # The third attempt comes five seconds after the second: brought forward here.
        until(lambda: yard.job(asked).attempts == 2 and yard.job(asked).state == "queued")
        db.session.execute(db.update(Job).where(Job.id == asked).values(next_at=clock.now()))
        db.session.commit()
    job = yard.until_state(asked, "failed")
    assert (job.attempts, job.error) == (3, "interrupted")
    with yard.app.app_context():
        domain.retry(db.session.get_one(Job, asked), by=None)
        db.session.commit()
    until(lambda: yard.job(asked).attempts == 2 and yard.job(asked).state == "queued")


def test_limits_end_what_takes_too_much(yard: Yard) -> None:
    yard.worker()
    large, endless = yard.ask("grow"), yard.ask("spin")
    until(lambda: yard.job(large).error == "too_large")
    until(lambda: yard.job(endless).error == "too_long")


def test_the_queue_emptied_with_ten_jobs_waiting(yard: Yard) -> None:
    asked = [yard.ask("note", args={"name": f"note {number}"}) for number in range(10)]
    with yard.app.app_context():
        assert bell.queue("default").count == 10
        bell.connection().flushall()
    yard.sweeper()
    yard.worker()
    for job_id in asked:
        assert yard.until_state(job_id, "done").attempts == 1
    assert sorted(yard.noted()) == sorted(f"note {number}" for number in range(10))


def test_the_queue_emptied_under_a_working_worker(yard: Yard) -> None:
    yard.worker()
    yard.sweeper()
    yard.until_state(yard.ask("note", args={"name": "before"}), "done")
    with yard.app.app_context():
        bell.connection().flushall()
    yard.until_state(yard.ask("note", args={"name": "after"}), "done")
    assert yard.noted() == ["before", "after"]


def test_saving_works_while_the_queue_server_is_away(yard: Yard) -> None:
    yard.worker()
    yard.sweeper()
    yard.until_state(yard.ask("note", args={"name": "before"}), "done")
    yard.stop_server()
    asked = [yard.ask("note", args={"name": f"away {number}"}) for number in range(3)]
    assert [yard.job(job_id).state for job_id in asked] == ["queued"] * 3
    answer = yard.app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"database": "ok", "queue": "down"})
    yard.start_server()
    # A worker that was just then talking to the server has left; the supervisor starts another.
    yard.worker()
    for job_id in asked:
        yard.until_state(job_id, "done", 15)
    assert sorted(yard.noted()) == ["away 0", "away 1", "away 2", "before"]
    assert yard.app.test_client().get("/healthz").json == {"database": "ok", "queue": "ok"}


def test_what_is_waiting_already_is_not_announced_twice(yard: Yard) -> None:
    ident = yard.ask("note", args={"name": "waits"})
    with yard.app.app_context():
        for _turn in range(3):
            sweeper.turn(everything=True)
        waiting = bell.queue("default").get_job_ids()  # the timetable rings for its own beside it
    assert waiting.count(f"haark-{ident}-0") == 1
    assert len(waiting) == len(set(waiting))


def test_progress_is_seen_while_the_job_runs(yard: Yard) -> None:
    yard.worker()
    asked = yard.ask("step", args={"folder": str(yard.folder)})
    until(lambda: yard.job(asked).message == "half way")
    job = yard.job(asked)
    assert (job.state, job.progress, job.total) == ("running", 2, 4)
    yard.go()
    yard.until_state(asked, "done")


def test_a_job_asks_for_another(yard: Yard) -> None:
    yard.worker()
    yard.ask("ask_another", args={"name": "second"})
    until(lambda: yard.noted() == ["second"])


def test_a_worker_told_to_stop_finishes_its_job(yard: Yard) -> None:
    worker = yard.worker()
    asked = yard.ask("wait", args={"name": "polite", "folder": str(yard.folder)})
    until(lambda: yard.began("polite"))
    os.kill(worker, signal.SIGTERM)
    yard.go()
    assert yard.until_state(asked, "done").attempts == 1
    until(lambda: not _runs(worker), 5, "the worker left")


def test_a_worker_told_twice_gives_the_job_back_and_the_attempt_does_not_count(yard: Yard) -> None:
    worker = yard.worker()
    asked = yard.ask("wait", args={"name": "firm", "folder": str(yard.folder)})
    until(lambda: yard.began("firm"))
    os.kill(worker, signal.SIGTERM)

    def again() -> bool:
        # RQ ignores a second signal within the first second.
        if _runs(worker):
            os.kill(worker, signal.SIGTERM)
        return not _runs(worker)

    until(again, 5, "the worker left")
    job = yard.job(asked)
    assert (job.state, job.attempts) == ("queued", 0)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
