"""What people are told: the page, the bell, the kinds they mute; and those who tell from the roof."""

import html
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from haark import clock, schedule
from haark.cadence.models import Review
from haark.extensions import db
from haark.jobs.models import Job
from haark.mail import domain as mail
from haark.notices import domain, wording
from haark.notices.models import KINDS, Notice
from haark.people.models import User
from haark.reviews import jobs as review_jobs
from haark.reviews.inviting import domain as inviting
from haark.reviews.inviting.models import Participant
from haark.today import jobs as today_jobs
from tests.support.clients import settle

AT = datetime(2026, 11, 12, 7, 30, tzinfo=UTC)


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HAARK_TODAY", "2026-11-12T08:30")
    return settle(app)


def tell(house, kind: str, what: str, **told) -> None:
    with house.app.app_context():
        domain.tell([house.users["csm"]], kind, what, at=AT, account_id=house.own, **told)
        db.session.commit()


def notices_of(house, who: str = "csm") -> list[tuple[str, str, dict]]:
    with house.app.app_context():
        rows = db.session.scalars(db.select(Notice).where(Notice.user_id == house.users[who]).order_by(Notice.id))
        return [(row.kind, row.what, row.data) for row in rows]


def test_a_notice_is_read_by_going_to_what_it_speaks_of(house):
    action = house.objects["own"]["action"]
    tell(house, "assigned", "action", title="Rouvrir les accès", actor_name="Nadia Benali", subject=("action", action))
    tell(house, "answered", "signed", actor_name="Sophie Marchand", subject=("plan", house.objects["own"]["plan"]))
    claire = house.login("csm")
    page = html.unescape(claire.get("/notices").text)
    assert page.index("Sophie Marchand a signé le plan de succès") < page.index("Nadia Benali vous a confié : Rouvrir")
    assert "2 non lues" in page and f'href="/actions/{action}/panel"' in page
    assert '<span class="n hot">2' in claire.get("/portfolio").text
    read = claire.post("/notices/1/reading")
    assert (read.status_code, read.location) == (303, f"/actions/{action}/panel")
    assert "1 non lue" in claire.get("/notices").text
    assert claire.post("/notices/reading").location == "/notices"
    assert "0 non lue" in claire.get("/notices").text and "Tout marquer comme lu" not in claire.get("/notices").text
    # Nobody else's, whoever they are.
    for other in ("manager", "admin", "sales"):
        assert house.login(other).post("/notices/1/reading").status_code == 404
        assert "Rouvrir les accès" not in house.login(other).get("/notices").text


def test_a_muted_kind_is_told_no_more(house):
    claire = house.login("csm")
    wanted = [kind for kind in KINDS if kind != "assigned"]
    assert claire.client.post("/notices/kinds", data={"csrf_token": _token(claire), "kind": wanted}).status_code == 303
    tell(house, "assigned", "action", title="x")
    tell(house, "nudged", "review", account="Groupe Valmorin", actor_name="Nadia")
    assert [kind for kind, _what, _data in notices_of(house)] == ["nudged"]
    page = claire.get("/profile").text
    assert 'name="kind" value="assigned">' in page and 'name="kind" value="nudged" checked>' in page


def _token(visitor) -> str:
    visitor.refresh_token()
    return visitor.token


@pytest.mark.parametrize("language", ("fr", "en", "uk"))
def test_every_kind_has_a_sane_sentence_whatever_was_told(house, language: str):
    """A `what` that this version does not know, data of another one, a subject that has no page."""
    for kind in KINDS:
        tell(house, kind, "of_tomorrow", subject=("planet", 3), text="<b>x</b>")
    for kind, what in wording._SENTENCES:
        tell(house, kind, what)
    with house.app.app_context():
        db.session.get_one(User, house.users["csm"]).language = language
        db.session.commit()
    page = house.login("csm").get("/notices")
    assert page.status_code == 200 and "<b>x</b>" not in page.text and "None" not in page.text
    assert page.text.count("<li data-row") == len(KINDS) + len(wording._SENTENCES)


def test_a_long_list_has_pages(house):
    for number in range(53):
        tell(house, "nudged", "x", text=f"Relance {number}")
    claire = house.login("csm")
    first = claire.get("/notices").text
    assert first.count("<li data-row") == 50 and 'href="/notices?before=4"' in first
    assert claire.get("/notices?before=4").text.count("<li data-row") == 3


def test_a_mail_that_failed_is_told_once_to_who_asked_and_who_runs_the_account(house):
    with house.app.app_context():
        asked = {"kind": "recap.mail", "text": "Bonjour", "language": "fr", "at": clock.now(), "account_id": house.own}
        sent = mail.post(
            to=mail.Person("sophie@valmorin.test", "Sophie"), subject="Récap QBR", by=house.users["manager"], **asked
        )
        secret = mail.post(to=mail.Person("paul@valmorin.test"), subject="Lien", private=True, **asked)
        for one, state in ((sent, "failed"), (secret, "uncertain")):
            one.state, one.attempts, one.updated_at = state, 5, clock.now()
        db.session.commit()
        assert today_jobs.sweep() == {"told": 2}
        db.session.commit()
        assert today_jobs.sweep() == {"told": 0}
        sent.attempts = 6  # a person tried again, and it failed again
        db.session.commit()
        assert today_jobs.sweep() == {"told": 1}
        db.session.commit()
    assert "haark.today.jobs:sweep" in schedule.EACH_TURN
    assert len(notices_of(house, "manager")) == 2 and len(notices_of(house)) == 3
    page = html.unescape(house.login("csm").get("/notices").text)
    assert "L’e-mail à Sophie n’est pas parti" in page and "Groupe Valmorin · Récap QBR" in page
    assert "Personne ne sait si l’e-mail à paul@valmorin.test est arrivé" in page and "Lien" not in page


def _review(house, **columns) -> int:
    span = {"period": "2026-Q3", "period_start": date(2026, 7, 1), "period_end": date(2026, 9, 30)}
    made = {"kind": "qbr", "due_on": date(2026, 11, 11), "created_at": AT, **span}
    review = Review(account_id=house.own, created_by_id=house.users["manager"], **{**made, **columns})
    db.session.add(review)
    db.session.flush()
    return review.id


def test_a_late_recap_is_told_once(house, monkeypatch):
    with house.app.app_context():
        _review(house, state="held", held_on=date(2026, 11, 10))
        db.session.commit()
        assert today_jobs.tell_late() == {"told": 1}
        assert today_jobs.tell_late() == {"told": 0}
    ((kind, what, data),) = notices_of(house)
    assert (kind, what, data["account"]) == ("review_late", "recap", "Groupe Valmorin")
    monkeypatch.setenv("HAARK_TODAY", "2026-11-30T08:30")
    with house.app.app_context():
        assert today_jobs.tell_late() == {"told": 0}  # old news


def test_an_answer_to_an_invitation_reaches_the_owner_and_who_invited(house):
    with house.app.app_context():
        ident = _review(house, state="scheduled", starts_at=AT + timedelta(days=20), zone="Europe/Paris")
        row = Participant(review_id=ident, name="Sophie Marchand", email="sophie@valmorin.test", role="sponsor")
        db.session.add(row)
        db.session.flush()
        review = db.session.get_one(Review, ident)
        inviting.answer(review, row, "no", "En congé", at=AT)
        inviting.answer(review, row, "yes", by=house.users["csm"], at=AT)  # Claire wrote it down herself
        db.session.commit()
    assert len(notices_of(house)) == 1 and len(notices_of(house, "manager")) == 2
    page = html.unescape(house.login("csm").get("/notices").text)
    assert "Sophie Marchand ne sera pas là : QBR" in page and "En congé" in page
    assert f'href="/reviews/{ident}/planning"' in page


@pytest.mark.parametrize(("seconds", "told"), ((2, 0), (11, 1)))
def test_a_deck_that_took_long_is_told_to_who_asked(house, seconds: int, told: int):
    with house.app.app_context():
        ident = _review(house)
        asked = clock.now() - timedelta(seconds=seconds)
        job = Job(kind="reviews.render", requested_by_id=house.users["csm"], created_at=asked, state="running")
        db.session.add(job)
        db.session.commit()
        for _again in range(2):
            review_jobs._tell(ident, job.id)
    assert len(notices_of(house)) == told
