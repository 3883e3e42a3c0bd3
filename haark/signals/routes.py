"""Risks and opportunities: the one view of both, the detail of a signal, what somebody saw, how the rules fare."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from haark import clock, locale
from haark.access import Owned, can_change, may_change, roles, sees, signed_in
from haark.accounts import queries as accounts
from haark.extensions import db
from haark.hypermedia import flash_done, go, is_fragment, respond
from haark.signals import accepted, answering, domain, exporting, overview, queries, wording
from haark.signals.forms import NoteForm
from haark.signals.scope import MOST, PAGE, SCOPES, View
from haark.signals.vocabulary import words
from haark.spreadsheets import csv_response

__all__ = ["accepted", "blueprint"]  # what actions know of advice is registered when it is imported

blueprint = Blueprint("signals", __name__)
blueprint.register_blueprint(answering.blueprint)


@blueprint.get("/risks")
@signed_in
def index() -> Response:
    view, on = _read(), clock.today(locale.timezone())
    page = overview.overview(view, current_user.id, on)
    return respond(
        "signals/index.html", "signals/_board.html", board=page, on=on, overview=overview, mine=_mine, **words()
    )


@blueprint.get("/risks.csv")
@signed_in
def export() -> Response:
    """What the page shows with these filters, as a file."""
    on = clock.today(locale.timezone())
    return csv_response(f"haark-risks-{on}", exporting.rows(_read(), current_user.id, on))


def _mine(card: Any) -> bool:
    """Whether the person may change the account of a line, without asking the database again."""
    return may_change(current_user, Owned(frozenset({card.owner_id, card.sales_owner_id} - {None})))


@blueprint.get("/risks/rules")
@roles("manager", "admin")
def rule_list() -> Response:
    """How often each rule is followed, and what came of it."""
    return respond("signals/rules.html", figures=queries.rule_figures(), **words())


@blueprint.get("/signals/<int:signal_id>")
@sees("signal", "signal_id")
def show(signal_id: int) -> Response:
    """The evidence of a signal, its source, its period, and what people did with it."""
    one = queries.signal(signal_id)
    head = accounts.header(one.account_id, clock.today(locale.timezone()))
    context: dict[str, Any] = {
        "one": one,
        "head": head,
        "earlier": queries.earlier(one),
        "history": queries.history(one),
    }
    return respond("signals/show.html", **context, **words())


@blueprint.get("/accounts/<int:account_id>/signals")
@sees("account", "account_id")
def of_account(account_id: int) -> AnyResponse:
    """The list of the account's page, which heard of a change."""
    if not is_fragment():
        return redirect(f"/accounts/{account_id}")
    found = queries.of_account(account_id, clock.today(locale.timezone()))
    return respond("signals/_signals.html", "signals/_signals.html", signals=found, **words())


@blueprint.get("/signals/new")
@signed_in
def new() -> Response:
    return _form(NoteForm(data={"account": request.args.get("account", "")[:400]}).offer())


@blueprint.post("/signals")
@signed_in
def create() -> Response:
    form = NoteForm(request.form).offer()
    if not form.validate():
        return _form(form, 422)
    account, refusal = _account(form.account.data or "")
    if account is None:
        form.account.errors = [refusal]
        return _form(form, 422)
    on, at = clock.today(locale.timezone()), clock.moment()
    text = form.text.data or ""
    signal = domain.note(account, form.kind.data, form.severity.data, text, by=current_user.id, at=at, on=on)
    db.session.commit()
    flash_done(_("Signal ajouté"))
    return go(url_for(".show", signal_id=signal.id))


def _account(key: str) -> tuple[int | None, str]:
    """The account that a person named and may change, or the sentence that says why there is none."""
    try:
        found = accounts.find_account(key)
    except accounts.SeveralAccounts:
        return None, _("Plusieurs comptes portent ce nom : donnez l’identifiant externe.")
    if found is None:
        return None, _("Aucun compte de ce nom ni de cet identifiant.")
    if not can_change("account", found.id):
        return None, _("Ce compte est suivi par quelqu’un d’autre : demandez à son responsable.")
    return found.id, ""


def _form(form: NoteForm, status: int = 200) -> Response:
    return respond("signals/new.html", "signals/_new.html", status, form=form)


def _read() -> View:
    """The state of the page from its address; what does not exist is left out."""
    arguments = request.args
    usual = "mine" if current_user.role in ("csm", "sales") else "team"
    scope = arguments.get("scope", usual)
    shown = arguments.get("shown", PAGE, type=int)
    severity = arguments.get("severity", "")
    return View(
        scope if scope in SCOPES else usual,
        tuple(kind for kind in dict.fromkeys(arguments.getlist("kind")) if kind in wording.KINDS),
        severity if severity in wording.SEVERITIES else "",
        min(max(shown, PAGE), MOST),
    )
