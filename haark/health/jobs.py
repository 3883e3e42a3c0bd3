"""In the background: `health.score_all` for everybody, `health.score` for one account whose data changed; backtests and
fits, which look at the whole past."""

from collections.abc import Callable
from datetime import date
from typing import Any

from haark import clock
from haark.accounts import domain as accounts
from haark.extensions import db
from haark.health import domain, learning, replay
from haark.jobs import runner


def score_all(account_id: int | None = None, job_id: int = 0) -> dict[str, Any]:
    """Brings every card up to date and scores every account as of today, committing after each chunk.

    With an `account_id` only that account (an import that spoke of one). Can run twice: the second changes nothing.
    """
    on, at = clock.today(), clock.moment()
    ids = None if account_id is None else [account_id]
    refreshed = accounts.refresh_cards(ids, on=on, step=db.session.commit)

    def step(done: int) -> None:
        db.session.commit()
        if job_id:
            runner.progress(job_id, done, 0)

    scored = domain.score_accounts(ids, on=on, at=at, step=step)
    db.session.commit()
    return {"accounts": scored, "without_rate": refreshed.without_rate}


def score(account_id: int) -> dict[str, Any]:
    """Scores one account as of today."""
    return score_all(account_id)


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
