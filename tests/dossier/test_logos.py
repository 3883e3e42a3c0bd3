"""A client's logo: sent, shown at the head of the page and on the cover, replaced, taken away, brought back."""

import io

import pytest
import sqlalchemy as sa

from haark import clock
from haark.accounts import queries as accounts
from haark.accounts.models import Account
from haark.events.models import Event
from haark.extensions import db
from haark.files import logos
from haark.reviews import domain as reviews
from haark.settings import domain as settings
from tests.conftest import TODAY
from tests.support.clients import settle
from tests.support.logos import picture
from tests.support.statements import counted


@pytest.fixture
def house(app):
    return settle(app)


def send(visitor, account_id, content, htmx=False):
    return visitor.post(f"/accounts/{account_id}/logo", htmx=htmx, logo=(io.BytesIO(content), "logo.png"))


def test_the_logo_replaces_the_initials_and_can_be_taken_back(house):
    visitor, url = house.login("csm"), f"/accounts/{house.own}"
    assert '<span class="logo' in visitor.get(url).text
    version = _version(house)
    assert send(visitor, house.own, picture()).location == url
    page = visitor.get(url).text
    assert f'src="{url}/logo?v=' in page and f"{url}/logo/restoration" in page and "Logo changé" in page
    assert send(visitor, house.own, picture(ink="#aa0000")).status_code == 303
    second = _logo(house)
    assert visitor.post(f"{url}/logo/removal").status_code == 303 and _logo(house) is None
    assert visitor.post(f"{url}/logo/restoration").status_code == 303 and _logo(house) == second
    assert _version(house) == version  # a form of facts that is open meanwhile still saves
    with house.app.app_context():
        assert accounts.has_logo(house.own) and not accounts.has_logo(house.foreign)
        kinds = list(
            db.session.scalars(sa.select(Event.kind).where(Event.kind.like("account.logo%")).order_by(Event.id))
        )
    assert kinds == ["account.logo_changed"] * 2 + ["account.logo_removed", "account.logo_changed"]


def test_what_is_refused_is_said_and_changes_nothing(house):
    visitor = house.login("csm")
    for htmx in (False, True):
        answer = send(visitor, house.own, b"<svg xmlns='http://www.w3.org/2000/svg'/>", htmx)
        assert answer.status_code == 422 and "exportez-le en PNG" in answer.text and ("<html" in answer.text) != htmx
    assert "Choisissez un fichier" in visitor.post(f"/accounts/{house.own}/logo").text
    assert "trop gros" in send(visitor, house.own, picture() + b"\0" * logos.MOST_BYTES).text
    assert send(visitor, house.foreign, picture()).status_code == 403
    assert _logo(house) is None


def test_the_picture_is_served_privately_under_an_address_that_changes_with_it(house):
    visitor, url = house.login("csm"), f"/accounts/{house.own}/logo"
    assert visitor.get(url).status_code == 404
    send(visitor, house.own, picture())
    with house.app.app_context():
        mark = accounts.logo(house.own).sha256
    answer = house.login("other").get(f"{url}?v={mark[:16]}")
    assert answer.status_code == 200 and answer.content_type == "image/png"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert visitor.get(url).headers["Cache-Control"] == "private, no-cache"
    assert visitor.client.get(url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert house.app.test_client().get(url).status_code in (302, 303)


def test_the_deck_carries_both_logos_and_is_another_one_when_they_change(house):
    """DK-2: ours x theirs; what was printed with the old logo is printed anew. One statement more."""
    with house.app.app_context():
        span = reviews.read_period(house.own, "2026-Q3", TODAY)
        review = reviews.generate(house.own, span, ("results",), "fr", by=None, at=clock.now(), on=TODAY)
        db.session.commit()
        prints = [reviews.compose(review).fingerprint]
        for number, ink in enumerate(("#aa0000", "#00aa00")):
            ours = logos.keep(picture(ink=ink), "o.png", at=clock.now())
            theirs = logos.keep(picture((90 + number, 90)), "t.png", at=clock.now())
            settings.put("brand.logo_file", ours.id, by=None, at=clock.now())
            prints.append(reviews.compose(review).fingerprint)
            db.session.execute(sa.update(Account).where(Account.id == house.own).values(logo_file_id=theirs.id))
            prints.append(reviews.compose(review).fingerprint)
        db.session.commit()
        assert len(set(prints)) == 5
        with counted(house.app) as sent:
            brand = reviews.brand(house.own)
        assert len(sent) <= 3  # the settings and the hashes of both, after the transaction begins
        assert brand.logo and brand.client_logo and brand.logo != brand.client_logo
        assert reviews.compose(review).deck.brand == brand


def _logo(house):
    with house.app.app_context():
        return db.session.scalar(sa.select(Account.logo_file_id).where(Account.id == house.own))


def _version(house):
    with house.app.app_context():
        return db.session.scalar(sa.select(Account.version).where(Account.id == house.own))
