"""Importing in the browser: files in, columns, a dry run, the import, and what was imported lately."""

from typing import Any

from flask import Blueprint, Response, abort, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from haark import clock, locale
from haark.access import owns, roles
from haark.errors import Conflict, http_error
from haark.extensions import db, reading
from haark.files import domain as files
from haark.files import store
from haark.files.models import StoredFile
from haark.hypermedia import flash_done, flash_error, go, is_fragment, respond, reswap, retarget
from haark.intake import undoing
from haark.intake.desk import domain, forms, pages, queries, words
from haark.intake.models import ImportFile, ImportRun
from haark.settings import queries as settings

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
blueprint.add_app_template_global(pages.bar, "import_bar")
MB = 1024 * 1024
IMPORTERS = ("csm", "manager", "admin")
# What a form weighs beside its files.
FORM_BYTES = 64 * 1024
TAKES_FILES = ("imports.upload", "imports.add")


@blueprint.record_once
def _offer_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["import_words"] = words


@blueprint.url_value_preprocessor
def _limit(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form (the check of its token does)."""
    if endpoint in TAKES_FILES:
        with reading():
            request.max_content_length = int(settings.get("import.max_megabytes")) * MB + FORM_BYTES


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> Response | HTTPException:
    # The form was refused before anybody asked who sends it.
    if not current_user.is_authenticated or current_user.role not in IMPORTERS:
        return http_error(error)
    text = _(
        "Ces fichiers dépassent la limite de %(limit)s Mo. Envoyez-les un par un, ou découpez-les.", limit=_limit_mb()
    )
    return _index(413, refusal=text)


@blueprint.get("")
@roles(*IMPORTERS)
def index() -> Response:
    return _index()


@blueprint.post("")
@roles(*IMPORTERS)
def upload() -> Response:
    """Takes files in and has them looked at."""
    by = current_user.id
    sent = _sent()
    if isinstance(sent, str):
        return _index(422, refusal=sent)
    run = domain.begin(sent, by=by, at=clock.moment())
    db.session.commit()
    return go(url_for(".show", run_id=run.id))


@blueprint.get("/<int:run_id>")
@owns("import", "run_id")
def show(run_id: int) -> Response:
    return _page(_run(run_id))


@blueprint.get("/<int:run_id>/progress")
@owns("import", "run_id")
def progress(run_id: int) -> Response:
    """The line of the job under way; once it ended, the whole page in its place."""
    run = _run(run_id)
    page = pages.page_of(run, request.args.get("table", type=int))
    if page.busy or not is_fragment():
        answer = respond("intake/show.html", "intake/_now.html", **_context(page))
        if page.busy and not is_fragment():
            answer.headers["Refresh"] = "2"
        return answer
    retarget("#run")
    reswap("outerHTML")
    return _page(run)


@blueprint.post("/<int:run_id>/tables")
@owns("import", "run_id")
def add(run_id: int) -> Response:
    run, by = _run(run_id), current_user.id
    sent = _sent()
    if isinstance(sent, str):
        return _page(run, 422, refusal=sent)
    run = _run(run_id)
    _closed_is_409(run, lambda: domain.add(run, sent, by=by, at=clock.moment()))
    return go(url_for(".show", run_id=run_id))


@blueprint.post("/<int:run_id>/tables/<int:table_id>/kind")
@owns("import", "run_id")
def kind(run_id: int, table_id: int) -> Response:
    """What the table holds, or where its headers are."""
    run, table = _table(run_id, table_id)
    name = request.form.get("kind", table.kind)
    row = request.form.get("header_row", type=int)
    if name and name not in words.KIND:
        abort(400)
    _closed_is_409(run, lambda: domain.look_again(run, table, name, row, by=current_user.id))
    return _after(run, table_id)


@blueprint.post("/<int:run_id>/tables/<int:table_id>")
@owns("import", "run_id")
def settle(run_id: int, table_id: int) -> Response:
    """How the table is read."""
    run, table = _table(run_id, table_id)
    if not table.kind or "columns" not in table.found:
        abort(400)
    form = request.form
    chosen = forms.chosen_fields(form, table.found, table.kind)
    order, mark = forms.one_of(form, "dates", forms.ORDERS), forms.one_of(form, "decimal", forms.MARKS)
    given = {"date_order": order, "decimal": mark, "seen": form.get("seen", ""), "by": current_user.id}
    try:
        _closed_is_409(run, lambda: domain.settle(run, table, chosen, **given))
    except domain.Twice as twice:
        db.session.rollback()
        text = _(
            "«\u00a0%(field)s\u00a0» est choisi pour deux colonnes\u202f: gardez-en une.",
            field=words.field(twice.field),
        )
        return _page(_run(run_id), 422, opened=table_id, typed=chosen, twice=twice.field, refusal_columns=text)
    return _after(run, table_id)


@blueprint.post("/<int:run_id>/tables/<int:table_id>/removal")
@owns("import", "run_id")
def drop(run_id: int, table_id: int) -> Response:
    run, table = _table(run_id, table_id)
    _closed_is_409(run, lambda: domain.drop(run, table, by=current_user.id))
    return _after(run)


@blueprint.get("/<int:run_id>/tables/<int:table_id>/rows/<int:row>")
@owns("import", "run_id")
def row(run_id: int, table_id: int, row: int) -> Response:
    """The cells of a refused row, to be corrected."""
    run, table = _table(run_id, table_id)
    cells, errors = pages.cells_of(run, table, row) or abort(404)
    lines = pages.page_of(run, table_id).lines()
    return respond(
        "intake/row.html",
        "intake/_row_dialog.html",
        run=run,
        table=table,
        row=row,
        cells=cells,
        errors=errors,
        lines=lines,
    )


@blueprint.post("/<int:run_id>/tables/<int:table_id>/rows/<int:row>")
@owns("import", "run_id")
def correct(run_id: int, table_id: int, row: int) -> Response:
    run, table = _table(run_id, table_id)
    if "columns" not in table.found:
        abort(404)
    cells = forms.written_cells(request.form, len(table.found["columns"]))
    _closed_is_409(run, lambda: domain.correct(run, table, row, cells, by=current_user.id))
    flash_done(_("Ligne %(row)s corrigée. Elle est contrôlée avec les autres.", row=row))
    return go(url_for(".show", run_id=run_id, table=table_id))


@blueprint.post("/<int:run_id>/check")
@owns("import", "run_id")
def check(run_id: int) -> Response:
    """Once more: somebody may have changed what the rows are compared with."""
    run = _run(run_id)
    _closed_is_409(run, lambda: domain.recheck(run, by=current_user.id))
    return _after(run)


@blueprint.post("/<int:run_id>/application")
@owns("import", "run_id")
def apply(run_id: int) -> Response:
    """The import itself: what was checked, all of it or nothing."""
    run = _run(run_id)
    try:
        domain.apply(run, version=request.form.get("version", 0, type=int), by=current_user.id)
    except domain.Outdated as error:
        raise Conflict(_("Import"), back=url_for(".show", run_id=run_id)) from error
    except domain.NotReady:
        flash_error(_("L’import ne peut pas commencer\u202f: regardez ce qui reste à préciser."))
        return go(url_for(".show", run_id=run_id))
    db.session.commit()
    return go(url_for(".show", run_id=run_id))


@blueprint.post("/<int:run_id>/retry")
@owns("import", "run_id")
def retry(run_id: int) -> Response:
    """Has a job that failed tried again."""
    try:
        domain.retry(_run(run_id), by=current_user.id)
        db.session.commit()
    except domain.NotReady:
        flash_error(_("Cette opération n’a pas échoué : il n’y a rien à relancer."))
    return go(url_for(".show", run_id=run_id))


@blueprint.post("/<int:run_id>/undoing")
@owns("import", "run_id")
def undo(run_id: int) -> Response:
    """Brings back what was before the import."""
    try:
        undoing.ask(run_id, by=current_user.id, at=clock.moment(), on=clock.today())
        db.session.commit()
    except undoing.CannotUndo as cannot:
        db.session.rollback()
        late = cannot.kind == "late"
        flash_error(_("Cet import ne peut plus être annulé.") if late else _("Cet import est déjà annulé."))
    return go(url_for(".show", run_id=run_id))


@blueprint.post("/<int:run_id>/removal")
@owns("import", "run_id")
def discard(run_id: int) -> Response:
    """Throws away an import that was not applied, and its files."""
    run = _run(run_id)
    spare: list[int] = []
    _closed_is_409(run, lambda: spare.extend(domain.discard(run)))
    freed = files.forget(spare)
    db.session.commit()
    for digest in freed:
        store.remove(digest)
    flash_done(_("Import abandonné. Rien n’a été changé."))
    return go(url_for(".index"))


@blueprint.get("/<int:run_id>/refused")
@owns("import", "run_id")
def refused(run_id: int) -> Response:
    """The refused rows with their reasons, as a file that can be corrected and sent again."""
    kept = db.session.get(StoredFile, _run(run_id).refused_file_id or 0) or abort(404)
    path = files.path_of(kept)
    if not path.is_file():
        abort(404)
    media = "application/zip" if kept.name.endswith(".zip") else "text/csv; charset=utf-8"
    answer = send_file(path, mimetype=media, as_attachment=True, download_name=kept.name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _run(run_id: int) -> ImportRun:
    return db.session.get(ImportRun, run_id) or abort(404)


def _table(run_id: int, table_id: int) -> tuple[ImportRun, ImportFile]:
    return _run(run_id), queries.table(run_id, table_id) or abort(404)


def _sent() -> list[domain.Sent] | str:
    """The files of the form, or why there are none. Copying them takes a while, during which nothing is locked."""
    db.session.commit()  # of reads alone
    try:
        return forms.sent_files(request.files.getlist("files")) or _("Choisissez un fichier qui n’est pas vide.")
    except store.StorageFull:
        return _("Le disque du serveur est plein\u202f: rien n’a été gardé. Prévenez l’administrateur.")


def _closed_is_409(run: ImportRun, verb: Any) -> None:
    """The verb, kept; an import under way or done, or changed meanwhile, is a conflict."""
    try:
        verb()
        db.session.commit()
    except (domain.Closed, domain.Outdated) as error:
        raise Conflict(_("Import"), back=url_for(".show", run_id=run.id)) from error


def _after(run: ImportRun, table_id: int | None = None) -> Response:
    """The page in place, or for a form the page anew."""
    if is_fragment():
        db.session.expire_all()  # where jobs run at once, one has just changed the import
        return _page(_run(run.id), opened=table_id)
    return go(url_for(".show", run_id=run.id, table=table_id))


def _limit_mb() -> int:
    return int(settings.get("import.max_megabytes"))


def _context(page: pages.Page, **extra: Any) -> dict[str, Any]:
    everybody = current_user.runs_all
    now = clock.moment()
    return {
        "shown": page,
        "run": page.run,
        "recents": queries.recent(None if everybody else current_user.id, now, locale.timezone(), page.run.id),
        "undoable": undoing.undoable(page.run, now),
        "limit": _limit_mb(),
        "duplicates": queries.duplicates() if page.step == 5 else 0,
        "all_refusals": request.args.get("refused") == "all",
        **extra,
    }


def _page(run: ImportRun, status: int = 200, opened: int | None = None, **extra: Any) -> Response:
    page = pages.page_of(run, opened or request.args.get("table", type=int))
    context = _context(page, **extra)
    return respond("intake/show.html", "intake/_run.html", status, ("intake/_head.html",), **context)


def _index(status: int = 200, refusal: str = "") -> Response:
    recents = queries.recent(None if current_user.runs_all else current_user.id, clock.moment(), locale.timezone())
    return respond("intake/index.html", status=status, recents=recents, limit=_limit_mb(), refusal=refusal)
