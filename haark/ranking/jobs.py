"""Ranking in the background: at night, after an import, and when a setting changed."""

from typing import Any

from haark import clock
from haark.extensions import db
from haark.ranking import domain


def rank(account_id: int | None = None) -> dict[str, Any]:
    """Ranks everybody as of today, whichever account the event was about. Can run twice."""
    changed = domain.rank_all(on=clock.today(), step=db.session.commit)
    db.session.commit()
    return {"changed": changed}
