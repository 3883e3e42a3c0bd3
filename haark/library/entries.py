"""What stories and roadmap items have in common on their pages: seven routes each, made once."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, request, url_for
from flask_babel.speaklater import LazyString
from flask_login import current_user

from haark import clock, locale
from haark.access import changes, roles, sees
from haark.extensions import db
from haark.fields import disagreements
from haark.hypermedia import flash_done, go, respond
from haark.library import domain, queries, rules, shelf, wording
from haark.library.forms import EntryForm
from haark.library.models import RoadmapItem, Story

WRITERS = ("csm", "manager", "admin")


@dataclass(frozen=True)
class Kind:
    """One of the libraries: `tab` names its address and endpoints, `name` its objects for access."""

    tab: str
    name: str
    model: type[Story] | type[RoadmapItem]
    form: type[EntryForm]
    new: LazyString
    added: LazyString
    changed: LazyString
    removed: LazyString
    restored: LazyString


def blueprint_of(kind: Kind) -> Blueprint:
    """The pages of one library, under `/library/TAB`."""
    blueprint = Blueprint(kind.tab, __name__, url_prefix=f"/{kind.tab}")

    @blueprint.get("/new")
    @roles(*WRITERS)
    def new() -> Response:
        return _form(kind, kind.form(data={"language": locale.current()}))

    @blueprint.post("")
    @roles(*WRITERS)
    def create() -> Response:
        form = _typed(kind)
        if not form.validate():
            return _form(kind, form, status=422)
        try:
            entry = domain.add(kind.model, form.values, by=current_user.id, at=clock.moment())
        except domain.Refused as error:
            form.refuse(error.fields, wording.REFUSALS[error.kind])
            return _form(kind, form, status=422)
        db.session.commit()
        flash_done(kind.added)
        return go(url_for(".show", ident=entry.id))

    @blueprint.get("/<int:ident>")
    @sees(kind.name, "ident")
    def show(ident: int) -> Response:
        entry = _entry(kind, ident)
        names, authors = queries.feature_names(), shelf.authors([entry])
        context = {"entry": entry, "kind": kind, "features": names, "authors": authors, **words()}
        return respond("library/show.html", **context)

    @blueprint.get("/<int:ident>/edit")
    @changes(kind.name, "ident")
    def edit(ident: int) -> Response:
        entry = _entry(kind, ident)
        return _form(kind, kind.form(obj=entry), entry)

    @blueprint.post("/<int:ident>")
    @changes(kind.name, "ident")
    def change(ident: int) -> Response:
        entry = _entry(kind, ident)
        form = _typed(kind, entry)
        if not form.validate():
            return _form(kind, form, entry, 422)
        if form.version.data != entry.version:
            theirs = disagreements(form, _offered(kind, kind.form(obj=entry), entry))
            form.version.raw_data, form.version.data = None, entry.version
            return _form(kind, form, entry, 409, theirs=theirs)
        try:
            domain.change(entry, form.values, by=current_user.id, at=clock.moment())
        except domain.Refused as error:
            form.refuse(error.fields, wording.REFUSALS[error.kind])
            return _form(kind, form, entry, 422)
        db.session.commit()
        flash_done(kind.changed)
        return go(url_for(".show", ident=ident))

    @blueprint.post("/<int:ident>/removal")
    @changes(kind.name, "ident")
    def remove(ident: int) -> Response:
        domain.remove(_entry(kind, ident), by=current_user.id, at=clock.moment())
        db.session.commit()
        flash_done(kind.removed, undo=url_for(".restore", ident=ident))
        return go(url_for("library.index", tab=kind.tab))

    @blueprint.post("/<int:ident>/removal/removal")
    @changes(f"removed_{kind.name}", "ident")
    def restore(ident: int) -> Response:
        domain.restore(_entry(kind, ident), by=current_user.id, at=clock.moment())
        db.session.commit()
        flash_done(kind.restored)
        return go(url_for(".show", ident=ident))

    return blueprint


def words() -> dict[str, Any]:
    """What every template of the libraries needs beside its entries."""
    on = clock.today(locale.timezone())
    return {"on": on, "rules": rules, "wording": wording, "writes": current_user.role in WRITERS}


def _entry(kind: Kind, ident: int) -> domain.Entry:
    return cast(domain.Entry, db.session.get_one(kind.model, ident))


def _typed(kind: Kind, entry: domain.Entry | None = None) -> EntryForm:
    return _offered(kind, kind.form(request.form), entry)


def _offered(kind: Kind, form: EntryForm, entry: domain.Entry | None) -> EntryForm:
    return form.offer(shelf.sectors(), queries.feature_names(), entry)


def _form(kind: Kind, form: EntryForm, entry: domain.Entry | None = None, status: int = 200, **extra: Any) -> Response:
    _offered(kind, form, entry)
    url = url_for(".change", ident=entry.id) if entry else url_for(".create")
    back = url_for(".show", ident=entry.id) if entry else url_for("library.index", tab=kind.tab)
    context: dict[str, Any] = {"form": form, "kind": kind, "entry": entry, "url": url, "back": back}
    context |= {"needs": shelf.suggestions(kind.model), **words(), **extra}
    return respond("library/edit.html", "library/_form.html", status, **context)
