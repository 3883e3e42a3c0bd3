"""The facts of an account, edited where they stand; its group."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from haark import clock
from haark.accounts import domain, family, removal
from haark.accounts.family import Member, rollup
from haark.accounts.models import Account, AccountCard, Revenue
from haark.dossier.fact_forms import FACTS
from haark.events.models import Event
from haark.extensions import db
from haark.jobs.models import Job
from tests.conftest import TODAY
from tests.dossier.conftest import Team
from tests.support.people import Visitor
from tests.support.statements import counted

Opener = Callable[..., int]
# Forms and sentences are the same on both databases.
ONE_DATABASE = pytest.mark.parametrize("db_app", ["sqlite"], indirect=True)


def opened(visitor: Visitor, ident: int, name: str) -> dict[str, str]:
    """The hidden fields of a fact's form as it is opened now."""
    page = visitor.get(f"/accounts/{ident}/facts/{name}", htmx=True).text
    return {
        key: re.search(rf'name="{key}"[^>]*value="([^"]*)"', page)[1]  # type: ignore[index]  # it has them
        for key in ("version", "was")
    }


def save(visitor: Visitor, ident: int, name: str, value: str, htmx: bool = True, **fields: Any) -> Any:
    typed = {**opened(visitor, ident, name), "value": value, **fields}
    return visitor.post(f"/accounts/{ident}/facts/{name}", htmx=htmx, **typed)


def account_of(app: Flask, ident: int) -> Account:
    with app.app_context():
        return db.session.get_one(Account, ident)


def events_of(app: Flask, ident: int, kind: str) -> list[Any]:
    with app.app_context():
        rows = db.select(Event).where(Event.account_id == ident, Event.kind == kind).order_by(Event.id)
        return list(db.session.scalars(rows))


@ONE_DATABASE
def test_every_fact_is_a_link_to_its_form_and_back(claire: Visitor, hugo: Visitor, montclar: int) -> None:
    page = claire.get(f"/accounts/{montclar}/facts").text
    for name in FACTS:
        form = f"/accounts/{montclar}/facts/{name}"
        assert f'href="{form}?at=card"' in page
        assert "<h1" in claire.get(form).text  # without JavaScript a page
        assert claire.get(f"{form}?at=card", htmx=True).text.startswith('<form class="fact')
        assert claire.get(f"{form}/value?at=card", htmx=True).text.strip().startswith('<div class="fact"')
        assert hugo.get(form).status_code == 403
        assert hugo.post(form, value="x").status_code == 403
    assert "/facts/sector?at" not in hugo.get(f"/accounts/{montclar}/facts").text
    assert "/facts/" not in hugo.get(f"/accounts/{montclar}").text.split('id="tabs"')[0]
    assert claire.get(f"/accounts/{montclar}/facts/sector?at=moon").status_code == 400


@ONE_DATABASE
@pytest.mark.parametrize(
    ("name", "typed", "kept", "shown"),
    [
        ("sector", "  Logistique ", "Logistique", "Logistique"),
        ("employees", "1 300", 1300, "1\u202f300"),
        ("seats", "", None, "n. d."),
        ("renewal_date", "2027-03-31", date(2027, 3, 31), "31 mars 2027"),
        ("language", "en", "en", "anglais"),
        ("executive_email", "dg@montclar.test", "dg@montclar.test", "dg@montclar.test"),
        ("external_id", "", None, "n. d."),
    ],
)
def test_a_fact_is_saved_shown_and_recorded(
    db_app: Flask, claire: Visitor, montclar: int, name: str, typed: str, kept: Any, shown: str
) -> None:
    before = getattr(account_of(db_app, montclar), FACTS[name].column)
    answer = save(claire, montclar, name, typed)
    assert answer.status_code == 200, answer.text
    assert shown in answer.text and "Enregistré" in answer.text and "autofocus" in answer.text
    assert answer.headers["HX-Trigger"] == '{"account-changed": null}'
    assert getattr(account_of(db_app, montclar), FACTS[name].column) == kept
    (event,) = events_of(db_app, montclar, "account.changed")
    plain = [one if one is None or isinstance(one, int) else str(one) for one in (before, kept)]
    assert event.data["changes"] == {FACTS[name].column: plain}
    with db_app.app_context():
        card = db.session.get_one(AccountCard, montclar)
        assert db.session.scalar(db.select(Job.id).where(Job.kind == "signals.judge", Job.account_id == montclar))
        if name == "renewal_date":
            assert card.renewal_date == kept
    again = save(claire, montclar, name, typed)
    assert "Enregistré" not in again.text and len(events_of(db_app, montclar, "account.changed")) == 1


@ONE_DATABASE
@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("name", "", "Donnez un nom au compte"),
        ("employees", "beaucoup", "Entrez un nombre"),
        ("employees", "-4", "Entrez un nombre entier"),
        ("arr", "$120k", "Ce compte est en EUR"),
        ("arr", "", "entrez un montant, 0 si le client ne paie plus"),
        ("renewal_date", "2020-01-01", "ne peut pas précéder le début"),
        ("renewal_date", "31/31/2027", "Cette date n’existe pas"),
        ("language", "de", "Choisissez une langue"),
        ("executive_email", "dg@", "pas complète"),
        ("external_id", "TAKEN", "Un autre compte porte déjà cet identifiant"),
        ("external_id", "BINNED", "encore dans la corbeille"),
        ("owner", "999999", "Choisissez une personne"),
        ("parent", "Personne", "Aucun compte ne porte ce nom"),
        ("parent", "Groupe Montclar", "une société ne peut pas dépendre de sa filiale"),
        ("parent", "Filiale", "une société ne peut pas dépendre de sa filiale"),
        ("parent", "Jumeau", "Plusieurs comptes portent ce nom"),
    ],
)
def test_what_cannot_be_is_told_and_the_text_stays(
    db_app: Flask, claire: Visitor, montclar: int, open_account: Opener, name: str, typed: str, sentence: str
) -> None:
    open_account("Filiale", external_id="TAKEN", parent_id=montclar)
    for _twin in range(2):
        open_account("Jumeau")
    gone = open_account("Parti", external_id="BINNED")
    with db_app.app_context():
        removal.delete_account(gone, by=None, at=clock.moment())
        db.session.commit()
    answer = save(claire, montclar, name, typed)
    assert answer.status_code == 422 and sentence in answer.text
    assert f'value="{typed}"' in answer.text or name in ("owner", "language", "renewal_date")
    assert account_of(db_app, montclar).version == 1
    assert "<h1" in save(claire, montclar, name, typed, htmx=False).text


@ONE_DATABASE
def test_another_fact_saved_meanwhile_is_no_conflict_the_same_one_is(
    db_app: Flask, claire: Visitor, montclar: int
) -> None:
    nadia = Visitor(db_app).login("manager")
    mine = opened(claire, montclar, "seats")
    assert save(nadia, montclar, "sector", "Industrie").status_code == 200
    url = f"/accounts/{montclar}/facts/seats"
    assert claire.post(url, htmx=True, value="90", **mine).status_code == 200
    mine = opened(claire, montclar, "seats")
    assert save(nadia, montclar, "seats", "100").status_code == 200
    answer = claire.post(url, htmx=True, value="95", **mine)
    assert answer.status_code == 409
    said = re.sub(r"<[^>]+>", " ", answer.text)
    assert re.search(r"Votre version\u202f:\s+95\s+Version enregistrée\u202f:\s+100", said), said
    assert account_of(db_app, montclar).seats == 100 and 'value="95"' in answer.text
    fields = dict(re.findall(r'name="(version|was)"[^>]*value="([^"]*)"', answer.text))
    assert claire.post(url, htmx=True, value="95", **fields).status_code == 200  # a second time is a decision
    assert account_of(db_app, montclar).seats == 95


def test_the_arr_is_typed_as_people_write_it(
    db_app: Flask, claire: Visitor, montclar: int, open_account: Opener
) -> None:
    answer = save(claire, montclar, "arr", "132 k€", start="2026-11-01", reason="price")
    assert "132\u202f000\u00a0€" in answer.text
    with db_app.app_context():
        levels = db.select(Revenue.date, Revenue.arr_cents, Revenue.reason).where(Revenue.account_id == montclar)
        assert db.session.execute(levels.order_by(Revenue.date.desc())).first() == (
            date(2026, 11, 1),
            13_200_000,
            "price",
        )
        assert db.session.get_one(AccountCard, montclar).arr_cents == 13_200_000
    (event,) = events_of(db_app, montclar, "account.arr_changed")
    assert event.data["changes"] == {"arr_cents": [12_000_000, 13_200_000]} and event.data["reason"] == "price"
    earlier = save(claire, montclar, "arr", "132 000", start="2026-08-01")  # the same, from an earlier day on
    assert "Enregistré" in earlier.text
    assert "Enregistré" not in save(claire, montclar, "arr", "132 000", start="2026-08-01").text
    with db_app.app_context():
        august = db.select(Revenue.arr_cents, Revenue.reason).where(Revenue.date == date(2026, 8, 1))
        assert db.session.execute(august).one() == (13_200_000, "expansion")
    bare = open_account("Sans historique")
    page = claire.get(f"/accounts/{bare}/facts/arr", htmx=True).text
    assert 'name="start"' not in page
    assert "120\u202f000\u00a0€" in save(claire, bare, "arr", "120 000 €").text
    assert account_of(db_app, bare).declared_arr_cents == 12_000_000
    assert "n. d." in save(claire, bare, "arr", "").text


@ONE_DATABASE
def test_who_owns_it_now_may_change_it(
    db_app: Flask, claire: Visitor, hugo: Visitor, montclar: int, team: Team
) -> None:
    assert hugo.get(f"/accounts/{montclar}/facts/sector").status_code == 403
    assert "Hugo Marchetti" in save(claire, montclar, "sales_owner", str(team["sales"])).text
    assert save(hugo, montclar, "sector", "Industrie").status_code == 200
    assert save(claire, montclar, "owner", "").status_code == 200
    assert claire.get(f"/accounts/{montclar}/facts/sector").status_code == 403
    assert events_of(db_app, montclar, "account.owner_changed")


def test_the_group_is_the_whole_tree_below_and_leads_up(
    db_app: Flask, claire: Visitor, montclar: int, open_account: Opener
) -> None:
    north = open_account("Nord", declared_arr_cents=30_000_00, renewal_date=TODAY + timedelta(20))
    port = open_account("Port", declared_arr_cents=10_000_00, parent_id=north)
    open_account("Dollar", declared_arr_cents=10_000_00, currency="USD", parent_id=north)
    assert "Groupe Montclar" in save(claire, north, "parent", "groupe montclar").text
    with counted(db_app) as sent:
        page = claire.get(f"/accounts/{montclar}/facts").text
    assert len(sent) <= 20, len(sent)
    group = page.split('id="family"')[1]
    assert "160\u202f000\u00a0€" in group and "1 compte sans ARR connu" in group and "3 filiales" in group
    assert group.index(">Nord<") < group.index("Port<") < group.index("Dollar<")
    assert "2 déc. 2026" in group
    page = claire.get(f"/accounts/{north}").text
    assert f'Filiale de <a href="/accounts/{montclar}"' in page and "2 filiales" in page
    assert (
        'value="Groupe Montclar"' in claire.get(f"/accounts/{port}/facts/parent/choices?value=GRoupe", htmx=True).text
    )
    with db_app.app_context():
        assert family.ancestors(port) == [port, north, montclar]
        db.session.get_one(Account, montclar).parent_id = port  # as an old import might have left it
        db.session.commit()
        assert [one.name for one in family.tree(montclar)] == ["Groupe Montclar", "Nord", "Port", "Dollar"]
        assert set(family.ancestors(port)) == {port, north, montclar}


MEMBERS = st.lists(
    st.builds(
        Member,
        id=st.integers(1, 10**6),
        name=st.just("A"),
        parent_id=st.none(),
        depth=st.just(0),
        owner_id=st.none(),
        arr_cents=st.none() | st.integers(0, 10**11),
        health_score=st.none() | st.integers(0, 100),
        health_band=st.just(""),
        renewal_date=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
        at_risk=st.booleans(),
    ),
    max_size=12,
)


@given(MEMBERS)
def test_a_rollup_counts_every_member_once_and_invents_nothing(members: list[Member]) -> None:
    found = rollup(members, TODAY)
    known = [one.arr_cents for one in members if one.arr_cents is not None]
    assert (found.accounts, found.arr_unknown) == (len(members), len(members) - len(known))
    assert found.arr_cents == (sum(known) if known else None)
    scores = [one.health_score for one in members if one.health_score is not None]
    for mean in (found.health_mean, found.health_weighted):
        assert mean is None or min(scores) - 1e-9 <= mean <= max(scores) + 1e-9
    assert (found.health_mean is None) == (not scores)
    assert 0 <= found.at_risk_cents <= (found.arr_cents or 0)
    assert found.renewal_date is None or found.renewal_date >= TODAY
    assert rollup(members[::-1], TODAY).arr_cents == found.arr_cents


def test_a_new_account_below_its_parent(db_app: Flask, montclar: int) -> None:
    with db_app.app_context():
        with pytest.raises(domain.AccountError, match="parent"):
            domain.create("Seul", by=None, at=clock.moment(), on=TODAY, parent_id=999_999)
        made = domain.create("Petit", by=None, at=clock.moment(), on=TODAY, parent_id=montclar)
        assert made.parent_id == montclar
