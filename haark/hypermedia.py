"""How Haark answers htmx. No other file names an HX- header.

A route calls `respond` for something to see and `go` after something was done; `announce`, `push_url`, `retarget` and
`reswap` may be called anywhere during the request and are written on whatever answer it ends with.
"""

import json
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    get_flashed_messages,
    make_response,
    render_template,
    session,
    url_for,
)
from flask_babel.speaklater import LazyString
from htmx_flask import request

STOP_POLLING = 286
SWAPS = {
    "innerHTML",
    "outerHTML",
    "textContent",
    "beforebegin",
    "afterbegin",
    "beforeend",
    "afterend",
    "delete",
    "none",
}
# What htmx may do in the pages (their `htmx-config`). Forms that failed (422) and conflicts (409) are swapped; of other
# errors only the messages out of band are taken, the region stays as it is.
CONFIG = {
    "selfRequestsOnly": True,
    "allowEval": False,
    "allowScriptTags": False,
    "historyCacheSize": 0,
    "includeIndicatorStyles": False,
    "timeout": 30000,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "409", "swap": True},
        {"code": "[45]..", "swap": True, "error": True, "swapOverride": "none", "ignoreTitle": True},
    ],
}


def init(app: Flask) -> None:
    """Writes the announced headers and keeps redirects readable for htmx, on every answer."""
    app.after_request(_finish)
    app.jinja_env.globals.update(HTMX_CONFIG=CONFIG, pending_messages=messages)


def is_fragment() -> bool:
    """True when a part of a page is asked for: by htmx, and not to restore or replace a whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request and not request.htmx.boosted


def respond(
    page: str, fragment: str | None = None, status: int = 200, out_of_band: tuple[str, ...] = (), **context: Any
) -> Response:
    """The page, or for htmx its fragment followed by the pending messages and the `out_of_band` regions.

    Each template in `out_of_band` is rendered with `oob=True` and carries `hx-swap-oob` on its outermost element.
    Without a `fragment` both get the page. Of error statuses htmx swaps 422 and 409 only.
    """
    if fragment is None or not is_fragment():
        return make_response(render_template(page, **context), status)
    parts = [render_template(fragment, **context)]
    parts += [render_template(name, oob=True, **context) for name in out_of_band]
    return make_response("".join(parts) + pending_messages(), status)


def stop_polling(page: str, fragment: str, **context: Any) -> Response:
    """The last fragment of a region that polled: htmx shows it and asks no more (286)."""
    return respond(page, fragment, status=STOP_POLLING if is_fragment() else 200, **context)


def done(fragment: str | None = None, **context: Any) -> Response:
    """Answers a write that changes nothing around it: an optional fragment, and the pending messages."""
    body = render_template(fragment, **context) if fragment else ""
    return make_response(body + pending_messages(), 200)


def go(url: str) -> Response:
    """Leads on after a write: 303 for a form, HX-Redirect for htmx. `url` must be an address of this site.

    Raises ValueError for anything that would leave the site.
    """
    if not is_local(url):
        raise ValueError(f"not an address of this site: {url!r}")
    if request.htmx:
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    response = make_response("", 303)
    response.headers["Location"] = url
    return response


def is_local(url: str) -> bool:
    """True for a path of this site, `/accounts/7?tab=usage`; false for `//evil`, `/\\evil`, `https:…`, line breaks."""
    return (
        url.startswith("/")
        and not url.startswith("//")
        and not any(char == "\\" or ord(char) < 32 or ord(char) == 127 for char in url)
    )


def next_or(url: str | None, fallback: str) -> str:
    """`url` where it is an address of this site, else `fallback`: for `next` fields, which anybody can write."""
    return url if url and is_local(url) else fallback


def here() -> str:
    """The address that the person is looking at: the page around a fragment, the page behind a form."""
    if request.htmx and request.htmx.current_url:
        return _path_of(request.htmx.current_url)
    if request.method == "GET":
        return _path_of(request.full_path if request.query_string else request.path)
    return _path_of(request.referrer or "/")


def ask_login() -> Response:
    """Sends the person to the login page, which leads back to where they were."""
    view = getattr(current_app, "login_manager", None)
    endpoint = getattr(view, "login_view", None) or "people.login"
    return go(url_for(endpoint, next=here()))


def announce(event: str, **detail: Any) -> None:
    """Tells distant regions: `announce("actions-changed")` wakes `hx-trigger="actions-changed from:body"`."""
    _wanted()["events"][event] = detail or None


def push_url(url: str) -> None:
    """The address bar shows `url` after the swap."""
    _wanted()["headers"]["HX-Push-Url"] = url


def replace_url(url: str) -> None:
    """The address bar shows `url` after the swap, without a step in the history."""
    _wanted()["headers"]["HX-Replace-Url"] = url


def retarget(selector: str) -> None:
    """The answer goes to `selector` instead of the element that htmx would have filled."""
    _wanted()["headers"]["HX-Retarget"] = selector


def reswap(how: str) -> None:
    """Changes how the answer is placed; modifiers are allowed: `reswap("beforeend show:bottom")`."""
    # Written here and not through htmx-flask, whose list lacks a comma and which refuses modifiers.
    if how.split(" ", 1)[0] not in SWAPS:
        raise ValueError(f"unknown way to swap: {how!r}")
    _wanted()["headers"]["HX-Reswap"] = how


def flash_done(text: str | LazyString, undo: str | None = None) -> None:
    """Says that something is done; with `undo`, the address that takes it back by POST."""
    flash({"text": str(text), "undo": undo}, "done")  # type: ignore[arg-type]  # Flask types text only, the session holds JSON


def flash_note(text: str | LazyString) -> None:
    """Says something that is neither a success nor an error."""
    flash({"text": str(text), "undo": None}, "note")  # type: ignore[arg-type]


def flash_error(text: str | LazyString) -> None:
    """Says what did not happen. It stays until it is closed."""
    flash({"text": str(text), "undo": None}, "error")  # type: ignore[arg-type]


def messages() -> list[dict[str, Any]]:
    """The pending messages, each with `kind` (done, note, error), `text` and `undo`; reading them consumes them."""
    pending = cast("list[tuple[str, Any]]", get_flashed_messages(with_categories=True))
    found = []
    for category, value in pending:
        words: dict[str, Any] = dict(value) if isinstance(value, dict) else {"text": str(value)}
        found.append({"undo": None, **words, "kind": category if category in ("done", "error") else "note"})
    return found


def messages_wait() -> bool:
    """Whether there are pending messages; they stay pending."""
    return "_flashes" in session


def pending_messages() -> str:
    """The pending messages as a region out of band, or nothing."""
    found = messages()
    return render_template("shared/_flash.html", items=found, oob=True) if found else ""


def _wanted() -> dict[str, dict[str, Any]]:
    if "hypermedia" not in g:
        g.hypermedia = {"headers": {}, "events": {}}
    wanted: dict[str, dict[str, Any]] = g.hypermedia
    return wanted


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if is_local(path) else "/"


def _finish(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    if not request.htmx:
        return response
    if response.status_code in (301, 302, 303) and response.location:
        # The browser would follow it inside the request and htmx would swap a whole page into a region.
        response = go(_path_of(response.location)) if not is_local(response.location) else go(response.location)
    wanted = g.pop("hypermedia", {"headers": {}, "events": {}})
    response.headers.extend(wanted["headers"])
    if wanted["events"]:
        response.headers["HX-Trigger"] = json.dumps(wanted["events"])
    return response
