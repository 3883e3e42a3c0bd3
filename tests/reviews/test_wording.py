"""Three languages say the same things, with the same places, in every plural form that they have."""

import re
import string

import pytest
from babel import Locale

from haark.formats import LANGUAGES
from haark.reviews.wording import Words, phrases

FORMS = {"fr": {"one", "other"}, "en": {"one", "other"}, "uk": {"one", "few", "many", "other"}}
INTERNAL = re.compile(r"churn|health|santé|здоров|\bARR\b|attrition|renewal|renouvellement", re.I)

OURS = ("prep.", "gap.", "field.", "figure.", "source.haark", "series.arr", "internal.", "slide.health", "slide.risks")


def texts(phrase):
    return phrase.values() if isinstance(phrase, dict) else [phrase]


def places(text):
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_exists_with_every_form(language):
    assert set(phrases(language)) == set(phrases("fr"))
    for key, phrase in phrases(language).items():
        assert all(text.strip() for text in texts(phrase)), key
        if isinstance(phrase, dict):
            assert FORMS[language] <= set(phrase) <= FORMS[language] | {"zero"}, key
            assert set(phrase) - {"zero"} <= Locale.parse(language).plural_form.tags | {"other"}, key


@pytest.mark.parametrize("language", ["en", "uk"])
def test_no_translation_asks_for_a_place_that_the_french_lacks(language):
    for key, phrase in phrases(language).items():
        known = set().union(*(places(text) for text in texts(phrases("fr")[key]))) | {"n"}
        extra = {"met", "total", "resolved", "left", "urgent", "told", "minutes", "client", "period"}
        for text in texts(phrase):
            assert places(text) <= known | extra, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_client_reads_holds_no_internal_word(language):
    for key, phrase in phrases(language).items():
        if key.startswith(OURS):
            continue  # for our own eyes
        for text in texts(phrase):
            assert not INTERNAL.search(text), key


def test_plural_forms_of_ukrainian():
    words = Words("uk")
    assert [words("days", n) for n in (1, 3, 5, 11, 22, 2.5)] == [
        "1 день",
        "3 дні",
        "5 днів",
        "11 днів",
        "22 дні",
        "2.5 дня",
    ]
