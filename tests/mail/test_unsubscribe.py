"""One click, by a person or by a mail program (RFC 8058); opening a link changes nothing."""

import re

from haark import clock
from haark.extensions import db
from haark.mail import compose, domain
from haark.mail.models import Suppression
from tests.mail.conftest import look, post
from tests.support.people import Visitor

LINK = re.compile(r"<(http://127\.0\.0\.1:8000(/mail/unsubscribe/[\w-]{43}))>")


def digest(app, **changes):
    says = f"Votre résumé.\n{compose.UNSUBSCRIBE}\n"
    page = f'<a href="{compose.UNSUBSCRIBE}">Ne plus recevoir</a>'
    return post(app, kind="digest.daily", text=says, html=page, unsubscribable=True, **changes)


def rows(app):
    with app.app_context():
        return [(row.address, row.kind, row.reason) for row in db.session.scalars(db.select(Suppression))]


def test_one_click_stops_this_kind_and_no_other(db_app, office):
    app = db_app
    app.config["SMTP_URL"] = office.url()
    ident = digest(app)
    (message,) = office.messages()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url, path = LINK.fullmatch(message["List-Unsubscribe"]).groups()
    assert url in message.get_body(("plain",)).get_content()
    assert f'href="{url}"' in message.get_body(("html",)).get_content()
    page = Visitor(app).get(path)
    assert (page.status_code, rows(app)) == (200, []), "scanners open links"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    # The mail program: no cookie, no token.
    answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert app.test_client().post(path).status_code == 200
    assert rows(app) == [("sophie@valmorin.test", "digest.daily", "unsubscribed")]
    assert look(app, digest(app)).state == "suppressed"
    assert look(app, post(app)).state == "sent"
    assert look(app, digest(app, to=domain.Person("paul@valmorin.test"))).state == "sent"
    assert look(app, ident).state == "sent"


def test_the_token_is_kept_as_a_hash_and_a_guess_is_404(app, office):
    app.config["SMTP_URL"] = office.url()
    mail = look(app, digest(app))
    path = LINK.fullmatch(office.messages()[0]["List-Unsubscribe"])[2]
    token = path.rsplit("/", 1)[1]
    assert token not in f"{mail.text}{mail.html}{mail.unsubscribe_hash}{mail.message_id}"
    for guess in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), mail.unsubscribe_hash, "x"):
        assert app.test_client().get(f"/mail/unsubscribe/{guess}").status_code == 404
        assert app.test_client().post(f"/mail/unsubscribe/{guess}").status_code == 404
    assert rows(app) == []


def test_the_page_speaks_the_language_of_the_mail(app, office):
    app.config["SMTP_URL"] = office.url()
    digest(app, language="uk")
    page = Visitor(app).get(LINK.fullmatch(office.messages()[0]["List-Unsubscribe"])[2]).text
    assert '<html lang="uk"' in page and "sophie@valmorin.test" in page


def test_an_address_that_was_suppressed_while_its_mail_waited_gets_nothing(app, office):
    app.config["SMTP_URL"], office.fault = office.url(), ("rcpt", "4xx")
    ident = post(app)
    office.fault = None
    with app.app_context():
        domain.suppress("Sophie@Valmorin.test", at=clock.now())
        db.session.commit()
    from tests.mail.conftest import hurry, sweep

    hurry(app)
    sweep(app)
    assert (look(app, ident).state, office.received) == ("suppressed", [])
