"""What a setting would change is what it changes: the effect shown before is the one that comes."""

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from haark import clock
from haark.accounts.models import AccountCard
from haark.admin.settings import queries
from haark.cadence.coverage import Fault, concerned, fault
from haark.cadence.policy import Policy
from haark.extensions import db
from haark.health import domain as health
from haark.health import rules
from haark.health.effect import Standing, effect
from haark.settings import domain as settings
from haark.settings.defaults import DEFAULTS
from tests.admin.forms import shown
from tests.conftest import TODAY
from tests.health import given as facts
from tests.support.clients import settle

WEIGHTS = st.fixed_dictionaries({name: st.integers(0, 100) for name in rules.COMPONENTS})
UNKNOWN = {"use": None, "exchanges": None, "nps": (), "ticket_csat": (), "support": None, "past": None}
MONEY = st.integers(0, 300_000)


@given(WEIGHTS, st.sets(st.sampled_from(sorted(UNKNOWN))))
def test_reweighting_kept_components_is_scoring_anew(weights, missing):
    told = rules.score(facts.facts(**{name: UNKNOWN[name] for name in missing}), weights, facts.ON)
    parts = {part.name: part.score for part in told.components}
    assert rules.combined(parts, weights) == told.score


def test_the_effect_shown_is_the_one_that_comes(db_story):
    """On the whole sample and both databases: predicted from what was kept, then really scored with other weights."""
    other = {"usage": 70, "engagement": 10, "satisfaction": 5, "history": 15}
    with db_story.app.app_context():
        standings = queries.standings()
        assert len(standings) == db.session.scalar(sa.select(sa.func.count(AccountCard.account_id)))
        found = effect(standings, other)
        predicted = {one.account_id: rules.combined(one.parts, other) for one in standings}
        settings.put("health.weights", other, by=None, at=clock.now())
        health.score_accounts(on=TODAY)
        cards = db.session.execute(sa.select(AccountCard.account_id, AccountCard.health_score, AccountCard.health_band))
        rows = cards.all()
        assert {row[0]: row[1] for row in rows} == predicted
        assert found.then == {band: sum(row[2] == band for row in rows) for band in ("red", "yellow", "green")}
        assert {move.standing.account_id: move.band for move in found.moves} == {
            row[0]: row[2]
            for row, one in zip(sorted(rows), sorted(standings, key=lambda one: one.account_id), strict=True)
            if rules.band_of(one.score) != row[2]
        }
        assert len(found.moves) > 3


def test_the_effect_in_words():
    """Three accounts, worked by hand: 60/40 becomes usage alone; one turns red with its ARR, one loses its score."""
    accounts = [
        Standing(1, "A", 10_000_00, 52, {"usage": 40, "engagement": 70, "satisfaction": None, "history": None}),
        Standing(2, "B", 90_000_00, 82, {"usage": 90, "engagement": 70, "satisfaction": None, "history": None}),
        Standing(3, "C", None, 55, {"usage": None, "engagement": 55, "satisfaction": None, "history": None}),
    ]
    found = effect(accounts, {"usage": 1, "engagement": 0, "satisfaction": 0, "history": 0})
    assert (found.now, found.then) == ({"red": 0, "yellow": 2, "green": 1}, {"red": 1, "yellow": 0, "green": 1})
    assert [(move.standing.account_id, move.score, move.before, move.band) for move in found.moves] == [
        (1, 40, "yellow", "red")
    ]
    assert (found.into("red"), found.red_cents, found.other, found.lost) == (1, 10_000_00, 3, 1)


def policy(**changed):
    rows = [{**row, **changed.get(row["kind"], {})} for row in DEFAULTS["review.policy"]]
    return Policy.read(rows)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, None),
        ({"mbr": {"to": 18_000}}, Fault("gap", "mbr", 18_000_00, 20_000_00)),
        ({"mbr": {"to": 20_000.01}}, Fault("overlap", "mbr", 20_000_00, 20_000_01)),
        ({"mbr": {"to": None}}, Fault("overlap", "mbr", 20_000_00, None)),
        ({"qbr": {"to": 100_000}}, Fault("open_end", "qbr", 100_000_00)),
        ({"mbr": {"to": 5_000}}, Fault("empty", "mbr", 5_000_00, 5_000_00)),
        ({"ebr": {"from": 19_999}}, Fault("below_qbr", "ebr", 19_999_00, 20_000_00)),
        ({"ebr": {"from": 20_000}}, None),
    ],
)
def test_a_policy_holds_together_or_says_where_it_does_not(changed, found):
    assert fault(policy(**changed).lines) == found


@given(MONEY, MONEY, MONEY, MONEY, st.none() | MONEY)
def test_a_policy_without_fault_gives_every_amount_one_ladder_row(mbr, end, qbr, ebr, last):
    made = policy(mbr={"from": mbr, "to": end}, qbr={"from": qbr, "to": last}, ebr={"from": ebr})
    if fault(made.lines):
        return
    for arr in (0, mbr, end, qbr, ebr, ebr + 1, 10**9):
        covering = [line.kind for line in made.lines if line.kind in ("mbr", "qbr") and line.covers(arr * 100)]
        assert len(covering) == (arr >= mbr)
        assert made.kinds(arr * 100)


def test_whom_a_policy_concerns_at_its_bounds():
    arrs = [(cents, 1) for cents in (4_999_00, 5_000_00, 19_999_99, 20_000_00, 100_000_00, 100_000_01)]
    found = concerned(policy(), [*arrs, (None, 2)])
    assert found == {"ebr": 1, "qbr": 3, "mbr": 2, "call": 1, "unknown": 2}


def test_the_page_and_its_fragment_tell_the_effect_and_save_nothing(story):
    admin = story.login("admin")
    typed = {**shown(admin, "health"), "usage": "100", "engagement": "0", "satisfaction": "0", "history": "0"}
    fragment = admin.post("/settings/health/effect", htmx=True, **typed)
    assert fragment.status_code == 200
    assert 'id="effect"' in fragment.text
    assert "<html" not in fragment.text
    assert "changeraient de couleur" in fragment.text
    whole = admin.post("/settings/health/effect", **typed)
    assert "changeraient de couleur" in whole.text
    assert 'name="usage" type="text" value="100"' in whole.text
    wrong = admin.post("/settings/health/effect", htmx=True, **{**typed, "usage": "x"})
    assert wrong.status_code == 422
    assert "Corrigez les poids" in wrong.text
    with story.app.app_context():
        assert settings.get("health.weights") == DEFAULTS["health.weights"]


def test_the_policy_counts_whom_it_would_concern(story):
    admin = story.login("admin")
    typed = {**shown(admin, "reviews"), "ebr_from": "20 000"}
    fragment = admin.post("/settings/reviews/effect", htmx=True, **typed).text
    assert (
        'id="n-ebr" class="num" hx-swap-oob="true">49 comptes' in fragment
    )  # one of the fifty stands at 20 000: not above it
    refused = admin.post("/settings/reviews/effect", htmx=True, **{**typed, "mbr_to": "6 000"})
    assert refused.status_code == 422
    assert "faites se toucher les deux lignes" in refused.text


def test_without_any_account_the_pages_still_stand(app):
    admin = settle(app).login("admin")
    with app.app_context():
        db.session.execute(sa.text("DELETE FROM account"))
        db.session.commit()
    for name in ("reviews", "health", "signals"):
        assert admin.get(f"/settings/{name}").status_code == 200
