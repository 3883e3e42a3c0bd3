"""What the client says and how we talk: surveys, exchanges; and the health, for our own eyes."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, select

from haark.cadence.rules import Window
from haark.extensions import db
from haark.health.models import HealthSnapshot
from haark.measures.models import Interaction, Survey
from haark.reviews.facts.span import Span, inside

# A comment older than this is no longer something to show as today's.
QUOTABLE = timedelta(days=365)


def surveys(span: Span) -> dict[str, Any]:
    """Mean and number of answers per period, NPS answers on 0-10 and CSAT on 1-5; and the comments of a year."""
    first = min(span.first, span.now.end - QUOTABLE)
    rows = db.session.execute(
        select(Survey.date, Survey.kind, Survey.score, Survey.comment, Survey.contact_email)
        .where(Survey.account_id == span.account_id, Survey.date.between(first, span.now.end))
        .order_by(Survey.date, Survey.id)
    ).all()
    told = [row for row in rows if row.comment.strip() and row.date > span.now.end - QUOTABLE]
    return {
        "nps": _kind(rows, "nps", span),
        "csat": _kind(rows, "csat", span),
        "comments": [
            {
                "date": row.date.isoformat(),
                "kind": row.kind,
                "score": row.score,
                "comment": row.comment.strip(),
                "email": row.contact_email,
                "in_period": inside(span.now, row.date),
            }
            for row in reversed(told)
        ],
    }


def _kind(rows: Any, kind: str, span: Span) -> dict[str, Any]:
    def answers(window: Window) -> list[float]:
        return [row.score for row in rows if row.kind == kind and inside(window, row.date)]

    return {
        "now": _mean(answers(span.now)),
        "before": _mean(answers(span.before)),
        "trail": [{"code": code, **_mean(answers(window))} for code, window in span.trail],
    }


def _mean(scores: list[float]) -> dict[str, Any]:
    # The sum is kept so that answers of several sources can be put together without rounding.
    return {
        "answers": len(scores),
        "sum": sum(scores),
        "promoters": sum(1 for score in scores if score >= 9),
        "detractors": sum(1 for score in scores if score <= 6),
    }


def interactions(span: Span) -> dict[str, int]:
    """How many exchanges in each of the two windows."""

    def count(window: Window) -> Any:
        held = and_(Interaction.at >= span.opening(window.start), Interaction.at < span.closing(window.end))
        return func.count(case((held, 1)))

    row = db.session.execute(
        select(count(span.now), count(span.before)).where(
            Interaction.account_id == span.account_id,
            Interaction.at >= span.opening(span.before.start),
            Interaction.at < span.closing(span.now.end),
        )
    ).one()
    return {"now": row[0], "before": row[1]}


def health(span: Span) -> dict[str, Any]:
    """The last score known at the end of each window; internal, never on a client slide."""
    rows = db.session.execute(
        select(HealthSnapshot.day, HealthSnapshot.score, HealthSnapshot.band)
        .where(
            HealthSnapshot.account_id == span.account_id,
            HealthSnapshot.day <= span.now.end,
            HealthSnapshot.day > span.before.start - timedelta(days=31),
        )
        .order_by(HealthSnapshot.day)
    ).all()

    def last(window: Window) -> dict[str, Any]:
        known = [row for row in rows if row.day <= window.end and row.score is not None]
        if not known:
            return {"score": None, "band": "", "day": None}
        return {"score": known[-1].score, "band": known[-1].band, "day": known[-1].day.isoformat()}

    return {"now": last(span.now), "before": last(span.before)}
