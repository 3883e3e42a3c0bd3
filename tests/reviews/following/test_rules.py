"""What a decision asks of the plan, where half-way lies, how far a pace leads: known answers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.plans.rules import Aim
from haark.reviews import promises
from haark.reviews.following import rules
from haark.reviews.following.rules import Part, Suggestion
from haark.reviews.promises import Grade

ON = date(2026, 11, 19)
OTIF = Part("objective", 3, "Taux de service OTIF", "OTIF mensuel", 96.0, date(2026, 12, 31))
USERS = Part("objective", 4, "Utilisateurs actifs", "Actifs 30 j", 70.0, date(2026, 12, 31))
PILOT = Part("milestone", 8, "Pilote à Lyon", due_on=date(2027, 2, 26))
PARTS = [OTIF, USERS, PILOT]


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ("Reporter le taux de service OTIF au 31 mars 2027", ("objective", 3, {"due_on": date(2027, 3, 31)})),
        ("Porter le taux OTIF de 90 à 97,5 %", ("objective", 3, {"target": 97.5})),
        (
            "Utilisateurs actifs : 80 pour le 31/01/2027",
            ("objective", 4, {"due_on": date(2027, 1, 31), "target": 80.0}),
        ),
        ("Avancer le pilote de Lyon au 12/02/2027", ("milestone", 8, {"due_on": date(2027, 2, 12)})),
        ("Créer un comité mensuel des litiges", ("milestone", None, {"title": "Créer un comité mensuel des litiges"})),
        (
            "Ouvrir un site à Marseille pour le 30/06/2027",
            ("milestone", None, {"title": "Ouvrir un site à Marseille", "due_on": date(2027, 6, 30)}),
        ),
        ("Garder le taux de service OTIF à 96 %", None),
        ("Confirmer le pilote à Lyon", None),
        ("   ", None),
    ],
)
def test_a_decision_changes_what_it_speaks_of(
    decision: str, expected: tuple[str, int | None, dict[str, object]]
) -> None:
    assert rules.suggestion(decision, PARTS, ON) == (None if expected is None else Suggestion(*expected))


@given(st.text(max_size=300))
def test_no_decision_breaks_the_reading(decision: str) -> None:
    found = rules.suggestion(decision, PARTS, ON)
    assert found is None or (found.values and len(str(found.values.get("title", ""))) <= 200)


def test_half_way_is_a_working_day_and_needs_a_way() -> None:
    assert rules.half_way(ON, date(2027, 2, 25)) == date(2027, 1, 7)  # 98 days: the Thursday in their middle
    assert rules.half_way(date(2026, 11, 21), date(2027, 2, 27)) == date(2027, 1, 11)  # a Saturday: the Monday after
    assert rules.half_way(ON, ON + timedelta(44)) is None
    assert rules.half_way(ON, None) is None


def test_a_pace_is_a_straight_line() -> None:
    aim = Aim(baseline=50.0, current=54.0, target=70.0, starts_on=date(2026, 10, 1), due_on=date(2026, 12, 31))
    assert rules.forecast(aim, date(2026, 11, 1)) == pytest.approx(50 + 4 * 91 / 31)
    assert rules.forecast(aim, date(2026, 10, 1)) is None  # no way yet
    assert rules.forecast(aim, date(2026, 12, 31)) is None  # nothing to come
    assert rules.forecast(Aim(current=54.0, due_on=date(2026, 12, 31)), ON) is None


def test_a_persons_word_wins_over_the_action() -> None:
    due, done = "2026-11-23", "2026-11-27"
    item = {"state": "done", "due_on": due, "done_on": done}
    assert promises.grade(item, ON) == Grade("done", date(2026, 11, 27), 4)
    assert promises.grade({**item, "graded": "kept"}, ON) == Grade("done", date(2026, 11, 27))
    assert promises.grade({**item, "graded": "late"}, ON) == Grade("late", date(2026, 11, 27), 4)
    assert promises.grade({**item, "graded": "dropped"}, ON) == Grade("dropped", date(2026, 11, 23))
    assert promises.grade({"state": "open", "due_on": due, "graded": "kept"}, ON) == Grade("done", date(2026, 11, 23))
