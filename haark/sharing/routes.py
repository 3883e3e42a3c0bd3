"""The way in, and the plan as its reader sees it."""

from contextlib import suppress

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes, sees, with_secret
from haark.accounts.languages import language_of
from haark.accounts.models import Account
from haark.extensions import db
from haark.files import domain as files
from haark.hypermedia import flash_done, go
from haark.plans import links, prints
from haark.plans.models import Plan
from haark.reviews import queries as reviews
from haark.settings import queries as settings
from haark.sharing import domain, doors, exchanges, queries, speaking
from haark.sharing.answering import page
from haark.sharing.answering import speaking as speaking_to
from haark.sharing.doors import blueprint
from haark.sharing.pages import SharedPlan

__all__ = ["blueprint", "speaking"]


@blueprint.get("/s/<token>")
@with_secret
def landing(token: str) -> Response:
    """Whom it is for, and a button. Programs that open every link of a mail change nothing here."""
    guest = doors.caller(token)
    with force_locale(language_of(guest.contact, guest.account)):
        told = {"guest": guest, "vendor": settings.get("organisation.name")}
        return make_response(render_template("sharing/landing.html", **told))


@blueprint.post("/s/<token>")
@with_secret
def enter(token: str) -> Response:
    """A person pressed the button: their visit is written down, and they go on to an address without a secret."""
    guest = doors.caller(token)
    device = "phone" if "Mobi" in (request.user_agent.string or "") else "computer"
    secret = links.visit(guest.link, device=device, at=clock.moment(), now=clock.now())
    db.session.commit()
    return doors.welcome(guest.link.id, secret)


@blueprint.get("/s/p/<int:link_id>")
@with_secret
def show(link_id: int) -> Response:
    visit = doors.visit(link_id)
    with speaking_to(visit) as plan:
        return page(plan, visit.token)


@blueprint.get("/s/p/<int:link_id>/versions/<int:number>")
@with_secret
def version(link_id: int, number: int) -> Response:
    """A published version as it was frozen: what a signature says yes to."""
    visit = doors.visit(link_id)
    with speaking_to(visit) as plan:
        frozen = exchanges.frozen(plan.plan_id, number)
        if frozen is None:
            doors.refuse(404)
        return make_response(render_template("sharing/version.html", plan=plan, version=frozen, number=number))


@blueprint.post("/s/p/<int:link_id>/pdf")
@with_secret
def ask_pdf(link_id: int) -> Response:
    """Asks for the plan of today on paper; a GET makes no file."""
    visit = doors.visit(link_id)
    account, language = visit.guest.account, language_of(visit.guest.contact, visit.guest.account)
    if not queries.plan_of(account.id)[0]:
        doors.refuse(404)
    prints.ask(account.id, language, doors.today(), by=None)
    db.session.commit()
    return go(url_for(".pdf", link_id=link_id))


@blueprint.get("/s/p/<int:link_id>/plan.pdf")
@with_secret
def pdf(link_id: int) -> Response:
    """The file; while it is being made, a page that looks again by itself."""
    visit = doors.visit(link_id)
    account, language = visit.guest.account, language_of(visit.guest.contact, visit.guest.account)
    if not queries.plan_of(account.id)[0]:
        doors.refuse(404)
    job = prints.job_of(account.id, language, doors.today())
    file = prints.file_of(job)
    content = None
    with suppress(FileNotFoundError):
        content = files.read(file) if file is not None else None
    if file is not None and content is not None:
        answer = Response(content, content_type=file.media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer
    waits = job is not None and job.state in ("queued", "running")
    with speaking_to(visit) as plan:
        waiting = make_response(render_template("sharing/pdf.html", plan=plan, token=visit.token, waits=waits))
    if waits:
        waiting.headers["Refresh"] = "2"
    return waiting


@blueprint.get("/plans/<int:plan_id>/preview")
@sees("plan", "plan_id")
def preview(plan_id: int) -> Response:
    """Exactly what a contact sees of the plan: the same page, whose forms do nothing. Nothing is written down."""
    plan = db.session.get_one(Plan, plan_id)
    account, on = db.session.get_one(Account, plan.account_id), doors.today()
    contact = queries.reader(account.id, account.name, request.args.get("contact", type=int))
    if contact is None:
        abort(404)
    language = language_of(contact, account)
    with force_locale(language):
        shared = SharedPlan(account, contact, links.live(account.id, contact.id, on), on, doors.zone(), language)
        return page(shared, "", live=False)


@blueprint.post("/reviews/<int:review_id>/agenda/sharing")
@changes("review", "review_id")
def share_agenda(review_id: int) -> Response:
    """The draft agenda goes onto the client's shared plan (RV-13)."""
    domain.share_agenda(reviews.get(review_id), by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Ordre du jour partagé avec le client"), undo=url_for(".withdraw_agenda", review_id=review_id))
    return go(url_for("inviting.plan", review_id=review_id))


@blueprint.post("/reviews/<int:review_id>/agenda/withdrawal")
@changes("review", "review_id")
def withdraw_agenda(review_id: int) -> Response:
    domain.withdraw_agenda(reviews.get(review_id), by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("L’ordre du jour n’est plus visible du client"))
    return go(url_for("inviting.plan", review_id=review_id))
