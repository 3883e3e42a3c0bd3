"""Who gets a recap: those who were there, others by choice. What nobody decided is computed each time."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from haark.cadence.models import Review
from haark.formats import LANGUAGES
from haark.mail import rules as mail_rules
from haark.mail.rules import MailRefused
from haark.reviews.inviting.models import Participant
from haark.reviews.recap import queries
from haark.reviews.recap.models import RecapRecipient
from haark.settings import queries as settings


@dataclass(frozen=True)
class Person:
    """Somebody who may get it, named by their `email`. `attended` None: nobody said; `mail_id`: of the mail sent."""

    email: str
    name: str
    language: str
    contact_id: int | None = None
    user_id: int | None = None
    ours: bool = False
    invited: bool = False
    attended: bool | None = None
    chosen: bool = False
    mail_id: int | None = None

    @property
    def absent(self) -> bool:
        """Expected, and not there: a copy tells them what they missed."""
        return self.invited and self.attended is False

    @property
    def key(self) -> str:
        """What an address of a page calls them; their own would stand in logs."""
        return str(zlib.crc32(self.email.casefold().encode()))

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else ""


@dataclass(frozen=True)
class Roster:
    """Everybody who has an address, and the names of participants who have none."""

    people: tuple[Person, ...]
    unreached: tuple[str, ...]
    noted: bool  # somebody said who was there

    @property
    def chosen(self) -> tuple[Person, ...]:
        return tuple(one for one in self.people if one.chosen or one.mail_id)

    @property
    def waiting(self) -> tuple[Person, ...]:
        """Those to whom it is still to be sent."""
        return tuple(one for one in self.people if one.chosen and not one.mail_id)

    @property
    def others(self) -> tuple[Person, ...]:
        return tuple(one for one in self.people if not one.chosen and not one.mail_id)

    @property
    def absent(self) -> tuple[Person, ...]:
        """Of the client, absent, and not among those who get it."""
        return tuple(one for one in self.others if one.absent and not one.ours)

    def find(self, email: str) -> Person | None:
        wanted = email.strip().casefold()
        return next((one for one in self.people if one.email.casefold() == wanted), None)


def roster(review: Review, account: Any, participants: Sequence[Participant], on: date) -> Roster:
    """Everybody, in the order of the list: participants, other contacts, ours, added addresses. Three statements."""
    usual = account.language or str(settings.get("organisation.language"))
    noted = any(one.attended for one in participants)
    found: dict[str, Person] = {}
    for one in _suggested(review, account, participants, usual, noted, on):
        found.setdefault(one.email.casefold(), one)
    for row in queries.recipients(review.id):
        found[row.email.casefold()] = _decided(row, found.get(row.email.casefold()))
    expected = (one for one in participants if one.chosen or one.attended)
    unreached = tuple(one.name for one in expected if not reached(one.email))
    return Roster(tuple(found.values()), unreached, noted)


def _suggested(
    review: Review, account: Any, participants: Sequence[Participant], usual: str, noted: bool, on: date
) -> Iterable[Person]:
    for one in participants:
        if reached(one.email) and (one.chosen or one.attended):
            there = bool(one.attended) if noted else True
            yield Person(
                one.email,
                one.name,
                _language(one.language, usual),
                one.contact_id,
                one.user_id,
                ours=one.ours,
                invited=True,
                attended=one.attended,
                chosen=there and not one.ours,
            )
    anybody = any(not one.ours and one.chosen for one in participants)
    for row in queries.contacts(account.id, on):
        if reached(row.email):
            main = bool(row.main) and not anybody
            yield Person(row.email, row.name, _language(row.language, usual), contact_id=row.id, chosen=main)
    for row in queries.colleagues(account.id):
        yield Person(row.email, row.name, _language(row.language, usual), user_id=row.id, ours=True)


def _decided(row: RecapRecipient, known: Person | None) -> Person:
    person = known or Person(row.email, row.name, row.language, row.contact_id, row.user_id)
    return replace(person, name=row.name, language=row.language, chosen=row.chosen, mail_id=row.mail_id)


def reached(address: str) -> bool:
    """Whether mail reaches an address, by its form."""
    try:
        return bool(address and mail_rules.address(address))
    except MailRefused:
        return False


def _language(language: str, usual: str) -> str:
    return language if language in LANGUAGES else usual if usual in LANGUAGES else "fr"
