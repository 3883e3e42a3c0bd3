"""SP-6, US-2: a link lands on a page with a button; a visit is a cookie of that page alone; every refusal is one page."""

import pytest

from haark import clock
from haark.accounts.models import Contact
from haark.extensions import db
from haark.plans import links
from tests.support.clients import TODAY, settle


@pytest.fixture
def house(app):
    return settle(app)


def issue(house, account="own"):
    """A link of the account's contact: its id and its secret."""
    with house.app.app_context():
        contact = db.session.get(Contact, house.objects[account]["contact"])
        link = links.issue(contact, by=house.users["csm"], at=clock.moment(), on=TODAY)
        db.session.commit()
        return link.id, links.token_of(link)


def test_landing_cookie_page(house):
    link_id, secret = issue(house)
    client = house.app.test_client()
    landing = client.get(f"/s/{secret}")
    assert landing.status_code == 200 and "Julien Perrot" in landing.text and "Livrer" not in landing.text
    assert "Set-Cookie" not in landing.headers
    entered = client.post(f"/s/{secret}")
    assert (entered.status_code, entered.location) == (303, f"/s/p/{link_id}")
    page = client.get(entered.location)
    assert page.status_code == 200 and "Livrer à l’heure" in page.text and "Litiges sous 48 h" in page.text
