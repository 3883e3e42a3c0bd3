"""Support: what was opened and resolved, how long it took, what is still open."""

from collections import Counter
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import or_, select

from haark.cadence.rules import Window, month_index, month_start
from haark.extensions import db
from haark.measures.models import Ticket
from haark.reviews.facts.span import Span, inside

URGENT = ("high", "urgent")
RANK = {"urgent": 0, "high": 1, "normal": 2, "": 3, "low": 4}
SHOWN = 12
MONTHS = 12


def tickets(span: Span) -> dict[str, Any]:
    """Counts per window, and the tickets worth speaking of: open ones first, the most pressing on top."""
    last = month_index(span.now.end)
    months = [month_start(index) for index in range(last - MONTHS + 1, last + 1)]
    rows = db.session.execute(
        select(Ticket.id, Ticket.external_id, Ticket.subject, Ticket.priority, Ticket.opened_at, Ticket.closed_at)
        .add_columns(Ticket.csat)
        .where(
            Ticket.account_id == span.account_id,
            Ticket.opened_at < span.closing(span.now.end),
            or_(Ticket.closed_at.is_(None), Ticket.closed_at >= span.opening(min(span.first, months[0]))),
        )
        .order_by(Ticket.opened_at, Ticket.id)
    ).all()
    return {
        "any": any(row.closed_at is None or row.closed_at >= span.opening(span.first) for row in rows),
        "now": _window(rows, span.now, span),
        "before": _window(rows, span.before, span),
        "months": _months(rows, months, span),
        "trail": [{"code": code, **_window(rows, window, span)} for code, window in span.trail],
        "listed": [_listed(row, span) for row in _worth(rows, span)[:SHOWN]],
    }


def _months(rows: Any, months: list[date], span: Span) -> list[dict[str, Any]]:
    """How many were opened in each month; unknown before the first ticket that is known at all."""
    opened = Counter(month_start(month_index(span.day_of(row.opened_at))) for row in rows)
    first = min(opened, default=None)
    known = [None if first is None or month < first else opened[month] for month in months]
    return [{"month": month.isoformat(), "opened": count} for month, count in zip(months, known, strict=True)]


def _window(rows: Any, window: Window, span: Span) -> dict[str, Any]:
    opened = [row for row in rows if inside(window, span.day_of(row.opened_at))]
    closed = [row for row in rows if row.closed_at and inside(window, span.day_of(row.closed_at))]
    left = [row for row in rows if row.opened_at < span.closing(window.end) and _open(row, window, span)]
    hours = [(row.closed_at - row.opened_at).total_seconds() / 3600 for row in closed]
    scores = [row.csat for row in closed if row.csat is not None]
    return {
        "opened": len(opened),
        "resolved": len(closed),
        "median_hours": round(median(hours), 2) if hours else None,
        "open": len(left),
        "open_urgent": sum(1 for row in left if row.priority in URGENT),
        "csat": {"answers": len(scores), "sum": sum(scores)},
    }


def _open(row: Any, window: Window, span: Span) -> bool:
    closed: datetime | None = row.closed_at
    return closed is None or closed >= span.closing(window.end)


def _worth(rows: Any, span: Span) -> list[Any]:
    still = [row for row in rows if _open(row, span.now, span)]
    done = [row for row in rows if row.closed_at and inside(span.now, span.day_of(row.closed_at))]
    still.sort(key=lambda row: (RANK.get(row.priority, 3), row.opened_at))
    done.sort(key=lambda row: (RANK.get(row.priority, 3), -(row.closed_at - row.opened_at).total_seconds()))
    return still + [row for row in done if row not in still]


def _listed(row: Any, span: Span) -> dict[str, Any]:
    open_ = _open(row, span.now, span)
    return {
        "id": row.id,
        "number": row.external_id,
        "subject": row.subject.strip(),
        "priority": row.priority,
        "opened": span.day_of(row.opened_at).isoformat(),
        "closed": None if open_ else span.day_of(row.closed_at).isoformat(),
        "hours": None if open_ else round((row.closed_at - row.opened_at).total_seconds() / 3600, 1),
    }
