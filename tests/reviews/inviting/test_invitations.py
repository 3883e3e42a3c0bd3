"""The life of an invitation, read from a real SMTP server: one UID, a SEQUENCE that rises, the language of each."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from haark import clock
from haark.accounts.models import Account, AccountCard
from haark.cadence import domain as cadence
from haark.cadence import queries as cadence_queries
from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import db
from haark.jobs.models import Job
from haark.mail.models import Mail
from haark.reviews import domain as reviews
from haark.reviews.inviting import domain, sending
from haark.reviews.inviting.models import Participant
from haark.settings import domain as settings
from tests.reviews.inviting.conftest import AT, STARTS, TODAY


def test_everybody_is_invited_once_in_their_language(game):
    game.choose(place="https://visio.sillage.test/valmorin-q4", goals="Décider de Lyon")
    assert game.review.state == "planned"
    assert game.invite() == ["Sophie Marchand", "Anne Leclerc", "Юлія Перро", "Hugo Marchetti"]
    anne, julia, hugo, sophie = game.mails()
    assert sophie.subject == "Invitation : QBR Q4 2026 Groupe Valmorin, jeudi 19 nov. à 10:00"
    assert "Bonjour Sophie," in sophie.text and "Jeudi 19 novembre 2026, 10:00 à 10:50 (Paris)" in sophie.text
    assert "1. Vos objectifs (10 min)" in sophie.text and "Décider de Lyon" in sophie.text
    assert sophie.reply_to == "Claire Delorme <csm@demo.haark.test>"
    assert anne.headers["Content-Language"] == "en" and "Anne" in anne.text and "Bonjour" not in anne.text
    assert julia.headers["Content-Language"] == "uk" and "Юлія" in julia.text and "Bonjour" not in julia.text
    assert (hugo.to, hugo.method) == ("sales@demo.haark.test", "REQUEST")
    assert "visio.sillage.test" in anne.html and anne.link in anne.html
    event = sophie.event
    assert (event["sequence"], str(event["organizer"])) == (0, "mailto:csm@demo.haark.test")
    assert [str(one) for one in event["attendee"]] == [
        "mailto:sophie@valmorin.test",
        "mailto:anne@valmorin.test",
        "mailto:julia@valmorin.test",
        "mailto:sales@demo.haark.test",
    ]
    assert event.start.astimezone(UTC) == STARTS
    assert len({one.event["uid"] for one in (anne, julia, hugo, sophie)}) == 1
    assert len({one.link for one in (anne, julia, hugo, sophie)}) == 4
    assert game.review.state == "scheduled"
    assert game.invite() == [] and game.mails() == [], "asking twice is asking once"


def test_the_secret_stands_in_no_table(one_game):
    one_game.choose()
    one_game.invite()
    secret = one_game.mails()[0].link.rsplit("/", 1)[1]
    with one_game.scope():
        kept = [f"{mail.text}{mail.html}" for mail in db.session.scalars(sa.select(Mail))]
        rows = [row.reply_hash for row in db.session.scalars(sa.select(Participant))]
    assert not any(secret in text for text in kept) and secret not in rows
    page = one_game.house.login("manager").get(f"/outbox/{1}").text
    assert "sealed.invalid" not in page and secret not in page


def test_a_change_a_removal_and_a_cancellation_raise_the_sequence_of_one_uid(game):
    game.choose()
    game.invite()
    uid = game.mails()[0].event["uid"]
    # Moved twice before anybody is told: two changes, one update.
    game.choose(STARTS + timedelta(hours=4), place="Orléans")
    game.choose(STARTS + timedelta(hours=5), place="Orléans")
    assert game.review.invite_sequence == 2
    assert len(game.invite()) == 4
    updates = game.mails()
    assert {(one.method, one.event["sequence"], one.event["uid"]) for one in updates} == {("REQUEST", 2, uid)}
    assert updates[-1].subject.startswith("Mise à jour")
    ident = game.people()["Anne"].id
    with game.scope():
        review, anne = db.session.get_one(Review, game.id), db.session.get_one(Participant, ident)
        sending.withdraw(review, anne, by=game.by, at=AT)
        domain.remove(review, anne, by=game.by, at=AT)
    (gone,) = game.mails()
    assert (gone.to, gone.method, gone.event["sequence"], gone.event["uid"]) == ("anne@valmorin.test", "CANCEL", 3, uid)
    assert game.invite() == [], "nothing changed for the others"
    everybody = [f"p{row.id}" for row in game.people().values()]
    with game.scope():
        domain.choose(db.session.get_one(Review, game.id), everybody, **game.now())
    assert game.invite() == ["Anne Leclerc"]
    (back,) = game.mails()
    assert (back.method, back.event["sequence"] > 3, back.event["uid"]) == ("REQUEST", True, uid)
    with game.scope():
        cadence.cancel(db.session.get_one(Review, game.id), "Le client reporte", **game.now())
    off = game.mails()
    assert len(off) == 4 and {one.method for one in off} == {"CANCEL"}
    assert {one.event["sequence"] for one in off} == {5} and {str(one.event["status"]) for one in off} == {"CANCELLED"}
    assert {one.event["uid"] for one in off} == {uid}
    with game.scope():
        assert sending.call_off(game.house.own, at=AT) == 0, "told once"
        cadence.reinstate(db.session.get_one(Review, game.id), **game.now())
    assert game.review.state == "planned"
    assert len(game.invite()) == 4
    assert {one.event["sequence"] for one in game.mails()} == {6}


def test_a_deleted_review_is_called_off_too(one_game):
    one_game.choose()
    one_game.invite()
    one_game.mails()
    with one_game.scope():
        reviews.remove(db.session.get_one(Review, one_game.id), by=one_game.by, at=AT)
    assert {one.method for one in one_game.mails()} == {"CANCEL"}


def test_planned_before_a_change_of_clocks_and_held_after_it(one_game):
    """Three zones, the weeks around both changes of 2027 on either side of the ocean; only Sophie is invited."""
    with one_game.scope():
        for row in domain.adopt(db.session.get_one(Review, one_game.id), TODAY):
            row.chosen = row.name == "Sophie Marchand"
    for zone in ("Europe/Paris", "America/New_York", "Europe/Kyiv"):
        for day in (date(2027, 3, 10), date(2027, 3, 22), date(2027, 10, 20), date(2027, 11, 3)):
            starts = datetime.combine(day, time(10), ZoneInfo(zone)).astimezone(UTC)
            one_game.choose(starts, zone)
            assert one_game.invite() == ["Sophie Marchand"]
            assert_said(one_game.mails()[0], day, zone)
            # Moved by four weeks, across the change: the hour of the wall stays.
            later = day + timedelta(28)
            with one_game.scope():
                cadence.move(db.session.get_one(Review, one_game.id), later, **one_game.now())
            assert one_game.invite() == ["Sophie Marchand"]
            assert_said(one_game.mails()[0], later, zone)
    assert one_game.review.invite_sequence == 23


def assert_said(mail, day: date, zone: str) -> None:
    """Ten o'clock there, for fifty minutes, by the zone's own rules and by those that travel with the meeting."""
    starts = datetime.combine(day, time(10), ZoneInfo(zone)).astimezone(UTC)
    assert mail.event.start.astimezone(UTC) == starts
    assert mail.event.end.astimezone(UTC) == starts + timedelta(minutes=50)
    own = mail.calendar.timezones[0].to_tz()
    assert mail.event.start.replace(tzinfo=own).astimezone(UTC) == starts
    assert mail.event.start.replace(tzinfo=None) == datetime.combine(day, time(10))


def test_a_recipient_elsewhere_reads_their_own_hour_too(one_game):
    with one_game.scope():
        db.session.get_one(Account, one_game.house.own).country = "UA"
    one_game.choose()
    one_game.invite()
    sophie = one_game.mails()[-1]
    assert "Chez vous\u202f: Jeudi 19 novembre 2026, 11:00 à 11:50 (Kyiv)" in sophie.text


def test_who_has_no_address_or_a_wrong_one_is_not_invited_and_is_told_so(one_game):
    with one_game.scope():
        rows = domain.adopt(db.session.get_one(Review, one_game.id), TODAY)
        by_name = {row.name: row for row in rows}
        by_name["Sophie Marchand"].email, by_name["Anne Leclerc"].email = "", "anne at valmorin"
    one_game.choose()
    with one_game.scope():
        done = sending.invite(db.session.get_one(Review, one_game.id), **one_game.now())
        assert (done.names, done.refused) == (["Юлія Перро", "Hugo Marchetti"], ["Anne Leclerc"])
    page = one_game.house.login("csm").get(f"/reviews/{one_game.id}/planning").text
    assert "Sans adresse" in page and "Envoyer 1 invitation" in page


def test_the_lists_and_the_next_review_follow_the_agreed_date(game):
    game.choose(datetime(2026, 11, 18, 13, 0, tzinfo=UTC))
    game.invite()
    with game.scope():
        card = db.session.get_one(AccountCard, game.house.own)
        assert (card.next_review_on, card.next_review_planned) == (date(2026, 11, 18), True)
        planned = cadence_queries.planned_of(game.house.own)
        assert planned is not None and planned.state == "scheduled"
        told = [event.kind for event in db.session.scalars(sa.select(Event).where(Event.subject_id == game.id))]
        assert {"review.time_chosen", "review.scheduled"} <= set(told)
        assert db.session.scalar(sa.select(Job.id).where(Job.kind == "signals.judge")) is not None
    agenda = game.house.login("csm").get("/reviews").text
    assert "Date convenue" in agenda and "Tenir la revue le 18 nov." in agenda


def test_a_reminder_goes_once_to_those_silent(game, monkeypatch):
    game.choose()
    game.invite()
    links = {one.to: one.link for one in game.mails()}
    game.app.test_client().post(links["anne@valmorin.test"], data={"reply": "yes"})

    def day(written: str) -> list[str]:
        monkeypatch.setenv("HAARK_TODAY", written)
        from haark.reviews.inviting import jobs

        with game.scope():
            jobs.remind()
        return [one.to for one in game.mails()]

    assert day("2026-11-13T08:00") == [], "three working days before Thursday is Monday"
    silent = ["julia@valmorin.test", "sales@demo.haark.test", "sophie@valmorin.test"]
    # Off from Monday on: late, but once.
    assert day("2026-11-18T08:00") == silent
    assert day("2026-11-18T20:00") == [] and day("2026-11-19T08:00") == []
    assert {row.reminded_at is not None for name, row in game.people().items() if name != "Claire"} == {True, False}
    with game.scope():
        mail = db.session.scalar(sa.select(Mail).where(Mail.kind == "reminder.review"))
        assert mail is not None and mail.unsubscribe_hash and mail.automatic


def test_nobody_is_reminded_after_the_meeting_nor_where_it_is_switched_off(one_game, monkeypatch):
    from haark.reviews.inviting import reminders

    one_game.choose()
    one_game.invite()
    one_game.mails()
    nothing = {"step": lambda: None}
    with one_game.scope():
        assert reminders.send(at=STARTS + timedelta(hours=1), on=STARTS.date(), **nothing) == 0
        settings.put("review.reminder_days", 0, by=None, at=clock.now())
        assert reminders.send(at=STARTS - timedelta(hours=1), on=STARTS.date(), **nothing) == 0
        settings.put("review.reminder_days", 3, by=None, at=clock.now())
        assert reminders.send(at=STARTS - timedelta(hours=1), on=STARTS.date(), **nothing) == 4
        assert reminders.send(at=STARTS - timedelta(hours=1), on=STARTS.date(), **nothing) == 0


def test_the_organiser_stays_when_the_account_changes_hands(one_game):
    one_game.choose()
    one_game.invite()
    one_game.mails()
    with one_game.scope():
        db.session.get_one(Account, one_game.house.own).owner_id = one_game.house.users["other"]
    one_game.choose(STARTS + timedelta(hours=1))
    one_game.invite()
    assert {str(one.event["organizer"]) for one in one_game.mails()} == {"mailto:csm@demo.haark.test"}
