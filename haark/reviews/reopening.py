"""Decks of earlier snapshots, to read and to print: what the client was shown before the figures were refreshed."""

from datetime import datetime

from flask import Response, abort, request, url_for

from haark import locale
from haark.access import sees
from haark.decks.present import screens
from haark.hypermedia import go, respond
from haark.reviews import domain, downloads, drifting, snapshots, titles
from haark.reviews.answers import load
from haark.reviews.outputs import Variant
from haark.reviews.pages import blueprint


@blueprint.get("/reviews/<int:review_id>/snapshots")
@sees("review", "review_id")
def list_snapshots(review_id: int) -> Response:
    """When the figures of the review were read, and how many moved since."""
    review, book = load(review_id)
    facts = book.material.facts
    return respond(
        "reviews/snapshots.html",
        review=review,
        client=facts["account"]["name"],
        title=titles.review_title(review.kind, facts["periods"]["now"], locale.current()),
        rows=snapshots.listed(review_id),
    )


@blueprint.get("/reviews/<int:review_id>/snapshots/<int:snapshot_id>")
@sees("review", "review_id")
def open_snapshot(review_id: int, snapshot_id: int) -> Response:
    """The whole deck with the figures of then, to read only, its files, what moved since; the latest: the review."""
    review, now = load(review_id)
    rows = {row.id: row for row in snapshots.listed(review_id)}
    row = rows.get(snapshot_id) or abort(404)
    if row.moved is None:
        return go(url_for("reviews.show", review_id=review_id))
    variant = Variant.asked({**request.args.to_dict(), "snapshot": str(snapshot_id)})
    then = domain.compose(review, snapshot=snapshot_id) or abort(404)
    deck = variant.of(then.deck)
    return respond(
        "reviews/snapshot.html",
        review=review,
        row=row,
        deck=deck,
        pages=screens(deck),
        export=downloads.state(review, then, variant),
        rows=drifting.moved(now, then.material.facts, now.material.facts, locale.current()),
        taken_at=datetime.fromisoformat(now.material.facts["taken_at"]),
    )
