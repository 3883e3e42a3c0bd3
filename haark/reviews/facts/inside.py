"""For our own eyes (DK-8): the score explained, what leaving is likely to cost, risks, opportunities and advice.

What `health` and `signals` say is frozen in every language, since an internal edition can be made in any of them.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup

from haark.cadence.rules import month_index, month_start
from haark.formats import LANGUAGES
from haark.health import movement
from haark.health import queries as health
from haark.reviews.facts.span import Span
from haark.settings import queries as settings
from haark.signals import advice_words, sentences, wording
from haark.signals import queries as signals

MONTHS = 12
MOST_STANDINGS = 3
MOST_SIGNALS = 3
MOST_ADVICE = 2


def inside(span: Span) -> dict[str, Any]:
    """Four statements: the last score, its year, the signals and the advice on offer."""
    kept = health.latest_kept(span.account_id, span.on)
    found = signals.of_account(span.account_id, span.on)
    now = kept.health if kept else None
    left = next((one["value"] for one in kept.factors if one["name"] == "days_left"), None) if kept else None
    return {
        "currency": settings.get("organisation.currency"),
        "on": now.on.isoformat() if now else None,
        "score": now.score if now else None,
        "band": now.band if now else "",
        "confidence": now.confidence if now else None,
        "churn": kept.churn if kept else None,
        "renewal_on": (now.on + timedelta(round(left))).isoformat() if now and left is not None else None,
        "months": _months(span),
        "strengths": [_standing(one) for one in movement.strengths(now)[:MOST_STANDINGS]] if now else [],
        "weaknesses": [_standing(one) for one in movement.weaknesses(now)[:MOST_STANDINGS]] if now else [],
        "counts": {"risks": len(found.risks), "opportunities": len(found.opportunities)},
        "risks": [_signal(one) for one in found.risks[:MOST_SIGNALS]],
        "opportunities": [_signal(one) for one in found.opportunities[:MOST_SIGNALS]],
        "advice": [_advice(one) for one in found.advice[:MOST_ADVICE]],
    }


def _months(span: Span) -> list[dict[str, Any]]:
    """The last score of each month of a year, unknown where none was kept."""
    last = month_index(span.on)
    rows = health.history(span.account_id, month_start(last - MONTHS + 1), span.on)
    scores = {month_index(row.day): row.score for row in rows}
    months = range(last - MONTHS + 1, last + 1)
    return [{"month": month_start(index).isoformat(), "score": scores.get(index)} for index in months]


def _standing(one: movement.Standing) -> dict[str, str]:
    """«Tendance sur 30 jours: 45 utilisateurs actifs, contre 66 −32 %», in the words of the account's page."""
    name, seen = one.line.input.name, one.line.input.values
    words: Any = current_app.jinja_env.get_template("health/_words.html").module

    def plain(part: str) -> str:
        return " ".join(Markup(part).striptags().split())  # noqa: S704 - what our own template wrote, made plain text

    return _each(lambda: f"{plain(words.label(name))}: {plain(words.value(name, seen))}")


def _signal(one: signals.SignalRow) -> dict[str, Any]:
    return {
        "id": one.id,
        "severity": one.severity,
        "value_cents": one.value_cents,
        "since": one.opened_on.isoformat(),
        "title": _each(lambda: str(wording.KINDS[one.kind][1])),
        "detail": _each(lambda: sentences.capital(sentences.short(one.kind, one.evidence))),
    }


def _advice(one: signals.AdviceRow) -> dict[str, Any]:
    return {
        "id": one.id,
        "side": one.side,
        "impact_cents": one.impact_cents,
        "due_on": one.due_on.isoformat(),
        "title": _each(lambda: advice_words.title(one.rule)),
        "reason": _each(lambda: advice_words.reason(one)),
    }


def _each(say: Callable[[], str]) -> dict[str, str]:
    """What is said, in each language."""
    told = {}
    for language in LANGUAGES:
        with force_locale(language):
            told[language] = say()
    return told
