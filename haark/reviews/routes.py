"""Business reviews: made from an account, read, gathered anew, removed; editing.py and downloads.py hold the rest."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, formats, locale
from haark.access import changes, sees
from haark.cadence.models import Review
from haark.cadence.rules import PeriodRefused
from haark.extensions import db
from haark.hypermedia import flash_done, flash_error, flash_note, go, respond
from haark.jobs import domain as jobs
from haark.jobs import queries as job_queries
from haark.reviews import (
    adding,
    borrowing,
    correcting,
    domain,
    editing,
    ordering,
    prep,
    promised,
    queries,
    ratings,
    recounting,
    refreshing,
    reopening,
    titles,
    undoing,
    workspace,
)
from haark.reviews.answers import desk_of, shown
from haark.reviews.forms import ReviewForm
from haark.reviews.pages import blueprint, business_day, sheet_of
from haark.settings import domain as settings

__all__ = [
    "adding",
    "blueprint",
    "borrowing",
    "correcting",
    "editing",
    "ordering",
    "promised",
    "ratings",
    "recounting",
    "refreshing",
    "reopening",
    "undoing",
]  # the other files add their routes when they are imported


@blueprint.get("/accounts/<int:account_id>/reviews/new")
@changes("account", "account_id")
def new(account_id: int) -> Response:
    """The form: period, sections, kind, language."""
    account = queries.account_names(account_id)
    form = ReviewForm().offer(business_day(), settings.get("fiscal_year_start"), account, queries.arr_cents(account_id))
    form.ask(request.args.get("period", ""), request.args.get("kind", ""))
    return _form(form, account)


@blueprint.post("/accounts/<int:account_id>/reviews")
@changes("account", "account_id")
def create(account_id: int) -> Response:
    """Asks for the review, and shows how far it is; an earlier one of the same period is opened instead."""
    account = queries.account_names(account_id)
    form = ReviewForm(request.form)
    form.offer(business_day(), settings.get("fiscal_year_start"), account, queries.arr_cents(account_id))
    form.ask(form.period.data or "", form.kind.data or "")
    if not form.validate():
        return _form(form, account, 422)
    try:
        period = domain.read_period(account_id, form.period.data, business_day())
    except PeriodRefused as refused:
        form.period.errors = [*form.period.errors, refusal(refused)]
        return _form(form, account, 422)
    asked = {"kind": form.kind.data, "by": current_user.id, "at": clock.moment()}
    review, fresh = domain.start(account_id, period, form.sections.data, form.language.data, **asked)
    if fresh:
        args = {"review_id": review.id, "by": current_user.id}
        key = f"generate:{review.id}"
        jobs.enqueue("reviews.generate", args=args, key=key, by=current_user.id, account_id=account_id)
    else:
        flash_note(_("Cette revue existe déjà. Vos textes y sont ; vous pouvez actualiser ses chiffres."))
    db.session.commit()
    return go(url_for("reviews.show", review_id=review.id))


@blueprint.get("/reviews/<int:review_id>")
@sees("review", "review_id")
def show(review_id: int) -> Response:
    """The workspace, one slide open; while the review is being generated, how far that is."""
    review = queries.get(review_id)
    book = domain.compose(review)
    if book is None:
        return _waiting(review)
    desk = desk_of(review, request.args.get("slide", ""), book=book)
    lately = refreshing.moved_lately(review, book) if request.args.get("moved") else {}
    return shown(review, desk, **lately)


@blueprint.get("/reviews/<int:review_id>/prep")
@sees("review", "review_id")
def prep_sheet(review_id: int) -> Response:
    """The prep sheet on screen, in the reader's language."""
    review = queries.get(review_id)
    sheet = sheet_of(review)
    edit = queries.edits(review_id).get(prep.NOTES)
    return respond("reviews/prep.html", review=review, sheet=sheet, version=edit.version if edit else 0)


@blueprint.get("/reviews/<int:review_id>/prep.md")
@sees("review", "review_id")
def prep_markdown(review_id: int) -> Response:
    """The same as a Markdown file."""
    review = queries.get(review_id)
    text = prep.markdown(sheet_of(review))
    name = f"prep-{review.period}.md"
    return Response(text, mimetype="text/markdown", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.post("/reviews/<int:review_id>/deletion")
@changes("review", "review_id")
def remove(review_id: int) -> Response:
    review = queries.get(review_id)
    domain.remove(review, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Revue supprimée"), undo=url_for("reviews.bring_back", review_id=review_id))
    return go(f"/accounts/{review.account_id}/reviews")


@blueprint.post("/reviews/<int:review_id>/deletion/removal")
@changes("removed_review", "review_id")
def bring_back(review_id: int) -> Response:
    review = queries.get(review_id)
    if domain.bring_back(review, by=current_user.id, at=clock.moment()):
        db.session.commit()
        flash_done(_("Revue rétablie"))
        return go(url_for("reviews.show", review_id=review_id))
    flash_error(_("Une autre revue de cette période existe déjà ; celle-ci reste supprimée."))
    return go(f"/accounts/{review.account_id}/reviews")


def refusal(refused: PeriodRefused) -> str:
    """Why a period cannot be reviewed."""
    if refused.reason == "future":
        return str(_("Cette période n’a pas commencé : il n’y a rien à revoir."))
    if refused.reason == "before_account" and refused.start is not None:
        day = formats.day(refused.start, locale.current())
        return str(_("Cette période est antérieure au compte, client depuis le %(day)s.", day=day))
    return str(_("Choisissez une période, par exemple 2026-Q4."))


def _form(form: ReviewForm, account: object, status: int = 200) -> Response:
    shown: dict[str, Any] = {"form": form, "account": account, "slides": workspace.sections(locale.current())}
    return respond("reviews/new.html", "reviews/_form.html", status=status, **shown)


def _waiting(review: Review) -> Response:
    """Until a review has facts: how far they are; one that nobody generated is a day in the agenda, held or to come."""
    if not queries.places(review.id):
        title = titles.title_of(review.kind, review.period, locale.current())
        names = {"account": queries.account_names(review.account_id), "title": title}
        return respond("reviews/planned.html", review=review, ready=review.period_start <= business_day(), **names)
    job = jobs.by_key(f"generate:{review.id}")
    status = job_queries.status_of(job) if job else None
    name = queries.account_names(review.account_id).name
    answer = Response(render_template("reviews/waiting.html", review=review, job=status, name=name))
    if status is not None and status.is_open:
        answer.headers["Refresh"] = "2"  # without JavaScript the page itself asks again
    return answer
