"""The address of the list: everything that it says comes back, and what it cannot say is refused."""

import contextlib
from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.portfolio import rules
from haark.portfolio.rules import BadCursor, View

words = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
owners = st.one_of(st.sampled_from(["me", "unknown"]), st.integers(1, 10**6).map(str))


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


views = st.builds(
    View,
    q=words.map(str.strip),
    sector=several(words),
    size=several(st.sampled_from(["1-49", "50-249", "1000+", "unknown"])),
    segment=several(st.sampled_from(["growth", "enterprise", "unknown"])),
    health=several(st.sampled_from(["green", "yellow", "red", "unknown"])),
    risk=several(st.sampled_from(["at_risk", "none", "usage_drop", "kind_to_come"])),
    opportunity=several(st.sampled_from(["promoter", "none"])),
    renewal=several(st.sampled_from(["past", "30", "60", "90", "180", "unknown"])),
    review=several(st.sampled_from(["late", "due", "planned", "none"])),
    owner=several(owners),
    sort=st.sampled_from(sorted(rules.SORTS)),
    descending=st.booleans(),
    peek=st.none() | st.integers(0, 10**8),
)


def read(query: str) -> View:
    values = parse_qs(query, keep_blank_values=True)
    return rules.read(lambda name: values.get(name, []))


@given(views)
def test_an_address_restores_the_whole_state(view: View) -> None:
    assert read(view.query()) == view


def test_the_list_as_it_opens_has_no_query() -> None:
    assert View().query() == ""
    assert read("") == View()


def test_what_cannot_be_a_value_is_left_out() -> None:
    assert read("risk=a-b&risk=é&opportunity=1&renewal=45&review=soon") == View()
    view = read("size=&health=purple&owner=-3&owner=DROP&sort=password&peek=12345678901&q=%00%07 ab&sector=a%00b")
    assert view == View(q="ab", sector=("ab",))


def test_a_column_turns_round_when_it_is_chosen_again() -> None:
    by_arr = View().sorted_by("arr")
    assert (by_arr.order, by_arr.sorted_by("arr").order) == ("-arr", "arr")
    assert View().sorted_by("renewal").order == "-renewal"


VALUES = {
    "name": words,
    "arr": st.integers(0, 10**15),
    "change": st.floats(-1, 50),
    "health": st.integers(0, 100),
    "trend": st.integers(-100, 100),
    "churn": st.floats(0, 1),
    "risk": st.integers(0, 20),
    "opportunity": st.integers(0, 20),
    "review": st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    "renewal": st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    "owner": st.tuples(words, st.integers(1, 2**40)),
}


@given(st.data(), st.sampled_from(sorted(VALUES)), st.booleans(), words, st.integers(1, 2**40))
def test_a_place_in_the_list_comes_back(
    data: st.DataObject, sort: str, descending: bool, name: str, ident: int
) -> None:
    value = data.draw(st.none() | VALUES[sort])
    view = View(sort=sort, descending=descending)
    place = rules.parse_cursor(view.at(rules.make_cursor(view, value, name, ident)))
    assert place == rules.Cursor(value, name, ident)


FAKES = [
    "zzz",
    "é",
    "AAAA",
    "W10",  # []
    "bnVsbA",  # null
    rules.make_cursor(View(sort="arr"), 5, "x", 1),  # of another order
    rules.make_cursor(View(), "tomorrow", "x", 1),
    rules.make_cursor(View(), 12, "x", 1),
    rules.make_cursor(View(), None, 3, 1),  # type: ignore[arg-type]
    rules.make_cursor(View(), None, "x", True),
    rules.make_cursor(View(), None, "x", 2**80),
    rules.make_cursor(View(), None, "a\0b", 1),
    "W1tb" * 4000,
]


@pytest.mark.parametrize("fake", FAKES)
def test_a_made_up_place_is_refused(fake: str) -> None:
    with pytest.raises(BadCursor):
        rules.parse_cursor(View(after=fake))


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_place(text: str) -> None:
    with contextlib.suppress(BadCursor):
        rules.parse_cursor(View(after=text))


def test_a_search_is_folded_and_its_wildcards_stand_for_themselves() -> None:
    assert rules.like("Société 100%_\\") == "%societe 100\\%\\_\\\\%"


@pytest.mark.parametrize(
    ("days", "tone"), [(-3, "bad"), (0, "bad"), (45, "bad"), (46, "warn"), (90, "warn"), (91, ""), (None, "")]
)
def test_a_renewal_is_pressing_at_45_and_90_days(days: int | None, tone: str) -> None:
    assert rules.nearness(days) == tone
