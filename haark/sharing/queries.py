"""The plan of an account as its client may read it: columns by name, so that nothing internal is ever loaded."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from haark import clock
from haark.accounts.models import Contact
from haark.actions.models import ActionItem
from haark.events.models import Event
from haark.extensions import db
from haark.people.models import User
from haark.plans import quarters, rules
from haark.plans.models import Milestone, Objective, Plan, PlanMember, PlanRisk, ShareLink
from haark.plans.quarters import Quarter
from haark.plans.rules import Aim

RECENTLY_DONE = 5
OPEN = ("open", "in_progress")
AIM = tuple(Aim.__dataclass_fields__)
# What happened to these is an update of the plan; a note of ours that changed is none.
PARTS = ("plan", "objective", "milestone", "risk", "member")
OURS_ALONE = {"internal_note"}


@dataclass(frozen=True)
class Goal:
    """An objective with what the rules say of it on the day."""

    id: int
    aim: Aim
    quote: str
    source: str
    owner: str
    current_on: date | None
    standing: str
    state: str
    progress: float | None


@dataclass(frozen=True)
class Step:
    """A milestone; `state` todo, in_progress, late, done."""

    id: int
    title: str
    detail: str
    due_on: date | None
    state: str


@dataclass(frozen=True)
class Term:
    """The milestones of a fiscal quarter; `name` '' for those without a date.

    `state`: done (all of them), now (today's quarter), past or ahead. `phases`: the names of their phases.
    """

    name: str
    state: str
    phases: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Promise:
    """An action that somebody of the client took on. `own`: the reader did. `ticked`: done, on the reader's word."""

    id: int
    title: str
    owner: str
    due_on: date | None
    done_on: date | None
    late: bool
    own: bool
    ticked: bool


@dataclass(frozen=True)
class Mate:
    """Somebody of the team. `email` is empty for people of the client."""

    name: str
    role: str
    duty: str
    ours: bool
    email: str


@dataclass(frozen=True)
class Risk:
    id: int
    title: str
    impact: str
    mitigation: str
    owner: str


def reader(account_id: int, name: str, contact_id: int | None) -> Contact | None:
    """Through whose eyes a preview looks: the contact that is named, None for another account's; without a name whoever
    got a link last, else the main contact, else somebody without a name at the client."""
    if contact_id is not None:
        found = db.session.get(Contact, contact_id)
        return found if found is not None and found.account_id == account_id else None
    here = select(Contact).where(Contact.account_id == account_id, Contact.left_on.is_(None))
    linked = here.join(ShareLink, ShareLink.contact_id == Contact.id).where(ShareLink.revoked_at.is_(None))
    return (
        db.session.scalars(linked.order_by(ShareLink.id.desc()).limit(1)).first()
        or db.session.scalars(here.order_by(Contact.main.desc(), Contact.id).limit(1)).first()
        or Contact(id=0, account_id=account_id, name=name, language="")
    )


def plan_of(account_id: int) -> tuple[int | None, str, str]:
    """Id, title and vision of the plan; None and nothing where there is none."""
    row = db.session.execute(select(Plan.id, Plan.title, Plan.vision).where(Plan.account_id == account_id)).first()
    return (row.id, row.title, row.vision) if row else (None, "", "")


def goals(account_id: int, on: date) -> tuple[Goal, ...]:
    columns = [getattr(Objective, name) for name in (*AIM, "id", "quote", "source", "current_on")]
    rows = db.session.execute(
        _owned(Objective, columns)
        .where(Objective.account_id == account_id, Objective.deleted_at.is_(None))
        .order_by(Objective.position, Objective.id)
    )
    return tuple(_goal(row, on) for row in rows)


def terms(account_id: int, on: date, fiscal_start: int) -> tuple[Term, ...]:
    """The milestones by quarter of their due (else start) date, oldest first; those without a date last."""
    m = Milestone
    rows = db.session.execute(
        select(m.id, m.phase, m.title, m.detail, m.starts_on, m.due_on, m.state)
        .where(m.account_id == account_id, m.deleted_at.is_(None))
        .order_by(m.position, m.id)
    ).all()
    here = quarters.containing(on, fiscal_start)
    found: dict[Quarter | None, list[Any]] = {}
    for row in rows:
        day = row.due_on or row.starts_on
        found.setdefault(quarters.containing(day, fiscal_start) if day else None, []).append(row)
    dated = sorted(quarter for quarter in found if quarter is not None)
    return tuple(_term(quarter, found[quarter], here, on) for quarter in (*dated, *({None} & found.keys())))


def promises(account_id: int, contact_id: int, on: date, zone: str) -> tuple[Promise, ...]:
    """What people of the client took on: all that is open, the soonest first, and what was done last."""
    item = ActionItem
    columns = (item.id, item.title, item.due_on, item.state, item.done_at, item.owner_contact_id)
    wanted = (
        select(*columns, item.done_by_contact_id, Contact.name.label("owner"))
        .join(Contact, Contact.id == item.owner_contact_id)
        .where(item.account_id == account_id, item.deleted_at.is_(None), Contact.account_id == account_id)
    )
    todo = wanted.where(item.state.in_(OPEN)).order_by(item.due_on.is_(None), item.due_on, item.id)
    done = wanted.where(item.state == "done").order_by(item.done_at.desc(), item.id.desc()).limit(RECENTLY_DONE)
    rows = [*db.session.execute(todo), *db.session.execute(done)]
    return tuple(_promise(row, contact_id, on, zone) for row in rows)


def team(account_id: int, owner_id: int | None) -> tuple[Mate, ...]:
    """The people of the plan; until somebody named them, whom the client deals with here."""
    member = PlanMember
    rows = db.session.execute(
        select(
            member.role,
            member.duty,
            member.name,
            User.name.label("ours"),
            User.title,
            User.email,
            Contact.name.label("theirs"),
        )
        .outerjoin(User, User.id == member.user_id)
        .outerjoin(Contact, Contact.id == member.contact_id)
        .where(member.account_id == account_id, member.deleted_at.is_(None), Contact.left_on.is_(None))
        .order_by(member.position, member.id)
    ).all()
    if rows:
        return tuple(_mate(row) for row in rows)
    csm = db.session.execute(select(User.name, User.title, User.email).where(User.id == owner_id)).first()
    return (Mate(csm.name, "csm", csm.title, True, csm.email),) if csm else ()


def risks(account_id: int) -> tuple[Risk, ...]:
    risk = PlanRisk
    rows = db.session.execute(
        _owned(risk, [risk.id, risk.title, risk.impact, risk.mitigation])
        .where(risk.account_id == account_id, risk.deleted_at.is_(None))
        .order_by(risk.position, risk.id)
    )
    return tuple(Risk(row.id, row.title, row.impact, row.mitigation, row.user or row.contact or "") for row in rows)


def updated_at(account_id: int) -> Any:
    """When something that the client reads last changed; None when nothing ever did."""
    rows = db.session.execute(
        select(Event.at, Event.data)
        .where(Event.account_id == account_id, Event.subject_kind.in_(PARTS))
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(40)
    )
    return next((row.at for row in rows if set((row.data or {}).get("changes") or {"": 0}) - OURS_ALONE), None)


def _owned(model: Any, columns: list[Any]) -> Any:
    """These columns, and the name of the owner on either side."""
    return (
        select(*columns, User.name.label("user"), Contact.name.label("contact"))
        .outerjoin(User, User.id == model.owner_user_id)
        .outerjoin(Contact, Contact.id == model.owner_contact_id)
    )


def _goal(row: Any, on: date) -> Goal:
    aim = Aim(**{name: getattr(row, name) for name in AIM})
    return Goal(
        id=row.id,
        aim=aim,
        quote=row.quote,
        source=row.source,
        owner=row.user or row.contact or "",
        current_on=row.current_on,
        standing=rules.standing(aim, on),
        state=rules.state(aim, on),
        progress=rules.progress(aim),
    )


def _term(quarter: Quarter | None, rows: list[Any], here: Quarter, on: date) -> Term:
    steps = tuple(
        Step(row.id, row.title, row.detail, row.due_on, rules.milestone_state(row.state, row.due_on, on))
        for row in rows
    )
    when = "ahead" if quarter is None or quarter > here else "now" if quarter == here else "past"
    state = "done" if all(step.state == "done" for step in steps) else when
    phases = ", ".join(dict.fromkeys(row.phase for row in rows if row.phase))
    return Term(quarter.label if quarter else "", state, phases, steps)


def _promise(row: Any, contact_id: int, on: date, zone: str) -> Promise:
    done = row.state == "done"
    return Promise(
        id=row.id,
        title=row.title,
        owner=row.owner,
        due_on=row.due_on,
        done_on=clock.day_of(row.done_at, zone) if done and row.done_at else None,
        late=not done and row.due_on is not None and row.due_on < on,
        own=row.owner_contact_id == contact_id,
        ticked=done and row.done_by_contact_id == contact_id,
    )


def _mate(row: Any) -> Mate:
    ours = row.ours is not None
    said = row.duty or (row.title if ours else "")
    return Mate(row.ours or row.theirs or row.name, row.role, said, ours, row.email if ours else "")
