"""What the database keeps by itself agrees with the rows after any writes, and says so where it does not."""

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from flask import Flask
from hypothesis import given, settings
from sqlalchemy import delete, insert, select, update

from haark import clock
from haark.accounts.models import Account, AccountCard, AccountTag
from haark.extensions import db
from haark.formats import fold
from haark.portfolio import upkeep
from haark.signals.models import Signal
from tests.conftest import TODAY
from tests.portfolio.conftest import RISKS, STATES, fill

IDENTS = st.integers(1, 12)
CARD = {
    "sector": st.sampled_from(["", "Santé", "Industrie"]),
    "owner_id": st.sampled_from([None, 1, 2]),
    "arr_cents": st.sampled_from([None, 0, 5_000, 90_000_000_00]),
    "arr_before_cents": st.sampled_from([None, 0, 7_000]),
    "health_score": st.sampled_from([None, 0, 55, 100]),
    "health_band": st.sampled_from(["", "red", "green"]),
    "renewal_date": st.sampled_from([None, TODAY, TODAY + timedelta(3)]),
    "next_review_on": st.sampled_from([None, TODAY]),
    "next_review_late": st.booleans(),
    "next_review_planned": st.booleans(),
    "risk_count": st.integers(0, 2),
    "opportunity_count": st.integers(0, 1),
    "at_risk": st.booleans(),
    "tier": st.sampled_from(["", "A"]),
    "name_folded": st.sampled_from(["autre nom", "x", "société \" de '"]),
    "external_id": st.sampled_from(["", "N-1"]),
}
WRITES = st.lists(
    st.one_of(
        st.tuples(
            st.just("card"), IDENTS, st.sampled_from(sorted(CARD)).flatmap(lambda n: st.tuples(st.just(n), CARD[n]))
        ),
        st.tuples(st.just("lose"), IDENTS, st.sampled_from(["card", "account"])),
        st.tuples(st.just("make"), IDENTS, st.none()),
        st.tuples(st.just("signal"), IDENTS, st.tuples(st.sampled_from(RISKS), st.sampled_from(STATES))),
        st.tuples(st.just("state"), IDENTS, st.sampled_from(STATES)),
        st.tuples(st.just("forget"), IDENTS, st.none()),
        st.tuples(st.just("tag"), IDENTS, st.sampled_from(["vip", "été"])),
        st.tuples(st.just("untag"), IDENTS, st.sampled_from(["vip", "été"])),
        st.tuples(st.just("all"), st.just(0), st.sampled_from(["red", "green"])),
    ),
    max_size=30,
)


def write(kind: str, ident: int, what: Any, serial: int) -> None:
    cards, signals, tags = AccountCard.__table__, Signal.__table__, AccountTag.__table__
    of_card = cards.c.account_id == ident
    if kind == "card":
        db.session.execute(update(cards).where(of_card).values({what[0]: what[1]}))
    elif kind == "all":
        db.session.execute(update(cards).values(health_band=what, health_score=cards.c.account_id))
    elif kind == "lose":
        if what == "account":
            db.session.execute(delete(Account.__table__).where(Account.__table__.c.id == ident))
        db.session.execute(delete(cards).where(of_card))
    elif kind == "make":
        make(ident)
    elif kind == "signal" and exists(Account.__table__.c.id, ident):
        row = {"account_id": ident, "side": "risk", "kind": what[0], "cause": f"w{serial}", "severity": "low"}
        row |= {"evidence": {}, "state": what[1], "opened_on": TODAY, "seen_on": TODAY, "reason": "", "version": 1}
        row["resolved_on"] = TODAY if what[1] == "resolved" else None
        db.session.execute(insert(signals), [row, {**row, "cause": f"w{serial} again"}])
    elif kind == "state":
        gone = TODAY if what == "resolved" else None
        db.session.execute(update(signals).where(signals.c.account_id == ident).values(state=what, resolved_on=gone))
    elif kind == "forget":
        db.session.execute(delete(signals).where(signals.c.account_id == ident))
    elif kind == "tag" and exists(Account.__table__.c.id, ident):
        if not db.session.scalar(select(tags.c.tag).where(tags.c.account_id == ident, tags.c.tag == what)):
            db.session.execute(insert(tags).values(account_id=ident, tag=what))
    elif kind == "untag":
        db.session.execute(delete(tags).where(tags.c.account_id == ident, tags.c.tag == what))


def exists(column: Any, ident: int) -> bool:
    return bool(db.session.scalar(select(column).where(column == ident)))


def make(ident: int) -> None:
    common = {"name": f"Société {ident}", "name_folded": fold(f"Société {ident}")}
    if not exists(Account.__table__.c.id, ident):
        row = {"id": ident, "created_at": clock.now(), **common}
        db.session.execute(insert(Account), [row])
    if not exists(AccountCard.__table__.c.account_id, ident):
        db.session.execute(insert(AccountCard), [{"account_id": ident, **common}])


def test_totals_agree_with_a_recount_after_any_writes(db_app: Flask, team: dict[str, int]) -> None:
    with db_app.app_context():
        fill(8, sorted(team.values()))

        @settings(max_examples=40)
        @given(WRITES)
        def any_writes(writes: list[tuple[str, int, Any]]) -> None:
            try:
                for serial, (kind, ident, what) in enumerate(writes):
                    write(kind, ident, what, serial)
                assert upkeep.faults(db.session.connection()) == []
            finally:
                db.session.rollback()

        any_writes()


def test_what_was_kept_wrongly_is_named_and_mended(db_app: Flask, team: dict[str, int]) -> None:
    with db_app.app_context():
        fill(20, sorted(team.values()))
        connection = db.session.connection()
        upkeep.remove(connection)
        db.session.execute(update(AccountCard).where(AccountCard.account_id == 3).values(sector="Nouveau"))
        found = upkeep.faults(connection)
        assert any("is missing" in one for one in found) and any("«Nouveau»: 0 kept, 1 counted" in one for one in found)
        upkeep.install(connection)
        assert upkeep.faults(connection) == []


@pytest.mark.parametrize("db_app", ["postgresql"], indirect=True)
def test_rows_of_a_total_are_folded_and_writers_do_not_wait(db_app: Flask, team: dict[str, int]) -> None:
    with db_app.app_context():
        fill(5, sorted(team.values()))
        with db.engine.connect() as first, db.engine.connect() as second:
            second.exec_driver_sql("SET lock_timeout = '2s'")
            first.exec_driver_sql("UPDATE account_card SET sector = 'A' WHERE account_id = 1")
            for turn in range(300):
                second.exec_driver_sql("UPDATE account_card SET sector = %s WHERE account_id = 2", (f"S{turn % 7}",))
            second.commit()
            first.commit()
        connection = db.session.connection()
        assert upkeep.faults(connection) == []
        rows = connection.exec_driver_sql("SELECT count(*) FROM portfolio_count").scalar()
        assert rows is not None and rows < 900
