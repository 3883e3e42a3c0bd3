"""Gathering what detection looks at, for a chunk of accounts: a constant number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from haark import clock
from haark.accounts import rules as account_rules
from haark.accounts.models import Account, AccountCard, Contact, ContactChange
from haark.accounts.queries import within
from haark.cadence.models import NextReview
from haark.events.models import Event
from haark.extensions import db
from haark.health.domain import Scored
from haark.measures import rules as measures
from haark.measures.models import Feature as FeatureRow
from haark.measures.models import Interaction, Survey, UsageFeature
from haark.pipeline import rules as pipeline
from haark.pipeline.models import Opportunity
from haark.plans import rules as plans
from haark.plans.models import Objective
from haark.settings import queries as settings
from haark.signals.facts import KEY_ROLES, Change, Deal, Feature, Goal, Limits, Note, Seen, Voice
from haark.signals.risks import CONTEXT_DAYS

# Days of exchanges: the present 30 and the 90 before them; of answers that still speak; of growth.
EXCHANGE_DAYS, ANSWER_DAYS, GROWTH_DAYS = 120, 180, 365
Rows = Mapping[int, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Two-way exchanges in the last 30 days and in the 90 before; the lines written within 90 days."""

    recent: int
    earlier: int
    notes: tuple[Note, ...]


def seen(ids: Sequence[int], scored: Mapping[int, Scored], limits: Limits, on: date) -> dict[int, Seen]:
    """What is known of each account of a chunk (ids in ascending order) on a day: eleven statements."""
    facts = _accounts(ids)
    met, people = _exchanges(ids, on), _people(ids)
    voices = _voices(ids, people, on)
    changes = _changes(ids, people, limits, on)
    deals, goals = _deals(ids, on), _goals(ids, on)
    employees = _employees_before(ids, on)
    ends = {
        ident: one.facts.use.known_until(on)
        for ident, one in scored.items()
        if one.facts.use and one.facts.use.features_known is not None
    }
    unused = _unused(ends)
    found = {}
    for ident, row in facts.items():
        if ident not in scored:
            continue
        one, talked = scored[ident], met.get(ident)
        found[ident] = Seen(
            on=on,
            facts=one.facts,
            arr_cents=row.arr_cents,
            renewal_on=one.facts.renewal_on,
            seats=row.seats,
            quota=row.quota,
            health=one.health,
            before=one.before,
            churn=one.churn,
            two_way_30=talked.recent if talked else 0 if one.facts.exchanges else None,
            two_way_before=talked.earlier if talked else 0 if one.facts.exchanges else None,
            notes=talked.notes if talked else (),
            changes=changes.get(ident, ()),
            voices=voices.get(ident, ()),
            deals=deals.get(ident, ()),
            goals=goals.get(ident, ()),
            unused=unused.get(ident, ()),
            employees=row.employees,
            employees_before=employees.get(ident),
            review_kind=row.next_review_kind,
            review_due=_review_due(row),
        )
    return found


def _accounts(ids: Sequence[int]) -> dict[int, Any]:
    card = AccountCard.__table__.c
    columns = (Account.id, Account.seats, Account.quota, Account.employees, card.arr_cents)
    review = (card.next_review_kind, card.next_review_on, card.next_review_late, card.next_review_planned)
    rows = select(*columns, *review, NextReview.candidates).join(AccountCard.__table__, card.account_id == Account.id)
    kept = rows.outerjoin(NextReview, NextReview.account_id == Account.id).where(
        within(Account.id, ids), Account.deleted_at.is_(None)
    )
    return {row.id: row for row in db.session.execute(kept)}


def _review_due(row: Any) -> date | None:
    """The day by which the late review should have been held: the planned one's, else the one that its reason gives."""
    if not row.next_review_late:
        return None
    if row.next_review_planned or not row.candidates:
        return row.next_review_on
    return date.fromisoformat(row.candidates[0]["due"])


def _exchanges(ids: Sequence[int], on: date) -> dict[int, Exchanged]:
    columns = (Interaction.id, Interaction.account_id, Interaction.at, Interaction.kind, Interaction.direction)
    rows = select(*columns, Interaction.tags, Interaction.summary).where(
        within(Interaction.account_id, ids),
        Interaction.at >= clock.start_of(on - timedelta(EXCHANGE_DAYS - 1)),
        Interaction.at < clock.start_of(on + timedelta(1)),
    )
    since, month = on - timedelta(CONTEXT_DAYS), on - timedelta(29)
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    notes: defaultdict[int, list[Note]] = defaultdict(list)
    for row in db.session.execute(rows.order_by(Interaction.account_id, Interaction.at, Interaction.id)):
        day = clock.day_of(row.at)
        counts[row.account_id][day < month] += measures.is_two_way(row.kind, row.direction)
        if day > since and (row.summary or row.tags):
            notes[row.account_id].append(Note(row.id, day, row.summary, tuple(row.tags or ())))
    return {ident: Exchanged(both[0], both[1], tuple(notes[ident])) for ident, both in counts.items()}


def _people(ids: Sequence[int]) -> dict[int, list[Any]]:
    columns = (Contact.id, Contact.account_id, Contact.name, Contact.email, Contact.role, Contact.left_on)
    return _by_account(select(*columns).where(within(Contact.account_id, ids)).order_by(Contact.account_id, Contact.id))


def _voices(ids: Sequence[int], people: Rows, on: date) -> dict[int, tuple[Voice, ...]]:
    columns = (Survey.account_id, Survey.date, Survey.score, Survey.contact_email)
    rows = select(*columns).where(
        within(Survey.account_id, ids),
        Survey.kind == "nps",
        Survey.date > on - timedelta(ANSWER_DAYS),
        Survey.date <= on,
    )
    newest: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for row in db.session.execute(rows.order_by(Survey.account_id, Survey.date, Survey.id)):
        newest[row.account_id][row.contact_email.lower()] = row
    found = {}
    for ident, answers in newest.items():
        known = {one.email.lower(): one for one in people.get(ident, ()) if one.email}
        found[ident] = tuple(
            Voice(
                who,
                known[who].name if who in known else who,
                known[who].role if who in known else "",
                row.score,
                row.date,
            )
            for who, row in sorted(answers.items())
            # Who left is no longer there to be won back, or to vouch.
            if who not in known or known[who].left_on is None or known[who].left_on > on
        )
    return found


def _changes(ids: Sequence[int], people: Rows, limits: Limits, on: date) -> dict[int, tuple[Change, ...]]:
    """Changes that were recorded, and departures that only the contact's own row tells."""
    since = on - timedelta(limits.contact_days)
    rows = select(*ContactChange.__table__.c).where(
        within(ContactChange.account_id, ids), ContactChange.date > since, ContactChange.date <= on
    )
    told: defaultdict[int, dict[tuple[str, str, date], Change]] = defaultdict(dict)

    def tell(account_id: int, who: str, name: str, kind: str, role: str, day: date) -> None:
        told[account_id].setdefault((who, kind, day), Change(who, name, kind, role, day))

    for ident, contacts in people.items():
        for one in contacts:
            if one.role in KEY_ROLES and one.left_on is not None and since < one.left_on <= on:
                tell(ident, f"contact:{one.id}", one.name, "left", one.role, one.left_on)
    for row in db.session.execute(rows):
        if row.contact_id is None and row.kind != "left":
            continue  # the contact was deleted since: nobody there to welcome
        who = f"contact:{row.contact_id}" if row.contact_id else f"name:{row.name}"[:120]
        tell(row.account_id, who, row.name, row.kind, row.role, row.date)
    return {ident: tuple(found.values()) for ident, found in told.items()}


def _deals(ids: Sequence[int], on: date) -> dict[int, tuple[Deal, ...]]:
    """Open deals, and those closed in the last 90 days."""
    house, rates = settings.get("organisation.currency"), settings.get("currency.rates")
    columns = (Opportunity.account_id, Opportunity.id, Opportunity.name, Opportunity.kind, Opportunity.stage)
    rows = select(*columns, Opportunity.amount_cents, Opportunity.close_date, Account.currency)
    rows = rows.join(Account, Account.id == Opportunity.account_id).where(
        within(Opportunity.account_id, ids),
        or_(Opportunity.created_on.is_(None), Opportunity.created_on <= on),
        or_(Opportunity.close_date.is_(None), Opportunity.close_date > on - timedelta(CONTEXT_DAYS)),
    )
    found: defaultdict[int, list[Deal]] = defaultdict(list)
    for row in db.session.execute(rows.order_by(Opportunity.account_id, Opportunity.id)):
        amount = account_rules.converted(row.amount_cents, account_rules.rate_of(row.currency, house, rates, on))
        deal = Deal(row.id, row.name, row.kind, pipeline.state_of(row.stage), amount, row.close_date)
        found[row.account_id].append(deal)
    return {ident: tuple(deals) for ident, deals in found.items()}


def _goals(ids: Sequence[int], on: date) -> dict[int, tuple[Goal, ...]]:
    rows = select(Objective).where(within(Objective.account_id, ids), Objective.deleted_at.is_(None))
    columns = rows.with_only_columns(*Objective.__table__.c).order_by(Objective.account_id, Objective.position)
    return {ident: tuple(_goal(row, on) for row in goals) for ident, goals in _by_account(columns).items()}


def _goal(row: Any, on: date) -> Goal:
    names = ("title", "kpi", "why", "comparator", "unit", "baseline", "target", "current", "starts_on", "due_on")
    aim = plans.Aim(**{name: getattr(row, name) for name in names})
    return Goal(row.id, row.title, plans.standing(aim, on), row.current, row.target, row.unit, row.due_on)


def _unused(ends: Mapping[int, date]) -> dict[int, tuple[Feature, ...]]:
    """The premium features that the 30 days up to the end of the data do not show in use, of accounts that report by
    feature: two statements."""
    catalogue = select(FeatureRow.id, FeatureRow.key, FeatureRow.name).where(FeatureRow.premium.is_(True))
    premium = db.session.execute(catalogue.order_by(FeatureRow.id)).all() if ends else []
    if not premium:
        return {}
    starts = {ident: measures.windows(end).now[0] for ident, end in ends.items()}
    active = or_(UsageFeature.active_users > 0, UsageFeature.events > 0, UsageFeature.logins > 0)
    rows = (
        select(UsageFeature.account_id, UsageFeature.feature_id, func.max(UsageFeature.day))
        .where(within(UsageFeature.account_id, sorted(ends)), active)
        .where(UsageFeature.day.between(min(starts.values()), max(ends.values())))
        .where(UsageFeature.feature_id.in_([row.id for row in premium]))
        .group_by(UsageFeature.account_id, UsageFeature.feature_id)
    )
    used = {(ident, feature) for ident, feature, day in db.session.execute(rows) if day >= starts[ident]}
    return {
        ident: tuple(Feature(row.key, row.name) for row in premium if (ident, row.id) not in used) for ident in ends
    }


def _employees_before(ids: Sequence[int], on: date) -> dict[int, int]:
    """The number of employees of a year ago, as the trail of changes tells it."""
    rows = select(Event.account_id, Event.data).where(
        within(Event.account_id, ids),
        Event.kind == "account.changed",
        and_(Event.at >= clock.start_of(on - timedelta(GROWTH_DAYS)), Event.at < clock.start_of(on + timedelta(1))),
    )
    found: dict[int, int] = {}
    for ident, data in db.session.execute(rows.order_by(Event.account_id, Event.at, Event.id)):
        before = (data or {}).get("changes", {}).get("employees", [None])[0]
        if isinstance(before, int):
            found.setdefault(ident, before)
    return found


def _by_account(rows: Any) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(rows):
        found[row.account_id].append(row)
    return found
