"""A deck survives the kill of what makes it: it arrives all the same, once."""

import os
import signal
import sys
from pathlib import Path

import pytest

from haark import clock
from haark.extensions import db
from haark.files import domain as files
from haark.files.models import StoredFile
from haark.jobs.models import Job
from haark.reviews import domain, exports
from haark.reviews.models import Rendering
from tests.conftest import Story
from tests.support.patience import until
from tests.tree.conftest import Tree, after_the_night, family_of

pytestmark = [
    pytest.mark.xdist_group("tree"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


def _state(story: Story, job_id: int) -> tuple[str, int]:
    with story.app.app_context():
        db.session.connection(execution_options={"readonly": True})
        job = db.session.get_one(Job, job_id)
        return job.state, job.attempts


def _ask(story: Story) -> tuple[int, int]:
    """A review of Groupe Valmorin with its facts, and the job that makes both files."""
    user = story.user_id("csm")
    with story.app.app_context():
        account, now, today = story.id("Groupe Valmorin"), clock.moment(), clock.today()
        period = domain.read_period(account, "2026-Q3", today)
        review, _new = domain.start(account, period, ("results", "usage", "actions"), "fr", by=user, at=now)
        domain.fill(review, by=user, at=now, on=today)
        job = exports.ask(review, ("pdf", "pptx"), by=user)
        db.session.commit()
        return review.id, job.id


def test_a_deck_worker_killed_in_mid_render(story: Story, tmp_path: Path) -> None:
    story.app.config["HAARK_JOBS"] = "queue"
    after_the_night(story.app)
    tree = Tree(tmp_path).ready()
    review_id, job_id = _ask(story)
    until(lambda: _state(story, job_id)[0] == "running", 20)
    # The worker and the child that draws carry one name: both are killed, as the kernel does when memory is short.
    for pid, name in family_of(tmp_path).items():
        if name == "haark-decks":
            os.kill(pid, signal.SIGKILL)
    until(lambda: _state(story, job_id)[0] == "done", 60, "the deck arrived")
    assert tree.stop() < 5
    assert _state(story, job_id) == ("done", 2)
    with story.app.app_context():
        made = db.session.scalars(db.select(Rendering).where(Rendering.review_id == review_id)).all()
        assert sorted(row.format for row in made) == ["pdf", "pptx"]
        begins = {row.format: files.read(db.session.get_one(StoredFile, row.file_id))[:4] for row in made}
        assert begins == {"pdf": b"%PDF", "pptx": b"PK\x03\x04"}
    assert family_of(tmp_path) == {}
