"""The facts of an account, each edited where it stands: the value becomes a small form, and the form a value again."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError

from haark import access, clock, locale
from haark.access import Owned, changes, sees
from haark.accounts import domain as accounts
from haark.accounts import levels
from haark.accounts import queries as found
from haark.dossier import queries, wording
from haark.dossier.fact_forms import FACTS, ArrForm, Fact, FactForm
from haark.extensions import db
from haark.fields import disagreements
from haark.hypermedia import announce, done, flash_done, go, is_fragment, respond, reswap

blueprint = Blueprint("facts", __name__)
ONE = f"/accounts/<int:account_id>/facts/<any({', '.join(FACTS)}):name>"
PLACES = ("card", "head", "kpi", "revenue")


@blueprint.get(ONE)
@changes("account", "account_id")
def edit(account_id: int, name: str) -> Response:
    row = queries.facts_of(account_id, clock.today(locale.timezone()))
    return _form(row, FACTS[name], FACTS[name].form_of(row, queries.possible_owners()))


@blueprint.get(f"{ONE}/value")
@sees("account", "account_id")
def value(account_id: int, name: str) -> Response:
    """The fact as it is: what a form that is given up becomes again."""
    row = queries.facts_of(account_id, clock.today(locale.timezone()))
    if not is_fragment():
        return go(url_for("dossier.tab", account_id=account_id, key="facts"))
    return _value(row, FACTS[name])


@blueprint.post(ONE)
@changes("account", "account_id")
def change(account_id: int, name: str) -> Response:
    on, fact = clock.today(locale.timezone()), FACTS[name]
    row, people = queries.facts_of(account_id, on), queries.possible_owners()
    form, saved = fact.typed(request.form, row, people), fact.form_of(row, people)
    if not form.validate():
        return _form(row, fact, form, 422)
    if form.version.data != row.version and form.was.data != saved.written:
        return _conflict(row, fact, form, saved)
    before = row.version
    try:
        # An ARR may be the present one from an earlier day on.
        if form.written != saved.written or "start" in form:
            _save(row, form)
            db.session.commit()
    except (accounts.AccountError, levels.LevelError) as error:
        db.session.rollback()
        form.value.errors = [str(_sentence(error))]
        return _form(row, fact, form, 422)
    except (accounts.ChangedMeanwhile, StaleDataError):  # in this very instant
        db.session.rollback()
        row = queries.facts_of(account_id, on)
        return _conflict(row, fact, form, fact.form_of(row, people))
    if row.version != before:
        flash_done(_("Enregistré : %(field)s", field=wording.FIELDS[fact.column]))
    return _saved(account_id, fact)


@blueprint.get("/accounts/<int:account_id>/facts/parent/choices")
@changes("account", "account_id")
def parents(account_id: int) -> Response:
    """Accounts whose name begins as typed, for the field of the parent."""
    choices = queries.begins_with(request.args.get("value", ""), account_id)
    return respond("dossier/_choices.html", choices=choices)


def _save(row: Any, form: FactForm) -> None:
    about: dict[str, Any] = {"by": current_user.id, "at": clock.moment(), "on": row.on}
    if isinstance(form, ArrForm) and row.levels:
        start, reason = form["start"].data or row.on, form["reason"].data or ""
        levels.set_arr(row.id, row.version, form.value.data, reason, start, **about)
        return
    facts = form.facts()
    if form.column == "parent_id":
        facts = {"parent_id": _parent(form.value.data)}
    if form.column == "external_id":
        facts = {"external_id": form.value.data or None}
    accounts.change(row.id, row.version, **about, **facts)


def _parent(typed: str) -> int | None:
    if not typed:
        return None
    try:
        account = found.find_account(typed)
    except found.SeveralAccounts as several:
        raise accounts.AccountError("several") from several
    if account is None:
        raise accounts.AccountError("parent")
    return account.id


def _sentence(error: accounts.AccountError | levels.LevelError) -> Any:
    words = wording.LEVEL_ERRORS if isinstance(error, levels.LevelError) else wording.ERRORS
    return words[error.kind]


def _conflict(row: Any, fact: Fact, form: FactForm, saved: FactForm) -> Response:
    """Somebody saved this fact first: both texts, and the form as it was typed."""
    saved.was.data = form.was.data
    label = str(form.value.label.text)
    theirs = [one for one in disagreements(form, saved) if one[0] == label]
    for hidden, data in ((form.version, row.version), (form.was, saved.written)):
        hidden.raw_data, hidden.data = None, data
    return _form(row, fact, form, 409, theirs=theirs)


def _saved(account_id: int, fact: Fact) -> Response:
    """The value stands there again; the head of the page and the other places of the fact follow."""
    if not is_fragment() or (_place() == "revenue" and fact.name == "arr"):
        key = "revenue" if _place() == "revenue" else "facts"
        return go(url_for("dossier.tab", account_id=account_id, key=key))
    announce("account-changed")
    if _place() == "kpi":
        reswap("none")  # the head comes anew
        return done()
    if _place() == "head":
        announce(f"fact-{fact.name}")
    return _value(queries.facts_of(account_id, clock.today(locale.timezone())), fact)


def _value(row: Any, fact: Fact) -> Response:
    owners = frozenset(owner for owner in (row.owner_id, row.sales_owner_id) if owner is not None)
    may = access.may_change(current_user, Owned(owners))
    return done("dossier/_fact_value.html", row=row, fact=fact, at=_place(), changeable=may, focus=True)


def _form(row: Any, fact: Fact, form: FactForm, status: int = 200, **extra: Any) -> Response:
    place = _place()
    for one in form:
        one.id = f"{place}-{fact.name}-{one.short_name}"
    context = {"row": row, "fact": fact, "form": form, "at": place, "is_fragment": is_fragment(), **extra}
    return respond("dossier/fact.html", "dossier/_fact_form.html", status, **context)


def _place() -> str:
    """Where on the page the fact stands; on a page of its own as in the card."""
    place = request.values.get("at", "card")
    return place if place in PLACES else abort(400)
