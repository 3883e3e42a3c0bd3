"""Two accounts become one and two again: nothing is lost, and imports reach the one that stayed."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from haark.accounts.models import Account, Contact
from haark.cadence.models import ReviewOverride
from haark.extensions import db
from haark.formats import fold
from haark.intake.merging import domain, moving, queries
from haark.intake.merging.finding import find
from haark.intake.merging.rules import PROPOSED, Client, compare, jaro_winkler
from haark.intake.models import AccountAlias, Duplicate, Merge
from haark.plans.models import Objective, Plan
from tests.conftest import TODAY, Story
from tests.intake.conftest import AT, Intake
from tests.intake.test_import import FOLDER
from tests.support.statements import counted

SAME = [
    ("Societe Generale", "Société Générale SA"), ("Générale (Société)", "Société Générale"), ("Beta SAS", "Beta GmbH"),
    ("S.A.R.L. Dupont & Fils", "Dupont et Fils"), ("ТОВ «Ромашка»", "Ромашка"), ("ПрАТ Київстар", "Київстар"),
    ("Kalysta", "Kalista Inc."), ("Ste Luméo Energie", "Société Lumeo Énergie"), ("Valmorin", "Groupe Valmorin"),
]  # fmt: skip
OTHERS = [
    ("Agence 12", "Agence 13"), ("Crédit Agricole", "Crédit Mutuel"), ("Banque Populaire", "Banque Postale"),
    ("Valmorin France", "Valmorin Espagne"), ("Acme", "Apex"), ("Orange", "Orange Business Services"),
]  # fmt: skip


@pytest.mark.parametrize("pair", SAME)
def test_names_of_one_client_are_alike(pair: tuple[str, str]) -> None:
    assert compare(Client(1, pair[0]), Client(2, pair[1])).score >= PROPOSED


@pytest.mark.parametrize("pair", OTHERS)
def test_names_of_two_clients_are_not(pair: tuple[str, str]) -> None:
    assert compare(Client(1, pair[0]), Client(2, pair[1])).score < PROPOSED


def test_other_facts_support_and_explain() -> None:
    one = Client(1, "IBM", "France", "Conseil", None, frozenset({"ibm.com"}))
    other = Client(2, "International Business Machines", "France", "Conseil", None, frozenset({"ibm.com", "x.fr"}))
    likeness = compare(one, other)
    assert likeness.score >= PROPOSED
    assert likeness.reasons == [["initials", ""], ["domain", "ibm.com"], ["country", "France"], ["sector", "Conseil"]]
    assert compare(Client(1, "Beta"), Client(2, "Beta SA", parent_id=1)).score == 0  # a subsidiary is none
    assert jaro_winkler("martha", "marhta") == pytest.approx(0.9611, abs=1e-4)  # Winkler 1990
    assert jaro_winkler("dixon", "dicksonx") == pytest.approx(0.8133, abs=1e-4)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_the_same_both_ways_and_between_nothing_and_one(one: str, other: str) -> None:
    there, back = compare(Client(1, one), Client(2, other)), compare(Client(2, other), Client(1, one))
    assert there.score == pytest.approx(back.score, abs=0.02) and 0 <= there.score <= 1
    assert compare(Client(1, one), Client(2, one)).score == 1


def test_only_what_shares_something_rare_is_compared() -> None:
    many = [Client(at, f"Client {at:05d} Services") for at in range(3_000)]
    wanted = [
        Client(9_001, "Valmorin"),
        Client(9_002, "VALMORIN (SAS)"),
        Client(9_003, "Kerneys"),
        Client(9_004, "Kernays"),
    ]
    assert [pair[:2] for pair in find([*many, *wanted])] == [(9_001, 9_002), (9_003, 9_004)]


def content() -> dict[str, list[tuple[Any, ...]]]:
    apart = {"event", "job", "merge", "duplicate", "portfolio_count", "account_stamp"}
    sums = sa.text("SELECT facet, value, sum(n) FROM portfolio_count WHERE value NOT IN ('pulse', 'changes')"
                   " GROUP BY facet, value HAVING sum(n) <> 0 ORDER BY 1, 2")  # fmt: skip
    counts = {"portfolio": [tuple(map(str, row)) for row in db.session.execute(sums)]}
    return counts | {
        table.name: sorted(
            tuple(f"{name}={row[name]}" for name in row if name not in ("version", "refreshed_on"))
            for row in db.session.execute(sa.select(table)).mappings()
        )
        for table in db.metadata.sorted_tables
        if table.name not in apart
    }


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haark.jobs.domain.ring_for", lambda _event: None)


def test_merging_and_parting_leaves_the_portfolio_as_it_was(db_story: Story, quiet: None) -> None:
    """Every pair of the sample's richest accounts: what each has comes along or stays, and all of it comes back."""
    with db_story.app.app_context():
        busy = db.session.scalars(
            sa.select(Contact.account_id).group_by(Contact.account_id).order_by(sa.func.count().desc()).limit(3)
        ).all()
        before = content()
        for kept, gone in ((busy[0], busy[1]), (busy[1], busy[2])):
            counted = moving.count(kept, gone)
            facts = domain.differing(db.session.get_one(Account, kept), db.session.get_one(Account, gone))
            done = domain.merge(kept, gone, dict.fromkeys(facts, "gone"), by=None, at=AT, on=TODAY)
            db.session.commit()
            assert {name: one[0] for name, one in counted.items() if one[0]}.items() >= {
                (name.partition(".")[0], len(ids)) for name, ids in done.moved.items() if ids and "parent" not in name
            }
            assert content() != before
            assert queries.now_at(gone) == kept and queries.now_at(kept) is None
            assert domain.part(done.id, by=None, at=AT, on=TODAY) == []
            db.session.commit()
            assert content() == before
            assert queries.now_at(gone) is None
        kinds = set(db.session.execute(sa.text("SELECT kind FROM event")).scalars())
        assert {"account.merged", "account.parted"} <= kinds


def test_what_somebody_changed_since_is_named_when_they_part(story: Story, quiet: None) -> None:
    with story.app.app_context():
        kept, gone = db.session.scalars(sa.select(Account.id).order_by(Account.id).limit(2)).all()
        people = db.session.scalars(sa.select(Contact.id).where(Contact.account_id == gone)).all()
        done = domain.merge(kept, gone, {"name": "gone"}, by=None, at=AT, on=TODAY)
        db.session.commit()
        account = db.session.get_one(Account, kept)
        account.name, account.name_folded = "Encore autre", fold("Encore autre")
        db.session.delete(db.session.get_one(Contact, people[0]))
        db.session.commit()
        assert sorted(map(str, domain.part(done.id, by=None, at=AT, on=TODAY))) == [
            "['contact', 1]", "['name', 'Encore autre']",
        ]  # fmt: skip
        db.session.commit()
        with pytest.raises(domain.CannotMerge, match="apart"):
            domain.part(done.id, by=None, at=AT, on=TODAY)
        with pytest.raises(domain.CannotMerge, match="same"):
            domain.merge(kept, kept, {}, by=None, at=AT, on=TODAY)


def test_of_two_plans_one_stays_and_all_objectives_are_its_own(story: Story, quiet: None) -> None:
    with story.app.app_context():
        kept, gone = db.session.scalars(sa.select(Account.id).order_by(Account.id).limit(2)).all()
        db.session.execute(sa.delete(Plan).where(Plan.account_id.in_((kept, gone))))
        for ident in (kept, gone):
            plan = Plan(account_id=ident, version=1)
            db.session.add(plan)
            db.session.flush()
            db.session.add(Objective(account_id=ident, title="Gagner"))
            db.session.add(ReviewOverride(account_id=ident, kind="qbr", due_on=TODAY, reason="x", at=AT))
        db.session.commit()
        domain.merge(kept, gone, {}, by=None, at=AT, on=TODAY)
        db.session.commit()
        whose = {
            model: db.session.scalars(sa.select(model.account_id).where(model.account_id.in_((kept, gone)))).all()
            for model in (Plan, ReviewOverride)
        }
        assert whose == {Plan: [kept, gone], ReviewOverride: [kept, gone]}
        objectives = sa.select(Objective.account_id).where(Objective.title == "Gagner")
        assert db.session.scalars(objectives).all() == [kept, kept]


def test_families_stay_families(story: Story, quiet: None) -> None:
    with story.app.app_context():
        top, middle, low, other = db.session.scalars(sa.select(Account).order_by(Account.id).limit(4)).all()
        middle.parent_id, low.parent_id, other.parent_id = top.id, middle.id, top.id
        db.session.commit()
        ids = [one.id for one in (top, middle, low, other)]
        done = domain.merge(ids[2], ids[0], {"parent_id": "gone"}, by=None, at=AT, on=TODAY)  # the top into the lowest
        db.session.commit()
        parents = dict(db.session.execute(sa.select(Account.id, Account.parent_id).where(Account.id.in_(ids))).all())
        assert parents == {ids[0]: None, ids[1]: ids[2], ids[2]: None, ids[3]: ids[2]}
        assert domain.part(done.id, by=None, at=AT, on=TODAY) == []
        db.session.commit()
        parents = dict(db.session.execute(sa.select(Account.id, Account.parent_id).where(Account.id.in_(ids))).all())
        assert parents == {ids[0]: None, ids[1]: ids[0], ids[2]: ids[1], ids[3]: ids[0]}


def test_imports_reach_the_account_that_stayed(intake: Intake, counts: Any) -> None:
    intake.run(FOLDER)
    with intake.app.app_context():
        valmorin, beta = db.session.scalars(sa.select(Account.id).order_by(Account.external_id)).all()
        domain.merge(beta, valmorin, {}, by=None, at=AT, on=TODAY)
        db.session.commit()
        assert db.session.scalars(sa.select(AccountAlias.external_id)).all() == ["A-1"]
    again = intake.run({name: text for name, text in FOLDER.items() if name not in ("accounts.csv", "revenue.csv")})
    assert [kind for kind, (new, changed, *_rest) in counts(again).items() if new or changed] == []
    report = intake.run(
        {"tickets.csv": "account_id,external_id,opened_at\nA-1,T-7,2026-10-09\nsociete valmorin,T-8,2026-10-09\n"}
    )
    assert counts(report)["tickets"] == (2, 0, 0, 0)
    assert intake.rows("SELECT DISTINCT account_id FROM ticket WHERE external_id IN ('T-7', 'T-8')") == [(beta,)]
    # Its own row neither makes it anew nor takes the kept one's identifier.
    report = intake.run({"accounts.csv": "external_id,name,sector\nA-1,Société Valmorin,Transport\n"})
    assert counts(report)["accounts"] == (0, 1, 0, 0)
    assert intake.rows("SELECT external_id, sector FROM account WHERE deleted_at IS NULL") == [("A-2", "Transport")]


def test_pages_take_the_same_statements_for_one_pair_and_for_a_page_of_them(story: Story) -> None:
    manager, sent = story.login("manager"), []
    for count in (1, 30):
        with story.app.app_context():
            for at in range(count):
                twins = [Account(name=f"Unique{at}{end}", name_folded="x", created_at=AT) for end in ("", " SA")]
                db.session.add_all(twins)
                db.session.flush()
                ids = {"first_id": twins[0].id, "second_id": twins[1].id}
                db.session.add(Duplicate(**ids, likeness=0.97, reasons=[["writing", ""]], found_on=TODAY))
            db.session.commit()
        for address in ("/accounts/duplicates", f"/accounts/{twins[0].id}/merge"):
            with counted(story.app) as statements:
                assert manager.get(address).status_code == 200
            sent.append(len(statements))
        with counted(story.app) as statements:
            assert manager.get(f"/accounts/{twins[0].id}/merge?with={twins[1].id}").status_code == 200
        sent.append(len(statements))
    assert sent[:3] == sent[3:] and max(sent[:2]) <= 12 and sent[2] <= 60  # one for each table with rows of accounts
    assert "page=2" in manager.get("/accounts/duplicates").text


def test_pairs_are_proposed_and_decided_by_people_alone(db_story: Story) -> None:
    with db_story.app.app_context():
        owner = db_story.user_id("csm")
        other = db.session.scalar(sa.text("SELECT id FROM users WHERE role = 'csm' AND id <> :me"), {"me": owner})
        for name, owner_id in (("Zéphyr Énergie SA", owner), ("Zephyr Energie", owner), ("Zéphyr-Énergie GmbH", other)):
            db.session.add(Account(name=name, name_folded=fold(name), created_at=AT, owner_id=owner_id))
        db.session.commit()
        assert domain.find(TODAY) == 3
        db.session.commit()
        assert domain.find(TODAY) == 3  # again is the same
        db.session.commit()
        pairs, total = queries.open_pairs(None, 1)
        mine, own_total = queries.open_pairs(owner, 1)
        assert total == own_total == 3 and all(pair.reasons for pair in pairs)
        judged = next(pair for pair in mine if pair.sides[0].owners == pair.sides[1].owners)
        ids = [side.id for side in judged.sides]
    csm = db_story.login("csm")
    page = csm.get("/accounts/duplicates").text
    assert "même nom, écrit autrement" in page and page.count("Ce sont deux clients") == 3
    assert page.count('class="btn sm primary"') == 1  # only where both accounts are hers
    assert csm.get(f"/accounts/{ids[0]}/merge").text.count("Comparer") >= 1
    assert csm.get(f"/accounts/{ids[0]}/merge?with={ids[1]}").status_code == 200
    found = csm.get(f"/accounts/{ids[0]}/merge?q=zephyr")
    assert "Zéphyr-Énergie GmbH" in found.text
    foreign = next(side.id for pair in mine for side in pair.sides if other in side.owners)
    assert csm.post(f"/accounts/{ids[0]}/merge", **{"with": foreign}).status_code == 403
    assert csm.post(f"/duplicates/{judged.id}/apart").status_code == 303
    with db_story.app.app_context():
        assert domain.find(TODAY) == 2  # decided stays decided
    answer = csm.post(f"/accounts/{ids[0]}/merge", **{"with": ids[1], "name": "gone"})
    assert answer.status_code == 303 and answer.location == f"/accounts/{ids[0]}"
    old = csm.get(f"/accounts/{ids[1]}/contacts")
    assert old.status_code == 302 and old.location == f"/accounts/{ids[0]}/contacts"
    with db_story.app.app_context():
        merge = db.session.scalars(sa.select(Merge)).one()
        assert db.session.scalar(sa.select(Duplicate.state).where(Duplicate.id == judged.id)) == "merged"
    assert "Séparer" in csm.get(f"/accounts/{ids[0]}/merge").text
    assert csm.post(f"/merges/{merge.id}/part").status_code == 303
    assert csm.post(f"/merges/{merge.id}/part").status_code == 404
    assert csm.get(f"/accounts/{ids[1]}").status_code == 200
