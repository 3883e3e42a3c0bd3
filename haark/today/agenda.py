"""What a person's calendar shows (TD-2): their reviews, the ends of preparations, their actions, recaps to send."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from haark import clock, locale
from haark.accounts.models import Account
from haark.accounts.queries import ids_of_owner
from haark.actions.models import ActionItem
from haark.actions.queries import OPEN
from haark.cadence.models import OPEN_STATES, Review
from haark.cadence.steps import READY_DAYS
from haark.events.models import Event
from haark.extensions import db
from haark.mail.feed import Entry
from haark.people.models import User
from haark.reviews import titles
from haark.reviews.inviting.domain import minutes_of
from haark.reviews.recap import due

# Days back and ahead that a calendar holds, and entries of a kind at most.
PAST, AHEAD, MOST = timedelta(60), timedelta(400), 500
RECAP_MINUTES = 30


def entries(user: User, at: datetime, host: str, link: str) -> list[Entry]:
    """The entries of a person's calendar at the instant `at`, in the language in force. Six statements.

    `host` ends the UIDs, `link` begins the addresses: `https://haark.example`.
    """
    on = clock.day_of(at, user.timezone)
    span = (on - PAST, on + AHEAD)
    mine = ids_of_owner(user.id)
    reviews = (
        select(Review, Account.name)
        .join(Account, Account.id == Review.account_id)
        .where(Review.account_id.in_(mine), Review.deleted_at.is_(None), Review.state != "cancelled")
        .where(Review.due_on.between(*span))
        .order_by(Review.due_on, Review.id)
        .limit(MOST)
    )
    actions = (
        select(ActionItem, Account.name)
        .join(Account, Account.id == ActionItem.account_id)
        .where(ActionItem.owner_user_id == user.id, ActionItem.state.in_(OPEN), ActionItem.deleted_at.is_(None))
        .where(Account.deleted_at.is_(None), ActionItem.due_on.between(*span))
        .order_by(ActionItem.due_on, ActionItem.id)
        .limit(MOST)
    )
    held = db.session.execute(reviews).all()
    tasks = db.session.execute(actions).all()
    changed = (
        _changed("review", [row.Review.id for row in held]),
        _changed("action", [row.ActionItem.id for row in tasks]),
    )
    found: list[Entry] = []
    for review, name in held:
        found += _of_review(review, name, changed[0].get(review.id, review.created_at), host, link)
    for item, name in tasks:
        found.append(_of_action(item, name, changed[1].get(item.id, item.created_at), host, link))
    return found + [_of_recap(one, user, host, link) for one in due.waiting(at, [user.id])]


def _of_review(review: Review, account: str, changed: datetime, host: str, link: str) -> list[Entry]:
    """The meeting, or the day until which it is to be held; and while it is to come, when its preparation ends."""
    title = f"{titles.title_of(review.kind, review.period, locale.current())} · {account}"
    about: dict[str, Any] = {"sequence": review.version - 1, "changed": changed, "url": f"{link}/reviews/{review.id}"}
    coming = review.state in OPEN_STATES
    found = [
        Entry(
            uid=f"review-{review.id}@{host}",
            summary=title,
            day=None if review.starts_at else review.held_on or review.due_on,
            starts=review.starts_at,
            minutes=minutes_of(review),
            zone=review.zone or clock.DEFAULT_ZONE,
            description=review.goals,
            location=review.place,
            busy=review.starts_at is not None,
            tentative=coming and review.state != "scheduled",
            **about,
        )
    ]
    if coming and review.due_on is not None:
        ready = review.due_on - timedelta(READY_DAYS)
        found.append(
            Entry(
                uid=f"prepare-{review.id}@{host}",
                summary=_("Préparation à finir : %(review)s", review=title),
                day=ready,
                **about,
            )
        )
    return found


def _of_action(item: ActionItem, account: str, changed: datetime, host: str, link: str) -> Entry:
    return Entry(
        uid=f"action-{item.id}@{host}",
        sequence=item.version - 1,
        changed=changed,
        summary=f"{item.title} · {account}",
        day=item.due_on,
        url=f"{link}/actions/{item.id}",
    )


def _of_recap(one: due.Waiting, user: User, host: str, link: str) -> Entry:
    """The half hour before a recap is late."""
    title = f"{titles.title_of(one.kind, one.period, locale.current())} · {one.account_name}"
    return Entry(
        uid=f"recap-{one.review_id}@{host}",
        sequence=0,
        changed=one.ended_at,
        summary=_("Récap à envoyer : %(review)s", review=title),
        starts=one.due_at - timedelta(minutes=RECAP_MINUTES),
        minutes=RECAP_MINUTES,
        zone=user.timezone,
        url=f"{link}/reviews/{one.review_id}",
    )


def _changed(kind: str, idents: Sequence[int]) -> dict[int, datetime]:
    """When each of these things last changed, as its events say."""
    if not idents:
        return {}
    rows = select(Event.subject_id, func.max(Event.at)).where(Event.subject_kind == kind, Event.subject_id.in_(idents))
    return {int(row[0] or 0): row[1] for row in db.session.execute(rows.group_by(Event.subject_id))}
