"""Facts for the tests of the score: a client in good health, to be changed one fact at a time."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from haark.health import rules
from haark.health.facts import KEY_ROLES, Answer, Exchanges, Facts, Past, Support, Use

ON = date(2026, 11, 12)


def ago(days: int) -> date:
    return ON - timedelta(days)


USE = Use(
    last_reported=ago(1),
    last_used=ago(1),
    users_now=45.0,
    users_before=66.0,
    events_now=280.0,
    events_before=412.0,
    features_used=5,
    features_known=6,
)
EXCHANGES = Exchanges(last_logged=ago(2), last_two_way=ago(14), two_way_30=2, all_90=10, two_way_90=6)
SUPPORT = Support(last_movement=ago(6), open_urgent=0, open_high=1, open_other=0, closed_90=4, resolution_hours=40.0)
PAST = Past(
    tenure_months=44, arr_now=12_000_000, arr_before=10_800_000, renewed=3, lost=0, contractions=0, departures=0
)


def facts(**changed: Any) -> Facts:
    """Groupe Valmorin, or nearly: every component has data."""
    whole = Facts(
        seats=80,
        use=USE,
        exchanges=EXCHANGES,
        roles_known=frozenset(KEY_ROLES),
        roles_held=frozenset(KEY_ROLES),
        nps=(Answer(ago(20), 9), Answer(ago(110), 7)),
        ticket_csat=(Answer(ago(14), 4), Answer(ago(55), 5)),
        support=SUPPORT,
        past=PAST,
    )
    return replace(whole, **changed)


days = st.integers(0, 400).map(ago)
fraction = st.floats(0, 200, allow_nan=False)
uses = st.builds(
    Use,
    last_reported=days,
    last_used=days,
    users_now=st.none() | fraction,
    users_before=st.none() | fraction,
    events_now=st.none() | fraction,
    events_before=st.none() | fraction,
    logins_now=st.none() | fraction,
    logins_before=st.none() | fraction,
    features_used=st.integers(0, 6),
    features_known=st.just(6),
)
small = st.integers(0, 6)
meetings = st.builds(
    lambda logged, silent, month, two_way, out: Exchanges(logged, silent, min(month, two_way), two_way + out, two_way),
    days,
    st.none() | days,
    small,
    small,
    small,
)
desks = st.builds(Support, days, small, small, small, small, st.none() | st.floats(0, 500))
pasts = st.builds(
    Past,
    st.none() | st.integers(0, 200),
    st.none() | st.integers(0, 10**9),
    st.none() | st.integers(0, 10**9),
    small,
    small,
    st.none() | small,
    st.none() | small,
)
roles = st.frozensets(st.sampled_from(KEY_ROLES))
said = st.lists(st.builds(Answer, days, st.floats(0, 10)), max_size=5).map(tuple)
anything = st.builds(
    lambda known, held, **rest: Facts(roles_known=known | held, roles_held=held, **rest),
    known=roles,
    held=roles,
    seats=st.none() | st.integers(1, 300),
    use=st.none() | uses,
    exchanges=st.none() | meetings,
    nps=said,
    csat=said,
    ticket_csat=said,
    support=st.none() | desks,
    past=st.none() | pasts,
)
weights = st.fixed_dictionaries({name: st.integers(1, 100) for name in rules.COMPONENTS})
