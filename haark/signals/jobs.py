"""Judging in the background: `signals.judge_all` for everybody, `signals.judge` for one account whose data changed."""

from typing import Any

from haark import clock
from haark.extensions import db
from haark.jobs import runner
from haark.signals import domain


def judge_all(account_id: int | None = None, job_id: int = 0) -> dict[str, Any]:
    """Brings every account's card, score, next review, signals and advice up to date as of today, by chunks.

    With an `account_id` only that account (an import that spoke of one). Can run twice: the second changes nothing.
    """

    def step(done: int) -> None:
        db.session.commit()
        if job_id and done:
            runner.progress(job_id, done, 0)

    ids = None if account_id is None else [account_id]
    judged = domain.judge(ids, on=clock.today(), at=clock.moment(), step=step)
    db.session.commit()
    return {"accounts": judged.accounts, "without_rate": judged.without_rate}


def judge(account_id: int) -> dict[str, Any]:
    """Judges one account as of today."""
    return judge_all(account_id)
