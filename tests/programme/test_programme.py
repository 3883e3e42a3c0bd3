"""The programme of the sample against an independent count, on both databases; its page, its lists, its nudge."""

import csv
import io
import json
import re
from datetime import date, timedelta

import click
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text

from haark.accounts.models import Account
from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import db
from haark.notices.models import Notice
from haark.programme import commands, coverage
from haark.reviews.inviting.models import Participant
from haark.reviews.surveying.models import ReviewSurvey
from tests.conftest import TODAY, Story
from tests.support.statements import counted

QUARTER = (date(2026, 7, 1), date(2026, 9, 30))


def by_hand(start: date, end: date) -> dict[str, tuple[int, int]]:
    """(good, whole) of each figure, counted in another way: plain SQL a client at a time."""
    held = [
        one
        for one in db.session.scalars(select(Review).where(Review.held_on.between(start, end)))
        if one.kind in ("qbr", "ebr")
    ]
    eligible = set()
    for account in db.session.scalars(select(Account)):
        paid = db.session.scalar(
            text("SELECT arr_cents FROM revenue WHERE account_id = :a AND date <= :d ORDER BY date DESC LIMIT 1"),
            {"a": account.id, "d": end},
        )
        if db.session.scalar(text("SELECT count(*) FROM revenue WHERE account_id = :a"), {"a": account.id}) == 0:
            paid = account.declared_arr_cents
        live = db.session.scalar(text("SELECT min(date) FROM go_live WHERE account_id = :a"), {"a": account.id})
        began = account.contract_start is None or account.contract_start <= start
        if began and paid is not None and paid >= 20_000_00 and (live is None or str(live) <= str(start)):
            eligible.add(account.id)
    due = [
        one
        for one in db.session.scalars(select(Review).where(Review.due_on.between(start, end)))
        if one.kind in ("qbr", "ebr") and one.state != "cancelled"
    ]
    grace = timedelta(7)
    judged = [one for one in due if one.held_on or one.due_on + grace < TODAY]
    sponsored = set(
        db.session.scalars(
            select(Participant.review_id).where(Participant.attended.is_(True), Participant.role == "sponsor")
        )
    )
    scores = [
        found
        for one in held
        for found in db.session.scalars(select(ReviewSurvey.score).where(ReviewSurvey.review_id == one.id))
        if found is not None
    ]
    return {
        "coverage": (len(eligible & {one.account_id for one in held}), len(eligible)),
        "on_time": (sum(1 for one in judged if one.held_on and one.held_on <= one.due_on + grace), len(judged)),
        "sponsor": (sum(1 for one in held if one.id in sponsored), len(held)),
        "score": (sum(scores), len(scores)),
    }


def test_the_figures_equal_an_independent_count(db_story: Story) -> None:
    with db_story.app.app_context():
        for code, start, end in (("2026-Q3", *QUARTER), ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30))):
            found = coverage.window(code, TODAY)
            programme = coverage.measure(coverage.read(*found), *found)
            figures = {name: (one.good, one.whole) for name, one in programme.figures.items()}
            assert {name: figures[name] for name in by_hand(start, end)} == by_hand(start, end), code
            assert figures["coverage"][1] > 40
            assert figures["score"][1] > 20


def page_count(page: str) -> int:
    """The number of accounts that the page's title tells."""
    found = re.search(r"Q3 2026, (\d+) comptes", page)
    assert found is not None
    return int(found.group(1))


def test_the_page_its_lists_and_its_table(story: Story) -> None:
    nadia = story.login("manager")
    with counted(story.app) as sent:
        page = nadia.get("/programme?period=2026-Q3")
    assert page.status_code == 200
    assert len(sent) <= 14, len(sent)  # session, user, settings, eight of the ground, policy, nudges
    assert "Programme QBR" in page.text
    assert page.text.count('<table class="heat">') == 1
    for figure in ("coverage", "on_time", "sponsor", "score", "recap", "actions"):
        listed = nadia.get(f"/programme/accounts?period=2026-Q3&figure={figure}")
        assert listed.status_code == 200, figure
    missing = nadia.get("/programme/accounts?period=2026-Q3&figure=coverage&part=out").text
    excluded = nadia.get("/programme/accounts?period=2026-Q3&part=excluded").text
    assert "Sans revue tenue" in missing
    assert "ARR sous le seuil des QBR" in excluded
    assert nadia.get("/programme/accounts?figure=made-up").status_code == 404
    assert nadia.get("/programme?period=2031-Q1").status_code == 200  # not begun: the running quarter instead
    rows = list(csv.DictReader(io.StringIO(nadia.get("/programme.csv?period=2026-Q3").text.lstrip("\ufeff"))))
    assert len(rows) == 59
    assert (len(rows), sum(int(row["eligible"]) for row in rows)) == (59, page_count(page.text))
    assert story.login("csm").get("/programme").status_code == 403


def test_a_nudge_tells_whoever_runs_the_account_once_a_day(story: Story) -> None:
    nadia, account = story.login("manager"), story.id("Groupe Valmorin")
    page = nadia.get("/programme").text
    assert f'name="account_id" value="{account}"' in page
    for _twice in range(2):
        answer = nadia.post("/programme/nudges", account_id=account)
        assert answer.status_code == 303
    with story.app.app_context():
        told = db.session.scalars(select(Notice).where(Notice.kind == "nudged")).all()
        assert [(one.account_id, one.data["account"]) for one in told] == [(account, "Groupe Valmorin")]
        assert db.session.scalar(select(Event.id).where(Event.kind == "programme.nudged")) is not None
    assert "relancé" in nadia.get("/programme").text


def test_the_command_line_says_the_same(app: Flask) -> None:
    group = click.Group()
    commands.register(group)
    with app.app_context():
        runner = CliRunner()
        told = json.loads(runner.invoke(group, ["programme", "--period", "2026-Q3", "--json"]).output)
        assert (told["eligible"], told["coverage"]["value"], told["coverage"]["level"]) == (0, None, "")
        assert runner.invoke(group, ["programme", "--period", "never"]).exit_code == 1
