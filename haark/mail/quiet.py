"""Who gets no more mail: the list of suppressed addresses, for managers; added and lifted by hand."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import roles
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, go, respond
from haark.mail import bounces, domain, queries, returned, wording
from haark.mail.models import Suppression
from haark.mail.rules import MailRefused

blueprint = Blueprint("quiet", __name__)
RUNS_ALL = ("manager", "admin")


@blueprint.get("/outbox/suppressions")
@roles(*RUNS_ALL)
def show() -> Response:
    return _page()


@blueprint.post("/outbox/suppressions")
@roles(*RUNS_ALL)
def add() -> Response:
    """By hand: an address that bounces, or whose owner said so by other means. It gets nothing of any kind."""
    typed = request.form.get("address", "")
    try:
        domain.suppress(typed, at=clock.now(), by=current_user.id)
    except MailRefused:
        return _page(422, typed, [_("Cette adresse e-mail n’a pas la forme nom@domaine.")])
    db.session.commit()
    flash_done(_("%(address)s ne recevra plus rien", address=typed.strip()))
    return go(url_for(".show"))


@blueprint.post("/outbox/bounces")
@roles(*RUNS_ALL)
def take() -> Response:
    """A notice of undelivered mail, saved from a mail program."""
    sent = request.files.get("notice")
    mail = returned.take(sent.stream.read(bounces.LONGEST_NOTICE), at=clock.moment()) if sent else None
    if mail is None:
        flash_error(_("Ce fichier n’est pas un avis de non-remise d’un message de Haark, ou il a déjà été lu."))
        return go(url_for(".show"))
    db.session.commit()
    flash_done(_("Le message à %(address)s est marqué en échec", address=mail.to_address))
    return go(url_for("mail.show", mail_id=mail.id))


@blueprint.post("/outbox/suppressions/removal")
@roles(*RUNS_ALL)
def lift() -> Response:
    """The address gets mail of this kind again."""
    found = db.session.get(Suppression, request.form.get("id", 0, type=int))
    if found is not None:
        address = found.address
        domain.unsuppress(address, kind=found.kind, by=current_user.id, at=clock.now())
        db.session.commit()
        flash_done(_("%(address)s peut de nouveau recevoir des messages", address=address))
    else:
        flash_error(_("Cette adresse n’est plus dans la liste."))
    return go(url_for(".show"))


def _page(status: int = 200, typed: str = "", errors: list[str] | None = None) -> Response:
    rows, after = queries.suppressions(request.args.get("after", type=int))
    context: dict[str, Any] = {"rows": rows, "after": after, "typed": typed, "errors": errors or []}
    return respond("mail/suppressions.html", None, status, wording=wording, **context)
