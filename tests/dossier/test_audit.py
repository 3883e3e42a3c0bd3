"""The journal: who, when, field, before and after, in words; filters, pages, the CSV; the whole house for admins."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from haark import clock
from haark.accounts import domain
from haark.accounts.models import Account
from haark.dossier import trail
from haark.events.domain import record
from haark.extensions import db
from haark.people.models import User
from haark.plans.models import Objective
from haark.reviews import domain as reviews
from haark.reviews.models import TextRevision
from haark.settings import domain as settings
from tests.conftest import TODAY
from tests.dossier.conftest import Team
from tests.support.people import Visitor
from tests.support.statements import counted


def plain(page: str) -> str:
    """The text of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def told(db_app: Flask, montclar: int, team: Team) -> int:
    """A day of changes by three people and Haark."""
    with db_app.app_context():
        at = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
        facts = {"owner_id": team["manager"], "declared_arr_cents": 12_000_050, "renewal_date": date(2027, 3, 31)}
        domain.change(montclar, 1, by=team["csm"], at=at, on=TODAY, **facts, sector="")
        aim = Objective(account_id=montclar, title="Moins de retards", starts_on=TODAY, due_on=TODAY)
        db.session.add(aim)
        db.session.flush()
        told = {"title": aim.title, "changes": {"state": ["todo", "done"], "owner_user_id": [None, team["sales"]]}}
        record("objective.changed", at=at + timedelta(1), by=team["manager"], account_id=montclar, **told)
        bands = {"changes": {"health_band": ["yellow", "red"]}, "before": 50, "score": 30}
        record("health.band_changed", at=at + timedelta(2), account_id=montclar, **bands)
        review = reviews.generate(
            montclar,
            reviews.read_period(montclar, "2026-Q3", TODAY),
            ("results",),
            "fr",
            by=team["csm"],
            at=at,
            on=TODAY,
        )
        db.session.add(
            TextRevision(review_id=review.id, slide_key="cover", field="title", before=None, text="Notre trimestre",
                         computed="Revue Q3", author_id=team["csm"], at=at + timedelta(3))
        )  # fmt: skip
        where = {"subject": ("review", review.id), "slide": "cover", "field": "title"}
        record("review.text_edited", at=at + timedelta(3), by=team["csm"], account_id=montclar, **where)
        held = {"changes": {"kind": ["meeting", "call"], "direction": ["", "in"]}}
        record("interaction.changed", at=at - timedelta(1), account_id=montclar, **held)
        db.session.commit()
    return montclar


def test_values_are_words_and_the_newest_comes_first(db_app: Flask, hugo: Visitor, told: int) -> None:
    page = plain(hugo.get(f"/accounts/{told}/audit").text)
    for words in (
        "Responsable : Claire Delorme → Nadia Benali",
        "ARR déclaré : vide → 120 000,50 €",
        "Renouvellement : 11 janv. 2027 → 31 mars 2027",
        "Secteur : Distribution → vide",
        "État : À faire → Fait",
        "Responsable chez nous : vide → Hugo Marchetti",
        "Niveau de santé : jaune → rouge",
        "Texte : Revue Q3 → Notre trimestre",
        "Type : Réunion → Appel",
        "Sens : vide → Du client vers nous",
    ):
        assert words in page, words
    assert page.index("Niveau de santé : jaune") < page.index("État : À faire") < page.index("ARR déclaré : vide")
    assert "Journal" in hugo.get(f"/accounts/{told}").text


FILTERS = (
    ("kind=plan", "État :", "ARR déclaré :"),
    ("field=sector", "ARR déclaré :", "État :"),
    ("who=0", "Niveau de santé :", "ARR déclaré :"),
    ("start=2026-11-13&end=2026-11-13", "État :", "ARR déclaré :"),
    ("kind=contacts", "Type : Réunion", "État :"),
    ("kind=imports", "Rien de cette sorte", "État :"),
    ("who=x&kind=moon&start=never&field=%25", "État :", "Rien de cette sorte"),
)


def test_filters_by_person_subject_field_and_period(claire: Visitor, told: int) -> None:
    for query, found, left in FILTERS:
        page = plain(claire.get(f"/accounts/{told}/audit?{query}").text)
        assert found in page and left not in page, query


def test_pages_by_keyset_in_constant_statements(db_app: Flask, claire: Visitor, told: int, team: Team) -> None:
    url, sizes = f"/accounts/{told}/audit", []
    for _round in range(2):
        claire.get(url)
        with counted(db_app) as sent:
            page = claire.get(url)
        sizes.append(len(sent))
        with db_app.app_context():
            for number in range(120):
                changes = {"sector": [f"S{number}", f"S{number + 1}"], "owner_id": [team["csm"], team["manager"]]}
                at = datetime(2026, 11, 1, 8, 0, tzinfo=UTC) + timedelta(seconds=number // 3)
                record("account.changed", at=at, by=team["csm"], account_id=told, changes=changes)
            db.session.commit()
    assert sizes[0] == sizes[1] <= 16, sizes
    seen, address = [], url
    while address:
        page = claire.get(address, htmx=True).text
        seen += re.findall(r"<del>(S\d+)</del>", page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == 240 and len(set(seen)) == 120
    for wrong in ("!!!", "bm90IGpzb24", "WzEsMl0"):
        assert claire.get(f"{url}?after={wrong}").status_code == 400


def test_the_csv_holds_what_the_filters_let_through(db_app: Flask, claire: Visitor, told: int) -> None:
    with db_app.app_context():
        at = clock.moment()
        changes = {"sector": ["=SUM(A1)", "ok"]}
        record("account.changed", at=at, by=None, account_id=told, changes=changes)
        db.session.commit()
    answer = claire.get(f"/accounts/{told}/audit.csv?kind=facts")
    assert answer.mimetype == "text/csv" and "journal.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert rows[0] == ["at", "who", "account", "what", "about", "field", "before", "after"]
    assert ["Claire Delorme", "Groupe Montclar"] in [row[1:3] for row in rows]
    assert ["Secteur", "'=SUM(A1)", "ok"] in [row[5:] for row in rows]
    assert not any(row[5] == "État" for row in rows)


def test_the_whole_house_is_for_admins(
    db_app: Flask, claire: Visitor, told: int, team: Team, open_account: Callable[..., int]
) -> None:
    for address in ("/settings/audit", "/settings/audit.csv"):
        assert claire.get(address).status_code == 403
    with db_app.app_context():
        person = db.session.get_one(User, team["manager"])
        person.role = "admin"
        db.session.commit()
        changed = {"signals.usage_drop": 0.3, "open_editing": True}
        version = settings.version_of(changed)
        settings.change(changed, version=version, section="signals", by=person.id, at=clock.moment())
        record("account.tagged", at=clock.moment(), by=person.id, subject=("bulk", 1), added={"vip": [told]}, count=3)
        db.session.commit()
    admin = Visitor(db_app).login("manager")
    page = admin.get("/settings/audit").text
    text = plain(page)
    assert "0,2 → 0,3" in text and "signals.usage_drop" not in text and "non → oui" in text
    assert f'href="/accounts/{told}"' in page and "Réglages" in text
    assert "Compte : changement d’étiquettes 3 comptes" in text
    only = plain(admin.get("/settings/audit?kind=settings").text)
    assert "0,2 → 0,3" in only and "ARR déclaré : vide" not in only
    assert "Groupe Montclar" in admin.get("/settings/audit.csv").text


def test_a_deleted_person_and_a_purged_account_leave_the_trail_readable(db_app: Flask, told: int) -> None:
    with db_app.app_context():
        record("account.changed", at=clock.moment(), by=999, account_id=told, changes={"owner_id": [999, None]})
        db.session.flush()
        row = trail.page(told, trail.Filter(field="owner_id")).rows
        assert len(row) == 2
        db.session.execute(db.delete(Account.__table__).where(Account.id == told))
        assert trail.page(told, trail.Filter()).rows
