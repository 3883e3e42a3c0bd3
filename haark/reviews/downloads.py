"""The files of a review: asked for by POST, shown while they are made, downloaded. No GET makes a file."""

from flask import Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from haark.access import changes, sees
from haark.cadence.models import Review
from haark.extensions import db
from haark.files import domain as files
from haark.files.models import StoredFile
from haark.hypermedia import flash_error, go, is_fragment, respond
from haark.jobs import queries as jobs
from haark.reviews import domain, exports, outputs, queries, strides
from haark.reviews.assembly import Book, fingerprint
from haark.reviews.corporate import drawing
from haark.reviews.outputs import CLIENT, Variant
from haark.reviews.pages import blueprint
from haark.reviews.workspace import Export

WANTED = {"pdf": ["pdf"], "pptx": ["pptx"], "both": ["pdf", "pptx"]}


@blueprint.get("/reviews/<int:review_id>/exports")
@sees("review", "review_id")
def export(review_id: int) -> Response:
    """What is made, what is under way. While a file is being made the region asks again by itself."""
    review = queries.get(review_id)
    variant = Variant.asked(request.args)
    book = _book(review, variant)
    made = state(review, book, variant)
    answer = _answer(review, book, made)
    if made.job is not None and made.job.is_open and not is_fragment():
        answer.headers["Refresh"] = "2"
    return answer


@blueprint.post("/reviews/<int:review_id>/exports")
@changes("review", "review_id")
def ask(review_id: int) -> Response:
    """Asks for the files of the present content; what was made before is not made again, what failed is tried again."""
    review = queries.get(review_id)
    wanted = WANTED.get(request.form.get("format", "both")) or abort(400)
    variant = Variant.asked(request.form)
    try:
        exports.ask(review, wanted, by=current_user.id, variant=variant)
    except exports.NothingToPrint:
        abort(404)
    db.session.commit()
    if not is_fragment():
        return go(url_for("reviews.export", review_id=review_id, **variant.parameters))
    book = _book(review, variant)
    return _answer(review, book, state(review, book, variant))


@blueprint.get("/reviews/<int:review_id>/deck.<any(pdf, pptx):form>")
@sees("review", "review_id")
def deck(review_id: int, form: str) -> AnyResponse:
    """The file of the present content; where it was not made yet, the page that makes it.

    The client's edition; `?edition=internal` is for us, and every reader here is one of us.
    """
    review = queries.get(review_id)
    variant = Variant.asked(request.args)
    book = _book(review, variant)
    page = url_for("reviews.export", review_id=review_id, **variant.parameters)
    made = queries.renderings(review_id, fingerprint(variant.of(book.deck))).get(form)
    if made is None:
        return redirect(page, 302)
    file = db.session.get_one(StoredFile, made.file_id)
    try:
        content = files.read(file)
    except FileNotFoundError:
        flash_error(_("Ce fichier n’est plus sur le disque. Modifiez la revue ou prévenez l’administrateur."))
        return redirect(page, 302)
    return _download(content, file.name, file.media_type)


@blueprint.get("/reviews/<int:review_id>/deck.md")
@sees("review", "review_id")
def deck_markdown(review_id: int) -> Response:
    """The deck as Markdown, made at once: it takes milliseconds."""
    review = queries.get(review_id)
    variant = Variant.asked(request.args)
    deck = variant.of(_book(review, variant).deck)
    name = outputs.file_name(deck.client, review.period, "md", deck)
    return _download(outputs.write(deck, "md"), name, outputs.MEDIA["md"])


def _book(review: Review, variant: Variant) -> Book:
    """The review as the variant reads it; 404 until it has facts, and for a snapshot that is not its own."""
    return domain.compose(review, snapshot=variant.snapshot) or abort(404)


def state(review: Review, book: Book, variant: Variant = CLIENT) -> Export:
    """The files of the present content and the latest job asked for it, unless that is done."""
    content = fingerprint(variant.of(book.deck))
    made = queries.renderings(review.id, content)
    asked = [job for job in exports.jobs_of(review.id, content) if job.state != "done"]
    kept = {form: db.session.get_one(StoredFile, row.file_id) for form, row in made.items()}
    job = asked[-1] if asked else None
    return Export(
        kept,
        jobs.status_of(job) if job else None,
        variant=variant,
        wanted=tuple(job.args["formats"]) if job else (),
        strides=strides.read(job.message) if job else (),
        own_pages=any(row.note == drawing.FAILED for row in made.values()),
    )


def _answer(review: Review, book: Book, made: Export) -> Response:
    client = book.material.facts["account"]["name"]
    context = {"review": review, "export": made, "client": client, "deck": book.deck}
    return respond("reviews/exports.html", "reviews/_exports.html", **context)


def _download(content: bytes, name: str, media_type: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
