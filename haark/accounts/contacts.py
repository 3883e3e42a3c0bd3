"""Verbs about the people at a client (AC-3): add, change, leave, return. Each records its event, and where a sponsor,
champion or decision maker moves, the ContactChange from which signals and reviews follow."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select

from haark.accounts import movements
from haark.accounts.models import CONTACT_ROLES, Contact, ContactChange
from haark.accounts.movements import Movement
from haark.events.domain import differences, record
from haark.extensions import db
from haark.jobs import domain as jobs

ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


class ContactError(ValueError):
    """What no contact can be; `kind`: `name` (empty), `email`, `profile` (no web address), `role`, `taken` (the address
    is another contact's: `holder`), `future` (a departure still to come)."""

    def __init__(self, kind: str, holder: int = 0) -> None:
        super().__init__(kind)
        self.kind, self.holder = kind, holder


class ContactOutdated(Exception):
    """Somebody else changed the contact since it was seen."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a person may say of a contact."""

    name: str
    email: str = ""
    role: str = "other"
    main: bool = False
    phone: str = ""
    language: str = ""
    profile_url: str = ""


def add(account_id: int, person: Person, *, by: int | None, at: datetime, on: date) -> Contact:
    """A new contact. Raises ContactError."""
    told = _checked(account_id, person)
    others = db.session.scalar(select(Contact.id).where(Contact.account_id == account_id).limit(1)) is not None
    contact = Contact(account_id=account_id, **asdict(told))
    db.session.add(contact)
    db.session.flush()
    if told.main:
        _only_main(contact, by=by, at=at)
    moved = movements.arrival(contact.role, None, others, on)
    _keep(contact, moved)
    _told("contact.added", contact, moved, by, at)
    return contact


def change(contact: Contact, version: int, person: Person, *, by: int | None, at: datetime, on: date) -> bool:
    """Changes what is known of a contact; False when nothing differs. Raises ContactError, ContactOutdated."""
    if contact.version != version:
        raise ContactOutdated(contact.id)
    told = _checked(contact.account_id, person, contact.id)
    changes = differences(asdict(person_of(contact)), asdict(told))
    if not changes:
        return False
    role, became_main = contact.role, told.main and not contact.main
    for name, value in asdict(told).items():
        setattr(contact, name, value)
    if became_main:
        _only_main(contact, by=by, at=at)
    moved = movements.movement(role, contact.left_on, contact.role, contact.left_on, on)
    _keep(contact, moved)
    _told("contact.changed", contact, moved, by, at, changes=changes)
    return True


def leave(contact: Contact, day: date, *, by: int | None, at: datetime, on: date) -> bool:
    """They left the client on `day`, today at the latest; said again, the day is corrected. Raises ContactError."""
    if day > on:
        raise ContactError("future")
    if contact.left_on == day:
        return False
    before = contact.left_on
    _forget(contact, "left", before)
    contact.left_on = day
    moved = movements.movement(contact.role, None, contact.role, day, on)
    _keep(contact, moved)
    _told("contact.left", contact, moved, by, at, changes=differences({"left_on": before}, {"left_on": day}))
    return True


def come_back(contact: Contact, *, by: int | None, at: datetime, on: date) -> bool:
    """They are at the client again, from today on. Of a departure said today nothing remains."""
    if contact.left_on is None:
        return False
    said_today = contact.left_on == on
    moved = None if said_today else movements.movement(contact.role, contact.left_on, contact.role, None, on)
    return _returned(contact, moved, said_today, by, at)


def take_back(contact: Contact, *, by: int | None, at: datetime) -> bool:
    """They never left: the departure was a mistake."""
    return contact.left_on is not None and _returned(contact, None, True, by, at)


def person_of(contact: Any) -> Person:
    """What is known of a contact (a row or an entity), as a form takes it."""
    names = Person.__dataclass_fields__
    return Person(**{name: getattr(contact, name) for name in names})


def missing_roles(people: Sequence[Any]) -> list[str]:
    """Key roles that nobody who is still there holds, in their order."""
    held = {person.role for person in people if person.left_on is None}
    return [role for role in movements.KEY_ROLES if role not in held]


def profile_address(text: str) -> str:
    """A web address from what was typed: «linkedin.com/in/x» gets its https. ContactError when it is none."""
    if not text:
        return ""
    whole = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
    except ValueError as fault:
        raise ContactError("profile") from fault
    if parts.scheme not in ("https", "http") or "." not in host.strip(".") or " " in whole or len(whole) > 500:
        raise ContactError("profile")
    return whole


def _checked(account_id: int, person: Person, ident: int = 0) -> Person:
    if not person.name.strip():
        raise ContactError("name")
    if person.role not in CONTACT_ROLES:
        raise ContactError("role")
    email = person.email.strip()
    if email and not ADDRESS.fullmatch(email):
        raise ContactError("email")
    if email:
        same = select(Contact.id).where(Contact.account_id == account_id, func.lower(Contact.email) == email.lower())
        holder = db.session.scalar(same.where(Contact.id != ident).limit(1))
        if holder is not None:
            raise ContactError("taken", holder)
    return replace(person, name=person.name.strip(), email=email, profile_url=profile_address(person.profile_url))


def _only_main(contact: Contact, *, by: int | None, at: datetime) -> None:
    """There is one main contact: the others no longer are."""
    rows = select(Contact).where(Contact.account_id == contact.account_id, Contact.main, Contact.id != contact.id)
    for other in db.session.scalars(rows):
        other.main = False
        _told("contact.changed", other, None, by, at, changes={"main": [True, False]})


def _returned(contact: Contact, moved: Movement | None, mistake: bool, by: int | None, at: datetime) -> bool:
    before = contact.left_on
    if mistake:
        _forget(contact, "left", before)
    contact.left_on = None
    _keep(contact, moved)
    _told("contact.returned", contact, moved, by, at, changes=differences({"left_on": before}, {"left_on": None}))
    return True


def _forget(contact: Contact, kind: str, day: date | None) -> None:
    gone = delete(ContactChange).where(ContactChange.contact_id == contact.id, ContactChange.kind == kind)
    db.session.execute(gone if day is None else gone.where(ContactChange.date == day))


def _keep(contact: Contact, moved: Movement | None) -> None:
    """One row for a kind and a day: a role changed twice on one day changed once, and back again not at all."""
    if moved is None:
        return
    same = select(ContactChange).where(
        ContactChange.contact_id == contact.id, ContactChange.kind == moved.kind, ContactChange.date == moved.date
    )
    row = db.session.scalar(same)
    if row is not None and moved.kind == "role" and row.role_before == moved.role:
        db.session.delete(row)
    elif row is not None:
        row.name, row.role = contact.name, moved.role
    else:
        told = {"kind": moved.kind, "role": moved.role, "role_before": moved.role_before, "date": moved.date}
        db.session.add(ContactChange(account_id=contact.account_id, contact_id=contact.id, name=contact.name, **told))
    db.session.flush()


def _told(kind: str, contact: Contact, moved: Movement | None, by: int | None, at: datetime, **data: Any) -> None:
    """`moved` in the event: the history shows the row of ContactChange instead."""
    told: dict[str, Any] = {"name": contact.name, "role": contact.role, **data}
    if moved is not None:
        told["moved"] = moved.kind
    subject = ("contact", contact.id)
    jobs.ring_for(record(kind, at=at, by=by, account_id=contact.account_id, subject=subject, **told))
    db.session.flush()
