"""The twelve standard slides (DK-2), composed from frozen facts. Pure: the same material gives the same deck.

A slide's maker takes a Composer and returns a Draft; this file knows which exist, in which order, and which sections of
the form ask for them (RV-3).
"""

from collections.abc import Mapping, Sequence

from haark.reviews.content import ahead, challenges, closing, objectives, opening, own, stories, usage, value
from haark.reviews.content.context import Composer, Draft, Edit, Field, Maker, Material, Place

MAKERS: Mapping[str, Maker] = {
    "cover": opening.cover,
    "agenda": opening.agenda,
    "objectives": objectives.objectives,
    "value": value.value,
    "usage": usage.usage,
    "stories": stories.stories,
    "progress": objectives.progress,
    "challenges": challenges.challenges,
    "roadmap": ahead.roadmap,
    "plan": ahead.plan,
    "opportunities": closing.opportunities,
    "recap": closing.recap,
}
ALWAYS = ("cover", "agenda")
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "results": ("objectives", "value", "stories", "progress", "challenges"),
    "usage": ("usage",),
    "opportunities": ("opportunities",),
    "actions": ("roadmap", "plan", "recap"),
}

__all__ = ["ALWAYS", "MAKERS", "SECTIONS", "Draft", "Edit", "Field", "Material", "Place", "compose", "slides_of"]


def slides_of(sections: Sequence[str]) -> list[str]:
    """The slides that the chosen sections ask for, in the standard order."""
    wanted = {*ALWAYS, *(key for section in sections for key in SECTIONS[section])}
    return [key for key in MAKERS if key in wanted]


def compose(material: Material, places: Sequence[Place]) -> dict[str, Draft]:
    """The slides of these places by their keys, in the order given."""
    return {place.key: _draft(material, place) for place in places}


def _draft(material: Material, place: Place) -> Draft:
    make = Composer.of(material, place.key, place.named)
    if place.kind in ("", "copy"):
        return MAKERS[place.named](make)
    return own.draft(make, place)
