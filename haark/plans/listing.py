"""The list of plans: of each account how its objectives stand and what waits. A constant number of statements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_
from werkzeug.datastructures import MultiDict

from haark.accounts.models import Account, AccountCard, Contact
from haark.extensions import db
from haark.formats import fold
from haark.people.models import User
from haark.plans import queries, rules
from haark.plans.models import Milestone, Objective, Plan, Proposal, ShareLink, ShareVisit

PAGE_SIZE = 50
SCOPES = ("mine", "team")
KEPT = ("all", "proposals", "without")


@dataclass(frozen=True)
class View:
    """What an address asks for. `only`: all plans, those with open proposals, or accounts without any plan; `after`:
    the folded name and id of the last account before the page."""

    scope: str = "mine"
    only: str = "all"
    q: str = ""
    after: tuple[str, int] | None = None

    def query(self, **other: Any) -> dict[str, Any]:
        """Arguments of its address with some replaced; the usual ones are left out, a page begins anew."""
        wanted = replace(self, **{"after": None, **other})
        shown = {"only": wanted.only} if wanted.only != "all" else {}
        shown |= {"q": wanted.q} if wanted.q else {}
        return {
            "scope": wanted.scope,
            **shown,
            **({"after": f"{wanted.after[1]}:{wanted.after[0]}"} if wanted.after else {}),
        }


@dataclass(frozen=True)
class Line:
    """An account's plan. `standings`: how many objectives are reached, on_pace, behind, at_risk, missed, unknown."""

    account_id: int
    name: str
    owner: str
    plan_id: int | None
    title: str
    standings: Mapping[str, int]
    late: int
    proposals: int
    opened_at: datetime | None
    opened_by: str
    next_review_on: date | None
    next_review_late: bool
    mine: bool


@dataclass(frozen=True)
class Page:
    """`counts`: accounts of this scope by `only`."""

    lines: Sequence[Line]
    after: tuple[str, int] | None
    counts: Mapping[str, int]


def read(arguments: "MultiDict[str, str]", *, team: bool) -> View:
    """The view of an address; `team`: the usual scope of this reader. What does not exist is left out."""
    scope = arguments.get("scope", "team" if team else "mine")
    only = arguments.get("only", "all")
    number, colon, name = arguments.get("after", "").partition(":")
    after = (name, int(number)) if colon and number.isdecimal() and len(number) < 18 else None
    return View(
        scope if scope in SCOPES else "mine",
        only if only in KEPT else "all",
        arguments.get("q", "").strip()[:100],
        after,
    )


def page(view: View, user_id: int, on: date) -> Page:
    """A page by name: five statements, and three counts."""
    card = AccountCard
    columns = (
        card.account_id,
        card.name,
        card.name_folded,
        card.next_review_on,
        card.next_review_late,
        User.name.label("owner"),
        Plan.id.label("plan_id"),
        Plan.title,
        card.owner_id,
        Account.sales_owner_id,
    )
    rows = _of(view, user_id, select(*columns).select_from(card).join(Account, Account.id == card.account_id))
    rows = rows.outerjoin(User, User.id == card.owner_id)
    if view.after:
        rows = rows.where(tuple_(card.name_folded, card.account_id) > tuple_(*view.after))
    found = db.session.execute(rows.order_by(card.name_folded, card.account_id).limit(PAGE_SIZE + 1)).all()
    shown = found[:PAGE_SIZE]
    ids = [row.account_id for row in shown]
    standings, late, waiting, opened = _standings(ids, on), _late(ids, on), _waiting(ids), _opened(ids)
    lines = [
        Line(
            row.account_id,
            row.name,
            row.owner or "",
            row.plan_id,
            row.title or "",
            standings.get(row.account_id, {}),
            late.get(row.account_id, 0),
            waiting.get(row.account_id, 0),
            opened.get(row.account_id, (None, ""))[0],
            opened.get(row.account_id, (None, ""))[1],
            row.next_review_on,
            row.next_review_late,
            user_id in (row.owner_id, row.sales_owner_id),
        )
        for row in shown
    ]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return Page(lines, (last.name_folded, last.account_id) if last else None, _counts(view, user_id))


def _of(view: View, user_id: int, rows: Any) -> Any:
    """The accounts of a view, with their plan where they have one."""
    rows = rows.outerjoin(Plan, Plan.account_id == AccountCard.account_id).where(Account.deleted_at.is_(None))
    if view.scope == "mine":
        rows = rows.where(or_(Account.owner_id == user_id, Account.sales_owner_id == user_id))
    for word in fold(view.q).split():
        rows = rows.where(AccountCard.name_folded.contains(word, autoescape=True))
    if view.only == "without":
        return rows.where(Plan.id.is_(None))
    rows = rows.where(Plan.id.is_not(None))
    if view.only == "proposals":
        rows = rows.where(AccountCard.account_id.in_(select(Proposal.account_id).where(Proposal.state == "open")))
    return rows


def _counts(view: View, user_id: int) -> dict[str, int]:
    """How many accounts each `only` has: three statements."""
    base = select(func.count()).select_from(AccountCard).join(Account, Account.id == AccountCard.account_id)
    return {only: int(db.session.scalar(_of(replace(view, only=only), user_id, base)) or 0) for only in KEPT}


def _standings(ids: Sequence[int], on: date) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    rows = select(Objective).where(Objective.account_id.in_(ids), Objective.deleted_at.is_(None))
    for row in db.session.scalars(rows):
        found.setdefault(row.account_id, Counter())[rules.standing(queries.aim_of(row), on)] += 1
    return found


def _late(ids: Sequence[int], on: date) -> dict[int, int]:
    columns = (Milestone.account_id, Milestone.state, Milestone.due_on)
    rows = select(*columns).where(Milestone.account_id.in_(ids), Milestone.deleted_at.is_(None))
    found: Counter[int] = Counter()
    for row in db.session.execute(rows.where(Milestone.state != "done", Milestone.due_on.is_not(None))):
        found[row.account_id] += rules.milestone_state(row.state, row.due_on, on) == "late"
    return found


def _waiting(ids: Sequence[int]) -> dict[int, int]:
    rows = select(Proposal.account_id, func.count()).where(Proposal.account_id.in_(ids), Proposal.state == "open")
    return dict(db.session.execute(rows.group_by(Proposal.account_id)).all())


def _opened(ids: Sequence[int]) -> dict[int, tuple[datetime, str]]:
    """When the client last opened each plan, and who did."""
    latest = (
        select(ShareLink.account_id, func.max(ShareVisit.at).label("at"))
        .join(ShareVisit, ShareVisit.link_id == ShareLink.id)
        .where(ShareLink.account_id.in_(ids))
        .group_by(ShareLink.account_id)
        .subquery()
    )
    rows = (
        select(latest.c.account_id, ShareVisit.at, Contact.name)
        .join(ShareLink, ShareLink.account_id == latest.c.account_id)
        .join(ShareVisit, and_(ShareVisit.link_id == ShareLink.id, ShareVisit.at == latest.c.at))
        .join(Contact, Contact.id == ShareLink.contact_id)
    )
    return {row.account_id: (row.at, row.name) for row in db.session.execute(rows)}
