"""The organisation's PowerPoint template: uploaded, read, mapped, tried and used by administrators."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import roles
from haark.decks import corporate
from haark.decks.outline import Language
from haark.errors import Conflict
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, respond
from haark.reviews.corporate import domain, drawing, pages, queries, trial, words
from haark.reviews.corporate.models import DeckTemplate
from haark.reviews.outputs import MEDIA

blueprint = Blueprint("corporate", __name__, url_prefix="/settings/template")
blueprint.add_app_template_global(words.sentence, "template_sentence")


@blueprint.get("")
@roles("admin")
def index() -> Response:
    """The templates, the one in use (else the latest) open."""
    rows = queries.listed()
    return _page(queries.get(rows[0].id) if rows else None)


@blueprint.get("/<int:template_id>")
@roles("admin", kind="template", parameter="template_id")
def show(template_id: int) -> Response:
    return _page(_find(template_id))


@blueprint.post("")
@roles("admin")
def upload() -> Response:
    """Takes a file in. Refused ones are not kept; what is wrong is said where the file was chosen."""
    sent = request.files.get("file")
    data = sent.stream.read(corporate.LARGEST_FILE + 1) if sent is not None and sent.filename else None
    try:
        if data is None:
            raise corporate.Refused("missing")
        name = (sent.filename or "") if sent is not None else ""
        template = domain.upload(data, name, by=current_user.id, at=clock.moment())
    except corporate.Refused as refused:
        db.session.rollback()
        rows = queries.listed()
        opened = queries.get(rows[0].id) if rows else None
        return _page(opened, 422, refusal=words.refusal(refused))
    db.session.commit()
    flash_done(_("Modèle reçu. Vérifiez les dispositions, essayez-le, puis activez-le."))
    return go(url_for(".show", template_id=template.id))


@blueprint.post("/<int:template_id>/layouts")
@roles("admin", kind="template", parameter="template_id")
def remap(template_id: int) -> Response:
    """Keeps the chosen layouts."""
    template = _find(template_id)
    version = request.form.get("version", 0, type=int)
    try:
        domain.remap(template, request.form, version=version, by=current_user.id, at=clock.moment())
    except domain.Outdated as error:
        raise Conflict(template.name, back=url_for(".show", template_id=template_id)) from error
    db.session.commit()
    flash_done(_("Dispositions enregistrées"))
    return go(url_for(".show", template_id=template_id))


@blueprint.get("/<int:template_id>/role")
@roles("admin", kind="template", parameter="template_id")
def role(template_id: int) -> Response:
    """The drawing of one layout as the form stands; nothing is kept."""
    name = request.args.get("role", "")
    if name not in corporate.ROLES:
        abort(404)
    shown = pages.shown(_find(template_id), request.args)
    one = next(role for role in shown.roles if role.name == name)
    return respond("reviews/corporate/index.html", "reviews/corporate/_role.html", shown=shown, role=one, **_context())


@blueprint.get("/<int:template_id>/trial.pptx")
@roles("admin", kind="template", parameter="template_id")
def try_out(template_id: int) -> Response:
    """A deck made on the template with the layouts of the form, kept or not."""
    template = _find(template_id)
    guise = drawing.guise_of(template, dict(request.args) or None)
    drawn = drawing.powerpoint(trial.deck(cast(Language, locale.language())), guise)
    if drawn.note:
        flash_error(_("Ce modèle n’a pas pu être utilisé. Téléversez-le à nouveau, ou gardez les pages de Haark."))
        return go(url_for(".show", template_id=template_id))
    answer = Response(drawn.data, content_type=MEDIA["pptx"])
    answer.headers["Content-Disposition"] = f'attachment; filename="haark-essai-{template_id}.pptx"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.post("/<int:template_id>/activation")
@roles("admin", kind="template", parameter="template_id")
def activate(template_id: int) -> Response:
    _act(domain.activate, template_id)
    flash_done(_("Les prochains PowerPoint seront faits sur ce modèle"))
    return go(url_for(".show", template_id=template_id))


@blueprint.post("/<int:template_id>/activation/removal")
@roles("admin", kind="template", parameter="template_id")
def deactivate(template_id: int) -> Response:
    _act(domain.deactivate, template_id)
    flash_done(_("Les prochains PowerPoint seront faits sur les pages de Haark"))
    return go(url_for(".show", template_id=template_id))


@blueprint.post("/<int:template_id>/removal")
@roles("admin", kind="template", parameter="template_id")
def remove(template_id: int) -> Response:
    template = _act(domain.remove, template_id)
    undo = url_for(".bring_back", template_id=template_id)
    flash_done(_("Modèle %(name)s supprimé", name=template.name), undo=undo)
    return go(url_for(".index"))


@blueprint.post("/<int:template_id>/restoration")
@roles("admin", kind="removed_template", parameter="template_id")
def bring_back(template_id: int) -> Response:
    domain.bring_back(template_id, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Modèle rétabli ; il n’est pas activé"))
    return go(url_for(".show", template_id=template_id))


def _find(template_id: int) -> DeckTemplate:
    return queries.get(template_id) or abort(404)


def _act(verb: Callable[..., None], template_id: int) -> DeckTemplate:
    """The verb done to the template by who asks, and kept."""
    template = _find(template_id)
    verb(template, by=current_user.id, at=clock.moment())
    db.session.commit()
    return template


def _context() -> dict[str, Any]:
    return {"rows": queries.listed(), "limit": corporate.LARGEST_FILE // 1024 // 1024, "levels": words.LEVELS}


def _page(template: DeckTemplate | None, status: int = 200, refusal: str = "") -> Response:
    shown = pages.shown(template) if template is not None else None
    return respond("reviews/corporate/index.html", status=status, shown=shown, refusal=refusal, **_context())
