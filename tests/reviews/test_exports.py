"""Files exist once, however often the job runs; asking twice is asking once."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from haark import clock
from haark.cadence.models import SECTIONS
from haark.extensions import db
from haark.files.models import StoredFile
from haark.jobs.models import Job
from haark.reviews import commands, domain, exports, jobs, outputs, queries, strides
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


@pytest.fixture
def url(story):
    """The address of the same review; no context stays open around the requests."""
    account = story.id("Groupe Valmorin")
    with story.app.app_context():
        period = domain.read_period(account, "2026-Q4", TODAY)
        made = domain.generate(account, period, SECTIONS, "fr", by=None, at=clock.moment(), on=TODAY)
        db.session.commit()
        return f"/reviews/{made.id}"


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


def test_a_job_says_how_far_each_file_is_page_by_page(review, monkeypatch):
    said = []
    monkeypatch.setattr(jobs, "progress", lambda _job, done, total, message="": said.append((done, total, message)))
    monkeypatch.setattr(strides, "PAUSE", 0)
    jobs.render(review.id, ["pdf", "pptx"], job_id=0)
    assert [done for done, _total, _message in said] == sorted(done for done, _total, _message in said)
    assert {total for _done, total, _message in said} == {100} and said[-1] == (100, 100, "")
    found = [stride for _done, _total, message in said for stride in strides.read(message)]
    pages = found[0].total
    slides = [stride.done for stride in found if stride.form == "pptx"]
    assert slides == list(range(1, pages + 1))
    assert {(stride.stage, stride.done) for stride in found if stride.form == "pdf"} >= {
        ("layout", pages - 1),
        ("draw", pages),
    }
    assert strides.Stride("pptx", "draw", 8, 12).percent == 66
    assert strides.Stride("pdf", "draw", 12, 12).percent == 99  # it is not kept yet
    assert strides.read("anything else") == ()


def test_what_failed_is_tried_again_by_asking_again(review, monkeypatch):
    monkeypatch.setattr(outputs, "write", lambda *_said: 1 / 0)
    first = exports.ask(review, ["pdf"], by=None)
    db.session.commit()
    db.session.expire_all()
    assert db.session.get(Job, first.id).state == "failed"
    monkeypatch.undo()
    again = exports.ask(review, ["pdf"], by=None)
    db.session.commit()
    db.session.expire_all()
    assert again.id == first.id and db.session.get(Job, first.id).state == "done"
    assert count(Rendering) == 1


def test_each_edition_is_a_file_of_its_own_and_the_address_says_which(story, url):
    csm = story.login("csm")
    for asked in ({}, {"edition": "internal"}, {"notes": "no"}):
        assert csm.post(f"{url}/exports", format="pptx", **asked).status_code == 303
    ours, theirs, mute = (csm.get(f"{url}/deck.pptx{query}") for query in ("?edition=internal", "", "?notes=no"))
    assert "Interne.pptx" in ours.headers["Content-Disposition"]
    assert "Interne" not in theirs.headers["Content-Disposition"]
    assert b"notesSlide" in theirs.data and b"notesSlide" not in mute.data
    assert "Interne" in csm.get(f"{url}/deck.md?edition=internal").text
    assert "Interne" not in csm.get(f"{url}/deck.md").text
    pane = csm.get(f"{url}/exports?edition=internal", htmx=True).text
    assert f"{url}/deck.pptx?edition=internal" in pane and "every 400ms" not in pane
    with story.app.app_context():
        editions = db.session.scalars(db.select(Rendering.edition).order_by(Rendering.id)).all()
    assert editions == ["client", "internal", "client"]
    # What was not made leads to the page of its own edition.
    assert csm.get(f"{url}/deck.pdf?edition=internal").location == f"{url}/exports?edition=internal"


def test_the_command_line_writes_the_clients_edition_unless_asked(story, tmp_path):
    asked = ["Groupe Valmorin", "--period", "2026-Q4", "--format", "md", "--lang", "fr", "--out", str(tmp_path)]
    written = []
    for more in ([], ["--edition", "internal"]):
        with story.app.app_context():
            result = CliRunner().invoke(commands.generate, [*asked, *more])
        assert result.exit_code == 0, result.output
        written.append(Path(result.output.strip()))
    theirs, ours = written
    assert ours.name == theirs.name.replace("2026-Q4", "2026-Q4-Interne")
    assert "Interne" in ours.read_text("utf-8") and "Interne" not in theirs.read_text("utf-8")


def test_a_running_export_shows_its_slide_and_a_finished_one_stops_asking(story, url):
    csm, review_id = story.login("csm"), int(url.rpartition("/")[2])
    with story.app.app_context():
        job = exports.ask(queries.get(review_id), ["pptx"], by=None)
        job.state, job.message, job.progress = "running", "pptx draw 8 12", 66
        db.session.info.clear()  # nobody is told: it stays as it is
        db.session.commit()
        job_id = job.id
    pane = csm.get(f"{url}/exports", htmx=True).text
    assert "PowerPoint\u202f: diapositive 8 sur 12" in pane and re.search(r"<b class=\"num\">66\s%</b>", pane)
    assert 'hx-trigger="every 400ms"' in pane
    with story.app.app_context():
        db.session.get(Job, job_id).state = "failed"
        db.session.commit()
    pane = csm.get(f"{url}/exports", htmx=True).text
    assert "every 400ms" not in pane and "Réessayer" in pane
    csm.post(f"{url}/exports", htmx=True, format="pptx")
    assert f"{url}/deck.pptx" in csm.get(f"{url}/exports", htmx=True).text


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
