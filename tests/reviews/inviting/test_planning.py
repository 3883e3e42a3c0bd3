"""The planning page on the sample's reference account, and what other pages learn from it."""

import sqlalchemy as sa

from haark.accounts.models import Contact
from haark.cadence import domain as cadence
from haark.cadence.domain import Meeting
from haark.cadence.models import Review
from haark.extensions import db
from haark.reviews import domain as reviews
from haark.reviews.inviting import domain, queries
from tests.reviews.inviting.conftest import AT, STARTS, TODAY


def test_the_reference_account_reads_as_in_the_design(story):
    csm, valmorin = story.login("csm"), story.id("Groupe Valmorin")
    asked = {"by": story.user_id("csm"), "at": AT, "on": TODAY}
    with story.app.app_context():
        review = cadence.plan_review(valmorin, "qbr", STARTS.date(), **asked)
        reviews.start(valmorin, reviews.read_period(valmorin, "2026-Q4", TODAY), ["results"], "fr", by=1, at=AT)
        reviews.fill(review, by=None, at=AT, on=TODAY)
        # Another of Claire's meetings stands in the way of the best hour.
        other = db.session.scalar(sa.select(Review).where(Review.state == "planned", Review.account_id != valmorin))
        owner = {"owner_id": asked["by"]}
        db.session.execute(
            sa.text("UPDATE account SET owner_id = :owner_id WHERE id = :id"), {**owner, "id": other.account_id}
        )
        cadence.choose_time(other, Meeting(STARTS, "Europe/Paris"), **asked)
        db.session.commit()
        ident, name = review.id, other.account.name
    page = csm.get(f"/reviews/{ident}/planning").text
    for said in (
        "90 j avant le renouvellement",
        "Décide du renouvellement du 11 janv. 2027",
        "A signé le contrat en 2023, porte le renouvellement",
        "A aidé à conclure\u202f; trois premières revues seulement",
        "Non proposée",
        "3 agendas inconnus",
        "Préparation, réunion et récap\u202f: 2 h 45 par QBR.",
        "Décisions attendues",
    ):
        assert said in page, said
    assert 'value="2026-11-19T09:00:00+00:00"' not in page, "that hour is taken"
    version = page.split('name="version" value="')[1].split('"')[0]
    fields = {"minutes": "50", "zone": "Europe/Paris", "version": version}
    both = csm.post(
        f"/reviews/{ident}/planning/time", slot=STARTS.isoformat(), day="2026-11-20", hour="09:00", **fields
    )
    assert both.status_code == 422 and "sinon laissez ceci vide" in both.text
    gap = csm.post(f"/reviews/{ident}/planning/time", slot="other", day="2027-03-28", hour="02:30", **fields)
    assert gap.status_code == 422 and "les horloges sautent cette heure" in gap.text
    past = csm.post(f"/reviews/{ident}/planning/time", slot="other", day="2026-11-11", hour="09:00", **fields)
    assert past.status_code == 422
    taken = csm.post(f"/reviews/{ident}/planning/time", slot="other", day="2026-11-19", hour="10:30", **fields)
    assert taken.status_code == 303
    assert f"Vous tenez déjà {name} à 10:00" in csm.get(f"/reviews/{ident}/planning").text, "it is said, not forbidden"
    assert csm.post(f"/reviews/{ident}/planning/time", slot="other", **fields).status_code == 409
    # A colleague reads the page and finds nothing to press.
    theirs = story.login("sales").get(f"/reviews/{ident}/planning")
    assert theirs.status_code == 200


def test_who_left_is_not_suggested_and_the_prep_sheet_knows_who_comes(one_game):
    game = one_game
    with game.scope():
        db.session.scalars(sa.select(Contact).where(Contact.name == "Anne Leclerc")).one().left_on = TODAY
        review = db.session.get_one(Review, game.id)
        reviews.start(
            review.account_id,
            reviews.read_period(review.account_id, review.period, TODAY),
            ["results"],
            "fr",
            by=1,
            at=AT,
        )
        reviews.fill(review, by=None, at=AT, on=TODAY)
        assert "Anne Leclerc" not in [one.name for one in domain.people(review, TODAY)]
        rows = queries.participants(game.id)
        sophie = next(row for row in rows if row.name == "Sophie Marchand")
        domain.answer(review, sophie, "yes", by=game.by, at=AT)
    sheet = game.house.login("csm").get(f"/reviews/{game.id}/prep.md").text
    assert "| Sophie Marchand | sponsor | oui |" in sheet
    assert "| Hugo Marchetti | commercial | non |" in sheet and "Anne Leclerc" not in sheet


def test_an_agreed_date_needs_no_mail_and_is_not_pulled_by_a_later_wish(game):
    csm, place = game.house.login("csm"), f"/reviews/{game.id}/planning/agreement"
    assert csm.post(place, version=game.review.version).status_code == 303
    assert game.review.state == "planned", "there is no hour yet"
    game.choose()
    assert csm.post(place, version=game.review.version).status_code == 303
    assert (game.review.state, game.mails()) == ("scheduled", [])
    with game.scope():
        cadence.plan_review(game.house.own, "qbr", TODAY, **game.now())
    assert (game.review.due_on, game.review.state) == (STARTS.date(), "scheduled")
