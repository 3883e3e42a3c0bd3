"""The page on which people change what concerns only themselves."""

from datetime import datetime

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import signed_in
from haark.errors import Conflict
from haark.extensions import db
from haark.hypermedia import flash_done, go, respond
from haark.mail import domain as mail
from haark.mail import queries as mails
from haark.people import browser, domain, queries, rules
from haark.people.forms import REASONS, PasswordForm, ProfileForm

blueprint = Blueprint("profile", __name__)


@blueprint.get("/profile")
@signed_in
def show() -> Response:
    form = ProfileForm(obj=current_user)
    form.digest.data = current_user.digest and _unsubscribed() is None
    return _page(form, PasswordForm())


@blueprint.post("/profile")
@signed_in
def change() -> Response:
    form = ProfileForm(request.form)
    if not form.validate():
        return _page(form, PasswordForm(), 422)
    if form.version.data != current_user.version:
        raise Conflict(_("Votre profil"), mine=form.name.data, theirs=current_user.name, back=url_for(".show"))
    values = {name: value for name, value in form.data.items() if name != "version"}
    domain.change_profile(current_user, values, at=clock.now())
    if form.digest.data and _unsubscribed():
        mail.unsuppress(current_user.email, kind=rules.DIGEST_MAIL, by=current_user.id, at=clock.now())
    db.session.commit()
    flash_done(_("Profil enregistré"))
    return browser.keep_language(go(url_for(".show")), current_user.language)


@blueprint.post("/profile/password")
@signed_in
def change_password() -> Response:
    form = PasswordForm(request.form)
    if not form.validate():
        return _page(ProfileForm(obj=current_user), form, 422)
    try:
        typed = (form.current.data or "", form.password.data or "")
        domain.change_password(current_user, *typed, at=clock.now(), keep=browser.session_id())
    except domain.PersonError as fault:
        db.session.rollback()
        field = form.current if fault.kind == "wrong" else form.password
        field.errors = [REASONS[fault.kind]]
        return _page(ProfileForm(obj=current_user), form, 422)
    db.session.commit()
    flash_done(_("Mot de passe changé. Vos autres sessions sont fermées."))
    return go(url_for(".show"))


@blueprint.post("/sessions/<int:session_id>/revocation")
@signed_in
def revoke(session_id: int) -> Response:
    """Ends one of one's own sessions; somebody else's is not there."""
    found = queries.own_session(current_user.id, session_id)
    if found is None or found.id == browser.session_id():
        abort(404)
    domain.revoke(found, at=clock.now())
    db.session.commit()
    flash_done(_("Session fermée"))
    return go(url_for(".show"))


@blueprint.post("/sessions/revocation")
@signed_in
def revoke_others() -> Response:
    domain.revoke_others(current_user, browser.session_id(), at=clock.now())
    db.session.commit()
    flash_done(_("Vos autres sessions sont fermées"))
    return go(url_for(".show"))


def _unsubscribed() -> datetime | None:
    """Since when a click in a mail has stopped this person's digest; None when it comes."""
    return mails.suppressed_since(current_user.email, rules.DIGEST_MAIL)


def _page(form: ProfileForm, password: PasswordForm, status: int = 200) -> Response:
    sessions = queries.sessions_of(current_user.id, clock.now())
    return respond(
        "people/profile.html",
        status=status,
        form=form,
        password=password,
        sessions=sessions,
        here=browser.session_id(),
        unsubscribed=_unsubscribed(),
    )
