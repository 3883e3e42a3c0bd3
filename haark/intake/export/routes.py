"""«Export»: everything that the organisation owns as one archive, for administrators."""

from flask import Blueprint, Response, abort, send_file, url_for
from flask_login import current_user

from haark import clock
from haark.access import roles
from haark.events.domain import record
from haark.extensions import db
from haark.files import domain as files
from haark.hypermedia import go, respond
from haark.intake.export import domain, queries
from haark.intake.kinds import KINDS

blueprint = Blueprint("export", __name__, url_prefix="/settings/export")


@blueprint.get("")
@roles("admin")
def index() -> Response:
    rows = queries.listed()
    under_way = next((row.job for row in rows if row.state == "open"), None)
    return respond("intake/export/index.html", rows=rows, job=under_way, kinds=KINDS, days=queries.KEPT_DAYS)


@blueprint.post("")
@roles("admin")
def ask() -> Response:
    """Asks for an archive; while one is being made there is no second."""
    domain.ask(by=current_user.id, at=clock.moment())
    db.session.commit()
    return go(url_for(".index"))


@blueprint.get("/<int:run_id>.zip")
@roles("admin", kind="export", parameter="run_id")
def download(run_id: int) -> Response:
    stored = queries.file_of(run_id) or abort(404)
    path = files.path_of(stored)
    if not path.is_file():
        abort(404)
    # Everything leaves the house at once: the journal says who took it.
    record("export.fetched", at=clock.moment(), by=current_user.id, subject=("export", run_id))
    db.session.commit()
    answer = send_file(path, mimetype=stored.media_type, as_attachment=True, download_name=stored.name, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
