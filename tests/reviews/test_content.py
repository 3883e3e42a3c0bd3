"""What the slides say beyond the figures: summary, next date, decisions taken, claims, and what is for our own eyes."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from haark import clock
from haark.cadence import domain as cadence
from haark.decks.outline import Columns, Decisions, NextDate, Table
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.reviews import assembly, domain, prep, queries
from haark.reviews.content import Edit, Held
from haark.reviews.meeting.models import Capture, Meeting
from haark.reviews.panes import roi_of
from haark.value.models import RoiCase
from tests.conftest import TODAY
from tests.reviews.test_deck import stored_of

CLIENT = "Groupe Valmorin"


@pytest.fixture
def stored(story):
    with story.app.app_context():
        yield stored_of(story.id(CLIENT), "2026-Q4")


def blocks(book, key, kind):
    slide = book.page(key).slide
    return [block for block in (*slide.blocks, *slide.aside) if isinstance(block, kind)]


def test_the_summary_waits_for_a_person_but_for_an_executive_review(story):
    with story.app.app_context():
        account = story.id(CLIENT)
        hidden = {}
        for period, kind in (("2026-Q4", "qbr"), ("2026", "ebr")):
            span = domain.read_period(account, period, TODAY)
            told = {"by": None, "at": clock.moment(), "on": TODAY}
            made = domain.generate(account, span, ["results"], "fr", kind=kind, **told)
            hidden[kind] = {place.key: place.hidden for place in queries.places(made.id)}["summary"]
        assert hidden == {"qbr": True, "ebr": False}


def test_the_summary_tells_state_people_goals_and_changes_and_the_rating_apart(stored):
    facts = {**stored.facts, "project": {"rating": 4, "author": "Claire Delorme", "on": "2026-11-03"}}
    book = assembly.assemble(replace(stored, facts=facts))
    (columns,) = blocks(book, "summary", Columns)
    assert [panel.title for panel in columns.panels] == [
        "Le projet",
        "Les personnes",
        "Vos objectifs",
        "Ce qui a changé",
    ]
    state, people, goals, changes = ([*panel.items] for panel in columns.panels)
    assert state[:2] == ["2 objectifs atteints", "2 objectifs à redresser"] and "3 promesses tenues sur 6" in state
    assert people[0] == "Sophie Marchand, sponsor"
    assert "Utilisateurs actifs\u202f: En danger" in goals
    assert "Utilisateurs actifs\u202f: 45, contre 67" in changes
    assert book.page("summary").slide.blocks[1].text == "4 sur 5, Claire Delorme, 3 nov. 2026"
    assert "4 sur 5" not in " ".join(state)


def test_the_review_after_this_one_is_frozen_with_the_facts(db_story):
    """Three months after the one that is prepared; a planned one goes first; unknown stays unknown."""
    with db_story.app.app_context():
        account = db_story.id(CLIENT)
        stored = stored_of(account, "2026-Q4")
        review = queries.existing(account, "2026-Q4")
        kept = stored.facts["next"]
        assert kept["kind"] == "ebr" and not kept["planned"], "its year ends in the quarter after"
        assert date.fromisoformat(kept["on"]) > (review.due_on or TODAY)
        (shown,) = blocks(assembly.assemble(stored), "recap", NextDate)
        assert shown.value.startswith("d’ici au ")

        told = {"by": None, "at": clock.moment(), "on": TODAY}
        cadence.plan_review(account, "qbr", TODAY + timedelta(110), **told)
        assert queries.snapshot(review.id).facts["next"] == kept, "what was frozen stays"
        domain.fill(review, **told)
        fresh = queries.snapshot(review.id).facts["next"]
        assert fresh == {"on": (TODAY + timedelta(110)).isoformat(), "kind": "qbr", "planned": True}

        unknown = replace(stored, facts={**stored.facts, "next": None})
        assert not blocks(assembly.assemble(unknown), "recap", NextDate)
        assert "next_date" in assembly.assemble(unknown).page("recap").draft.gaps
        sheet = prep.markdown(prep.sheet(unknown, "fr", TODAY))
        assert "- Revue suivante: inconnu" in sheet or "- Revue suivante: n. d." in sheet


def test_decisions_sought_become_decisions_taken_once_the_review_was_held(db_story):
    with db_story.app.app_context():
        account = db_story.id(CLIENT)
        stored_of(account, "2026-Q4")
        review = queries.existing(account, "2026-Q4")
        (sought,) = blocks(domain.compose(review), "recap", Decisions)
        assert sought.title == "Décisions attendues"

        said = {"review_id": review.id, "at": clock.moment()}
        db.session.add(Capture(token="a", kind="decision", text="Lyon démarre en janvier", **said))
        db.session.add(Capture(token="b", kind="decision", text="Retirée", deleted_at=clock.moment(), **said))
        db.session.add(Capture(token="c", kind="action", text="Recréer les badges", **said))
        db.session.add(
            Meeting(review_id=review.id, started_at=clock.moment(), next_on=date(2027, 2, 11), spent=[], part=5)
        )
        cadence.hold(review, TODAY, by=None, at=clock.moment(), on=TODAY)
        book = domain.compose(review)
        (taken,) = blocks(book, "recap", Decisions)
        assert (taken.title, taken.items) == ("Décisions prises le 12 nov. 2026", ("Lyon démarre en janvier",))
        assert blocks(book, "recap", NextDate)[0].value == "11 févr. 2027"
        assert blocks(book, "agenda", Decisions)[0].title == "Décisions attendues"


def test_words_for_decisions_sought_are_not_taken_for_decisions_made(stored):
    edits = {("recap", "decisions"): Edit("Étendre à Lyon"), ("agenda", "decisions"): Edit("Étendre à Lyon")}
    held = Held(TODAY, ())
    book = assembly.assemble(replace(stored, edits=edits, held=held))
    assert not blocks(book, "recap", Decisions)


def test_a_gain_is_an_estimate_with_its_formula_until_the_client_confirms_it(db_story):
    with db_story.app.app_context():
        account = db_story.id(CLIENT)
        plain = assembly.assemble(stored_of(account, "2026-Q4")).page("value").slide
        assert "selon notre estimation" in plain.headline
        assert "Traitement des litiges, estimation\u202f: 10 × 8 h × 220 j × 35\u00a0€ × 30\u00a0%" in re.sub(
            "\u202f€", "\u00a0€", plain.source
        )
        case = db.session.scalar(db.select(RoiCase).where(RoiCase.account_id == account))
        line = case.lines[0]
        line.saved_percent_low, line.saved_percent_high = 20, 40
        line.baseline, line.present, line.source = "3,2 jours", "1,9 jour", "ERP de Valmorin"
        line.confirmed_on, line.confirmed_by = date(2026, 10, 12), "Anne Leclerc"
        db.session.flush()
        book = assembly.assemble(stored_of(account, "2026-Q4"))
        slide = book.page("value").slide
        assert "estimation" not in slide.headline and "gain confirmé" in slide.headline
        footer = " ".join(slide.source.split())
        assert "confirmé par Anne Leclerc le 12 oct. 2026" in footer
        assert "3,2 jours avant, 1,9 jour aujourd’hui, ERP de Valmorin" in footer
        (told,) = slide.blocks[1].items
        assert "123 200" in " ".join(told.split()) and "246 400" in " ".join(told.split())
        pane = roi_of(book, "fr")
        assert pane and [(row.case, row.gain.replace("\u202f", ""), row.roi) for row in pane.cases] == [
            ("low", "123200\u00a0€", "262\u00a0%"),
            ("expected", "184800\u00a0€", "443\u00a0%"),
            ("high", "246400\u00a0€", "624\u00a0%"),
        ]


def test_a_corrected_gain_is_an_estimate_again(stored):
    from haark.reviews.figures import Override

    roi = json.loads(json.dumps(stored.facts["roi"]))
    for line in roi["lines"]:
        line.update(confirmed_on="2026-10-12", confirmed_by="Anne Leclerc")
    sure = replace(stored, facts={**stored.facts, "roi": roi})
    assert "gain confirmé" in assembly.assemble(sure).page("value").slide.headline
    own = replace(sure, overrides={"value.gain": Override(200_000_00, "arrondi")})
    assert "estimation" in assembly.assemble(own).page("value").slide.headline


@pytest.mark.parametrize("language", LANGUAGES)
def test_health_and_risks_are_in_the_internal_edition_alone(stored, language):
    deck = assembly.assemble(replace(stored, language=language)).deck
    client = [slide.key for slide in deck.for_edition("client").visible()]
    internal = [slide.key for slide in deck.for_edition("internal").visible()]
    assert set(internal) - set(client) == {"health", "risks"}
    risks = next(slide for slide in deck.slides if slide.key == "risks")
    assert isinstance(risks.blocks[0], Table) and len(risks.blocks[0].rows) >= 4
    health = next(slide for slide in deck.slides if slide.key == "health")
    assert "68" in health.headline and len(health.blocks) == 2


def test_a_challenge_says_why_and_what_help_is_asked_once_a_person_wrote_it(stored):
    table = assembly.assemble(stored).page("challenges").slide.blocks[0]
    assert [column.title for column in table.columns] == ["Défi", "Ouvert le", "Résolution", "État"]
    ident = stored.facts["tickets"]["listed"][0]["id"]
    edits = {
        ("challenges", f"cause.{ident}"): Edit("Pic de fin de mois"),
        ("challenges", f"help.{ident}"): Edit("Un échantillon de 200 lignes, par courriel"),
        ("challenges", f"helper.{ident}"): Edit("Julien Perrot"),
    }
    table = assembly.assemble(replace(stored, edits=edits)).page("challenges").slide.blocks[0]
    assert [column.title for column in table.columns][2:5] == ["Pourquoi", "Résolution", "Aide demandée"]
    assert [cell.text for cell in table.rows[0][2:5]][::2] == [
        "Pic de fin de mois",
        "Un échantillon de 200 lignes, par courriel (Julien Perrot)",
    ]
