"""Digests, reminders to clients and escalations, with a moved clock and a real outbox, on both databases."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from haark import clock
from haark.accounts.models import Account, Contact
from haark.actions import domain, jobs, links
from haark.actions.models import ActionItem, ActionLink
from haark.events.models import Event
from haark.extensions import db
from haark.jobs import sweeper
from haark.mail.models import Mail
from haark.notices.models import Notice
from haark.people.models import User
from haark.settings import domain as settings
from tests.support.clients import settle

ON = date(2026, 11, 12)


class Days:
    """The house, with a clock to turn and one action to speak of."""

    def __init__(self, house, monkeypatch):
        self.house, self.app, self.patch = house, house.app, monkeypatch
        with self.app.app_context():
            db.session.execute(sa.update(ActionItem).values(due_on=None))
            db.session.execute(sa.update(User).values(digest=False))
            db.session.commit()

    def at(self, instant):
        """It is this instant, and the sweeper takes a turn as far as actions go."""
        self.patch.setenv("HAARK_TODAY", instant)
        with self.app.app_context():
            jobs.sweep()
            db.session.commit()

    def reader(self, role="csm", **changes):
        with self.app.app_context():
            user = db.session.get(User, self.house.users[role])
            user.digest = True
            for name, value in changes.items():
                setattr(user, name, value)
            db.session.commit()

    def due(self, day, *, role="csm", key="own", contact=False):
        """The action of an account is due on a day, theirs or a contact's."""
        with self.app.app_context():
            item = db.session.get(ActionItem, self.house.objects[key]["action"])
            item.due_on, item.state, item.done_at = day, "open", None
            item.owner_user_id = None if contact else self.house.users[role]
            item.owner_contact_id = self.house.objects[key]["contact"] if contact else None
            db.session.commit()
            return item.id

    def mails(self, kind="actions.digest"):
        with self.app.app_context():
            return list(db.session.scalars(db.select(Mail).where(Mail.kind == kind).order_by(Mail.id)))


@pytest.fixture
def days(db_app, monkeypatch):
    return Days(settle(db_app), monkeypatch)


def hours(days, first, last, zone="UTC"):
    """Every half hour from the first instant to the last (UTC)."""
    at = first
    while at <= last:
        days.at(at.isoformat() + "+00:00")
        at += timedelta(minutes=30)


@pytest.mark.parametrize(
    ("zone", "hour", "day", "instant"),
    [
        ("Europe/Paris", 8, date(2026, 11, 12), "2026-11-12T07:00:00+00:00"),
        ("Asia/Tokyo", 7, date(2026, 11, 13), "2026-11-12T22:00:00+00:00"),
        ("America/New_York", 18, date(2026, 11, 12), "2026-11-12T23:00:00+00:00"),
        ("Europe/Paris", 2, date(2027, 3, 28), "2027-03-28T01:00:00+00:00"),
        ("Europe/Paris", 2, date(2026, 10, 25), "2026-10-25T00:00:00+00:00"),
        ("Europe/Paris", 8, date(2028, 2, 29), "2028-02-29T07:00:00+00:00"),
    ],
)
def test_one_mail_at_the_chosen_local_hour(days, zone, hour, day, instant):
    days.reader(timezone=zone, digest_hour=hour)
    days.due(day)
    moment = clock.datetime.fromisoformat(instant)
    days.at((moment - timedelta(minutes=1)).isoformat())
    assert [mail.key for mail in days.mails()] == [], "a minute before"
    for minutes in (0, 1, 30, 60, 61, 90):
        days.at((moment + timedelta(minutes=minutes)).isoformat())
    (mail,) = days.mails()
    assert mail.key == f"digest:{days.house.users['csm']}:{day}"
    assert mail.subject == "1 action pour aujourd’hui" and "Rouvrir les accès (Groupe Valmorin)" in mail.text
    assert mail.unsubscribe_hash and mail.automatic and "/actions?look=" in mail.html


def test_nothing_to_say_no_mail(days):
    days.reader()
    days.due(ON + timedelta(30))
    days.at("2026-11-12T09:00+01:00")
    assert days.mails() == []
    with days.app.app_context():
        item = db.session.get(ActionItem, days.house.objects["own"]["action"])
        domain.postpone(item, ON + timedelta(8), by=None, at=clock.moment())
        settings.put("actions.remind_days", 9, by=None, at=clock.now())
        db.session.commit()
    days.at("2026-11-13T09:00+01:00")
    assert [(mail.subject, "rappel" in mail.text) for mail in days.mails()] == [("1 action à venir", True)]


def test_three_days_down_one_digest_with_the_late_ones_marked(days):
    days.reader()
    days.due(ON)
    days.at("2026-11-12T09:00+01:00")
    days.at("2026-11-15T20:00+01:00")
    days.at("2026-11-15T21:00+01:00")
    first, second = days.mails()
    assert "3 j de retard, depuis peu" in second.text and "retard" not in first.text
    assert second.subject == "1 action en retard"
    days.at("2026-11-16T09:00+01:00")
    assert "4 j de retard\n" in days.mails()[2].text.replace(", depuis peu", "!")


def test_a_worker_that_was_down_sends_only_the_day_that_it_is(days):
    """The sweeper asked on three days; who works them off on the third makes one mail."""
    days.reader()
    days.due(ON)
    days.app.config["HAARK_JOBS"] = "queue"
    for day in (12, 13, 14):
        days.at(f"2026-11-{day}T09:00+01:00")
    with days.app.app_context():
        for day in (12, 13, 14):
            jobs.digest(days.house.users["csm"], f"2026-11-{day}")
        db.session.commit()
    assert [mail.key[-10:] for mail in days.mails()] == ["2026-11-14"]


def test_a_changed_due_date_a_changed_zone_and_who_is_off(days):
    days.reader(timezone="Asia/Tokyo")
    days.reader("sales", digest=False)
    days.due(ON)
    days.due(ON, role="sales", key="foreign")
    days.at("2026-11-12T09:00+09:00")
    with days.app.app_context():
        domain.postpone(
            db.session.get(ActionItem, days.house.objects["own"]["action"]),
            ON + timedelta(1),
            by=None,
            at=clock.moment(),
        )
        db.session.commit()
    days.reader(timezone="America/New_York")
    days.at("2026-11-12T09:00-05:00")
    days.at("2026-11-13T09:00-05:00")
    assert [(mail.to_address, mail.key[-10:]) for mail in days.mails()] == [
        ("csm@demo.haark.test", "2026-11-12"),
        ("csm@demo.haark.test", "2026-11-13"),
    ], "the twelfth came once, though it began in Tokyo and ended in New York"
    assert days.mails()[1].subject == "1 action pour aujourd’hui"


def test_who_unsubscribed_gets_no_more_until_they_ask_again_in_their_profile(days):
    days.reader()
    days.due(ON)
    days.at("2026-11-12T09:00+01:00")
    (mail,) = days.mails()
    with days.app.app_context():
        from haark.mail import compose

        token = compose.unsubscribe_token(str(days.app.config["SECRET_KEY"]), mail.message_id)
    answer = days.app.test_client().post(f"/mail/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    days.at("2026-11-13T09:00+01:00")
    assert len(days.mails()) == 1
    days.patch.setenv("HAARK_TODAY", "2026-11-13T12:00+01:00")
    visitor = days.house.login("csm")
    page = visitor.get("/profile").text
    assert 'name="digest"' in page and "désinscrit" in page
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    fields = {
        "name": "Claire Delorme",
        "language": "fr",
        "timezone": "Europe/Paris",
        "shortcuts": "y",
        "version": version,
    }
    assert visitor.post("/profile", digest="y", digest_hour="9", **fields).status_code == 303
    days.at("2026-11-14T08:30+01:00")
    assert len(days.mails()) == 1, "not before the new hour"
    days.at("2026-11-14T09:00+01:00")
    assert len(days.mails()) == 2


def remind(days, instant):
    days.patch.setenv("HAARK_TODAY", instant)
    with days.app.app_context():
        jobs.remind_clients()
        db.session.commit()


def address(days, contact_email="julien@valmorin.test", **changes):
    with days.app.app_context():
        contact = db.session.get(Contact, days.house.objects["own"]["contact"])
        contact.email = contact_email
        for name, value in changes.items():
            setattr(contact, name, value)
        db.session.commit()


def test_a_client_is_reminded_before_the_day_after_and_weekly_in_their_language(days):
    address(days, language="uk")
    days.due(ON + timedelta(5), contact=True)
    for day in range(20):
        for hour in (8, 12):
            remind(days, f"{ON + timedelta(day)}T{hour:02}:00+01:00")
    sent = days.mails("actions.client_digest")
    assert [mail.key[-10:] for mail in sent] == [str(ON + timedelta(day)) for day in (3, 6, 13)]
    assert (
        sent[0].language == "uk" and "Claire Delorme" in sent[0].text and sent[0].reply_address == "csm@demo.haark.test"
    )
    assert sent[0].unsubscribe_hash and sent[0].account_id == days.house.own
    assert "https://sealed.invalid/done/" in sent[0].text


def test_the_link_of_the_mail_finishes_the_action_after_the_button(days):
    address(days)
    ident = days.due(ON - timedelta(1), contact=True)
    remind(days, "2026-11-12T08:00+01:00")
    with days.app.app_context():
        link = db.session.scalar(db.select(ActionLink))
        path = f"/done/{links.token_of(link)}"
        assert link.token_hash not in path and link.label not in path
    visitor = days.app.test_client()
    for language, words in (("fr", "C’est fait"), ("en", "Done"), ("uk", "Зроблено")):
        address(days, language=language)
        page = visitor.get(path)
        assert page.status_code == 200 and words in page.text and "Rouvrir les accès" in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer" and "no-store" in page.headers["Cache-Control"]
    address(days, language="fr")
    with days.app.app_context():
        assert db.session.get(ActionItem, ident).state == "open", "opening alone changes nothing"
    assert "merci" in visitor.post(path).text
    assert "merci" in visitor.post(path).text, "a second time says that it was"
    with days.app.app_context():
        item = db.session.get(ActionItem, ident)
        assert (item.state, item.done_by_contact_id, item.done_by_id) == ("done", item.owner_contact_id, None)
        done = db.session.scalars(db.select(Event).where(Event.kind == "action.completed")).all()
        assert [event.data["by_name"] for event in done] == ["Julien Perrot"]
        told = db.session.scalars(db.select(Notice).where(Notice.kind == "answered")).all()
        assert [(one.user_id, one.what, one.actor_name) for one in told] == [
            (days.house.users["csm"], "action_done", "Julien Perrot")
        ]


@pytest.mark.parametrize("what", ["guess", "removed", "reassigned", "left", "dropped", "account"])
def test_a_link_that_does_not_work_is_the_same_404(days, what):
    address(days)
    ident = days.due(ON - timedelta(1), contact=True)
    remind(days, "2026-11-12T08:00+01:00")
    with days.app.app_context():
        token = links.token_of(db.session.scalar(db.select(ActionLink)))
        item = db.session.get(ActionItem, ident)
        if what == "removed":
            domain.remove(item, by=None, at=clock.moment())
        elif what == "reassigned":
            item.owner_contact_id, item.owner_user_id = None, days.house.users["csm"]
        elif what == "left":
            item.owner_contact.left_on = ON
        elif what == "dropped":
            item.state = "cancelled"
        elif what == "account":
            item.account.deleted_at = clock.moment()
        db.session.commit()
    visitor = days.app.test_client()
    path = "/done/guess" if what == "guess" else f"/done/{token}"
    answers = [visitor.get(path), visitor.post(path)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Rouvrir" not in answers[0].text
    with days.app.app_context():
        assert db.session.get(ActionItem, ident).state != "done"


def test_managers_hear_once_for_each_due_date_and_in_their_digest(days):
    days.reader("manager")
    ident = days.due(ON - timedelta(6))

    def escalate(instant):
        days.patch.setenv("HAARK_TODAY", instant)
        with days.app.app_context():
            jobs.escalate()
            db.session.commit()
            return [(row.user_id, row.subject_id, row.data["due_on"]) for row in db.session.scalars(db.select(Notice))]

    assert escalate("2026-11-12T05:30+01:00") == []
    told = [(days.house.users["manager"], ident, str(ON - timedelta(6)))]
    assert escalate("2026-11-13T05:30+01:00") == escalate("2026-11-14T05:30+01:00") == told
    days.at("2026-11-14T08:00+01:00")
    days.at("2026-11-15T08:00+01:00")
    (mail,) = days.mails()
    assert "À votre attention\n- Rouvrir les accès (Groupe Valmorin · Claire Delorme), 8 j de retard" in mail.text
    days.due(ON - timedelta(5))
    assert len(escalate("2026-11-16T05:30+01:00")) == 2, "a new due date is a new matter"
    days.at("2026-11-16T08:00+01:00")
    assert len(days.mails()) == 2


def test_the_sweeper_and_the_timetable_do_all_of_it(days):
    """One turn of the sweeper, as it runs in production."""
    address(days)
    days.reader("manager")
    days.due(ON - timedelta(8), contact=True)
    days.patch.setenv("HAARK_TODAY", "2026-11-12T09:00+01:00")
    with days.app.app_context():
        sweeper.turn()
        sweeper.turn()
    assert len(days.mails("actions.client_digest")) == len(days.mails()) == 1
    assert "Julien Perrot" in days.mails()[0].text


def test_what_does_not_fit_in_a_managers_digest_is_said_the_next_day_and_names_are_written_as_they_are(days):
    days.reader("manager")
    with days.app.app_context():
        db.session.execute(sa.update(Account).where(Account.id == days.house.own).values(name="O'Neil & Fils"))
        for number in range(27):
            item = ActionItem(account_id=days.house.own, title=f"Promesse {number:02}", due_on=ON - timedelta(9))
            item.created_at = clock.now()
            db.session.add(item)
        db.session.commit()
    for day in (12, 13, 14):
        days.patch.setenv("HAARK_TODAY", f"2026-11-{day}T08:00+01:00")
        with days.app.app_context():
            jobs.escalate()
            db.session.commit()
        days.at(f"2026-11-{day}T08:00+01:00")
    first, second = days.mails()
    assert "Promesse 24 (O'Neil & Fils), 9 j de retard" in first.text and "et 2 autres" in first.text
    assert re.findall(r"Promesse \d\d", second.text) == ["Promesse 25", "Promesse 26"]


def test_a_client_is_reminded_at_eight_whatever_the_clocks_do_and_once_after_days_down(days):
    """The whole sweeper: both changes of clocks, a leap day, three days down; each time once."""
    address(days)
    sent = 0
    for due, eight in (
        (date(2026, 10, 27), "2026-10-25T07:00+00:00"),
        (date(2027, 3, 30), "2027-03-28T06:00+00:00"),
        (date(2028, 3, 2), "2028-02-29T07:00+00:00"),
    ):
        days.due(due, contact=True)
        moment = clock.datetime.fromisoformat(eight)
        for minutes, more in ((-1, 0), (0, 1), (1, 0), (59, 0), (60, 0)):
            turn(days, (moment + timedelta(minutes=minutes)).isoformat())
            sent += more
            assert len(days.mails("actions.client_digest")) == sent, (eight, minutes)
    for minute in (0, 1):  # its own day and the next two went by without Haark
        turn(days, f"2028-03-05T18:{minute:02}+01:00")
    assert len(days.mails("actions.client_digest")) == sent + 1


def turn(days, instant):
    """The sweeper as it runs in production."""
    days.patch.setenv("HAARK_TODAY", instant)
    with days.app.app_context():
        sweeper.turn()
