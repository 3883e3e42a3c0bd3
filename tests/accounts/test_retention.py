"""NRR, GRR and logo churn: worked examples, laws that hold for any cohort, and SQL that says the same."""

import doctest

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from haark import clock
from haark.accounts import retention
from haark.accounts.models import Account, AccountCard
from haark.accounts.retention import Pair, of
from haark.extensions import db

amounts = st.none() | st.just(0) | st.integers(1, 10**11)
cohorts = st.lists(st.tuples(amounts, amounts), max_size=30)


def test_the_worked_examples_of_the_docstrings_hold() -> None:
    outcome = doctest.testmod(retention)
    assert outcome.attempted >= 6 and not outcome.failed


@given(cohorts)
def test_gross_is_never_above_one_nor_above_net(pairs: list[Pair]) -> None:
    found = of(pairs)
    if found.nrr is None or found.grr is None or found.logo_churn is None:
        assert found.accounts == found.before_cents == 0
        return
    assert 0 <= found.grr <= 1 and found.grr <= found.nrr
    assert 0 <= found.logo_churn <= 1


@given(st.lists(st.integers(1, 10**11), min_size=1))
def test_accounts_that_did_not_change_keep_everything(levels: list[int]) -> None:
    found = of([(level, level) for level in levels])
    assert (found.nrr, found.grr, found.logo_churn) == (1, 1, 0)


@given(cohorts, st.data())
def test_neither_order_nor_newcomers_nor_the_currency_matter(pairs: list[Pair], data: st.DataObject) -> None:
    found = of(pairs)
    assert of(data.draw(st.permutations(pairs))) == found
    with_new = of([*pairs, (None, 10**9), (0, 5)])
    assert (with_new.nrr, with_new.grr, with_new.logo_churn) == (found.nrr, found.grr, found.logo_churn)
    times = data.draw(st.integers(1, 1000))
    scaled = of([(a and a * times, b and b * times) for a, b in pairs])
    assert (scaled.nrr, scaled.grr) == (pytest.approx(found.nrr), pytest.approx(found.grr))


PAIRS: list[Pair] = [
    (100_00, 120_00),
    (100_00, 40_00),
    (70_00, 0),
    (0, 90_00),
    (None, 30_00),
    (55_00, None),
    (None, None),
    (0, 0),
    (None, 0),
    (9_000_000_000_00, 9_000_000_000_01),
    (80_00, 80_00),
]


def plant(pairs: list[Pair]) -> None:
    for index, (then, now) in enumerate(pairs):
        account = Account(name=f"C{index}", name_folded=f"c{index}", created_at=clock.moment())
        db.session.add(account)
        db.session.flush()
        common = {"account_id": account.id, "name": account.name, "name_folded": account.name_folded}
        db.session.add(AccountCard(**common, arr_before_cents=then, arr_cents=now, size=str(index % 3)))
    db.session.commit()


def test_the_sql_over_the_cards_says_what_the_rule_says(db_app: Flask) -> None:
    with db_app.app_context():
        assert retention.read(db.session.execute(db.select(*retention.sums())).one()) == of([])
        plant(PAIRS)
        assert retention.read(db.session.execute(db.select(*retention.sums())).one()) == of(PAIRS)
        card = AccountCard.__table__.c
        for size, *values in db.session.execute(db.select(card.size, *retention.sums()).group_by(card.size)):
            assert retention.read(values) == of(PAIRS[int(size) :: 3])
