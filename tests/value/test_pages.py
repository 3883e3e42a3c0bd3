"""RO-1 to RO-4 on the page: live result, formulas, assumptions, and what is kept."""

import re

import pytest
import sqlalchemy as sa

from haark.events.models import Event
from haark.extensions import db
from haark.value.models import RoiCase, RoiLine
from tests.support.clients import settle

TIME = {
    "method": "time",
    "category": "time_saved",
    "label": "Agents",
    "people": "10",
    "hours_per_day": "8",
    "days_per_year": "220",
    "hourly_cost_cents": "35",
    "saved_percent": "30",
}


@pytest.fixture
def house(app):
    return settle(app)


def fields(*lines, **costs):
    typed = {"version": 1, "licence_cents": "24 000", "one_time_cents": "10 000", **costs}
    for number, line in enumerate(lines):
        typed.update({f"lines-{number}-{name}": value for name, value in line.items()})
    return typed


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text[answer.text.find('id="roi-result"') :])
    return re.sub(r"\s+", " ", text)


def saved(house):
    with house.app.app_context():
        case = db.session.scalar(sa.select(RoiCase).where(RoiCase.account_id == house.own))
        return case, [line.label for line in case.lines]


def draft(house, htmx=True, **typed):
    return house.login("csm").post(f"/accounts/{house.own}/roi/draft", htmx=htmx, **typed)


def test_the_reference_case_with_formulas_and_assumptions(house):
    text = words(draft(house, **fields(TIME)))
    for shown in (
        "443 %",
        "443,5 %",
        "2,2 mois",
        "10 pers. × 8 h × 220 j = 17 600 h",
        "17 600 h × 35 €/h = 616 000 €",
        "616 000 € × 30 % gagnés = 184 800 €",
        "(184 800 € − 24 000 € − 10 000 €) ÷ 34 000 € = 443,5 %",
        "34 000 € ÷ (184 800 € ÷ 12) = 2,2 mois",
    ):
        assert shown in text, text


def test_a_draft_keeps_nothing_and_is_a_page_without_javascript(house):
    answer = draft(house, htmx=False, **fields({**TIME, "people": "20"}))
    assert answer.status_code == 200 and "<html" in answer.text and 'value="20"' in answer.text
    assert saved(house)[0].version == 1


def test_an_unknown_factor_is_named_and_never_zero(house):
    text = words(draft(house, **fields({**TIME, "hourly_cost_cents": ""})))
    assert "il manque le coût horaire" in text and "n. d." in text and "443" not in text


def test_unknown_costs_are_asked_for(house):
    assert "Indiquez la licence par an" in words(draft(house, **fields(TIME, licence_cents="")))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"people": "dix"}, "Entrez un nombre"),
        ({"hours_per_day": "25"}, "Entrez un nombre de 0 à 24."),
        ({"saved_percent": "130"}, "Entrez un nombre de 0 à 100."),
        ({"hourly_cost_cents": "-1"}, "Entrez un montant positif"),
        ({"category": "strategic"}, "se décrit en mots"),
        ({"label": "x" * 201}, "200 caractères au plus."),
    ],
)
def test_bad_input_is_422_with_what_was_typed_and_nothing_kept(house, wrong, says):
    visitor = house.login("csm")
    for path in ("roi/draft", "roi"):
        answer = visitor.post(f"/accounts/{house.own}/{path}", htmx=True, **fields({**TIME, **wrong}))
        assert answer.status_code == 422 and says in answer.text
        assert next(iter(wrong.values())) in answer.text and 'value="24 000"' in answer.text
    assert saved(house)[0].version == 1


def test_amounts_and_words_beside_time(house):
    amount = {"method": "amount", "category": "revenue_gained", "label": "Panier", "amount_cents": "12 000,50"}
    strategic = {"method": "words", "category": "strategic", "label": "Conformité", "note": "Audit 2026", "people": "9"}
    visitor = house.login("csm")
    answer = visitor.post(f"/accounts/{house.own}/roi", **fields(TIME, amount, strategic))
    assert (answer.status_code, answer.location) == (303, f"/accounts/{house.own}/value")
    case, labels = saved(house)
    assert labels == ["Agents", "Panier", "Conformité"] and case.version == 2
    with house.app.app_context():
        rows = list(db.session.scalars(sa.select(RoiLine).where(RoiLine.case_id == case.id).order_by(RoiLine.position)))
    assert (rows[1].amount_cents, rows[2].category, rows[2].people) == (1_200_050, "strategic", None)


def test_lines_come_and_go_without_being_kept(house):
    added = draft(house, **fields(TIME, add="words"))
    assert 'name="lines-1-label"' in added.text and 'value="strategic"' in added.text
    dropped = draft(house, **fields(TIME, {**TIME, "label": "Second"}, drop="lines-0"))
    assert 'name="lines-0-label"' not in dropped.text and 'value="Second"' in dropped.text
    assert saved(house)[0].version == 1


def test_a_change_of_a_line_alone_is_a_new_version(house):
    visitor = house.login("csm")
    visitor.post(f"/accounts/{house.own}/roi", **fields({**TIME, "label": "Litiges", "people": "11"}))
    assert saved(house)[0].version == 2
    assert visitor.post(f"/accounts/{house.own}/roi", **fields(TIME)).status_code == 409


def test_the_second_of_two_sees_both(house):
    first, second = house.login("csm"), house.login("admin")
    assert first.post(f"/accounts/{house.own}/roi", **fields({**TIME, "people": "20"})).status_code == 303
    conflict = second.post(f"/accounts/{house.own}/roi", htmx=True, **fields({**TIME, "people": "30"}))
    assert conflict.status_code == 409
    assert "20 pers." in conflict.text.replace("\u202f", " ") and 'value="30"' in conflict.text
    assert saved(house)[0].version == 2


def test_saving_records_what_moved(house):
    house.login("csm").post(f"/accounts/{house.own}/roi", **fields({**TIME, "saved_percent": "40"}))
    with house.app.app_context():
        event = db.session.scalar(sa.select(Event).where(Event.kind == "value.changed"))
    assert event.data["changes"]["yearly_gain_cents"] == [18_480_000, 24_640_000]


def test_amounts_read_in_english(house):
    visitor = house.login("csm")
    visitor.post("/preferences/language", language="en")
    answer = visitor.post(f"/accounts/{house.own}/roi/draft", htmx=True, **fields(TIME, licence_cents="24,000.50"))
    assert "€24,000" in words(answer)


def test_forty_lines_at_most(house):
    many = [{**TIME, "label": f"n{number}"} for number in range(60)]
    answer = draft(house, **fields(*many, add="time"))
    assert answer.text.count('class="roi-l"') == 40


RANGED = {**TIME, "saved_percent_low": "20", "saved_percent_high": "40"}


def test_the_three_cases_stand_beside_each_other(house):
    text = words(draft(house, **fields(RANGED)))
    assert "Prudent 123 200 € · ROI 262 % · 3,3 mois" in text
    assert "Attendu 184 800 € · ROI 443 % · 2,2 mois" in text
    assert "Optimiste 246 400 € · ROI 624 % · 1,7 mois" in text
    assert "Prudent" not in words(draft(house, **fields(TIME)))


def test_a_case_out_of_order_is_refused_with_what_was_typed(house):
    answer = draft(house, **fields({**RANGED, "saved_percent_low": "35"}))
    assert answer.status_code == 422
    assert "Le cas prudent est au plus l’attendu" in answer.text and 'value="35"' in answer.text


def line_ids(house):
    with house.app.app_context():
        mine = sa.select(RoiLine).join(RoiCase).where(RoiCase.account_id == house.own).order_by(RoiLine.position)
        return [row.id for row in db.session.scalars(mine)]


def line(house, line_id):
    with house.app.app_context():
        return db.session.get(RoiLine, line_id)


def test_a_claim_is_confirmed_by_the_client_until_it_changes(house):
    """XB-2: an estimate becomes a fact by the client's word, and is an estimate again when its numbers change."""
    claire = house.login("csm")
    address = f"/accounts/{house.own}/roi"
    claire.post(address, **fields(TIME, {"method": "amount", "category": "cost_saved", "amount_cents": "900"}))
    first, second = line_ids(house)
    refused = claire.post(f"{address}/lines/{first}/confirmation", who="", on="2026-11-13")
    assert refused.status_code == 422
    assert "Dites qui l’a confirmé." in refused.text and "Ce jour n’est pas encore venu." in refused.text
    assert claire.post(f"{address}/lines/{first}/confirmation", who="Anne Leclerc", on="2026-11-10").status_code == 303
    page = claire.get(f"/accounts/{house.own}/value").text
    assert "Confirmé par Anne Leclerc le 10 nov. 2026" in page
    assert "Estimation, pas encore confirmée" in page  # the second one

    # Written again in another order, with another note: the word stays with its claim.
    version = saved(house)[0].version
    typed = (
        {"method": "amount", "category": "cost_saved", "amount_cents": "900", "ident": second},
        {**TIME, "ident": first, "note": "12 mois"},
    )
    claire.post(address, **fields(*typed, version=version))
    assert line_ids(house) == [second, first]
    assert line(house, first).confirmed_by == "Anne Leclerc" and line(house, second).confirmed_on is None

    # Other numbers are another claim.
    typed[1]["saved_percent"] = "35"
    claire.post(address, **fields(*typed, version=version + 1))
    assert line(house, first).confirmed_on is None

    claire.post(f"{address}/lines/{first}/confirmation", who="Anne Leclerc", on="2026-11-10")
    claire.post(f"{address}/lines/{first}/confirmation/removal")
    assert line(house, first).confirmed_on is None
    with house.app.app_context():
        kinds = list(db.session.scalars(sa.select(Event.kind).where(Event.kind.like("value.%confirmed"))))
    assert kinds == ["value.confirmed", "value.confirmed", "value.unconfirmed"]
    assert claire.post(f"{address}/lines/{first + 99}/confirmation", who="A", on="2026-11-10").status_code == 404
