"""Own slides and copies over HTTP: chosen, filled in, written anew, deleted and brought back."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, fields, locale
from haark.access import changes
from haark.cadence.models import Review
from haark.extensions import db
from haark.files.store import StorageFull
from haark.hypermedia import flash_done, go, push_url, respond
from haark.library import queries as library
from haark.reviews import own_forms, pictures, slides, titles
from haark.reviews.answers import done, load, whole
from haark.reviews.assembly import Book
from haark.reviews.offers import known_figures, known_series
from haark.reviews.own_forms import KINDS, Data
from haark.reviews.pages import blueprint, business_day
from haark.reviews.pictures import PictureRefused


@blueprint.get("/reviews/<int:review_id>/slides/new")
@changes("review", "review_id")
def choose_slide(review_id: int) -> Response:
    """Which kind: one's own, or something from the library that fits the account."""
    review, book = load(review_id)
    fitting = library.fitting(review.account_id, business_day())
    return respond("reviews/own/new.html", after=_after(), kinds=KINDS, fitting=fitting, **_around(review, book))


@blueprint.get("/reviews/<int:review_id>/slides/new/<kind>")
@changes("review", "review_id")
def new_slide(review_id: int, kind: str) -> Response:
    """The empty form of a kind."""
    review, book = load(review_id)
    _known(kind)
    return _form(review, book, kind, own_forms.blank(kind))


@blueprint.post("/reviews/<int:review_id>/slides/new/<kind>")
@changes("review", "review_id")
def add_slide(review_id: int, kind: str) -> Response:
    """Makes the slide, behind the one that was open; a `step` only changes the form."""
    review, book = load(review_id)
    _known(kind)
    data = own_forms.read(kind, request.form)
    if request.form.get("step"):
        return _form(review, book, kind, own_forms.stepped(data, request.form["step"]))
    wrong = own_forms.complaints(kind, data, book.figures)
    if not wrong:
        wrong = _with_picture(kind, data, needed=True)
    if wrong:
        return _form(review, book, kind, data, 422, wrong)
    kept = own_forms.trimmed(kind, data)
    row = slides.add(review, kind, kept, _after(), by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Diapositive ajoutée"))
    return go(url_for("reviews.show", review_id=review_id, slide=row.key))


@blueprint.get("/reviews/<int:review_id>/slides/<slide>/content")
@changes("review", "review_id")
def slide_content(review_id: int, slide: str) -> Response:
    """The form of an own slide, with the words that were written in place."""
    review, book = load(review_id)
    row, data = _present(review, slide)
    return _form(review, book, row.kind, data, key=slide, stamp=slides.stamp_of(data))


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/content")
@changes("review", "review_id")
def rewrite_slide(review_id: int, slide: str) -> Response:
    """Keeps new content; 409 with what somebody else saved meanwhile, what was typed staying in the form."""
    review, book = load(review_id)
    row, held = _present(review, slide)
    stamp = request.form.get("stamp", "")
    data = {**held, **own_forms.read(row.kind, request.form)}
    if request.form.get("step"):
        return _form(review, book, row.kind, own_forms.stepped(data, request.form["step"]), key=slide, stamp=stamp)
    wrong = own_forms.complaints(row.kind, data, book.figures) or _with_picture(row.kind, data, needed=False)
    if wrong:
        return _form(review, book, row.kind, data, 422, wrong, key=slide, stamp=stamp)
    try:
        kept = own_forms.trimmed(row.kind, data)
        slides.rewrite(review, slide, kept, stamp, by=current_user.id, at=clock.moment())
    except slides.DataOvertaken as late:
        stamp = slides.stamp_of(late.theirs)
        return _form(review, book, row.kind, data, 409, key=slide, stamp=stamp, theirs=late.theirs)
    db.session.commit()
    flash_done(_("Diapositive enregistrée"))
    return go(url_for("reviews.show", review_id=review_id, slide=slide))


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/copy")
@changes("review", "review_id")
def copy_slide(review_id: int, slide: str) -> Response:
    review, _book = load(review_id)
    row = done(slides.duplicate, review, slide)
    flash_done(_("Diapositive dupliquée"))
    push_url(url_for("reviews.show", review_id=review_id, slide=row.key))
    return whole(review, row.key)


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/deletion")
@changes("review", "review_id")
def delete_slide(review_id: int, slide: str) -> Response:
    """Takes an own slide out; the message brings it back."""
    review, book = load(review_id)
    done(slides.delete, review, slide)
    flash_done(_("Diapositive supprimée"), undo=url_for("reviews.restore_slide", review_id=review_id, slide=slide))
    before = book.pages[max(book.page(slide).number - 2, 0)].key
    push_url(url_for("reviews.show", review_id=review_id, slide=before))
    return whole(review, before)


@blueprint.post("/reviews/<int:review_id>/slides/<slide>/deletion/removal")
@changes("review", "review_id")
def restore_slide(review_id: int, slide: str) -> Response:
    review, _book = load(review_id)
    done(slides.bring_back, review, slide)
    flash_done(_("Diapositive rétablie"))
    return go(url_for("reviews.show", review_id=review_id, slide=slide))


def _with_picture(kind: str, data: Data, *, needed: bool) -> dict[str, str]:
    """Takes the file of an image into `data`; what is wrong with it, if anything."""
    if kind != "image":
        return {}
    file = request.files.get("picture")
    content = file.read(own_forms.PICTURE_BYTES + 1) if file else b""
    if not content:
        return {"picture": _("Choisissez un fichier PNG ou JPEG.")} if needed else {}
    if len(content) > own_forms.PICTURE_BYTES:
        return {"picture": _("Ce fichier dépasse 5 Mo. Réduisez-le, puis renvoyez-le.")}
    try:
        data |= pictures.keep(content, fields.one_line(file.filename if file else "") or "image", at=clock.moment())
    except PictureRefused as refused:
        if refused.reason == "size":
            return {"picture": _("Cette image est trop grande. Réduisez-la, puis renvoyez-la.")}
        return {"picture": _("Ce fichier n’est ni un PNG ni un JPEG lisible.")}
    except StorageFull:
        return {"picture": _("Le disque de Haark est plein : l’image n’a pas été gardée.")}
    return {}


def _present(review: Review, slide: str) -> tuple[slides.ReviewSlide, Data]:
    try:
        row, data = slides.present(review, slide)
    except KeyError:
        abort(404)
    return row, data if row.kind in KINDS else abort(404)


def _known(kind: str) -> None:
    if kind not in KINDS:
        abort(404)


def _after() -> str:
    return request.values.get("after", "")


def _form(
    review: Review,
    book: Book,
    kind: str,
    data: Data,
    status: int = 200,
    wrong: dict[str, str] | None = None,
    key: str = "",
    stamp: str = "",
    theirs: Any = None,
) -> Response:
    shown: dict[str, Any] = {
        "kind": kind,
        "named": KINDS[kind][0],
        "data": data,
        "wrong": wrong or {},
        "key": key,
        "stamp": stamp,
        "theirs": theirs,
        "after": _after(),
        "choices": own_choices(kind, book),
    }
    return respond("reviews/own/form.html", "reviews/own/_form.html", status=status, **shown, **_around(review, book))


def own_choices(kind: str, book: Book) -> list[tuple[str, str]]:
    """What a form offers: the figures of the account, or its series that have something to draw."""
    return known_figures(book) if kind == "figures" else known_series(book) if kind == "chart" else []


def _around(review: Review, book: Book) -> dict[str, Any]:
    now = book.material.facts["periods"]["now"]
    title = titles.review_title(review.kind, now, locale.current())
    return {"review": review, "client": book.material.facts["account"]["name"], "title": title}
