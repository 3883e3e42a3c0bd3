"""Mail that comes back: notices as Postfix, Exchange, Gmail and Exim write them, by Maildir, by command and by hand."""

import io
import mailbox

import pytest
from click.testing import CliRunner

from haark.extensions import db
from haark.mail import bounces, domain, jobs
from haark.mail.commands import read_bounces
from haark.mail.models import Suppression
from tests.mail.conftest import look, post, sweep
from tests.support.clients import settle

ORIGINAL = b"Message-ID: %(id)s\r\nTo: sophie@valmorin.test\r\nSubject: QBR\r\n"
POSTFIX = (
    b"""Return-Path: <>
From: MAILER-DAEMON@mx.test (Mail Delivery System)
To: csm@sillage.test
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
Message-Id: <20261130@mx.test>

--b1
Content-Type: text/plain; charset=us-ascii

<sophie@valmorin.test>: host mail.valmorin.test said: %(status)s

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; s.marchand@elsewhere.test
Original-Recipient: rfc822;sophie@valmorin.test
Action: %(action)s
Status: %(status)s
Diagnostic-Code: smtp; 550 %(words)s

--b1
Content-Type: %(kind)s

"""
    + ORIGINAL
    + b"\r\nBonjour Sophie\r\n--b1--\r\n"
)
EXIM = (
    b"Return-Path: <>\r\nX-Failed-Recipients: sophie@valmorin.test\r\nSubject: Mail delivery failed\r\n"
    b"Content-Type: text/plain; charset=us-ascii\r\n\r\nA message that you sent could not be delivered:\r\n\r\n"
    b"  sophie@valmorin.test\r\n    550 %(status)s no such user\r\n\r\n------ This is a copy ------\r\n\r\n" + ORIGINAL
)


def notice(mail, template=POSTFIX, action=b"failed", status=b"5.1.1", words=b"user unknown", kind=b"message/rfc822"):
    filled = {b"id": mail.message_id.encode(), b"action": action, b"status": status, b"words": words, b"kind": kind}
    return template % filled


@pytest.fixture
def sent(app, office):
    app.config["SMTP_URL"] = office.url()
    mail = look(app, post(app))
    assert mail.state == "sent"
    return mail


def stopped(app):
    with app.app_context():
        return [(row.address, row.kind, row.reason) for row in db.session.scalars(db.select(Suppression))]


@pytest.mark.parametrize(
    ("given", "status", "dead"),
    [
        ({}, "5.1.1", True),
        ({"kind": b"text/rfc822-headers"}, "5.1.1", True),
        ({"template": EXIM}, "5.1.1", True),
        ({"status": b"5.2.2", "words": b"mailbox full"}, "5.2.2", False),
        ({"status": b"5.0.0", "words": b"5.1.10 recipient not found"}, "5.1.10", True),
        ({"status": b"4.4.7", "words": b"gave up after five days"}, "4.4.7", False),
    ],
)
def test_what_a_notice_says(sent, given, status, dead):
    found = bounces.read(notice(sent, **given))
    assert found is not None and (found.message_id, found.status, found.dead) == (sent.message_id, status, dead)


def test_what_is_no_notice(sent):
    for action in (b"delayed", b"delivered", b"relayed", b"expanded"):
        assert bounces.read(notice(sent, action=action)) is None
    answer = b"Subject: Re: QBR\r\nIn-Reply-To: %s\r\n\r\n550 5.1.1 merci !\r\n" % sent.message_id.encode()
    absence = b"Auto-Submitted: auto-replied\r\n" + answer
    assert [bounces.read(content) for content in (answer, absence, b"", b"\xff\x00\xfe", b"--b1--")] == [None] * 5


def test_a_maildir_is_read_once_and_the_address_stopped(app, sent, tmp_path):
    box = mailbox.Maildir(tmp_path / "bounces")
    box.add(notice(sent))
    box.add(b"Subject: Bonjour\r\n\r\nPas un avis.\r\n")
    app.config["BOUNCES"] = str(tmp_path / "bounces")
    with app.app_context():
        assert jobs.sweep()["mails_bounced"] == 1
        assert jobs.sweep()["mails_bounced"] == 0
    mail = look(app, sent.id)
    assert (mail.state, mail.error, mail.answer) == ("failed", "bounced", "550 user unknown")
    assert all(message.get_subdir() == "cur" and "S" in message.get_flags() for message in box)
    assert stopped(app) == [("sophie@valmorin.test", "", "bounced")]
    assert look(app, post(app)).state == "suppressed"
    sweep(app)
    app.config["BOUNCES"] = str(tmp_path)
    with app.app_context(), pytest.raises(ValueError, match="is not a Maildir"):
        jobs.sweep()


def test_a_person_brings_a_notice_and_reads_what_became_of_the_mail(app, sent, tmp_path):
    house = settle(app)
    full = notice(sent, status=b"5.2.2", words=b"5.2.2 mailbox full")

    def bring(visitor, content):
        answer = visitor.post("/outbox/bounces", notice=(io.BytesIO(content), "avis.eml"))
        return visitor.get(answer.location) if answer.status_code == 303 else answer

    assert bring(house.login("csm"), full).status_code == 403
    visitor = house.login("manager")
    assert "avis de non-remise" in visitor.get("/outbox/suppressions").text.lower()
    assert "n’est pas un avis" in bring(visitor, b"Bonjour").text
    page = bring(visitor, full).text
    assert "marqué en échec" in page and "Revenu : le serveur du destinataire" in page and "mailbox full" in page
    assert stopped(app) == [], "a full mailbox is no dead address"
    assert "n’est pas un avis" in bring(visitor, full).text
    with app.app_context():
        domain.resend(db.session.get_one(domain.Mail, sent.id), by=None, at=sent.created_at)
        db.session.commit()
    assert look(app, sent.id).state == "sent"
    path = tmp_path / "avis.eml"
    path.write_bytes(notice(sent))
    with app.app_context():
        said = CliRunner().invoke(read_bounces, [str(path)])
    assert said.output == "avis.eml: sophie@valmorin.test bounced\n", said.output
