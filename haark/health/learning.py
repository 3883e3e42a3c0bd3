"""Learning from the organisation's own renewals: fit, propose, adopt, go back (HL-5). A person decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from haark.events import domain as events
from haark.extensions import db
from haark.health import backtest, fitting, outcomes, replay
from haark.health.models import ChurnModel
from haark.health.outcomes import Outcome
from haark.health.replay import Judged, Step
from haark.jobs import domain as jobs

# Days before the outcome at which its account is looked at; the longest that still sees enough is taken.
LEADS = (90, 75, 60, 45, 30, 21, 14, 7, 1)
SEES_ENOUGH = 0.95
SAMPLED = 60
CHANGES = frozenset(("health_change", "usage_change"))
USAGE = frozenset(("users", "events", "logins", "activity", "seat_share", "features"))


@dataclass
class TooFew(Exception):
    """Not enough terms ended: 30 losses and 30 renewals of accounts with data are needed."""

    losses: int
    renewals: int

    def __str__(self) -> str:
        return f"{self.losses} losses and {self.renewals} renewals with data: {backtest.FEWEST} of each are needed."


class ChangedMeanwhile(Exception):
    """Somebody adopted or retired a model since the page was opened."""


def learn(*, on: date, by: int | None, at: datetime, step: Step | None = None) -> ChurnModel:
    """Fits on every term that ended by `on`, cross-validated and held against the published coefficients;
    kept, not yet in use.

    `step` hears (days of outcomes gathered, all). Raises TooFew.
    """
    terms = outcomes.terms(on)
    _enough(terms)
    lead = _lead(terms)
    seen = replay.seen_before(terms, lead, step)
    used = [one for one in terms if one in seen]
    _enough(used)
    rows, left = [seen[one].values for one in used], [one.left for one in used]
    groups = [one.account_id for one in used]
    compared = fitting.compare(rows, left, groups, lead)
    model = ChurnModel(fitted_at=at, fitted_by_id=by, coefficients=fitting.fit(rows, left, lead))
    model.figures = {
        "terms": len(used),
        "losses": sum(left),
        "lead": lead,
        "better": compared.better,
        "fitted": fitting.figures(compared.fitted),
        "published": fitting.figures(compared.published),
    }
    db.session.add(model)
    db.session.flush()
    events.record("churn_model.fitted", at=at, by=by, subject=("churn_model", model.id), figures=model.figures)
    return model


def _enough(terms: Sequence[Outcome]) -> None:
    losses = sum(one.left for one in terms)
    if not backtest.enough(losses, len(terms) - losses):
        raise TooFew(losses, len(terms) - losses)


def _lead(terms: Sequence[Outcome]) -> int:
    """The longest lead at which a sample of the outcomes shows about as much as it ever does.

    Ninety days where the data go back that far; less for a table whose activity was seen shortly before the outcome.
    """
    sample = terms[:: max(1, len(terms) // SAMPLED)]
    known = {lead: _knowledge(replay.seen_before(sample, lead)) for lead in LEADS}
    most = max(known.values())
    return next(lead for lead in LEADS if known[lead] >= SEES_ENOUGH * most)


def _knowledge(seen: dict[Outcome, Judged]) -> int:
    """Known features: those of usage only where there was any (an empty month says less than a full one), and no
    changes: they become known only some time after the first observations, even when nothing is observed any more."""
    return sum(
        sum(1 for name, value in one.values.items() if name not in CHANGES and (value or name not in USAGE))
        for one in seen.values()
    )


def in_use() -> ChurnModel | None:
    """The adopted model; None while the published coefficients serve."""
    chosen = select(ChurnModel).where(ChurnModel.adopted_at.is_not(None), ChurnModel.retired_at.is_(None))
    return db.session.scalars(chosen.order_by(ChurnModel.adopted_at.desc()).limit(1)).first()


def latest() -> ChurnModel | None:
    """The newest fit, in use or not."""
    return db.session.scalars(select(ChurnModel).order_by(ChurnModel.id.desc()).limit(1)).first()


def adopt(model: ChurnModel, version: int, *, by: int | None, at: datetime) -> None:
    """Judges every account with these coefficients from now on. Raises ChangedMeanwhile."""
    if model.version != version or model.adopted_at is not None:
        raise ChangedMeanwhile
    before = in_use()
    if before is not None:
        before.retired_at = at
    model.adopted_at, model.adopted_by_id = at, by
    _tell("churn_model.adopted", model, by, at)


def revert(model: ChurnModel, version: int, *, by: int | None, at: datetime) -> None:
    """Back to the published coefficients. Raises ChangedMeanwhile."""
    if model.version != version or model.adopted_at is None or model.retired_at is not None:
        raise ChangedMeanwhile
    model.retired_at = at
    _tell("churn_model.retired", model, by, at)


def _tell(kind: str, model: ChurnModel, by: int | None, at: datetime) -> None:
    db.session.flush()
    jobs.ring_for(events.record(kind, at=at, by=by, subject=("churn_model", model.id)))


def plain(model: ChurnModel) -> dict[str, Any]:
    """The JSON of `bin/haark fit`."""
    figures = dict(model.figures)
    fitted = figures.pop("fitted")
    return {"model": model.id, **figures, **fitted, "coefficients": model.coefficients}
