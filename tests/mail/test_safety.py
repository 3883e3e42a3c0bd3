"""Header injection, odd text, and what goes over the wire byte by byte."""

from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import pytest
from aiosmtpd.smtp import Envelope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haark import clock
from haark.extensions import db
from haark.mail import compose, domain, rules
from haark.mail.models import Mail
from haark.settings import domain as house
from tests.mail.conftest import look, post
from tests.mail.post_office import message_of, plain

ODD = (
    "deux\r\nBcc: evil@evil.test",
    "nul\x00 et cloche\x07",
    "seul \ud800 et nonchar \ufffe \U0001ffff",
    "à l’envers \u202egpj.exe",
    "🎉 שלום مرحبا Привіт",
    "x" * 10_000,
)


@pytest.mark.parametrize("text", ODD)
def test_odd_text_arrives_clean_and_makes_no_header(app, office, text):
    app.config["SMTP_URL"] = office.url()
    ident = post(
        app, subject=text, to=domain.Person("sophie@valmorin.test", text), text=text, html=f"<p>{text}</p>", key="odd"
    )
    mail, (message,) = look(app, ident), office.messages()
    assert mail.state == "sent" and message.defects == []
    names = [name.lower() for name in message]
    assert len(names) == len(set(names)) and "bcc" not in names
    assert [str(address.addr_spec) for address in message["To"].addresses] == ["sophie@valmorin.test"]
    assert message["Subject"] == mail.subject and len(mail.subject) <= 250
    assert plain(message) == mail.text and not rules.FORBIDDEN.search(mail.text)
    assert office.received[0].rcpt_tos == ["sophie@valmorin.test"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sophie",
        "sophie@",
        "@valmorin.test",
        "sophie@valmorin",
        "sophie@valmorin.test\r\nRCPT TO:<evil@evil.test>",
        "sophie@valmorin.test\n",
        "sophie@valmorin.test, evil@evil.test",
        "Sophie <sophie@valmorin.test>",
        "so phie@valmorin.test",
        "sophie@val..morin.test",
        "sophie@-valmorin.test",
        "söphie@valmorin.test",
        "a" * 65 + "@valmorin.test",
        "sophie@" + "a" * 250 + ".test",
        "sophie@\ud800.test",
    ],
)
def test_a_wrong_address_is_refused_not_repaired(app, address):
    with pytest.raises(domain.MailRefused) as refusal:
        post(app, to=domain.Person(address))
    assert refusal.value.kind == "address"
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Mail)) == 0


def test_a_domain_in_another_alphabet_goes_in_its_ascii_form():
    assert rules.address(" Sophie@Müller.test ".strip()) == "sophie@xn--mller-kva.test"


@pytest.mark.parametrize(("field", "kind"), [("subject", "subject"), ("text", "empty")])
def test_nothing_to_say_is_refused(app, field, kind):
    with pytest.raises(domain.MailRefused) as refusal:
        post(app, **{field: " \x00\r\n"})
    assert refusal.value.kind == kind


text = st.text(alphabet=st.characters(codec=None), max_size=80)


@given(text, text, text)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_the_message_has_our_headers_and_no_others(subject, name, body):
    """Any Unicode at all, lone surrogates included: one To, one Subject, lines of at most 998 octets, all ASCII."""
    try:
        cleaned = rules.subject(subject), rules.one_line(name, rules.LONGEST_NAME), rules.body(body)
    except rules.MailRefused:
        return
    raw = compose.build(_row(*cleaned), [], "http://haark.test", "secret")
    raw.decode("ascii")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    envelope = Envelope()
    envelope.content = raw
    message = message_of(envelope)
    expected = ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "Content-Language"]
    assert [
        key for key in message if key not in ("Content-Type", "Content-Transfer-Encoding", "MIME-Version")
    ] == expected
    assert message["To"].addresses[0].addr_spec == "sophie@valmorin.test"
    assert plain(message) == cleaned[2]


def _row(subject, name, body):
    return SimpleNamespace(
        created_at=clock.now(),
        from_name=name,
        from_address="haark@sillage.test",
        to_name=name,
        to_address="sophie@valmorin.test",
        reply_address="",
        subject=subject,
        message_id="<1@sillage.test>",
        language="fr",
        automatic=True,
        unsubscribe_hash=None,
        text=body,
        html="",
    )


def test_the_headers_of_an_automatic_and_of_a_personal_mail(app, office, today):
    app.config["SMTP_URL"] = office.url()
    with app.app_context():
        house.put("organisation.name", "Sillage, l’éditeur", by=None, at=clock.now())
        house.put("mail.from", "bonjour@sillage.test", by=None, at=clock.now())
        db.session.commit()
    post(app, at=clock.moment(), html="<style>p{color:red}</style><p>Bonjour</p>")
    post(app, automatic=False, reply_to=domain.Person("claire@sillage.test", "Claire Delorme"), language="uk")
    automatic, personal = office.messages()
    assert str(automatic["From"]) == '"Sillage, l’éditeur" <bonjour@sillage.test>'
    assert parsedate_to_datetime(automatic["Date"]).date() == today
    assert (automatic["Auto-Submitted"], personal["Auto-Submitted"]) == ("auto-generated", None)
    assert (automatic["Content-Language"], personal["Content-Language"]) == ("fr", "uk")
    assert str(personal["Reply-To"]) == "Claire Delorme <claire@sillage.test>"
    assert automatic["Message-ID"].endswith("@sillage.test>")
    assert "color: red" in automatic.get_body(("html",)).get_content()
    assert office.received[0].mail_from == "bonjour@sillage.test"
