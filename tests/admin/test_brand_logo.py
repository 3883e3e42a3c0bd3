"""Our own logo: an administrator sends it, everybody at home may see it, its change is kept with who made it."""

import io

import sqlalchemy as sa

from haark.events.models import Event
from haark.extensions import db
from haark.settings import domain as settings
from tests.support.clients import settle
from tests.support.logos import picture


def test_our_logo_is_sent_shown_and_taken_away(app):
    house = settle(app)
    admin = house.login("admin")
    assert "Pas encore de logo" in admin.get("/settings/brand").text
    assert house.login("manager").post("/settings/brand/logo", logo=(io.BytesIO(picture()), "l.png")).status_code == 403
    refused = admin.post("/settings/brand/logo", logo=(io.BytesIO(b"not a picture"), "logo.png"))
    assert refused.status_code == 422 and "ni un PNG ni un JPEG" in refused.text and 'name="primary"' in refused.text
    assert admin.post("/settings/brand/logo", logo=(io.BytesIO(picture()), "logo.png")).location == "/settings/brand"
    page = admin.get("/settings/brand").text
    assert page.count("/settings/brand/logo?v=") == 2 and 'fill="#ffffff"' in page  # beside the field, and on the cover
    assert house.login("csm").get("/settings/brand/logo").content_type == "image/png"
    with app.app_context():
        event = db.session.scalar(sa.select(Event).where(Event.kind == "settings.changed").order_by(Event.id.desc()))
        assert event.actor_id == house.users["admin"] and list(event.data["changes"]) == ["brand.logo_file"]
    assert admin.post("/settings/brand/logo/removal").status_code == 303
    with app.app_context():
        assert settings.get("brand.logo_file") == 0
    assert house.login("csm").get("/settings/brand/logo").status_code == 404
    assert "/settings/brand/logo/restoration" in admin.get("/settings/brand").text  # the message's undo
    assert admin.post("/settings/brand/logo/restoration").location == "/settings/brand"
    assert house.login("csm").get("/settings/brand/logo").content_type == "image/png"
    admin.post("/settings/brand/logo/restoration")
    assert house.login("csm").get("/settings/brand/logo").status_code == 404
