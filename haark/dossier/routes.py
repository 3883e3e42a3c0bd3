"""The account's page: its head, its sections with an address each, how the score is made."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, make_response, request, url_for
from flask_login import current_user

from haark import access, charts, clock, formats, locale, navigation
from haark.access import Owned, sees
from haark.accounts import queries as accounts
from haark.accounts import rules as facts
from haark.accounts.queries import Header
from haark.cadence import queries as cadence
from haark.cadence import rating
from haark.dossier import audit, kept, logos, opening, parts, score, shapes, sources, tabs, terms, trash, wording
from haark.dossier import evidence as rows
from haark.dossier import facts as own_facts
from haark.fragments import Parts
from haark.health import disagreement
from haark.health import queries as health
from haark.hypermedia import go, is_fragment, messages_wait, respond
from haark.portfolio import rules as nearness
from haark.portfolio import wording as common
from haark.settings import queries as settings
from haark.signals import queries as signals
from haark.signals import vocabulary

blueprint = Blueprint("dossier", __name__)
blueprint.register_blueprint(audit.blueprint)
blueprint.register_blueprint(own_facts.blueprint)
blueprint.register_blueprint(logos.blueprint)
blueprint.register_blueprint(opening.blueprint)
blueprint.register_blueprint(terms.blueprint)
parts.register(blueprint)
blueprint.register_blueprint(trash.blueprint)
blueprint.register_error_handler(404, trash.missing)
KEPT = ("history", "contacts", "revenue")  # sections whose rows all carry a stamp
MORE = "after"  # the parameter that asks for the next entries of the history


@blueprint.get("/accounts/<int:account_id>")
@sees("account", "account_id")
def show(account_id: int) -> Response:
    return _page(account_id, "history")


@blueprint.get("/accounts/<int:account_id>/<any(history, facts, contacts, usage, revenue, plan, value, reviews):key>")
@sees("account", "account_id")
def tab(account_id: int, key: str) -> Response:
    return _page(account_id, key)


@blueprint.get("/accounts/<int:account_id>/head")
@sees("account", "account_id")
def top(account_id: int) -> Response:
    """The head of the page, asked for again once a fact has changed."""
    on = clock.today(locale.timezone())
    head = accounts.header(account_id, on)
    if not is_fragment():
        return go(url_for(".show", account_id=account_id))
    context: dict[str, Any] = {"head": head, "on": on, "people": accounts.contacts(account_id)}
    context |= {"changeable": _changeable(head), **_around(head, on), **_words()}
    return respond("dossier/show.html", "dossier/_head.html", **context)


@blueprint.get("/accounts/<int:account_id>/health")
@sees("account", "account_id")
def explain(account_id: int) -> Response:
    """How the score is calculated, as it was kept or as of a date, beside what people and money say (HL-3, HL-8)."""
    on = clock.today(locale.timezone())
    head = accounts.header(account_id, on)
    start, end = score.span_of(_asked("start"), _asked("end"), request.args.get("days", 0, int), on)
    context = {"head": head, "view": score.view(head, on, _asked("on"), start, end), "today": on, **_words()}
    return respond("dossier/health.html", None, **context)


@blueprint.get("/accounts/<int:account_id>/health/<name>")
@sees("account", "account_id")
def evidence(account_id: int, name: str) -> Response:
    """The rows that one input of the score was made from (XB-10)."""
    today = clock.today(locale.timezone())
    on = min(_asked("on") or today, today)
    found = rows.rows_of(account_id, name, on)
    if found is None:
        abort(404)
    context: dict[str, Any] = {"head": accounts.header(account_id, today), "rows": found, "name": name, "on": on}
    return respond("dossier/evidence.html", "health/_rows.html", **context)


def _page(account_id: int, key: str, status: int = 200, **extra: Any) -> Response:
    found = tabs.TABS.get(key)
    if found is None:
        abort(404)
    on = clock.today(locale.timezone())
    if key in KEPT and request.method == "GET" and not extra and not request.args.get(MORE):
        return _kept(account_id, found, on)
    head = accounts.header(account_id, on)
    arguments = request.args if request.method == "GET" else {}
    context = {"head": head, "tab": found, "on": on, **found.load(head, on, arguments), **_words(), **extra}
    if arguments.get(MORE) and is_fragment():
        return respond("dossier/show.html", "dossier/_entries.html", **context)
    context |= {"people": context.get("people") or accounts.contacts(account_id), "changeable": _changeable(head)}
    context |= {"signals": signals.of_account(account_id, on), "account_key": head.external_id or head.name}
    if not is_fragment():
        context |= {"neighbours": kept.state(account_id), **_around(head, on, context.get("next"))}

    regions = ("dossier/_tabs.html",)
    return respond("dossier/show.html", "dossier/_panel.html", status, out_of_band=regions, **context)


def _kept(account_id: int, tab: tabs.Tab, on: date) -> Response:
    """The page or its panel, from what was drawn before where nothing that it shows has changed since."""

    def load() -> dict[str, Any]:
        head = accounts.header(account_id, on)
        context = {"head": head, "tab": tab, "on": on, **tab.load(head, on, request.args), **_words()}
        context |= {"people": context.get("people") or accounts.contacts(account_id), "changeable": changeable}
        context |= {"signals": signals.of_account(account_id, on), "account_key": head.external_id or head.name}
        return context if is_fragment() else {**context, **_around(head, on, context.get("next"))}

    now = kept.state(account_id)
    settings.under(now.house)  # whether everybody may change everything is one of them
    changeable = access.can_change("account", account_id)
    reader = (current_user.id, current_user.role, changeable, locale.current(), locale.timezone(), on)
    only = request.args.get("kind", "") if tab.key == "history" else ""
    shown = (account_id, tab.key, only if only in sources.GROUPS else "")
    key = None if now.own is None or now.house is None else (now.own, now.house, *reader, *shown)
    kept_parts = Parts("dossier", key, load)
    if is_fragment() or messages_wait():
        return respond("dossier/kept.html", "dossier/_kept.html", kept=kept_parts, neighbours=now)
    around = (now.before, now.after, *navigation.frame_key())
    return make_response(kept_parts.page("dossier/kept.html", around, neighbours=now))


def _around(head: Header, on: date, coming: cadence.Next | None = None) -> dict[str, Any]:
    """What the head of the page shows besides `head`; `coming`, where it was read already."""
    coming = coming or cadence.next_of(head.id)
    told, rated = health.explain(head.id, on), coming.state and rating.judged(head.id, coming.state, on)
    band, counted = told.now.band if told.now else "", rated.counted if rated else None
    return {
        "told": told,
        "rated": rated,
        "disagreements": disagreement.disagreements(band, counted, head.arr_change),
        "planned": coming.planned if head.next_review_planned else None,
    }


def _changeable(head: Header) -> bool:
    owners = frozenset(owner for owner in (head.owner_id, head.sales_owner_id) if owner is not None)
    return access.may_change(current_user, Owned(owners))


def _asked(name: str) -> date | None:
    """A day in the address; None where it is missing or no day."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _words() -> dict[str, Any]:
    return {
        **vocabulary.words(),
        "TABS": tabs.TABS.values(),
        "charts": charts,
        "churn_alert": settings.get("risk.churn"),
        "common": common,
        "facts": facts,
        "formats": formats,
        "key_people": tabs.key_people,
        "nearness": nearness.nearness,
        "score": score,
        "shapes": shapes,
        "wording": wording,
    }
