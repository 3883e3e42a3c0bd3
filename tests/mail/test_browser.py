"""In a browser, with JavaScript and, on a phone, without: the outbox, a forgotten password, unsubscribing."""

import pytest
from playwright.sync_api import expect

from haark.mail import compose
from tests.browser import axe, launch, no_csp_violations, serving, watch
from tests.mail.conftest import look, post
from tests.support.clients import settle
from tests.support.people import PASSWORD

BAD = "<style>p{color:#123456}</style><p id=hello>Bonjour</p><script>document.body.textContent='owned'</script>"


@pytest.fixture(params=(True, False), ids=("with-js", "without-js"))
def visit(request, app):
    """A visitor's page before any login, the site, the house and whether scripts run."""
    house = settle(app)
    with serving(app) as base, launch() as browser:
        sizes = {"width": 1440, "height": 900} if request.param else {"width": 390, "height": 844}
        context = browser.new_context(java_script_enabled=request.param, locale="fr", viewport=sizes)
        yield context.new_page(), base, house, request.param
        context.close()


def enter(page, base, role):
    page.goto(f"{base}/login")
    page.fill("#email", f"{role}@demo.haark.test")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).not_to_have_url(f"{base}/login")


def test_from_the_list_to_a_decision(visit, office):
    page, base, house, scripts = visit
    app = house.app
    app.config["SMTP_URL"], office.fault = office.url(), ("answer", "drop")
    ident = post(app, html=BAD, subject="Récap QBR Q4", account_id=house.own)
    office.fault = None
    problems = watch(page)
    enter(page, base, "manager")
    places = page.get_by_role("navigation", name="Navigation principale")
    if not scripts:  # on a phone, whose bar has room for five
        places.locator(".more > summary").click()
    places.get_by_role("link", name="Boîte d’envoi").click()
    expect(page.locator(".note")).to_contain_text("1 message est peut-être arrivé")
    if scripts:
        axe(page)
        no_csp_violations(page, problems)
    page.get_by_role("link", name="Incertains").click()
    page.get_by_role("link", name="Sophie Marchand").click()
    expect(page).to_have_url(f"{base}/outbox/{ident}")
    if scripts:  # Playwright looks into a frame with a script of its own
        shown = page.frame_locator("iframe").locator("#hello")
        expect(shown).to_have_text("Bonjour")
        expect(shown).to_have_css("color", "rgb(18, 52, 86)")
        # What is in the frame is the mail's.
        axe(page, within="main > h1, .split > .stack:last-child")
    # By keys: right after a scroll Chromium may still route a click to the frame that was there.
    page.get_by_role("button", name="Envoyer à nouveau").press("Enter")
    expect(page.locator(".err")).to_contain_text("Cochez la case")
    page.get_by_label("Je sais qu’il peut arriver deux fois.").press("Space")
    page.get_by_role("button", name="Envoyer à nouveau").press("Enter")
    expect(page.locator("dl.facts")).to_contain_text("Remis le")
    assert look(app, ident).state == "sent"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_forgotten_password_from_the_login_to_the_first_page(visit, office):
    page, base, house, scripts = visit
    house.app.config["SMTP_URL"], house.app.config["HAARK_URL"] = office.url(), base
    problems = watch(page)
    page.goto(f"{base}/login")
    page.get_by_role("link", name="Mot de passe oublié").click()
    if scripts:
        axe(page)
    page.get_by_label("Adresse e-mail").fill("csm@demo.haark.test")
    page.get_by_role("button", name="Envoyer le lien").click()
    expect(page.locator(".note")).to_contain_text("Regardez vos messages")
    if scripts:
        axe(page)
    (message,) = office.messages()
    page.goto("about:blank")  # a mail program has no policy of ours
    page.set_content(message.get_body(("html",)).get_content())
    page.get_by_role("link", name="Choisir un mot de passe").click()
    if scripts:
        axe(page)
    page.get_by_label("Mot de passe").fill("une phrase toute neuve")
    page.get_by_role("button", name="Enregistrer et entrer").click()
    expect(page).to_have_url(f"{base}/today")
    if scripts:
        no_csp_violations(page, problems)


def test_unsubscribing_takes_one_press(visit, office):
    page, base, house, scripts = visit
    house.app.config["SMTP_URL"], house.app.config["HAARK_URL"] = office.url(), base
    post(house.app, kind="digest.daily", text=f"Résumé {compose.UNSUBSCRIBE}", unsubscribable=True)
    page.goto(office.messages()[0]["List-Unsubscribe"].strip("<>"))
    if scripts:
        axe(page)
    page.get_by_role("button", name="Ne plus recevoir ces messages").click()
    expect(page.locator(".note")).to_contain_text("sophie@valmorin.test ne recevra plus ces messages.")
