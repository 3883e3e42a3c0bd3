"""What objectives and milestones have in common on the page: a form in place, and the plan again afterwards."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Response, request, url_for
from flask_babel.speaklater import LazyString
from flask_login import current_user
from wtforms import Form

from haark import clock
from haark.extensions import db
from haark.fields import disagreements
from haark.hypermedia import announce, done, flash_done, go, is_fragment, respond, reswap, retarget
from haark.locale import timezone
from haark.plans import domain, queries
from haark.plans.models import Milestone, Objective


@dataclass(frozen=True)
class Kind:
    """One kind of part: its model, its form, its fragment and what is said after each verb."""

    name: str
    model: type[Objective] | type[Milestone]
    form: type[Form]
    fragment: str
    added: LazyString
    changed: LazyString
    removed: LazyString
    restored: LazyString


def new(kind: Kind, account_id: int) -> Response:
    return _form(kind, kind.form(data={"starts_on": clock.today(timezone())}), account_id)


def create(kind: Kind, account_id: int) -> Response:
    form = kind.form(request.form)
    if not form.validate():
        return _form(kind, form, account_id, status=422)
    domain.add(kind.model, account_id, form.values, by=current_user.id, at=clock.moment())
    return _saved(account_id, kind.added)


def edit(kind: Kind, ident: int) -> Response:
    part = _part(kind, ident)
    return _form(kind, kind.form(obj=part), part.account_id, part)


def change(kind: Kind, ident: int) -> Response:
    part = _part(kind, ident)
    form = kind.form(request.form)
    if not form.validate():
        return _form(kind, form, part.account_id, part, status=422)
    if form.version.data != part.version:
        theirs = disagreements(form, kind.form(obj=part))
        form.version.raw_data, form.version.data = None, part.version
        return _form(kind, form, part.account_id, part, status=409, theirs=theirs)
    domain.change(part, form.values, by=current_user.id, at=clock.moment())
    return _saved(part.account_id, kind.changed)


def remove(kind: Kind, ident: int) -> Response:
    part = _part(kind, ident)
    domain.remove(part, by=current_user.id, at=clock.moment())
    return _saved(part.account_id, kind.removed, undo=url_for(f"plans.restore_{kind.name}", ident=ident))


def restore(kind: Kind, ident: int) -> Response:
    part = _part(kind, ident)
    domain.restore(part, by=current_user.id, at=clock.moment())
    announce("plan-changed")
    return _saved(part.account_id, kind.restored)


def fresh(account_id: int) -> Response:
    """The plan, in place of the one that was there."""
    return done("plans/_tab.html", plan=queries.tab(account_id, clock.today(timezone())))


def _part(kind: Kind, ident: int) -> domain.Part:
    return cast(domain.Part, db.session.get_one(kind.model, ident))


def _saved(account_id: int, text: LazyString, undo: str | None = None) -> Response:
    db.session.commit()
    flash_done(text, undo=undo)
    return fresh(account_id) if is_fragment() else go(f"/accounts/{account_id}/plan")


def _form(
    kind: Kind, form: Form, account_id: int, part: domain.Part | None = None, status: int = 200, **extra: Any
) -> Response:
    """The form, in place of the part or at the end; a refused one replaces itself, not the plan."""
    ident = f"{kind.name}-form-{part.id if part else 'new'}"
    for field in form:
        field.id = f"{ident}-{field.short_name}"
    if status != 200 and is_fragment():
        retarget(f"#{ident}")
        reswap("outerHTML")
    context: dict[str, Any] = {
        "form": form,
        "account_id": account_id,
        "part": part,
        "ident": ident,
        "url": url_for(f"plans.change_{kind.name}", ident=part.id) if part else _create_url(kind, account_id),
        "gone": url_for(f"plans.remove_{kind.name}", ident=part.id) if part else "",
        "inner": kind.fragment,
    }
    return respond("plans/edit.html", kind.fragment, status=status, **context, **extra)


def _create_url(kind: Kind, account_id: int) -> str:
    return url_for(f"plans.create_{kind.name}", account_id=account_id)
