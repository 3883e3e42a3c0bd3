"""What the checks need besides the deck, and the findings worded for the reader."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy import select

from haark import locale
from haark.accounts.models import Account
from haark.cadence.models import Review
from haark.extensions import db
from haark.library.models import Story
from haark.reviews import workspace
from haark.reviews.assembly import Book
from haark.reviews.checks import rules, wording
from haark.reviews.checks.rules import Around, Found
from haark.reviews.content.context import period_label
from haark.reviews.inviting import queries as inviting
from haark.reviews.wording import Words


@dataclass(frozen=True)
class Finding:
    """One thing to look at: where, what in a sentence, the text quoted, how grave, and the page that mends it."""

    slide_key: str
    kind: str
    text: str
    severity: str
    href: str
    where: str = ""
    quote: str = ""


def check(review: Review, book: Book, edition: str = "client", on: date | None = None) -> list[Finding]:
    """Everything worth a look before this edition is shared, the gravest first. At most three statements."""
    around = _around(review, book, on or date.fromisoformat(book.material.facts["on"]))
    found = rules.findings(book, edition, around, allowed=review.internal_allowed)
    words = Words(locale.current())
    following = period_label(book.material.facts["periods"]["after"], words)
    titles = {page.key: workspace.slide_title(page.place.named, words, following) for page in book.pages}
    return [_worded(one, review, book, titles.get(one.slide, ""), words) for one in found]


def _worded(one: Found, review: Review, book: Book, where: str, words: Words) -> Finding:
    number = next((page.number for page in book.pages if page.key == one.slide), None)
    told = f"{number}. {where}" if number else ""
    return Finding(one.slide, one.kind, wording.sentence(one, words), one.severity, _href(one, review), told, one.quote)


def _href(one: Found, review: Review) -> str:
    """The slide with its field, the account for its logo, the settings for the colours, the planning for people."""
    if one.slide:
        anchor = workspace.field_id(one.slide, one.spot) if one.spot else None
        return url_for("reviews.show", review_id=review.id, slide=one.slide, _anchor=anchor)
    if one.kind == "logo":
        return f"/accounts/{review.account_id}/logo/edit"
    if one.kind == "contrast":
        return url_for("settings.show", name="brand")
    return url_for("inviting.plan", review_id=review.id)


def _around(review: Review, book: Book, on: date) -> Around:
    logo = db.session.scalar(select(Account.logo_file_id).where(Account.id == review.account_id))
    people = inviting.participants(review.id) if review.starts_at is not None else []
    return Around(
        logo=logo is not None,
        scheduled=review.starts_at is not None and review.held_on is None,
        chosen=len(people),
        uninvited=tuple(person.name for person in people if person.invited_at is None and not person.ours),
        refused=_refused(book, on),
    )


def _refused(book: Book, on: date) -> frozenset[int]:
    """Stories on slides whose client does not (or no longer) allow what the slide tells of them."""
    told = {
        int(page.place.data["story_id"]): bool(page.place.data.get("client") or page.place.data.get("speaker"))
        for page in book.pages
        if page.place.kind == "story" and page.place.data.get("story_id")
    }
    if not told:
        return frozenset()
    rows = db.session.execute(select(Story.id, Story.permission, Story.permission_until).where(Story.id.in_(told)))
    kept = {
        row.id
        for row in rows
        if (row.permission == "named" or (row.permission == "anonymous" and not told[row.id]))
        and (row.permission_until is None or row.permission_until >= on)
    }
    return frozenset(told) - kept
