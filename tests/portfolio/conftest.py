"""Portfolios of known rows, written straight onto the cards that the list reads."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from haark import charts, clock, formats
from haark.accounts.models import Account, AccountCard
from haark.extensions import db
from haark.people.models import User
from haark.signals.models import Signal
from tests.conftest import TODAY
from tests.support.people import PASSWORD, Visitor

SECTORS = ("Distribution", "Industrie", "Santé", "Logistique", "")
SIZES = ("1-49", "50-249", "250-999", "1000+", "")
SEGMENTS = ("standard", "growth", "strategic", "enterprise", "")
BANDS = ((90, "green"), (65, "yellow"), (30, "red"), (None, ""))

RISKS, OPPORTUNITIES = ("usage_drop", "silence", "detractor"), ("promoter", "premium_unused")
EVIDENCE: dict[str, dict[str, Any]] = {
    "usage_drop": {"change": -0.32},
    "silence": {"days": 60},
    "detractor": {"score": 4, "name": ""},
    "promoter": {"score": 9, "name": "Sophie Marchand"},
    "premium_unused": {"features": "Prévision"},
}
SEVERITIES = ("high", "medium", "low")
STATES = ("open", "acknowledged", "snoozed", "dismissed", "resolved")

Plant = Callable[..., int]


@pytest.fixture
def team(db_app: Flask) -> dict[str, int]:
    """Claire (CSM), Hugo (sales), both able to log in; ids by role."""
    from haark.people import domain

    with db_app.app_context():
        for role, name in (("csm", "Claire Delorme"), ("sales", "Hugo Marchetti")):
            hashed = domain.hash_password(PASSWORD)
            email = f"{role}@demo.haark.test"
            db.session.add(User(email=email, name=name, role=role, password_hash=hashed, created_at=clock.now()))
        db.session.commit()
        return {user.role: user.id for user in db.session.scalars(db.select(User))}


def plant(name: str, **facts: Any) -> int:
    """One account with its card; `facts` are columns of the card."""
    account = Account(name=name, name_folded=formats.fold(name), created_at=clock.now())
    account.external_id = facts.get("external_id") or None
    account.owner_id = facts.get("owner_id")
    db.session.add(account)
    db.session.flush()
    card = AccountCard(account_id=account.id, name=name, name_folded=formats.fold(name), **facts)
    db.session.add(card)
    db.session.flush()
    return account.id


def facts_of(index: int, owners: list[int]) -> dict[str, Any]:
    """Varied facts, with gaps and ties, that depend on the index alone."""
    score, band = BANDS[index % 7 % 4]
    arr = None if index % 9 == 0 else (index % 40) * 250_000
    history = [arr and arr * (8 + (index * step) % 5) // 10 for step in range(12)]
    return {
        "external_id": f"EXT-{index:05d}",
        "sector": SECTORS[index % 5],
        "size": SIZES[index % 3 + index % 2],
        "segment": SEGMENTS[index // 3 % 5],
        "owner_id": None if index % 11 == 0 else owners[index % len(owners)],
        "arr_cents": arr,
        "arr_before_cents": arr and arr * 9 // 10,
        "arr_change": None if not arr else (index % 13 - 6) / 20,
        "arr_spark": charts.spark(history) if arr else "",
        "renewal_date": None if index % 8 == 0 else TODAY + timedelta(days=index % 300 - 20),
        "health_score": score,
        "health_band": band,
        "health_change": None if score is None or index % 6 == 0 else index % 17 - 8,
        "health_on": TODAY if score is not None else None,
        "refreshed_on": TODAY,
    }


def signals_of(index: int) -> list[dict[str, Any]]:
    """Some risks and opportunities in every state, with two causes of one kind here and there."""
    pool = [("risk", kind) for kind in RISKS] + [("opportunity", kind) for kind in OPPORTUNITIES]
    found = [(*pool[(index * step) % len(pool)], str(step)) for step in range(index % 4)]
    return [
        {
            "side": side,
            "kind": kind,
            "cause": cause,
            "severity": SEVERITIES[(index + place) % 3],
            "evidence": EVIDENCE[kind],
            "state": (state := STATES[(index // 2 + place) % len(STATES)]),
            "opened_on": TODAY,
            "seen_on": TODAY,
            "resolved_on": TODAY if state == "resolved" else None,
            "reason": "",
        }
        for place, (side, kind, cause) in enumerate(found)
    ]


def judged(index: int, signals: list[dict[str, Any]]) -> dict[str, Any]:
    """The columns of the card that signals and cadence write."""
    shown = [one for one in signals if one["state"] in ("open", "acknowledged")]
    risks, chances = ([one for one in shown if one["side"] == side] for side in ("risk", "opportunity"))
    return {
        "churn": None if index % 5 == 0 else (index * 37 % 100) / 100,
        "risk_count": len(risks),
        "risk_top": risks[0]["kind"] if risks else "",
        "risk_severity": risks[0]["severity"] if risks else "",
        "opportunity_count": len(chances),
        "opportunity_top": chances[0]["kind"] if chances else "",
        "at_risk": index % 6 == 1,
        "next_review_on": None if index % 7 == 0 else TODAY + timedelta(days=index * 11 % 120 - 4),
        "next_review_kind": ("qbr", "mbr", "ebr", "call")[index % 4],
        "next_review_late": index % 7 != 0 and index % 10 == 3,
        "next_review_planned": index % 9 in (2, 7),
    }


def fill(count: int, owners: list[int], start: int = 0) -> None:
    """`count` accounts named after their number, in a scrambled order; `start` is the first index."""
    accounts, found, noted = [], [], []
    for index in range(start, start + count):
        name, ident = f"Société {index * 7919 % (start + count):05d}", index + 1
        signals = signals_of(index)
        facts = facts_of(index, owners) | judged(index, signals)
        common = {"name": name, "name_folded": formats.fold(name), "external_id": facts["external_id"]}
        accounts.append({"id": ident, "owner_id": facts["owner_id"], "created_at": clock.now(), **common})
        found.append({"account_id": ident, **facts, **common})
        noted += [{"account_id": ident, "version": 1, **signal} for signal in signals]
    db.session.execute(db.insert(Account), accounts)
    db.session.execute(db.insert(AccountCard), found)
    db.session.execute(db.insert(Signal), noted)
    db.session.commit()


@pytest.fixture
def claire(db_app: Flask, team: dict[str, int]) -> Visitor:
    return Visitor(db_app).login("csm")
