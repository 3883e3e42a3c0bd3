"""Changing a weight reorders the tiers, and the page says why (PF-8), on the sample portfolio."""

import re

import pytest

from haark import clock
from haark.accounts.models import Account, AccountCard
from haark.extensions import db
from haark.jobs.models import Job
from haark.ranking import domain, queries, rules
from haark.settings import domain as settings
from tests.support.statements import counted


def cards(app):
    with app.app_context():
        rows = db.session.execute(db.select(AccountCard.account_id, AccountCard.tier, AccountCard.rank_score))
        return {ident: (tier, score) for ident, tier, score in rows}


def ranked(app):
    with app.app_context():
        changed = domain.rank_all(on=clock.today(), step=db.session.commit)
        db.session.commit()
    return changed


def test_everybody_who_pays_is_ranked_once_and_each_can_say_why(db_story):
    app = db_story.app
    ranked(app)
    found = cards(app)
    tiers = [tier for tier, _ in found.values() if tier]
    assert tiers.count("A") == -(-len(tiers) * 20 // 100) and len(tiers) >= 50
    assert tiers.count("A") + tiers.count("B") == -(-len(tiers) * 50 // 100)
    assert ranked(app) == 0, "ranking again with the same data changes nothing"
    with app.app_context():
        for ident, (tier, score) in list(found.items())[:12]:
            why = domain.why(ident, on=clock.today())
            assert why.tier == tier and (why.rank.score if why.rank else None) == score
        db.session.execute(db.update(AccountCard).where(AccountCard.account_id == min(found)).values(arr_cents=0))
        db.session.commit()
    ranked(app)
    assert cards(app)[min(found)] == ("", None), "who left is not ranked"


@pytest.mark.parametrize("name", [name for name in rules.MEASURES if rules.MEASURES[name] is None])
def test_a_place_counted_by_the_database_is_the_one_of_the_rules(story, name):
    ranked(story.app)
    ident = story.id("Groupe Valmorin")
    with story.app.app_context():
        everybody = domain.gathered(clock.today())
        ordered = sorted(one.values[name] for one in everybody.values() if one.values[name] is not None)
        value = everybody[ident].values[name]
        assert rules.place_of(*queries.places(everybody[ident].values, [name])[name]) == rules.place(value, ordered)


def test_a_weight_reorders_the_tiers_and_the_page_says_why(story):
    ranked(story.app)
    before = cards(story.app)
    admin, valmorin = story.login("admin"), story.id("Groupe Valmorin")
    page = admin.get("/settings/ranking").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    typed = dict.fromkeys(rules.MEASURES, 0) | {"employees": 100, "share_a": 20, "share_b": 30, "years": 3}
    typed |= {"months_a": 3, "months_b": 6, "months_c": 12, "version": version}
    effect = admin.post("/settings/ranking/effect", htmx=True, **typed).text
    said = int(re.search(r"(\d+)\s*clients? changerai", effect)[1])
    assert cards(story.app) == before and said > 5
    assert admin.post("/settings/ranking", **typed | {"share_b": 90}).status_code == 422
    assert "Donnez un poids à une mesure" in admin.post("/settings/ranking", **typed | {"employees": 0}).text
    assert admin.post("/settings/ranking", **typed).status_code == 303
    with story.app.app_context():
        assert db.session.scalar(db.select(Job.state).where(Job.kind == "ranking.rank")) == "done"
    after = cards(story.app)
    assert sum(after[ident][0] != before[ident][0] for ident in after) == said
    csm = story.login("csm")
    why = csm.get(f"/accounts/{valmorin}/rank").text
    assert f"Rang {after[valmorin][0]}" in why and "Salariés" in why and re.search(r"100\s%", why)
    assert "Valeur vie client" not in why and "devant" in why
    with counted(story.app) as statements:
        csm.get(f"/accounts/{valmorin}/rank")
    assert len(statements) <= 16, statements


def test_unknown_stays_unknown_and_nothing_to_say_is_said(story):
    with story.app.app_context():
        account = Account(name="Sans rien", name_folded="sans rien", created_at=clock.moment())
        db.session.add(account)
        db.session.flush()
        db.session.add(AccountCard(account_id=account.id, name="Sans rien", name_folded="sans rien"))
        settings.put("ranking.weights", {"nps": 100}, by=None, at=clock.moment())
        db.session.commit()
        ident = account.id
    ranked(story.app)
    assert cards(story.app)[ident] == ("", None)
    page = story.login("csm").get(f"/accounts/{ident}/rank").text
    assert "Ce compte n’a pas de rang" in page
