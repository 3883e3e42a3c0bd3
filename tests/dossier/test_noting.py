"""Exchanges noted in one line: understood, kept, corrected, deleted, and read by signals."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark.accounts.models import Trashed
from haark.events.models import Event
from haark.extensions import db
from haark.measures.models import Interaction
from haark.signals import jobs
from haark.signals.models import Signal
from tests.conftest import TODAY
from tests.support.people import Visitor

LINE = "Appel avec Sophie hier : budget validé #budget"
SOPHIE = "Sophie@montclar.test"


def newest(app: Flask) -> Any:
    with app.app_context():
        return db.session.scalar(sa.select(Interaction).order_by(Interaction.id.desc()).limit(1))


def opportunities(app: Flask, ident: int) -> set[str]:
    with app.app_context():
        jobs.judge(ident)
        live = sa.select(Signal.kind).where(Signal.account_id == ident, Signal.resolved_on.is_(None))
        return set(db.session.scalars(live))


def test_a_line_is_shown_as_understood_and_kept_so(db_app: Flask, claire: Visitor, montclar: int) -> None:
    reading = claire.get(f"/accounts/{montclar}/notes/reading", htmx=True, query_string={"text": LINE}).text
    for said in ("Appel", "Sophie Marchand", "11 nov. 2026", "#budget", "budget disponible", "Préciser"):
        assert said in reading
    assert claire.get(f"/accounts/{montclar}/notes/reading?text=", htmx=True).text.strip() == ""
    assert "budget_available" not in opportunities(db_app, montclar)
    answer = claire.post(f"/accounts/{montclar}/notes", htmx=True, text=LINE)
    assert answer.status_code == 200 and answer.headers["HX-Retarget"] == "#panneau"
    kept = newest(db_app)
    assert (kept.kind, kept.summary, kept.contact_email, kept.tags) == ("call", "budget validé", SOPHIE, ["budget"])
    assert kept.at == datetime(2026, 11, 11, 11, 0, tzinfo=UTC)  # noon in Paris
    assert "Appel, Sophie Marchand, 11 nov. 2026, #budget" in answer.text
    assert f'hx-get="/notes/{kept.id}"' in answer.text and "#budget" in answer.text
    assert "budget_available" in opportunities(db_app, montclar)


def test_every_part_can_be_corrected(db_app: Flask, claire: Visitor, hugo: Visitor, montclar: int) -> None:
    claire.post(f"/accounts/{montclar}/notes", text="Rien d’urgent #vu")
    kept = newest(db_app)
    form = claire.get(f"/notes/{kept.id}").text
    seen = form.split('name="seen"')[1].split('value="')[1].split('"')[0]
    told = {"kind": "meeting", "day": "2026-11-09", "hour": "09:30", "contact": SOPHIE, "direction": "both"}
    told |= {"tags": "#Besoin, deux", "summary": "Point\nsur le pilote", "seen": seen}
    assert claire.post(f"/notes/{kept.id}", **told).status_code == 303
    now = newest(db_app)
    assert (now.kind, now.direction, now.tags, now.summary) == (
        "meeting",
        "both",
        ["besoin", "deux"],
        "Point\nsur le pilote",
    )
    assert now.at == datetime(2026, 11, 9, 8, 30, tzinfo=UTC)
    with db_app.app_context():
        event = db.session.scalar(sa.select(Event).where(Event.kind == "interaction.changed"))
        assert event.data["changes"]["kind"] == ["note", "meeting"]
    # From a page that is out of date: both texts. A day to come, or no text: said at the field.
    late = claire.post(f"/notes/{kept.id}", htmx=True, **{**told, "summary": "Autre"})
    assert late.status_code == 409 and "Point" in late.text and "Autre" in late.text
    assert late.headers["HX-Retarget"] == f"#talk-{kept.id}"
    ahead = claire.post(f"/notes/{kept.id}", **{**told, "day": (TODAY + timedelta(1)).isoformat()})
    assert ahead.status_code == 422 and "aujourd’hui au plus tard" in ahead.text
    assert claire.post(f"/accounts/{montclar}/notes", **{**told, "summary": " "}).status_code == 422
    # Others' notes are theirs.
    assert hugo.get(f"/notes/{kept.id}").status_code == 403
    assert f"/notes/{kept.id}" not in hugo.get(f"/accounts/{montclar}").text


def test_a_deleted_note_is_in_the_trash(db_app: Flask, claire: Visitor, montclar: int) -> None:
    claire.post(f"/accounts/{montclar}/notes", text="Réunion : coupe budgétaire annoncée")
    kept = newest(db_app)
    assert "uncertain_context" in opportunities(db_app, montclar)
    answer = claire.post(f"/notes/{kept.id}/removal", htmx=True, place="entry")
    assert answer.status_code == 200 and "coupe budgétaire" not in answer.text.split("Suivi supprimé")[0]
    assert "uncertain_context" not in opportunities(db_app, montclar)
    with db_app.app_context():
        assert db.session.scalar(sa.select(Trashed.name)) == "coupe budgétaire annoncée"


@pytest.mark.parametrize("text", ["", "   ", "\x00"])
def test_an_empty_line_is_refused(claire: Visitor, montclar: int, text: str) -> None:
    refused = claire.post(f"/accounts/{montclar}/notes", htmx=True, text=text)
    assert refused.status_code == 422 and refused.headers["HX-Retarget"] == "#noteline"
    assert "Écrivez d’abord" in refused.text
    assert claire.post(f"/accounts/{montclar}/notes", text=text).status_code == 422


def test_a_line_is_noted_beside_the_list(db_app: Flask, claire: Visitor, hugo: Visitor, montclar: int) -> None:
    panel = claire.get(f"/portfolio/peek/{montclar}", htmx=True).text
    assert 'data-key="n"' in panel and 'name="place" value="peek"' in panel
    assert 'name="place"' not in hugo.get(f"/portfolio/peek/{montclar}", htmx=True).text
    answer = claire.post(f"/accounts/{montclar}/notes", htmx=True, text="Appel : tout va bien", place="peek")
    assert answer.headers["HX-Retarget"] == "#apercu" and "tout va bien" in answer.text
    assert newest(db_app).kind == "call"
