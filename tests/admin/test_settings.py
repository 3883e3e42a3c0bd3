"""Settings: only administrators; saved typed, refused with a sentence, with who changed what, and judged again."""

import pytest
import sqlalchemy as sa

from haark import clock, schedule
from haark.accounts.models import AccountCard
from haark.events.models import Event
from haark.extensions import db
from haark.jobs.models import Job
from haark.settings import domain as settings
from haark.settings.defaults import DEFAULTS
from tests.admin.forms import fields, shown
from tests.conftest import Story
from tests.support.clients import settle
from tests.support.statements import counted

SECTIONS = ("organisation", "reviews", "actions", "health", "signals", "sharing", "brand")
# By section: what is typed, and what is kept. Numbers as a French reader writes them.
SAVED = (
    (
        "organisation",
        {"name": "  Sillage   SAS ", "currency": "UAH", "fiscal": "4", "open_editing": "y"},
        {
            "organisation.name": "Sillage SAS",
            "organisation.currency": "UAH",
            "fiscal_year_start": 4,
            "open_editing": True,
        },
    ),
    (
        "health",
        {"usage": "50", "engagement": "20", "satisfaction": "20", "history": "10", "half_life": "120"},
        {
            "health.weights": {"usage": 50, "engagement": 20, "satisfaction": 20, "history": 10},
            "health.half_life": 120,
        },
    ),
    (
        "signals",
        {"signals_usage_drop": "12,5", "signals_growth": "100", "signals_silence_days": "30", "severity": "medium"},
        {
            "signals.usage_drop": 0.125,
            "signals.growth": 1.0,
            "signals.silence_days": 30,
            "risk.severity": "medium",
        },
    ),
    (
        "actions",
        {"remind_days": "5", "escalation_days": "0"},
        {"actions.remind_days": 5, "actions.escalation_days": 0},
    ),
    (
        "brand",
        {"primary": "#004", "tint": "FFFFFF"},
        {"brand.primary": "#000044", "brand.tint": "#ffffff"},
    ),
)
# By section: what is typed, and words of the sentence that refuses it.
REFUSED = (
    ("organisation", {"name": ""}, "Entrez le nom"),
    ("organisation", {"timezone": "Mars/Base"}, "err"),
    ("organisation", {"fiscal": "13"}, "err"),
    ("health", {"usage": "101"}, "entre 0 et 100"),
    ("health", {"usage": "12,5"}, "nombre entier"),
    ("health", {"usage": ""}, "entre 0 et 100"),
    ("health", dict.fromkeys(("usage", "engagement", "satisfaction", "history"), "0"), "sans poids, aucun score"),
    ("health", {"half_life": "6"}, "entre 7 et 730"),
    ("signals", {"signals_usage_drop": "0"}, "entre 1 et 100"),
    ("signals", {"signals_usage_drop": "beaucoup"}, "Entrez un nombre"),
    ("signals", {"signals_detractor": "9"}, "doit dépasser"),
    ("signals", {"churn": "100,5"}, "entre 1 et 100"),
    ("actions", {"remind_days": "61"}, "entre 0 et 60"),
    ("actions", {"escalation_days": ""}, "entre 0 et 365"),
    ("brand", {"primary": "bleu"}, "#0c4a57"),
    ("brand", {"primary": "#0d8c9a"}, "le contraste est de 4,01"),
    ("brand", {"secondary": "#ffffff"}, "le contraste est de 1,00"),
    ("brand", {"tint": "#8899aa"}, "un contraste de 6,"),
    ("reviews", {"mbr_to": "18 000"}, "Entre 18\u202f000 et 20\u202f000"),
    ("reviews", {"mbr_to": "25 000"}, "De 20\u202f000 à 25\u202f000"),
    ("reviews", {"mbr_to": ""}, "finir à 20\u202f000"),
    ("reviews", {"qbr_to": "90 000"}, "Au-dessus de 90\u202f000"),
    ("reviews", {"mbr_to": "4 000"}, "La fin (4\u202f000) doit dépasser"),
    ("reviews", {"ebr_from": "19 999"}, "sous celui des QBR (20\u202f000)"),
    ("reviews", {"ebr_from": ""}, "Entrez un montant"),
    ("reviews", {"qbr_minutes": "5"}, "entre 10 et 240"),
    ("reviews", {"health_urgent": "40"}, "ne peut pas dépasser"),
)


def value(story: Story, key: str) -> object:
    with story.app.app_context():
        return settings.get(key)


def events(story: Story) -> list[Event]:
    with story.app.app_context():
        return list(db.session.scalars(sa.select(Event).where(Event.kind == "settings.changed").order_by(Event.id)))


def test_only_administrators_see_and_change_them(app):
    house = settle(app)
    for role in ("csm", "sales", "manager"):
        visitor = house.login(role)
        assert visitor.get("/settings").status_code == 403
        assert 'href="/settings"' not in visitor.get("/portfolio").text
        for name in SECTIONS:
            assert visitor.get(f"/settings/{name}").status_code == 403
            assert visitor.post(f"/settings/{name}/defaults", version=0).status_code == 403
    admin = house.login("admin")
    assert admin.get("/settings").location == "/settings/organisation"
    assert all(admin.get(f"/settings/{name}").status_code == 200 for name in SECTIONS)


@pytest.mark.parametrize(("name", "typed", "kept"), SAVED, ids=[row[0] for row in SAVED])
def test_a_section_is_saved_with_its_types(story, name, typed, kept):
    admin = story.login("admin")
    answer = admin.post(f"/settings/{name}", **{**shown(admin, name), **typed})
    assert (answer.status_code, answer.location) == (303, f"/settings/{name}")
    for key, wanted in kept.items():
        assert (value(story, key), type(value(story, key))) == (wanted, type(wanted))
    page = admin.get(f"/settings/{name}").text
    assert "par Paul Roussel" in page
    assert {key: fields(page)[key] for key in fields(page) if key != "version"}  # it can be sent again
    (event,) = events(story)
    assert event.actor_id == story.user_id("admin")
    assert event.data["section"] == name
    assert event.data["changes"] == {key: [DEFAULTS[key], wanted] for key, wanted in kept.items()} | (
        {"organisation.name": ["Sillage", "Sillage SAS"]} if name == "organisation" else {}
    )


def test_what_is_saved_as_it_stands_changes_nothing(story):
    admin = story.login("admin")
    for name in SECTIONS:
        assert admin.post(f"/settings/{name}", **shown(admin, name)).status_code == 303
    assert events(story) == []


@pytest.mark.parametrize(("name", "typed", "words"), REFUSED)
def test_what_makes_no_sense_is_refused_and_stays_typed(story, name, typed, words):
    admin = story.login("admin")
    before = shown(admin, name)
    answer = admin.post(f"/settings/{name}", **{**before, **typed})
    assert answer.status_code == 422
    assert words in answer.text
    kept = fields(answer.text)
    assert {key: kept[key] for key in typed if key in kept} == {key: typed[key] for key in typed if key in kept}
    assert shown(admin, name) == before
    assert events(story) == []


def test_two_administrators_the_second_sees_both_values(story):
    first, second = story.login("admin"), story.login("admin")
    mine, theirs = shown(first, "health"), shown(second, "health")
    assert first.post("/settings/health", **{**mine, "half_life": "60"}).status_code == 303
    answer = second.post("/settings/health", **{**theirs, "half_life": "200"})
    assert answer.status_code == 409
    assert "Quelqu’un a enregistré avant vous" in answer.text
    assert "</span> 200<br>" in answer.text
    assert "</span> 60</dd>" in answer.text
    assert value(story, "health.half_life") == 60
    again = fields(answer.text)
    assert again["half_life"] == "200"
    assert second.post("/settings/health", **again).status_code == 303
    assert value(story, "health.half_life") == 200
    stale = second.post("/settings/health/defaults", version=theirs["version"])
    assert stale.status_code == 409
    assert value(story, "health.half_life") == 200


def test_back_to_the_defaults(story):
    admin = story.login("admin")
    admin.post("/settings/signals", **{**shown(admin, "signals"), "signals_silence_days": "30", "churn": "45"})
    assert value(story, "risk.churn") == 0.45
    answer = admin.post("/settings/signals/defaults", version=shown(admin, "signals")["version"])
    assert answer.status_code == 303
    assert (value(story, "signals.silence_days"), value(story, "risk.churn")) == (45, 0.30)
    assert events(story)[-1].data["changes"] == {"signals.silence_days": [30, 45], "risk.churn": [0.45, 0.30]}


def test_everything_is_judged_again_where_judgement_moves(story):
    """Weights on usage alone: every card shows the usage component when the answer comes (jobs run inline here)."""
    admin = story.login("admin")
    only = {"usage": "100", "engagement": "0", "satisfaction": "0", "history": "0"}
    admin.post("/settings/health", **{**shown(admin, "health"), **only})
    admin.post("/settings/brand", **{**shown(admin, "brand"), "primary": "#000000"})
    valmorin = story.id("Groupe Valmorin")
    with story.app.app_context():
        asked = db.session.scalars(
            sa.select(Job).where(Job.kind.in_(schedule.ON_EVENT["settings.changed"]), Job.requested_by_id.is_not(None))
        ).all()
        assert [(job.state, job.args) for job in asked] == [("done", {})] * 2
        card = db.session.get_one(AccountCard, valmorin)
        assert card.health_score == 54
        assert card.health_on == clock.today()


def test_a_page_costs_the_same_for_any_number_of_accounts(story):
    admin = story.login("admin")
    admin.get("/settings/health")
    for name, most in (("organisation", 6), ("reviews", 7), ("health", 7), ("signals", 8), ("brand", 6)):
        with counted(story.app) as sent:
            admin.get(f"/settings/{name}")
        assert len([one for one in sent if one.startswith("SELECT")]) <= most, "\n".join(sent)


def test_a_fraction_typed_as_a_whole_number_stays_a_fraction(app):
    with app.app_context():
        settings.put("signals.growth", 1, by=None, at=clock.now())
        assert type(settings.get("signals.growth")) is float
        for key, wrong in (("signals.growth", True), ("signals.silence_days", 4.5), ("signals.silence_days", True)):
            with pytest.raises(TypeError):
                settings.put(key, wrong, by=None, at=clock.now())


def test_a_change_knows_the_version_it_was_read_at(db_app):
    with db_app.app_context():
        keys = ("signals.silence_days", "risk.churn")
        assert settings.version_of(keys) == 0
        settings.change(
            {"signals.silence_days": 30, "risk.churn": 0.3}, version=0, section="s", by=None, at=clock.now()
        )
        db.session.commit()
        assert settings.version_of(keys) == 1  # only what differs is written
        with pytest.raises(settings.Outdated):
            settings.change(
                {"signals.silence_days": 31, "risk.churn": 0.3}, version=0, section="s", by=None, at=clock.now()
            )
        settings.reset(keys, version=1, section="s", by=None, at=clock.now())
        db.session.commit()
        assert (settings.get("signals.silence_days"), settings.version_of(keys)) == (45, 2)
