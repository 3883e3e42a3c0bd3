"""What people answer: to a signal (seen, put aside, no concern, open again), to a recommendation (yes, later, no)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form

from haark import clock, locale
from haark.access import changes, sees
from haark.extensions import db
from haark.hypermedia import announce, done, flash_done, flash_error, go, is_fragment, next_or
from haark.signals import advice_words, deciding, domain, queries, wording
from haark.signals.deciding import AdviceError
from haark.signals.domain import SignalError
from haark.signals.forms import DismissForm, IgnoreForm, UntilForm, VersionForm
from haark.signals.models import Advice, Signal
from haark.signals.vocabulary import words

blueprint = Blueprint("answering", __name__)
# How long something is put aside when nobody says otherwise.
REST = timedelta(days=7)


@blueprint.post("/signals/<int:signal_id>/acknowledgement")
@changes("signal", "signal_id")
def acknowledge(signal_id: int) -> Response:
    return _signal(signal_id, VersionForm, lambda form, told: domain.acknowledge(told, **_who()), _("Pris en charge"))


@blueprint.post("/signals/<int:signal_id>/snooze")
@changes("signal", "signal_id")
def snooze(signal_id: int) -> Response:
    return _signal(
        signal_id, UntilForm, lambda form, told: domain.snooze(told, form.until.data, **_who()), _("Mis de côté")
    )


@blueprint.post("/signals/<int:signal_id>/dismissal")
@changes("signal", "signal_id")
def dismiss(signal_id: int) -> Response:
    return _signal(
        signal_id, DismissForm, lambda form, told: domain.dismiss(told, form.reason.data, **_who()), _("Écarté")
    )


@blueprint.post("/signals/<int:signal_id>/reopening")
@changes("signal", "signal_id")
def reopen(signal_id: int) -> Response:
    return _signal(signal_id, None, lambda form, told: domain.reopen(told, **_who()), _("Rouvert"), undo=False)


@blueprint.post("/signals/<int:signal_id>/closing")
@changes("signal", "signal_id")
def close(signal_id: int) -> Response:
    return _signal(signal_id, VersionForm, lambda form, told: domain.close(told, **_who()), _("Clos"), undo=False)


@blueprint.get("/accounts/<int:account_id>/advice")
@sees("account", "account_id")
def of_account(account_id: int) -> AnyResponse:
    """The recommendation of the account's page or of the panel, which heard of a change."""
    return _advice(account_id) if is_fragment() else redirect(f"/accounts/{account_id}")


@blueprint.post("/advice/<int:advice_id>/acceptance")
@changes("advice", "advice_id")
def accept(advice_id: int) -> Response:
    def take(_form: Form, advice: Advice) -> None:
        deciding.accept(advice, advice_words.headline(advice), **_who())
        announce("actions-changed")

    return _decide(advice_id, VersionForm, take, _("Recommandation acceptée : action ajoutée"), undo=False)


@blueprint.post("/advice/<int:advice_id>/postponement")
@changes("advice", "advice_id")
def postpone(advice_id: int) -> Response:
    return _decide(
        advice_id, UntilForm, lambda form, one: deciding.postpone(one, form.until.data, **_who()), _("Reportée")
    )


@blueprint.post("/advice/<int:advice_id>/refusal")
@changes("advice", "advice_id")
def ignore(advice_id: int) -> Response:
    return _decide(
        advice_id,
        IgnoreForm,
        lambda form, one: deciding.ignore(one, form.reason.data, form.comment.data or "", **_who()),
        _("Recommandation ignorée"),
    )


@blueprint.post("/advice/<int:advice_id>/offer")
@changes("advice", "advice_id")
def offer_again(advice_id: int) -> Response:
    return _decide(
        advice_id, None, lambda form, one: deciding.offer_again(one, **_who()), _("De nouveau proposée"), False
    )


def _who() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.moment(), "on": clock.today(locale.timezone())}


Verb = Callable[[Any, Any], object]


def _said(thing: Any, shape: type[VersionForm] | None, verb: Verb, said: str, undo: str | None) -> int:
    """Does it, unless the form does not hold (422) or somebody was faster (409); the sentence says which."""
    form = shape(request.form) if shape else None
    if form is not None and not form.validate():
        flash_error(" ".join(str(error) for errors in form.errors.values() for error in errors))
        return 422
    if form is not None and form.version.data != thing.version:
        flash_error(_("Quelqu’un a changé ceci entre-temps. Voici l’état présent ; recommencez si besoin."))
        return 409
    try:
        verb(form, thing)
    except (AdviceError, SignalError) as error:
        db.session.rollback()
        flash_error(wording.ERRORS[error.kind])
        return 422
    db.session.commit()
    flash_done(said, undo=undo)
    return 200


def _signal(signal_id: int, shape: type[VersionForm] | None, verb: Verb, said: str, undo: bool = True) -> Response:
    signal = db.session.get_one(Signal, signal_id)
    account_id = signal.account_id
    back = url_for(".reopen", signal_id=signal_id) if undo else None
    status = _said(signal, shape, verb, said, back)
    announce("signals-changed")
    announce("advice-changed")
    if is_fragment():
        found = queries.of_account(account_id, clock.today(locale.timezone()))
        return _with(done("signals/_signals.html", signals=found, **words()), status)
    return go(next_or(request.form.get("next"), url_for("signals.show", signal_id=signal_id)))


def _decide(advice_id: int, shape: type[VersionForm] | None, verb: Verb, said: str, undo: bool = True) -> Response:
    advice = db.session.get_one(Advice, advice_id)
    account_id = advice.account_id
    back = url_for(".offer_again", advice_id=advice_id) if undo else None
    status = _said(advice, shape, verb, said, back)
    announce("signals-changed")
    if shape is None:
        announce("advice-changed")
    if is_fragment():
        return _with(_advice(account_id), status)
    return go(next_or(request.form.get("next"), f"/accounts/{account_id}"))


def _advice(account_id: int) -> Response:
    found = queries.of_account(account_id, clock.today(locale.timezone()))
    return done("signals/_advice.html", signals=found, place=request.values.get("place", ""), **words())


def _with(response: Response, status: int) -> Response:
    response.status_code = status
    return response
