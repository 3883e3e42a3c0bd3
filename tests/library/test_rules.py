"""Whom an entry fits, and whether it may be told: known answers, and what must hold for any entry."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haark.library.rules import (
    Profile,
    Reason,
    betrayed,
    order,
    permitted,
    rank,
    standing,
    tellable_item,
    tellable_story,
)

ON = date(2026, 11, 12)
WORDS = ("Logistique", "Santé", "litiges", "edi", "prévision", "pénalités", "carbone")


@dataclass(frozen=True)
class Entry:
    sectors: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    language: str = "fr"
    valid_from: date | None = None
    valid_until: date | None = None
    client: str = "Kalysta"
    account_id: int | None = 2
    permission: str = "named"
    permission_until: date | None = None


VALMORIN = Profile(
    1,
    "Groupe Valmorin",
    "Distribution",
    used={"litiges": "Litiges", "edi": "Échanges EDI"},
    unused={"prevision": "Prévision de charge"},
    needs=("nouveau site",),
    lines=("Lyon veut démarrer, demande un chiffrage de Prévision.",),
)
some = st.lists(st.sampled_from(WORDS), max_size=4, unique=True).map(tuple)
days = st.none() | st.integers(-40, 40).map(lambda number: ON + timedelta(number))
entries = st.builds(
    Entry,
    some,
    some,
    some,
    st.sampled_from(("fr", "en", "uk")),
    days,
    days,
    st.sampled_from(("Kalysta", "groupe  VALMORIN", "")),
    st.sampled_from((1, 2, None)),
    st.sampled_from(("none", "anonymous", "named")),
    days,
)
profiles = st.builds(
    lambda sector, used, unused, needs: Profile(
        1,
        "Groupe Valmorin",
        sector,
        "fr",
        dict(zip(used, used, strict=True)),
        {key: key for key in unused if key not in used},
        needs,
    ),
    st.sampled_from((*WORDS, "")),
    some,
    some,
    some,
)


def test_points_and_reasons_of_the_reference_account():
    story = Entry(
        ("distribution",), ("litiges", "prevision", "carbone"), ("PREVISION", "Nouveau site", "nouveau  site")
    )
    found = rank(story, VALMORIN)
    assert found is not None and found.points == 40 + 30 + 30 + 20 + 10
    assert found.reasons == (
        Reason("sector", "Distribution"),
        Reason("need", "PREVISION"),
        Reason("need", "Nouveau site"),
        Reason("used", "Litiges"),
        Reason("unused", "Prévision de charge"),
    )
    assert rank(Entry(), VALMORIN) == rank(Entry(), Profile(9, "x"))  # no tag: everybody, without points
    assert rank(Entry(sectors=("Banque",)), VALMORIN) is None
    assert rank(Entry(sectors=("Banque",), features=("edi",)), VALMORIN).points == 20


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (None, None, "valid"),
        (ON, ON, "valid"),
        (ON + timedelta(1), None, "coming"),
        (None, ON - timedelta(1), "expired"),
    ],
)
def test_both_days_of_a_validity_belong_to_it(start, end, says):
    assert standing(start, end, ON) == says


def test_permission_ends_after_its_last_day():
    assert permitted("named", ON, ON) and not permitted("named", ON - timedelta(1), ON)
    assert permitted("anonymous", None, ON) and not permitted("none", None, ON)


def test_an_anonymous_story_must_not_name_anybody():
    texts = {
        "title": "Chez Terres d’Armor, 34 % de litiges en moins",
        "quote": "Paul est ravi",
        "result": "Terres rares",
    }
    assert betrayed(texts, ("terres d'armor", "Paul")) == ["title", "quote"]
    assert betrayed(texts, ("", "  ")) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries, profiles, st.sampled_from(("sectors", "features", "needs")), st.data())
def test_one_more_matching_tag_never_lowers_an_entry(entry, who, name, data):
    fits = {"sectors": [who.sector] if who.sector else [], "features": [*who.used, *who.unused], "needs": [*who.needs]}
    if not fits[name]:
        return
    more = replace(entry, **{name: (*getattr(entry, name), data.draw(st.sampled_from(fits[name])))})
    before, after = rank(entry, who), rank(more, who)
    assert after is not None and after.points >= (before.points if before else 0)
    if before is not None:
        places = [order(entry.language, who, found.points, ON, 1) for found in (before, after)]
        assert places[1] <= places[0]


@given(entries, profiles)
def test_what_ended_what_is_forbidden_and_ones_own_is_never_told(entry, who):
    told = tellable_story(entry, who, ON)
    if told:
        assert entry.permission != "none" and entry.account_id != who.account_id and "VALMORIN" not in entry.client
        assert entry.permission_until is None or entry.permission_until >= ON
    if entry.valid_until is not None and entry.valid_until < ON:
        assert not told and not tellable_item(entry, True, ON)
    assert not tellable_item(entry, False, ON)


@given(entries, profiles)
def test_reasons_and_points_say_the_same(entry, who):
    found = rank(entry, who)
    worth = {"sector": 40, "need": 30, "used": 20, "unused": 10, "everybody": 0}
    if found is not None:
        assert found.points == sum(worth[why.kind] for why in found.reasons) and found.reasons
