"""What the libraries offer an account: the sample's reference case, frozen words, constant cost."""

from datetime import timedelta

import sqlalchemy as sa

from haark import clock
from haark.accounts.models import Account
from haark.extensions import db
from haark.library import domain, queries
from haark.library.models import RoadmapItem, Story
from tests.conftest import TODAY
from tests.support.statements import counted

TAGS = {"sectors": [], "features": [], "needs": [], "language": "fr", "valid_from": None, "valid_until": None}


def titles(choices):
    return [one.title for one in choices]


def test_groupe_valmorin_is_offered_what_fits_it(db_story):
    """Distribution, uses Litiges, asked for Prévision at a new site; what may not be told stays out."""
    valmorin = db_story.id("Groupe Valmorin")
    with db_story.app.app_context():
        found = queries.fitting(valmorin, TODAY)
        assert titles(found.stories) == [
            "Trois sites ouverts en un trimestre, sans recruter",
            "Des avoirs rendus en quatre jours au lieu de neuf",
            "Prévision de charge\N{NARROW NO-BREAK SPACE}: 12\N{NO-BREAK SPACE}% d’intérim en moins",
            "Carriers upload their own proofs of delivery",  # another language comes last, whatever its points
        ]
        assert titles(found.roadmap)[:3] == [
            "Pénalités par enseigne",
            "Prévision de charge par site",
            "Import EDI en deux minutes",
        ]
        assert "Tarif à l’expédition" not in titles(found.roadmap)
        best = found.stories[1]
        assert best.because == "même secteur\N{NARROW NO-BREAK SPACE}: Distribution · utilise Litiges"
        nameless = found.stories[0]
        assert (nameless.data["client"], nameless.data["speaker"]) == ("", "")
        assert best.data["client"] == "Groupe Montclar" and best.data["speaker"].startswith("Camille")
        assert found == queries.fitting(valmorin, TODAY)


def test_nobody_is_told_their_own_story_and_permissions_end(db_story):
    montclar, valmorin = db_story.id("Groupe Montclar"), db_story.id("Groupe Valmorin")
    with db_story.app.app_context():
        own = db.session.scalar(sa.select(Story).where(Story.account_id == montclar))
        assert own.title not in titles(queries.fitting(montclar, TODAY).stories)
        assert queries.tellable("story", own.id, montclar, TODAY) is None
        assert queries.tellable("story", own.id, valmorin, TODAY).data["story_id"] == own.id
        after = own.permission_until + timedelta(1)
        assert queries.tellable("story", own.id, valmorin, after) is None
        assert own.title not in titles(queries.fitting(valmorin, after).stories)
        # An entry for others can still be chosen by hand; a deleted one cannot.
        banking = domain.add(
            RoadmapItem, {**TAGS, "title": "Banque", "sectors": ["Banque"], "public": True}, by=None, at=clock.moment()
        )
        assert banking.title not in titles(queries.fitting(valmorin, TODAY).roadmap)
        assert queries.tellable("roadmap", banking.id, valmorin, TODAY).points == 0
        domain.remove(banking, by=None, at=clock.moment())
        assert (
            queries.roadmap_item(banking.id) is None
            and queries.tellable("roadmap", banking.id, valmorin, TODAY) is None
        )


def test_the_number_of_statements_does_not_grow_with_the_libraries(db_story):
    account = db_story.id("Groupe Valmorin")
    with db_story.app.app_context():
        with counted(db_story.app) as few:
            queries.fitting(account, TODAY)
        for number in range(30):
            told = {
                **TAGS,
                "title": f"Numéro {number}",
                "result": "1",
                "sectors": ["Distribution"],
                "permission": "named",
                "client": "X",
            }
            domain.add(Story, told, by=None, at=clock.moment())
        db.session.commit()
        with counted(db_story.app) as many:
            assert len(queries.fitting(account, TODAY).stories) == 34
        assert len(many) == len(few) <= 7  # one of them begins the transaction


def test_a_story_outlives_its_account(db_story):
    sofradis = db_story.id("Sofradis")
    with db_story.app.app_context():
        told = {**TAGS, "title": "Un essai", "result": "2 jours", "permission": "named", "client": "Sofradis"}
        one = domain.add(Story, told, by=None, at=clock.moment())
        assert one.account_id == sofradis
        db.session.commit()
        db.session.execute(sa.delete(Account).where(Account.id == sofradis))
        db.session.expire_all()
        assert queries.story(one.id).account_id is None
