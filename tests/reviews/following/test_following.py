"""After the meeting, over HTTP on both databases: check-in, decisions into the plan, grades, closing, the next deck."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from haark import clock
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.extensions import db
from haark.plans.models import Objective, Proposal
from haark.reviews.surveying.models import ReviewSurvey
from tests.conftest import TODAY
from tests.support.statements import counted

ALL = ["results", "usage", "opportunities", "actions"]


def one(story, query):
    with story.app.app_context():
        return db.session.execute(query).all()


@pytest.fixture
def held(db_story):
    """The sample's review just held: a decision on an objective, one that is new, an action of each side."""
    csm, account = db_story.login("csm"), db_story.id("Groupe Valmorin")
    with db_story.app.app_context():
        db.session.execute(sa.delete(Review).where(Review.account_id == account, Review.held_on.is_(None)))
        aim = db.session.scalar(sa.select(Objective).where(Objective.account_id == account).order_by(Objective.id))
        title = aim.title
        db.session.commit()
    url = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr").location
    csm.post(f"{url}/meeting/start")
    lines = [
        ("decision", f"{title} au 31/03/2027"),
        ("decision", "Créer un comité mensuel des litiges"),
        ("action", "Livrer le correctif EDI @moi 24/11"),
        ("action", "Recréer 17 badges @paul guérin 23/11"),
    ]
    for number, (kind, text) in enumerate(lines):
        answer = csm.post(f"{url}/meeting/captures", kind=kind, text=text, token=f"t{number}")
        assert answer.status_code == 303, text
    csm.post(f"{url}/meeting/end")
    return db_story, csm, url, account


def test_decisions_reach_the_plan_one_click_each_and_the_check_in_is_planned(held):
    story, csm, url, account = held
    page = csm.get(f"{url}/follow").text
    assert "Point de mi-parcours" in page
    [(check_in,)] = one(story, sa.select(ActionItem).where(ActionItem.source_kind == "checkin"))
    assert check_in.due_on > TODAY
    rows = one(story, sa.select(Proposal).where(Proposal.account_id == account, Proposal.source_kind == "capture"))
    moved, added = (row[0] for row in rows)
    assert (moved.subject_kind, moved.changes["due_on"][1]) == ("objective", "2027-03-31")
    assert (added.subject_kind, added.subject_id) == ("milestone", None)
    assert csm.post(f"{url}/follow/proposals/{moved.id}/acceptance").status_code == 303
    assert csm.post(f"{url}/follow/proposals/{moved.id}/acceptance").status_code == 409  # decided already
    assert csm.post(f"{url}/follow/proposals/{added.id}/refusal", htmx=True).status_code == 200
    [(due,)] = one(story, sa.select(Objective.due_on).where(Objective.id == moved.subject_id))
    assert due == date(2027, 3, 31)
    assert "reprises : 1, écartées : 1" in csm.get(f"{url}/follow").text
    assert csm.post(f"{url}/follow/proposals/99999/refusal").status_code == 404


def test_promises_are_graded_closed_and_carried_over(held):
    story, csm, url, _account = held
    review = int(re.search(r"/reviews/(\d+)", url).group(1))
    rows = one(story, sa.select(ActionItem).where(ActionItem.source_kind == "review", ActionItem.source_id == review))
    ours, theirs = sorted((row[0] for row in rows), key=lambda item: item.owner_user_id is None)
    assert csm.post(f"{url}/follow/grades", htmx=True, action_id=str(theirs.id), grade="dropped").status_code == 200
    csm.post(f"{url}/follow/grades", action_id=str(ours.id), grade="kept")
    assert csm.post(f"{url}/follow/grades", htmx=True, action_id="1", grade="kept").status_code == 200
    page = csm.get(f"{url}/follow").text
    pressed = re.findall(r'id="grade-(\d+)-(\w+)"[^>]*aria-pressed="true"', page)
    assert sorted(pressed) == sorted([(str(theirs.id), "dropped"), (str(ours.id), "kept")])
    assert csm.post(f"{url}/closure").status_code == 303
    [(state, closed)] = one(story, sa.select(Review.state, Review.closed_at).where(Review.id == review))
    assert (state, closed is not None) == ("closed", True)
    csm.post(f"{url}/closure/removal")
    [(state,)] = one(story, sa.select(Review.state).where(Review.id == review))
    assert state == "held"


def test_answers_the_first_week_and_the_statements_of_the_page(held):
    story, csm, url, account = held
    review = int(re.search(r"/reviews/(\d+)", url).group(1))
    with story.app.app_context():
        asked = {
            "answered_at": clock.moment(),
            "review_id": review,
            "account_id": account,
            "sent_at": clock.moment(),
            "email": "s@valmorin.test",
        }
        row = ReviewSurvey(name="Sophie Marchand", label="x", token_hash="x", score=9, comment="Enfin !", **asked)
        db.session.add(row)
        db.session.commit()
        answer = row.id
    with counted(story.app) as sent:
        page = csm.get(f"{url}/follow").text
    assert len(sent) <= 24, len(sent)
    assert "Enfin !" in page
    assert csm.post(f"{url}/follow/wishes", answer_id=str(answer)).status_code == 303
    [(note,)] = one(story, sa.select(ActionItem.note).where(ActionItem.source_kind == "survey"))
    assert note == "Enfin !"
    assert 'id="week-briefed" role="checkbox" aria-checked="false"' in page
    csm.post(f"{url}/follow/ticks", item="briefed", done="1")
    assert 'id="week-briefed" role="checkbox" aria-checked="true"' in csm.get(f"{url}/follow").text
    assert csm.post(f"{url}/follow/ticks", htmx=True, item="made-up", done="1").status_code == 200
    assert story.login("manager").get(f"{url}/follow").status_code == 200
