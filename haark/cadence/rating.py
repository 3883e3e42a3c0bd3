"""A person's rating of a project on a date: what it says, and whether it still counts (HL-8)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from haark import clock
from haark.cadence import queries
from haark.cadence.queries import State
from haark.events.models import Event
from haark.extensions import db
from haark.health import disagreement
from haark.settings import queries as settings


@dataclass(frozen=True)
class Rating:
    """The latest rating. `until` is the last day on which it counts; `expired` is '' | 'age' | 'owner'."""

    state: State
    until: date
    expired: str

    @property
    def counted(self) -> int | None:
        """The rating 1-5 while it counts."""
        return None if self.expired else self.state.rating


def of_account(account_id: int, on: date) -> Rating | None:
    """What a person last said of the project, None while nobody did: two statements."""
    state = queries.project_state(account_id)
    return None if state is None else judged(account_id, state, on)


def judged(account_id: int, state: State, on: date) -> Rating:
    """Whether what a person said still counts: one statement."""
    rated_on, valid = clock.day_of(state.at), settings.get("rating.valid_days")
    handed_over = _owner_changed(account_id, state)
    return Rating(state, disagreement.expiry(rated_on, valid), disagreement.expired(rated_on, on, valid, handed_over))


def _owner_changed(account_id: int, state: State) -> bool:
    changes = select(Event.data).where(
        Event.account_id == account_id,
        Event.at > state.at,
        Event.kind.in_(("account.owner_changed", "account.changed")),
    )
    return any("owner_id" in (data.get("changes") or {}) for data in db.session.scalars(changes))
