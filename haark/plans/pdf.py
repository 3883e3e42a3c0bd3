"""The plan as a document for the client (SP-7): vision, objectives, milestones, team and risks, in the deck's style.

Only what is shared with the client is in it: no internal note, no internal comment, no figure of ours about them.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from haark import formats
from haark.accounts.models import Account
from haark.decks.outline import (
    Block,
    Brand,
    Callout,
    Column,
    Cover,
    Deck,
    NextDate,
    Progress,
    Quote,
    Quotes,
    Slide,
    Status,
    Table,
    Text,
    Tone,
)
from haark.extensions import db
from haark.files import images
from haark.files.models import StoredFile
from haark.plans import reading, wording
from haark.plans.forms import DUTIES
from haark.plans.models import Plan, PlanMember
from haark.plans.queries import ObjectiveRow
from haark.plans.reading import PlanPage
from haark.settings import queries as settings

TONES: dict[str, Tone] = {"green": "ok", "yellow": "warn", "red": "bad", "unknown": "neutral"}
IMPACTS: dict[str, Tone] = {"high": "bad", "medium": "warn", "low": "ok"}
MILESTONES: dict[str, Tone] = {"done": "ok", "late": "bad", "in_progress": "warn", "todo": "neutral"}
MOST_QUOTES = 3


def render(account_id: int, language: str, on: date) -> bytes:
    """The PDF of the account's plan as of a day. NoResultFound when the account has no plan."""
    from haark.decks.pdf import render_pdf  # WeasyPrint, which only a process that prints pays for

    return render_pdf(deck(account_id, language, on))


def deck(account_id: int, language: str, on: date) -> Deck:
    """The slides, in `language`."""
    plan_id = db.session.scalars(select(Plan.id).where(Plan.account_id == account_id)).one()
    page = reading.page(plan_id, on)
    with force_locale(language):
        vendor = settings.get("organisation.name") or "Haark"
        title = page.plan.title or _("Plan de succès")
        dated = formats.day_long(on, language)
        slides = [_cover(page, title, dated), _vision(page, language), _objectives(page, language)]
        slides += [_milestones(page, language)] if page.milestones else []
        slides += [_people(page)] if page.members or page.risks else []
        return Deck(
            title=f"{title} · {page.account.name}",
            language=language,  # type: ignore[arg-type]  # one of formats.LANGUAGES
            organisation=vendor,
            client=page.account.name,
            kind_label=_("Plan de succès"),
            period_label="",
            date_label=dated,
            author=page.users.get(page.account.owner_id) or vendor,
            slides=tuple(slide for slide in slides if slide is not None),
            brand=_brand(account_id),
        )


def _cover(page: PlanPage, title: str, dated: str) -> Slide:
    owner = page.users.get(page.account.owner_id)
    meta = " · ".join(part for part in (dated, owner) if part)
    subtitle = _("Plan de succès de %(client)s", client=page.account.name)
    return Slide("cover", "", title, (Cover(title, subtitle, meta),))


def _vision(page: PlanPage, language: str) -> Slide | None:
    """Where the client wants to be, in their words, and the next thing to come."""
    quotes = [row for row in page.objectives if row.quote][:MOST_QUOTES]
    if not page.plan.vision and not quotes:
        return None
    blocks: list[Block] = [Callout(page.plan.vision, _("Votre vision"))] if page.plan.vision else []
    if quotes:
        said = tuple(Quote(_("« %(words)s »", words=row.quote), row.aim.title) for row in quotes)
        blocks.append(Quotes(said))
    coming = min((row for row in page.milestones if row.state != "done" and row.due_on), key=_due, default=None)
    aside: tuple[Block, ...] = ()
    if coming is not None:
        aside = (NextDate(_("Prochain jalon : %(title)s", title=coming.title), formats.day(coming.due_on, language)),)
    headline = _("Ce que vous voulez atteindre, et ce qui vient")
    return Slide("vision", _("Vision"), headline, tuple(blocks), aside, split=0.62)


def _due(row: reading.MilestoneRow) -> date:
    return row.due_on or date.max


def _objectives(page: PlanPage, language: str) -> Slide:
    reached = sum(1 for row in page.objectives if row.standing == "reached")
    total = len(page.objectives)
    headline = (
        ngettext(
            "%(num)s objectif sur %(total)s est atteint",
            "%(num)s objectifs sur %(total)s sont atteints",
            reached,
            total=total,
        )
        if reached
        else ngettext("%(num)s objectif à atteindre ensemble", "%(num)s objectifs à atteindre ensemble", total)
    )
    columns = (
        Column(_("Objectif"), 2.6),
        Column(_("Valeur de départ"), 1.0, "right"),
        Column(_("Actuel"), 1.0, "right"),
        Column(_("Cible"), 1.1, "right"),
        Column(_("Avancement"), 1.4),
        Column(_("Échéance"), 1.3),
        Column(_("État"), 1.6),
    )
    rows = tuple(_row(row, language) for row in page.objectives)
    sources = ", ".join(dict.fromkeys(row.source for row in page.objectives if row.source))
    source = _("Source : %(source)s", source=sources) if sources else ""
    table = Table(columns, rows, empty=_("Les objectifs restent à écrire ensemble."))
    return Slide("objectives", _("Objectifs"), headline, (table,), source=source)


def _row(row: ObjectiveRow, language: str) -> tuple[Text | Progress | Status, ...]:
    aim, tone = row.aim, TONES[row.state]
    sign = "≤ " if aim.comparator == "le" else "≥ "
    way = formats.percent(row.progress, language)
    return (
        Text(aim.title, strong=True),
        Text(_figure(aim.baseline, aim.unit, language), muted=True),
        Text(_figure(aim.current, aim.unit, language), strong=True),
        Text(sign + _figure(aim.target, aim.unit, language) if aim.target is not None else "–"),
        Progress(row.progress, tone, way),
        Text(formats.day(aim.due_on, language)),
        Status(tone, str(wording.STANDINGS[row.standing])),
    )


def _milestones(page: PlanPage, language: str) -> Slide:
    columns = (
        Column(_("Trimestre"), 1.0),
        Column(_("Phase"), 1.2),
        Column(_("Jalon"), 3.2),
        Column(_("Échéance"), 1.2),
        Column(_("Responsables"), 1.6),
        Column(_("État"), 1.3),
    )
    rows = tuple(
        (
            Text(term.quarter.label if term.quarter else _("Sans date"), strong=True),
            Text(row.phase, muted=True),
            Text(f"{row.title}. {row.detail}" if row.detail else row.title),
            Text(formats.day(row.due_on, language) if row.due_on else "–"),
            Text(_owners(page, row.owner_user_id, row.owner_contact_id)),
            Status(MILESTONES[row.state], str(wording.MILESTONE_STATES[row.state])),
        )
        for term in page.terms
        for row in term.milestones
    )
    done = page.count("done")
    headline = ngettext(
        "%(num)s jalon sur %(total)s est franchi",
        "%(num)s jalons sur %(total)s sont franchis",
        done,
        total=len(page.milestones),
    )
    return Slide("milestones", _("Jalons"), headline, (Table(columns, rows),))


def _people(page: PlanPage) -> Slide:
    """Who carries the plan on both sides, and what may stand in its way."""
    vendor = settings.get("organisation.name") or "Haark"
    team = Table(
        (Column(_("Équipe"), 1.4), Column(_("Rôle"), 1.8), Column(_("Côté"), 1.2)),
        tuple(
            (
                Text(page.member_name(row), strong=True),
                Text(_role(row)),
                Text(vendor if row.user_id else page.account.name, muted=True),
            )
            for row in page.members
        ),
    )
    risks = Table(
        (Column(_("Risque"), 1.6), Column(_("Impact"), 1.0), Column(_("Parade"), 2.2)),
        tuple(
            (
                Text(row.title, strong=True),
                Status(IMPACTS[row.impact], str(wording.IMPACTS[row.impact])),
                Text(row.mitigation),
            )
            for row in page.risks
        ),
    )
    left, right = [[table] if table.rows else [] for table in (team, risks)]
    blocks, aside = (left, right) if left and right else ([*left, *right], [])
    return Slide(
        "people",
        _("Équipe et risques"),
        _("Qui porte le plan, et ce qui peut le gêner"),
        tuple(blocks),
        tuple(aside),
        split=0.5,
    )


def _role(row: PlanMember) -> str:
    """«Champion, adoption interne»: what the role says where nobody wrote what the person does."""
    words = (wording.ROLES[row.role], row.duty or DUTIES[row.role])
    return ", ".join(str(part) for part in words if part)


def _owners(page: PlanPage, user_id: int | None, contact_id: int | None) -> str:
    contact = page.contacts.get(contact_id or 0)
    return ", ".join(name for name in (page.users.get(user_id or 0), contact.name if contact else "") if name)


def _figure(value: float | None, unit: str, language: str) -> str:
    if value is None:
        return formats.UNKNOWN[language]
    space = "" if unit == "%" and language == "en" else "\N{NO-BREAK SPACE}"
    return formats.number(value, language) + (f"{space}{unit}" if unit else "")


def _brand(account_id: int) -> Brand:
    """The organisation's colours and both logos, where their files are there."""
    colours = Brand(*(settings.get(f"brand.{name}") for name in ("primary", "secondary", "tint")))
    ours = select(StoredFile.sha256).where(StoredFile.id == settings.get("brand.logo_file"))
    theirs = select(StoredFile.sha256).join(Account, Account.logo_file_id == StoredFile.id)
    theirs = theirs.where(Account.id == account_id)
    found = db.session.execute(select(ours.scalar_subquery(), theirs.scalar_subquery())).one()
    return replace(colours, logo=_picture(found[0]), client_logo=_picture(found[1]))


def _picture(digest: str | None) -> bytes | None:
    with suppress(OSError, ValueError):
        return images.read(digest) if digest else None
    return None
