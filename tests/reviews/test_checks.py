"""Checks before sharing find what they should, and nothing else, with a link to each."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark import clock
from haark.accounts.models import Account
from haark.comments import inside as words
from haark.decks.outline import Brand
from haark.events.models import Event
from haark.extensions import db
from haark.library.models import Story as Told
from haark.reviews import assembly, domain, queries
from haark.reviews.checks import measure, rules
from haark.reviews.checks import queries as checks
from haark.reviews.checks.rules import Around
from haark.reviews.content import Edit, Place
from haark.reviews.inviting.models import Participant
from tests.conftest import TODAY
from tests.reviews.test_deck import stored_of
from tests.reviews.test_journey import generate
from tests.support.statements import counted


@pytest.fixture
def stored(story):
    with story.app.app_context():
        yield stored_of(story.id("Groupe Valmorin"), "2026-Q4")


KNOWN = Around()


def found(stored, edition="client", allowed=False, around=KNOWN):
    return rules.findings(assembly.assemble(stored), edition, around, allowed=allowed)


def kinds(stored, **more):
    return [(one.kind, one.slide, one.spot) for one in found(stored, **more)]


def written(stored, slide, field, text):
    return replace(stored, edits={(slide, field): Edit(text)})


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("Le churn baisse.", "fr", "churn"),
        ("Votre SANTÉ est bonne", "fr", "SANTÉ"),
        ("L’ARR du compte", "fr", "ARR"),
        ("Un compte à risque ?", "fr", "compte à risque"),
        ("Les détracteurs du site", "fr", "détracteurs"),
        ("Your health score fell", "en", "health score"),
        ("Cross-selling to Lyon", "en", "Cross-selling"),
        ("Ризик відтоку клієнта", "uk", "відтоку"),
        ("Здоров’я рахунку", "uk", "Здоров’я"),
        ("Nous arrivons au marché, une carrure sans marginal", "fr", None),
        ("Le barrage d’Arrens et son sanatorium", "fr", None),
        ("We arrive healthy", "en", None),
        ("Потік товарів зростає", "uk", None),
    ],
)
def test_words_of_the_house_are_found_on_their_boundaries_without_case_and_accents(text, language, word):
    hit = words.found(text, "internal", language)
    assert (hit and hit[0]) == word


@given(st.text(max_size=200))
def test_folding_keeps_every_character_in_its_place(text):
    assert len(words.fold(text)) == len(text)


def test_a_finding_quotes_the_sentence_and_leads_to_its_field(story):
    csm, url, _account = generate(story)
    text = "Tout va bien. Votre churn reste sous 3 %. Merci."
    csm.post(f"{url}/slides/usage/texts/headline", text=text, version="0")
    page = csm.get(f"{url}/checks").text
    assert "Mot interne\u202f: «\u202fchurn\u202f»" in page
    assert "<q>Votre churn reste sous 3 %.</q>" in page
    assert f'href="{url}?slide=usage#f-usage-headline"' in page
    assert "churn" not in csm.get(f"{url}/checks?edition=internal").text.split('id="checks"')[1]


def test_the_plain_sample_holds_nothing_grave(stored):
    assert [one for one in found(stored) if one.severity == "high"] == []
    assert [one for one in found(stored, edition="internal") if one.severity == "high"] == []


def test_internal_figures_on_a_slide_for_the_client(stored):
    own = [
        Place("f", kind="figures", data={"items": [{"figure": "arr.end"}, {"figure": "usage.active"}]}),
        Place("h", kind="figures", data={"items": [{"figure": "health.score"}]}),
        Place("c", kind="chart", data={"series": "arr"}),
        Place("t", kind="text", data={"headline": "Bilan", "body": "Vous payez 120 000 € par an"}),
        Place("n", kind="figures", data={"items": [{"figure": "usage.active"}]}),
    ]
    mine = replace(stored, places=own)
    grave = {one.slide for one in found(mine) if one.kind == "internal_figure"}
    assert grave == {"f", "h", "c", "t"}
    assert [one for one in found(mine, allowed=True) if one.kind.startswith("internal")] == []
    assert [one for one in found(mine, edition="internal") if one.kind.startswith("internal")] == []


def test_allowed_internal_slides_are_named_on_the_clients_edition(stored):
    shown = [one.slide for one in found(stored, allowed=True) if one.kind == "internal_shown"]
    assert shown == ["health", "risks"]
    assert [one for one in found(stored) if one.slide in ("health", "risks")] == []


def test_figures_without_a_source_cut_texts_and_missing_descriptions(stored):
    assert ("source", "usage", "source") in kinds(written(stored, "usage", "source", ""))
    assert ("overflow", "value", "headline") in kinds(written(stored, "value", "headline", "Un gain mesuré " * 40))
    assert ("overflow", "value", "headline") not in kinds(stored)
    picture = {"sha256": "a" * 64, "width": 8, "height": 8}
    own = [
        Place("p", kind="image", data=picture),
        Place("f", kind="figures", data={"items": [{"label": "Palettes", "value": "12"}]}),
        Place("t", kind="table", data={"columns": ["Site", "Badges"], "rows": [["Lyon", "240"]]}),
        Place("e", kind="text", data={}),
    ]
    assert kinds(replace(stored, places=own)) == [
        ("alt", "p", "alt"),
        ("source", "f", ""),
        ("source", "t", "source"),
        ("empty", "e", ""),
    ]


def test_a_gain_nobody_confirmed_must_be_called_an_estimate(stored):
    bold = "Vous gagnez 184 800 € chaque année"
    assert ("claim", "value", "headline") in kinds(written(stored, "value", "headline", bold))
    assert ("claim", "recap", "points") in kinds(written(stored, "recap", "points", "ROI de 443 % atteint"))
    careful = "Vous gagnez 184 800 € chaque année selon notre estimation"
    assert not [one for one in found(written(stored, "value", "headline", careful)) if one.kind == "claim"]
    roi = {
        **stored.facts["roi"],
        "lines": [{**line, "confirmed_on": "2026-10-12"} for line in stored.facts["roi"]["lines"]],
    }
    sure = written(replace(stored, facts={**stored.facts, "roi": roi}), "value", "headline", bold)
    assert not [one for one in found(sure) if one.kind == "claim"]


def test_brand_colours_logo_and_participants(stored):
    pale = replace(stored, brand=Brand(primary="#7fd3e0", secondary="#0d7c8a"))
    assert [(one.kind, one.values) for one in found(pale) if one.kind == "contrast"] == [
        ("contrast", {"colour": "primary", "ratio": 1.7})
    ]
    around = Around(logo=False, scheduled=True, chosen=2, uninvited=("Anne Leclerc",))
    assert [one.kind for one in found(stored, around=around) if not one.slide] == ["uninvited", "logo"]
    assert "nobody" in [one.kind for one in found(stored, around=Around(scheduled=True))]


def test_hidden_slides_are_not_looked_at(stored):
    bad = written(stored, "usage", "headline", "Le churn")
    places = [replace(place, hidden=place.key == "usage") for place in stored.places]
    assert not [one for one in found(replace(bad, places=places)) if one.slide == "usage"]


def test_what_the_database_knows_is_asked_in_few_statements(db_story):
    with db_story.app.app_context():
        account = db_story.id("Groupe Valmorin")
        stored_of(account, "2026-Q4")
        db.session.commit()  # the job that suggests participants runs after it
        review = queries.existing(account, "2026-Q4")
        review.starts_at = clock.moment() + timedelta(days=7)
        story = Told(title="Litiges", client="Nordis", permission="named", created_at=clock.moment())
        db.session.add(story)
        db.session.flush()
        story.permission_until = TODAY - timedelta(1)
        db.session.execute(db.delete(Participant))
        said = {"review_id": review.id, "email": "a@b.fr"}
        db.session.add(Participant(name="Anne Leclerc", **said))
        db.session.add(Participant(name="Claire Delorme", ours=True, **said))
        db.session.add(Participant(name="Julien Perrot", invited_at=clock.moment(), **said))
        book = domain.compose(review)
        data = {"story_id": story.id, "title": "Litiges", "client": "Nordis", "result": "−52 %"}
        page = assembly.Page(99, Place("s", kind="story", data=data), book.pages[0].draft)
        book = replace(book, pages=(*book.pages, page))
        db.session.commit()
        assert review.starts_at is not None  # read again after the commit, which the count leaves aside
        with db_story.app.test_request_context(), counted(db_story.app) as sent:
            listed = checks.check(review, book, "client")
        assert len([statement for statement in sent if statement.startswith("SELECT")]) <= 3
        told = {one.kind: one for one in listed}
        assert told["permission"].quote == "Nordis"
        assert told["uninvited"].text == "1 participant sans invitation." and told["uninvited"].quote == "Anne Leclerc"
        assert told["logo"].href.endswith(f"/accounts/{account}/logo/edit")
        assert db.session.get_one(Account, account).logo_file_id is None


def test_a_person_lets_internal_content_out_and_takes_it_back(db_story):
    csm, url, _account = generate(db_story)
    assert csm.post(f"{url}/internal-content").location == f"{url}/checks"
    page = csm.get(f"{url}/checks").text
    assert "Diapositive interne dans l’édition du client" in page
    assert csm.post(f"{url}/internal-content/removal").status_code == 303
    assert "Diapositive interne" not in csm.get(f"{url}/checks").text
    with db_story.app.app_context():
        rows = db.session.scalars(db.select(Event.kind).where(Event.kind.like("review.internal%")).order_by(Event.id))
        assert list(rows) == ["review.internal_allowed", "review.internal_forbidden"]
    assert "Contenu interne permis" in csm.get(f"{url}/history").text


def test_the_count_is_loaded_beside_the_export(story):
    csm, url, _account = generate(story)
    assert 'hx-get="' + url + '/checks/count"' in csm.get(url).text
    line = csm.get(f"{url}/checks/count", htmx=True)
    assert "<html" not in line.text and re.search(r"points? à voir avant de partager|Rien à signaler", line.text)
    assert "hx-trigger" not in line.text


def test_the_page_costs_a_constant_number_of_statements(story):
    csm, url, _account = generate(story)
    csm.get(f"{url}/checks")
    with counted(story.app) as sent:
        csm.get(f"{url}/checks")
    assert len(sent) <= 15, sent


def test_measuring_looks_at_what_is_drawn(stored):
    book = assembly.assemble(written(stored, "agenda", "decisions", "\n".join(["Une décision à prendre"] * 14)))
    fitted = measure.slide(book.deck, book.page("agenda").slide)
    assert fitted.cut == ("et 6 autres",)
    assert measure.slide(book.deck, book.page("cover").slide).cut == ()
