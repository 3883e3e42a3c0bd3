"""Noting how a contract term ended, and taking it back (AC-10)."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, formats, locale
from haark.access import changes
from haark.accounts import queries as accounts
from haark.accounts import rules, terms
from haark.accounts.domain import ChangedMeanwhile
from haark.accounts.queries import Header
from haark.dossier import wording
from haark.dossier.forms import TermForm
from haark.extensions import db
from haark.hypermedia import flash_done, go, respond

blueprint = Blueprint("terms", __name__)
FIELDS = {
    "outcome": "outcome",
    "start": "ended_on",
    "future": "ended_on",
    "taken": "ended_on",
    "notice": "notice_date",
    "next": "next_on",
    "negative": "arr",
}


@blueprint.get("/accounts/<int:account_id>/terms/new")
@changes("account", "account_id")
def new(account_id: int) -> Response:
    """The form, as it most likely goes: renewed today, or when it ran out, for one more year."""
    on = clock.today(locale.timezone())
    head = accounts.header(account_id, on)
    end = min(head.renewal_date or on, on)
    following = rules.add_months(head.renewal_date or on, rules.YEAR)
    return _form(head, TermForm(data={"version": head.version, "ended_on": end, "next_on": following}))


@blueprint.post("/accounts/<int:account_id>/terms")
@changes("account", "account_id")
def create(account_id: int) -> Response:
    on, form = clock.today(locale.timezone()), TermForm(request.form)
    if not form.validate():
        return _form(accounts.header(account_id, on), form, 422)
    ending, version = form.ending(), form.version.data or ""
    try:
        term = terms.end_term(
            account_id, int(version) if version.isdecimal() else 0, ending, by=current_user.id, at=clock.moment(), on=on
        )
    except terms.TermError as error:
        form[FIELDS[error.kind]].errors = [str(wording.TERM_ERRORS[error.kind])]
        return _form(accounts.header(account_id, on), form, 422)
    except ChangedMeanwhile:
        head = accounts.header(account_id, on)
        form.version.raw_data, form.version.data = None, head.version
        return _form(head, form, 409, changed=True)
    db.session.commit()
    said = _("Renouvellement noté") if ending.outcome == "renewed" else _("Perte notée")
    flash_done(said, undo=url_for("dossier.terms.reopen", term_id=term.id))
    return go(url_for("dossier.tab", account_id=account_id, key="revenue"))


@blueprint.post("/terms/<int:term_id>/removal")
@changes("term", "term_id")
def reopen(term_id: int) -> Response:
    account_id = terms.reopen(term_id, by=current_user.id, at=clock.moment(), on=clock.today(locale.timezone()))
    db.session.commit()
    flash_done(_("Échéance rouverte"))
    return go(url_for("dossier.tab", account_id=account_id, key="revenue"))


def _form(head: Header, form: TermForm, status: int = 200, **extra: Any) -> Response:
    context = {"head": head, "form": form, "formats": formats, **extra}
    return respond("dossier/term.html", "dossier/_term.html", status, **context)
