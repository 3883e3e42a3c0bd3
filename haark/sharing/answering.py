"""How the shared page is answered: in the reader's language, with what they just did or what went wrong."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import force_locale

from haark.accounts.languages import language_of
from haark.hypermedia import go
from haark.sharing import doors, wording
from haark.sharing.doors import Visit, blueprint
from haark.sharing.pages import SharedPlan


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"share_words": wording}


@contextmanager
def speaking(visit: Visit) -> Iterator[SharedPlan]:
    """The plan of a visit; everything within speaks the contact's language."""
    guest = visit.guest
    language = language_of(guest.contact, guest.account)
    with force_locale(language):
        yield SharedPlan(guest.account, guest.contact, guest.link, doors.today(), doors.zone(), language)


def page(
    plan: SharedPlan,
    token: str,
    status: int = 200,
    *,
    live: bool = True,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The plan. `live` false: as the client sees it, for one of ours. `problem`: of wording.PROBLEMS."""
    done = wording.DONE.get(request.args.get("done", "")) if live else None
    words = wording.PROBLEMS[problem] if problem else ""
    told: dict[str, Any] = {"plan": plan, "token": token, "live": live, "done": done, "problem": words}
    return make_response(render_template("sharing/show.html", typed=typed or {}, **told), status)


def done(link_id: int, what: str, place: str) -> Response:
    """After an act: the page again, at the part that it was about. `what`: of wording.DONE."""
    return go(url_for("sharing.show", link_id=link_id, done=what, _anchor=place))
