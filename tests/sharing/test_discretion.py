"""US-2, the canary: a marker in every text that is not shared on purpose, and none of them ever reaches a client.

What is shared is listed here by table and column; a column that is added later is a canary until it is listed.
"""

import re
import subprocess
from datetime import date

import pytest
import sqlalchemy as sa

from haark import clock
from haark.accounts.models import AccountCard, Contact
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.comments import domain as comments
from haark.extensions import db
from haark.measures.models import Interaction, Survey, Ticket
from haark.people.models import User
from haark.plans import proposals, versions
from haark.plans.models import Milestone, Objective, Plan, PlanMember, PlanRisk
from haark.sharing import domain as sharing
from haark.signals.models import Advice, Signal
from tests.sharing.conftest import TOKEN
from tests.support.clients import TODAY

MARK = "CANARI"
SHARED = {
    "account": {"name"},
    "users": {"name", "email", "title"},
    "contact": {"name"},
    "plan": {"title", "vision"},
    "objective": {"title", "kpi", "why", "quote", "source", "agreed_by"},
    "milestone": {"title", "phase", "detail"},
    "plan_risk": {"title", "mitigation"},
    "plan_member": {"name", "duty"},
    "proposal": {"reason", "answer", "author_name"},
    "signature": {"name"},
    "roi_line": {"label", "baseline", "present", "source", "confirmed_by"},
    "review": {"goals", "place"},
}
# Shared or not, row by row: actions by who owns them, comments by their own mark.
BY_ROW = {
    "action_item": ({"title"}, lambda row: row.owner_contact_id is not None),
    "comment": ({"text", "author_name"}, lambda row: not row.internal),
}
# Not words: what the code reads, and what is kept of secrets.
CODES = {
    "timezone",
    "zone",
    "key",
    "label",
    "token_hash",
    "password_hash",
    "sha256",
    "currency",
    "invite_uid",
    "period",
}
SHORTEST = 40  # shorter columns hold words of the code: states, kinds, languages
ELSEWHERE = {
    "portfolio_count",
    "event",
    "job",
    "setting",
    "login_session",
    "login_attempt",
    "stored_file",
    "alembic_version",
    "share_link",
}


def fill(house):
    """One of each thing on either account, and a marker in every word that is ours alone."""
    own, foreign = house.own, house.foreign
    by = {"by": house.users["csm"], "at": clock.moment()}
    for account_id in (own, foreign):
        contact = db.session.scalars(sa.select(Contact).where(Contact.account_id == account_id)).first()
        user = db.session.get_one(User, house.users["csm"])
        at, said = clock.moment(), {"account_id": account_id}
        db.session.add_all(
            (
                PlanMember(role="csm", user_id=user.id, duty="Pilotage", **said),
                PlanMember(role="sponsor", contact_id=contact.id, **said),
                PlanRisk(title="Reprise d’Orléans", mitigation="Badges", **said),
                Signal(side="risk", kind="silence", severity="high", opened_on=TODAY, seen_on=TODAY, **said),
                Advice(rule="win_back", reason={"days": 50}, proposed_on=TODAY, due_on=TODAY, **said),
                Interaction(kind="note", at=at, summary="x", identity=f"n{account_id}", **said),
                Ticket(opened_at=at, subject="x", identity=f"t{account_id}", **said),
                Survey(kind="nps", date=TODAY, score=3, identity=f"s{account_id}", **said),
                ActionItem(title="Partagée", owner_contact_id=contact.id, created_at=at, **said),
            )
        )
        for period, month in (("2026-Q4", 12), ("2027-Q1", 3)):
            day = date(2026 if month == 12 else 2027, month, 3)
            review = Review(kind="qbr", period=period, due_on=day, state="planned", created_at=at, **said)
            review.period_start = review.period_end = day
            db.session.add(review)
            db.session.flush()
            if month == 12:
                sharing.share_agenda(review, **by)
                comments.say(account_id, ("review", review.id), "Sujet", at=at, contact=contact)
                comments.say(account_id, ("review", review.id), "x", at=at, user=user)
            else:
                review.goals = f"{MARK} goals"
        comments.say(account_id, ("plan", 1), "Bonjour", at=at, contact=contact)
        comments.say(account_id, ("plan", 1), "x", at=at, user=user)
        objective = house.objects["own" if account_id == own else "foreign"]["objective"]
        told = {"subject_id": objective, "contact": (contact.id, contact.name), "at": at}
        proposals.decline(proposals.propose(account_id, "objective", {"target": 36}, **told), answer="Non", **by)
    for model in (Objective, Milestone, PlanRisk, Plan):
        db.session.execute(sa.update(model).values(internal_note="x"))
    plan = db.session.scalars(sa.select(Plan).where(Plan.account_id == own)).one()
    versions.publish(plan, seen=versions.digest(versions.content(plan)), **by)
    db.session.execute(sa.update(AccountCard).values(arr_cents=98_765_432_100, churn=0.8765, health_score=77))
    mark(own)
    db.session.commit()


def mark(own):
    """The markers, and how many columns got one."""
    marked = 0
    for table in db.metadata.sorted_tables:
        if table.name in ELSEWHERE:
            continue
        columns = [one for one in table.columns if isinstance(one.type, sa.String) and one.name not in CODES]
        columns = [one for one in columns if one.type.length is None or one.type.length >= SHORTEST]
        for row in db.session.execute(sa.select(table)).all():
            elsewhere = getattr(row, "account_id", getattr(row, "id", own) if table.name == "account" else own) != own
            texts = {}
            for column in columns:
                names, shared = BY_ROW.get(table.name, (SHARED.get(table.name, set()), lambda _row: True))
                if not elsewhere and column.name in names and shared(row):
                    continue
                texts[column.name] = f"{MARK} {table.name}.{column.name} {next(iter(row))}"[: column.type.length]
            if texts:
                where = [one == getattr(row, one.name) for one in table.primary_key]
                db.session.execute(sa.update(table).where(*where).values(texts))
                marked += len(texts)
    return marked


def answers(guest):
    """Everything that a client can be shown, as text."""
    yield "page", guest.page()
    yield "landing", guest.client.get(f"/s/{guest.secret}").text
    yield "version", guest.get("/versions/1").text
    for kind, ident in (("objective", 1), ("milestone", 1), ("objective", 0)):
        yield kind, guest.get(f"/proposals/{kind}/{ident}").text
    yield "empty", guest.post("/comments", about="plan", text="").text
    yield "agenda", guest.post("/agenda", review=1, text="").text
    yield "wrong", guest.post("/proposals/objective/1", title="", target="x").text
    yield "gone", guest.post("/actions/1/completion").text
    yield "stale", guest.post("/values/1/confirmation", seal="x").text
    yield "signature", guest.post("/signature", number=99).text
    asked = guest.post("/pdf")
    assert asked.location == f"{guest.home}/plan.pdf"
    made = guest.get("/plan.pdf")
    assert made.mimetype == "application/pdf" and made.headers["Cache-Control"] == "no-store"
    read = ["pdftotext", "-layout", "-", "-"]
    yield "pdf", subprocess.run(read, input=made.data, capture_output=True, check=True).stdout.decode()
    yield "refused", guest.client.get("/s/p/999999").text


def test_nothing_internal_reaches_a_client(house):
    with house.app.app_context():
        fill(house)
    guest = house.guest()
    for name, text in answers(guest):
        found = sorted(set(re.findall(rf"{MARK}[^<\"]*", text)))
        assert not found, (name, found)
        plain = re.sub(r"\s", "", text)
        assert "987654321" not in plain and "87,65" not in plain and ">77<" not in plain, name
        assert not re.search(r"\b(churn|ARR|NPS|health|santé)\b", re.sub(r"<[^>]+>", " ", text), re.IGNORECASE), name
    page = guest.page()
    for shared in ("Reprise d’Orléans", "Pilotage", "Bonjour", "Sujet", "Partagée", "QBR Q4 2026", "Claire Delorme"):
        assert shared in page, shared
    assert "Kerneis" not in page


def test_the_canaries_sing(house):
    """The net has no hole: markers stand in the notes, comments, people and measures that it is about."""
    with house.app.app_context():
        fill(house)
        for table, column in (
            ("plan", "internal_note"),
            ("objective", "internal_note"),
            ("milestone", "internal_note"),
            ("plan_risk", "internal_note"),
            ("action_item", "note"),
            ("users", "phone"),
            ("contact", "email"),
            ("interaction", "summary"),
            ("ticket", "subject"),
            ("survey", "comment"),
            ("roi_line", "note"),
            ("advice", "decision_note"),
        ):
            if column in db.metadata.tables[table].columns:
                values = db.session.execute(sa.text(f"SELECT {column} FROM {table}")).scalars().all()
                assert values and all(str(value).startswith(MARK) for value in values if value is not None), table
        internal = db.session.execute(sa.text("SELECT text FROM comment WHERE internal")).scalars().all()
        assert internal and all(text.startswith(MARK) for text in internal)


@pytest.mark.parametrize("role", ["csm", "sales", "manager"])
def test_the_preview_is_the_page_itself_and_is_written_nowhere(house, role):
    with house.app.app_context():
        fill(house)
    guest = house.guest()
    page = guest.page()
    with house.app.app_context():
        before = [db.session.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in ("share_visit", "event")]
    shown = house.login(role).get(f"/plans/{house.objects['own']['plan']}/preview?contact={house.sophie}")
    assert shown.status_code == 200

    def bare(text):
        return TOKEN.sub('name="token" value=""', text)

    assert " disabled>" in shown.text and " disabled>" not in page
    assert bare(shown.text).replace(" disabled>", ">") == bare(page)
    with house.app.app_context():
        after = [db.session.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in ("share_visit", "event")]
    assert after == before


def test_a_preview_is_for_a_contact_of_the_account(house):
    csm, plan = house.login("csm"), house.objects["own"]["plan"]
    stranger = house.objects["foreign"]["contact"]
    assert csm.get(f"/plans/{plan}/preview?contact={stranger}").status_code == 404
    assert "Julien Perrot" in csm.get(f"/plans/{plan}/preview").text  # nobody named: whom the link would go to
    assert house.app.test_client().get(f"/plans/{plan}/preview?contact={house.sophie}").status_code == 303
