"""The outbox: what left, what waits, what failed and what nobody knows; and the address where mail is unsubscribed."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, headers
from haark.access import owns, signed_in, with_secret
from haark.extensions import db
from haark.files import store
from haark.hypermedia import flash_done, flash_error, go, respond
from haark.mail import compose, delivery, domain, queries, quiet, wording
from haark.mail import relay as relays
from haark.mail.models import Mail

blueprint = Blueprint("mail", __name__)
blueprint.register_blueprint(quiet.blueprint)
# The preview is somebody's HTML: no script, no form, nothing fetched, no origin, and only our own page may frame it.
INERT = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@blueprint.record_once
def _check(state: BlueprintSetupState) -> None:
    """A wrong SMTP_URL is said at the start, not at the first mail."""
    relays.read(str(state.app.config["SMTP_URL"]))


@blueprint.get("/outbox")
@signed_in
def outbox() -> Response:
    group = request.args.get("state", "")
    if group not in ("", *queries.GROUPS):
        abort(404)
    after = request.args.get("after", type=int)
    found = queries.listing(current_user.id, current_user.runs_all, group, after)
    return respond("mail/outbox.html", listing=found, group=group, wording=wording, relay=delivery.relay())


@blueprint.get("/outbox/<int:mail_id>")
@owns("mail", "mail_id")
def show(mail_id: int) -> Response:
    return _page(_mail(mail_id))


@blueprint.get("/outbox/<int:mail_id>/html")
@owns("mail", "mail_id")
def preview(mail_id: int) -> Response:
    """The HTML part by itself, for the frame of the page."""
    mail = _mail(mail_id)
    if not mail.html or not _readable(mail):
        abort(404)
    answer = make_response(compose.hidden(mail.html, "#"))
    answer.headers["Content-Security-Policy"] = INERT
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/outbox/<int:mail_id>/parts/<int:part_id>")
@owns("mail", "mail_id")
def part(mail_id: int, part_id: int) -> Response:
    """One attachment, as a download."""
    found = queries.part_of(mail_id, part_id)
    if found is None:
        abort(404)
    row, stored = found
    if stored is not None:
        return send_file(
            store.path_of(stored.sha256), mimetype=row.media_type, as_attachment=True, download_name=row.name
        )
    answer = make_response(row.text)
    answer.mimetype = row.media_type
    answer.headers.set("Content-Disposition", "attachment", filename=row.name)
    return answer


@blueprint.post("/outbox/<int:mail_id>/sending")
@owns("mail", "mail_id")
def resend(mail_id: int) -> Response:
    mail, twice = _mail(mail_id), request.form.get("twice") == "1"
    if mail.state == "uncertain" and not twice:
        return _page(mail, 422, unconfirmed=True)
    return _decide(mail, _("Le message est remis en file"), domain.resend, twice=twice)


@blueprint.post("/outbox/<int:mail_id>/abandonment")
@owns("mail", "mail_id")
def give_up(mail_id: int) -> Response:
    return _decide(_mail(mail_id), _("Le message ne partira pas"), domain.give_up)


@blueprint.post("/outbox/<int:mail_id>/suppression")
@owns("mail", "mail_id")
def suppress(mail_id: int) -> Response:
    mail = _mail(mail_id)
    domain.suppress(mail.to_address, at=clock.now(), by=current_user.id)
    db.session.commit()
    flash_done(
        _("%(address)s ne recevra plus rien", address=mail.to_address), undo=url_for(".unsuppress", mail_id=mail.id)
    )
    return go(url_for(".show", mail_id=mail.id))


@blueprint.post("/outbox/<int:mail_id>/suppression/removal")
@owns("mail", "mail_id")
def unsuppress(mail_id: int) -> Response:
    mail = _mail(mail_id)
    domain.unsuppress(mail.to_address, by=current_user.id, at=clock.now())
    db.session.commit()
    flash_done(_("%(address)s peut de nouveau recevoir des messages", address=mail.to_address))
    return go(url_for(".show", mail_id=mail.id))


@blueprint.get("/mail/unsubscribe/<token>")
@with_secret
def unsubscribing(token: str) -> Response:
    """The page with the button: mail scanners open every link, so opening changes nothing."""
    return _unsubscribe_page(_by_token(token))


@blueprint.post("/mail/unsubscribe/<token>")
@with_secret
def unsubscribe(token: str) -> Response:
    """The button, or the mail program itself (RFC 8058)."""
    mail = _by_token(token)
    domain.unsubscribe(mail, at=clock.now())
    db.session.commit()
    return _unsubscribe_page(mail)


def _by_token(token: str) -> Mail:
    mail = domain.by_token(token)
    if mail is None:
        abort(404)
    return mail


def _unsubscribe_page(mail: Mail) -> Response:
    done = queries.is_suppressed(mail.to_address, mail.kind)
    with force_locale(mail.language):
        answer = respond("mail/unsubscribe.html", mail=mail, done=done, kind=wording.kind(mail.kind))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _decide(mail: Mail, said: str, verb: Any, **options: Any) -> Response:
    """A decision of a person about a mail, unless it moved on meanwhile."""
    try:
        verb(mail, by=current_user.id, at=clock.now(), **options)
        db.session.commit()
        flash_done(said)
    except domain.NotNow:
        db.session.rollback()
        flash_error(_("Ce message n’en est plus là : son état ci-dessous est le bon. Rien n’a été changé."))
    return go(url_for(".show", mail_id=mail.id))


def _mail(mail_id: int) -> Mail:
    return db.session.get_one(Mail, mail_id)


def _readable(mail: Mail) -> bool:
    """A secret link is shown to admins only, and only where no relay could have carried it to its owner."""
    return bool(mail.text) and (not mail.private or (mail.state == "kept" and current_user.role == "admin"))


def _page(mail: Mail, status: int = 200, unconfirmed: bool = False) -> Response:
    answer = respond(
        "mail/show.html",
        status=status,
        mail=mail,
        readable=_readable(mail),
        text=compose.hidden(mail.text),
        attempts=queries.attempts_of(mail.id),
        parts=queries.parts_of(mail.id),
        quiet_since=queries.suppressed_since(mail.to_address, mail.kind),
        resendable=mail.state in domain.RESENDABLE and (not mail.private or bool(mail.text)),
        abandonable=mail.state in domain.ABANDONABLE,
        unconfirmed=unconfirmed,
        wording=wording,
        relay=delivery.relay(),
    )
    answer.headers["Content-Security-Policy"] = f"{headers.POLICY}; frame-src 'self'"
    return answer
