"""Files exist once, however often the job runs; asking twice is asking once."""

import pytest

from haark import clock
from haark.cadence.models import SECTIONS
from haark.extensions import db
from haark.files.models import StoredFile
from haark.jobs.models import Job
from haark.reviews import domain, exports, jobs, outputs
from haark.reviews.models import Rendering
from tests.conftest import TODAY


@pytest.fixture
def review(story):
    with story.app.app_context():
        account = story.id("Groupe Valmorin")
        period = domain.read_period(account, "2026-Q4", TODAY)
        made = domain.generate(account, period, SECTIONS, "fr", by=None, at=clock.moment(), on=TODAY)
        db.session.commit()
        yield made


def count(model) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model))


def test_a_job_that_runs_again_makes_no_second_file(review):
    for _run in range(2):
        jobs.render(review.id, ["pdf", "pptx"], job_id=0)
    assert count(Rendering) == 2
    assert count(StoredFile) == 2


def test_a_job_killed_between_its_files_makes_only_the_missing_one(review, monkeypatch):
    written = []
    real = outputs.write

    def dies_at_the_second(deck, form, told):
        written.append(form)
        if len(written) == 2:
            raise KeyboardInterrupt
        return real(deck, form, told)

    monkeypatch.setattr(outputs, "write", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        jobs.render(review.id, ["pdf", "pptx"], job_id=0)
    db.session.rollback()
    assert count(Rendering) == 1
    jobs.render(review.id, ["pdf", "pptx"], job_id=0)
    assert written == ["pdf", "pptx", "pptx"]
    assert count(Rendering) == 2


def test_two_runs_at_once_leave_one_rendering(review, monkeypatch):
    real = outputs.write

    def overtaken(deck, form, told):
        monkeypatch.setattr(outputs, "write", real)
        list(exports.render(review.id, [form], at=clock.moment()))
        db.session.commit()
        return real(deck, form, told)

    monkeypatch.setattr(outputs, "write", overtaken)
    list(exports.render(review.id, ["pptx"], at=clock.moment()))
    db.session.commit()
    assert count(Rendering) == 1


def test_asking_twice_for_the_same_content_is_one_job(review):
    first = exports.ask(review, ["pdf"], by=None)
    assert exports.ask(review, ["pdf"], by=None).id == first.id
    asked = db.session.scalars(db.select(Job).where(Job.kind == "reviews.render")).all()
    assert [job.id for job in asked] == [first.id]


def test_generating_the_same_period_again_refreshes_the_one_review(review):
    again = domain.generate(
        review.account_id,
        domain.read_period(review.account_id, "2026-Q4", TODAY),
        SECTIONS,
        "fr",
        by=None,
        at=clock.moment(),
        on=TODAY,
    )
    assert again.id == review.id
