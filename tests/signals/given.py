"""Groupe Valmorin as detection sees it on the reference day, to be changed one fact at a time."""

from dataclasses import replace
from typing import Any

from haark.health.rules import DEFAULT_WEIGHTS, Health, score
from haark.signals.facts import Seen
from tests.health.given import ON, ago, facts

__all__ = ["ON", "ago", "facts", "health_of", "seen"]


def health_of(value: int | None) -> Health:
    """A health with this score; nothing else of it matters to detection."""
    found = score(facts(), DEFAULT_WEIGHTS, ON)
    band = "" if value is None else "green" if value >= 80 else "yellow" if value >= 50 else "red"
    return replace(found, score=value, band=band)


def seen(**changed: Any) -> Seen:
    """ARR 120 000 €, renewal in 60 days, usage -32 %, health 68 after 80."""
    whole = Seen(
        on=ON,
        facts=facts(),
        arr_cents=12_000_000,
        renewal_on=ago(-60),
        seats=80,
        health=health_of(68),
        before=health_of(80),
        churn=0.35,
    )
    return replace(whole, **changed)
