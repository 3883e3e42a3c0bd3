"""Down to the rows: what one input of a score was made from, newest first, limited and counted (XB-10)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import func, select

from haark import clock, formats, locale
from haark.accounts import queries as accounts
from haark.dossier import wording
from haark.extensions import db
from haark.health import inputs
from haark.health.facts import ANSWER_LOOKBACK, KEY_ROLES, STABILITY_LOOKBACK, Answer
from haark.measures import reported, usage
from haark.measures import rules as measures
from haark.measures.models import Feature, Interaction, Survey, Ticket, UsageDay, UsageFeature
from haark.settings import queries as settings

LIMIT = 50
QUARTER = 90


@dataclass(frozen=True)
class Rows:
    """`head` names the columns, `lines` are words. `total` counts all rows of the period, the newest 50 are shown.

    `start` None: everything up to `end`.
    """

    head: Sequence[str]
    lines: Sequence[Sequence[str]]
    total: int
    start: date | None
    end: date


def rows_of(account_id: int, name: str, on: date) -> Rows | None:
    """The rows behind an input of the score on a date; None for a name that is no input. One or two statements."""
    read = _READERS.get(name)
    return read(account_id, on) if read else None


def _known_until(account_id: int, on: date) -> date:
    edge = reported.edge_of(account_id, on)
    return edge.until if edge else on - timedelta(1)


def _usage(account_id: int, on: date, days: int) -> Rows:
    end = _known_until(account_id, on)
    start = end - timedelta(days - 1)
    found = usage.days_of(
        (UsageDay.account_id == account_id) & UsageDay.day.between(start, on),
        (UsageFeature.account_id == account_id) & UsageFeature.day.between(start, on),
    )
    wanted = select(found.c.day, found.c.active_users, found.c.events, found.c.logins, found.c.at_least)
    head = (_("Jour"), _("Utilisateurs actifs"), _("Actions"), _("Connexions"), _("Compté"))
    lines, total = _read(wanted.order_by(found.c.day.desc()), wanted)
    return Rows(
        head,
        [
            (
                _day(row.day),
                _least(row.active_users, row.at_least),
                _number(row.events),
                _number(row.logins),
                _("jour en cours") if row.day > end else _("week-end") if row.day.weekday() >= 5 else _("oui"),
            )
            for row in lines
        ],
        total,
        start,
        on,
    )


def _features(account_id: int, on: date) -> Rows:
    start, end = measures.windows(_known_until(account_id, on)).now
    wanted = (
        select(
            Feature.name,
            Feature.premium,
            func.count().label("days"),
            func.sum(UsageFeature.events).label("events"),
            func.max(UsageFeature.day).label("last"),
        )
        .join(Feature, Feature.id == UsageFeature.feature_id)
        .where(UsageFeature.account_id == account_id, UsageFeature.day.between(start, end))
        .group_by(Feature.id, Feature.name, Feature.premium)
    )
    lines, total = _read(wanted.order_by(func.count().desc(), Feature.name), wanted)
    head = (_("Fonction"), _("Jours"), _("Actions"), _("Dernier jour"))
    named = [(row.name + (f" {_('(premium)')}" if row.premium else ""), row) for row in lines]
    found = [(name, _number(row.days), _number(row.events), _day(row.last)) for name, row in named]
    return Rows(head, found, total, start, end)


def _exchanges(account_id: int, on: date, days: int) -> Rows:
    start = on - timedelta(days - 1)
    wanted = select(Interaction.at, Interaction.kind, Interaction.direction, Interaction.summary).where(
        Interaction.account_id == account_id,
        Interaction.kind != "note",
        Interaction.at >= clock.start_of(start),
        Interaction.at < clock.start_of(on + timedelta(1)),
    )
    lines, total = _read(wanted.order_by(Interaction.at.desc()), wanted)
    both = {True: _("oui"), False: _("non")}
    found = [
        (
            _day(clock.day_of(row.at)),
            str(wording.INTERACTIONS[row.kind][1]),
            both[measures.is_two_way(row.kind, row.direction)],
            row.summary[:120],
        )
        for row in lines
    ]
    return Rows((_("Jour"), _("Échange"), _("À deux sens"), _("Résumé")), found, total, start, on)


def _people(account_id: int, on: date) -> Rows:
    known = [row for row in accounts.contacts(account_id) if row.role in KEY_ROLES]
    found = [
        (
            row.name,
            str(wording.ROLES[row.role]),
            _("en place") if row.left_on is None or row.left_on > on else _("parti le %(day)s", day=_day(row.left_on)),
        )
        for row in known[:LIMIT]
    ]
    return Rows((pgettext("personne", "Nom"), _("Rôle"), _("Situation")), found, len(known), None, on)


def _answers(account_id: int, on: date, kind: str) -> Rows:
    start = on - timedelta(ANSWER_LOOKBACK - 1)
    wanted = select(Survey.date, Survey.score, Survey.comment).where(
        Survey.account_id == account_id, Survey.kind == kind, Survey.date.between(start, on)
    )
    lines, total = _read(wanted.order_by(Survey.date.desc(), Survey.id), wanted)
    found = [(_day(row.date), _number(row.score, 1), _weight(row.date, on), row.comment[:120]) for row in lines]
    return Rows(
        (_("Jour"), pgettext("score", "Note"), _("Poids selon l’âge"), _("Commentaire")), found, total, start, on
    )


def _weight(day: date, on: date) -> str:
    return formats.percent(inputs.weight_of(Answer(day, 0), on, settings.get("health.half_life")), locale.current())


def _tickets(account_id: int, on: date, which: str) -> Rows:
    """`which`: those with an opinion, those open, or those closed within 90 days; a later closing is not seen."""
    end = clock.start_of(on + timedelta(1))
    start = None if which == "support" else on - timedelta((QUARTER if which == "resolution" else ANSWER_LOOKBACK) - 1)
    wanted = select(Ticket.opened_at, Ticket.closed_at, Ticket.priority, Ticket.subject, Ticket.csat).where(
        Ticket.account_id == account_id, Ticket.opened_at < end
    )
    if start is None:
        wanted = wanted.where(Ticket.closed_at.is_(None) | (Ticket.closed_at >= end))
    else:
        ended = Ticket.closed_at if which == "resolution" else func.coalesce(Ticket.closed_at, Ticket.opened_at)
        wanted = wanted.where(ended >= clock.start_of(start), ended < end)
    if which == "ticket_csat":
        wanted = wanted.where(Ticket.csat.is_not(None))
    lines, total = _read(wanted.order_by(Ticket.opened_at.desc()), wanted)
    head = (_("Ouvert"), _("Fermé"), _("Priorité"), _("CSAT"), _("Sujet"))
    found = [
        (
            _day(clock.day_of(row.opened_at)),
            _day(clock.day_of(row.closed_at)) if start and row.closed_at else _("ouvert"),
            str(wording.PRIORITIES.get(row.priority, "")),
            _number(row.csat, 1) if start else "",
            row.subject[:120],
        )
        for row in lines
    ]
    return Rows(head, found, total, start, on)


def _levels(account_id: int, on: date) -> Rows:
    start = on - timedelta(STABILITY_LOOKBACK - 1)
    known = [row for row in accounts.revenue_history(account_id) if row.date <= on]
    # The level that the year began with belongs to it, although it is older.
    first = next((n for n, row in enumerate(known) if row.date > start), len(known))
    kept = list(reversed(known[max(first - 1, 0) :]))
    found = [(_day(row.date), _money(row.arr_cents), str(wording.REASONS[row.reason])) for row in kept[:LIMIT]]
    return Rows((_("À partir du"), _("ARR"), _("Raison")), found, len(kept), start, on)


def _terms(account_id: int, on: date) -> Rows:
    known = [row for row in reversed(accounts.renewals(account_id)) if row.date <= on]
    outcomes = {"renewed": _("renouvelé"), "lost": _("perdu")}
    found = [(_day(row.date), outcomes[row.outcome], row.reason[:120]) for row in known[:LIMIT]]
    return Rows((_("Échéance"), _("Issue"), _("Raison")), found, len(known), None, on)


def _contract(account_id: int, on: date) -> Rows:
    head = accounts.header(account_id, on)
    found = [(_("Début du contrat"), _day(head.contract_start))] if head.contract_start else []
    if not found:
        found = [(_("Premier revenu"), _day(row.date)) for row in accounts.revenue_history(account_id)[:1]]
    return Rows((_("Donnée"), _("Valeur")), found, len(found), None, on)


def _read(ordered: Any, counted: Any) -> tuple[Sequence[Any], int]:
    lines = db.session.execute(ordered.limit(LIMIT + 1)).all()
    if len(lines) <= LIMIT:
        return lines, len(lines)
    return lines[:LIMIT], db.session.scalar(select(func.count()).select_from(counted.subquery())) or 0


def _day(value: date | None) -> str:
    return formats.day(value, locale.current())


def _number(value: float | int | None, decimals: int = 0) -> str:
    return formats.number(value, locale.current(), decimals)


def _least(users: int | None, least: int | None) -> str:
    return _number(users) if least is None else _("au moins %(num)s", num=_number(users))


def _money(cents: int) -> str:
    return formats.number(cents / 100, locale.current(), 0)


_READERS: dict[str, Callable[[int, date], Rows]] = {
    "seats": lambda ident, on: _usage(ident, on, measures.WINDOW),
    "activity": lambda ident, on: _usage(ident, on, measures.WINDOW),
    "trend": lambda ident, on: _usage(ident, on, 2 * measures.WINDOW),
    "recency": lambda ident, on: _usage(ident, on, QUARTER),
    "breadth": _features,
    "last_exchange": lambda ident, on: _exchanges(ident, on, ANSWER_LOOKBACK),
    "frequency": lambda ident, on: _exchanges(ident, on, measures.WINDOW),
    "balance": lambda ident, on: _exchanges(ident, on, QUARTER),
    "key_people": _people,
    "nps": lambda ident, on: _answers(ident, on, "nps"),
    "csat": lambda ident, on: _answers(ident, on, "csat"),
    "ticket_csat": lambda ident, on: _tickets(ident, on, "ticket_csat"),
    "support": lambda ident, on: _tickets(ident, on, "support"),
    "resolution": lambda ident, on: _tickets(ident, on, "resolution"),
    "tenure": _contract,
    "renewals": _terms,
    "arr": _levels,
    "stability": _levels,
}
