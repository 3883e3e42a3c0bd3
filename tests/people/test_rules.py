from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haark.people.rules import WINDOW, device, is_email, normal_email, password_problem, wait_until

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["a@b.c", "prénom.nom+qbr@sous.domaine.fr"])
def test_addresses(text):
    assert is_email(normal_email(f" {text.upper()} "))


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "@b.c", "a b@c.d", "a@b.c\nBcc: x@y.z", "a@b.c,d@e.f", "x" * 251 + "@b.c"]
)
def test_not_addresses(text):
    assert not is_email(text)


@pytest.mark.parametrize(
    ("password", "problem"),
    [("neuf-----", "short"), ("x" * 1025, "long"), ("Claire Delorme ", "personal"), ("dix--------", None)],
)
def test_passwords(password, problem):
    assert password_problem(password, "c@s.test", "claire delorme") == problem


@settings(deadline=None)
@given(st.lists(st.integers(0, 3600), max_size=30), st.integers(1, 10))
def test_after_the_wait_there_is_room_again(ages, limit):
    failures = [NOW - timedelta(seconds=age) for age in ages]
    until = wait_until(failures, limit, NOW)
    recent = [at for at in failures if at > NOW - WINDOW]
    assert (until is None) == (len(recent) < limit)
    if until:
        assert NOW < until <= NOW + WINDOW
        assert wait_until(failures, limit, until) is None


def test_devices():
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1"
    assert device(firefox) == ("Firefox", "Linux")
    assert device(safari) == ("Safari", "iPhone")
    assert device("curl/8") == ("", "")
