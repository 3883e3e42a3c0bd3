"""Adding an account by hand."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import signed_in
from haark.accounts import domain as accounts
from haark.dossier import queries, wording
from haark.dossier.forms import AccountForm
from haark.extensions import db
from haark.hypermedia import flash_done, go, respond
from haark.settings import domain as settings

blueprint = Blueprint("opening", __name__)
FIELDS = {"name": "name", "dates": "renewal_date", "negative": "arr", "taken": "external_id", "binned": "external_id"}


@blueprint.get("/accounts/new")
@signed_in
def new() -> Response:
    mine = str(current_user.id) if current_user.role == "csm" else ""
    return _form(AccountForm(data={"owner": mine}).offer(queries.possible_owners()))


@blueprint.post("/accounts")
@signed_in
def create() -> Response:
    form = AccountForm(request.form).offer(queries.possible_owners())
    if not form.validate():
        return _form(form, 422)
    twins = [] if form.confirmed.data else queries.same_name(form.name.data or "")
    if twins:
        return _form(form, 422, twins)
    on, facts = clock.today(locale.timezone()), form.facts()
    if current_user.role == "sales":
        facts["sales_owner_id"] = current_user.id
    facts["currency"] = settings.get("organisation.currency")
    try:
        account = accounts.create(form.name.data or "", by=current_user.id, at=clock.moment(), on=on, **facts)
    except accounts.AccountError as error:
        form[FIELDS[error.kind]].errors = [str(wording.ERRORS[error.kind])]
        return _form(form, 422)
    db.session.commit()
    flash_done(_("Compte ajouté"))
    return go(url_for("dossier.show", account_id=account.id))


def _form(form: AccountForm, status: int = 200, twins: list[tuple[int, str]] | None = None) -> Response:
    currency = settings.get("organisation.currency")
    return respond("dossier/new.html", "dossier/_new.html", status, form=form, twins=twins or [], currency=currency)
