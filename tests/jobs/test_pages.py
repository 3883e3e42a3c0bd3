"""The line of a job: asks again while it is open, stops by itself, leads on, and can be tried again by who asked."""

import pytest

from haark import clock
from haark.extensions import db
from haark.jobs.models import Job
from tests.conftest import Story


def _job(story: Story, **values: object) -> int:
    with story.app.app_context():
        job = Job(kind="reviews.render", queue="decks", created_at=clock.now(), **values)
        db.session.add(job)
        db.session.commit()
        return job.id


def test_an_open_job_asks_again_every_second(story: Story) -> None:
    visitor = story.login("csm")
    job = _job(story, state="running", progress=3, total=12, message="Diapositive 3 sur 12")
    answer = visitor.get(f"/jobs/{job}?next=/portfolio", htmx=True)
    assert answer.status_code == 200
    assert f'id="job-{job}"' in answer.text
    assert f'hx-get="/jobs/{job}?next=/portfolio" hx-trigger="every 1s"' in answer.text
    assert "Diapositive 3 sur 12" in answer.text
    assert 'value="25"' in answer.text


def test_without_javascript_the_page_asks_again_and_then_leads_on(story: Story) -> None:
    visitor = story.login("csm")
    page = visitor.get(f"/jobs/{_job(story, state='queued')}")
    assert page.status_code == 200
    assert page.headers["Refresh"] == "2"
    done = visitor.get(f"/jobs/{_job(story, state='done')}?next=/portfolio")
    assert (done.status_code, done.location) == (303, "/portfolio")


def test_a_finished_job_stops_asking_or_leads_on(story: Story) -> None:
    visitor = story.login("csm")
    job = _job(story, state="done")
    answer = visitor.get(f"/jobs/{job}", htmx=True)
    assert answer.status_code == 286
    assert "hx-trigger" not in answer.text
    onward = visitor.get(f"/jobs/{job}?next=/portfolio", htmx=True)
    assert onward.headers["HX-Redirect"] == "/portfolio"
    outward = visitor.get(f"/jobs/{job}?next=//evil.example", htmx=True)
    assert "HX-Redirect" not in outward.headers


@pytest.mark.parametrize(
    ("error", "shown"),
    [("interrupted", "interrompue trois fois"), ("Aucune donnée sur la période.", "Aucune donnée sur la période.")],
)
def test_a_failed_job_says_why(story: Story, error: str, shown: str) -> None:
    visitor = story.login("manager")
    answer = visitor.get(f"/jobs/{_job(story, state='failed', attempts=3, error=error)}", htmx=True)
    assert answer.status_code == 286
    assert shown in answer.text
    assert "Réessayer" in answer.text
    assert "hx-trigger" not in answer.text


def test_only_who_asked_and_managers_may_retry(story: Story) -> None:
    job = _job(story, state="failed", error="x", requested_by_id=story.user_id("csm"))
    assert "Réessayer" not in story.login("sales").get(f"/jobs/{job}").text
    assert story.login("sales").post(f"/jobs/{job}/retry").status_code == 403
    answer = story.login("csm").post(f"/jobs/{job}/retry?next=/portfolio")
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job}?next=/portfolio")
    with story.app.app_context():
        assert db.session.get_one(Job, job).error != "x"


def test_retrying_what_did_not_fail_changes_nothing(story: Story) -> None:
    job = _job(story, state="done", attempts=1)
    story.login("manager").post(f"/jobs/{job}/retry")
    with story.app.app_context():
        assert db.session.get_one(Job, job).state == "done"


def test_health_is_public(story: Story) -> None:
    answer = story.app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"database": "ok", "queue": "inline"})
