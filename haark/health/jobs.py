"""In the background: backtests and fits, which look at the whole past, and the thinning of old scores."""

from collections.abc import Callable
from datetime import date
from typing import Any

from haark import clock
from haark.extensions import db
from haark.health import domain, learning, replay
from haark.jobs import runner


def backtest(as_of: str, horizon: int, job_id: int = 0) -> dict[str, Any]:
    """The score of a past day (ISO) against who left in the days after it. Changes nothing; its result is shown."""
    trial = replay.run(date.fromisoformat(as_of), horizon, clock.today(), _progress(job_id))
    return replay.plain(trial)


def fit(job_id: int = 0, by: int | None = None) -> dict[str, Any]:
    """Fits the churn coefficients on the terms that ended; a person may then adopt them."""
    try:
        model = learning.learn(on=clock.today(), by=by, at=clock.moment(), step=_progress(job_id))
    except learning.TooFew as few:
        raise runner.JobRefused(str(few)) from None
    return {"model": model.id}


def _progress(job_id: int) -> Callable[[int, int], None]:
    return lambda done, total: runner.progress(job_id, done, total)


def thin() -> dict[str, int]:
    """Old scores are kept weekly; committing after each chunk."""
    removed = domain.thin(clock.today(), db.session.commit)
    return {"removed": removed}
