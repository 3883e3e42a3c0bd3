"""What was promised last time is graded on both sides (XB-1), on both databases; the grades by known answers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark import clock
from haark.actions.models import ActionItem
from haark.cadence import domain as cadence
from haark.cadence.models import Review
from haark.decks.outline import Status, Table
from haark.extensions import db
from haark.reviews import assembly, domain, promises, queries
from haark.reviews.promises import Grade
from tests.conftest import TODAY
from tests.reviews.test_deck import stored_of

DAY = date(2026, 11, 12)


def item(state="open", due=None, done=None):
    return {"state": state, "due_on": due and due.isoformat(), "done_on": done and done.isoformat()}


@pytest.mark.parametrize(
    ("promise", "expected"),
    [
        (item("done", date(2026, 10, 3), date(2026, 10, 10)), Grade("done", date(2026, 10, 10), 7)),
        (item("done", date(2026, 10, 3), date(2026, 10, 3)), Grade("done", date(2026, 10, 3))),
        (item("done", None, date(2026, 10, 3)), Grade("done", date(2026, 10, 3))),
        (item("cancelled", date(2026, 10, 3)), Grade("dropped", date(2026, 10, 3))),
        (item("open", date(2026, 11, 10)), Grade("late", date(2026, 11, 10), 2)),
        (item("in_progress", DAY), Grade("pending", DAY)),
        (item("open"), Grade("pending", None)),
    ],
)
def test_a_promise_is_done_late_dropped_or_not_yet_due(promise, expected):
    assert promises.grade(promise, DAY) == expected


@given(
    st.lists(
        st.tuples(st.sampled_from(["open", "in_progress", "done", "cancelled"]), st.none() | st.integers(-400, 400)),
        max_size=40,
    )
)
def test_every_promise_counts_once_and_nothing_is_late_before_its_day(rows):
    grades = [
        promises.grade(
            item(state, None if due is None else DAY + timedelta(due), DAY if state == "done" else None), DAY
        )
        for state, due in rows
    ]
    counted = promises.count(grades)
    assert counted.done + counted.late + counted.dropped + counted.pending == counted.total == len(rows)
    for one in grades:
        assert one.late >= 0
        assert one.state != "late" or (one.on is not None and one.on < DAY and one.late == (DAY - one.on).days)


def words(table: Table) -> list[tuple[str, str]]:
    return [(row[0].text, row[2].word) for row in table.rows if isinstance(row[2], Status)]  # type: ignore[union-attr]


def test_the_sample_grades_the_promises_of_its_last_review(db_story):
    with db_story.app.app_context():
        book = assembly.assemble(stored_of(db_story.id("Groupe Valmorin"), "2026-Q4"))
        page = book.page("promises")
        assert [one.key for one in book.pages[:4]] == ["cover", "agenda", "promises", "summary"]
        assert page.slide.headline == (
            "Sur les 6 promesses faites avec Groupe Valmorin le 8 sept. 2026\u202f: "
            "3 tenues, 1 en retard, 1 abandonnée, 1 à venir"
        )
        ours, theirs = page.slide.blocks[0], page.slide.aside[0]
        assert words(ours) == [
            ("Rouvrir les accès d’Orléans (Claire Delorme)", "2 j de retard"),
            ("Envoyer le détail des pénalités évitées (Claire Delorme)", "Tenue"),
            ("Corriger les droits d’accès de l’équipe d’Orléans (Claire Delorme)", "Tenue"),
        ]
        assert [word for _title, word in words(theirs)] == ["À venir", "Tenue, +7 j", "Abandonnée"]


def test_without_an_earlier_promise_there_is_no_such_slide_until_one_was_made(db_story):
    """The account was reviewed before, but nothing was promised; then actions of its last review are noted."""
    with db_story.app.app_context():
        account = db_story.id("Groupe Montclar")
        told = {"by": None, "at": clock.moment(), "on": TODAY}
        span = domain.read_period(account, "2026-Q4", TODAY)
        review = domain.generate(account, span, ["results"], "fr", **told)
        assert queries.snapshot(review.id).facts["promises"] is None
        assert [place.key for place in queries.places(review.id)][:3] == ["cover", "agenda", "summary"]
        last = db.session.scalars(
            db.select(Review)
            .where(Review.account_id == account, Review.held_on.is_not(None), Review.id != review.id)
            .order_by(Review.held_on.desc())
        ).first()
        said = {"account_id": account, "created_at": clock.moment()}
        noted = {**said, "source_kind": "review", "source_id": last.id}
        db.session.add(ActionItem(title="Livrer le connecteur", due_on=TODAY - timedelta(9), **noted))
        db.session.add(ActionItem(title="Effacée", deleted_at=clock.moment(), **noted))
        db.session.add(ActionItem(title="Sans revue", **said))
        domain.fill(review, **told)
        kept = queries.snapshot(review.id).facts["promises"]
        assert [one["title"] for one in kept["items"]] == ["Livrer le connecteur"]
        assert kept["held_on"] == last.held_on.isoformat()
        assert [place.key for place in queries.places(review.id)][:4] == ["cover", "agenda", "promises", "summary"]


def test_a_promise_still_open_is_carried_into_the_review_after_the_next(db_story):
    with db_story.app.app_context():
        account = db_story.id("Groupe Valmorin")
        second = domain.generate(
            account,
            domain.read_period(account, "2026-Q4", TODAY),
            ["results"],
            "fr",
            by=None,
            at=clock.moment(),
            on=TODAY,
        )
        cadence.hold(second, TODAY, by=None, at=clock.moment(), on=TODAY)
        third = domain.generate(
            account,
            domain.read_period(account, "2026-11", TODAY),
            ["results"],
            "fr",
            by=None,
            at=clock.moment(),
            on=TODAY + timedelta(1),
        )
        kept = queries.snapshot(third.id).facts["promises"]["items"]
        assert {one["title"] for one in kept} == {
            "Rouvrir les accès d’Orléans",
            "Reprise en main de deux heures à Orléans",
        }
        assert all(one["carried"] for one in kept)


def test_facts_gathered_before_promises_were_known_still_make_a_deck(story):
    with story.app.app_context():
        stored = stored_of(story.id("Groupe Valmorin"), "2026-Q4")
        old = {
            key: value for key, value in stored.facts.items() if key not in ("promises", "next", "project", "inside")
        }
        book = assembly.assemble(assembly.replace(stored, facts=old))
        assert book.page("promises").state == "empty" and book.page("health").state == "empty"
        assert book.page("recap").state == "incomplete"
