"""How a contract term ends: noted on the account's page, with what it changes, and taken back."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from haark import clock
from haark.accounts import domain, retention, rules
from haark.accounts.models import Account, AccountCard, Renewal, Revenue
from haark.events.models import Event
from haark.extensions import db
from haark.signals import domain as signals
from tests.conftest import TODAY
from tests.support.people import Visitor

YEAR_ON = TODAY.replace(year=2027)


def state(app: Flask, ident: int) -> dict[str, Any]:
    with app.app_context():
        account = db.session.get_one(Account, ident)
        levels = db.select(Revenue.date, Revenue.arr_cents, Revenue.reason).where(Revenue.account_id == ident)
        terms = db.select(Renewal.date, Renewal.outcome, Renewal.reason, Renewal.notice_date)
        return {
            "renewal": account.renewal_date,
            "levels": [tuple(row) for row in db.session.execute(levels.order_by(Revenue.date))],
            "terms": [tuple(row) for row in db.session.execute(terms.where(Renewal.account_id == ident))],
            "arr": db.session.scalar(db.select(AccountCard.arr_cents).where(AccountCard.account_id == ident)),
            "events": list(
                db.session.scalars(
                    db.select(Event.kind)
                    .where(Event.account_id == ident, Event.kind.startswith("term."))
                    .order_by(Event.id)
                )
            ),
        }


def version(visitor: Visitor, ident: int) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', visitor.get(f"/accounts/{ident}/terms/new").text)
    assert found
    return found[1]


def note(visitor: Visitor, ident: int, htmx: bool = False, **fields: str) -> Any:
    typed = {"version": version(visitor, ident), "outcome": "renewed", "ended_on": TODAY.isoformat(), **fields}
    return visitor.post(f"/accounts/{ident}/terms", htmx=htmx, **typed)


def test_a_renewal_moves_the_date_on_and_may_raise_the_arr(db_app: Flask, claire: Visitor, montclar: int) -> None:
    page = claire.get(f"/accounts/{montclar}/terms/new").text
    assert 'value="2026-11-12"' in page and 'value="2028-01-11"' in page  # today, and a year after the term’s end
    before = state(db_app, montclar)
    answer = note(claire, montclar, next_on=YEAR_ON.isoformat(), arr="132 000", reason="deux sites de plus")
    assert answer.status_code == 303 and answer.location == f"/accounts/{montclar}/revenue"
    after = state(db_app, montclar)
    assert (after["renewal"], after["arr"]) == (YEAR_ON, 13_200_000)
    assert after["levels"][-1] == (TODAY, 13_200_000, "expansion")
    assert after["terms"][-1] == (TODAY, "renewed", "deux sites de plus", None)
    assert after["events"][-1] == "term.ended"
    page = claire.get(answer.location).text
    assert "Renouvellement noté" in page and "deux sites de plus" in page and "12 nov. 2027" in page
    assert "Contrat renouvelé" in claire.get(f"/accounts/{montclar}/history?kind=revenue").text
    undo = re.search(r'action="(/terms/\d+/removal)"', page)
    assert undo and claire.post(undo[1]).status_code == 303
    back = state(db_app, montclar)
    assert {**back, "events": 0} == {**before, "events": 0}
    assert back["events"][-1] == "term.reopened"
    assert "Échéance rouverte" in claire.get(f"/accounts/{montclar}").text


def test_a_loss_ends_the_revenue_and_the_account_stays_marked(db_app: Flask, claire: Visitor, montclar: int) -> None:
    lost_on, notice = date(2026, 11, 1), date(2026, 8, 1)
    fields = {"outcome": "lost", "ended_on": lost_on.isoformat(), "notice_date": notice.isoformat()}
    before = state(db_app, montclar)
    # What only concerns a renewal is not read for a loss.
    assert note(claire, montclar, **fields, reason="rachat", next_on="2020-01-01", arr="5").status_code == 303
    after = state(db_app, montclar)
    assert after["terms"][-1] == (lost_on, "lost", "rachat", notice)
    assert after["levels"][-1] == (lost_on, 0, "churn") and after["arr"] == 0
    page = claire.get(f"/accounts/{montclar}").text
    assert page.count("Perdu le 1 nov. 2026") == 1 and "Le client est parti." in page
    assert "ARR à 0 depuis cette date." in page
    row = re.search(rf'<tr id="acc-{montclar}".*?</tr>', claire.get("/portfolio").text, re.DOTALL)
    assert row and "Perdu" in row[0] and "n. d." in row[0]
    with db_app.app_context():
        figures = retention.read(db.session.execute(db.select(*retention.sums())).one())
        assert (figures.nrr, figures.logo_churn, figures.lost) == (0, 1, 1)
        term_id = db.session.scalar(db.select(Renewal.id).where(Renewal.outcome == "lost"))
    assert claire.post(f"/terms/{term_id}/removal").status_code == 303
    assert {**state(db_app, montclar), "events": 0} == {**before, "events": 0}


def test_an_announced_loss_counts_from_its_day_on(db_app: Flask, claire: Visitor, montclar: int) -> None:
    end = TODAY + timedelta(days=60)
    note(claire, montclar, outcome="lost", ended_on=end.isoformat(), notice_date=TODAY.isoformat())
    page = claire.get(f"/accounts/{montclar}").text
    assert "Départ annoncé à cette date." in page and "Préavis reçu le 12 nov. 2026." in page
    assert "Perdu le" not in page and state(db_app, montclar)["arr"] == 12_000_000
    with db_app.app_context():
        domain.refresh_cards([montclar], on=end)
        card = db.session.scalars(db.select(AccountCard)).one()
        assert (card.arr_cents, card.renewal_date) == (0, None)


def test_a_declared_arr_is_written_down_before_a_loss_hides_it(
    db_app: Flask, claire: Visitor, open_account: Callable[..., int]
) -> None:
    ident = open_account("Déclarée", declared_arr_cents=5_000_000, contract_start=date(2024, 1, 1))
    bare = open_account("Sans début", declared_arr_cents=1_000_000)
    for one in (ident, bare):
        note(claire, one, outcome="lost")
    assert state(db_app, ident)["levels"] == [(date(2024, 1, 1), 5_000_000, "new"), (TODAY, 0, "churn")]
    assert state(db_app, bare)["levels"] == [(TODAY - timedelta(days=1), 1_000_000, ""), (TODAY, 0, "churn")]
    with db_app.app_context():
        declared = db.select(*retention.sums()).where(AccountCard.account_id == ident)
        assert retention.read(db.session.execute(declared).one()).lost == 1


def test_an_earlier_end_noted_late_leaves_the_next_renewal_alone(db_app: Flask, claire: Visitor, montclar: int) -> None:
    before = state(db_app, montclar)["renewal"]
    assert note(claire, montclar, ended_on="2025-01-11", next_on="2026-01-11").status_code == 303
    assert state(db_app, montclar)["renewal"] == before


WRONG: list[tuple[dict[str, str], str]] = [
    ({"ended_on": ""}, "Indiquez le jour."),
    ({"ended_on": "2026-02-30"}, "Cette date n’existe pas."),
    ({"outcome": "paused"}, "Dites si le contrat est renouvelé ou perdu."),
    ({"ended_on": "2023-03-12"}, "Cette date précède le début du contrat."),
    ({"ended_on": "2026-11-13"}, "une fois signé"),
    ({"ended_on": "2026-01-11"}, "Une issue est déjà notée pour ce jour."),
    ({"next_on": "2026-11-12"}, "La prochaine échéance doit suivre celle-ci."),
    ({"notice_date": "2026-11-13"}, "Le préavis ne peut pas suivre la fin de l’échéance."),
    ({"arr": "-1"}, "Un montant ne peut pas être négatif."),
    ({"reason": "x" * 401}, "400 caractères au plus."),
]


@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_what_cannot_be_comes_back_with_a_sentence(
    db_app: Flask, claire: Visitor, montclar: int, fields: dict[str, str], sentence: str
) -> None:
    before = state(db_app, montclar)
    for htmx in (False, True):
        answer = note(claire, montclar, htmx, **{"reason": "ma raison", **fields})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert fields.get("reason", "ma raison") in answer.text
        assert ("<html" in answer.text) != htmx
    assert state(db_app, montclar) == before


@pytest.mark.parametrize("htmx", [False, True])
def test_who_notes_it_second_is_told_and_keeps_what_was_typed(
    db_app: Flask, claire: Visitor, montclar: int, htmx: bool
) -> None:
    seen = version(claire, montclar)
    note(claire, montclar, next_on=YEAR_ON.isoformat())
    answer = note(claire, montclar, htmx, version=seen, ended_on="2026-11-11", outcome="lost", reason="rachat")
    assert answer.status_code == 409
    assert "Quelqu’un a modifié ce compte" in answer.text and "12 nov. 2027" in answer.text
    assert 'value="rachat"' in answer.text and re.search(
        r'value="lost"[^>]*checked|checked[^>]*value="lost"', answer.text
    )
    again = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert again and note(claire, montclar, version=again[1], ended_on="2026-11-11", outcome="lost").status_code == 303
    assert len(state(db_app, montclar)["terms"]) == 3


def test_somebody_else_reads_the_outcomes_and_changes_nothing(hugo: Visitor, db_app: Flask, montclar: int) -> None:
    page = hugo.get(f"/accounts/{montclar}/revenue").text
    assert "Renouvelé" in page and "Noter l’issue" not in page and "/terms/" not in page
    assert hugo.post(f"/accounts/{montclar}/terms", outcome="lost").status_code == 403


def test_an_imported_end_can_be_taken_back_too(db_app: Flask, claire: Visitor, montclar: int) -> None:
    with db_app.app_context():
        term_id = db.session.scalar(db.select(Renewal.id))
    assert claire.post(f"/terms/{term_id}/removal", htmx=True).headers["HX-Redirect"].endswith("/revenue")
    assert state(db_app, montclar)["terms"] == []


def test_lost_is_the_zero_that_ends_a_history_of_revenue() -> None:
    day = [date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1), date(2026, 6, 1)]
    paid, gone = [(day[0], 100)], [(day[0], 100), (day[1], 0)]
    assert rules.lost_since([]) is None and rules.lost_since(paid) is None
    assert rules.lost_since([(day[0], 0)]) is None  # a pilot that never paid
    assert rules.lost_since(gone) == day[1] and rules.lost_since([*gone, (day[2], 0)]) == day[1]
    assert rules.lost_since([*gone, (day[2], 50)]) is None  # won back
    assert rules.lost_since([*gone, (day[2], 50), (day[3], 0)]) == day[3]


def test_a_card_shows_its_churn_or_says_what_is_missing(
    db_app: Flask, claire: Visitor, open_account: Callable[..., int]
) -> None:
    soon = open_account("Bientôt", renewal_date=TODAY + timedelta(days=60), declared_arr_cents=12_000_000)
    dateless, past = open_account("Sans date"), open_account("Passée", renewal_date=TODAY - timedelta(days=2))
    assert "Il faut un score de santé." in claire.get(f"/accounts/{soon}").text
    assert "Il faut une date de renouvellement." in claire.get(f"/accounts/{dateless}").text
    page = claire.get(f"/accounts/{past}").text
    assert "Le renouvellement est passé" in page and f'href="/accounts/{past}/terms/new"' in page
    with db_app.app_context():
        card = db.session.get_one(AccountCard, soon)
        card.churn, card.churn_change, card.expected_loss_cents = 0.35, 0.11, 4_200_000
        card.next_review_on, card.next_review_kind, card.next_review_late = TODAY + timedelta(days=7), "qbr", True
        db.session.commit()
    found = re.search(r'id="churn-card".*?</section>', claire.get(f"/accounts/{soon}").text, re.DOTALL)
    assert found
    words = re.sub(r"<[^>]+>|&nbsp;", " ", found[0])
    for part in ("35", "élevé", "+11 pts", "en 30 j", "Alerte dès 30", "Perte attendue 42\u202f000\u00a0€."):
        assert part in words, part
    assert 'class="delta dn"' in found[0] and "arrow-up-right" in found[0]  # a rise of the risk is bad news
    assert "QBR en retard, à tenir avant le 19 nov. 2026." in words
    assert clock.today() == TODAY


def test_a_lost_client_is_neither_at_risk_nor_due_a_review(db_app: Flask, claire: Visitor, montclar: int) -> None:
    with db_app.app_context():
        signals.judge([montclar], on=TODAY, at=clock.moment())
        db.session.commit()
        before = db.session.get_one(AccountCard, montclar)
        assert before.at_risk and before.next_review_on
    note(claire, montclar, outcome="lost")
    with db_app.app_context():
        after = db.session.get_one(AccountCard, montclar)
        assert not after.at_risk and after.next_review_on is None and after.churn is None
