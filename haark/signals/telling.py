"""What Haark knows of an account, as `bin/haark show --json` says it (contract.md).

Money in currency units, changes and shares as fractions; what no engine computed is left out.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from haark.accounts import queries as accounts
from haark.accounts import rules as account_rules
from haark.cadence.models import KINDS as REVIEW_KINDS
from haark.health import queries as health
from haark.signals import advice_words, queries, wording
from haark.signals.advice_rules import RULES


def describe(account_id: int, on: date) -> dict[str, Any]:
    """The JSON of `show`, on a day."""
    head = accounts.header(account_id, on)
    told = health.explain(account_id, on)
    found = queries.of_account(account_id, on)
    answer: dict[str, Any] = {
        "external_id": head.external_id,
        "name": head.name,
        "currency": head.currency,
        "arr": _units(head.arr_cents),
        "mrr": _units(head.mrr_cents),
        "arr_change": _fraction(account_rules.evolution(head.arr_cents, head.arr_before_cents)),
        "segment": head.segment or None,
        "renewal": {
            "date": head.renewal_date.isoformat() if head.renewal_date else None,
            "days": head.renewal_days,
        },
        "usage": {"change_30d": _fraction(told.usage_change)},
        "health": _health(told),
    }
    kept = health.latest_kept(account_id, on)
    if kept is not None and kept.churn is not None:
        answer["churn"] = {
            "probability": _fraction(kept.churn),
            "factors": [_factor(one) for one in kept.factors],
        }
    answer["signals"] = [
        {"kind": one.kind, "severity": one.severity, "state": one.state, "evidence": one.evidence}
        for one in (*found.risks, *found.opportunities)
    ]
    answer["recommendations"] = [
        {
            "rule": one.rule,
            "title": advice_words.title(one.rule),
            "due": one.due_on.isoformat(),
            "reason": advice_words.reason(one),
            "impact": _units(one.impact_cents),
        }
        for one in found.advice
    ]
    review = queries.next_review(account_id)
    if review is not None:
        answer["next_review"] = review
    return answer


def kinds() -> dict[str, Any]:
    """Every kind of signal and every rule, with its words."""
    return {
        "signals": [
            {"kind": kind, "side": "risk" if kind in wording.RISKS else "opportunity", "title": str(words)}
            for kind, (_icon, words) in wording.KINDS.items()
        ],
        "rules": [
            {"rule": rule.name, "side": rule.side, "title": advice_words.title(rule.name), "days": rule.days}
            for rule in RULES.values()
        ],
        "severities": list(wording.SEVERITIES),
        "reviews": list(REVIEW_KINDS),
    }


def _health(told: health.Explanation) -> dict[str, Any]:
    now = told.now
    return {
        "score": now.score if now else None,
        "band": (now.band or None) if now else None,
        "on": now.on.isoformat() if now else None,
        "coverage": now.coverage if now else 0.0,
        "confidence": _fraction(now.confidence) if now else 0.0,
        "change_30d": told.movement.change,
        "components": [
            {"name": part.name, "score": part.score, "weight": _fraction(part.weight), "points": part.points}
            for part in (now.components if now else ())
        ],
    }


def _factor(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": one["name"], "value": one["value"], "effect": round(one["effect"], 4)}


def _units(cents: int | None) -> float | int | None:
    if cents is None:
        return None
    return cents // 100 if cents % 100 == 0 else cents / 100


def _fraction(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
