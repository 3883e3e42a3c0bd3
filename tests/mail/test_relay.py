"""SMTP_URL: what it may say, and what comes of it on the wire."""

import ssl
import subprocess

import pytest

from haark import create_app
from haark.mail import relay
from tests.mail.conftest import look, post
from tests.mail.post_office import open_office, plain
from tests.support import databases

PASSWORD = "s3cret @/?#"
QUOTED = "s3cret%20%40%2F%3F%23"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://relay.test", "relay.test", 25, "starttls"),
        ("smtp://relay.test?starttls=0", "relay.test", 25, "none"),
        ("smtp://me:pw@relay.test", "relay.test", 587, "starttls"),
        ("smtp://me:pw@relay.test:2525", "relay.test", 2525, "starttls"),
        ("smtps://me:pw@relay.test", "relay.test", 465, "tls"),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, "none"),
        ("smtp://[::1]:1025", "::1", 1025, "none"),
    ],
)
def test_the_grammar(url, host, port, tls):
    found = relay.read(url)
    assert (found.host, found.port, found.tls) == (host, port, tls)


def test_its_options_and_the_sender():
    found = relay.read(f"smtps://me%40sillage.test:{QUOTED}@relay.test?timeout=5&final=60&helo=haark.sillage.test")
    assert (found.user, found.password, found.sender) == ("me@sillage.test", PASSWORD, "me@sillage.test")
    assert (found.timeout, found.final, found.helo) == (5, 60, "haark.sillage.test")
    assert PASSWORD not in repr(found) and found.place == "relay.test:465"
    assert relay.read("smtp://relay.test?from=bonjour@sillage.test").sender == "bonjour@sillage.test"
    assert relay.read("") is None


@pytest.mark.parametrize(
    "url",
    [
        "relay.test:25",
        "http://relay.test",
        "smtp://",
        "smtp://me:hush@relay.test/path",
        "smtp://me:hush@relay.test?starttls=yes",
        "smtps://me:hush@relay.test?starttls=1",
        "smtp://me:hush@relay.test?tls=1",
        "smtp://me:hush@relay.test:99999",
        "smtp://me:hush@relay.test?timeout=soon",
        "smtp://me:hush@relay.test?timeout=0",
        "smtp://me:hush@relay.test?from=nobody",
        "smtp://me:hush@relay.test?helo=a b",
        "smtp://me:hush@relay.test?starttls=0",
    ],
)
def test_what_is_wrong_is_said_at_the_start_and_never_the_password(url, app, tmp_path):
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    with pytest.raises(ValueError, match="SMTP_URL") as fault:
        create_app({**databases.settings(uri, tmp_path), "SMTP_URL": url})
    assert "hush" not in str(fault.value)
    assert fault.value.__cause__ is None


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    pem, key = folder / "cert.pem", folder / "key.pem"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-subj", "/CN=relay.test"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", pem, *names],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return context, pem


def test_starttls_and_login(app, certificate):
    context, pem = certificate
    with open_office(tls=context, require_starttls=True, auth_require_tls=True) as office:
        office.options["authenticator"] = office.authenticate
        base = f"smtp://me:{QUOTED}@127.0.0.1:{office.port}?starttls=1&timeout=2&final=2&from=haark@sillage.test"
        app.config["SMTP_URL"] = base
        untrusted = look(app, post(app))
        assert (untrusted.state, office.received) == ("queued", []), "an unknown certificate is no relay of ours"
        app.config["SMTP_URL"] = f"{base}&ca={pem}"
        assert look(app, post(app)).state == "sent"
        assert office.logins == [(b"me", PASSWORD.encode())]
        app.config["SMTP_URL"] = f"{base.replace(QUOTED, 'wrong')}&ca={pem}"
        refused = look(app, post(app))
        assert (refused.state, refused.answer[:3]) == ("failed", "535")
        assert "wrong" not in refused.answer


def test_a_relay_without_starttls_gets_nothing_when_it_was_asked_for(app, office):
    app.config["SMTP_URL"] = office.url(starttls=1)
    assert (look(app, post(app)).state, office.received) == ("queued", [])


def test_lines_that_begin_with_a_dot_arrive_whole(app, office):
    app.config["SMTP_URL"] = office.url()
    text = ".\n..\n.a line\nend\n"
    post(app, text=text)
    assert plain(office.messages()[0]) == text
