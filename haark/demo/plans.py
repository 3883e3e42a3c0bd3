"""A plan of the sample that lives: values over the year, a published version that both sides signed, links that were
opened, words, and proposals that wait. Groupe Valmorin's; the others have a plan that nobody shared yet."""

import copy
import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from haark import clock
from haark.accounts.models import Account, Contact
from haark.comments.models import Comment
from haark.demo.cast import VALMORIN
from haark.extensions import db
from haark.plans import links, proposals, versions
from haark.plans.models import (
    Milestone,
    Objective,
    ObjectiveValue,
    Plan,
    PlanMember,
    PlanRisk,
    PlanVersion,
    ShareVisit,
    Signature,
)

QUOTES = (
    "Un magasin ne doit plus attendre son avoir une semaine.",
    "Je veux voir le camion arriver à l’heure, et complet.",
    "",
    "Chaque relance manuelle me coûte un quart d’heure.",
)
SOURCES = ("Portail litiges", "BI transport de Valmorin", "Usage mesuré par Haark", "Contrôle de gestion de Valmorin")
# Share of the way from the starting value to the present one, 9, 6 and 3 months before it was last measured.
COURSES = ((0.1, 0.45, 0.8), (0.15, 0.4, 0.75), (-0.4, -0.7, 0.6), (0.2, 0.5, 0.85))
RISKS = (
    ("Usage à Orléans", "high", "Badges recréés, puis deux heures de reprise en main sur site"),
    ("Import EDI lent", "medium", "Traitement par lots, suivi chaque semaine"),
)
TEAM = (
    ("sponsor", "Sophie Marchand"),
    ("champion", "Julien Perrot"),
    ("day_to_day", "Lila Benhamou"),
)


def agree(on: date) -> None:
    """What Groupe Valmorin and its CSM agreed on, as of a day. Nothing where the sample has no such account."""
    account = db.session.scalar(db.select(Account).where(Account.external_id == VALMORIN.key))
    if account is None or account.owner_id is None:
        return
    plan = db.session.scalars(db.select(Plan).where(Plan.account_id == account.id)).one()
    people = {row.name: row for row in db.session.scalars(db.select(Contact).where(Contact.account_id == account.id))}
    plan.title = f"Plan {on.year}-{on.year + 1}"
    plan.vision = "Livrer chaque magasin à l’heure, et régler tout litige en moins de deux jours."
    plan.internal_note = "Ne pas parler du prix de Lyon avant la signature du renouvellement."
    objectives, milestones = (
        list(db.session.scalars(db.select(model).where(model.account_id == account.id).order_by(model.position)))
        for model in (Objective, Milestone)
    )
    _values(objectives, account.owner_id, on)
    _carried(account, people, objectives, milestones)
    db.session.flush()
    _published(plan, account, people, on)
    _shared(account, people, on)
    _said(plan, account, people, milestones, on)
    _proposed(account, people, objectives, milestones, on)
    db.session.flush()


def _values(objectives: list[Objective], by: int, on: date) -> None:
    for objective, quote, source, course in zip(objectives, QUOTES, SOURCES, COURSES, strict=False):
        objective.quote, objective.source, objective.owner_user_id = quote, source, by
        assert objective.baseline is not None
        assert objective.current is not None
        assert objective.current_on is not None
        way = objective.current - objective.baseline
        for share, months in zip((*course, 1.0), (9, 6, 3, 0), strict=True):
            day = objective.current_on - timedelta(days=91 * months // 3)
            value = round(objective.baseline + way * share, 2 if objective.unit == "€" else 1 if objective.unit else 0)
            row = ObjectiveValue(objective_id=objective.id, on=day, value=value, source=source, by_id=by)
            row.at = _at(day, 17)
            db.session.add(row)


def _carried(
    account: Account, people: dict[str, Contact], objectives: list[Objective], milestones: list[Milestone]
) -> None:
    for position, (role, name) in enumerate(TEAM):
        member = PlanMember(account_id=account.id, position=position, role=role, name=name)
        member.contact_id = people[name].id if name in people else None
        db.session.add(member)
    ours = PlanMember(account_id=account.id, position=len(TEAM), role="csm")
    ours.user_id, ours.name = account.owner_id, account.owner.name if account.owner else ""
    db.session.add(ours)
    for position, (title, impact, mitigation) in enumerate(RISKS):
        risk = PlanRisk(account_id=account.id, position=position, title=title, impact=impact, mitigation=mitigation)
        risk.owner_user_id = account.owner_id
        db.session.add(risk)
    champion = people.get("Julien Perrot")
    shared: tuple[Objective | Milestone, ...] = (*objectives[1:3], *milestones[3:5])
    for one in shared:
        one.owner_contact_id = champion.id if champion else None


def _published(plan: Plan, account: Account, people: dict[str, Contact], on: date) -> None:
    """A version of two months ago, before the second risk and the last milestone's date."""
    content = copy.deepcopy(versions.content(plan))
    content["risks"] = content["risks"][:1]
    if content["milestones"]:
        content["milestones"][-1]["due_on"] = (on + timedelta(days=180)).isoformat()
    published = _at(on - timedelta(days=63), 10)
    version = PlanVersion(plan_id=plan.id, number=1, content=content, published_at=published)
    version.published_by_id, version.note = account.owner_id, "après le comité de pilotage"
    db.session.add(version)
    db.session.flush()
    ours = Signature(version_id=version.id, user_id=account.owner_id, at=published)
    ours.name = account.owner.name if account.owner else ""
    db.session.add(ours)
    sponsor = people.get("Sophie Marchand")
    if sponsor:
        at = _at(on - timedelta(days=62), 18)
        db.session.add(Signature(version_id=version.id, contact_id=sponsor.id, name=sponsor.name, at=at))


def _shared(account: Account, people: dict[str, Contact], on: date) -> None:
    """Links of three people: one who comes often, one who came once, one who never did."""
    for name, days, until, visits in (
        ("Sophie Marchand", 63, 80, ((62, 18, "phone"), (30, 9, "computer"), (1, 18, "phone"))),
        ("Anne Leclerc", 20, 80, ((19, 9, "computer"),)),
        ("Julien Perrot", 20, 12, ()),
    ):
        if name not in people:
            continue
        day = on - timedelta(days=days)
        until_day = on + timedelta(days=until)
        link = links.issue(people[name], by=account.owner_id, at=_at(day, 10), on=day, until=until_day)
        link.sent_at = _at(day, 10)
        for ago, hour, device in visits:
            at = _at(on - timedelta(days=ago), hour)
            visit = ShareVisit(link_id=link.id, at=at, device=device, expires_at=at)  # that browser must ask again
            visit.token_hash = hashlib.sha256(f"sample {link.id} {ago}".encode()).hexdigest()
            db.session.add(visit)


def _said(plan: Plan, account: Account, people: dict[str, Contact], milestones: list[Milestone], on: date) -> None:
    sponsor, owner = people.get("Sophie Marchand"), account.owner
    lines: list[Any] = []
    if sponsor and milestones:
        lines.append((sponsor, "La date de décembre me convient.", False, 1, 18, ("milestone", milestones[3].id)))
    if owner:
        lines.append((owner, "Je garde l’opportunité masquée tant que l’usage d’Orléans baisse.", True, 3, 11, None))
    for author, text, internal, ago, hour, subject in lines:
        row = Comment(account_id=account.id, text=text, internal=internal, author_name=author.name)
        row.subject_kind, row.subject_id = subject or ("plan", plan.id)
        row.author_contact_id = author.id if isinstance(author, Contact) else None
        row.author_user_id = None if isinstance(author, Contact) else author.id
        row.at = _at(on - timedelta(days=ago), hour)
        db.session.add(row)


def _proposed(
    account: Account,
    people: dict[str, Contact],
    objectives: list[Objective],
    milestones: list[Milestone],
    on: date,
) -> None:
    sponsor = people.get("Sophie Marchand")
    if sponsor is None or len(objectives) < 3 or len(milestones) < 4:
        return
    contact, at = (sponsor.id, sponsor.name), _at(on - timedelta(days=1), 18)
    later = date(on.year + 1, 3, 31)
    reason = "Orléans repart en décembre, la fin d’année n’est pas tenable."
    wanted = {"due_on": later}
    proposals.propose(
        account.id, "objective", wanted, at=at, subject_id=objectives[2].id, reason=reason, contact=contact
    )
    change = {"title": "Import EDI par lots, d’abord sur deux entrepôts"}
    reason = "Commençons plus petit, plus tôt."
    proposals.propose(
        account.id, "milestone", change, at=at, subject_id=milestones[3].id, reason=reason, contact=contact
    )


def _at(day: date, hour: int) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)
