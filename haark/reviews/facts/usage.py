"""How the product was used: by month, by period and by feature.

Where no row speaks of the whole product, a day's active users are at least those of its largest feature, and its
actions and logins the sums over the features (contract.md, Import).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from haark.cadence.rules import Window, month_index, month_start
from haark.extensions import db
from haark.measures.models import Feature, UsageDay, UsageFeature
from haark.reviews.facts.span import Span, inside

MONTHS = 12
# A month speaks for itself from this many days on; before, the month before it is the latest one shown.
SETTLED = 10
WORKING = 5


class Days:
    """The known days of an account in order: (day, active users, actions, logins), each None where unknown."""

    def __init__(self, rows: Iterable[tuple[date, int | None, int | None, int | None]], at_least: bool) -> None:
        self.rows = list(rows)
        self.at_least = at_least

    def total(self, column: int, window: Window) -> int | None:
        """Sum of a column (2: actions, 3: logins) over a window; None when no day of it is known."""
        known = [row[column] for row in self.rows if inside(window, row[0]) and row[column] is not None]
        return sum(known) if known else None  # type: ignore[arg-type]  # None was left out above

    def active(self, window: Window) -> float | None:
        """Mean active users over the known working days of a window (all known days when none of them is one)."""
        known = [(day, users) for day, users, *_rest in self.rows if users is not None and inside(window, day)]
        working = [users for day, users in known if day.weekday() < WORKING] or [users for _day, users in known]
        return sum(working) / len(working) if working else None


def usage(span: Span) -> dict[str, Any]:
    """Three statements: days of the whole product, days over the features, features by window."""
    latest = _latest_month(span)
    first = min(span.first, month_start(latest - MONTHS + 1))
    days = _days(span, first)
    shift = _months_of(span)
    return {
        "active_at_least": days.at_least,
        "month": month_start(latest).isoformat(),
        "month_before": month_start(latest - shift).isoformat(),
        "active": days.active(_month(latest, span)),
        "active_before": days.active(_month(latest - shift, span)),
        "now": _totals(days, span.now),
        "before": _totals(days, span.before),
        "trail": [_of_period(days, code, window) for code, window in span.trail],
        "months": [_of_month(days, index, span) for index in range(latest - MONTHS + 1, latest + 1)],
        "features": _features(span, _month(latest, span), days),
    }


def _latest_month(span: Span) -> int:
    """The month that the level of active users is read in: the last one with enough days gone by."""
    last = month_index(span.now.end)
    begun_before = last > month_index(span.now.start)
    return last - 1 if begun_before and span.now.end.day < SETTLED else last


def _months_of(span: Span) -> int:
    """How many months back the period before lies."""
    return month_index(span.now.start) - month_index(span.before.start)


def _month(index: int, span: Span) -> Window:
    end = month_start(index + 1)
    return Window(month_start(index), min(date.fromordinal(end.toordinal() - 1), span.on))


def _totals(days: Days, window: Window) -> dict[str, Any]:
    return {"active": days.active(window), "events": days.total(2, window), "logins": days.total(3, window)}


def _of_period(days: Days, code: str, window: Window) -> dict[str, Any]:
    events = days.total(2, window)
    monthly = None if events is None else events / window.months
    return {"code": code, "active": days.active(window), "events": events, "events_per_month": monthly}


def _of_month(days: Days, index: int, span: Span) -> dict[str, Any]:
    window = _month(index, span)
    known = window.end >= window.start
    return {
        "month": month_start(index).isoformat(),
        "active": days.active(window) if known else None,
        "events": days.total(2, window) if known else None,
    }


def _days(span: Span, first: date) -> Days:
    whole = db.session.execute(
        select(UsageDay.day, UsageDay.active_users, UsageDay.events, UsageDay.logins)
        .where(UsageDay.account_id == span.account_id, UsageDay.day.between(first, span.on))
        .order_by(UsageDay.day)
    ).all()
    parts = db.session.execute(
        select(
            UsageFeature.day,
            func.max(UsageFeature.active_users),
            func.sum(UsageFeature.events),
            func.sum(UsageFeature.logins),
        )
        .where(UsageFeature.account_id == span.account_id, UsageFeature.day.between(first, span.on))
        .group_by(UsageFeature.day)
        .order_by(UsageFeature.day)
    ).all()
    merged: dict[date, list[int | None]] = {row[0]: _whole_numbers(row) for row in parts}
    stated = False
    for row in whole:
        kept = merged.get(row.day, [None, None, None])
        stated = stated or row.active_users is not None
        merged[row.day] = [known if known is not None else other for known, other in zip(row[1:], kept, strict=True)]
    rows = [(day, values[0], values[1], values[2]) for day, values in sorted(merged.items())]
    return Days(rows, at_least=not stated and any(row[1] is not None for row in rows))


def _whole_numbers(row: Any) -> list[int | None]:
    return [None if value is None else int(value) for value in row[1:]]


def _features(span: Span, month: Window, days: Days) -> list[dict[str, Any]]:
    """Each feature of the catalogue: actions in both periods, and its share of the active users in the latest month."""

    def within(column: Any, window: Window) -> Any:
        return func.sum(case((UsageFeature.day.between(window.start, window.end), column)))

    used = (
        select(
            UsageFeature.feature_id,
            within(UsageFeature.events, span.now).label("now"),
            within(UsageFeature.events, span.before).label("before"),
            within(UsageFeature.active_users, month).label("users"),
        )
        .where(
            UsageFeature.account_id == span.account_id,
            UsageFeature.day.between(min(span.before.start, month.start), span.on),
        )
        .group_by(UsageFeature.feature_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Feature.key, Feature.name, Feature.premium, used.c.now, used.c.before, used.c.users)
        .outerjoin(used, used.c.feature_id == Feature.id)
        .order_by(Feature.name)
    ).all()
    base = sum(users for day, users, *_rest in days.rows if users is not None and inside(month, day))
    found = [_feature(row, 0 if days.at_least else base) for row in rows]
    return sorted(found, key=lambda item: (-(item["adoption"] or 0), -(item["events"] or 0), item["name"]))


def _feature(row: Any, base: int) -> dict[str, Any]:
    users = None if row.users is None else int(row.users)
    return {
        "key": row.key,
        "name": row.name,
        "premium": row.premium,
        "events": None if row.now is None else int(row.now),
        "events_before": None if row.before is None else int(row.before),
        # Share of the active user-days on which this feature was used too; 0 where it was never used at all.
        "adoption": None if not base else min((users or 0) / base, 1.0),
    }
