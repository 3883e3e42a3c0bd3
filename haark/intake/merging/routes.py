"""Clients that may be one: the list of pairs, choosing and merging two accounts, parting them again."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from haark import access, clock, locale
from haark.access import changes, signed_in
from haark.accounts import queries as accounts
from haark.accounts.models import Account
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, respond
from haark.intake.merging import domain, moving, queries, wording
from haark.intake.models import Duplicate
from haark.people.models import User

blueprint = Blueprint("merging", __name__)


@blueprint.get("/accounts/duplicates")
@signed_in
def pairs() -> Response:
    """Pairs to decide; a CSM, or a salesperson, sees those with an account of theirs."""
    page = max(request.args.get("page", 1, int), 1)
    found, total = queries.open_pairs(None if current_user.runs_all else current_user.id, page)
    return respond(
        "merging/duplicates.html", None, pairs=found, total=total, number=page, size=queries.PAGE, **_words()
    )


@blueprint.post("/duplicates/<int:pair_id>/apart")
@changes("duplicate", "pair_id")
def keep_apart(pair_id: int) -> Response:
    return _judged(pair_id, "apart", _("Ce sont deux clients : Haark ne les proposera plus"))


@blueprint.post("/duplicates/<int:pair_id>/open")
@changes("duplicate", "pair_id")
def reopen(pair_id: int) -> Response:
    return _judged(pair_id, "open", _("La paire est de nouveau proposée"))


@blueprint.get("/accounts/<int:account_id>/merge")
@changes("account", "account_id")
def choose(account_id: int) -> Response:
    """With whom, by name; then both side by side."""
    other = request.args.get("with", 0, int)
    if other:
        return _compare(account_id, other)
    account, typed = db.session.get_one(Account, account_id), request.args.get("q", "")
    found = queries.search(typed, account_id) if typed else queries.alike(account_id)
    merges = queries.merges_of(account_id)
    return respond("merging/choose.html", None, account=account, typed=typed, found=found, merges=merges)


@blueprint.post("/accounts/<int:account_id>/merge")
@changes("account", "account_id")
def merge(account_id: int) -> Response:
    other = request.form.get("with", 0, int)
    _check_other(other)
    chosen = {name: value for name, value in request.form.items() if name in domain.FACTS}
    try:
        made = domain.merge(account_id, other, chosen, by=current_user.id, at=clock.moment(), on=_today())
    except domain.CannotMerge as error:
        db.session.rollback()
        flash_error(str(wording.ERRORS[error.kind]))
        return go(url_for(".choose", account_id=account_id))
    db.session.commit()
    flash_done(_("Comptes fusionnés"), undo=url_for(".part", merge_id=made.id))
    return go(url_for("dossier.show", account_id=account_id))


@blueprint.post("/merges/<int:merge_id>/part")
@changes("merge", "merge_id")
def part(merge_id: int) -> Response:
    left = domain.part(merge_id, by=current_user.id, at=clock.moment(), on=_today())
    kept_id = domain.kept_of(merge_id)
    db.session.commit()
    flash_done(_("Comptes séparés"))
    if left:
        facts = [
            str(wording.FACTS.get(name) or wording.TABLES.get(name) or _("Autres lignes")) for name, _value in left
        ]
        flash_error(_("Modifié depuis, laissé tel quel : %(facts)s", facts=", ".join(facts)))
    return go(url_for("dossier.show", account_id=kept_id))


def _compare(account_id: int, other: int) -> Response:
    if other == account_id:
        abort(404)
    _check_other(other)
    kept, gone = db.session.get_one(Account, account_id), db.session.get_one(Account, other)
    context: dict[str, Any] = {
        "ours": kept,
        "gone": gone,
        "differing": domain.differing(kept, gone),
        "users": queries.names(User, {one for row in (kept, gone) for one in (row.owner_id, row.sales_owner_id)}),
        "parents": queries.names(Account, {kept.parent_id, gone.parent_id}),
        "counts": _counted(account_id, other),
    }
    return respond("merging/compare.html", None, **context, **_words())


def _counted(kept: int, gone: int) -> list[tuple[str, int, int]]:
    """(what, how many move, how many stay), the unnamed tables as one line."""
    found = moving.count(kept, gone)
    named = [(str(label), *found[name]) for name, label in wording.TABLES.items() if name in found]
    others = [counts for name, counts in found.items() if name not in wording.TABLES]
    if others:
        named.append((_("Autres lignes"), sum(one[0] for one in others), sum(one[1] for one in others)))
    return named


def _judged(pair_id: int, state: str, said: str) -> Response:
    pair = db.session.get_one(Duplicate, pair_id)
    domain.judge(pair.first_id, pair.second_id, state, by=current_user.id, at=clock.moment(), on=_today())
    db.session.commit()
    flash_done(said, undo=url_for(".reopen", pair_id=pair_id) if state == "apart" else None)
    return go(url_for(".pairs"))


def _check_other(account_id: int) -> None:
    """Both accounts must be the person's to change."""
    owned = accounts.owner_of(account_id)
    if owned is None or owned.deleted:
        abort(404)
    if not access.may_change(current_user, owned):
        abort(403)


def _today() -> Any:
    return clock.today(locale.timezone())


def _words() -> dict[str, Any]:
    return {"wording": wording, "ngettext": ngettext, "mine": lambda side: _mine(side)}


def _mine(side: queries.Side) -> bool:
    return access.may_change(current_user, access.Owned(side.owners))
