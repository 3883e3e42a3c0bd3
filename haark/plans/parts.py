"""What objectives, milestones, risks and members have in common: a form in place, eight routes each, made once."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Response, abort, request, url_for
from flask_babel.speaklater import LazyString
from flask_login import current_user
from wtforms import Form

from haark import clock
from haark.access import changes
from haark.extensions import db
from haark.fields import disagreements
from haark.hypermedia import is_fragment, respond, reswap, retarget
from haark.locale import timezone
from haark.plans import domain, pages, reading
from haark.plans.pages import blueprint


@dataclass(frozen=True)
class Kind:
    """One kind of part: its model, its forms (new and changed), its fragment and what is said after each verb.

    `path` begins its addresses, `card` shows it on the plan's page, `access` names it for haark.access.
    """

    name: str
    access: str
    path: str
    card: str
    model: Any
    form: type[Form]
    edit: type[Form]
    fragment: str
    added: LazyString
    changed: LazyString
    removed: LazyString
    restored: LazyString


def routes_of(kind: Kind) -> None:
    """`/accounts/ID/PATH/new` and the others, on the plans' blueprint; endpoints are `VERB_NAME`."""
    name, path = kind.name, kind.path

    @blueprint.get(f"/accounts/<int:account_id>/{path}/new", endpoint=f"new_{name}")
    @changes("account", "account_id")
    def new(account_id: int) -> Response:
        start = {"starts_on": clock.today(timezone())} if name == "objective" else {}
        given = {key: value for key, value in request.args.items() if key in ("role", "person", "duty", "due_on")}
        return _form(kind, kind.form(data={**start, **given}), account_id)

    @blueprint.post(f"/accounts/<int:account_id>/{path}", endpoint=f"create_{name}")
    @changes("account", "account_id")
    def create(account_id: int) -> Response:
        form = _offered(kind.form(request.form), account_id)
        if not form.validate():
            return _form(kind, form, account_id, status=422)
        domain.add(kind.model, account_id, form.values, by=current_user.id, at=clock.moment())
        return pages.saved(account_id, kind.card, kind.added)

    @blueprint.get(f"/{path}/<int:ident>", endpoint=f"edit_{name}")
    @changes(kind.access, "ident")
    def edit(ident: int) -> Response:
        part = _part(kind, ident)
        return _form(kind, kind.edit(obj=part), part.account_id, part)

    @blueprint.post(f"/{path}/<int:ident>", endpoint=f"change_{name}")
    @changes(kind.access, "ident")
    def change(ident: int) -> Response:
        part = _part(kind, ident)
        form = _offered(kind.edit(request.form), part.account_id, part)
        if not form.validate():
            return _form(kind, form, part.account_id, part, status=422)
        if form.version.data != part.version:
            return _conflict(kind, form, part)
        domain.change(part, form.values, by=current_user.id, at=clock.moment())
        return pages.saved(part.account_id, kind.card, kind.changed, None, "proposals")

    @blueprint.post(f"/{path}/<int:ident>/removal", endpoint=f"remove_{name}")
    @changes(kind.access, "ident")
    def remove(ident: int) -> Response:
        part = _part(kind, ident)
        domain.remove(part, by=current_user.id, at=clock.moment())
        undo = url_for(f"plans.restore_{name}", ident=ident, **pages.place())
        return pages.saved(part.account_id, kind.card, kind.removed, undo)

    @blueprint.post(f"/{path}/<int:ident>/removal/removal", endpoint=f"restore_{name}")
    @changes(f"removed_{kind.access}", "ident")
    def restore(ident: int) -> Response:
        part = _part(kind, ident)
        domain.restore(part, by=current_user.id, at=clock.moment())
        pages.wake()
        return pages.saved(part.account_id, kind.card, kind.restored)

    @blueprint.post(f"/{path}/<int:ident>/move", endpoint=f"move_{name}")
    @changes(kind.access, "ident")
    def move(ident: int) -> Response:
        """Changes places with another part of the plan, which the form names."""
        part = _part(kind, ident)
        other = db.session.get(kind.model, request.form.get("past", 0, type=int)) or abort(400)
        domain.swap(part, other, by=current_user.id, at=clock.moment())
        return pages.saved(part.account_id, kind.card)


def _part(kind: Kind, ident: int) -> domain.Part:
    return cast(domain.Part, db.session.get_one(kind.model, ident))


def _offered(form: Any, account_id: int, part: Any = None) -> Any:
    """The form with the people who can be chosen."""
    ours = getattr(part, "owner_user_id", None) or getattr(part, "user_id", None)
    theirs = getattr(part, "owner_contact_id", None) or getattr(part, "contact_id", None)
    return form.offer(reading.people(account_id, (ours, theirs)))


def _conflict(kind: Kind, form: Any, part: Any) -> Response:
    """Somebody saved first: both texts, and the form as it was typed."""
    theirs = disagreements(form, _offered(kind.edit(obj=part), part.account_id, part))
    form.version.raw_data, form.version.data = None, part.version
    return _form(kind, form, part.account_id, part, status=409, theirs=theirs)


def _form(kind: Kind, form: Any, account_id: int, part: Any = None, status: int = 200, **extra: Any) -> Response:
    """The form, in place of the part or at the end; a refused one replaces itself, not the plan."""
    ident = f"{kind.name}-form-{part.id if part else 'new'}"
    for field in _offered(form, account_id, part):
        field.id = f"{ident}-{field.short_name}"
    if status != 200 and is_fragment():
        retarget(f"#{ident}")
        reswap("outerHTML")
    here = pages.place()
    target = f"#plan-{kind.card}" if here else "#plan"
    back = url_for("plans.fragment", account_id=account_id)
    if here:
        back = url_for("plans.card", account_id=account_id, name=kind.card, **here)
    context: dict[str, Any] = {
        "form": form,
        "account_id": account_id,
        "part": part,
        "ident": ident,
        "url": url_for(f"plans.change_{kind.name}", ident=part.id, **here)
        if part
        else url_for(f"plans.create_{kind.name}", account_id=account_id, **here),
        "gone": url_for(f"plans.remove_{kind.name}", ident=part.id, **here) if part else "",
        "target": target,
        "back": back,
        "inner": kind.fragment,
    }
    return respond("plans/edit.html", kind.fragment, status=status, **context, **extra)
