"""Exchanges noted in one line (AC-2, AC-6): how the line is understood is shown, and every part can be corrected."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import Owned, changes, owned_by
from haark.accounts import queries as accounts
from haark.dossier import wording
from haark.dossier.note_form import NoteForm, mark_of
from haark.extensions import db
from haark.fields import disagreements, one_line
from haark.hypermedia import flash_done, go, here, is_fragment, respond, reswap, retarget
from haark.measures import domain as measures
from haark.measures.lines.rules import Line, Someone, read
from haark.measures.models import Interaction
from haark.signals import words

blueprint = Blueprint("noting", __name__)
PEEK = "peek"


@owned_by("interaction")
def owner_of_interaction(ident: int) -> Owned | None:
    """Who may correct an exchange: whoever noted it."""
    row = db.session.get(Interaction, ident)
    if row is None:
        return None
    owned = accounts.owner_of(row.account_id)
    author = frozenset({row.author_id} if row.author_id is not None else ())
    return None if owned is None else Owned(author, owned.deleted)


@blueprint.get("/accounts/<int:account_id>/notes/reading")
@changes("account", "account_id")
def understood(account_id: int) -> Response:
    """How a line is understood, while it is typed."""
    text = one_line(request.args.get("text"))[: measures.LONGEST_NOTE]
    if not is_fragment():
        return go(url_for(".new", account_id=account_id, text=text))
    line = read(text, _people(account_id), clock.today(locale.timezone()))
    return respond("", "dossier/_note_said.html", **_context(account_id, line=line if text else None))


@blueprint.get("/accounts/<int:account_id>/notes/new")
@changes("account", "account_id")
def new(account_id: int) -> Response:
    """Every part of an exchange, filled from the line typed so far."""
    on, people = clock.today(locale.timezone()), _people(account_id)
    line = read(one_line(request.args.get("text"))[: measures.LONGEST_NOTE], people, on)
    return _form(NoteForm.of_line(line, on, people), account_id)


@blueprint.post("/accounts/<int:account_id>/notes")
@changes("account", "account_id")
def create(account_id: int) -> Response:
    """Keeps a line as it is understood, or the parts of the whole form."""
    on, people, zone = clock.today(locale.timezone()), _people(account_id), locale.timezone()
    whole = "summary" in request.form
    if whole:
        form = NoteForm(request.form).offer(people)
    else:
        text = one_line(request.form.get("text"))
        form = NoteForm.of_line(read(text, people, on), on, people)
    if whole and not _valid(form):
        return _form(form, account_id, status=422)
    try:
        kept = measures.note(account_id, by=current_user.id, at=clock.moment(), **form.told(zone))
    except measures.NoteError as error:
        said = str(wording.NOTE_ERRORS[error.kind])
        if whole or not is_fragment():
            form.summary.errors = [said]
            return _form(form, account_id, status=422)
        retarget("#noteline")
        reswap("outerHTML")
        return respond("", "dossier/_note.html", 422, **_context(account_id, note=text, note_error=said))
    db.session.commit()
    told = wording.exchange(kept, {person.email: person.name for person in people}, on)
    flash_done(_("Suivi noté : %(told)s", told=told), undo=url_for(".remove", interaction_id=kept.id))
    return _after(account_id)


@blueprint.get("/notes/<int:interaction_id>")
@changes("interaction", "interaction_id")
def edit(interaction_id: int) -> Response:
    kept = db.session.get_one(Interaction, interaction_id)
    return _form(NoteForm.of(kept, locale.timezone(), _people(kept.account_id)), kept.account_id, kept)


@blueprint.post("/notes/<int:interaction_id>")
@changes("interaction", "interaction_id")
def change(interaction_id: int) -> Response:
    kept, zone = db.session.get_one(Interaction, interaction_id), locale.timezone()
    people = _people(kept.account_id)
    form, saved = NoteForm(request.form).offer(people, kept.contact_email), NoteForm.of(kept, zone, people)
    if not _valid(form):
        return _form(form, kept.account_id, kept, 422)
    if form.seen.data != mark_of(kept):
        theirs = [one for one in disagreements(form, saved) if one[0] != str(form.seen.label.text)]
        form.seen.raw_data, form.seen.data = None, mark_of(kept)
        return _form(form, kept.account_id, kept, 409, theirs=theirs)
    try:
        measures.correct(kept, by=current_user.id, at=clock.moment(), **form.told(zone, kept.at))
    except measures.NoteError as error:
        form.summary.errors = [str(wording.NOTE_ERRORS[error.kind])]
        return _form(form, kept.account_id, kept, 422)
    db.session.commit()
    flash_done(_("Suivi enregistré"))
    return _after(kept.account_id)


@blueprint.post("/notes/<int:interaction_id>/removal")
@changes("interaction", "interaction_id")
def remove(interaction_id: int) -> Response:
    kept = db.session.get_one(Interaction, interaction_id)
    account_id = kept.account_id
    away = measures.remove(kept, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Suivi supprimé"), undo=url_for("dossier.trash.bring_back", trashed_id=away.id))
    if request.form.get("place") == "entry":
        return _after(account_id)
    return go(here())


def topics(line: Line) -> list[str]:
    """What a line says to signals, in words of a person; empty where it says nothing."""
    return [
        str(wording.TOPICS[topic]) for topic in sorted(words.topics(line.summary, line.tags)) if topic in wording.TOPICS
    ]


def _valid(form: NoteForm) -> bool:
    valid = form.validate()
    if form.day.data is not None and form.day.data > clock.today(locale.timezone()):
        form.day.errors = [_("Un suivi se note une fois passé : aujourd’hui au plus tard.")]
        return False
    return valid


def _people(account_id: int) -> Sequence[Someone]:
    return [Someone(row.name, row.email, row.left_on is None) for row in accounts.contacts(account_id)]


def _after(account_id: int) -> Response:
    """The history again, or the panel beside the list."""
    peek = request.form.get("place") == PEEK
    if not is_fragment():
        return go(url_for("dossier.show", account_id=account_id))
    retarget("#apercu" if peek else "#panneau")
    reswap("outerHTML")
    if peek:
        answer = current_app.view_functions["portfolio.show_peek"](account_id=account_id)
    else:
        answer = current_app.view_functions["dossier.tab"](account_id=account_id, key="history")
    assert isinstance(answer, Response)
    return answer


def _context(account_id: int, **extra: Any) -> dict[str, Any]:
    on = clock.today(locale.timezone())
    return {"account_id": account_id, "on": on, "wording": wording, "topics": topics, **extra}


def _form(
    form: NoteForm, account_id: int, kept: Interaction | None = None, status: int = 200, **extra: Any
) -> Response:
    """The form, below the line or below the entry; a refused one replaces itself."""
    ident = f"talk-{kept.id if kept else 'new'}"
    for field in form:
        field.id = f"{ident}-{field.short_name}"
    if status != 200 and is_fragment():
        retarget(f"#{ident}")
        reswap("innerHTML")
    url = url_for(".change", interaction_id=kept.id) if kept else url_for(".create", account_id=account_id)
    head = accounts.header(account_id, clock.today(locale.timezone()))
    context = _context(account_id, form=form, talk=kept, url=url, ident=ident, head=head, **extra)
    return respond("dossier/note.html", "dossier/_note_form.html", status, **context)
