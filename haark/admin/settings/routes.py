"""The settings, for administrators: a page for each section, its effect before it is applied, its defaults."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from haark import clock
from haark.access import roles, signed_in
from haark.admin.settings import audit, domain, effects, own_fields, queries
from haark.admin.settings.forms import SectionForm
from haark.admin.settings.sections import SECTIONS, Section
from haark.errors import Conflict
from haark.extensions import db
from haark.fields import disagreements
from haark.files import logos, serving
from haark.files.images import ImageRefused
from haark.files.models import StoredFile
from haark.hypermedia import flash_done, go, respond
from haark.settings import domain as settings

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
blueprint.register_blueprint(audit.blueprint)
blueprint.register_blueprint(own_fields.blueprint)
blueprint.add_app_template_global(lambda: SECTIONS.values(), "settings_sections")
PLACE = f"/<any({', '.join(SECTIONS)}):name>"


@blueprint.get("")
@roles("admin")
def index() -> AnyResponse:
    return redirect(url_for(".show", name=next(iter(SECTIONS))))


@blueprint.get(PLACE)
@roles("admin")
def show(name: str) -> Response:
    section = SECTIONS[name]
    return _page(section, _saved(section))


@blueprint.post(PLACE)
@roles("admin")
def change(name: str) -> Response:
    section = SECTIONS[name]
    form = _typed(section)
    if not form.validate():
        return _page(section, form, 422, valid=False)
    try:
        version = form.version.data or 0
        judged = domain.change(section, form.settings, version=version, by=current_user.id, at=clock.moment())
    except settings.Outdated:
        db.session.rollback()
        saved = _saved(section)
        theirs = disagreements(form, saved)
        form.version.raw_data, form.version.data = None, saved.version.data
        return _page(section, form, 409, theirs=theirs)
    db.session.commit()
    return _done(section, judged)


@blueprint.post(f"{PLACE}/effect")
@roles("admin")
def effect(name: str) -> Response:
    """What the typed settings would change; nothing is saved."""
    section = SECTIONS[name]
    form = _typed(section)
    valid = form.validate()
    return _page(section, form, 200 if valid else 422, valid=valid)


@blueprint.post(f"{PLACE}/defaults")
@roles("admin")
def reset(name: str) -> Response:
    section = SECTIONS[name]
    version = request.form.get("version", 0, type=int)
    try:
        judged = domain.reset(section, version=version, by=current_user.id, at=clock.moment())
    except settings.Outdated as error:
        raise Conflict(str(section.label), back=url_for(".show", name=name)) from error
    db.session.commit()
    return _done(section, judged)


@blueprint.get("/brand/logo")
@signed_in
def logo() -> Response:
    """Our logo, for whoever is at home."""
    found = db.session.get(StoredFile, settings.get("brand.logo_file"))
    return serving.picture(found or abort(404))


@blueprint.post("/brand/logo")
@roles("admin")
def change_logo() -> Response:
    file = request.files.get("logo")
    content = file.read(logos.MOST_BYTES + 1) if file else b""
    try:
        domain.change_logo(content, (file and file.filename) or "logo", by=current_user.id, at=clock.moment())
    except ImageRefused as refused:
        section = SECTIONS["brand"]
        return _page(section, _saved(section), 422, logo_error=logos.REFUSALS[refused.reason])
    db.session.commit()
    return _logo_done(_("Logo enregistré"))


@blueprint.post("/brand/logo/removal")
@roles("admin")
def remove_logo() -> Response:
    domain.remove_logo(by=current_user.id, at=clock.moment())
    db.session.commit()
    return _logo_done(_("Logo retiré"))


@blueprint.post("/brand/logo/restoration")
@roles("admin")
def restore_logo() -> Response:
    """Takes the last change of our logo back."""
    if not domain.restore_logo(by=current_user.id, at=clock.moment()):
        abort(404)
    db.session.commit()
    flash_done(_("Logo rétabli") if settings.get(domain.LOGO) else _("Logo retiré"))
    return go(url_for(".show", name="brand"))


def _logo_done(text: str) -> Response:
    flash_done(text, undo=url_for(".restore_logo"))
    return go(url_for(".show", name="brand"))


def _done(section: Section, judged: bool) -> Response:
    if judged:
        flash_done(_("Réglages enregistrés. Tous les comptes sont réévalués en ce moment."))
    else:
        flash_done(_("Réglages enregistrés"))
    return go(url_for(".show", name=section.name))


def _saved(section: Section) -> SectionForm:
    return section.form.of(settings.all_values(), settings.version_of(section.keys))


def _typed(section: Section) -> SectionForm:
    return section.form(request.form).offer(settings.all_values())


def _page(section: Section, form: SectionForm, status: int = 200, *, valid: bool = True, **extra: Any) -> Response:
    return respond(
        f"admin/settings/{section.name}.html",
        f"admin/settings/_{section.name}_effect.html" if section.effect else None,
        status=status,
        form=form,
        section=section,
        changed=queries.changed(section.keys),
        valid=valid,
        **effects.of(form, valid=valid),
        **extra,
    )
