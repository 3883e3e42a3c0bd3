"""What the statements gather is what the rows say, on both databases, and never what came later."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haark import clock
from haark.accounts import domain as accounts
from haark.events.models import Event
from haark.extensions import db
from haark.jobs.models import Job
from haark.measures import aggregates, domain, queries, reported, rules, usage
from haark.measures.models import Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature

ON = date(2026, 11, 12)


def ago(days: int) -> date:
    return ON - timedelta(days)


def instant(days: int, hour: int = 11) -> datetime:
    return clock.start_of(ago(days)) + timedelta(hours=hour)


def client(name: str = "Acme") -> int:
    return accounts.create(name, by=None, at=clock.moment(), on=ON).id


def use(account_id: int, back: int, users: int | None, events: int | None = None) -> None:
    db.session.add(UsageDay(account_id=account_id, day=ago(back), active_users=users, events=events, logins=None))


def features(*keys: str, premium: tuple[str, ...] = ()) -> dict[str, int]:
    made = [Feature(key=key, name=key.title(), premium=key in premium) for key in keys]
    db.session.add_all(made)
    db.session.flush()
    return {feature.key: feature.id for feature in made}


def by_feature(account_id: int, back: int, feature_id: int, users: int | None, events: int | None) -> None:
    row = {"account_id": account_id, "day": ago(back), "feature_id": feature_id}
    db.session.add(UsageFeature(**row, active_users=users, events=events, logins=None))


def used(ids: list[int]) -> dict[int, usage.UsageSums]:
    return usage.usage(reported.edges(ids, ON), ON, 90)


def test_usage_is_summed_over_the_working_days_of_both_windows(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client()
        for back in range(120, -5, -1):
            use(ident, back, 1000 if ago(back).weekday() > 4 else 45 if back <= 30 else 66, 3)
        db.session.flush()
        found, edge = used([ident])[ident], reported.edges([ident], ON)[ident]
        assert (edge.first, edge.last, found.last_used) == (ago(120), ON, ON)
        users, _, logins = found.sums
        assert users == (22 * 45, 21 * 66)
        assert logins is None
        assert not found.at_least


def test_without_rows_for_the_product_users_are_at_least_the_largest_feature(db_app: Flask) -> None:
    with db_app.app_context():
        ident, keys = client(), features("a", "b")
        for back in range(60, 0, -1):
            by_feature(ident, back, keys["a"], 10, 5)
            by_feature(ident, back, keys["b"], 7, 4)
        db.session.flush()
        found = used([ident])[ident]
        users, events, _ = found.sums
        assert found.at_least
        assert users == (22 * 10, 21 * 10)
        assert events[0] == 22 * 9
        use(ident, 1, 15)
        db.session.flush()
        assert used([ident])[ident].sums[0][0] == 21 * 10 + 15


def test_an_account_that_never_reported_is_missing_and_an_old_one_keeps_its_dates(db_app: Flask) -> None:
    with db_app.app_context():
        silent, old = client("Silent"), client("Old")
        use(old, 200, 12)
        use(silent, -3, 12)  # tomorrow's news
        db.session.flush()
        assert set(reported.edges([silent, old], ON)) == {old}
        assert reported.edges([old], ON)[old].last == ago(200)
        assert rules.is_stale(reported.edge_of(old, ON).until, ON)


def test_breadth_counts_premium_features_once_they_are_used(db_app: Flask) -> None:
    with db_app.app_context():
        ident, keys = client(), features("a", "b", "c", "gold", "silver", premium=("gold", "silver"))
        for key, back in (("a", 2), ("a", 3), ("b", 29), ("gold", 5), ("c", 31), ("silver", 0)):
            by_feature(ident, back, keys[key], 1, 1)
        db.session.flush()
        assert usage.breadth(reported.edges([ident], ON))[ident] == usage.Breadth(used=3, known=4)


def test_exchanges_agree_with_the_rule_and_stop_at_the_date(db_app: Flask) -> None:
    with db_app.app_context():
        ident, other = client(), client("Other")
        lines = [
            (kind, direction, back)
            for kind in rules.KINDS
            for direction in ("", "in", "out", "both")
            for back in (-1, 0, 29, 30, 89, 90)
        ]
        for number, (kind, direction, back) in enumerate(lines):
            row = {"kind": kind, "direction": direction, "at": instant(back, 23), "summary": ""}
            db.session.add(Interaction(account_id=ident, identity=f"t:{number}", **row))
        db.session.flush()
        found = aggregates.exchanges([ident, other], ON)
        heard = [(back, rules.is_two_way(kind, direction)) for kind, direction, back in lines if kind != "note"]
        assert set(found) == {ident}
        assert clock.day_of(found[ident].last_two_way) == ON
        assert found[ident].two_way_30 == sum(1 for back, both in heard if both and 0 <= back <= 29)
        assert found[ident].all_90 == sum(1 for back, _ in heard if 0 <= back <= 89)
        assert found[ident].two_way_90 == sum(1 for back, both in heard if both and 0 <= back <= 89)


def test_a_ticket_closed_later_was_open_and_its_satisfaction_unknown(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client()
        for number, (opened, closed, csat) in enumerate(((40, 30, 4), (20, -2, 1), (5, None, None), (-1, None, 5))):
            db.session.add(
                Ticket(
                    account_id=ident,
                    identity=f"t:{number}",
                    opened_at=instant(opened),
                    closed_at=None if closed is None else instant(closed),
                    csat=csat,
                )
            )
        db.session.flush()
        rows = aggregates.tickets([ident], ON, 365)[ident]
        assert [(closed is None, csat) for _, closed, _, csat in rows] == [(False, 4), (True, None), (True, None)]


def test_answers_of_the_year_only(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client()
        for back in (-1, 0, 364, 365):
            db.session.add(Survey(account_id=ident, identity=f"s:{back}", date=ago(back), kind="nps", score=9))
        db.session.flush()
        assert aggregates.answers([ident], ON, 365)[ident, "nps"] == [(ago(364), 9.0), (ON, 9.0)]


def test_months_of_usage_keep_the_unknown_apart_from_zero(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client()
        for back in range(45, 0, -1):
            use(ident, back, 10 if ago(back).weekday() < 5 else 0)
        db.session.flush()
        months = queries.usage_monthly(ident, date(2026, 8, 1), ON)
        assert [month.start for month in months] == [date(2026, n, 1) for n in (8, 9, 10, 11)]
        assert months[0].active_users is None
        assert months[2].active_users == 10.0
        assert (months[2].events, months[2].logins) == (None, None)
        assert months[3].days == 11


def test_adoption_is_a_share_of_users_or_of_days(db_app: Flask) -> None:
    with db_app.app_context():
        ident, keys = client(), features("a", "b", "gold", premium=("gold",))
        counted, days = ident, client("Days")
        for back in range(30, 0, -1):
            use(counted, back, 20)
            by_feature(counted, back, keys["a"], 5, None)
            if ago(back).weekday() < 2:
                by_feature(days, back, keys["b"], None, 3)
        db.session.flush()
        start, end = ago(30), ago(1)
        found = {one.key: one for one in queries.feature_adoption(counted, start, end)}
        assert (found["a"].basis, found["a"].share) == ("users", pytest.approx(0.25))
        assert found["b"].share is None
        assert [one.key for one in queries.premium_unused(list(found.values()))] == ["gold"]
        other = {one.key: one for one in queries.feature_adoption(days, start, end)}["b"]
        assert (other.basis, other.share) == ("days", pytest.approx(other.days / 22))


def test_a_noted_line_is_kept_with_its_event(app: Flask) -> None:
    with app.app_context():
        ident = client()
        domain.note(ident, "Anne valide le devis", by=None, at=clock.moment(), kind="call", direction="both")
        kept = queries.interactions_between(ident, ON, ON)
        assert [(row.kind, row.direction, row.summary) for row in kept] == [("call", "both", "Anne valide le devis")]
        assert (
            db.session.scalar(sa.select(Event.kind).where(Event.subject_kind == "interaction")) == "interaction.noted"
        )
        assert clock.day_of(queries.last_two_way(ident, ON)) == ON
        for text, rest, kind in (
            ("  ", {}, "empty"),
            ("a", {"kind": "fax"}, "kind"),
            ("a", {"direction": "up"}, "direction"),
        ):
            with pytest.raises(domain.NoteError) as refused:
                domain.note(ident, text, by=None, at=clock.moment(), **rest)
            assert refused.value.kind == kind


def test_a_noted_line_has_the_account_scored_again(app: Flask) -> None:
    with app.app_context():
        ident = client()
        db.session.commit()
        domain.note(ident, "Tout va bien", by=None, at=clock.moment())
        db.session.commit()
        asked = db.session.execute(sa.select(Job.kind, Job.args, Job.state)).all()
        assert [tuple(row) for row in asked] == [("signals.judge", {"account_id": ident}, "done")]


def test_the_desk_of_a_period(db_app: Flask) -> None:
    with db_app.app_context():
        ident = client()
        row = {"account_id": ident, "priority": "urgent"}
        db.session.add(Ticket(identity="1", opened_at=instant(10), closed_at=instant(9), **row))
        db.session.add(Ticket(identity="2", opened_at=instant(8), closed_at=None, **row))
        db.session.flush()
        assert queries.desk(ident, ago(30), ON) == rules.Desk(open=1, critical=1, opened=2, closed=1, hours=24.0)


@given(
    st.lists(
        st.tuples(st.integers(0, reported.LOOKBACK), *[st.none() | st.integers(0, 9)] * 3),
        unique_by=lambda row: row[0],
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_pass_sums_what_day_by_day_sums(
    app: Flask, rows: list[tuple[int, int | None, int | None, int | None]]
) -> None:
    """Accounts with one row a day take a short way; it gives what the long way gives.

    Rows older than usage is looked back are not drawn: of them the short way knows only that they were reported.
    """
    with app.app_context():
        ident = client()
        for back, users, events, logins in rows:
            values = {"active_users": users, "events": events, "logins": logins}
            db.session.add(UsageDay(account_id=ident, day=ago(back), **values))
        db.session.flush()
        short = used([ident])
        for found in short:
            long = usage._by_day([ident], reported.edge_of(ident, ON).until, ON, 90)
            assert long.get(found, short[found]) == short[found]
        db.session.rollback()
