"""What a person is told when something did not work: what happened, what still holds, what to do.

Each error has a page, and for htmx a message that leaves the page as it is.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from htmx_flask import request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, default_exceptions

from haark import hypermedia
from haark.extensions import db, login


class Conflict(Exception):
    """Somebody else saved first. `mine` and `theirs` are shown side by side, so that nothing typed is lost.

    `what` names the thing in the reader's words, `back` is the address of its present state.
    """

    def __init__(self, what: str = "", mine: str = "", theirs: str = "", back: str | None = None) -> None:
        super().__init__(what)
        self.what, self.mine, self.theirs, self.back = what, mine, theirs, back


@dataclass(frozen=True)
class Words:
    """`happened` is the heading, `holds` what stays valid, `todo` the way on, `icon` a drawing of the sprite."""

    happened: Any
    holds: Any
    todo: Any
    icon: str = "circle-alert"


WORDS: dict[int, Words] = {
    400: Words(
        _l("Cette demande est incomplète"),
        _l("Rien n’a été modifié."),
        _l("Revenez à la page précédente et recommencez."),
    ),
    403: Words(
        _l("Vous n’avez pas le droit de faire ceci"),
        _l("Rien n’a été modifié ; ce que vous pouviez consulter vous reste ouvert."),
        _l("Demandez à la personne responsable du compte, ou à un administrateur."),
        "lock",
    ),
    404: Words(
        _l("Cette page n’existe pas"),
        _l("L’adresse est fausse, ou ce qu’elle montrait a été supprimé ou ne vous est pas ouvert."),
        _l("Repartez du portefeuille ou cherchez le compte par son nom."),
        "search-x",
    ),
    405: Words(
        _l("Cette adresse ne s’ouvre pas ainsi"),
        _l("Rien n’a été modifié."),
        _l("Repartez du portefeuille."),
    ),
    409: Words(
        _l("Quelqu’un a enregistré avant vous"),
        _l("Sa version est conservée, et la vôtre n’a rien écrasé."),
        _l("Ouvrez la version actuelle, comparez, puis enregistrez à nouveau."),
        "git-compare",
    ),
    413: Words(
        _l("Ce fichier est trop gros"),
        _l("Rien n’a été lu ni modifié."),
        _l("Découpez le fichier et envoyez les morceaux l’un après l’autre."),
        "file-up",
    ),
    429: Words(
        _l("Trop d’essais à la suite"),
        _l("Votre compte n’est pas bloqué."),
        _l("Attendez quelques minutes, puis réessayez."),
        "alarm-clock",
    ),
    500: Words(
        _l("Haark n’a pas pu répondre"),
        _l("Ce qui était enregistré l’est toujours ; la dernière action n’a peut-être pas abouti."),
        _l("Rechargez la page. Si cela se répète, prévenez l’administrateur avec l’heure."),
        "cloud-off",
    ),
    503: Words(
        _l("Haark est momentanément indisponible"),
        _l("Rien n’est perdu."),
        _l("Réessayez dans une minute."),
        "cloud-off",
    ),
}
EXPIRED = Words(
    _l("Ce formulaire a expiré"),
    _l("Rien n’a été modifié. Votre texte est toujours dans le formulaire : le bouton Précédent le retrouve."),
    _l("Rechargez la page, puis envoyez à nouveau."),
    "alarm-clock",
)
# For the case where even a template cannot be rendered: the same words, in the three languages, without any dependency.
LAST_RESORT = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Haark</title></head><body>
<h1>Haark n’a pas pu répondre</h1><p>Ce qui était enregistré l’est toujours. Rechargez la page.</p>
<p lang="en">Haark could not answer. What was saved is still saved. Reload the page.</p>
<p lang="uk">Haark не зміг відповісти. Збережене залишилося збереженим. Перезавантажте сторінку.</p></body></html>"""


def init(app: Flask) -> None:
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(Conflict, conflict)
    app.register_error_handler(StaleDataError, lambda error: conflict(Conflict()))
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(500, crash)
    login.unauthorized_handler(hypermedia.ask_login)


def http_error(error: HTTPException) -> Response | HTTPException:
    """Any error with a status. A reason given to `abort(403, …)` replaces the general sentence, never for 404."""
    code = error.code or 500
    if code < 400:
        return error
    words = WORDS.get(code, WORDS[400] if code < 500 else WORDS[500])
    general = getattr(default_exceptions.get(code), "description", None)
    reason = error.description if code in (400, 403, 413, 429) and error.description != general else None
    response = _answer(words, code, reason=reason)
    for name, value in error.get_headers():
        if name.lower() in ("retry-after", "allow"):
            response.headers[name] = value
    return response


def expired(error: CSRFError) -> Response:
    """An old form, or no session any more: htmx goes to the login and back, a form is told what to do."""
    if request.htmx:
        return hypermedia.ask_login()
    return _answer(EXPIRED, 400, back=hypermedia.here())


def conflict(error: Conflict) -> Response:
    """Both texts on one page; htmx is told, and keeps the form with what was typed."""
    db.session.rollback()
    return _answer(WORDS[409], 409, conflict=error, back=error.back)


def crash(error: HTTPException) -> Response:
    """An error that nobody foresaw; Flask has logged the whole of it. The page needs neither database nor user."""
    # Flask-Login would read the user for the template; the page must come even when the database does not answer.
    g._login_user = login.anonymous_user()
    try:
        return _answer(WORDS[500], 500)
    except Exception:  # whatever broke (database, templates) may break the error page too, and it must not fail
        current_app.logger.exception("the error page could not be rendered")
        return make_response(LAST_RESORT, 500)


def _answer(words: Words, status: int, **context: Any) -> Response:
    if hypermedia.is_fragment():
        hypermedia.reswap("none")
        hypermedia.flash_error(f"{words.happened}. {context.get('reason') or words.holds} {words.todo}")
        return make_response(hypermedia.pending_messages(), status)
    signed_in = bool(current_user and current_user.is_authenticated)
    page = "errors/conflict.html" if context.get("conflict") else "errors/page.html"
    return make_response(render_template(page, words=words, status=status, signed_in=signed_in, **context), status)
