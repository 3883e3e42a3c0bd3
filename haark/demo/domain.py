"""Loading the sample portfolio: observations through the import, the rest as people would have typed it."""

import csv
import tempfile
from datetime import date, timedelta
from pathlib import Path

from haark import clock
from haark.accounts.models import Account, Contact
from haark.actions.models import ActionItem
from haark.demo import actions, cast, judged, library, plans, programme, reviews, story, today, words
from haark.demo.cast import CLIENTS, VALMORIN, Client
from haark.demo.courses import DAYS
from haark.extensions import db
from haark.health import domain as health
from haark.intake import domain as intake
from haark.people.models import User
from haark.people.passwords import hash_password
from haark.plans.models import Milestone, Objective, Plan
from haark.settings import domain as settings
from haark.value.models import RoiCase, RoiLine

HISTORY_DAYS = 400  # of health snapshots: a year and a bit, for the evolution chart


class NotEmpty(Exception):
    """The database already holds something: the sample never mixes with real data."""


def is_empty() -> bool:
    """Nobody and nothing is there yet."""
    return not db.session.scalar(db.select(db.exists(User.id) | db.exists(Account.id)))


def load(on: date, history_days: int = HISTORY_DAYS) -> None:
    """Fills an empty database with the sample portfolio, seen from `on`. NotEmpty when there is anything already.

    `history_days` of health snapshots are computed too, for the evolution charts; 0 leaves today's score alone.
    Commits as it goes, as an import does; the organisation's name comes last and tells a finished load.
    """
    if not is_empty():
        raise NotEmpty
    _team()
    with tempfile.TemporaryDirectory(prefix="haark-sample-") as folder:
        for kind in story.KINDS:
            _write(Path(folder) / f"{kind}.csv", kind, on)
        # As if the data had been kept here from the beginning: its arrival is not today's news on every timeline.
        begun = clock.start_of(on - timedelta(days=DAYS))
        intake.import_paths([Path(folder)], by=None, at=begun, on=on, ring=False, listed=False)
    for client in CLIENTS:
        _promises(client, on)
    reviews.hold(on)
    programme.remember(on)
    actions.enliven(on)
    today.fill(on)
    library.stock(on)
    plans.agree(on)
    if history_days:
        health.backfill(on, history_days, step=lambda _done: db.session.commit())
    judged.judge(on, history_days > 0)
    settings.put("organisation.name", cast.ORGANISATION, by=None, at=clock.moment())
    db.session.commit()


def _team() -> None:
    for email, name, role, logs_in in cast.TEAM:
        password = hash_password(cast.PASSWORD) if logs_in else None
        person = User(email=email, name=name, role=role, password_hash=password, created_at=clock.moment())
        person.title, person.phone = cast.TITLES.get(role, ""), cast.PHONES.get(email, "")
        db.session.add(person)
    db.session.commit()


def _write(path: Path, kind: str, on: date) -> None:
    rows = list(story.rows(kind, on))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in rows)


def _promises(client: Client, on: date) -> None:
    """Plan, objectives, milestones, actions and the value case: what a CSM and a client agree on."""
    account = db.session.scalar(db.select(Account).where(Account.external_id == client.key))
    if account is None or client.story in ("bare", "quiet"):
        return
    _plan(client, account.id, on)
    _actions(client, account, on)
    if client is VALMORIN or client.story in ("growing", "steady"):
        _value(client, account.id)
    db.session.flush()


def _plan(client: Client, account_id: int, on: date) -> None:
    pick = story.dice(client, "plan")
    db.session.add(Plan(account_id=account_id, vision=""))
    reach = {"growing": (0.8, 1.15), "steady": (0.6, 1.05), "watch": (0.3, 0.7), "failing": (-0.2, 0.4)}
    low, high = reach.get(client.story, (0.1, 0.4))
    for position, (title, kpi, why, unit, comparator, baseline, target) in enumerate(words.OBJECTIVES[client.language]):
        current = round(
            baseline + (target - baseline) * pick.uniform(low, high), 2 if unit == "€" else 1 if unit else 0
        )
        if client is VALMORIN:
            current = (92.0, 94.1, 45.0, 4.32)[position]
        db.session.add(
            Objective(
                account_id=account_id,
                position=position,
                title=title,
                kpi=kpi,
                why=why,
                unit=unit,
                comparator=comparator,
                baseline=baseline,
                target=target,
                current=current,
                current_on=on - timedelta(days=10),
                starts_on=on - timedelta(days=305),
                due_on=date(on.year, 12, 31),
                agreed_on=on - timedelta(days=300),
            )
        )
    for position, (phase, title, start, due, state) in enumerate(words.MILESTONES[client.language]):
        db.session.add(
            Milestone(
                account_id=account_id,
                position=position,
                phase=phase,
                title=title,
                starts_on=on + timedelta(days=start),
                due_on=on + timedelta(days=due),
                state=state,
            )
        )


VALMORIN_ACTIONS = (
    ("Rouvrir les accès d’Orléans", -2, True),
    ("Valider les quatre objectifs de l’an prochain", 6, False),
    ("Chiffrer le module Prévision de charge", 8, True),
    ("Livrer le correctif de l’import EDI", 2, True),
    ("Reprise en main de deux heures à Orléans", 12, False),
)


def _actions(client: Client, account: Account, on: date) -> None:
    pick = story.dice(client, "actions")
    contact = db.session.scalar(
        db.select(Contact.id).where(Contact.account_id == account.id, Contact.left_on.is_(None)).order_by(Contact.id)
    )
    lines = VALMORIN_ACTIONS if client is VALMORIN else words.ACTIONS[client.language]
    for title, days, ours in lines[: len(lines) if client is VALMORIN else pick.randrange(2, len(lines) + 1)]:
        db.session.add(
            ActionItem(
                account_id=account.id,
                title=title,
                owner_user_id=account.owner_id if ours or contact is None else None,
                owner_contact_id=None if ours else contact,
                due_on=on + timedelta(days=days),
                created_at=clock.start_of(on - timedelta(days=20)),
                created_by_id=account.owner_id,
            )
        )


def _value(client: Client, account_id: int) -> None:
    """RO-3 for Groupe Valmorin; elsewhere the same calculation with the client's own numbers."""
    pick = story.dice(client, "roi")
    own = client is VALMORIN
    case = RoiCase(
        account_id=account_id,
        licence_cents=2_400_000 if own else client.arr * 100,
        one_time_cents=1_000_000 if own else round(client.arr * 25),
    )
    case.lines.append(
        RoiLine(
            category="time_saved",
            label={"en": "Claims handling", "uk": "Обробка претензій"}.get(client.language, "Traitement des litiges"),
            people=10 if own else max(2, round(client.arr / 9_000)),
            hours_per_day=8,
            days_per_year=220,
            hourly_cost_cents=3_500 if own else pick.randrange(28, 46) * 100,
            saved_percent=30 if own else pick.randrange(18, 36),
        )
    )
    db.session.add(case)
