"""Who gets no more mail: listed for managers, added and lifted by hand."""

import re

from haark import clock
from haark.extensions import db
from haark.mail import domain
from haark.mail.models import Suppression
from tests.mail.conftest import look, post
from tests.support.clients import settle


def kept(app):
    with app.app_context():
        rows = db.session.scalars(db.select(Suppression).order_by(Suppression.id))
        return [(row.address, row.kind, row.reason) for row in rows]


def test_the_list_says_who_and_why_and_is_changed_by_hand(app):
    house = settle(app)
    with app.app_context():
        domain.suppress("anne@valmorin.test", kind="actions.digest", reason="unsubscribed", at=clock.now())
        db.session.commit()
    assert house.login("csm").get("/outbox/suppressions").status_code == 403
    visitor = house.login("manager")
    assert "/outbox/suppressions" in visitor.get("/outbox").text
    page = visitor.get("/outbox/suppressions").text
    assert "anne@valmorin.test" in page and "désinscription d’un clic" in page and "Résumé d’actions" in page
    assert visitor.post("/outbox/suppressions", address="  Sophie@valmorin.test ").status_code == 303
    refused = visitor.post("/outbox/suppressions", address="sophie chez valmorin")
    assert refused.status_code == 422 and 'value="sophie chez valmorin"' in refused.text
    anne, sophie = kept(app)
    assert anne == ("anne@valmorin.test", "actions.digest", "unsubscribed") and sophie[1:] == ("", "by_hand")
    assert look(app, post(app, to=domain.Person(sophie[0]))).state == "suppressed"
    first = re.search(r'name="id" value="(\d+)"', visitor.get("/outbox/suppressions").text)[1]
    assert visitor.post("/outbox/suppressions/removal", id=first).status_code == 303
    assert kept(app) == [anne]
    assert (
        "n’est plus dans la liste"
        in visitor.client.post(
            "/outbox/suppressions/removal", data={"id": first, "csrf_token": visitor.token}, follow_redirects=True
        ).text
    )
    assert look(app, post(app, to=domain.Person(sophie[0]))).state == "kept"
