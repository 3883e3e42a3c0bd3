"""The template in the settings and in the exports: only administrators, versions, undo, files made anew, never lost."""

import io

import pytest
from flask import render_template

from haark import clock
from haark.cadence.models import SECTIONS
from haark.decks import corporate as engine
from haark.events.models import Event
from haark.extensions import db
from haark.files.models import StoredFile
from haark.reviews import domain, downloads, jobs, queries
from haark.reviews.corporate import domain as corporate
from haark.reviews.corporate import queries as templates
from haark.reviews.corporate.models import DeckTemplate
from haark.reviews.models import Rendering
from tests.conftest import TODAY
from tests.decks import reading
from tests.decks.templates import SYNTHETIC
from tests.support.statements import counted

URL = "/settings/template"


def file(data: bytes, name: str = "modèle.pptx"):
    return {"file": (io.BytesIO(data), name)}


@pytest.fixture
def review(story):
    with story.app.app_context():
        account = story.id("Groupe Valmorin")
        period = domain.read_period(account, "2026-Q4", TODAY)
        made = domain.generate(account, period, SECTIONS, "fr", by=None, at=clock.moment(), on=TODAY)
        db.session.commit()
        yield made


def latest(review_id: int) -> Rendering:
    statement = db.select(Rendering).where(Rendering.review_id == review_id, Rendering.format == "pptx")
    return db.session.scalars(statement.order_by(Rendering.id.desc())).first()


def layouts_in(rendering: Rendering) -> set[str]:
    from haark.files import domain as files

    show = reading.presentation(files.read(db.session.get_one(StoredFile, rendering.file_id)))
    return {slide.slide_layout.name for slide in show.slides}


def test_an_administrator_uploads_maps_tries_activates_and_takes_back(db_story):
    admin = db_story.login("admin")
    page = admin.get(URL)
    assert page.status_code == 200 and "Aucun modèle pour l’instant" in page.text
    answer = admin.post(URL, **file(SYNTHETIC["4:3"]()))
    assert answer.status_code == 303
    shown = admin.get(answer.location).text
    assert "rapport 1,33" in shown and "Pages au format 4:3" in shown and "Ses propres diapositives (1)" in shown
    assert "Title Only" in shown and 'aria-label="Contenu sur la disposition Title Only"' in shown
    with db_story.app.app_context():
        row = db.session.scalars(db.select(DeckTemplate)).one()
        ident, version = row.id, row.version
    place = f"{URL}/{ident}"
    # Other layouts on trial change nothing; kept they do, and a stale form is told.
    region = admin.get(f"{place}/role?role=content&content=0.1", htmx=True).text
    assert region.strip().startswith('<div class="col g2" id="role-content">') and "Title and Content" in region
    trial = admin.get(f"{place}/trial.pptx?content=0.1")
    names = {slide.slide_layout.name for slide in reading.presentation(trial.data).slides}
    assert names >= {"Title Slide", "Title and Content"}
    kept = admin.post(f"{place}/layouts", version=version, content="0.1")
    assert kept.status_code == 303
    assert admin.post(f"{place}/layouts", version=version, content="0.5").status_code == 409
    assert admin.post(f"{place}/activation").status_code == 303
    assert "Activé" in admin.get(URL).text
    assert admin.post(f"{place}/activation/removal").status_code == 303
    assert admin.post(f"{place}/removal").status_code == 303
    assert admin.get(place).status_code == 404
    assert admin.post(f"{place}/restoration").status_code == 303
    assert admin.get(place).status_code == 200
    with db_story.app.app_context():
        kinds = [event.kind for event in db.session.scalars(db.select(Event).order_by(Event.id))]
        assert [kind for kind in kinds if kind.startswith("template.")] == [
            f"template.{what}" for what in ("uploaded", "mapped", "activated", "deactivated", "removed", "restored")
        ]
        assert templates.active() is None


def test_only_administrators_see_it_and_wrong_files_are_told_why(story):
    for role in ("csm", "manager", "sales"):
        assert story.login(role).get(URL).status_code == 403
    admin = story.login("admin")
    for data, words in (
        (b"%PDF-1.7", "n’est pas un PowerPoint"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "ancien format .ppt"),
        (b"PK\x03\x04", "abîmé"),
        (bytes(engine.LARGEST_FILE + 5), "dépasse 25\u00a0Mo"),
    ):
        answer = admin.post(URL, **file(data))
        assert answer.status_code == 422 and words in answer.text, words
    assert admin.post(URL).status_code == 422
    with story.app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(DeckTemplate)) == 0


def test_a_template_costs_the_page_no_query_more(story):
    admin = story.login("admin")
    with story.app.app_context():
        for name in ("bare", "4:3", "gradient"):
            corporate.upload(SYNTHETIC[name](), f"{name}.pptx", by=None, at=clock.moment())
        db.session.commit()
    admin.get(URL)
    with counted(story.app) as statements:
        assert admin.get(URL).status_code == 200
    assert len(statements) <= 7, statements


def test_the_powerpoint_of_a_review_stands_on_it_and_is_made_anew_when_it_changes(review):
    jobs.render(review.id, ["pptx"], job_id=0)
    assert layouts_in(latest(review.id)) == {"Haark cover", "Haark content"}
    template = corporate.upload(SYNTHETIC["two masters"](), "a.pptx", by=None, at=clock.moment())
    corporate.activate(template, by=None, at=clock.moment())
    db.session.commit()
    assert not queries.renderings(review.id, domain.compose(review).fingerprint)
    jobs.render(review.id, ["pptx"], job_id=0)
    assert layouts_in(latest(review.id)) == {"Title Slide", "Title Only"}
    corporate.remap(template, {"content": "1.1"}, version=template.version, by=None, at=clock.moment())
    db.session.commit()
    jobs.render(review.id, ["pptx"], job_id=0)
    assert "Title and Content" in layouts_in(latest(review.id))
    corporate.deactivate(template, by=None, at=clock.moment())
    db.session.commit()
    assert "pptx" in queries.renderings(review.id, domain.compose(review).fingerprint), "the first file is as good"


def test_a_template_that_fails_never_holds_an_export_back(review, story, monkeypatch):
    template = corporate.upload(SYNTHETIC["bare"](), "a.pptx", by=None, at=clock.moment())
    corporate.activate(template, by=None, at=clock.moment())
    db.session.commit()

    def breaks(*_arguments):
        raise MemoryError("odd")

    monkeypatch.setattr(engine, "render", breaks)
    jobs.render(review.id, ["pdf", "pptx"], job_id=0)
    made = latest(review.id)
    assert made.note == "template_failed" and layouts_in(made) == {"Haark cover", "Haark content"}
    state = downloads.state(review, domain.compose(review))
    assert state.own_pages
    with story.app.test_request_context():
        shown = render_template("reviews/_exports.html", export=state, review=review, mine=False, desk=None)
    assert "Le PowerPoint est fait sur les pages de Haark." in shown


def test_the_last_try_of_a_job_goes_without_the_template(review, monkeypatch):
    template = corporate.upload(SYNTHETIC["bare"](), "a.pptx", by=None, at=clock.moment())
    corporate.activate(template, by=None, at=clock.moment())
    db.session.commit()
    monkeypatch.setattr(jobs, "last_try", lambda _job_id: True)
    jobs.render(review.id, ["pptx"], job_id=0)
    made = latest(review.id)
    assert made.note == "template_failed" and layouts_in(made) == {"Haark cover", "Haark content"}


def test_the_command_line_uses_it(story, tmp_path):
    with story.app.app_context():
        template = corporate.upload(SYNTHETIC["gradient"](), "a.pptx", by=None, at=clock.moment())
        corporate.activate(template, by=None, at=clock.moment())
        db.session.commit()
        from haark.reviews.commands import generate

        result = story.app.test_cli_runner().invoke(
            generate, ["Groupe Valmorin", "--period", "2026-Q3", "--format", "pptx", "--out", str(tmp_path)]
        )
    assert result.exit_code == 0, result.output
    made = next(tmp_path.glob("*.pptx")).read_bytes()
    assert {slide.slide_layout.name for slide in reading.presentation(made).slides} == {"Title Slide", "Title Only"}
