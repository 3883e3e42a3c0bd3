"""The files of an account, from its page: sent, fetched, deleted. Only for people of the house who are logged in."""

from typing import Any

from flask import Blueprint, Response, abort, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from haark import clock, locale
from haark.access import changes, sees
from haark.accounts import attachments
from haark.accounts import queries as accounts
from haark.accounts.models import Attachment
from haark.dossier import wording
from haark.extensions import db
from haark.fields import one_line
from haark.files import domain as files
from haark.files.sniffing import EXTENSIONS
from haark.files.store import StorageFull
from haark.hypermedia import flash_done, go, is_fragment, respond

blueprint = Blueprint("attachments", __name__)


@blueprint.post("/accounts/<int:account_id>/files")
@changes("account", "account_id")
def attach(account_id: int) -> Response:
    sent, note = request.files.get("file"), one_line(request.form.get("note"))
    if sent is None or not sent.filename:
        return _card(account_id, 422, note=note, error=wording.FILE_ERRORS["empty"])
    about = {"by": current_user.id, "at": clock.moment()}
    try:
        kept = attachments.attach(account_id, sent.stream, sent.filename, note, **about)
    except attachments.AttachmentError as error:
        return _card(account_id, 422, note=note, error=_sentence(error.kind))
    except StorageFull:
        db.session.rollback()
        return _card(account_id, 507 if not is_fragment() else 422, note=note, error=wording.FILE_ERRORS["full"])
    db.session.commit()
    flash_done(_("Fichier joint : %(name)s", name=kept.name), undo=url_for(".remove", attachment_id=kept.id, back=1))
    return _done(account_id)


@blueprint.get("/files/<int:attachment_id>")
@sees("attachment", "attachment_id")
def fetch(attachment_id: int) -> Response:
    """The file, always to be saved and never shown as a page of ours; read from the disk in parts."""
    name, stored = attachments.file_of(attachment_id)
    path = files.path_of(stored)
    if not path.is_file():
        abort(404)
    answer = send_file(path, mimetype=stored.media_type, as_attachment=True, download_name=name, conditional=True)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@blueprint.post("/files/<int:attachment_id>/removal")
@changes("attachment", "attachment_id")
def remove(attachment_id: int) -> Response:
    attachment = db.session.get_one(Attachment, attachment_id)
    account_id = attachment.account_id
    away = attachments.remove(attachment, by=current_user.id, at=clock.moment())
    db.session.commit()
    flash_done(_("Fichier supprimé"), undo=url_for("dossier.trash.bring_back", trashed_id=away.id))
    return _done(account_id)


def _sentence(kind: str) -> Any:
    most = attachments.most_bytes() // attachments.MEGABYTE
    return wording.FILE_ERRORS[kind] % {"most": most, "number": attachments.MOST}


def _done(account_id: int) -> Response:
    if not is_fragment() or request.args.get("back"):
        return go(url_for("dossier.tab", account_id=account_id, key="facts"))
    return _card(account_id)


def _card(account_id: int, status: int = 200, **extra: Any) -> Response:
    head = accounts.header(account_id, clock.today(locale.timezone()))
    page = {"title": _("Fichiers"), "part": "dossier/_files.html", **view(account_id)}
    return respond("dossier/part.html", "dossier/_files.html", status, head=head, changeable=True, **page, **extra)


def view(account_id: int) -> dict[str, Any]:
    """What the card of files shows. One statement."""
    most = attachments.most_bytes() // attachments.MEGABYTE
    rows = attachments.of_account(account_id)
    return {"files": rows, "most": most, "extensions": EXTENSIONS, "file_size": wording.size}
