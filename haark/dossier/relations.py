"""How close we are to the people at a client, from what was exchanged with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from haark import clock
from haark.accounts import contacts
from haark.settings import queries as settings

STRONG_DAYS = 30


@dataclass(frozen=True)
class Relation:
    """A contact's row, the day of the last exchange and the days since the last in which they took part.

    `standing`: broken (they left), none (no exchange of both sides yet), strong (within 30 days), good (within the
    days of silence of the settings, SG-1), distant.
    """

    person: Any
    last: date | None
    days: int | None
    standing: str


@dataclass(frozen=True)
class Relations:
    """Everybody, in their order, and the key roles that nobody holds."""

    rows: Sequence[Relation]
    missing: Sequence[str]


def relations(people: Sequence[Any], exchanged: Mapping[str, tuple[datetime, datetime | None]], on: date) -> Relations:
    """`exchanged` by e-mail in lower case, as dossier.queries.last_exchanges reads it. No statement."""
    silent = max(settings.get("signals.silence_days"), STRONG_DAYS)
    rows = [_relation(person, exchanged.get(person.email.lower(), (None, None)), silent, on) for person in people]
    return Relations(rows, contacts.missing_roles(people))


def _relation(person: Any, met: tuple[datetime | None, datetime | None], silent: int, on: date) -> Relation:
    last, both = met
    days = None if both is None or not person.email else (on - clock.day_of(both)).days
    day = clock.day_of(last) if last is not None and person.email else None
    return Relation(person, day, days, standing(days, person.left_on is not None, silent))


def standing(days: int | None, left: bool, silent: int) -> str:
    """The word for `days` since both sides spoke (None: never); `silent` days are too many."""
    if left:
        return "broken"
    if days is None:
        return "none"
    return "strong" if days <= STRONG_DAYS else "good" if days <= silent else "distant"
