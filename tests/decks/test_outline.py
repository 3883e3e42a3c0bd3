"""The outline survives JSON and refuses what it does not know."""

import json

import pytest

from haark.decks.outline import Brand, Deck, Slide
from tests.decks import sample, stress


@pytest.mark.parametrize("make", [sample.french, sample.english, sample.ukrainian])
def test_a_deck_survives_json(make):
    deck = make()
    assert Deck.from_dict(json.loads(json.dumps(deck.to_dict()))) == deck


def test_every_kind_of_block_survives_json_with_logos():
    deck = stress.every_block("Recréer", 2)
    branded = Deck(**{**vars(deck), "brand": Brand(logo=b"\x89PNG\x00", client_logo=b"\xff\xd8")})
    assert Deck.from_dict(json.loads(json.dumps(branded.to_dict()))) == branded


def test_an_unknown_block_is_refused_and_an_unknown_field_ignored():
    data = stress.deck(stress.slide(*stress.blocks("x", 1)[:1])).to_dict()
    data["from_the_future"] = 1
    assert Deck.from_dict(data).slides[0].blocks
    data["slides"][0]["blocks"][0]["kind"] = "Marquee"
    with pytest.raises(ValueError, match="Marquee"):
        Deck.from_dict(data)


def test_hidden_slides_are_not_visible():
    hidden = Slide("own-1", "", "Caché", hidden=True)
    assert stress.deck(hidden, stress.slide()).visible() == (stress.slide(),)
