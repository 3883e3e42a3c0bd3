"""The workspace over HTTP: texts that save themselves, undo, redo, the history, figures that moved, its cost."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from haark import clock
from haark.events.domain import record
from haark.extensions import db
from haark.measures.models import Survey
from haark.reviews import history, queries
from haark.reviews.models import TextEdit, TextRevision
from tests.conftest import TODAY, Story
from tests.support.people import Visitor
from tests.support.statements import counted

ALL = ["results", "usage", "opportunities", "actions"]
MOST_STATEMENTS = 15


Desk = tuple[Story, Visitor, str]


def opened(story: Story) -> Desk:
    """Claire's review of Groupe Valmorin."""
    csm = story.login("csm")
    account = story.id("Groupe Valmorin")
    url = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr").location
    return story, csm, url


@pytest.fixture
def desk(db_story: Story) -> Desk:
    """The review, on both databases."""
    return opened(db_story)


@pytest.fixture
def solo(story: Story) -> Desk:
    """The review, on SQLite."""
    return opened(story)


def title_of(page: str) -> str:
    found = re.search(
        r'name="text" rows="2" maxlength="4000">([^<]*)</textarea></div>\s*<div[^>]*id="f-value-headline', page
    )
    assert found
    return found[1]


def revisions(story: Story) -> list[TextRevision]:
    with story.app.app_context():
        return list(db.session.scalars(sa.select(TextRevision).order_by(TextRevision.id)))


def later(story: Story, seconds: int) -> None:
    """Time passes: what was written is so many seconds old."""
    with story.app.app_context():
        for row in db.session.scalars(sa.select(TextRevision)):
            row.at -= timedelta(seconds=seconds)
        db.session.commit()


def write(who: Visitor, url: str, text: str, version: int, **more: Any) -> Any:
    return who.post(f"{url}/slides/value/texts/headline", text=text, version=str(version), **more)


def test_typing_makes_one_step_and_undo_walks_back_through_the_steps(desk: Desk):
    story, csm, url = desk
    here = f"{url}?slide=value"
    computed = title_of(csm.get(here).text)
    for version, text in enumerate(("Nous", "Nous avons", "Nous avons gagné")):
        assert write(csm, url, text, version).status_code == 303
    assert [(row.before, row.text) for row in revisions(story)] == [(None, "Nous avons gagné")]
    later(story, 61)
    write(csm, url, "Et maintenant ?", 3)
    assert len(revisions(story)) == 2

    assert csm.post(f"{url}/changes/removal").location == here
    assert title_of(csm.get(here).text) == "Nous avons gagné"
    csm.post(f"{url}/changes/removal")
    assert title_of(csm.get(here).text) == computed
    assert "plus rien à annuler" in csm.get(csm.post(f"{url}/changes/removal").location).text

    csm.post(f"{url}/changes")
    csm.post(f"{url}/changes")
    assert title_of(csm.get(here).text) == "Et maintenant ?"
    assert "rien à refaire" in csm.get(csm.post(f"{url}/changes").location).text


def test_undo_never_takes_back_what_somebody_else_wrote_since(desk: Desk):
    story, csm, url = desk
    write(csm, url, "Les mots de Claire", 0)
    assert write(story.login("manager"), url, "Les mots de Nadia", 1).status_code == 303
    assert "depuis" in csm.get(csm.post(f"{url}/changes/removal").location).text
    assert title_of(csm.get(f"{url}?slide=value").text) == "Les mots de Nadia"


def order(story: Story, url: str) -> dict[str, bool]:
    """The slides in their order, and whether they are hidden."""
    with story.app.app_context():
        return {place.key: place.hidden for place in queries.places(int(url.rsplit("/", 1)[1]))}


def test_undo_walks_back_over_texts_and_slides_in_the_order_they_were_changed(desk: Desk):
    story, csm, url = desk
    first = order(story, url)
    write(csm, url, "Nos mots", 0)
    csm.post(f"{url}/slides/usage/hiding")
    for _step in range(2):
        csm.post(f"{url}/slides/value/place", step="-1")
    last = order(story, url)
    assert last["usage"] and list(last) != list(first)
    assert csm.post(f"{url}/changes/removal").location == f"{url}?slide=value"
    once = order(story, url)
    for _step in range(3):
        csm.post(f"{url}/changes/removal")
    assert order(story, url) == first and list(order(story, url)) == list(first)
    assert title_of(csm.get(f"{url}?slide=value").text) != "Nos mots"
    assert "plus rien à annuler" in csm.get(csm.post(f"{url}/changes/removal").location).text
    for _step in range(3):
        csm.post(f"{url}/changes")
    assert list(order(story, url)) == list(once) and order(story, url)["usage"]
    csm.post(f"{url}/changes")
    assert list(order(story, url)) == list(last) and title_of(csm.get(f"{url}?slide=value").text) == "Nos mots"
    assert "rien à refaire" in csm.get(csm.post(f"{url}/changes").location).text
    # Something new ends what could be made again; what somebody else did to the same slide is not taken back.
    csm.post(f"{url}/changes/removal")
    csm.post(f"{url}/slides/plan/hiding")
    assert "rien à refaire" in csm.get(csm.post(f"{url}/changes").location).text
    other = story.login("manager")
    other.post(f"{url}/slides/plan/hiding/removal")
    other.post(f"{url}/slides/plan/hiding")
    csm.post(f"{url}/changes/removal")
    kept = order(story, url)
    assert kept["plan"] and list(kept) == list(first), "one step further back: the first move"


def test_a_text_whose_answer_was_lost_is_sent_again_without_a_conflict(solo: Desk):
    story, csm, url = solo
    write(csm, url, "Écrit dans le train", 0)
    assert write(csm, url, "Écrit dans le train", 0, htmx=True).status_code == 200
    late = write(csm, url, "Une autre phrase", 0, htmx=True)
    assert late.status_code == 409
    assert "data-collided" in late.text  # typing on saves nothing: only the button does
    assert "Écrit dans le train" in late.text and "Une autre phrase" in late.text
    with story.app.app_context():
        assert db.session.scalars(sa.select(TextEdit.text)).all() == ["Écrit dans le train"]


def test_the_history_says_who_changed_what_and_brings_an_earlier_text_back(desk: Desk):
    story, csm, url = desk
    write(csm, url, "Un gain de temps réel", 0)
    later(story, 61)
    write(story.login("manager"), url, "Un gain de temps mesuré", 1)
    csm.post(f"{url}/figures/usage.active", value="48", reason="Trois comptes partagés", version="0", slide="usage")
    csm.post(f"{url}/slides/stories/hiding")
    page = csm.get(f"{url}/history").text
    for told in ("Claire Delorme", "Nadia Benali", "<del>réel</del><ins>mesuré</ins>", "Trois comptes partagés"):
        assert told in page, told
    assert "<del>45</del>" in page and "<ins>48</ins>" in page
    assert "Diapositive masquée\u202f: Témoignages" in page

    first = revisions(story)[0].id
    back = f"{url}/history/{first}/restoration"
    assert csm.post(back, version="1").location == f"{url}/history"  # a page of before Nadia's change
    assert title_of(csm.get(f"{url}?slide=value").text) == "Un gain de temps mesuré"
    assert csm.post(back, version="2").location == f"{url}?slide=value"
    assert title_of(csm.get(f"{url}?slide=value").text) == "Un gain de temps réel"
    assert csm.post(f"{url}/history/{first + 1000}/restoration", version="2").status_code == 404


def test_a_long_history_is_read_page_by_page_and_nothing_is_told_twice(solo: Desk):
    story, csm, url = solo
    review_id, at = int(url.rsplit("/", 1)[1]), clock.moment()
    with story.app.app_context():
        for step in range(70):
            told = {"slide": "usage", "position": step}
            record("review.slide_moved", at=at + timedelta(minutes=step), subject=("review", review_id), **told)
            row = TextRevision(review_id=review_id, slide_key="value", field="headline", text=f"Titre {step}")
            row.at, row.computed = at + timedelta(minutes=step, seconds=30), "Dit Haark"
            db.session.add_all([row] if step < 40 else [])
        db.session.commit()
    with story.app.app_context():
        seen, after = [], None
        while True:
            page = history.page(review_id, after)
            seen += [(one.kind, one.revision, (one.data or {}).get("position"), one.at) for one in page.changes]
            after = page.after
            if after is None:
                break
    assert len(seen) == 70 + 40 + 2
    assert sum(1 for one in seen if one[0] == "text") == len({one[1] for one in seen if one[0] == "text"}) == 40
    assert "Afficher les 50 suivants" in csm.get(f"{url}/history").text


def test_figures_that_moved_are_counted_then_listed_and_words_stay(solo: Desk):
    story, csm, url = solo
    write(csm, url, "Nos mots à nous", 0)
    assert "à jour" in csm.get(f"{url}/drift", htmx=True).text
    with story.app.app_context():
        account = story.id("Groupe Valmorin")
        db.session.add(Survey(account_id=account, date=TODAY, kind="csat", score=1.0, identity="test:1"))
        db.session.commit()
    assert "1 chiffre a bougé depuis" in csm.get(f"{url}/drift", htmx=True).text
    listed = csm.get(f"{url}/drift").text
    assert "CSAT moyen, sur 5" in listed and ">5,0<" in listed and "Valeur délivrée" in listed
    done = csm.post(f"{url}/facts", slide="value")
    assert done.location == f"{url}?slide=value&moved=yes"
    page = csm.get(done.location).text
    assert "1 chiffre a changé" in page and "Nos mots à nous" in page
    assert "Aucun chiffre n’a changé" in csm.get(csm.post(f"{url}/facts", slide="value").location).text


def test_opening_the_workspace_costs_the_same_with_nothing_and_with_much_written(desk: Desk):
    story, csm, url = desk
    csm.get(url)
    sent = []
    for round_ in range(2):
        with counted(story.app) as statements:
            assert csm.get(f"{url}?slide=value").status_code == 200
        sent.append(len([one for one in statements if one != "BEGIN"]))
        if round_:
            break
        for slide in ("cover", "agenda", "objectives", "usage", "plan"):
            csm.post(f"{url}/slides/{slide}/texts/headline", text=f"Titre de {slide}", version="0")
        csm.post(f"{url}/slides/usage/copy")
        csm.post(f"{url}/slides/new/text", headline="À nous", body="Un\nDeux", after="value")
    assert sent[0] == sent[1] <= MOST_STATEMENTS


def test_each_text_seen_on_the_slide_is_opened_in_place_and_has_its_form(solo: Desk):
    _story, csm, url = solo
    page = csm.get(f"{url}?slide=plan").text
    spots = re.findall(r'href="#([\w-]+)-in" class="spot" id="', page)
    assert "f-plan-headline" in spots and len(spots) == len(set(spots)) > 2
    for ident in spots:
        assert f'id="{ident}-in"' in page
    sales = csm.app and Visitor(csm.app).login("sales")
    other = sales.get(f"{url}?slide=plan").text
    if "data-draft" not in other:  # who may only read gets neither
        assert 'class="spot"' not in other


def test_a_review_of_before_tells_when_it_was_last_saved(solo: Desk):
    story, csm, url = solo
    assert re.search(r"Enregistré \d\d:\d\d<", csm.get(url).text)
    with story.app.app_context():
        taken = queries.snapshot(int(url.rsplit("/", 1)[1]))
        assert taken is not None
        taken.facts = {**taken.facts, "taken_at": clock.start_of(TODAY - timedelta(9)).isoformat()}
        db.session.commit()
    assert "Enregistré 3 nov. 2026" in csm.get(url).text


def test_the_deck_of_earlier_figures_is_read_and_printed_again(solo: Desk):
    story, csm, url = solo
    review_id = int(url.rsplit("/", 1)[1])
    write(csm, url, "Nos mots à nous", 0)
    with story.app.app_context():
        account = story.id("Groupe Valmorin")
        db.session.add(Survey(account_id=account, date=TODAY, kind="csat", score=1.0, identity="test:2"))
        db.session.commit()
    csm.post(f"{url}/facts")
    listed = csm.get(f"{url}/snapshots").text
    assert "1 chiffre a bougé" in listed and "Ceux du deck" in listed and "Claire Delorme" in listed
    there = re.search(rf'href="({url}/snapshots/\d+)"', listed)
    assert there
    page, here = csm.get(there[1]).text, csm.get(f"{url}?slide=value").text
    assert "Version ancienne, en lecture seule." in page and "Chiffres du 12 nov. 2026" in page
    assert ">5,0<" in page and ">5,0<" not in here and "Chiffres du" not in here
    assert "Nos mots à nous" in page and "<textarea" not in page
    # Its files are others than the present ones, and say on which day their figures were read.
    kept = there[1].rsplit("/", 1)[1]
    csm.post(f"{url}/exports", format="pdf", snapshot=kept)
    sent = csm.get(f"{url}/deck.pdf?snapshot={kept}")
    assert sent.status_code == 200 and "-2026-Q4-2026-11-12.pdf" in sent.headers["Content-Disposition"]
    assert csm.get(f"{url}/deck.pdf").status_code == 302
    assert "Nos mots à nous" in csm.get(f"{url}/deck.md?snapshot={kept}").text
    assert "<b>3,0</b>" in page, "what moved since is beside it"
    # The present figures are the review itself; those of another review are not found.
    with story.app.app_context():
        latest = queries.snapshot(review_id)
        assert latest
    assert csm.get(f"{url}/snapshots/{latest.id}").location == url
    assert csm.get(f"{url}/snapshots/999999").status_code == 404
    assert csm.get(f"{url}/deck.md?snapshot=999999").status_code == 404
