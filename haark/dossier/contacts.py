"""The people at a client, from the account's page: add, change, leave, return, delete (AC-3)."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from haark import clock, locale
from haark.access import changes
from haark.accounts import contacts, trash
from haark.accounts import queries as accounts
from haark.accounts.models import Contact
from haark.dossier import tabs, wording
from haark.dossier.contact_form import ContactForm, DepartureForm
from haark.events.domain import record
from haark.extensions import db
from haark.fields import disagreements
from haark.hypermedia import announce, flash_done, go, is_fragment, respond, reswap, retarget
from haark.jobs import domain as jobs

blueprint = Blueprint("contacts", __name__)
FIELDS = {"name": "name", "email": "email", "taken": "email", "profile": "profile_url", "role": "role"}


@blueprint.get("/accounts/<int:account_id>/contacts/new")
@changes("account", "account_id")
def new(account_id: int) -> Response:
    return _form(ContactForm(), account_id)


@blueprint.post("/accounts/<int:account_id>/contacts")
@changes("account", "account_id")
def create(account_id: int) -> Response:
    form = ContactForm(request.form)
    if not form.validate():
        return _form(form, account_id, status=422)
    try:
        contacts.add(account_id, form.person, **_told())
    except contacts.ContactError as error:
        return _refused(form, account_id, None, error)
    db.session.commit()
    flash_done(_("Contact ajouté"))
    return _list(account_id)


@blueprint.get("/contacts/<int:contact_id>")
@changes("contact", "contact_id")
def edit(contact_id: int) -> Response:
    contact = _contact(contact_id)
    return _form(ContactForm.of(contact), contact.account_id, contact)


@blueprint.post("/contacts/<int:contact_id>")
@changes("contact", "contact_id")
def change(contact_id: int) -> Response:
    contact = _contact(contact_id)
    saved, form = ContactForm.of(contact), ContactForm(request.form)
    form.language.choices = saved.language.choices
    if not form.validate():
        return _form(form, contact.account_id, contact, status=422)
    try:
        contacts.change(contact, form.version.data or 0, form.person, **_told())
    except contacts.ContactError as error:
        return _refused(form, contact.account_id, contact, error)
    except contacts.ContactOutdated:
        theirs = disagreements(form, saved)
        form.version.raw_data, form.version.data = None, contact.version
        return _form(form, contact.account_id, contact, status=409, theirs=theirs)
    db.session.commit()
    flash_done(_("Contact enregistré"))
    return _list(contact.account_id)


@blueprint.post("/contacts/<int:contact_id>/departure")
@changes("contact", "contact_id")
def leave(contact_id: int) -> Response:
    contact, form = _contact(contact_id), DepartureForm(request.form)
    day, error = form.day.data or clock.today(locale.timezone()), ""
    if not form.validate():
        error = str(form.day.explain())
    else:
        try:
            contacts.leave(contact, day, **_told())
        except contacts.ContactError:
            error = _("Un départ se note le jour venu : aujourd’hui au plus tard.")
    if error:
        return _form(ContactForm.of(contact), contact.account_id, contact, 422, left_error=error, left_on=day)
    db.session.commit()
    flash_done(_("Départ de %(name)s noté", name=contact.name), undo=url_for(".take_back", contact_id=contact_id))
    return _list(contact.account_id)


@blueprint.post("/contacts/<int:contact_id>/departure/removal")
@changes("contact", "contact_id")
def take_back(contact_id: int) -> Response:
    """The departure was noted by mistake."""
    contact = _contact(contact_id)
    contacts.take_back(contact, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Départ retiré"))
    return go(url_for("dossier.tab", account_id=contact.account_id, key="contacts"))


@blueprint.post("/contacts/<int:contact_id>/return")
@changes("contact", "contact_id")
def come_back(contact_id: int) -> Response:
    contact = _contact(contact_id)
    contacts.come_back(contact, **_told())
    db.session.commit()
    flash_done(_("%(name)s est de retour", name=contact.name))
    return _list(contact.account_id)


@blueprint.post("/contacts/<int:contact_id>/removal")
@changes("contact", "contact_id")
def remove(contact_id: int) -> Response:
    contact, who = _contact(contact_id), {"by": current_user.id, "at": clock.moment()}
    account_id, name = contact.account_id, contact.name
    kept = trash.put_away(contact, "contact", name, **who)
    subject = ("contact", contact_id)
    jobs.ring_for(record("contact.removed", account_id=account_id, subject=subject, name=name, **who))
    db.session.commit()
    flash_done(_("Contact supprimé"), undo=url_for("dossier.trash.bring_back", trashed_id=kept.id))
    return _list(account_id)


def _contact(contact_id: int) -> Contact:
    return db.session.get_one(Contact, contact_id)


def _told() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.moment(), "on": clock.today(locale.timezone())}


def _list(account_id: int) -> Response:
    """The section again, for htmx with the count of its tab; the head, which names the sponsor, comes by itself."""
    if not is_fragment():
        return go(url_for("dossier.tab", account_id=account_id, key="contacts"))
    on, tab = clock.today(locale.timezone()), tabs.TABS["contacts"]
    head = accounts.header(account_id, on)
    context = {"head": head, "tab": tab, "on": on, "changeable": True, **tab.load(head, on, {})}
    context |= {"TABS": tabs.TABS.values(), "wording": wording}
    announce("account-changed")
    retarget("#panneau")
    reswap("outerHTML")
    return respond("", "dossier/_panel.html", out_of_band=("dossier/_tabs.html",), **context)


def _refused(form: ContactForm, account_id: int, contact: Contact | None, error: contacts.ContactError) -> Response:
    said: str | Markup = str(wording.CONTACT_ERRORS[error.kind])
    if error.holder:
        holder = _contact(error.holder)
        place = url_for("dossier.tab", account_id=account_id, key="contacts") + f"#contact-{holder.id}"
        link = Markup('<a href="{}">{}</a>').format(place, holder.name)
        gone = _("parti le %(day)s", day=wording.day(holder.left_on)) if holder.left_on else ""
        said = Markup("{} {}{}.").format(said, link, f" ({gone})" if gone else "")
    form[FIELDS[error.kind]].errors = [said]
    return _form(form, account_id, contact, status=422)


def _form(
    form: ContactForm, account_id: int, contact: Contact | None = None, status: int = 200, **extra: Any
) -> Response:
    """The form: in place of the contact's line, or above the list; without htmx on a page of its own."""
    ident = f"contact-{contact.id if contact else 'new'}"
    for field in form:
        field.id = f"{ident}-{field.short_name}"
    if status != 200 and is_fragment():
        retarget(f"#{ident}")
        reswap("innerHTML")
    on = clock.today(locale.timezone())
    url = url_for(".change", contact_id=contact.id) if contact else url_for(".create", account_id=account_id)
    context: dict[str, Any] = {
        "form": form,
        "contact": contact,
        "account_id": account_id,
        "url": url,
        "ident": ident,
        "on": on,
    }
    context["head"] = accounts.header(account_id, on)
    fragment = "dossier/_contact_row_form.html" if contact else "dossier/_contact_form.html"
    return respond("dossier/contact.html", fragment, status, **context, **extra)
