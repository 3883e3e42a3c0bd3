"""From the library to a slide of a review: offered with the reason, frozen on the slide, refused when it may not be."""

import sqlalchemy as sa

from haark import clock
from haark.extensions import db
from haark.library import domain
from haark.library.models import RoadmapItem, Story
from haark.reviews import domain as reviews
from haark.reviews.models import ReviewSlide
from tests.conftest import TODAY


def review_of(story, name="Groupe Valmorin"):
    account = story.id(name)
    with story.app.app_context():
        span = reviews.read_period(account, "2026-Q4", TODAY)
        review = reviews.generate(account, span, ("results",), "fr", by=None, at=clock.now(), on=TODAY)
        db.session.commit()
        return review.id


def entry(story, model, title):
    with story.app.app_context():
        return db.session.scalar(sa.select(model.id).where(model.title.startswith(title)))


def slides(story, review_id, kind):
    with story.app.app_context():
        wanted = sa.select(ReviewSlide).where(ReviewSlide.review_id == review_id, ReviewSlide.kind == kind)
        return list(db.session.scalars(wanted.order_by(ReviewSlide.id)))


def test_a_story_stands_on_a_slide_as_it_was_told_that_day(story):
    review_id, visitor = review_of(story), story.login("csm")
    page = visitor.get(f"/reviews/{review_id}/slides/new?after=cover").text
    assert "utilise Litiges" in page and "besoin noté\N{NARROW NO-BREAK SPACE}: nouveau site" in page
    assert "Quatorze fournisseurs" not in page and "Tarif à l’expédition" not in page  # no permission, internal
    nameless = entry(story, Story, "Trois sites")
    url = f"/reviews/{review_id}/slides/library"
    answer = visitor.post(f"{url}?after=cover", kind="story", entry=nameless)
    assert answer.status_code == 303 and "slide=own-1" in answer.location
    shown = visitor.get(answer.location).text
    assert "Trois sites ouverts en un trimestre" in shown and "Sofradis" not in shown
    made = slides(story, review_id, "story")[0]
    assert made.position == 1 and made.data["story_id"] == nameless and made.data["speaker"] == ""
    with story.app.app_context():
        one = db.session.get(Story, nameless)
        values = {name: getattr(one, name) for name in ("client", "result", "quote", "permission")}
        domain.change(one, {**values, "title": "Un autre titre"}, by=None, at=clock.now())
        db.session.commit()
    assert "Trois sites ouverts en un trimestre" in visitor.get(answer.location).text
    for forbidden in ("Quatorze", "Les retards"):
        refused = visitor.post(url, kind="story", entry=entry(story, Story, forbidden)).location
        assert "ne permet plus de montrer" in visitor.get(refused).text
    assert visitor.post(url, kind="secret", entry=nameless).status_code == 404


def test_roadmap_items_gather_on_one_slide(story):
    review_id, visitor = review_of(story), story.login("csm")
    url = f"/reviews/{review_id}/slides/library"
    first, second = (entry(story, RoadmapItem, title) for title in ("Pénalités", "Prévision"))
    for ident in (first, second, first):
        assert visitor.post(url, kind="roadmap", entry=ident).status_code == 303
    made = slides(story, review_id, "roadmap")
    assert [[item["item_id"] for item in row.data["items"]] for row in made] == [[first, second]]
    shown = visitor.get(f"/reviews/{review_id}?slide={made[0].key}").text
    assert "Pénalités par enseigne" in shown and "Prévision de charge par site" in shown
    refused = visitor.post(url, kind="roadmap", entry=entry(story, RoadmapItem, "Tarif")).location
    assert "ne permet plus de montrer" in visitor.get(refused).text
    assert len(slides(story, review_id, "roadmap")) == 1
