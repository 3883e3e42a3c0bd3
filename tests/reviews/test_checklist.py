"""The preparation checklist (RV-7): 22 items, what Haark sees of them, and a person's word that wins both ways."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from haark import clock
from haark.cadence.models import Review
from haark.extensions import db
from haark.reviews.checklist import rules
from haark.reviews.checklist.rules import Sight, Word
from haark.reviews.inviting.models import Participant
from tests.support.statements import counted

ALL = ["results", "usage", "opportunities", "actions"]
DAY = date(2026, 11, 19)


def test_22_items_in_groups_of_7_5_5_5_and_two_of_them_optional():
    assert [len(keys) for keys in rules.GROUPS.values()] == [7, 5, 5, 5]
    assert len(set(rules.ITEMS)) == 22
    assert {"shared", "expansion"} == rules.OPTIONAL


@given(st.dictionaries(st.sampled_from(rules.ITEMS), st.booleans()))
def test_counts_add_up_and_what_is_optional_is_never_missing(done):
    whole = rules.count(done)
    parts = [rules.count(done, keys) for keys in rules.GROUPS.values()]
    assert (whole.done, whole.total, whole.missing) == tuple(
        sum(getattr(part, name) for part in parts) for name in ("done", "total", "missing")
    )
    open_optional = sum(1 for key in rules.OPTIONAL if not done.get(key))
    assert whole.done + whole.missing + open_optional == 22
    without = {**done, **dict.fromkeys(rules.OPTIONAL, False)}
    assert rules.count(without).missing == whole.missing


@given(st.one_of(st.none(), st.booleans()), st.one_of(st.none(), st.booleans()))
def test_a_persons_word_wins_both_ways(saw, said):
    sight = None if saw is None else Sight(saw, "usage")
    assert rules.is_done(sight, None if said is None else Word(said)) is (bool(saw) if said is None else said)


@given(st.integers(-40, 40), st.integers(0, 20))
def test_it_opens_14_days_before_and_is_late_from_7_days_before_on(ahead, missing):
    state = rules.state(missing, DAY, DAY - timedelta(ahead))
    if not missing:
        assert state == "done"
    else:
        assert state == ("early" if ahead > 14 else "open" if ahead > 7 else "today" if ahead == 7 else "late")
    assert rules.state(missing, DAY, DAY, over=True) == "over"


@pytest.fixture
def prepared(db_story):
    """The sample's review, to be held in a week, with six invitations of which four were accepted."""
    csm, account = db_story.login("csm"), db_story.id("Groupe Valmorin")
    url = csm.post(f"/accounts/{account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr").location
    review_id = int(url.rsplit("/", 1)[-1])
    with db_story.app.app_context():
        review = db.session.get_one(Review, review_id)
        review.due_on = DAY
        db.session.execute(sa.delete(Participant).where(Participant.review_id == review_id))
        for number in range(6):
            reply = "yes" if number < 4 else ""
            db.session.add(
                Participant(
                    review_id=review_id, name=f"P{number}", invited_at=clock.moment(), invited_sequence=0, reply=reply
                )
            )
        db.session.commit()
    return db_story, csm, url


def test_automatic_ticks_say_what_they_saw(prepared):
    _story, csm, url = prepared
    page = csm.get(f"{url}/checklist").text
    assert "à finir aujourd’hui" in page
    assert "4 confirmés sur 6" in page
    assert "6 invitations envoyées le 12 nov." in page
    assert "ARR 120\u202f000\u00a0€, 1 opportunité ouverte" in page or "ARR 120\u202f000\u00a0€" in page
    assert "Deck généré le 12 nov." in page
    assert page.count('role="checkbox"') == 22


def test_a_person_ticks_unticks_and_gives_back(prepared):
    _story, csm, url = prepared
    page = csm.post(f"{url}/checklist/news", htmx=True, done="1", version="0", note="Levée de 12 M€ en octobre").text
    assert "Levée de 12 M€ en octobre" in page
    assert 'aria-checked="true" id="tick-news"' in page
    card = csm.post(f"{url}/checklist/usage", htmx=True, done="0", version="0", card="1").text
    assert 'id="checklist-card"' in card
    assert 'aria-checked="false" id="tick-usage"' in card
    late = csm.post(f"{url}/checklist/usage", htmx=True, done="1", version="0", note="Vu avec Julien")
    assert late.status_code == 409
    assert "Vu avec Julien" in late.text
    back = csm.post(f"{url}/checklist/usage/removal", htmx=True, version="1").text
    assert 'aria-checked="true" id="tick-usage"' in back
    assert csm.post(f"{url}/checklist/usage", done="1", version="0").status_code == 303
    assert csm.post(f"{url}/checklist/nothing", done="1", version="0").status_code == 404


def test_the_checklist_costs_two_statements(prepared):
    story, _csm, url = prepared
    from haark.reviews import domain as reviews
    from haark.reviews.checklist import queries

    with story.app.test_request_context():
        review = db.session.get_one(Review, int(url.rsplit("/", 1)[-1]))
        book = reviews.compose(review)
        with counted(story.app) as statements:
            found = queries.checklist(review, book, date(2026, 11, 12))
        assert len(statements) == 2, statements
        assert (found.state, found.count.total) == ("today", 22)
