"""What a written line is about: tags and words in French, English and Ukrainian. Pure.

A line is folded (no case, no accents) and each phrase must begin at the beginning of a word, so that «confusion» is no
«fusion». A phrase is a stem: what follows it does not matter. docs/signals.md lists the tags.
"""

import re
from functools import lru_cache

from haark.formats import fold

TAGS = {
    "budget_cut": ("budget-cut", "coupe-budgetaire", "budget-coupe", "скорочення-бюджету"),
    "reorganisation": ("reorganisation", "reorganization", "restructuration", "реорганізація"),
    "budget_available": ("budget", "budget-disponible", "budget-available", "бюджет"),
    "need_identified": ("besoin", "need", "upsell", "expansion", "потреба"),
    "company_growing": ("croissance", "recrutement", "growth", "hiring", "funding", "levee-de-fonds", "зростання"),
}
PHRASES = {
    "budget_cut": (
        *("coupe budg", "coupes budg", "budget coupe", "budget reduit", "budget en baisse", "budget gele"),
        *("baisse du budget", "baisse de budget", "reduction du budget", "reduction de budget", "gel du budget"),
        *("gel des budgets", "gel des depenses", "restriction budg", "restrictions budg", "plus de budget"),
        *("pas de budget", "sans budget", "budget a revoter", "budget cut", "cut the budget", "budget freeze"),
        *("spending freeze", "no budget", "budget is frozen", "скорочення бюджету", "скоротили бюджет"),
        *("бюджет скоро", "бюджет заморож", "немає бюджету", "без бюджету"),
    ),
    "reorganisation": (
        *("reorganis", "reorganiz", "restructur", "plan social", "fusion avec", "rachat par", "rachete par", "reorg"),
        *("layoff", "merger", "acquired by", "being acquired", "реорганізац", "реструктуризац", "злиття", "поглинан"),
    ),
    "budget_agreed": (
        *("budget disponible", "budget valide", "budget accorde", "budget vote", "budget debloque", "budget prevu"),
        *("budget available", "budget approved", "budget secured", "approved the budget", "бюджет погодж"),
        *("бюджет затвердж", "бюджет є", "є бюджет", "бюджет доступ", "бюджет виділ"),
    ),
    "budget": ("budget", "бюджет"),
    "need_identified": (
        *("demande un chiffrage", "demande un devis", "demande de devis", "demande de chiffrage", "veut demarrer"),
        *("souhaite deployer", "souhaite ajouter", "souhaite equiper", "veut deployer", "veut equiper"),
        *("a besoin d", "ont besoin d", "besoin identifie", "nouveau besoin", "aurait besoin d"),
        *("asks for a quote", "asked for a quote", "request for a quote", "would like to add", "want to roll out"),
        *("wants to roll out", "wants to add", "needs a", "new need", "просить комерційну", "просить розрахунок"),
        *("запит ціни", "потребує", "потрібен модуль", "хоче додати", "хочуть додати", "нова потреба"),
    ),
    "company_growing": (
        *("leve des fonds", "levee de fonds", "recrute", "plan de recrutement", "ouvre un site", "ouverture d un site"),
        *("forte croissance", "raised funding", "funding round", "is hiring", "hiring plan", "opens a new site"),
        *("залучи інвестиц", "залучили інвестиц", "набирає персонал", "відкриває новий"),
    ),
}
_NEGATIVE = ("budget_cut",)


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    # Folded here as the lines are: the letters of some alphabets lose their marks («й» among them).
    words = sorted({_plain(phrase) for phrase in phrases}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + ")")


def _plain(text: str) -> str:
    return re.sub(r"[\s’'\-]+", " ", fold(text)).strip()


_PATTERNS = {topic: _pattern(phrases) for topic, phrases in PHRASES.items()}
# The first words of all phrases: a line without any of them speaks of nothing here, which is cheap to see.
_OPENINGS = tuple(sorted({_plain(phrase).split()[0] for phrases in PHRASES.values() for phrase in phrases}))
_TAGS = {topic: frozenset(_plain(tag) for tag in tags) for topic, tags in TAGS.items()}


@lru_cache(maxsize=4096)
def topics(text: str, tags: tuple[str, ...] = ()) -> frozenset[str]:
    """What a line speaks of: `budget_cut`, `reorganisation`, `budget_agreed`, `budget` (spoken of, no more),
    `need_identified`, `company_growing`. A cut budget is not one that could be spent."""
    line, marks = _plain(text), {_plain(tag) for tag in tags}
    found = set()
    if any(opening in line for opening in _OPENINGS):
        found = {topic for topic, pattern in _PATTERNS.items() if pattern.search(line)}
    found |= {topic for topic, wanted in _TAGS.items() if wanted & marks}
    if "budget_available" in found:
        found = (found - {"budget_available"}) | {"budget_agreed"}
    if found & set(_NEGATIVE):
        found -= {"budget", "budget_agreed"}
    if "budget_agreed" in found:
        found.discard("budget")
    return frozenset(found)


def mentions(text: str, *names: str) -> bool:
    """Whether a line names one of these (a feature by its key or name), as whole words."""
    line = f" {_words(text)} "
    return any(f" {name} " in line for name in map(_words, names) if len(name) > 2)


def _words(text: str) -> str:
    return re.sub(r"[^\w]+", " ", _plain(text)).strip()
