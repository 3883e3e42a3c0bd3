"""The sections of an account's page: each has an address, a template and the reading that fills it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark.accounts import family
from haark.accounts import queries as accounts
from haark.accounts.movements import KEY_ROLES
from haark.accounts.queries import Header
from haark.actions import queries as actions
from haark.cadence import queries as cadence
from haark.dossier import beside, queries, relations, revenue, timeline, usage
from haark.dossier.fact_forms import FACTS
from haark.dossier.sources import GROUPS
from haark.plans import queries as plans
from haark.reviews import queries as reviews
from haark.value import queries as value

Arguments = Mapping[str, str]


@dataclass(frozen=True)
class Tab:
    """`load(head, on, arguments)` gives the template's context; `arguments` are those of the address."""

    key: str
    label: Any
    template: str
    load: Callable[[Header, date, Arguments], dict[str, Any]]


def _history(head: Header, on: date, arguments: Arguments) -> dict[str, Any]:
    only = arguments.get("kind", "")
    only = only if only in GROUPS else ""
    try:
        history = timeline.page(head.id, on, only, arguments.get("after", ""))
    except timeline.BadPlace:
        abort(400, _("Cet endroit de l’historique n’existe pas ou plus. Reprenez-le depuis le début."))
    people = accounts.contacts(head.id)
    named = {person.email.lower(): person.name for person in people if person.email}
    shown = {"history": history, "only": only, "people": people, "named": named}
    return {**shown, "actions": actions.of_account(head.id, on), "next": cadence.next_of(head.id)}


def _facts(head: Header, on: date, arguments: Arguments) -> dict[str, Any]:
    members = family.tree(head.id)
    return {
        "row": queries.facts_of(head.id, on),
        "FACTS": FACTS,
        "members": members,
        "group": family.rollup(members, on),
        **beside.view(head.id),
    }


def _contacts(head: Header, on: date, arguments: Arguments) -> dict[str, Any]:
    people = accounts.contacts(head.id)
    return {"people": people, "relations": relations.relations(people, queries.last_exchanges(head.id), on)}


def _usage(head: Header, on: date, arguments: Arguments) -> dict[str, Any]:
    return {"usage": usage.view(head.id, head.seats, on)}


def _revenue(head: Header, on: date, arguments: Arguments) -> dict[str, Any]:
    return {"revenue": revenue.view(head.id, on)}


def _plan(head: Header, on: date, arguments: Arguments) -> dict[str, Any]:
    return {"plan": plans.tab(head.id, on)}


def _value(head: Header, on: date, arguments: Arguments) -> dict[str, Any]:
    return {"value": value.tab(head.id)}


def _reviews(head: Header, on: date, arguments: Arguments) -> dict[str, Any]:
    return {"reviews": reviews.tab(head.id)}


TABS: dict[str, Tab] = {
    tab.key: tab
    for tab in (
        Tab("history", _l("Historique"), "dossier/_history.html", _history),
        Tab("facts", _l("Fiche"), "dossier/_facts.html", _facts),
        Tab("contacts", _l("Contacts"), "dossier/_contacts.html", _contacts),
        Tab("usage", _l("Usage"), "dossier/_usage.html", _usage),
        Tab("revenue", _l("Revenus"), "dossier/_revenue.html", _revenue),
        Tab("plan", _l("Plan de succès"), "plans/_tab.html", _plan),
        Tab("value", _l("Valeur"), "value/_tab.html", _value),
        Tab("reviews", _l("Business Reviews"), "reviews/_tab.html", _reviews),
    )
}


def key_people(people: accounts.Rows) -> list[Any]:
    """Those who decide at the client and are still there."""
    return [person for person in people if person.left_on is None and (person.role in KEY_ROLES or person.main)]
