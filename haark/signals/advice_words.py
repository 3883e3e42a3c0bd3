"""The words of recommendations: what to do, why with its numbers, what it protects or gains."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from haark import formats, locale
from haark.settings import queries as settings
from haark.signals import sentences
from haark.signals.advice_rules import RULES


class Advised(Protocol):
    """A recommendation, as the rows of `queries` hold it."""

    @property
    def rule(self) -> str: ...
    @property
    def reason(self) -> Any: ...
    @property
    def impact_cents(self) -> int | None: ...
    @property
    def due_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Words:
    """`icon` and `title` of a rule, the short `verb` of its button, and how its impact is calculated."""

    icon: str
    title: LazyString
    verb: LazyString
    formula: LazyString


PROTECTED = _l("valeur protégée = ARR du compte")
DEALS = _l("gain possible = affaires d’expansion ouvertes du compte")
SEATS = _l("gain possible = licences à ajouter pour revenir à 75 % d’usage, au prix d’une licence actuelle")
UNPRICED = _l("gain non chiffré")
WORDS: dict[str, Words] = {
    "secure_renewal": Words("lock", _l("Sécuriser le renouvellement"), _l("Sécuriser"), PROTECTED),
    "reengage_before_renewal": Words(
        "calendar-plus", _l("Réengager le client avant le renouvellement"), _l("Revue urgente"), PROTECTED
    ),
    "call_detractor": Words("phone", _l("Appeler le détracteur"), _l("Appeler"), PROTECTED),
    "unblock_tickets": Words("life-buoy", _l("Débloquer les tickets en attente"), _l("Débloquer"), PROTECTED),
    "find_successor": Words(
        "user-plus", _l("Trouver le successeur et se faire présenter"), _l("Trouver le successeur"), PROTECTED
    ),
    "win_back": Words("message-square-quote", _l("Renouer avec le client"), _l("Renouer"), PROTECTED),
    "clarify_context": Words(
        "circle-question-mark", _l("Clarifier le contexte commercial"), _l("Clarifier"), PROTECTED
    ),
    "understand_drop": Words(
        "calendar-plus", _l("Comprendre la baisse de santé avec le client"), _l("Planifier une revue"), PROTECTED
    ),
    "rescue_adoption": Words("rocket", _l("Relancer l’adoption"), _l("Relancer l’adoption"), PROTECTED),
    "restore_objective": Words(
        "target", _l("Remettre l’objectif sur les rails"), _l("Redresser l’objectif"), PROTECTED
    ),
    "welcome_contact": Words("user-plus", _l("Accueillir le nouvel interlocuteur"), _l("Accueillir"), PROTECTED),
    "hold_review": Words("presentation", _l("Tenir la revue en retard"), _l("Planifier la revue"), PROTECTED),
    "prepare_renewal": Words("calendar-check", _l("Préparer le renouvellement"), _l("Préparer"), PROTECTED),
    "propose_seats": Words("users", _l("Proposer des licences supplémentaires"), _l("Proposer des licences"), SEATS),
    "qualify_need": Words("sprout", _l("Qualifier le besoin exprimé"), _l("Qualifier le besoin"), DEALS),
    "qualify_budget": Words("wallet", _l("Qualifier le budget évoqué"), _l("Qualifier le budget"), DEALS),
    "demonstrate_premium": Words("presentation", _l("Démontrer la fonction premium"), _l("Démontrer"), DEALS),
    "ask_reference": Words("quote", _l("Demander une référence au promoteur"), _l("Demander une référence"), UNPRICED),
    "raise_objectives": Words(
        "flag", _l("Célébrer et fixer des objectifs plus hauts"), _l("Relever les objectifs"), DEALS
    ),
    "explore_growth": Words("trending-up", _l("Explorer les besoins de la croissance"), _l("Explorer"), UNPRICED),
}
RENEWAL_RULES = ("secure_renewal", "reengage_before_renewal", "prepare_renewal")


def title(rule: str) -> str:
    """What to do."""
    return str(WORDS[rule].title)


def headline(one: Advised) -> str:
    """What to do and until when: «… : revue urgente avant le 19 nov. 2026»."""
    until = formats.day(one.due_on, locale.current())
    if RULES[one.rule].review:
        return _("%(title)s : revue avant le %(day)s", title=title(one.rule), day=until)
    return _("%(title)s avant le %(day)s", title=title(one.rule), day=until)


def button(one: Advised) -> str:
    """The verb and the deadline, for a button."""
    until = formats.day_short(one.due_on, locale.current())
    return _("%(verb)s avant le %(day)s", verb=str(WORDS[one.rule].verb), day=until)


def reason(one: Advised) -> str:
    """Why, with the numbers: one sentence, and what is at stake."""
    told = one.reason
    if one.rule in RENEWAL_RULES:
        parts = _renewal(told)
    else:
        parts = [sentences.short(told["signal"], told)]
        if told.get("count", 1) > 1:
            more = told["count"] - 1
            parts.append(ngettext("et %(num)s autre cause", "et %(num)s autres causes", more))
    return f"{sentences.capital(', '.join(parts))}."


def stake(one: Advised) -> str:
    """What it protects or could gain; '' where that is unknown."""
    if one.impact_cents is None:
        return ""
    worth = formats.money(one.impact_cents, locale.current(), settings.get("organisation.currency"))
    if RULES[one.rule].side == "risk":
        return _("Valeur en jeu %(worth)s.", worth=worth)
    return _("Gain possible %(worth)s.", worth=worth)


def formula(rule: str) -> str:
    """How the impact is calculated."""
    return str(WORDS[rule].formula)


def formulas() -> list[str]:
    """Every formula with the rules that use it."""
    named: dict[str, list[str]] = {}
    for words in WORDS.values():
        named.setdefault(str(words.formula), []).append(str(words.title))
    return [f"{sentences.capital(formula)} : {', '.join(titles)}." for formula, titles in named.items()]


def _renewal(told: dict[str, Any]) -> list[str]:
    parts = [ngettext("renouvellement dans %(num)s jour", "renouvellement dans %(num)s jours", told.get("days", 0))]
    if told.get("usage") is not None:
        parts.append(_("usage %(change)s sur 30 jours", change=sentences.percent(told["usage"], sign=True)))
    if told.get("score") is not None:
        change = formats.signed(told["change"], locale.current()) if "change" in told else ""
        parts.append(
            _("santé %(score)s (%(change)s)", score=told["score"], change=change)
            if change
            else _("santé %(score)s", score=told["score"])
        )
    if told.get("churn") is not None:
        parts.append(_("risque de départ %(churn)s", churn=sentences.percent(told["churn"])))
    return parts
