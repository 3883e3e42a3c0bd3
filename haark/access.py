"""Who may call what: one declaration beside each route, enforced here and walked by tests/access.

    @blueprint.get("/portfolio")
    @signed_in
    def show(): ...

    @blueprint.post("/accounts/<int:account_id>/actions")
    @changes("account", "account_id")
    def create(account_id): ...

`sees(kind, parameter)` and `changes(kind, parameter)` speak of an object: what is missing, deleted or invisible is 404,
what is visible but somebody else's to change is 403 with the reason. Slices say how to find the owner of their objects
with `owned_by(kind)`. A route without a declaration is refused, and fails the test suite.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from haark.extensions import csrf, login

View = TypeVar("View", bound=Callable[..., Any])
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Access:
    """A declaration. `roles` empty: any role. `kind`/`parameter`: the object in the address, `change`: written to,
    `hidden`: not even there for others. `secret`: the address itself holds the right."""

    public: bool = False
    roles: tuple[str, ...] = ()
    kind: str = ""
    parameter: str = ""
    change: bool = False
    hidden: bool = False
    secret: bool = False


@dataclass(frozen=True)
class Owned:
    """What a finder knows of an object: the user ids who may change it, and whether it was deleted."""

    owners: frozenset[int] = field(default_factory=frozenset)
    deleted: bool = False


Finder = Callable[[int], Owned | None]
FINDERS: dict[str, Finder] = {}
# Where an object went that is no more, by kind: asked only for what is deleted, to lead old addresses on.
Follower = Callable[[int], int | None]
FOLLOWERS: dict[str, Follower] = {}


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # a function carries its declaration
        return view

    return mark


def public(view: View) -> View:
    """Anybody, logged in or not."""
    return _declare(Access(public=True))(view)


def signed_in(view: View) -> View:
    """Every logged-in user, whatever the role."""
    return _declare(Access())(view)


def roles(*names: str, kind: str = "", parameter: str = "") -> Callable[[View], View]:
    """Only these roles; others get 403. With a `kind` the object in the address must exist, else 404."""
    return _declare(Access(roles=names, kind=kind, parameter=parameter))


def sees(kind: str, parameter: str) -> Callable[[View], View]:
    """Every logged-in user, for an object that exists."""
    return _declare(Access(kind=kind, parameter=parameter))


def changes(kind: str, parameter: str) -> Callable[[View], View]:
    """The object's owners, managers and admins."""
    return _declare(Access(kind=kind, parameter=parameter, change=True))


def owns(kind: str, parameter: str) -> Callable[[View], View]:
    """The object's owners, managers and admins; for everybody else it does not exist (404)."""
    return _declare(Access(kind=kind, parameter=parameter, hidden=True))


def with_secret(view: View) -> View:
    """Whoever holds the secret in the address, a mail program included. No cookie counts, so no CSRF token is asked."""
    return _declare(Access(public=True, secret=True))(view)


def owned_by(kind: str) -> Callable[[Finder], Finder]:
    """Registers how to find an object of `kind` and who may change it."""

    def register(finder: Finder) -> Finder:
        FINDERS[kind] = finder
        return finder

    return register


def declaration(endpoint: str | None) -> Access | None:
    """The declaration of a route, by its endpoint; None where there is none. Flask's own static route is public."""
    if endpoint == "static":
        return Access(public=True)
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "access", None)


def may_change(user: Any, owned: Owned) -> bool:
    """The one rule of who changes what (contract: CSMs and sales change their own, managers and admins all)."""
    open_editing: Callable[[], bool] = current_app.extensions["haark_open_editing"]
    return bool(user.runs_all or user.id in owned.owners or open_editing())


def can_change(kind: str, ident: int) -> bool:
    """For templates: whether to offer the buttons that `changes(kind, …)` routes answer to."""
    owned = _find(kind, ident)
    return owned is not None and not owned.deleted and may_change(current_user, owned)


def _find(kind: str, ident: int) -> Owned | None:
    """What the finder says; asked once for each object while a page is read, anew after a write."""
    if request.method not in SAFE:
        return FINDERS[kind](ident)
    known: dict[tuple[str, int], Owned | None] = g.setdefault("owned", {})
    if (kind, ident) not in known:
        known[kind, ident] = FINDERS[kind](ident)
    return known[kind, ident]


def _check_object(access: Access, ident: int) -> None:
    owned = _find(access.kind, ident)
    if owned is not None and owned.deleted and request.method in SAFE and access.kind in FOLLOWERS:
        _follow(access, ident)
    if owned is None or owned.deleted:
        abort(404)
    if access.hidden and not (current_user.runs_all or current_user.id in owned.owners):
        abort(404)
    if access.change and not may_change(current_user, owned):
        abort(403)


def _follow(access: Access, ident: int) -> None:
    """Leads an old address on to where the object went; does nothing where it went nowhere."""
    new = FOLLOWERS[access.kind](ident)
    if new is not None and request.endpoint:
        arguments: dict[str, Any] = {**request.args, **(request.view_args or {}), access.parameter: new}
        abort(redirect(url_for(request.endpoint, **arguments)))


def enforce() -> Any:
    """Runs before every request: the CSRF token first, then the declaration of the route."""
    if request.endpoint is None:
        return None  # no such address: Flask answers 404
    access = declaration(request.endpoint)
    if request.method not in SAFE and not (access and access.secret):
        csrf.protect()
    if access is None:
        abort(403)
    if access.public:
        return None
    if not current_user.is_authenticated:
        return login.unauthorized()
    if access.roles and current_user.role not in access.roles:
        abort(403)
    if access.kind:
        _check_object(access, int((request.view_args or {})[access.parameter]))
    return None


def init(app: Flask, open_editing: Callable[[], bool]) -> None:
    """`open_editing` answers whether everybody may change every account (a setting, which lives a floor above)."""
    app.extensions["haark_open_editing"] = open_editing
    app.before_request(enforce)
    app.jinja_env.globals["can_change"] = can_change
