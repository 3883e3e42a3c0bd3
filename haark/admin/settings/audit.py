"""The journal of the whole house: all accounts, the settings, the people."""

from typing import Any

from flask import Blueprint, Response, url_for

from haark.access import roles
from haark.admin.settings.sections import SECTIONS
from haark.dossier import audit

blueprint = Blueprint("audit", __name__)


@blueprint.get("/audit")
@roles("admin")
def show() -> Response:
    return audit.page(None, url_for(".show"), url_for(".table"), _labels())


@blueprint.get("/audit.csv")
@roles("admin")
def table() -> Response:
    return audit.download(None, _labels())


def _labels() -> dict[str, Any]:
    """The settings by the names that their pages give them; of those with several fields, the page's."""
    found: dict[str, Any] = {}
    for section in SECTIONS.values():
        for key in section.keys:
            field = section.form.KEYS.get(key)
            found[key] = getattr(section.form, field).args[0] if field else section.label
    return found
