"""The grid of reliability.md against a real SMTP server: 0 lost, 0 twice, the ambiguous ones listed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from haark import clock
from haark.extensions import db
from haark.files import domain as files
from haark.jobs import sweeper
from haark.jobs.models import Job
from haark.mail import delivery, domain, ledger, rules
from haark.mail.models import Mail, MailAttempt
from haark.mail.smtp import Outcome
from tests.mail.conftest import hurry, look, post, sweep, wanted
from tests.mail.post_office import PHASES, WAYS

# More than the buffers of both ends hold, so that the server's silence in mid-message is felt before the dot.
LARGE = 6 * 2**20


def attachment(app):
    with app.app_context():
        stored = files.keep(bytes(LARGE), "deck.pdf", "application/pdf", at=clock.now())
        db.session.commit()
        return domain.Part("deck.pdf", "application/pdf", file_id=stored.id)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("phase", PHASES)
def test_each_fault_at_each_phase(app, office, phase, way):
    app.config["SMTP_URL"], office.fault = office.url(), (phase, way)
    first = post(app, parts=[attachment(app)] if phase == "body" and way in ("drop", "silence") else [])
    mail = look(app, first)
    after = {"4xx": "queued", "5xx": "failed"}.get(way, "uncertain" if phase == "answer" else "queued")
    assert mail.state == after, (mail.error, mail.answer)
    assert mail.attempts == 1
    app.config["SMTP_URL"], office.fault = office.url(timeout=20, final=20), None
    hurry(app)
    sweep(app)
    second = look(app, first)
    # Only what certainly did not arrive is sent again; the rest waits for a person, and is in the list.
    assert second.state == ("sent" if after == "queued" else after)
    copies = office.copies()
    arrived = copies.pop(mail.message_id, 0)
    assert not copies
    assert arrived == (1 if after in ("queued", "uncertain") else 0)
    with app.app_context():
        tries = list(db.session.scalars(sa.select(MailAttempt).order_by(MailAttempt.number)))
    assert [row.outcome for row in tries] == {
        "queued": ["later", "sent"],
        "failed": ["failed"],
        "uncertain": ["uncertain"],
    }[after]
    if (phase, way) != ("body", "drop"):  # noticed at the next write, wherever that is
        assert tries[0].phase == phase or (phase, way) in (("body", "4xx"), ("body", "5xx"))


@pytest.mark.parametrize("way", ["4xx", "5xx", "drop", "silence"])
def test_the_same_on_both_databases(db_app, office, way):
    db_app.config["SMTP_URL"], office.fault = office.url(), ("answer", way)
    ident = post(db_app)
    assert look(db_app, ident).state == {"4xx": "queued", "5xx": "failed"}.get(way, "uncertain")
    office.fault = None
    hurry(db_app)
    sweep(db_app)
    assert look(db_app, ident).state == {"4xx": "sent", "5xx": "failed"}.get(way, "uncertain")
    assert sum(office.copies().values()) == (0 if way == "5xx" else 1)


def test_nobody_is_there_then_the_back_off_then_failed(app, office):
    """Six tries, each later than the one before, and then a person must know."""
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9?timeout=0.5"
    ident = post(app)
    waits = []
    for number in range(1, rules.MOST_TRIES + 1):
        mail = look(app, ident)
        assert mail.attempts == number
        if mail.next_at:
            waits.append(round((mail.next_at - mail.updated_at).total_seconds() / 60))
        hurry(app)
        sweep(app)
    assert waits == [1, 5, 15, 60, 240]
    assert (look(app, ident).state, look(app, ident).error) == ("failed", "exhausted")


def test_a_mail_that_waits_is_not_tried_before_its_time(app, office):
    app.config["SMTP_URL"], office.fault = office.url(), ("rcpt", "4xx")
    ident = post(app)
    office.fault = None
    sweep(app)
    assert (look(app, ident).attempts, office.received) == (1, [])
    with app.app_context():
        assert delivery.deliver(ident) == ""


def test_each_recipient_has_a_fate_of_their_own(app, office):
    app.config["SMTP_URL"] = office.url()
    office.recipients = {"away@valmorin.test": "550 5.1.1 no such person", "full@valmorin.test": "452 4.2.2 full"}
    states = {
        name: look(app, post(app, to=domain.Person(f"{name}@valmorin.test"))) for name in ("sophie", "away", "full")
    }
    assert {name: mail.state for name, mail in states.items()} == {"sophie": "sent", "away": "failed", "full": "queued"}
    assert states["away"].answer == "550 5.1.1 no such person"
    assert states["sophie"].answer == "250 2.0.0 queued as TEST1"


def test_the_same_key_is_one_mail_and_a_rollback_is_none(db_app, office):
    db_app.config["SMTP_URL"] = office.url()
    assert post(db_app, key="recap:7:sophie") == post(db_app, key="recap:7:sophie", subject="Autre")
    assert len(office.received) == 1
    with db_app.app_context():
        domain.post(**wanted())
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 1
    assert len(office.received) == 1


def test_without_a_relay_mail_is_kept_and_a_person_may_send_it_later(app, office):
    ident = post(app)
    assert (look(app, ident).state, look(app, ident).error) == ("kept", "no_relay")
    app.config["SMTP_URL"] = office.url()
    sweep(app)
    assert (look(app, ident).state, office.received) == ("kept", []), "old mail never leaves by itself"
    with app.app_context():
        domain.resend(db.session.get_one(Mail, ident), by=None, at=clock.now())
        db.session.commit()
    assert (look(app, ident).state, len(office.received)) == ("sent", 1)


def test_who_lost_the_mail_no_longer_writes_to_it(db_app, office):
    """The fence: a process that slept through its lease neither sends nor changes what the next one did."""
    db_app.config["SMTP_URL"] = office.url()
    with db_app.app_context():
        mail = domain.post(**wanted())
        mail_id = mail.id
        db.session.info.pop("haark_rings", None)  # nobody hears of it but us
        db.session.commit()
        past = clock.now() - timedelta(seconds=2)
        db.session.execute(sa.update(Mail).values(next_at=past))
        db.session.commit()
        slow = ledger.claim(mail_id, past, timedelta(seconds=1))
        assert slow is not None
        assert ledger.claim(mail_id, clock.now(), timedelta(seconds=1)) is None
        assert ledger.release_stale(clock.now()) == {mail_id: "queued"}
        quick = ledger.claim(mail_id, clock.now(), timedelta(seconds=1))
        assert quick is not None and quick.number == 2
        assert ledger.sending(slow, clock.now(), timedelta(seconds=1)) is False
        assert ledger.finish(slow, Outcome("failed", "rcpt", "550"), clock.now()) == ""
        assert ledger.sending(quick, clock.now(), timedelta(seconds=-1)) is True
        assert ledger.release_stale(clock.now()) == {mail_id: "uncertain"}
        db.session.refresh(mail)
        domain.resend(mail, by=None, at=clock.now(), twice=True)
        db.session.info.pop("haark_rings", None)
        db.session.commit()
        # The one that was thought dead comes back with an answer: knowing is better than doubting.
        assert ledger.finish(quick, Outcome("sent", "answer", "250"), clock.now()) == "sent"


def test_an_uncertain_mail_goes_again_only_when_a_person_accepts_twice(app, office):
    app.config["SMTP_URL"], office.fault = office.url(), ("answer", "drop")
    ident = post(app)
    office.fault = None
    with app.app_context():
        mail = db.session.get_one(Mail, ident)
        with pytest.raises(domain.NotNow):
            domain.resend(mail, by=None, at=clock.now())
        domain.resend(mail, by=None, at=clock.now(), twice=True)
        db.session.commit()
    assert look(app, ident).state == "sent"
    assert list(office.copies().values()) == [2], "the same Message-ID, so that a mailbox can tell"


def test_a_secret_is_forgotten_once_it_has_left(app, office):
    app.config["SMTP_URL"] = office.url()
    ident = post(app, private=True, text="le lien secret", html="<p>le lien secret</p>")
    mail = look(app, ident)
    assert (mail.state, mail.text, mail.html) == ("sent", "", "")
    assert "le lien secret" in office.messages()[0].get_body(("plain",)).get_content()


def test_a_mail_that_kills_every_worker_ends_failed(app):
    """Leases that run out count as tries, so that poison comes to rest where a person sees it."""
    with app.app_context():
        mail_id = domain.post(**wanted()).id
        db.session.info.pop("haark_rings", None)
        db.session.commit()
        states = []
        for _death in range(rules.MOST_TRIES):
            assert ledger.claim(mail_id, clock.now(), timedelta(seconds=-1)) is not None
            states.append(ledger.release_stale(clock.now())[mail_id])
    assert states == ["queued"] * (rules.MOST_TRIES - 1) + ["failed"]
    assert look(app, mail_id).error == "exhausted"


def test_the_sweeper_rings_for_mail_whose_job_is_gone(db_app, office):
    """One turn of the sweeper, and the mail whose job was never heard of leaves."""
    with db_app.app_context():
        mail_id = domain.post(**wanted()).id
        db.session.info.pop("haark_rings", None)
        db.session.commit()
        db.session.execute(sa.update(Job).values(state="failed"))
        db.session.commit()
    db_app.config["SMTP_URL"] = office.url()
    with db_app.app_context():
        done = sweeper.turn()
    assert (done["mails"], look(db_app, mail_id).state) == (1, "sent")
    with db_app.app_context():
        assert sweeper.turn()["mails"] == 0
    assert len(office.received) == 1
