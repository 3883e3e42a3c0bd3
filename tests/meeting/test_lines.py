"""The one line: kinds, owners and days in three languages; whatever is typed, nothing is lost or kept in the past."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark import formats
from haark.reviews.meeting import days, lines
from haark.reviews.meeting.people import Person

ON = date(2026, 11, 12)  # a Thursday
CLAIRE = Person("user", 1, "Claire Delorme")
PAUL = Person("contact", 2, "Paul Guérin")
PAULA = Person("contact", 3, "Paula Roy")
JULIEN = Person("contact", 4, "Julien Perrot")
OLENA = Person("user", 5, "Олена Іваненко")
PEOPLE = (CLAIRE, PAUL, PAULA, JULIEN, OLENA)


def read(line, **more):
    return lines.read(line, PEOPLE, ON, me=CLAIRE, **more)


@pytest.mark.parametrize(
    ("line", "kind", "text", "owner", "due"),
    [
        ("/a Recréer les badges @paul 20/11", "action", "Recréer les badges", PAUL, date(2026, 11, 20)),
        ("/a Recréer les badges 20/11 @Paul Guérin", "action", "Recréer les badges", PAUL, date(2026, 11, 20)),
        ("/action Former @julien perrot pour le 4 déc. 2026", "action", "Former", JULIEN, date(2026, 12, 4)),
        ("Livrer le correctif EDI @moi demain", "action", "Livrer le correctif EDI", CLAIRE, date(2026, 11, 13)),
        ("/a Send the deck @me by next friday", "action", "Send the deck", CLAIRE, date(2026, 11, 20)),
        ("/a Envoyer le devis vendredi", "action", "Envoyer le devis", None, date(2026, 11, 13)),
        ("/a Envoyer le devis jeudi", "action", "Envoyer le devis", None, date(2026, 11, 19)),
        ("/a Relancer +7j", "action", "Relancer", None, date(2026, 11, 19)),
        ("/a Call back in 2 weeks", "action", "Call back", None, date(2026, 11, 26)),
        ("/д Надіслати звіт @олена до п’ятниці", "action", "Надіслати звіт", OLENA, date(2026, 11, 13)),
        ("/a Оновити доступи 20.11.2026", "action", "Оновити доступи", None, date(2026, 11, 20)),
        ("/a Підготувати план 4 грудня", "action", "Підготувати план", None, date(2026, 12, 4)),
        ("/a Préparer le plan 03/02", "action", "Préparer le plan", None, date(2027, 2, 3)),
        ("/d Étendre à Lyon si Orléans repasse 60 %", "decision", "Étendre à Lyon si Orléans repasse 60 %", None, None),
        ("/décision Comité le 20/11", "decision", "Comité le 20/11", None, None),
        ("/q Qui valide le budget ? @anne", "question", "Qui valide le budget ?", None, None),
        ("/z ceci reste un texte", "action", "/z ceci reste un texte", None, None),
        ("Préparer la réunion de mardi", "action", "Préparer la réunion de mardi", None, None),
        ("Écrire à paul@valmorin.example", "action", "Écrire à paul@valmorin.example", None, None),
        ("20/11", "action", "20/11", None, None),
    ],
)
def test_a_line_is_read_as_people_write_it(line, kind, text, owner, due):
    found = read(line)
    assert (found.kind, found.text, found.owner, found.due_on) == (kind, text, owner, due)


def test_a_name_that_several_bear_is_a_question_and_one_that_nobody_bears_too():
    assert read("Voir @pau").found == (PAUL, PAULA)
    assert read("Voir @pau").owner is None
    assert read("Voir @paul").owner == PAUL  # a whole word wins over a beginning
    assert (read("Voir @zoé demain").asked, read("Voir @zoé demain").found) == ("zoé", ())


def test_a_day_that_just_passed_is_told_and_not_moved_a_year_ahead():
    assert read("Envoyer 10/11").due_on == date(2026, 11, 10)
    assert read("Envoyer 10/11/2025").due_on == date(2025, 11, 10)


@given(st.integers(1, 300), st.sampled_from(formats.LANGUAGES))
def test_every_day_to_come_is_read_back_in_each_way_to_write_it(ahead, language):
    day = ON + timedelta(ahead)
    ways = [f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", day.isoformat(), f"+{ahead}j", f"in {ahead} days"]
    ways += [formats.day(day, language).removesuffix(" р."), formats.day_long(day, language).removesuffix(" р.")]
    if day < ON.replace(year=2027) - timedelta(61):
        ways.append(f"{day:%d/%m}")
    for way in ways:
        found = read(f"Relancer {way}")
        assert (found.text, found.due_on) == ("Relancer", day), way


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_and_no_word_is_lost(text):
    found = read(text)
    said = f"{found.text} @{found.asked} " + text
    assert found.kind in lines.KINDS
    if not any(mark in text for mark in "/@") and found.due_on is None:
        assert found.text == " ".join(text.split())
    assert all(word in said for word in found.text.split())


@given(
    st.lists(
        st.sampled_from(sorted(days.LEADS | {"demain", "vendredi", "20/11", "mai", "+3j", "3", "nov"})), max_size=5
    )
)
def test_a_line_of_nothing_but_days_keeps_its_words(words):
    found = read(" ".join(words))
    assert found.text or not words
