"""The libraries' pages: written, filtered, changed, deleted and brought back; refusals keep what was typed."""

import pytest
import sqlalchemy as sa

from haark import clock
from haark.accounts.models import AccountCard
from haark.events.models import Event
from haark.extensions import db
from haark.library import domain
from haark.library.models import RoadmapItem, Story
from haark.measures.models import Feature
from tests.support.clients import settle
from tests.support.statements import counted

STORY = {
    "title": "Deux jours gagnés par avoir",
    "client": "Ateliers Kerneis",
    "result": "4 jours au lieu de 6",
    "quote": "On ne relance plus.",
    "speaker": "Maud Le Goff",
    "language": "fr",
    "sectors": ["Distribution"],
    "features": ["litiges"],
    "needs": " avoirs, Avoirs ,nouveau site,",
    "permission": "named",
    "permission_until": "2027-06-30",
    "valid_from": "",
    "valid_until": "",
}
ITEM = {
    "title": "Import en deux minutes",
    "benefit": "Moins d’attente",
    "stage": "in_progress",
    "language": "fr",
    "public": "y",
}


@pytest.fixture
def house(app):
    house = settle(app)
    with app.app_context():
        db.session.add(Feature(key="litiges", name="Litiges"))
        db.session.execute(sa.update(AccountCard).values(sector="Distribution"))
        db.session.commit()
    return house


def stories(house):
    with house.app.app_context():
        return list(db.session.scalars(sa.select(Story).order_by(Story.id)))


def written(house, **other):
    """A story by Claire, through the page."""
    answer = house.login("csm").post("/library/stories", **{**STORY, **other})
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def test_empty_libraries_lead_on(house):
    visitor = house.login("csm")
    assert "Aucune réussite pour l’instant" in visitor.get("/library").text
    assert "/library/roadmap/new" in visitor.get("/library?tab=roadmap").text
    reader = house.login("sales")
    assert "/library/stories/new" not in reader.get("/library").text
    assert reader.get("/library/stories/new").status_code == 403
    assert reader.post("/library/stories", **STORY).status_code == 403


def test_a_story_is_written_and_read(house):
    ident = written(house)
    row = stories(house)[0]
    assert (row.needs, row.sectors, row.features) == (["avoirs", "nouveau site"], ["Distribution"], ["litiges"])
    assert (row.account_id, row.created_by_id) == (house.foreign, house.users["csm"])
    page = house.login("sales").get(f"/library/stories/{ident}").text
    assert "On ne relance plus." in page and "Maud Le Goff, Ateliers Kerneis" in page
    assert f"/accounts/{house.foreign}" in page and "/edit" not in page and "jusqu’au 30 juin 2027" in page
    with house.app.app_context():
        event = db.session.scalar(sa.select(Event).where(Event.kind == "story.added"))
        assert event.subject_id == ident and event.account_id is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": " "}, "Donnez un titre"),
        ({"result": "", "quote": ""}, "Écrivez un résultat ou une citation"),
        (
            {"permission": "anonymous", "quote": "Chez ateliers Kerneis, on ne relance plus."},
            "Ce texte nomme le client",
        ),
        ({"permission": "named", "client": ""}, "Nommez le client"),
        ({"valid_from": "2026-12-01", "valid_until": "2026-11-01"}, "La fin de validité vient après le début"),
        ({"permission_until": "31/31/2026"}, "Cette date n’existe pas"),
        ({"features": ["inconnue"]}, "entry"),
        ({"needs": ", ".join(str(number) for number in range(21))}, "20 besoins au plus"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(house, wrong, says):
    visitor = house.login("csm")
    for htmx in (False, True):
        answer = visitor.post("/library/stories", htmx=htmx, **{**STORY, **wrong})
        assert answer.status_code == 422 and says in answer.text
        assert "Maud Le Goff" in answer.text and ("<html" in answer.text) != htmx
    assert stories(house) == []


def test_only_the_author_managers_and_admins_change_it(house):
    ident = written(house)
    for role, status in (("other", 403), ("sales", 403), ("manager", 200), ("admin", 200), ("csm", 200)):
        assert house.login(role).get(f"/library/stories/{ident}/edit").status_code == status, role
    assert house.login("other").post(f"/library/stories/{ident}/removal").status_code == 403


def test_the_second_of_two_sees_both_versions_and_can_insist(house):
    ident = written(house)
    first, second = house.login("csm"), house.login("manager")
    assert first.post(f"/library/stories/{ident}", version=1, **{**STORY, "sectors": []}).status_code == 303
    late = second.post(f"/library/stories/{ident}", version=1, **{**STORY, "title": "Trois jours gagnés"})
    assert late.status_code == 409 and 'value="Trois jours gagnés"' in late.text
    assert "Version enregistrée" in late.text and "Distribution" in late.text and 'value="2"' in late.text
    again = second.post(f"/library/stories/{ident}", version=2, **{**STORY, "title": "Trois jours gagnés"})
    assert again.status_code == 303 and stories(house)[0].title == "Trois jours gagnés"


def test_deleting_can_be_undone(house):
    ident, visitor = written(house), house.login("csm")
    gone = visitor.post(f"/library/stories/{ident}/removal")
    assert gone.location == "/library?tab=stories"
    assert f"/library/stories/{ident}/removal/removal" in visitor.get("/library").text
    assert visitor.get(f"/library/stories/{ident}").status_code == 404
    assert visitor.post(f"/library/stories/{ident}/removal/removal").status_code == 303
    assert visitor.get(f"/library/stories/{ident}").status_code == 200
    assert visitor.post(f"/library/stories/{ident}/removal/removal").status_code == 404


def test_filters_search_and_counts(house):
    written(house)
    written(house, title="Quai plus calme", permission="none", sectors=[], needs="quais", valid_until="2026-01-01")
    written(house, title="Fewer claims", language="en", permission_until="2026-11-11")
    visitor = house.login("manager")
    expected = {
        "q=relance": 3,
        "q=QUAIS": 1,
        "q=litiges": 3,
        "sector=Distribution": 2,
        "sector=everybody": 1,
        "language=en": 1,
        "permission=named": 1,
        "permission=none": 2,  # one whose permission has ended counts as forbidden
        "standing=expired": 1,
        "sector=Distribution&language=en": 1,
        "q=rien": 0,
        "language=xx&standing=old": 3,
    }
    for query, count in expected.items():
        text = visitor.get(f"/library?{query}").text
        assert text.count('<li class="top">') == count, query
    assert "Permission finie le 11 nov. 2026" in visitor.get("/library").text
    assert "Effacez les filtres" in visitor.get("/library?q=rien").text
    assert visitor.get("/library", htmx=True).text.lstrip().startswith('<div id="shelf">')


def test_a_roadmap_item_is_written_and_changed(house):
    visitor = house.login("csm")
    answer = visitor.post("/library/roadmap", **ITEM, available_on="2027-01-15")
    assert answer.status_code == 303
    page = visitor.get(answer.location).text
    assert "Montrable au client" in page and "En cours, 15 janv. 2027" in page
    hidden = {name: value for name, value in ITEM.items() if name != "public"}
    assert visitor.post(answer.location, version=1, **hidden).status_code == 303
    assert "Tant qu’il reste interne" in visitor.get(answer.location).text
    with house.app.app_context():
        changes = db.session.scalar(sa.select(Event).where(Event.kind == "roadmap_item.changed")).data["changes"]
    assert changes == {"public": [True, False], "available_on": ["2027-01-15", None]}


def test_the_page_takes_as_many_statements_for_two_entries_as_for_sixty(house):
    visitor = house.login("csm")
    visitor.get("/library")

    def statements():
        with counted(house.app) as sent:
            assert visitor.get("/library").status_code == 200
        return len(sent)

    def fill(number):
        with house.app.app_context():
            for index in range(number):
                told = {"title": f"Numéro {index}", "result": "1", "permission": "named", "client": "X"}
                told |= {"sectors": [], "features": [], "needs": []}
                domain.add(Story, told, by=house.users["csm"], at=clock.moment())
                domain.add(
                    RoadmapItem,
                    {"title": f"Élément {index}", "sectors": [], "features": [], "needs": []},
                    by=None,
                    at=clock.moment(),
                )
            db.session.commit()

    fill(2)
    few = statements()
    fill(58)
    assert statements() == few
    assert "50 sur 60" in visitor.get("/library").text
