"""Whether the score tells the truth: backtest, coefficients, losses (managers)."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import roles
from haark.accounts.models import Renewal
from haark.extensions import db
from haark.fields import disagreements
from haark.health import drawings, learning, losses, trust
from haark.health.forms import CAUSES, LossForm, TrialForm
from haark.health.models import ChurnModel
from haark.hypermedia import flash_done, flash_error, go, is_fragment, respond
from haark.jobs import domain as jobs
from haark.locale import timezone

blueprint = Blueprint("health", __name__)
# What the templates of this page need besides its figures.
TOOLS: dict[str, Any] = {"drawings": drawings, "causes": CAUSES, "loss_form": LossForm}


@blueprint.get("/score", endpoint="trust")
@roles("manager", "admin")
def show() -> Response:
    """The backtest of one day and horizon as it was kept, and the coefficients."""
    form = _trial(request.args)
    if request.args and not form.validate():
        return _page(form, status=422)
    return _page(form)


@blueprint.post("/score/backtests")
@roles("manager", "admin")
def replay() -> Response:
    """Asks for a backtest; the page shows how far it is."""
    form = _trial(request.form)
    if not form.validate():
        return _page(form, status=422)
    args = {"as_of": form.day.isoformat(), "horizon": form.horizon.data}
    _ask(trust.BACKTEST, f"{form.day}:{form.horizon.data}", args)
    return go(url_for("health.trust", **args))


@blueprint.post("/score/fits")
@roles("manager", "admin")
def fit() -> Response:
    """Asks for coefficients fitted on the renewals that ended."""
    _ask(trust.FIT, "all", {"by": current_user.id})
    return go(url_for("health.trust") + "#coefficients")


@blueprint.post("/score/adoption")
@roles("manager", "admin")
def adopt() -> Response:
    """These coefficients judge every account from now on."""
    return _change(learning.adopt, _("Coefficients ajustés en service : tous les comptes sont rejugés."))


@blueprint.post("/score/adoption/removal")
@roles("manager", "admin")
def revert() -> Response:
    """Back to the published coefficients."""
    return _change(learning.revert, _("Coefficients publiés en service : tous les comptes sont rejugés."))


@blueprint.post("/score/losses")
@roles("manager", "admin")
def note() -> Response:
    """What the team says of a departure; a version that somebody changed meanwhile is 409 with both texts."""
    form, trial = LossForm(request.form), _trial(request.args)
    account_id, renewal_id = request.form.get("account_id", 0, type=int), form.renewal_id.data
    shown = trust.page(trial.day, trial.horizon.data).replayed if trial.validate() else None
    gone = trust.miss(shown, account_id, renewal_id) if shown else None
    if gone is None or not _lost(account_id, renewal_id):
        abort(404)
    if not form.validate():
        return _loss(form, gone, trial, 422)
    written = {"cause": form.cause.data, "text": form.note.data, "version": form.version.data or 0}
    try:
        losses.note(account_id, renewal_id, **written, by=current_user.id, at=clock.moment())
    except losses.ChangedMeanwhile as other:
        saved = LossForm(data={"cause": other.present.cause, "note": other.present.note, "renewal_id": renewal_id})
        form.version.raw_data, form.version.data = None, other.present.version
        return _loss(form, gone, trial, 409, theirs=disagreements(form, saved))
    db.session.commit()
    flash_done(_("Retour d’expérience enregistré"))
    back = url_for("health.trust", as_of=trial.day, horizon=trial.horizon.data)
    if not is_fragment():
        return go(f"{back}#loss-{account_id}")
    fresh = trust.page(trial.day, trial.horizon.data).replayed
    return _loss(None, trust.miss(fresh, account_id, renewal_id) if fresh else None, trial, 200)


def _trial(typed: Any) -> TrialForm:
    return TrialForm.of(typed or None, _today(), trust.last_asked())


def _today() -> date:
    return clock.today(timezone())


def _ask(kind: str, what: str, args: dict[str, Any]) -> None:
    """A job for each time of asking; while one of the same is under way, that one."""
    jobs.enqueue(kind, args=args, key=f"{kind}:{what}:{trust.next_turn(kind, what)}", by=current_user.id)
    db.session.commit()


def _change(verb: Any, told: str) -> Response:
    model = db.session.get(ChurnModel, request.form.get("model_id", 0, type=int))
    if model is None:
        abort(404)
    try:
        verb(model, request.form.get("version", 0, type=int), by=current_user.id, at=clock.moment())
        db.session.commit()
        flash_done(told)
    except learning.ChangedMeanwhile:
        db.session.rollback()
        flash_error(_("Quelqu’un a changé les coefficients avant vous. Rien n’a été modifié : voici l’état actuel."))
    return go(url_for("health.trust") + "#coefficients")


def _lost(account_id: int, renewal_id: int | None) -> bool:
    if renewal_id is None:
        return True
    term = db.session.get(Renewal, renewal_id)
    return term is not None and term.account_id == account_id and term.outcome == "lost"


def _page(form: TrialForm, status: int = 200) -> Response:
    # Of what makes no sense nothing was kept.
    shown = trust.page(form.day if status == 200 else date.min, form.horizon.data)
    return respond("health/trust.html", status=status, form=form, shown=shown, **TOOLS)


def _loss(form: LossForm | None, gone: trust.Miss | None, trial: TrialForm, status: int, **extra: Any) -> Response:
    return respond(
        "health/trust_loss.html",
        "health/_loss.html",
        status=status,
        loss=gone,
        typed=form,
        form=trial,
        **TOOLS,
        **extra,
    )
