"""The audit trail (AC-8): what was recorded, newest first, of one account or of all, a page at a time by keyset."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, or_, select

from haark import clock
from haark.accounts.models import Account, Contact, CustomField
from haark.events.models import Event
from haark.extensions import db
from haark.fields import read_day
from haark.people.models import User
from haark.reviews.models import TextRevision

PAGE_SIZE = 50
BATCH = 500  # of an export
HAARK = "0"  # in the place of a person: what no person did
# By group, how the kinds of its events begin.
GROUPS: dict[str, tuple[str, ...]] = {
    "facts": ("account.", "term.", "next_review.", "project.", "loss."),
    "contacts": ("contact.", "interaction.", "attachment."),
    "plan": ("plan.", "objective.", "milestone.", "risk.", "member.", "proposal.", "share.", "comment.", "value."),
    "reviews": ("review.", "participant.", "promise."),
    "actions": ("action.",),
    "signals": ("signal.", "advice.", "health."),
    "imports": ("import.", "intake.", "export.", "account.merged", "account.parted"),
    "settings": (
        "settings.",
        "user.",
        "template.",
        "plan_template.",
        "story.",
        "roadmap_item.",
        "churn_model.",
        "mail.",
    ),
}
# Which values are the ids of what.
EDITED = "review.text_"
USERS = ("owner_id", "sales_owner_id", "owner_user_id", "user_id", "author_id")
CONTACTS = ("owner_contact_id", "contact_id")
ACCOUNTS = ("parent_id", "account_id")


class BadPlace(ValueError):
    """The place in the trail that an address names does not exist."""


@dataclass(frozen=True)
class Filter:
    """What is wanted of the trail: `who` a user's id or HAARK, `group` of GROUPS, `field` the name of a changed field,
    `start` and `end` days, both included; empty: no such condition."""

    who: str = ""
    group: str = ""
    field: str = ""
    start: date | None = None
    end: date | None = None

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Filter":
        """As an address says it; what means nothing is left out."""
        who, group, name = arguments.get("who", ""), arguments.get("kind", ""), arguments.get("field", "")
        return cls(
            who if who.isdecimal() and len(who) < 10 else "",
            group if group in GROUPS else "",
            name if name.replace("_", "").replace(".", "").isalnum() and len(name) <= 60 else "",
            read_day(arguments.get("start", "")),
            read_day(arguments.get("end", "")),
        )

    @property
    def arguments(self) -> dict[str, str]:
        """For an address."""
        plain = {"who": self.who, "kind": self.group, "field": self.field}
        days = {"start": self.start, "end": self.end}
        return {name: value for name, value in plain.items() if value} | {
            name: day.isoformat() for name, day in days.items() if day
        }


@dataclass(frozen=True)
class Names:
    """What the ids in values are called, and the texts of reviews, which their revisions hold."""

    users: Mapping[int, str] = field(default_factory=dict)
    contacts: Mapping[int, str] = field(default_factory=dict)
    accounts: Mapping[int, str] = field(default_factory=dict)
    currencies: Mapping[int, str] = field(default_factory=dict)
    texts: Mapping[tuple[Any, ...], tuple[str, str]] = field(default_factory=dict)  # by `text_key`: before, after


@dataclass(frozen=True)
class Trail:
    """A page of events (id, at, kind, account_id, subject_kind, subject_id, actor_id, data), the names in them, and the
    place where the next page begins, '' at the end."""

    rows: Sequence[Any]
    names: Names
    after: str


def page(account_id: int | None, wanted: Filter, after: str = "", size: int = PAGE_SIZE, zone: str = "") -> Trail:
    """The events before a place: at most six statements whatever their number. Raises BadPlace."""
    columns = (
        Event.id,
        Event.at,
        Event.kind,
        Event.account_id,
        Event.subject_kind,
        Event.subject_id,
        Event.actor_id,
        Event.data,
    )
    rows = select(*columns).where(*_conditions(account_id, wanted, zone or clock.DEFAULT_ZONE))
    # By time, as an index serves it, of an account and of the whole house.
    rows = rows.order_by(Event.at.desc(), Event.id.desc())
    if after:
        rows = rows.where(_before(after))
    found = db.session.execute(rows.limit(size + 1)).all()
    shown = found[:size]
    return Trail(shown, _names(shown), _place(shown[-1]) if len(found) > size else "")


def everything(account_id: int | None, wanted: Filter, zone: str = "") -> Iterator[tuple[Any, Names]]:
    """Every event with the names in it, read a batch at a time."""
    after = ""
    while True:
        found = page(account_id, wanted, after, BATCH, zone)
        for row in found.rows:
            yield row, found.names
        if not found.after:
            return
        after = found.after


def people(account_id: int | None) -> list[tuple[int, str]]:
    """The choices of the filter, by name: who did something of an account; of the house everybody. One statement."""
    named = select(User.id, User.name).order_by(User.name)
    if account_id is not None:
        named = named.where(User.id.in_(select(Event.actor_id).where(Event.account_id == account_id)))
    return [(row.id, row.name) for row in db.session.execute(named)]


def _conditions(account_id: int | None, wanted: Filter, zone: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if account_id is not None:
        found.append(Event.account_id == account_id)
    if wanted.who:
        found.append(Event.actor_id.is_(None) if wanted.who == HAARK else Event.actor_id == int(wanted.who))
    if wanted.group:
        found.append(or_(*(Event.kind.startswith(prefix, autoescape=True) for prefix in GROUPS[wanted.group])))
    if wanted.field:
        # Both databases keep the JSON as it was written: `"seats": [80, 90]`.
        found.append(cast(Event.data, String).contains(f'"{wanted.field}": [', autoescape=True))
    if wanted.start:
        found.append(Event.at >= clock.start_of(wanted.start, zone))
    if wanted.end:
        found.append(Event.at < clock.start_of(wanted.end + timedelta(1), zone))
    return found


def _names(rows: Sequence[Any]) -> Names:
    """What the ids of these events are called: a statement for each kind of thing that occurs."""
    users = {row.actor_id for row in rows} | _ids(rows, USERS)
    contacts = _ids(rows, CONTACTS)
    accounts = {row.account_id for row in rows} | _ids(rows, ACCOUNTS)
    found = _called(Account, accounts)
    return Names(
        users={ident: row.name for ident, row in _called(User, users).items()},
        contacts={ident: row.name for ident, row in _called(Contact, contacts).items()},
        accounts={ident: row.name for ident, row in found.items()},
        currencies={ident: row.currency for ident, row in found.items()},
        texts=_texts([row for row in rows if row.kind.startswith(EDITED)]),
    )


def text_key(row: Any) -> tuple[Any, ...]:
    """Which revision of a text an event speaks of: both were written in one moment."""
    return row.subject_id, (row.data or {}).get("slide"), (row.data or {}).get("field"), row.at


def _texts(rows: Sequence[Any]) -> dict[tuple[Any, ...], tuple[str, str]]:
    if not rows:
        return {}
    kept = select(TextRevision).where(
        TextRevision.review_id.in_({row.subject_id for row in rows}), TextRevision.at.in_({row.at for row in rows})
    )
    found = {}
    for one in db.session.scalars(kept):
        before, after = (one.computed if text is None else text for text in (one.before, one.text))
        found[one.review_id, one.slide_key, one.field, one.at] = (before, after)
    return found


def custom_fields() -> dict[str, str]:
    """The names of the organisation's own fields, as the trail calls them; those too that were removed."""
    rows = db.session.execute(select(CustomField.key, CustomField.name))
    return {f"cf_{row.key}": row.name for row in rows}


def _ids(rows: Sequence[Any], fields: Sequence[str]) -> set[Any]:
    pairs = [((row.data or {}).get("changes") or {}).get(name) or () for row in rows for name in fields]
    return {value for pair in pairs for value in pair if isinstance(value, int)}


def _called(model: Any, ids: set[Any]) -> dict[int, Any]:
    ids = {one for one in ids if one is not None}
    if not ids:
        return {}
    columns = (model.id, model.name, model.currency) if model is Account else (model.id, model.name)
    return {row.id: row for row in db.session.execute(select(*columns).where(model.id.in_(ids)))}


def _place(row: Any) -> str:
    packed = json.dumps([row.at.isoformat(), row.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _before(after: str) -> ColumnElement[bool]:
    try:
        packed = base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True)
        at, ident = json.loads(packed)
        instant = datetime.fromisoformat(at)
        if (
            instant.tzinfo is None
            or type(ident) is not int
            or not 0 < ident < 2**31
            or not 1970 <= instant.year <= 9000
        ):
            raise ValueError("not a place in a trail")
    except (ValueError, TypeError, RecursionError, OverflowError, binascii.Error) as error:
        raise BadPlace(str(error)) from error
    # The first condition is what an index can seek.
    return and_(Event.at <= instant, or_(Event.at < instant, Event.id < ident))
