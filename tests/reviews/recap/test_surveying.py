"""The one question after a review: a scanner votes for nobody, a person once, and the owner is told."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import db
from haark.mail import compose
from haark.notices.models import Notice
from haark.reviews.surveying import domain, queries
from haark.reviews.surveying.models import ReviewSurvey
from tests.support.clients import settle

AT = datetime(2026, 11, 12, 13, 20, tzinfo=UTC)
ASKED = (("Sophie Marchand", "sophie@valmorin.test", "fr"), ("Anne Leclerc", "anne@valmorin.test", "en"))
PEOPLE = (*ASKED, ("Юлія Перро", "julia@valmorin.test", "uk"))


class Asked:
    def __init__(self, app: Flask) -> None:
        self.app, self.house, self.links = app, settle(app), {}
        told = {"period_start": date(2026, 10, 1), "period_end": date(2026, 12, 31), "created_at": AT}
        with app.app_context():
            review = Review(account_id=self.house.own, kind="qbr", period="2026-Q4", state="recapped", **told)
            review.held_on = date(2026, 11, 12)
            db.session.add(review)
            db.session.flush()
            for name, email, language in PEOPLE:
                row = domain.ask(review, name=name, email=email, language=language, at=AT)
                assert domain.ask(review, name=name, email=email, language=language, at=AT).id == row.id
                self.links[language] = f"/survey/{compose.sealed_token(app.config['SECRET_KEY'], row.label)}"
            self.id = review.id
            db.session.commit()
        self.client = app.test_client()

    def rows(self):
        with self.app.app_context():
            return {row.language: row for row in db.session.scalars(sa.select(ReviewSurvey))}


@pytest.fixture
def asked(db_app: Flask) -> Asked:
    return Asked(db_app)


def test_a_link_votes_by_its_button_once(asked: Asked):
    for score in range(11):  # a scanner opens every link of the mail
        page = asked.client.get(f"{asked.links['fr']}?score={score}")
        assert page.status_code == 200
    assert all(row.score is None for row in asked.rows().values())
    page = asked.client.get(f"{asked.links['fr']}?score=8").text
    assert 'value="8" checked' in page
    assert "Ce QBR vous a-t-il été utile" in page
    assert "Groupe Valmorin" in page
    assert asked.client.get(f"{asked.links['fr']}?score=99").text.count("checked") == 0
    assert asked.client.post(asked.links["fr"], data={"score": "11"}).status_code == 422
    thanks = asked.client.post(asked.links["fr"], data={"score": "6", "comment": "Trop long"})
    assert "Merci !" in thanks.text
    again = asked.client.post(asked.links["fr"], data={"score": "10"})
    assert "Vous avez déjà répondu" in again.text
    assert "6 sur 10" in again.text
    row = asked.rows()["fr"]
    assert (row.score, row.comment) == (6, "Trop long")
    with asked.app.app_context():
        assert (
            db.session.scalar(
                sa.select(sa.func.count()).select_from(Event).where(Event.kind == "review.survey_answered")
            )
            == 1
        )
        (notice,) = db.session.scalars(sa.select(Notice)).all()
        assert (notice.user_id, notice.kind, notice.what, notice.data) == (
            asked.house.users["csm"],
            "answered",
            "survey",
            {"score": 6},
        )


def test_it_speaks_the_persons_language_and_tells_nothing_to_guessers(asked: Asked):
    assert "Was this QBR useful to you?" in asked.client.get(asked.links["en"]).text
    page = asked.client.get(asked.links["uk"])
    assert "корисною" in page.text
    assert 'lang="uk"' in page.text
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert asked.client.get("/survey/" + "A" * 43).status_code == 404
    assert asked.client.post("/survey/" + "A" * 43, data={"score": "9"}).status_code == 404
    with asked.app.app_context():
        db.session.get_one(Review, asked.id).deleted_at = AT
        db.session.commit()
    assert asked.client.get(asked.links["en"]).status_code == 404


def test_the_mean_is_over_answers(asked: Asked):
    with asked.app.app_context():
        assert queries.of_review(asked.id).mean is None
    asked.client.post(asked.links["fr"], data={"score": "10"})
    asked.client.post(asked.links["en"], data={"score": "5"})
    with asked.app.app_context():
        found = queries.of_review(asked.id)
        assert (found.asked, found.mean, [one.score for one in found.answers]) == (3, 7.5, [5, 10])
