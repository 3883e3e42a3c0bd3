"""Scoring a portfolio: what is written, what is not, and what is never looked at."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, render_template

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts.models import Account, AccountCard, Contact, Renewal, Revenue
from haark.events.models import Event
from haark.extensions import db
from haark.formats import fold
from haark.health import domain, gathering, queries
from haark.health.models import HealthSnapshot
from haark.measures.models import Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature
from haark.settings import domain as settings
from tests.support.statements import counted

ON = date(2026, 11, 12)


def ago(days: int) -> date:
    return ON - timedelta(days)


def client(name: str, *, now: int = 45, before: int = 66, feature: int | None = None) -> int:
    """An account with usage, exchanges, answers, tickets, revenue and people over two years."""
    account = Account(name=name, name_folded=fold(name), created_at=clock.moment(), seats=80, contract_start=ago(1340))
    db.session.add(account)
    db.session.flush()
    ident, rows = account.id, []
    for back in range(120, 0, -1):
        users = now if back <= 30 else before
        rows.append(UsageDay(account_id=ident, day=ago(back), active_users=users, events=users * 9, logins=users))
        if feature:
            rows.append(UsageFeature(account_id=ident, day=ago(back), feature_id=feature, active_users=users, events=1))
    for back in (14, 38, 45, 52, 75, 104):
        at = clock.start_of(ago(back))
        rows.append(Interaction(account_id=ident, identity=f"{ident}i{back}", at=at, kind="call", direction="both"))
    for back, value in ((20, 9), (110, 8)):
        rows.append(Survey(account_id=ident, identity=f"{ident}s{back}", date=ago(back), kind="nps", score=value))
    opened, closed = clock.start_of(ago(50)), clock.start_of(ago(48))
    rows.append(Ticket(account_id=ident, identity=f"{ident}t", opened_at=opened, closed_at=closed, csat=4))
    rows.append(Contact(account_id=ident, name="Sophie", role="sponsor"))
    rows.append(Contact(account_id=ident, name="Julien", role="champion", left_on=ago(10)))
    rows.append(Renewal(account_id=ident, date=ago(300), outcome="renewed"))
    for back, arr in ((1340, 84_000_00), (150, 120_000_00)):
        rows.append(Revenue(account_id=ident, date=ago(back), arr_cents=arr))
    db.session.add_all(rows)
    db.session.flush()
    return ident


def card_of(ident: int) -> AccountCard:
    db.session.expire_all()
    return db.session.get_one(AccountCard, ident)


def kept() -> list[tuple[object, ...]]:
    table = HealthSnapshot.__table__.c
    return [tuple(row) for row in db.session.execute(sa.select(*table).order_by(table.account_id, table.day))]


def test_a_score_is_kept_shown_and_explained(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client("Valmorin")
        assert domain.score_accounts(on=ON) == 1
        card, told = card_of(ident), queries.explain(ident, ON)
        assert (card.health_score, card.health_band, card.health_on) == (told.now.score, told.now.band, ON)
        assert card.usage_change == pytest.approx(45 / 66 - 1)
        assert told.usage_change == pytest.approx(45 / 66 - 1)
        assert told.now.coverage == 1.0
        assert card.health_change == told.movement.change == told.now.score - told.before.score
        assert told.before.on == ago(30)
        assert told.movement.reasons()[0].name == "trend"
        assert [row.day for row in queries.history(ident, ago(40), ON)] == [ago(30), ON]


def test_scoring_again_changes_nothing(db_app: Flask) -> None:
    with db_app.app_context():
        client("Valmorin")
        domain.score_accounts(on=ON)
        first = kept()
        with counted(db_app) as sent:
            domain.score_accounts(on=ON)
        assert kept() == first
        assert not [one for one in sent if not one.lstrip().startswith(("SELECT", "WITH", "BEGIN"))]


def test_nothing_later_than_the_date_is_looked_at(db_app: Flask) -> None:
    """The score of a past day is the same before and after the days that follow it are known."""
    with db_app.app_context():
        ident = client("Valmorin")
        past = ago(49)  # the ticket is open, its satisfaction and the newest answer are still to come
        facts = gathering.facts_of([ident], past)[ident]
        for model, column, limit in (
            (UsageDay, UsageDay.day, past),
            (Survey, Survey.date, past),
            (Revenue, Revenue.date, past),
            (Renewal, Renewal.date, past),
            (Interaction, Interaction.at, clock.start_of(past + timedelta(1))),
            (Ticket, Ticket.opened_at, clock.start_of(past + timedelta(1))),
        ):
            db.session.execute(sa.delete(model).where(column > limit))
        db.session.execute(sa.update(Contact).where(Contact.left_on > past).values(left_on=None))
        later = Ticket.closed_at >= clock.start_of(past + timedelta(1))
        db.session.execute(sa.update(Ticket).where(later).values(closed_at=None, csat=None))
        db.session.expire_all()
        assert gathering.facts_of([ident], past)[ident] == facts
        assert facts.roles_held == {"sponsor", "champion"}
        assert facts.use.last_reported <= past
        assert (facts.support.open_other, facts.ticket_csat, len(facts.nps)) == (1, (), 1)


def test_more_usage_never_lowers_the_score_of_real_rows(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client("Valmorin", now=30)
        domain.score_accounts(on=ON)
        for back, more in ((1, 5), (3, 500), (12, 1), (29, 40)):
            before = card_of(ident).health_score
            row = db.session.get_one(UsageDay, (ident, ago(back)))
            row.active_users, row.events = row.active_users + more, row.events + more * 3
            db.session.flush()
            domain.score_accounts([ident], on=ON)
            assert card_of(ident).health_score >= before


def test_one_account_scores_as_among_all(app: Flask) -> None:
    with app.app_context():
        idents = [client(f"C{number}", now=20 + number) for number in range(4)]
        domain.score_accounts(on=ON)
        everything = kept()
        db.session.execute(sa.delete(HealthSnapshot))
        for ident in reversed(idents):
            domain.score_accounts([ident], on=ON)
        assert kept() == everything


def test_an_account_without_data_has_no_score(db_app: Flask) -> None:
    with db_app.app_context():
        ident = accounts.create("Bare", by=None, at=clock.moment(), on=ON).id
        domain.score_accounts(on=ON)
        card = card_of(ident)
        assert (card.health_score, card.health_band, card.health_change, card.usage_change) == (None, "", None, None)
        assert card.health_on == ON
        assert queries.explain(ident, ON).now.score is None
        assert queries.band_counts(ON) == {"green": 0, "yellow": 0, "red": 0, "unknown": 1}


def bands() -> list[dict[str, object]]:
    rows = sa.select(Event.data).where(Event.kind == "health.band_changed").order_by(Event.id)
    return list(db.session.scalars(rows))


def test_a_change_of_band_is_told_once_and_the_first_score_is_none(app: Flask) -> None:
    with app.app_context():
        ident = client("Valmorin", now=66)
        domain.score_accounts(on=ON)
        assert bands() == []
        score = card_of(ident).health_score
        assert card_of(ident).health_band == "green"
        for row in db.session.scalars(sa.select(UsageDay).where(UsageDay.day >= ago(30))):
            row.active_users = 5
        db.session.flush()
        domain.score_accounts(on=ON)
        domain.score_accounts(on=ON)
        assert [one["changes"] for one in bands()] == [{"health_band": ["green", card_of(ident).health_band]}]
        assert bands()[0]["before"] == score


def test_scoring_the_past_leaves_the_present_card_alone(app: Flask) -> None:
    with app.app_context():
        ident = client("Valmorin")
        domain.score_accounts(on=ON)
        present = card_of(ident).health_score
        domain.score_accounts(on=ago(40))
        assert (card_of(ident).health_on, card_of(ident).health_score) == (ON, present)
        assert queries.latest(ident, ago(35)).on == ago(40)
        assert bands() == []


def test_the_weights_are_settings(app: Flask) -> None:
    with app.app_context():
        ident = client("Valmorin")
        only = {"usage": 100, "engagement": 0, "satisfaction": 0, "history": 0}
        settings.put("health.weights", only, by=None, at=clock.moment())
        domain.score_accounts(on=ON)
        told = queries.explain(ident, ON).now
        assert told.score == told.components[0].score


def test_backfill_makes_a_past_for_the_chart(app: Flask) -> None:
    with app.app_context():
        ident = client("Valmorin")
        assert domain.backfill(ON, 70) == 12  # eleven weeks and the day of comparison
        days = [row.day for row in queries.history(ident, ago(70), ON)]
        assert {ON, ago(30), ago(70)} <= set(days)
        assert card_of(ident).health_on == ON


@pytest.mark.parametrize("number", [60, 600])
def test_statements_depend_on_chunks_and_not_on_accounts(app: Flask, number: int) -> None:
    with app.app_context():
        feature = Feature(key="f", name="F")
        db.session.add(feature)
        db.session.flush()
        client("Rich", feature=feature.id)
        for index in range(number - 1):
            db.session.add(Account(name=f"C{index}", name_folded=f"c{index}", created_at=clock.moment()))
        db.session.commit()
        accounts.refresh_cards(on=ON)
        db.session.commit()
        settings.all_values()
        with counted(app) as sent:
            assert domain.score_accounts(on=ON) == number
        chunks = -(-number // domain.CHUNK)
        assert len([one for one in sent if not one.startswith("BEGIN")]) <= chunks * 40 + 1


def test_chunks_are_handed_to_whoever_commits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "CHUNK", 2)
    with app.app_context():
        for index in range(5):
            client(f"C{index}")
        seen: list[int] = []
        assert domain.score_accounts(on=ON, step=seen.append) == 5
        assert seen == [2, 4, 5]


def test_the_card_says_the_score_in_words(app: Flask) -> None:
    """The same sentence wherever a score is told; the page of the score is tested with the account's."""
    with app.test_request_context("/"):
        rich, bare = client("Valmorin"), accounts.create("Bare", by=None, at=clock.moment(), on=ON).id
        new = accounts.create("New", by=None, at=clock.moment(), on=ON).id
        domain.score_accounts([rich, bare], on=ON)
        told = queries.explain(rich, ON)
        card = render_template("health/_card.html", told=told)
        assert f"{told.now.score}, était {told.before.score}" in card
        assert "utilisateurs actifs" in card
        assert "Pas de score" in render_template("health/_card.html", told=queries.explain(bare, ON))
        assert "Pas de score" in render_template("health/_card.html", told=queries.explain(new, ON))


def test_old_scores_are_kept_weekly(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client("Valmorin")
        for back in (*range(88, 112), 200):
            db.session.add(HealthSnapshot(account_id=ident, day=ago(back), score=70, band="yellow"))
        db.session.commit()
        removed = domain.thin(ON, db.session.commit)
        days = sorted(db.session.scalars(sa.select(HealthSnapshot.day)))
        assert removed + len(days) == 25
        assert set(days) >= {ago(back) for back in range(88, 96)}  # of the last 90 days, and of a week that goes on
        old = [day for day in days if ago(120) < day <= date(2026, 8, 9)]
        assert [day.isoweekday() for day in old] == [7, 7, 7]
        assert domain.thin(ON) == 0


def test_whoever_looked_at_newer_data_has_the_last_word(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full run that read an account before its data changed does not overwrite the score made after the change."""
    with app.app_context():
        ident = client("Valmorin", now=66)
        domain.score_accounts(on=ON)
        db.session.commit()
        db.session.execute(sa.update(UsageDay).where(UsageDay.day == ago(1)).values(active_users=60))
        db.session.commit()
        gather, calls = domain._gathered, []

        def interrupted(ids: list[int], on: date, keep: bool) -> domain._Work:
            work = gather(ids, on, keep)
            if not calls:
                calls.append(ids)
                with app.app_context():  # another worker, another session
                    db.session.execute(sa.update(UsageDay).where(UsageDay.day >= ago(30)).values(active_users=5))
                    db.session.commit()
                    domain.score_accounts(ids, on=ON)
                    db.session.commit()
            return work

        monkeypatch.setattr(domain, "_gathered", interrupted)
        domain.score_accounts(on=ON)
        db.session.commit()
        assert calls == [[ident]]
        told = queries.explain(ident, ON)
        assert told.now.score == card_of(ident).health_score
        assert {line.input.name: line.input for line in told.now.components[0].lines}["seats"].values["users"] == 5


def test_gathering_holds_no_write_lock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        client("Valmorin")
        db.session.commit()
        gather, seen = domain._gathered, []

        def watched(ids: list[int], on: date, keep: bool) -> domain._Work:
            work = gather(ids, on, keep)
            with db.engine.connect() as other:  # begins with the write lock on SQLite: it would wait, and fail
                other.execute(sa.text("UPDATE account SET sector = 'free'"))
                other.commit()
                seen.append(ids)
            return work

        monkeypatch.setattr(domain, "_gathered", watched)
        domain.score_accounts(on=ON)
        assert len(seen) == 1


def test_usage_is_unknown_where_nobodys_arrives_any_more(db_app: Flask) -> None:
    later = ON + timedelta(60)
    with db_app.app_context():
        stopped = client("Valmorin")
        db.session.commit()
        assert gathering.facts_of([stopped], ON + timedelta(44))[stopped].use is not None
        # No account reported any usage for 59 days: old files, or a feed that broke.
        facts = gathering.facts_of([stopped], later)[stopped]
        assert facts.use is None
        assert facts.exchanges is not None
    with db_app.app_context():
        other = client("Fret Océan")
        db.session.add(UsageDay(account_id=other, day=later - timedelta(2), active_users=4))
        db.session.flush()
        # Usage arrives from others: this client has stopped using the product.
        use = gathering.facts_of([stopped], later)[stopped].use
        assert use is not None and use.users_now == 0
