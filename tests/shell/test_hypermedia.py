"""A tiny app with a list, a form and a write: what htmx and a plain browser get from the same routes."""

import json

import pytest
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from jinja2 import DictLoader

from haark import hypermedia
from haark.extensions import htmx

TEMPLATES = {
    "page.html": "<html><h1>{{ title }}</h1>{{ pending_messages()|length }} messages</html>",
    "_rows.html": "<tr><td>{{ title }}</td></tr>",
    "_count.html": '<b id="count"{% if oob %} hx-swap-oob="true"{% endif %}>{{ count }}</b>',
    "shared/_flash.html": '<div id="flash"{% if oob %} hx-swap-oob="beforeend"{% endif %}>'
    "{% for item in items %}[{{ item.kind }}|{{ item.text }}|{{ item.undo or '' }}]{% endfor %}</div>",
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "test"
    app.jinja_loader = DictLoader(TEMPLATES)
    htmx.init_app(app)
    hypermedia.init(app)

    @app.get("/accounts")
    def accounts():
        return hypermedia.respond("page.html", "_rows.html", out_of_band=("_count.html",), title="Valmorin", count=7)

    @app.get("/whole")
    def whole():
        return hypermedia.respond("page.html", title="Valmorin")

    @app.post("/actions")
    def create():
        hypermedia.flash_done("Action créée", undo="/actions/7/removal")
        return hypermedia.go("/accounts?tab=actions")

    @app.post("/quiet")
    def quiet():
        hypermedia.flash_error("Rien n’a été <b>envoyé</b>")
        hypermedia.flash_note("Voir le journal")
        hypermedia.announce("actions-changed")
        hypermedia.announce("count", total=3)
        return hypermedia.done()

    @app.post("/wrong")
    def wrong():
        return hypermedia.respond("page.html", "_rows.html", status=422, title="refusé")

    @app.get("/places")
    def places():
        hypermedia.retarget("#peek")
        hypermedia.reswap("beforeend show:bottom")
        hypermedia.push_url("/accounts?peek=7")
        return hypermedia.respond("page.html", "_rows.html", title="x")

    @app.get("/quietly")
    def quietly():
        hypermedia.replace_url("/accounts?sort=arr")
        return hypermedia.respond("page.html", "_rows.html", title="x")

    @app.get("/job")
    def job():
        return hypermedia.stop_polling("page.html", "_rows.html", title="prêt")

    @app.get("/old")
    def old():
        return redirect("/accounts?sort=arr")

    @app.get("/away")
    def away():
        return redirect("https://evil.example/accounts")

    @app.get("/closed")
    def closed():
        return hypermedia.ask_login()

    @app.post("/closed")
    def closed_write():
        return hypermedia.ask_login()

    @app.get("/login", endpoint="people.login")
    def login():
        return "login"

    @app.get("/gone")
    def gone():
        abort(404)

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_browser_gets_the_page_and_htmx_its_fragment_with_the_counters(client):
    page = client.get("/accounts")
    fragment = client.get("/accounts", headers=HTMX)

    assert "<html><h1>Valmorin</h1>" in page.text
    assert fragment.text == '<tr><td>Valmorin</td></tr><b id="count" hx-swap-oob="true">7</b>'


def test_every_page_varies_by_the_htmx_header(client):
    assert "HX-Request" in client.get("/accounts").vary
    assert "HX-Request" in client.get("/accounts", headers=HTMX).vary
    assert "HX-Request" in client.get("/gone", headers=HTMX).vary


@pytest.mark.parametrize("header", ["HX-History-Restore-Request", "HX-Boosted"])
def test_the_whole_page_is_sent_when_htmx_restores_or_boosts(client, header):
    assert "<html>" in client.get("/accounts", headers={**HTMX, header: "true"}).text


def test_a_route_without_a_fragment_answers_both_with_the_page(client):
    assert client.get("/whole").text == client.get("/whole", headers=HTMX).text


def test_after_a_write_a_form_is_led_on_by_303(client):
    answer = client.post("/actions")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/accounts?tab=actions"
    assert "HX-Redirect" not in answer.headers


def test_after_a_write_htmx_is_led_on_by_a_header_never_by_a_3xx(client):
    answer = client.post("/actions", headers=HTMX)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/accounts?tab=actions"
    assert "Location" not in answer.headers


def test_a_message_waits_for_the_page_after_the_redirect(client):
    client.post("/actions", headers=HTMX)

    assert "1 messages" in client.get("/accounts").text
    assert "0 messages" in client.get("/accounts").text


def test_a_message_comes_out_of_band_with_the_next_fragment(client):
    client.post("/actions")

    assert client.get("/accounts", headers=HTMX).text.endswith(
        '<div id="flash" hx-swap-oob="beforeend">[done|Action créée|/actions/7/removal]</div>'
    )
    assert "flash" not in client.get("/accounts", headers=HTMX).text


def test_messages_are_escaped_and_events_announced(client):
    answer = client.post("/quiet", headers=HTMX)

    assert "[error|Rien n’a été &lt;b&gt;envoyé&lt;/b&gt;|][note|Voir le journal|]" in answer.text
    assert json.loads(answer.headers["HX-Trigger"]) == {"actions-changed": None, "count": {"total": 3}}


def test_a_plain_browser_gets_no_htmx_header(client):
    for answer in (client.post("/quiet"), client.get("/places")):
        assert [name for name, _value in answer.headers if name.upper().startswith("HX-")] == []


def test_a_refused_form_is_a_422_with_the_fragment(client):
    answer = client.post("/wrong", headers=HTMX)

    assert (answer.status_code, answer.text) == (422, "<tr><td>refusé</td></tr>")
    assert client.post("/wrong").status_code == 422


def test_target_swap_and_address_can_be_changed(client):
    answer = client.get("/places", headers=HTMX)

    assert answer.headers["HX-Retarget"] == "#peek"
    assert answer.headers["HX-Reswap"] == "beforeend show:bottom"
    assert answer.headers["HX-Push-Url"] == "/accounts?peek=7"
    assert client.get("/quietly", headers=HTMX).headers["HX-Replace-Url"] == "/accounts?sort=arr"


@pytest.mark.parametrize("how", sorted(hypermedia.SWAPS))
def test_every_way_to_swap_is_known(app, how):
    with app.test_request_context():
        hypermedia.reswap(how)


def test_an_unknown_way_to_swap_is_refused(app):
    with app.test_request_context(), pytest.raises(ValueError):
        hypermedia.reswap("sideways")


def test_polling_stops_by_286_for_htmx_only(client):
    assert client.get("/job", headers=HTMX).status_code == 286
    assert client.get("/job").status_code == 200


def test_a_redirect_made_elsewhere_reaches_htmx_as_a_header(client):
    answer = client.get("/old", headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/accounts?sort=arr")
    assert client.get("/old").status_code == 302


def test_htmx_is_never_led_to_another_site(client):
    assert client.get("/away", headers=HTMX).headers["HX-Redirect"] == "/accounts"


def test_login_leads_back_to_the_page_around_the_fragment(client):
    asked = {**HTMX, "HX-Current-URL": "http://localhost/accounts?sort=arr"}

    assert client.get("/closed", headers=asked).headers["HX-Redirect"] == "/login?next=/accounts?sort%3Darr"
    assert client.get("/closed?a=1").headers["Location"] == "/login?next=/closed?a%3D1"
    form = client.post("/closed", headers={"Referer": "http://localhost/accounts"})
    assert form.headers["Location"] == "/login?next=/accounts"


@pytest.mark.parametrize(
    "current", ["http://localhost//evil.example/x", "javascript:alert(1)", "http://localhost/\\evil"]
)
def test_login_never_leads_back_to_another_site(client, current):
    assert "evil" not in client.get("/closed", headers={**HTMX, "HX-Current-URL": current}).headers["HX-Redirect"]


@pytest.mark.parametrize(
    "url",
    [
        "//evil.example",
        "/\\evil.example",
        "\\evil",
        "https://evil.example",
        "javascript:x",
        "",
        "a/b",
        "/a\r\nSet-Cookie: x",
        "/\t/evil",
    ],
)
def test_addresses_that_leave_the_site_are_refused(app, url):
    assert not hypermedia.is_local(url)
    assert hypermedia.next_or(url, "/") == "/"
    with app.test_request_context(), pytest.raises(ValueError):
        hypermedia.go(url)


@pytest.mark.parametrize("url", ["/", "/accounts/7?tab=usage", "/a%0d%0a", "/é"])
def test_paths_of_this_site_are_kept(url):
    assert hypermedia.next_or(url, "/") == url


def test_there_is_nothing_to_follow_without_a_next():
    assert hypermedia.next_or(None, "/portfolio") == "/portfolio"


def test_errors_are_swapped_nowhere_but_for_422_and_409():
    handling = {rule["code"]: rule for rule in hypermedia.CONFIG["responseHandling"]}

    assert list(handling).index("422") < list(handling).index("[45]..")
    assert handling["[45].."]["swapOverride"] == "none"
