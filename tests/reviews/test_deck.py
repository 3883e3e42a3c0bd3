"""Decks of the sample portfolio and of awkward accounts."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from haark import clock
from haark.accounts.models import Account
from haark.cadence.models import SECTIONS
from haark.decks.outline import Deck
from haark.decks.pdf import render_pdf
from haark.decks.pptx import render_pptx
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.reviews import assembly, domain, prep, queries
from haark.reviews.content import MAKERS
from haark.reviews.figures import Override
from tests.conftest import TODAY

AWKWARD = "🚀 Ünïcode " + "ש" * 40 + " مرحبا " + "very-long-word" * 15 + "\u202e<script>" + "x" * 40
INTERNAL = re.compile(r"\b(?:churn|santé|health|arr|здоров\w*)\b", re.I)


def stored_of(account_id: int, period: str, language: str = "fr") -> assembly.Stored:
    review = domain.generate(
        account_id,
        domain.read_period(account_id, period, TODAY),
        SECTIONS,
        language,
        by=None,
        at=clock.moment(),
        on=TODAY,
    )
    taken = queries.snapshot(review.id)
    assert taken is not None
    return queries.stored(review, taken.facts, domain.brand(), language)


@pytest.fixture
def everybody(story):
    """What is stored of the review of each sample account, for the running quarter."""
    with story.app.app_context():
        ids = db.session.scalars(db.select(Account.id).order_by(Account.id)).all()
        yield [stored_of(account_id, "2026-Q4") for account_id in ids]


def test_every_deck_of_the_sample_in_every_language(everybody):
    """Headlines that no two accounts share and that fit two lines; sources and notes; no internal word for the client;
    the same stored rows make the same deck."""
    for language in LANGUAGES:
        books = [assembly.assemble(replace(stored, language=language)) for stored in everybody]
        heads = Counter(page.slide.headline for book in books for page in book.pages)
        assert [head for head, count in heads.items() if count > 1] == []
        assert [head for head in heads if len(head) > 150] == []
        for book in books:
            check_client_slides(book.deck)
    for stored, book in list(zip(everybody, books, strict=True))[:10]:
        again = replace(stored, language=language, facts=json.loads(json.dumps(stored.facts)))
        assert assembly.assemble(again).fingerprint == book.fingerprint


def check_client_slides(deck: Deck) -> None:
    text = str(deck.visible()).replace(deck.client, "")
    assert INTERNAL.findall(text) == []
    for slide in deck.visible():
        assert slide.notes
        if slide.key not in ("cover", "agenda"):
            assert slide.source or slide.key == "recap"


def bare(app: Flask, **values: object) -> int:
    name = str(values.pop("name", "Société sans données"))
    account = Account(name=name, name_folded=name[:400], created_at=clock.now(), **values)
    db.session.add(account)
    db.session.flush()
    return account.id


def test_an_account_without_data_says_so_and_prints_what_is_known(app: Flask):
    with app.app_context():
        book = assembly.assemble(stored_of(bare(app), "2026-Q4"))
        assert [page.key for page in book.pages] == [key for key in MAKERS if key != "promises"]
        assert [page.key for page in book.pages if page.state == "empty"] == [
            "objectives",
            "value",
            "usage",
            "stories",
            "progress",
            "challenges",
            "roadmap",
            "plan",
            "recap",
            "health",
            "risks",
        ]
        assert all(page.draft.gaps for page in book.pages if page.state == "empty")
        assert [slide.key for slide in book.deck.visible()] == ["cover", "agenda"]
        assert render_pdf(book.deck)[:5] == b"%PDF-"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_of_three_hundred_characters_with_emoji_and_hebrew_still_makes_files(app: Flask, language: str):
    with app.app_context():
        account_id = bare(app, name=AWKWARD[:300].ljust(300, "x"))
        stored = stored_of(account_id, "2026-Q4", language)
        book = assembly.assemble(stored)
        assert render_pdf(book.deck)[:5] == b"%PDF-"
        assert render_pptx(book.deck)[:2] == b"PK"
        assert "<script>" not in prep.markdown(prep.sheet(stored, language, TODAY)).replace("\\<", "")


def test_a_period_before_the_account_existed_is_refused(app: Flask):
    with app.app_context():
        account_id = bare(app, contract_start=date(2025, 5, 1))
        with pytest.raises(domain.cadence.PeriodRefused, match="before_account"):
            domain.read_period(account_id, "2025-Q1", TODAY)


def test_an_overridden_gain_moves_roi_and_payback_with_it(story):
    with story.app.app_context():
        stored = stored_of(story.id("Groupe Valmorin"), "2026-Q4")
        own = {"value.gain": Override(340_000_00, "Chiffre du client")}
        found = assembly.assemble(replace(stored, overrides=own)).figures
        assert found["value.roi"].value == 900
        assert found["value.payback"].value == 1.2
        assert found["value.gain"].computed == 184_800_00


def test_the_prep_sheet_keeps_the_order_of_its_headings(story):
    with story.app.app_context():
        stored = stored_of(story.id("Groupe Valmorin"), "2026-Q4")
        lines = prep.markdown(prep.sheet(stored, "fr", TODAY)).splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        "# QBR Prep - Groupe Valmorin - Q4 2026",
        "## Informations Compte",
        "## Participants",
        "## Revue Q-1",
        "### Objectifs vs Réalisé",
        "### Highlights",
        "### Challenges",
        "## Plan Q+1",
        "### Objectifs Proposés",
        "### Actions Prioritaires",
        "## Opportunités Expansion",
        "## Notes Préparation",
    ]
    text = "\n".join(lines)
    assert "🟢" in text
    assert "🔴" in text
    assert "| Sophie Marchand | sponsor | non |" in text
