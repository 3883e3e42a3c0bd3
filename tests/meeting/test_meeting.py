"""Holding the sample's review over HTTP: the clock, lines, notes of two people, the end and what it makes."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.extensions import db
from haark.measures.models import Interaction
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting.models import Capture, Meeting, MeetingNote
from haark.signals import words
from haark.signals.models import Signal
from tests.support.statements import counted

ALL = ["results", "usage", "opportunities", "actions"]


@pytest.fixture
def held(db_story):
    """The sample's review, its meeting about to begin: the story, the CSM, the address of the meeting."""
    csm, account = db_story.login("csm"), db_story.id("Groupe Valmorin")
    with db_story.app.app_context():  # the sample's own meetings are not what is told here
        for model in (Capture, MeetingNote, Meeting):
            db.session.execute(sa.delete(model))
        db.session.commit()
    url = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr").location
    return db_story, csm, f"{url}/meeting"


def kept(story, *queries):
    with story.app.app_context():
        return [db.session.execute(query).all() for query in queries]


def review_id(url):
    return int(re.search(r"/reviews/(\d+)/", url).group(1))


def test_the_agenda_shows_its_minutes_and_the_points_of_each_part(held):
    _story, csm, url = held
    page = csm.get(url).text
    assert re.findall(r'<span class="tag num">(\d+) min</span>', page) == ["5", "5", "15", "10", "10", "5"]
    for point in ("Tour de table", "Pourquoi ils nous ont choisis", "ROI démontré", "Retours sur le produit"):
        assert point in page
    assert "Ressources et formations" in page
    assert "Questions ouvertes" in page


def test_the_clock_is_the_servers_and_two_people_move_one_part(held):
    story, csm, url = held
    manager = story.login("manager")
    assert csm.post(f"{url}/start").status_code == 303
    assert csm.post(f"{url}/part", htmx=True, part="1", seen="0").status_code == 200
    assert manager.post(f"{url}/part", htmx=True, part="1", seen="0").status_code == 200  # pressed «next» just too late
    [[meeting]] = kept(story, sa.select(Meeting.part, Meeting.running_since, Meeting.started_at))
    assert (meeting.part, meeting.running_since is not None) == (1, True)
    paused = csm.post(f"{url}/pause", htmx=True).text
    assert 'data-running="0"' in paused
    assert "en pause" in paused
    assert csm.post(f"{url}/start", htmx=True).status_code == 200  # again: the same meeting
    assert 'data-running="1"' in csm.post(f"{url}/pause/removal", htmx=True).text
    assert "Partie 2" in manager.get(url).text


def test_one_line_is_kept_once_and_a_doubtful_one_is_asked_about(held):
    story, csm, url = held
    line = "/a Recréer 17 badges @paul guérin 23/11"
    for _again in range(2):
        answer = csm.post(f"{url}/captures", htmx=True, kind="decision", text=line, token="t1")
        assert answer.status_code == 200
        assert 'id="captures" hx-swap-oob="true"' in answer.text
    assert csm.post(f"{url}/captures", kind="decision", text="Étendre à Lyon @anne", token="t2").status_code == 303
    doubtful = csm.post(f"{url}/captures", htmx=True, kind="action", text="Voir @paul demain", token="t3")
    assert doubtful.status_code == 422
    assert "Voir @paul demain" in doubtful.text
    assert "Paul Guérin" in doubtful.text
    past = csm.post(f"{url}/captures", htmx=True, kind="action", text="Relancer 10/11", token="t4")
    assert "Le 10\xa0nov. 2026 est passé" in past.text.replace("10 nov.", "10\xa0nov.")
    rows, people = kept(
        story,
        sa.select(Capture.kind, Capture.text, Capture.due_on).order_by(Capture.id),
        sa.select(Capture.owner_contact_id),
    )
    assert [tuple(row) for row in rows] == [
        ("action", "Recréer 17 badges", date(2026, 11, 23)),
        ("decision", "Étendre à Lyon", None),
    ]
    assert all(row[0] for row in people)


def test_a_line_is_changed_removed_and_put_back(held):
    story, csm, url = held
    csm.post(f"{url}/captures", htmx=True, kind="action", text="Livrer le correctif", token="t1")
    [[(ident,)]] = kept(story, sa.select(Capture.id))
    assert "Livrer le correctif" in csm.get(f"/captures/{ident}", htmx=True).text
    changed = {"kind": "action", "text": "Livrer le correctif EDI", "owner": "", "due_on": "2026-11-24", "version": "1"}
    assert csm.post(f"/captures/{ident}", htmx=True, **changed).status_code == 200
    late = csm.post(f"/captures/{ident}", htmx=True, **{**changed, "text": "Autre texte"})
    assert late.status_code == 409
    assert "Autre texte" in late.text
    assert "Livrer le correctif EDI" in late.text
    assert "correctif EDI" not in csm.post(f"/captures/{ident}/removal", htmx=True).text.split('id="flash"')[0]
    assert "correctif EDI" in csm.post(f"/captures/{ident}/removal/removal", htmx=True).text
    # Opened from the page before the end it is a page of its own, and saving leads back there.
    link = re.search(rf'href="(/captures/{ident}[^"]+)"', csm.get(f"{url}/end").text)
    assert link
    page = csm.get(link[1]).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version and 'name="from" value="end"' in page and "#captures" not in page
    sent = {**changed, "version": version[1], "due_on": "2026-11-25", "from": "end"}
    assert csm.post(f"/captures/{ident}", **sent).location == f"{url}/end"
    refused = csm.post(f"/captures/{ident}", **{**sent, "text": "", "version": str(int(version[1]) + 1)})
    assert refused.status_code == 422 and 'name="from" value="end"' in refused.text


def test_two_people_write_one_note_and_both_texts_are_kept(held):
    story, csm, url = held
    manager = story.login("manager")
    note = f"{url}/notes/part.2"
    assert csm.post(note, htmx=True, text="Anne valide 94 k€", version="0").status_code == 200
    assert (
        csm.post(note, htmx=True, text="Anne valide 94 k€", version="0").status_code == 200
    )  # sent twice: no conflict
    late = manager.post(note, htmx=True, text="Badges non recréés", version="0")
    assert late.status_code == 409
    assert "Anne valide 94 k€" in late.text
    assert "Badges non recréés" in late.text
    joined = manager.post(note, htmx=True, text="Badges non recréés", version="1", both="1", conflict="1")
    assert "Anne valide 94 k€\n\nBadges non recréés" in joined.text
    [[row]] = kept(story, sa.select(MeetingNote.text, MeetingNote.version))
    assert row.text == "Anne valide 94 k€\n\nBadges non recréés"
    seen = csm.get(f"{url}/live?seen=before", htmx=True).text
    assert "a écrit ici à" in seen
    stamp = re.search(r"seen=([0-9a-f]{16})", seen).group(1)
    assert csm.get(f"{url}/live?seen={stamp}", htmx=True).status_code == 204
    assert csm.post(f"{url}/notes/part.9", text="x", version="0").status_code == 404


def test_six_answers_are_kept_and_a_budget_in_one_becomes_a_signal_beside_the_score(held):
    story, csm, url = held
    account = story.id("Groupe Valmorin")
    scores = sa.text("SELECT score FROM health_snapshot WHERE account_id = :id ORDER BY day").bindparams(id=account)
    [before] = kept(story, scores)
    csm.post(f"/accounts/{account}/state", htmx=True, rating="1", comment="Projet en peine")
    assert kept(story, scores) == [before]  # what a person says of the project never enters the score
    for key in ("doing", "expectations", "working", "better", "obstacles"):
        csm.post(f"{url}/notes/question.{key}", htmx=True, text=f"Réponse à {key}", version="0")
    told = "Le budget 2027 est validé, et Lyon souhaite déployer Prévision."
    csm.post(f"{url}/notes/question.changes", htmx=True, text=told, version="0")
    csm.post(f"{url}/usefulness", htmx=True, useful="9")
    assert csm.post(f"{url}/end").status_code == 303
    notes, heard, signals = kept(
        story,
        sa.select(MeetingNote.field).where(MeetingNote.field.startswith("question.")),
        sa.select(Interaction.kind, Interaction.direction, Interaction.tags, Interaction.summary).where(
            Interaction.identity == f"review:{review_id(url)}"
        ),
        sa.select(Signal.kind).where(
            Signal.account_id == account, Signal.kind.in_(("budget_available", "need_identified"))
        ),
    )
    assert len(notes) == 6
    assert [(row.kind, row.direction) for row in heard] == [("meeting", "both")]
    assert heard[0].summary.index(told) < 200  # the telling answer first: a signal quotes the beginning
    assert words.topics("", tuple(heard[0].tags)) >= {"need_identified"}
    assert {row.kind for row in signals} == {"budget_available", "need_identified"}
    assert "utile\u202f: 9 sur 10" in csm.get(url).text


def test_the_end_holds_the_review_promises_actions_and_plans_the_next_one_once(held):
    story, csm, url = held
    account, ident = story.id("Groupe Valmorin"), review_id(url)
    csm.post(f"{url}/start")
    csm.post(f"{url}/captures", kind="action", text="Recréer 17 badges @paul guérin 23/11", token="t1")
    csm.post(f"{url}/captures", kind="action", text="Livrer le correctif EDI @moi", token="t2")
    csm.post(f"{url}/captures", kind="decision", text="Étendre à Lyon", token="t3")
    with story.app.app_context():
        contact = db.session.scalar(sa.text("SELECT id FROM contact WHERE name = 'Anne Leclerc'"))
    assert "Anne Leclerc" in csm.post(f"{url}/attendance", htmx=True, person=f"contact:{contact}", there="1").text
    agreed = {"next_on": "2027-02-25", "time": "10:00", "place": "Visio"}
    assert csm.post(f"{url}/next", htmx=True, **agreed).status_code == 200
    late = story.login("manager").post(f"{url}/next", htmx=True, next_on="2027-03-04", was_invite="1")
    assert late.status_code == 409
    assert "25 févr. 2027" in late.text
    before_end = csm.get(f"{url}/end").text
    assert "1 action sans responsable ou sans échéance" in before_end
    for _again in range(2):
        assert csm.post(f"{url}/end").status_code == 303
    reviews, actions, people, following = kept(
        story,
        sa.select(Review.state, Review.held_on).where(Review.id == ident),
        sa.select(ActionItem.title, ActionItem.source_kind, ActionItem.source_id, ActionItem.due_on).where(
            ActionItem.source_kind == "review", ActionItem.source_id == ident
        ),
        sa.select(Participant.name, Participant.attended).where(Participant.review_id == ident),
        sa.select(Review.due_on, Review.place, Review.starts_at).where(
            Review.account_id == account, Review.source_kind == "review"
        ),
    )
    assert [tuple(row) for row in reviews] == [("held", date(2026, 11, 12))]
    assert {row.title for row in actions} == {"Recréer 17 badges", "Livrer le correctif EDI"}
    assert {row.source_id for row in actions} == {ident}
    assert ("Anne Leclerc", True) in [tuple(row) for row in people]
    assert [(row.due_on, row.place) for row in following] == [(date(2027, 2, 25), "Visio")]
    assert following[0].starts_at.isoformat() == "2027-02-25T09:00:00+00:00"
    page = csm.get(url).text
    assert "Bilan de la réunion" in page
    assert "Étendre à Lyon" in page
    assert csm.post(f"{url}/captures", htmx=True, kind="action", text="Trop tard", token="t9").status_code == 422
    assert csm.post(f"{url}/end/removal").status_code == 303
    assert "Commencer" not in csm.get(url).text  # reopened: the clock stands where it was
    assert csm.post(f"{url}/end").status_code == 303
    [[count]] = kept(
        story, sa.select(sa.func.count()).where(ActionItem.source_id == ident, ActionItem.source_kind == "review")
    )
    assert count[0] == 2


def test_the_page_and_its_polling_cost_a_constant_number_of_statements(held):
    story, csm, url = held
    csm.post(f"{url}/start")

    def cost(address):
        with counted(story.app) as statements:
            assert csm.get(address, htmx="live" in address).status_code == 200
        return len(statements)

    few = cost(url), cost(f"{url}/live?seen=x")
    for number in range(12):
        csm.post(f"{url}/captures", htmx=True, kind="question", text=f"Question {number}", token=f"t{number}")
    assert (cost(url), cost(f"{url}/live?seen=x")) == few
    assert few[0] <= 26
    assert few[1] <= 12
