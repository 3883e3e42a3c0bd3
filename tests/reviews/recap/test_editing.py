"""What a person changes before the recap leaves: words by language, points, actions; nobody's words are lost."""

import re
from datetime import date

import sqlalchemy as sa

from haark.actions.models import ActionItem
from haark.extensions import db
from haark.reviews.meeting.models import Capture
from haark.reviews.recap.models import Recap
from haark.reviews.recap.texts import version_of
from tests.support.statements import counted


def shown(held, name, query=""):
    """Value and version of a text as its form holds them."""
    page = held.csm.get(f"{held.url}{query}").text
    form = page.split(f'id="f-{name}"')[1].split("</form>")[0]
    value = re.search(rf'(?:id="{name}"[^>]* value="([^"]*)"|<textarea[^>]*>([^<]*))', form)
    return (value[1] or value[2]), re.search(r'name="version" value="(\d+)"', form)[1]


def texts(held):
    return held.one(sa.select(Recap.texts).where(Recap.review_id == held.id))


def test_words_are_saved_as_they_are_typed_by_language_and_never_over_somebody_elses(one_held):
    held = one_held
    manager = held.story.login("manager")
    composed, seen = shown(held, "opening")
    assert composed.startswith("Merci pour le temps que vous nous avez accordé le 12")
    url = f"{held.url}/texts/fr/opening"
    saved = held.csm.post(url, htmx=True, text="Merci à tous.\n\nÀ bientôt.", version=seen)
    assert saved.status_code == 200
    assert "Enregistré à" in saved.text
    assert 'id="preview" hx-swap-oob="true"' in saved.text
    assert texts(held) == {"fr": {"opening": "Merci à tous.\n\nÀ bientôt."}}
    # The manager read the earlier words: both are shown, nothing is overwritten until they insist.
    late = manager.post(url, htmx=True, text="Merci, bravo.", version=seen)
    assert late.status_code == 409
    assert "Merci à tous." in late.text
    assert "Merci, bravo." in late.text
    assert texts(held)["fr"]["opening"].startswith("Merci à tous")
    assert manager.post(url, text="Merci, bravo.", version=seen).status_code == 409
    current = version_of("Merci à tous.\n\nÀ bientôt.")
    assert manager.post(url, htmx=True, text="Merci, bravo.", version=current, conflict="1").status_code == 200
    assert texts(held) == {"fr": {"opening": "Merci, bravo."}}
    # The same words again are no conflict; another field does not fight with this one.
    assert held.csm.post(url, htmx=True, text="Merci, bravo.", version="0").status_code == 200
    subject, seen = shown(held, "subject")
    assert (
        held.csm.post(f"{held.url}/texts/fr/subject", htmx=True, text=subject + " !", version=seen).status_code == 200
    )
    # Who reads another language is pointed at.
    page = held.csm.get(held.url).text
    assert "Rien d’écrit en anglais" in page
    assert "Rien d’écrit en ukrainien" in page
    assert "Merci, bravo." not in held.csm.get(f"{held.url}/preview?lang=en").text
    assert "Merci, bravo." in held.csm.get(f"{held.url}/preview?lang=fr").text
    held.csm.post(f"{held.url}/texts/fr/removal")
    assert texts(held) == {}
    assert held.csm.post(f"{held.url}/texts/fr/cover", text="x", version="1").status_code == 404


def test_points_come_from_the_meeting_and_are_reordered_removed_added(one_held):
    held = one_held
    first, _seen = shown(held, "point-0")
    assert re.sub(r"\s", " ", first) == "Traitement des litiges : 184 800 € par an, chiffre confirmé par Anne Leclerc"
    page = held.csm.get(held.url).text
    assert "Orléans : 17 badges à recréer après le changement d’équipe" in page
    assert "Note de la partie 5 vide" in page
    count = len(set(re.findall(r'id="f-point-(\d+)"', page)))
    second, other = shown(held, "point-1")
    held.csm.post(f"{held.url}/points/fr/up", htmx=True, number="1", version=other)
    assert texts(held)["fr"]["points"][:2] == [second, first]
    # A point that moved meanwhile is not taken for another one.
    wrong = held.csm.post(f"{held.url}/points/fr/removal", htmx=True, number="0", version=version_of(first))
    assert wrong.status_code == 422
    assert held.csm.post(f"{held.url}/points/fr/removal", number="0", version=version_of(second)).status_code == 303
    held.csm.post(f"{held.url}/points/fr", text="")
    assert len(texts(held)["fr"]["points"]) == count
    held.csm.post(f"{held.url}/texts/fr/point.{count - 1}", text="Le churn baisse", version=version_of(""))
    after = held.csm.get(held.url).text
    assert "Mot interne : « churn »" in after
    assert "Note de la partie 5 vide" not in after
    for _more in range(30):
        held.csm.post(f"{held.url}/points/fr", text="Encore")
    assert len(texts(held)["fr"]["points"]) == 20


def test_actions_are_the_action_items_themselves(one_held):
    held = one_held
    item = held.one(sa.select(ActionItem).where(ActionItem.title == "Désigner un référent à Lyon"))
    told = {"title": item.title, "owner": f"contact:{item.owner_contact_id}", "version": item.version}
    url = f"/recap/actions/{item.id}"
    with held.scope():
        db.session.get_one(ActionItem, item.id).note = "À ne pas perdre"
    item = held.one(sa.select(ActionItem).where(ActionItem.id == item.id))
    stale = held.csm.post(url, htmx=True, **told, due_on="2026-12-11")
    assert stale.status_code == 409
    assert "Quelqu’un a enregistré avant vous" in stale.text
    told["version"] = item.version
    saved = held.csm.post(url, htmx=True, **told, due_on="2026-12-11")
    assert saved.status_code == 200
    assert "Échéance à fixer" not in saved.text
    assert f'name="version" value="{item.version + 1}"' in saved.text
    row = held.one(sa.select(ActionItem).where(ActionItem.id == item.id))
    assert (row.due_on, row.note, row.state) == (date(2026, 12, 11), "À ne pas perdre", "open")
    wrong = held.csm.post(url, htmx=True, title="", owner="", due_on="", version=row.version)
    assert wrong.status_code == 422
    assert held.csm.post(url, htmx=True, title="x", owner="", due_on="31/12", version=row.version).status_code == 422
    held.csm.post(f"{held.url}/actions", title="Ouvrir le quai 3", owner="", due_on="")
    assert "Responsable à désigner" not in held.csm.get(held.url).text  # first its date
    assert len(held.actions()) == 3
    with held.scope():
        db.session.get_one(ActionItem, row.id).source_kind = "advice"
    assert held.csm.post(url, title="x", owner="", due_on="", version="9").status_code == 404


def test_decisions_stand_apart_and_the_page_asks_a_constant_number_of_questions(one_held):
    held = one_held
    held.csm.get(held.url)
    with counted(held.app) as few:
        held.csm.get(held.url)
    with held.scope():
        for number in range(20):
            at = held.one(sa.select(Capture.at).limit(1))
            db.session.add(
                Capture(review_id=held.id, token=f"d{number}", kind="decision", text=f"Décision {number}", at=at)
            )
            db.session.add(
                ActionItem(
                    account_id=held.account,
                    title=f"Action {number}",
                    source_kind="review",
                    source_id=held.id,
                    created_at=at,
                )
            )
    with counted(held.app) as many:
        page = held.csm.get(held.url).text
    assert "Décisions prises" in page
    assert len(many) == len(few) < 70


def test_a_review_to_come_has_nothing_to_recap(story, now):
    csm = story.login("csm")
    made = csm.post(
        f"/accounts/{story.id('Groupe Valmorin')}/reviews",
        period="2026-Q4",
        sections=["results"],
        kind="",
        language="fr",
    )
    page = csm.get(f"{made.location}/recap")
    assert page.status_code == 200
    assert "Rien à récapituler encore" in page.text
    assert csm.post(f"{made.location}/recap/sending").status_code == 303
    assert csm.get(f"{made.location}/recap/preview").status_code == 404
