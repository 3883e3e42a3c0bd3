"""Where the history of an account comes from: one entry a table, each filling the same columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, Date, String, and_, cast, exists, func, literal, null, or_

from haark.accounts.models import Contact, ContactChange, GoLive, Renewal, Revenue
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import UTCDateTime
from haark.measures.models import Interaction, Survey, Ticket

# Events that say what a row of another source says better, and those that nobody looks for in a history.
MIRRORED = (
    "interaction.",
    "action.",
    "review.",
    "import.",
    "intake.",
    "signal.",
    "advice.",
    "term.ended",
    "account.arr_",
    "contact.left",
)
# What the history tells of reviews; what people change on their slides is told by the review itself.
REVIEWED = (
    "review.planned",
    "review.moved",
    "review.scheduled",
    "review.agenda_shared",
    "review.agenda_withdrawn",
    "review.generated",
    "review.held",
    "review.recapped",
    "review.holding_removed",
    "review.closed",
    "review.reopened",
    "review.cancelled",
    "review.reinstated",
)


@dataclass(frozen=True)
class Source:
    """Rows of one table. `when` is its column of time, an instant or a day; `columns` fill the common ones."""

    when: Any
    ident: Any
    account: Any
    columns: dict[str, Any]
    where: Callable[[], ColumnElement[bool]] | None = None


EMPTY: dict[str, Any] = {
    "at": cast(null(), UTCDateTime),
    "day": cast(null(), Date),
    "kind": literal(""),
    "title": literal(""),
    "detail": literal(""),
    "number": cast(null(), BigInteger),
    "before": cast(null(), BigInteger),
    "until": cast(null(), UTCDateTime),
    "who": cast(null(), BigInteger),
    "data": cast(null(), JSON),
}


def _not_moved() -> ColumnElement[bool]:
    """A sponsor who arrives or changes role stands in the history as such (`person`), not as a contact changed too."""
    moved: ColumnElement[str] = Event.data["moved"].as_string()
    return or_(~Event.kind.startswith("contact.", autoescape=True), moved.is_(None))


_level_before = func.lag(Revenue.arr_cents).over(partition_by=Revenue.account_id, order_by=Revenue.date)
SOURCES: dict[str, Source] = {
    "event": Source(
        Event.at,
        Event.id,
        Event.account_id,
        {"kind": Event.kind, "who": Event.actor_id, "data": Event.data},
        lambda: and_(*(~Event.kind.startswith(prefix, autoescape=True) for prefix in MIRRORED), _not_moved()),
    ),
    "signal": Source(
        Event.at,
        Event.id,
        Event.account_id,
        {"kind": Event.kind, "who": Event.actor_id, "data": Event.data},
        lambda: or_(Event.kind.startswith("signal."), Event.kind.startswith("advice.")),
    ),
    "interaction": Source(
        Interaction.at,
        Interaction.id,
        Interaction.account_id,
        {
            "kind": Interaction.kind,
            "title": Interaction.summary,
            "detail": Interaction.contact_email,
            "who": Interaction.author_id,
            "data": Interaction.tags,
        },
    ),
    "ticket": Source(
        Ticket.opened_at,
        Ticket.id,
        Ticket.account_id,
        {"kind": Ticket.priority, "title": Ticket.subject, "detail": Ticket.external_id, "until": Ticket.closed_at},
    ),
    "survey": Source(
        Survey.date,
        Survey.id,
        Survey.account_id,
        {"kind": Survey.kind, "title": Survey.comment, "detail": cast(Survey.score, String)},
    ),
    "review": Source(
        Event.at,
        Event.id,
        Event.account_id,
        {"kind": Event.kind, "number": Event.subject_id, "who": Event.actor_id, "data": Event.data},
        lambda: and_(
            Event.kind.in_(REVIEWED),
            exists().where(Review.id == Event.subject_id, Review.deleted_at.is_(None)),
        ),
    ),
    "action": Source(
        ActionItem.created_at,
        ActionItem.id,
        ActionItem.account_id,
        {
            "kind": ActionItem.state,
            "title": ActionItem.title,
            "until": ActionItem.done_at,
            "who": ActionItem.created_by_id,
        },
        lambda: ActionItem.deleted_at.is_(None),
    ),
    "revenue": Source(
        Revenue.date,
        Revenue.id,
        Revenue.account_id,
        {"kind": Revenue.reason, "number": Revenue.arr_cents, "before": _level_before},
    ),
    "renewal": Source(Renewal.date, Renewal.id, Renewal.account_id, {"kind": Renewal.outcome, "title": Renewal.reason}),
    "golive": Source(GoLive.date, GoLive.id, GoLive.account_id, {"title": GoLive.name}),
    "departure": Source(Contact.left_on, Contact.id, Contact.account_id, {"kind": Contact.role, "title": Contact.name}),
    "person": Source(
        ContactChange.date,
        ContactChange.id,
        ContactChange.account_id,
        {"kind": ContactChange.kind, "title": ContactChange.name, "detail": ContactChange.role},
        lambda: ContactChange.kind != "left",
    ),
}
RANKS = {name: rank for rank, name in enumerate(SOURCES)}
GROUPS: dict[str, tuple[str, ...]] = {
    "exchanges": ("interaction", "survey"),
    "support": ("ticket",),
    "revenue": ("revenue", "renewal"),
    "reviews": ("review",),
    "actions": ("action",),
    "signals": ("signal",),
    "changes": ("event", "golive", "departure", "person"),
}
