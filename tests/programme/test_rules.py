"""Who counts, what is on time, when it alarms: known answers, at their very edges."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.programme import rules
from haark.programme.rules import Cell, Client, Session, Span

START, END, ON = date(2026, 7, 1), date(2026, 9, 30), date(2026, 11, 12)
Q3 = Span(START, END, ON, grace=7)


def kinds_of(arr: int) -> tuple[str, ...]:
    return ("qbr",) if arr >= 20_000_00 else ("mbr",)


def client(number: int = 1, arr: int | None = 60_000_00, **facts: date | None) -> Client:
    dates = {"since": date(2025, 1, 1), "lost": None, "live": None, **facts}
    return Client(number, f"Client {number}", 1, "Claire", "strategic", arr_at=lambda _day: arr, **dates)


def review(of: Client, due: date | None = None, held: date | None = None, **facts: object) -> Session:
    return Session(1, of, "qbr", "held" if held else "planned", due, held, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "alarms", "does_not"),
    [("coverage", "0.899", "0.90"), ("on_time", "0.849", "0.85"), ("sponsor", "0.499", "0.5"), ("score", "7.9", "8.0")],
)
def test_an_alert_is_exact(name: str, alarms: str, does_not: str) -> None:
    target = rules.TARGETS[name]
    assert target.level(Fraction(alarms)) == "alert"
    assert target.level(Fraction(does_not)) == "below"
    assert target.level(target.target) == ("met" if name == "coverage" else "below")
    assert target.level(None) == ""


def test_each_exclusion_names_its_reason() -> None:
    first = START
    reasons = {
        "": client(),
        "later": client(since=first + timedelta(1)),
        "left": client(lost=END),
        "onboarding": client(live=first + timedelta(1)),
        "unknown": client(arr=None),
        "small": client(arr=19_999_99),
    }
    assert {name: rules.exclusion(one, Q3, kinds_of) for name, one in reasons.items()} == {n: n for n in reasons}
    at_the_edge = (client(since=first), client(lost=END + timedelta(1)), client(live=first), client(since=None))
    assert [rules.exclusion(one, Q3, kinds_of) for one in at_the_edge] == ["", "", "", ""]
    monthly = Span(START, END, ON, 7, kinds=("qbr", "ebr", "mbr"))
    assert rules.exclusion(client(arr=6_000_00), monthly, kinds_of) == ""


def test_a_review_is_on_time_until_its_grace_is_over_and_not_judged_before() -> None:
    due = date(2026, 9, 1)
    cases = {
        "on its day": (review(client(), due, due), 1),
        "on the last day of grace": (review(client(), due, due + timedelta(7)), 1),
        "a day later": (review(client(), due, due + timedelta(8)), 0),
        "never": (review(client(), due), 0),
    }
    for words, (one, good) in cases.items():
        assert [line.good for line in rules.punctual([one], Q3)] == [good], words
    running = Span(START, END, due + timedelta(7), grace=7)
    assert rules.punctual([review(client(), due)], running) == []  # its grace runs until tonight
    assert rules.punctual([review(client(), END + timedelta(1))], Q3) == []
    called_off = Session(1, client(), "qbr", "cancelled", due, None)
    call = Session(1, client(), "call", "held", due, due)
    assert rules.punctual([called_off, call], Q3) == []


def test_coverage_by_count_and_by_arr() -> None:
    large, small = client(1, 300_000_00), client(2, 100_000_00)
    lines = rules.covered([large, small], [review(large, END, END), review(small, END, END + timedelta(1))], Q3)
    assert rules.share(lines) == Fraction(1, 2)
    assert rules.share_of_arr(lines, END) == Fraction(3, 4)
    assert rules.share([]) is None
    assert rules.share_of_arr([], END) is None


def test_quality_beside_the_count() -> None:
    one = client()
    sessions = [
        review(one, END, END, sponsor=True, attendance=True, scores=(9, 10), recap_hours=24.0, promised=4, kept=3),
        review(one, END, END, attendance=True, scores=(5,), recap_hours=24.1),
        review(one, END, END, recap_late=True),
        review(one, END, END),  # its recap is not due yet
    ]
    assert rules.share(rules.with_sponsor(sessions, Q3)) == Fraction(1, 4)
    assert rules.share(rules.scored(sessions, Q3)) == Fraction(24, 3)  # the mean of the answers, not of the means
    assert rules.share(rules.recapped(sessions, Q3, 24)) == Fraction(1, 3)
    assert rules.share(rules.kept(sessions, Q3)) == Fraction(3, 4)


def test_a_quarter_of_a_client() -> None:
    one = client()
    running = Span(date(2026, 10, 1), date(2026, 12, 31), ON, 7)
    assert rules.cell([], Q3, eligible=False) == Cell("none")
    assert rules.cell([], Q3, eligible=True) == Cell("missed")
    assert rules.cell([], running, eligible=True) == Cell("open")
    assert rules.cell([review(one, END, END)], Q3, eligible=True) == Cell("held", END, 1)
    assert rules.cell([review(one, START, END)], Q3, eligible=True).state == "late"
    assert rules.cell([review(one, ON)], running, eligible=True) == Cell("planned", ON, 1)
    assert rules.cell([review(one, ON - timedelta(1))], running, eligible=True).state == "late"


@given(st.fractions(0, 1))
def test_what_is_written_never_looks_better_than_it_is(value: Fraction) -> None:
    written = Fraction(str(rules.cut(value * 100, 1)))  # as a person reads it, not as its binary neighbour
    assert written <= value * 100 < written + Fraction(1, 10)
