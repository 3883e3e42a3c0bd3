"""Lines that people type, and what they say."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.measures.lines import words
from haark.measures.lines.rules import Line, Someone, read, tag_of

TODAY = date(2026, 11, 12)  # a Thursday
SOPHIE = Someone("Sophie Marchand", "sophie@v.test")
JULIEN = Someone("Julien Perrot", "julien@v.test")
ANNE = Someone("Anne Le Goff", "anne@v.test")
OTHER_ANNE = Someone("Anne Leclerc", "leclerc@v.test")
GONE = Someone("Julien Ancien", "gone@v.test", here=False)
SILENT = Someone("Paul Guérin", "")
OLENA = Someone("Олена Шевченко", "olena@v.test")
PEOPLE = (SOPHIE, JULIEN, ANNE, OTHER_ANNE, GONE, SILENT, OLENA)


def ago(days: int) -> date:
    return TODAY - timedelta(days)


KNOWN: list[tuple[str, Line]] = [
    (
        "Appel avec Sophie hier : budget validé #budget",
        Line("call", "budget validé", ago(1), None, SOPHIE, tags=("budget",), head="Appel avec Sophie hier"),
    ),
    (
        "Call with Sophie yesterday: budget approved",
        Line("call", "budget approved", ago(1), None, SOPHIE, head="Call with Sophie yesterday"),
    ),
    (
        "Дзвінок з Оленою вчора: бюджет погоджено",
        Line("call", "бюджет погоджено", ago(1), None, OLENA, head="Дзвінок з Оленою вчора"),
    ),
    ("Appel : relance", Line("call", "relance", head="Appel")),
    ("e-mail : devis envoyé", Line("email", "devis envoyé", head="e-mail")),
    ("Attention : budget gelé", Line("note", "Attention : budget gelé")),
    ("appel :", Line("note", "appel :")),
    ("appel:relance", Line("note", "appel:relance")),
    ("Réunion lundi 14h30 : cadrage", Line("meeting", "cadrage", ago(3), 870, head="Réunion lundi 14h30")),
    (
        "Visio le 12/10 à 9:00 - revue du plan",
        Line("meeting", "revue du plan", date(2026, 10, 12), 540, head="Visio le 12/10 à 9:00"),
    ),
    (
        "Mail de Sophie Marchand : ok pour jeudi",
        Line("email", "ok pour jeudi", None, None, SOPHIE, direction="in", head="Mail de Sophie Marchand"),
    ),
    (
        "Mail à Julien il y a 3 jours : devis",
        Line("email", "devis", ago(3), None, JULIEN, direction="out", head="Mail à Julien il y a 3 jours"),
    ),
    (
        "Email to Julien 2 weeks ago: quote",
        Line("email", "quote", ago(14), None, JULIEN, direction="out", head="Email to Julien 2 weeks ago"),
    ),
    (
        "Лист від Олени 3 дні тому: дякує",
        Line("email", "дякує", ago(3), None, OLENA, direction="in", head="Лист від Олени 3 дні тому"),
    ),
    # Words that are better kept, or unknown ones: nothing is taken out.
    ("Point mensuel avec Julien : RAS", Line("meeting", "Point mensuel avec Julien : RAS", None, None, JULIEN)),
    ("Appel d’offres : réponse prévue", Line("note", "Appel d’offres : réponse prévue")),
    (
        "Appel avec Sophie et Julien : cadrage",
        Line("call", "Appel avec Sophie et Julien : cadrage", None, None, SOPHIE),
    ),
    ("Appel avec Paul : ok", Line("call", "Appel avec Paul : ok")),
    (
        "Appel avec Anne : ok",
        Line("call", "Appel avec Anne : ok", None, None, None, unsure=("Anne Le Goff", "Anne Leclerc")),
    ),
    ("Appel de Mme Le Goff hier : ok", Line("call", "ok", ago(1), None, ANNE, head="Appel de Mme Le Goff hier")),
    # Without a head: the beginning counts, all of it stays.
    ("Appel Sophie hier, budget à revoir", Line("call", "Appel Sophie hier, budget à revoir", ago(1), None, SOPHIE)),
    ("Appel Sophie sans réponse", Line("call", "Appel Sophie sans réponse", None, None, SOPHIE, direction="out")),
    ("Mail serveur en panne", Line("note", "Mail serveur en panne")),
    ("Le budget de Julien est gelé", Line("note", "Le budget de Julien est gelé", None, None, JULIEN)),
    ("Rien de neuf", Line("note", "Rien de neuf")),
    ("Réunion", Line("meeting", "Réunion")),
    # Tags: around the text they leave it, inside they stay as words; what is no tag stays.
    (
        "#Upsell le #module Prévision plaît #besoin #VIP.",
        Line("note", "le module Prévision plaît", tags=("upsell", "module", "besoin", "vip")),
    ),
    ("Ticket #4821 et C# : lent", Line("note", "Ticket #4821 et C# : lent")),
    ("#budget", Line("note", "budget", tags=("budget",))),
    ("", Line("note", "")),
]


@pytest.mark.parametrize(("text", "line"), KNOWN, ids=[text[:40] for text, _line in KNOWN])
def test_what_a_line_says(text: str, line: Line) -> None:
    assert read(text, PEOPLE, TODAY) == line


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("aujourd’hui", TODAY),
        ("avant-hier", ago(2)),
        ("позавчора", ago(2)),
        ("jeudi", TODAY),
        ("jeudi dernier", ago(7)),
        ("last friday", ago(6)),
        ("у минулу середу", ago(1)),
        ("п’ятницю", ago(6)),
        ("12/11", TODAY),
        ("13/11", date(2025, 11, 13)),
        ("11/23", date(2025, 11, 23)),
        ("3/2/26", date(2026, 2, 3)),
        ("02.11", date(2026, 11, 2)),
        ("2026-10-30", date(2026, 10, 30)),
        ("le 1er octobre", date(2026, 10, 1)),
        ("12 nov. 2025", date(2025, 11, 12)),
        ("October 3rd", date(2026, 10, 3)),
        ("12 листопада", TODAY),
        ("29/02", None),
        ("31/11", None),
        ("12/11/2027", None),
        ("demain", None),
    ],
)
def test_days_in_words_and_figures(said: str, day: date | None) -> None:
    assert read(f"Appel {said} : ok", (), TODAY).day == day


def test_tags_as_they_are_kept() -> None:
    assert [tag_of(one) for one in ("#Budget", " Deux mots ", "##", "x" * 99)] == ["budget", "deux-mots", "", "x" * 60]


WORDS = """Appel avec Sophie Julien Anne Олена з hier 12/11 14h30 : - #budget budget validé mail de à #VIP, réunion,
note lundi dernier il y a 3 jours ago C# d’Anne l’équipe « oui » sans réponse"""
PIECES = st.sampled_from(WORDS.split())


@given(st.lists(PIECES | st.text(max_size=6), max_size=12).map(" ".join))
def test_no_word_is_lost(text: str) -> None:
    line = read(text, PEOPLE, TODAY)
    kept = " ".join([line.summary, line.head, *line.tags])
    assert set(re.findall(r"\w+", text.lower())) <= set(re.findall(r"\w+", kept.lower()))
    assert line.kind in ("call", "email", "meeting", "note") and line.direction in ("", "in", "out")
    assert line.day is None or line.day <= TODAY
    assert read(line.summary, PEOPLE, TODAY).summary or not line.summary


def test_the_words_are_written_as_lines_are_folded() -> None:
    for known in (
        words.KINDS,
        words.DAYS_AGO,
        words.WEEKDAYS,
        words.MONTHS,
        words.FILLERS,
        words.KEPT,
        words.DIRECTIONS,
    ):
        assert all(words.plain(one) == one for one in known)
