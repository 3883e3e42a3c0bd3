"""The standard slides (DK-2): twelve, the promises, the summary and two internal ones, composed from frozen facts.

Pure: the same material gives the same deck. A slide's maker takes a Composer and returns a Draft; this file knows which
exist, in which order, and which sections of the form ask for them (RV-3).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from haark.reviews.content import (
    ahead,
    challenges,
    closing,
    inside,
    ledger,
    objectives,
    opening,
    own,
    stories,
    summary,
    usage,
    value,
)
from haark.reviews.content.context import Composer, Draft, Edit, Field, Held, Maker, Material, Place

MAKERS: Mapping[str, Maker] = {
    "cover": opening.cover,
    "agenda": opening.agenda,
    "promises": ledger.ledger,
    "summary": summary.summary,
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
    "health": inside.health,
    "risks": inside.risks,
}
ALWAYS = ("cover", "agenda", "summary", "health", "risks")
INTERNAL = ("health", "risks")
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "results": ("objectives", "value", "stories", "progress", "challenges"),
    "usage": ("usage",),
    "opportunities": ("opportunities",),
    "actions": ("roadmap", "plan", "recap"),
}

__all__ = [
    "ALWAYS",
    "INTERNAL",
    "MAKERS",
    "SECTIONS",
    "Draft",
    "Edit",
    "Field",
    "Held",
    "Material",
    "Place",
    "slides_of",
]


def slides_of(sections: Sequence[str]) -> list[str]:
    """The slides that the chosen sections ask for, in the standard order."""
    wanted = {*ALWAYS, *(key for section in sections for key in SECTIONS[section])}
    return [key for key in MAKERS if key in wanted]


def called_for(facts: Mapping[str, Any]) -> list[str]:
    """The slides that every review has with these facts: those of always, and the promises where some were made."""
    return [key for key in MAKERS if key in ALWAYS or (key == "promises" and facts.get("promises"))]


def off_at_first(key: str, kind: str) -> bool:
    """Whether a slide waits for a person to turn it on: opportunities (DK-2), the summary but for an EBR (RV-12)."""
    return key == "opportunities" or (key == "summary" and kind != "ebr")


def compose(material: Material, places: Sequence[Place]) -> dict[str, Draft]:
    """The slides of these places by their keys, in the order given."""
    return {place.key: _draft(material, place) for place in places}


def _draft(material: Material, place: Place) -> Draft:
    make = Composer.of(material, place.key, place.named)
    if place.kind in ("", "copy"):
        return MAKERS[place.named](make)
    return own.draft(make, place)
