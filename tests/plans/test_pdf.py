"""SP-7: the plan's PDF, in the client's language, without a word that is ours alone; made once for one content."""

import io

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from haark.extensions import db
from haark.plans import pdf, prints
from haark.plans.models import Objective
from tests.support.clients import TODAY, settle

SECRET = "Ne pas parler du prix"


@pytest.fixture
def house(app):
    house = settle(app)
    visitor, plan = house.login("csm"), house.objects["own"]["plan"]
    visitor.post(
        f"/accounts/{house.own}/plan/vision", version=1, title="Plan 2027", vision="À l’heure", internal_note=SECRET
    )
    visitor.post(f"/plans/{plan}/templates", template="shipped:fr", version=2)
    visitor.post(f"/accounts/{house.own}/plan-members", role="csm", person=f"user:{house.users['csm']}")
    visitor.post(f"/accounts/{house.own}/plan-risks", title="Été", impact="low", internal_note=SECRET)
    visitor.post(f"/plans/{plan}/comments", text=SECRET)
    return house


def words_of(made):
    reader = PdfReader(io.BytesIO(made))
    return reader, " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


@pytest.mark.parametrize(
    ("language", "says"),
    [("fr", "Répondre en moins de 2 h"), ("uk", "Виконавчий"), ("en", "Customer")],
)
def test_the_outline_speaks_the_language_and_tells_nothing_internal(house, language, says):
    with house.app.app_context():
        told = str(pdf.deck(house.own, language, TODAY).to_dict())
    headline = {"fr": "objectifs à atteindre ensemble", "en": "objectives to reach together", "uk": "цілі, яких"}
    assert headline[language] in told and SECRET not in told and "Q1 2027" in told
    assert says in told or language != "fr"


def test_the_file_is_asked_for_made_once_and_downloaded(house):
    visitor, plan = house.login("csm"), house.objects["own"]["plan"]
    assert visitor.get(f"/plans/{plan}/plan.pdf").location.startswith(f"/plans/{plan}/pdf"), "no GET makes a file"
    assert "Créer le PDF" in visitor.get(f"/plans/{plan}/pdf").text
    house.app.config["HAARK_JOBS"] = "inline"
    asked = visitor.post(f"/plans/{plan}/pdf")
    assert asked.status_code == 303
    answer = visitor.get(f"/plans/{plan}/plan.pdf")
    reader, text = words_of(answer.data)
    assert 4 <= len(reader.pages) <= 6 and reader.metadata.title == "Plan 2027 · Groupe Valmorin"
    assert "Résistance au changement" in text and "Claire Delorme" in text and "À l’heure" in text
    assert SECRET not in text and "plan-groupe-valmorin-2026-11-12.pdf" in answer.headers["Content-Disposition"]
    with house.app.app_context():
        made = prints.job_of(house.own, "fr", TODAY)
        assert prints.ask(house.own, "fr", TODAY, by=None).id == made.id
        db.session.rollback()
        db.session.execute(sa.update(Objective).values(title="Autre"))
        db.session.commit()
        assert prints.job_of(house.own, "fr", TODAY) is None, "another content is another file"
