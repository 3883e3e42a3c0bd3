"""What every template of signals needs: words, forms, drawings. The pages that include one pass it on."""

from datetime import timedelta
from typing import Any

from haark import charts, clock, locale
from haark.settings import queries as settings
from haark.signals import advice_words, rules, sentences, wording
from haark.signals.advice_rules import RULES


def words() -> dict[str, Any]:
    """The context; its names are the templates' own."""
    return {
        "advice_words": advice_words,
        "charts": charts,
        "currency": settings.get("organisation.currency"),
        "gravest": rules.gravest,
        "in_days": lambda days: (clock.today(locale.timezone()) + timedelta(days)).isoformat(),
        "RULES": RULES,
        "sentences": sentences,
        "signal_words": wording,
    }
