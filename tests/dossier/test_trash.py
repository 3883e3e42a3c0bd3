"""Deleting an account and what that stops; the bin and the way back."""

import re
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from haark import clock
from haark.accounts import cards, domain, removal, trash
from haark.accounts.models import Account, AccountCard, AccountTag, Contact, Trashed
from haark.events.models import Event
from haark.extensions import db
from haark.jobs.models import Job
from haark.mail import domain as mail
from haark.mail.models import Mail
from haark.plans import links
from tests.conftest import TODAY
from tests.dossier.conftest import Team
from tests.support.people import Visitor


def test_an_account_goes_stops_everything_and_comes_back_whole(
    db_app: Flask, claire: Visitor, hugo: Visitor, montclar: int, team: Team
) -> None:
    with db_app.app_context():
        account = db.session.get_one(Account, montclar)
        account.tags = ["VIP"]
        domain.refresh_cards([montclar], on=TODAY)
        contact = db.session.scalars(sa.select(Contact).where(Contact.name == "Sophie Marchand")).one()
        link = links.issue(contact, by=team["csm"], at=clock.moment(), on=TODAY)
        letter = mail.post(
            kind="recap.sent", to=mail.Person("sophie@montclar.test"), subject="Récap", text="Bonjour",
            language="fr", at=clock.moment(), account_id=montclar,
        )  # fmt: skip
        letter.state = "kept"  # no mail server yet
        job = Job(kind="recap.send", account_id=montclar, created_at=clock.now())
        db.session.add(job)
        db.session.commit()
        shared = f"/{links.PAGE}/{links.token_of(link)}"
        letter_id, job_id = letter.id, job.id
        card = {name: getattr(account.card, name) for name in cards.COLUMNS}
    client = db_app.test_client()
    assert client.get(shared).status_code in (200, 302, 303)
    page = claire.get(f"/accounts/{montclar}/removal").text
    assert "3</b> contacts" in page and "12 déc. 2026" in page and "liens partagés" in page
    assert hugo.get(f"/accounts/{montclar}/removal").status_code == 403
    assert hugo.post(f"/accounts/{montclar}/removal").status_code == 403

    answer = claire.post(f"/accounts/{montclar}/removal")
    assert answer.location == "/portfolio"
    page = claire.get("/portfolio").text
    assert "Groupe Montclar est dans la corbeille" in page and f'action="/accounts/{montclar}/removal/removal"' in page
    with db_app.app_context():
        assert db.session.get_one(Mail, letter_id).error == "given_up"
        assert db.session.get_one(Job, job_id).state == "cancelled"
        assert db.session.get(AccountCard, montclar) is None
    assert client.get(shared).status_code == 404 == db_app.test_client().get(f"/{links.PAGE}/unknown").status_code
    gone = claire.get(f"/accounts/{montclar}")
    assert gone.status_code == 404 and "est dans la corbeille" in gone.text and "Restaurer" in gone.text
    assert claire.get(f"/accounts/{montclar}/contacts").status_code == 404
    other = hugo.get(f"/accounts/{montclar}")
    assert other.status_code == 404 and "corbeille" not in other.text
    assert "Groupe Montclar" in claire.get("/trash").text and "Groupe Montclar" not in hugo.get("/trash").text
    assert hugo.get("/settings/trash").status_code == 403
    assert "Claire Delorme" in Visitor(db_app).login("manager").get("/settings/trash").text

    assert hugo.post(f"/accounts/{montclar}/removal/removal").status_code == 403
    back = claire.post(f"/accounts/{montclar}/removal/removal")
    assert back.location == f"/accounts/{montclar}"
    page = claire.get(back.location)
    assert page.status_code == 200 and "Compte restauré" in page.text
    assert claire.post(f"/accounts/{montclar}/removal/removal").status_code == 404
    assert "Corbeille vide" in claire.get("/trash").text
    with db_app.app_context():
        again = db.session.get_one(AccountCard, montclar)
        assert {name: getattr(again, name) for name in cards.COLUMNS} == card
        assert db.session.scalars(sa.select(AccountTag.tag)).all() == ["VIP"]
        kinds = db.session.scalars(sa.select(Event.kind).where(Event.account_id == montclar).order_by(Event.id))
        assert [kind for kind in kinds if kind in ("account.deleted", "account.restored")] == [
            "account.deleted",
            "account.restored",
        ]
        asked = sa.select(sa.func.count()).where(Job.kind == "signals.judge", Job.account_id == montclar)
        assert db.session.scalar(asked)


def test_the_bin_gives_back_what_it_can_and_says_why_it_cannot(
    db_app: Flask, claire: Visitor, montclar: int, open_account: Callable[..., int], team: Team
) -> None:
    with db_app.app_context():
        contact = db.session.scalars(sa.select(Contact).where(Contact.name == "Lila Benhamou")).one()
        trash.put_away(contact, "contact", contact.name, by=team["csm"], at=clock.moment())
        db.session.commit()
    page = claire.get("/trash").text
    assert "Lila Benhamou" in page
    url = re.search(r'action="(/trash/\d+/removal)"', page)[1]  # type: ignore[index]
    claire.post(f"/accounts/{montclar}/removal")
    assert claire.post(url).location == "/trash"
    assert "restaurez d’abord le compte" in claire.get("/trash").text
    claire.post(f"/accounts/{montclar}/removal/removal")
    assert claire.post(url).location == f"/accounts/{montclar}/contacts"
    assert "Lila Benhamou" in claire.get(f"/accounts/{montclar}/contacts").text
    assert claire.post(url).status_code == 404


def test_after_thirty_days_the_account_and_its_bin_are_gone(
    db_app: Flask, montclar: int, open_account: Callable[..., int], team: Team
) -> None:
    kept = open_account("Filiale", parent_id=montclar)
    with db_app.app_context():
        contact = db.session.scalars(sa.select(Contact).where(Contact.name == "Lila Benhamou")).one()
        trash.put_away(contact, "contact", contact.name, by=team["csm"], at=clock.moment())
        removal.delete_account(montclar, by=team["csm"], at=clock.moment())
        db.session.commit()
        assert trash.purge(TODAY + timedelta(30), db.session.commit) == 0
        assert trash.purge(TODAY + timedelta(31), db.session.commit) == 2
        db.session.expire_all()
        assert db.session.get(Account, montclar) is None and db.session.get_one(Account, kept).parent_id is None
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Trashed)) == 0
        told = sa.select(sa.func.count()).where(Event.account_id == montclar)
        assert db.session.scalar(told)  # the trail stays
