"""Who left and who stayed, on both databases; and that a backtest knows nothing of afterwards."""

from datetime import date, timedelta

from flask import Flask

from haark import clock
from haark.accounts.models import Account, Contact, Renewal, Revenue
from haark.extensions import db
from haark.formats import fold
from haark.health import outcomes, replay
from haark.health.backtest import FEWEST
from haark.measures.models import Survey, Ticket, UsageDay

AS_OF, END, TODAY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 11, 12)


def client(name: str, start: date | None = date(2024, 1, 1), **facts: object) -> int:
    account = Account(name=name, name_folded=fold(name), created_at=clock.moment(), contract_start=start, **facts)
    db.session.add(account)
    db.session.flush()
    return account.id


def term(ident: int, day: date, outcome: str) -> None:
    db.session.add(Renewal(account_id=ident, date=day, outcome=outcome))


def level(ident: int, day: date, euros: int) -> None:
    db.session.add(Revenue(account_id=ident, date=day, arr_cents=euros * 100))


def told(end: date = END, today: date = TODAY) -> dict[str, tuple[bool, date]]:
    db.session.flush()
    names = {row.id: row.name for row in db.session.execute(db.select(Account.id, Account.name))}
    return {names[one.account_id]: (one.left, one.on) for one in outcomes.after(AS_OF, end, today)}


def test_who_left_and_who_stayed(db_app: Flask) -> None:
    """Each case of the rule, side by side."""
    with db_app.app_context():
        renewed, lost, both = client("Renewed"), client("Lost"), client("Both")
        term(renewed, END, "renewed")
        term(lost, AS_OF + timedelta(1), "lost")
        term(both, date(2026, 3, 1), "renewed")  # the first in the time decides
        term(both, date(2026, 6, 1), "lost")
        on_the_day, later = client("On the day"), client("Later")
        term(on_the_day, AS_OF, "renewed")  # known by then: no outcome
        term(later, END + timedelta(1), "lost")
        faded, gone, back = client("Faded"), client("Gone"), client("Back")
        level(faded, date(2024, 1, 1), 12_000)
        level(faded, date(2026, 4, 1), 0)
        term(gone, date(2025, 6, 1), "lost")  # no client any more on the day
        term(back, date(2025, 6, 1), "lost")
        level(back, date(2025, 9, 1), 5_000)  # came back before it
        client("Not yet", date(2026, 2, 1))
        removed = client("Removed", deleted_at=clock.moment())
        term(removed, date(2026, 3, 1), "lost")
        assert told() == {
            "Renewed": (False, END),
            "Lost": (True, AS_OF + timedelta(1)),
            "Both": (False, date(2026, 3, 1)),
            "On the day": (False, END),
            "Later": (False, END),
            "Faded": (True, date(2026, 4, 1)),
            "Back": (False, END),
        }
        # Before the time is over nobody has stayed yet.
        assert set(told(today=date(2026, 6, 1))) == {"Renewed", "Lost", "Both", "Faded"}


def test_where_renewals_are_recorded_they_alone_count(db_app: Flask) -> None:
    with db_app.app_context():
        client("No occasion to leave")
        for index in range(FEWEST):
            term(client(f"Renewed {index}"), date(2026, 3, 1), "renewed")
        assert "No occasion to leave" not in told()
        db.session.delete(db.session.scalars(db.select(Renewal).limit(1)).one())
        assert "No occasion to leave" in told()


def test_only_what_was_known_on_the_day_counts(db_app: Flask) -> None:
    """Rows after the day, a moved renewal date and the outcome itself change nothing of the score that is replayed."""
    with db_app.app_context():
        ident = client("Valmorin", seats=20)
        for back in range(90, 0, -1):
            day = AS_OF - timedelta(back)
            db.session.add(UsageDay(account_id=ident, day=day, active_users=12, events=200, logins=30))
        db.session.flush()
        before = replay.as_of([ident], AS_OF)
        assert before[ident].values["health"] > 0 and "days_left" not in before[ident].values
        account = db.session.get_one(Account, ident)
        account.renewal_date = date(2026, 2, 1)
        term(ident, date(2026, 2, 1), "lost")
        level(ident, date(2026, 2, 1), 0)
        rows = [
            UsageDay(account_id=ident, day=AS_OF + timedelta(1), active_users=0, events=0, logins=0),
            Survey(account_id=ident, identity="s", date=AS_OF + timedelta(1), kind="nps", score=0),
            Ticket(account_id=ident, identity="t", opened_at=clock.start_of(AS_OF + timedelta(1)), priority="urgent"),
        ]
        db.session.add_all(rows)
        db.session.add(Contact(account_id=ident, name="Sophie", role="sponsor", left_on=AS_OF + timedelta(1)))
        db.session.flush()
        after = replay.as_of([ident], AS_OF)
        changed = {name for name in before[ident].values if after[ident].values.get(name) != before[ident].values[name]}
        assert not changed and (after[ident].score, after[ident].band) == (before[ident].score, before[ident].band)


def test_a_trial_counts_colours_and_misses(db_app: Flask) -> None:
    """Three leave: one idle and red, two busy; one has no data and is told apart."""
    with db_app.app_context():
        for name, events in (("Idle", 0), ("Busy", 400), ("Busier", 500)):
            ident = client(name, seats=10)
            for back in range(200, 0, -1):
                day = AS_OF - timedelta(back)
                db.session.add(UsageDay(account_id=ident, day=day, active_users=events // 50, events=events))
            term(ident, AS_OF + timedelta(30), "lost")
        term(client("Unknown"), AS_OF + timedelta(30), "lost")
        db.session.flush()
        trial = replay.run(AS_OF, 90, TODAY)
    assert (trial.verdict.accounts, trial.verdict.losses, trial.unscored) == (3, 3, 1)
    assert trial.bands_before["red"] == 1
    assert (trial.red.count, trial.red.total) == (1, 1)
    assert trial.missed_count == 2
    assert [one.band for one in trial.missed] != ["red", "red"]
    assert replay.plain(trial)["auc"] is None
