"""«Champs du compte»: the custom fields of the organisation's accounts, for administrators (AC-10)."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from wtforms import Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from haark import clock
from haark.access import Owned, owned_by, roles
from haark.accounts import custom_fields as fields
from haark.accounts.models import CustomField, CustomValue
from haark.extensions import db
from haark.fields import disagreements, one_line, paragraphs
from haark.hypermedia import flash_done, flash_error, go, respond

blueprint = Blueprint("own_fields", __name__, url_prefix="/fields")
KINDS = {"text": _l("Texte"), "number": _l("Nombre"), "date": _l("Date"), "choice": _l("Choix")}
PLACES = {"name": "name", "twin": "name", "many": "name", "kind": "kind", "key": "key", "taken": "key"}
ONE = "/<int:field_id>"


class FieldForm(Form):
    """`key` and `kind` are chosen once: files and saved values depend on them."""

    name = StringField(_l("Nom"), [Length(max=200)], [one_line])
    kind = SelectField(
        _l("Sorte"),
        choices=[SelectChoice(key, label) for key, label in KINDS.items()],
        default="text",
        validate_choice=False,
    )
    choices = TextAreaField(_l("Choix"), filters=[paragraphs])
    key = StringField(_l("Identifiant dans les fichiers"), [Length(max=60)], [one_line])
    version = IntegerField(widget=HiddenInput(), default=0)

    @classmethod
    def of(cls, field: CustomField) -> "FieldForm":
        told = {"name": field.name, "kind": field.kind, "key": field.key, "version": field.version}
        return cls(data={**told, "choices": "\n".join(field.choices)})

    @property
    def lines(self) -> list[str]:
        return (self.choices.data or "").split("\n")


@owned_by("custom_field")
def _live(ident: int) -> Owned | None:
    row = db.session.get(CustomField, ident)
    return None if row is None else Owned(deleted=row.deleted_at is not None)


@owned_by("retired_field")
def _retired(ident: int) -> Owned | None:
    row = db.session.get(CustomField, ident)
    return None if row is None else Owned(deleted=row.deleted_at is None)


@blueprint.get("")
@roles("admin")
def index() -> Response:
    return _page(FieldForm())


@blueprint.post("")
@roles("admin")
def define() -> Response:
    form = FieldForm(request.form)
    if not form.validate():
        return _page(form, 422)
    try:
        made = fields.define(form.name.data or "", form.kind.data, form.lines, key=form.key.data or "", **_told())
    except fields.FieldError as error:
        return _page(_blamed(form, error), 422)
    db.session.commit()
    flash_done(_("Champ ajouté : %(name)s", name=made.name), undo=url_for(".retire", field_id=made.id))
    return go(url_for(".index"))


@blueprint.get(ONE)
@roles("admin", kind="custom_field", parameter="field_id")
def edit(field_id: int) -> Response:
    field = _field(field_id)
    return _edit(field, FieldForm.of(field))


@blueprint.post(ONE)
@roles("admin", kind="custom_field", parameter="field_id")
def change(field_id: int) -> Response:
    field, form = _field(field_id), FieldForm(request.form)
    form.kind.data, form.key.data = field.kind, field.key
    if not form.validate():
        return _edit(field, form, 422)
    try:
        fields.change(field, form.version.data or 0, form.name.data or "", form.lines, **_told())
    except fields.FieldError as error:
        return _edit(field, _blamed(form, error), 422)
    except fields.FieldOutdated:
        theirs = disagreements(form, FieldForm.of(field))
        form.version.raw_data, form.version.data = None, field.version
        return _edit(field, form, 409, theirs=theirs)
    db.session.commit()
    flash_done(_("Champ enregistré"))
    return go(url_for(".index"))


@blueprint.post(f"{ONE}/<any(up, down):way>")
@roles("admin", kind="custom_field", parameter="field_id")
def move(field_id: int, way: str) -> Response:
    fields.move(_field(field_id), -1 if way == "up" else 1, **_told())
    db.session.commit()
    return go(url_for(".index"))


@blueprint.post(f"{ONE}/removal")
@roles("admin", kind="custom_field", parameter="field_id")
def retire(field_id: int) -> Response:
    field = _field(field_id)
    fields.retire(field, **_told())
    db.session.commit()
    flash_done(_("Champ retiré : %(name)s", name=field.name), undo=url_for(".restore", field_id=field_id))
    return go(url_for(".index"))


@blueprint.post(f"{ONE}/removal/removal")
@roles("admin", kind="retired_field", parameter="field_id")
def restore(field_id: int) -> Response:
    try:
        fields.restore(_field(field_id), **_told())
    except fields.FieldError as error:
        db.session.rollback()
        flash_error(fields.REASONS[error.kind])
        return go(url_for(".index"))
    db.session.commit()
    flash_done(_("Champ rétabli, avec ses valeurs"))
    return go(url_for(".index"))


def _told() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.moment()}


def _field(field_id: int) -> CustomField:
    return db.session.get_one(CustomField, field_id)


def _blamed(form: FieldForm, error: fields.FieldError) -> FieldForm:
    form[PLACES.get(error.kind, "choices")].errors = [str(fields.REASONS[error.kind])]
    return form


def _page(form: FieldForm, status: int = 200) -> Response:
    """Two statements."""
    rows = list(db.session.scalars(select(CustomField).order_by(CustomField.position, CustomField.id)))
    counted = select(CustomValue.field_id, db.func.count()).group_by(CustomValue.field_id)
    filled = {row[0]: row[1] for row in db.session.execute(counted)}
    live = [row for row in rows if row.deleted_at is None]
    retired = [row for row in rows if row.deleted_at is not None]
    context: dict[str, Any] = {"live": live, "retired": retired, "filled": filled, "kinds": KINDS, "form": form}
    return respond("admin/settings/own_fields.html", None, status, **context, most=fields.MOST)


def _edit(field: CustomField, form: FieldForm, status: int = 200, **extra: Any) -> Response:
    return respond("admin/settings/own_field.html", None, status, one=field, form=form, kinds=KINDS, **extra)
