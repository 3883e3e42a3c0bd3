"""Everybody scored and judged by two processes: the same rows as by one, on both databases; a fault ends the round."""

import os
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from haark.extensions import db
from haark.health import domain as health
from haark.health.models import HealthSnapshot
from haark.jobs import lanes
from haark.signals import jobs
from haark.signals.models import Signal
from tests.conftest import TODAY, Story

COLUMNS = ("account_id", "day", "score", "band", "confidence", "inputs", "churn")


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even the sample is large, whatever the machine has."""
    monkeypatch.setattr(lanes, "LARGE", 2)
    monkeypatch.setattr(lanes, "_cores", lambda: 2)


def rows() -> list[Any]:
    columns = [getattr(HealthSnapshot, name) for name in COLUMNS]
    found = db.session.execute(sa.select(*columns).where(HealthSnapshot.day == TODAY).order_by(*columns[:2]))
    return [tuple(row) for row in found]


def forget() -> None:
    db.session.execute(sa.delete(HealthSnapshot).where(HealthSnapshot.day == TODAY))
    db.session.commit()


def test_two_lanes_write_what_one_writes(db_story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def commit(_total: int) -> None:
        db.session.commit()

    heard: list[int] = []
    with db_story.app.app_context():
        forget()
        count = health.score_everybody(on=TODAY, step=commit)
        alone = rows()
        forget()
        monkeypatch.setattr(lanes, "LARGE", 2)
        monkeypatch.setattr(lanes, "_cores", lambda: 2)
        assert health.score_everybody(on=TODAY, step=heard.append) == count == heard[-1] == len(alone)
        assert rows() == alone
        db.session.rollback()
        # The whole judgement, whose transitions stand already: a second run changes nothing.
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Signal))
        db.session.rollback()
        assert jobs.judge_all()["accounts"] == count
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Signal)) == before
        assert rows() == alone


def test_each_lane_is_a_process_and_a_fault_in_one_is_raised_here(app: Any, two: None) -> None:
    here = os.getpid()

    def elsewhere(ids: Sequence[int], _told: Callable[[int], None]) -> int:
        return len(ids) if os.getpid() != here else 0

    def fails(ids: Sequence[int], _told: Callable[[int], None]) -> int:
        raise ValueError("no score") if 1 in ids else SystemExit

    with app.app_context():
        assert lanes.shared([1, 2, 3, 4], elsewhere, lambda _total: None) == 4
        with pytest.raises(ValueError, match="no score"):
            lanes.shared([1, 2], fails, lambda _total: None)
