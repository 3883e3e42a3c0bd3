"""What was observed of one account, shaped for its page. Unknown stays None; periods include both ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from haark import clock
from haark.accounts.rules import add_months
from haark.extensions import db
from haark.measures import aggregates, reported, rules, usage
from haark.measures.models import MEASURES, Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature

Rows = Sequence[Any]  # rows with the columns that each docstring names


@dataclass(frozen=True, slots=True)
class Usage:
    """Use of the product in a period. `active_users`: mean per working day, `at_least` when it is the largest
    feature's; `events` and `logins`: sums; `days`: days with a row; all None without any row that states them.
    `until`: the last day of it for which usage is known; no mean is taken over days after that."""

    start: date
    end: date
    active_users: float | None
    events: int | None
    logins: int | None
    days: int
    at_least: bool
    until: date


@dataclass(frozen=True, slots=True)
class Adoption:
    """One feature in a period. `share` is of the product's active users where `basis` is 'users' (means per working
    day), of the working days on which it was used where it is 'days'; None when it was not used or nothing is known."""

    feature_id: int
    key: str
    name: str
    premium: bool
    active_users: float | None
    events: int | None
    days: int
    share: float | None
    basis: str


def usage_days(account_id: int, start: date, end: date) -> Rows:
    """(day, active_users, events, logins, at_least) of the days with a row, oldest first. One statement."""
    days = usage.days_of(
        and_(UsageDay.account_id == account_id, UsageDay.day.between(start, end)),
        and_(UsageFeature.account_id == account_id, UsageFeature.day.between(start, end)),
    )
    columns = (days.c.day, days.c.active_users, days.c.events, days.c.logins, days.c.at_least)
    return db.session.execute(select(*columns).order_by(days.c.day)).all()


def usage_totals(account_id: int, start: date, end: date) -> Usage:
    """Use in a period: three statements."""
    return usage_in(account_id, [(start, end)])[0]


def usage_in(account_id: int, periods: Sequence[tuple[date, date]], edge: reported.Edge | None = None) -> list[Usage]:
    """Use in several periods (start, end), as asked: three statements for all of them, or one when the account's `edge`
    on the day after them is at hand."""
    if not periods:
        return []
    last = max(end for _, end in periods)
    days = usage_days(account_id, min(start for start, _ in periods), last)
    edge = edge or reported.edge_of(account_id, last + timedelta(1))
    return [_totals(days, start, end, edge) for start, end in periods]


def _totals(days: Rows, start: date, end: date, edge: reported.Edge | None) -> Usage:
    def known(name: str, rows: Rows) -> list[int]:
        return [getattr(row, name) for row in rows if getattr(row, name) is not None]

    inside = [row for row in days if start <= row.day <= end]
    working = [row for row in inside if row.day.weekday() < rules.WORKING]
    users = known("active_users", working)
    events, logins = known("events", inside), known("logins", inside)
    first, until = (edge.first, min(end, edge.until)) if edge else (None, end)
    return Usage(
        start,
        end,
        rules.mean_per_working_day(sum(users) if known("active_users", inside) else None, (start, until), first),
        sum(events) if events else None,
        sum(logins) if logins else None,
        len(inside),
        any(row.at_least is not None for row in inside),
        until,
    )


def usage_monthly(account_id: int, start: date, end: date) -> list[Usage]:
    """One `Usage` a calendar month that touches the period, oldest first; the first and last are cut to it.

    Three statements.
    """
    return usage_in(account_id, months_of(start, end))


def months_of(start: date, end: date) -> list[tuple[date, date]]:
    """The calendar months that touch a period, the first and last cut to it."""
    months = []
    month = start.replace(day=1)
    while month <= end:
        following = add_months(month, 1)
        months.append((max(start, month), min(end, following - timedelta(1))))
        month = following
    return months


def feature_adoption(account_id: int, start: date, end: date, total: Usage | None = None) -> list[Adoption]:
    """Every feature of the catalogue with its use in the period, the most used first: four statements, or one when
    the `total` of the same period is at hand."""
    working = UsageFeature.day.not_in(rules.weekends(start, end))
    active = or_(*(getattr(UsageFeature, name) > 0 for name in MEASURES))
    rows = db.session.execute(
        select(
            Feature.id,
            Feature.key,
            Feature.name,
            Feature.premium,
            func.sum(case((working, UsageFeature.active_users), else_=None)).label("users"),
            func.sum(UsageFeature.events).label("events"),
            func.count(case((and_(active, working), 1))).label("working_days"),
            func.count(case((active, 1))).label("days"),
        )
        .outerjoin(
            UsageFeature,
            and_(
                UsageFeature.feature_id == Feature.id,
                UsageFeature.account_id == account_id,
                UsageFeature.day.between(start, end),
            ),
        )
        .group_by(Feature.id, Feature.key, Feature.name, Feature.premium)
    )
    total = total or usage_totals(account_id, start, end)
    length = rules.working_days(start, total.until)
    found = [_adoption(row, total, length) for row in rows]
    return sorted(found, key=lambda one: (-(one.share or 0), -(one.events or 0), -one.days, one.name, one.feature_id))


def _adoption(row: Any, total: Usage, length: int) -> Adoption:
    users = None if row.users is None or not length else float(row.users) / length
    share: float | None
    if users is not None and total.active_users:
        share, basis = min(1.0, users / total.active_users), "users"
    else:
        share, basis = (row.working_days / length if row.days and length else None), "days"
    events = None if row.events is None else int(row.events)
    return Adoption(row.id, row.key, row.name, row.premium, users, events, row.days, share, basis)


def premium_unused(adoption: Sequence[Adoption]) -> list[Adoption]:
    """Premium features that the period does not show in use."""
    return [one for one in adoption if one.premium and not one.days]


def surveys_between(account_id: int, start: date, end: date) -> Rows:
    """Answers, newest first: id, date, kind, score, comment, contact_email."""
    columns = (Survey.id, Survey.date, Survey.kind, Survey.score, Survey.comment, Survey.contact_email)
    rows = select(*columns).where(Survey.account_id == account_id, Survey.date.between(start, end))
    return db.session.execute(rows.order_by(Survey.date.desc(), Survey.id.desc())).all()


def tickets_between(account_id: int, start: date, end: date) -> Rows:
    """Tickets opened in the period, or open at some time in it, newest first: id, external_id, opened_at, closed_at,
    priority, subject, csat."""
    first, after = clock.start_of(start), clock.start_of(end + timedelta(1))
    columns = (
        Ticket.id,
        Ticket.external_id,
        Ticket.opened_at,
        Ticket.closed_at,
        Ticket.priority,
        Ticket.subject,
        Ticket.csat,
    )
    rows = select(*columns).where(
        Ticket.account_id == account_id,
        Ticket.opened_at < after,
        or_(Ticket.closed_at.is_(None), Ticket.closed_at >= first),
    )
    return db.session.execute(rows.order_by(Ticket.opened_at.desc(), Ticket.id.desc())).all()


def desk(account_id: int, start: date, end: date) -> rules.Desk:
    """Support in a period, open tickets as of its end."""
    rows = [(row.opened_at, row.closed_at, row.priority) for row in tickets_between(account_id, start, end)]
    return rules.desk(rows, clock.start_of(start), clock.start_of(end + timedelta(1)))


def interactions_between(account_id: int, start: date, end: date) -> Rows:
    """Exchanges and notes, newest first: id, at, kind, direction, tags, summary, contact_email, author_id."""
    columns = (
        Interaction.id,
        Interaction.at,
        Interaction.kind,
        Interaction.direction,
        Interaction.tags,
        Interaction.summary,
        Interaction.contact_email,
        Interaction.author_id,
    )
    rows = select(*columns).where(
        Interaction.account_id == account_id,
        Interaction.at >= clock.start_of(start),
        Interaction.at < clock.start_of(end + timedelta(1)),
    )
    return db.session.execute(rows.order_by(Interaction.at.desc(), Interaction.id.desc())).all()


def last_two_way(account_id: int, on: date) -> datetime | None:
    """When the client last took part in an exchange, up to a date."""
    found = aggregates.exchanges([account_id], on).get(account_id)
    return found.last_two_way if found else None
