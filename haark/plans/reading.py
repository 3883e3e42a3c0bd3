"""What the plan's page shows: a constant number of statements, whatever the plan holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from haark import charts
from haark.accounts.models import Account, Contact
from haark.actions import queries as actions
from haark.comments import inside
from haark.comments import queries as comments
from haark.comments.queries import Said
from haark.extensions import db
from haark.people.models import User
from haark.plans import quarters, queries, values, versions
from haark.plans.comparing import Change, compare
from haark.plans.models import (
    Milestone,
    Objective,
    ObjectiveValue,
    Plan,
    PlanMember,
    PlanRisk,
    PlanVersion,
    Proposal,
    ShareLink,
    ShareVisit,
    Signature,
)
from haark.plans.quarters import Quarter
from haark.plans.queries import MilestoneRow, ObjectiveRow
from haark.settings import queries as settings

IMPACTS = ("high", "medium", "low")
SUGGESTED = ("sponsor", "champion", "day_to_day")
SUBJECTS = ("plan", "objective", "milestone")


@dataclass(frozen=True)
class Term:
    """The milestones of a quarter; without one those that have no date. `state`: `past`, `now` or `ahead`."""

    quarter: Quarter | None
    state: str
    milestones: tuple[MilestoneRow, ...]

    @property
    def phases(self) -> str:
        """«Fondation, Extension»: each phase once, in the order of the plan."""
        return ", ".join(dict.fromkeys(row.phase for row in self.milestones if row.phase))

    @property
    def done(self) -> bool:
        return bool(self.milestones) and all(row.state == "done" for row in self.milestones)


@dataclass(frozen=True)
class Suggestion:
    """Somebody whose role at the client, or for the account, says that they belong to the team."""

    role: str
    person: str  # «contact:3», «user:1»
    name: str


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits. `version`: of the thing it changes, 0 for a new one; `gone`: that thing was removed.

    `pairs`: (field, what the plan says today, what is proposed, what it said then).
    """

    row: Proposal
    title: str
    version: int
    gone: bool
    pairs: tuple[tuple[str, Any, Any, Any], ...]


@dataclass(frozen=True)
class Opened:
    """A link with what its register says. `state`: active, ending (within two weeks), expired, revoked, left."""

    link: ShareLink
    contact: Any
    count: int
    last_at: Any
    device: str
    state: str


@dataclass(frozen=True)
class PlanPage:
    """Everything on the page. `users` and `contacts`: names by id; `notes`: internal notes by (kind, id); `serving`:
    how many of how many actions that move a part forward are done, by (kind, id); `inside`: internal words in what
    the client reads, each with its sentence (XB-7)."""

    plan: Plan
    account: Any
    on: date
    objectives: tuple[ObjectiveRow, ...]
    values: Mapping[int, Sequence[ObjectiveValue]]
    milestones: tuple[MilestoneRow, ...]
    terms: tuple[Term, ...]
    members: Sequence[PlanMember]
    suggestions: Sequence[Suggestion]
    risks: Sequence[PlanRisk]
    notes: Mapping[tuple[str, int], str]
    proposals: Sequence[Waiting]
    links: Sequence[Opened]
    comments: Sequence[Said]
    published: Sequence[PlanVersion]
    signatures: Mapping[int, Sequence[Signature]]
    changes: tuple[Change, ...]
    serving: Mapping[tuple[str, int], tuple[int, int]]
    digest: str
    inside: Sequence[tuple[str, str]]
    users: Mapping[int, str]
    contacts: Mapping[int, Any]

    @property
    def incomplete(self) -> int:
        return sum(1 for row in self.objectives if row.gaps)

    @property
    def latest(self) -> PlanVersion | None:
        return self.published[0] if self.published else None

    @property
    def next_number(self) -> int:
        return self.latest.number + 1 if self.latest else 1

    def count(self, state: str) -> int:
        """How many milestones are in a state."""
        return sum(1 for row in self.milestones if row.state == state)

    def curve(self, objective_id: int) -> Markup:
        """The values of an objective as a small line; nothing below three."""
        known = [row.value for row in self.values.get(objective_id, ())]
        return charts.sparkline(charts.spark(known), "")

    def member_name(self, row: PlanMember) -> str:
        """As the person is called now, else as they were called when they joined."""
        contact = self.contacts.get(row.contact_id or 0)
        return self.users.get(row.user_id or 0) or (contact.name if contact else row.name)

    def left(self, row: PlanMember) -> bool:
        """Whether a contact of the team has left the client."""
        contact = self.contacts.get(row.contact_id or 0)
        return contact is not None and contact.left_on is not None

    def subject(self, kind: str, ident: int | None) -> str:
        """The words of what a comment or a proposal speaks of; '' for the plan itself or what is gone."""
        rows: Mapping[str, Sequence[Any]] = {
            "objective": [(row.id, row.aim.title) for row in self.objectives],
            "milestone": [(row.id, row.title) for row in self.milestones],
            "risk": [(row.id, row.title) for row in self.risks],
        }
        return str(dict(rows.get(kind, ())).get(ident, ""))


def page(plan_id: int, on: date) -> PlanPage:
    """The page as of a day. NoResultFound when there is no such plan."""
    plan = db.session.get_one(Plan, plan_id)
    columns = (Account.id, Account.name, Account.language, Account.owner_id)
    account = db.session.execute(db.select(*columns).where(Account.id == plan.account_id)).one()
    fiscal = settings.get("fiscal_year_start")
    users = dict(db.session.execute(db.select(User.id, User.name)).all())
    contacts = {row.id: row for row in _contacts(account.id)}
    objectives = queries.objectives(account.id, on)
    milestones = queries.milestones(account.id, on)
    members, risks = _live(PlanMember, account.id), _live(PlanRisk, account.id)
    measured: dict[int, list[ObjectiveValue]] = {}
    for value in values.of([row.id for row in objectives]):
        measured.setdefault(value.objective_id, []).append(value)
    published = list(
        db.session.scalars(
            db.select(PlanVersion).where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.number.desc()).limit(50)
        )
    )
    draft = versions.content(plan)
    return PlanPage(
        plan=plan,
        account=account,
        on=on,
        objectives=objectives,
        values=measured,
        milestones=milestones,
        terms=terms(milestones, on, fiscal),
        members=members,
        suggestions=_suggestions(members, contacts, account, users),
        risks=sorted(risks, key=lambda row: IMPACTS.index(row.impact)),
        notes=_notes(account.id, risks),
        proposals=_proposals(account.id, objectives, milestones, risks),
        links=_links(account.id, contacts, on),
        comments=comments.of_account(account.id, SUBJECTS),
        published=published,
        signatures=_signatures([version.id for version in published]),
        changes=compare(published[0].content if published else {}, draft),
        serving=actions.serving(account.id),
        digest=versions.digest(draft),
        inside=internal_words(draft, account.name, account.language),
        users=users,
        contacts=contacts,
    )


def internal_words(draft: Any, client: str, language: str) -> list[tuple[str, str]]:
    """The internal words in the shared text of a plan, each with its sentence; the client's name is no such word."""
    if isinstance(draft, str):
        hit = inside.found(draft.replace(client, ""), "internal", language or "fr")
        return [hit] if hit else []
    parts = draft.values() if isinstance(draft, Mapping) else draft if isinstance(draft, list) else ()
    return list(dict.fromkeys(hit for part in parts for hit in internal_words(part, client, language)))


def terms(milestones: Sequence[MilestoneRow], on: date, fiscal_start: int) -> tuple[Term, ...]:
    """Milestones by quarter of their due (else start) date, today's quarter always among them; undated ones last."""
    here = quarters.containing(on, fiscal_start)
    found: dict[Quarter, list[MilestoneRow]] = {here: []}
    undated = []
    for row in milestones:
        day = row.due_on or row.starts_on
        if day is None:
            undated.append(row)
        else:
            found.setdefault(quarters.containing(day, fiscal_start), []).append(row)
    placed = [
        Term(quarter, "now" if quarter == here else "past" if quarter < here else "ahead", tuple(found[quarter]))
        for quarter in sorted(found)
        if milestones
    ]
    return tuple([*placed, Term(None, "ahead", tuple(undated))] if undated else placed)


def _contacts(account_id: int) -> Sequence[Any]:
    columns = (Contact.id, Contact.name, Contact.email, Contact.role, Contact.left_on, Contact.language)
    return db.session.execute(
        db.select(*columns).where(Contact.account_id == account_id).order_by(Contact.name, Contact.id)
    ).all()


def _live(model: Any, account_id: int) -> list[Any]:
    rows = db.select(model).where(model.account_id == account_id, model.deleted_at.is_(None))
    return list(db.session.scalars(rows.order_by(model.position, model.id)))


def _notes(account_id: int, risks: Sequence[PlanRisk]) -> dict[tuple[str, int], str]:
    """The internal notes of objectives, milestones and risks."""
    found = {("risk", row.id): row.internal_note for row in risks if row.internal_note}
    for kind, model in (("objective", Objective), ("milestone", Milestone)):
        rows = db.select(model.id, model.internal_note).where(model.account_id == account_id, model.internal_note != "")
        found |= {(kind, ident): text for ident, text in db.session.execute(rows)}
    return found


def _proposals(account_id: int, objectives: Any, milestones: Any, risks: Any) -> list[Waiting]:
    waiting = db.select(Proposal).where(Proposal.account_id == account_id, Proposal.state == "open")
    parts: dict[tuple[str, int], tuple[str, int, Any]] = {}
    for kind, rows in (("objective", objectives), ("milestone", milestones), ("risk", risks)):
        for row in rows:
            known = row.aim if kind == "objective" else row
            parts[kind, row.id] = (known.title, row.version, row)
    found = []
    for one in db.session.scalars(waiting.order_by(Proposal.at, Proposal.id)):
        title, version, row = parts.get((one.subject_kind, one.subject_id or 0), ("", 0, None))
        gone = one.subject_id is not None and row is None
        title = title or str((one.changes.get("title") or ["", ""])[1] or "")
        pairs = tuple((name, _now(row, name, pair[0]), pair[1], pair[0]) for name, pair in one.changes.items())
        found.append(Waiting(one, title, version, gone, pairs))
    return found


def _now(row: Any, name: str, before: Any) -> Any:
    """What the plan says of a field today, in the words of a proposal."""
    if row is None:
        return before
    known = getattr(row, "aim", row)
    name = "stored" if name == "state" else name
    value = getattr(known, name) if hasattr(known, name) else getattr(row, name, before)
    return value.isoformat() if isinstance(value, date) else value


def _links(account_id: int, contacts: Mapping[int, Any], on: date) -> list[Opened]:
    """Links by person, of each the newest only, with the openings of all that the person had."""
    rows = db.session.scalars(
        db.select(ShareLink).where(ShareLink.account_id == account_id).order_by(ShareLink.id.desc())
    ).all()
    ids = [row.id for row in rows]
    visits = db.select(ShareVisit.link_id, ShareVisit.at, ShareVisit.device).where(ShareVisit.link_id.in_(ids))
    person = {row.id: row.contact_id for row in rows}
    opened: dict[int, list[Any]] = {}
    for visit in db.session.execute(visits.order_by(ShareVisit.at.desc(), ShareVisit.id.desc())):
        opened.setdefault(person[visit.link_id], []).append(visit)
    newest: dict[int, ShareLink] = {}
    for row in rows:
        newest.setdefault(row.contact_id, row)
    found = []
    for link in newest.values():
        seen, contact = opened.get(link.contact_id, []), contacts[link.contact_id]
        last = seen[0] if seen else None
        state = _link_state(link, contact, on)
        found.append(Opened(link, contact, len(seen), last.at if last else None, last.device if last else "", state))
    return sorted(found, key=lambda one: (one.state in ("revoked", "expired", "left"), one.contact.name))


def _link_state(link: ShareLink, contact: Any, on: date) -> str:
    if contact.left_on is not None:
        return "left"
    if link.revoked_at is not None:
        return "revoked"
    days = (link.expires_on - on).days
    return "expired" if days < 0 else "ending" if days <= 14 else "active"


def _signatures(version_ids: Sequence[int]) -> dict[int, list[Signature]]:
    found: dict[int, list[Signature]] = {}
    rows = db.select(Signature).where(Signature.version_id.in_(version_ids)).order_by(Signature.at, Signature.id)
    for row in db.session.scalars(rows):
        found.setdefault(row.version_id, []).append(row)
    return found


def _suggestions(
    members: Sequence[PlanMember], contacts: Mapping[int, Any], account: Any, users: Mapping[int, str]
) -> list[Suggestion]:
    here = {row.contact_id for row in members if row.contact_id}
    found = [
        Suggestion(row.role, f"contact:{row.id}", row.name)
        for role in SUGGESTED
        for row in contacts.values()
        if row.role == role and row.left_on is None and row.id not in here
    ]
    if account.owner_id and account.owner_id not in {row.user_id for row in members}:
        found.append(Suggestion("csm", f"user:{account.owner_id}", users[account.owner_id]))
    return found


def people(account_id: int, chosen: tuple[int | None, int | None] = (None, None)) -> tuple[Any, Any]:
    """Who can be chosen: ours and theirs as (id, name), with those `chosen` already though they left."""
    ours = db.select(User.id, User.name).where(db.or_(User.active, User.id == chosen[0])).order_by(User.name, User.id)
    here = db.or_(Contact.left_on.is_(None), Contact.id == chosen[1])
    theirs = db.select(Contact.id, Contact.name).where(Contact.account_id == account_id, here)
    return (
        [tuple(row) for row in db.session.execute(ours)],
        [tuple(row) for row in db.session.execute(theirs.order_by(Contact.name, Contact.id))],
    )
