"""A slide composed alone is the page that the whole deck has at its place."""

from dataclasses import replace

from haark.decks.compose import compose
from haark.decks.outline import Bullets, Cover, Deck, Slide, Table, Text
from haark.decks.outline import Column as TableColumn


def deck() -> Deck:
    rows = tuple((Text(f"Ligne {number}"), Text("12")) for number in range(60))
    long = Slide("long", "Détail", "Un tableau qui continue", (Table((TableColumn("A"), TableColumn("B")), rows),))
    slides = (
        Slide("cover", "", "Couverture", (Cover("QBR"),)),
        replace(long, key="hidden", hidden=True),
        long,
        Slide("own", "Détail", "Ce que nous en tirons\ufffe", (Bullets("", ("Un", "Deux")),)),
        Slide("health", "Interne", "La santé", (Bullets("", ("Un",)),), internal=True),
        Slide("last", "Suite", "La suite", (Bullets("", ("Un",)),)),
    )
    return Deck("QBR Q4 2026", "fr", "Sillage", "Valmorin", "QBR", "Q4 2026", "12 nov. 2026", "Claire", slides)


def test_alone_as_in_the_whole_deck():
    for edition in ("client", "internal"):
        whole = deck().for_edition(edition)
        _cleaned, pages = compose(whole)
        assert max(page.part for page in pages) > 0  # one slide is longer than a page
        for slide in whole.visible():
            _one, alone = compose(whole, slide.key)
            assert alone == tuple(page for page in pages if page.slide.key == slide.key)
    assert compose(deck(), "hidden")[1][0].number == 2
    assert compose(deck(), "nothing")[1] == ()
