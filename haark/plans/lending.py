"""Share links on the plan's page: issued, shown to be copied, revoked, made anew, sent by mail."""

from datetime import date, timedelta

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock
from haark.access import changes
from haark.accounts.models import Contact
from haark.extensions import db
from haark.hypermedia import flash_error
from haark.locale import timezone
from haark.mail.rules import MailRefused
from haark.plans import letters, links, pages
from haark.plans.models import Plan, ShareLink
from haark.plans.pages import blueprint
from haark.settings import queries as settings

LONGEST = timedelta(days=730)


@blueprint.post("/plans/<int:plan_id>/links")
@changes("plan", "plan_id")
def issue(plan_id: int) -> Response:
    """A link for a contact of the account; an earlier one of theirs stops opening."""
    plan, on = db.session.get_one(Plan, plan_id), clock.today(timezone())
    contact = db.session.get(Contact, request.form.get("contact", 0, type=int))
    until, wrong = _until(on)
    if contact is None or contact.account_id != plan.account_id or contact.left_on is not None:
        wrong = wrong or _("Choisissez un contact présent chez le client.")
    if wrong or contact is None:
        flash_error(wrong)
        return pages.fresh(plan.account_id, "links", status=422)
    link = links.issue(contact, by=current_user.id, at=clock.moment(), on=on, until=until)
    return pages.saved(plan.account_id, "links", _("Lien créé pour %(name)s", name=contact.name), None, shown=link.id)


@blueprint.post("/share-links/<int:ident>/address")
@changes("share_link", "ident")
def reveal(ident: int) -> Response:
    """The address, to be copied. By POST: it is a secret, and no history or log may keep it."""
    link = db.session.get_one(ShareLink, ident)
    return pages.fresh(link.account_id, "links", shown=ident, copying=True)


@blueprint.post("/share-links/<int:ident>/revocation")
@changes("share_link", "ident")
def revoke(ident: int) -> Response:
    """From now on the link opens nothing. It asks first, since no undo brings the secret back."""
    link = db.session.get_one(ShareLink, ident)
    if request.form.get("sure") != "yes":
        return pages.fresh(link.account_id, "links", asking=ident)
    links.revoke(link, by=current_user.id, at=clock.moment())
    return pages.saved(link.account_id, "links", _("Lien révoqué : il n’ouvre plus rien"))


@blueprint.post("/share-links/<int:ident>/renewal")
@changes("share_link", "ident")
def renew(ident: int) -> Response:
    """Another secret for the same contact, for as long as a new link lasts; the earlier one stops opening."""
    link = db.session.get_one(ShareLink, ident)
    contact = db.session.get_one(Contact, link.contact_id)
    if contact.left_on is not None:
        flash_error(_("%(name)s a quitté le client : le lien n’est pas recréé.", name=contact.name))
        return pages.fresh(link.account_id, "links", status=422)
    made = links.issue(contact, by=current_user.id, at=clock.moment(), on=clock.today(timezone()))
    text = _("Nouveau lien pour %(name)s ; l’ancien n’ouvre plus rien", name=contact.name)
    return pages.saved(link.account_id, "links", text, None, shown=made.id)


@blueprint.post("/share-links/<int:ident>/mail")
@changes("share_link", "ident")
def send(ident: int) -> Response:
    """The link by mail, in the contact's language; once a day however often it is pressed."""
    link, on = db.session.get_one(ShareLink, ident), clock.today(timezone())
    try:
        contact = letters.send(link, sender=current_user, at=clock.moment(), on=on)
    except letters.Unsendable as error:
        flash_error(letters.REFUSALS[error.kind])
        return pages.fresh(link.account_id, "links", status=422)
    except MailRefused:
        flash_error(letters.REFUSALS["address"])
        return pages.fresh(link.account_id, "links", status=422)
    return pages.saved(link.account_id, "links", _("Lien envoyé à %(name)s", name=contact.name))


@blueprint.app_template_global("share_address")
def address(link: ShareLink) -> str:
    """The whole address of a link; '' when the installation's key changed since it was made."""
    if not links.holds(link):
        return ""
    return f"{current_app.config['HAARK_URL']}/{links.PAGE}/{links.token_of(link)}"


@blueprint.app_template_global("share_end")
def usual_end() -> date:
    """The last day of a link made today, by the settings."""
    return clock.today(timezone()) + timedelta(days=settings.get("sharing.days"))


def _until(on: date) -> tuple[date | None, str]:
    """The last day that was typed, and what is wrong with it."""
    text = request.form.get("until", "").strip()
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, _("Cette date n’existe pas. Écrivez-la ainsi : 2026-11-12.")
    if not on <= day <= on + LONGEST:
        return None, _("Le dernier jour est à venir, dans deux ans au plus.")
    return day, ""
