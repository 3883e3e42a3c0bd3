"""The facts of a review, gathered once and frozen (XB-4): plain JSON values, about a period and those before it.

Each module asks for one subject with a constant number of statements. Nothing is judged here; dates are ISO strings,
money is whole cents, unknown is None.
"""

from datetime import date, datetime
from typing import Any

from haark import clock
from haark.cadence import rules as cadence
from haark.cadence.models import Review
from haark.cadence.rules import Period, Window
from haark.reviews.facts import client, commitments, inside, ledger, relation, support, usage
from haark.reviews.facts.span import Span

VERSION = 2
TRAIL = 4  # periods shown side by side, this one included


def gather(review: Review, period: Period, *, on: date, at: datetime, fiscal_start: int, zone: str) -> dict[str, Any]:
    """Everything known about the account for the period as it stands on day `on`; `at` is when it was asked."""
    before = cadence.previous(period, fiscal_start)
    span = Span(
        account_id=review.account_id,
        now=cadence.observed(period, on),
        before=cadence.comparable(period, before, on),
        trail=tuple(_part(item, period, on) for item in cadence.trail(period, TRAIL, fiscal_start)),
        on=min(on, period.end),
        zone=zone,
        review_id=review.id,
        kind=review.kind,
        day=review.held_on or (clock.day_of(review.starts_at, zone) if review.starts_at else review.due_on),
        held=review.held_on is not None,
    )
    return {
        "version": VERSION,
        "taken_at": at.isoformat(),
        "taken_on": clock.day_of(at, zone).isoformat(),
        "on": on.isoformat(),
        "periods": _periods(period, before, span, fiscal_start),
        "account": client.account(span),
        "contacts": client.contacts(span),
        "revenue": client.revenue(span),
        "golives": client.golives(span),
        "usage": usage.usage(span),
        "surveys": relation.surveys(span),
        "interactions": relation.interactions(span),
        "health": relation.health(span),
        "tickets": support.tickets(span),
        "objectives": commitments.objectives(span),
        "milestones": commitments.milestones(span),
        "roi": commitments.roi(span),
        "actions": commitments.actions(span),
        "opportunities": commitments.opportunities(span),
        "promises": ledger.promises(span),
        "next": ledger.following_review(span, on),
        "project": ledger.project(span),
        "inside": inside.inside(span),
    }


def _part(item: Period, period: Period, on: date) -> tuple[str, Window]:
    return item.code, cadence.observed(item, on) if item == period else Window(item.start, item.end)


def _periods(period: Period, before: Period, span: Span, fiscal_start: int) -> dict[str, Any]:
    after = cadence.following(period, fiscal_start)
    return {
        "now": _described(period, span.now),
        "before": _described(before, span.before),
        "after": _described(after, Window(after.start, after.end)),
        "partial": span.now.end < period.end,
        "fiscal_start": fiscal_start,
    }


def _described(period: Period, window: Window) -> dict[str, Any]:
    return {
        "code": period.code,
        "unit": period.unit,
        "year": period.year,
        "number": period.number,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "from": window.start.isoformat(),
        "to": window.end.isoformat(),
        "months": round(window.months, 4),
    }
