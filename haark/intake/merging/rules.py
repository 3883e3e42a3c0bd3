"""How alike two clients are, from what is known of them, and why. Pure.

A name is compared without accents, case, punctuation, legal form and order of its words; short forms are written out.
The share of common words (each worth more the longer it is, words that many names carry worth little) and the share of
common letter triples are two views of it; the better one counts. Other facts only support or weaken it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from haark.formats import fold

# A pair is proposed from here on.
PROPOSED = 0.82
LEGAL = frozenset({
    "sa", "sas", "sasu", "sarl", "eurl", "sci", "snc", "scop", "sca", "scs", "selarl", "gie", "se", "srl",
    "spa", "snl", "sl", "slu", "bv", "nv", "vof", "ag", "gmbh", "kg", "ohg", "ug", "mbh", "ev", "co", "inc",
    "corp", "corporation", "ltd", "limited", "llc", "llp", "lp", "plc", "pty", "pte", "oy", "oyj", "ab", "as",
    "asa", "aps", "kk", "doo", "sro", "zrt", "kft", "nyrt", "sp", "zoo", "тов", "прат", "пат", "пп", "ат",
    "ооо", "зао", "оао", "пао", "ип", "ват", "кп", "дп", "тзов",
})  # fmt: skip
# The same word, written short.
WRITTEN_OUT = {
    "ste": "societe", "soc": "societe", "cie": "compagnie", "grp": "groupe", "gpe": "groupe", "group": "groupe",
    "gruppe": "groupe", "company": "compagnie", "intl": "international", "int": "international", "assoc": "association",
    "ets": "etablissements", "etabl": "etablissements", "freres": "freres", "frs": "freres", "bros": "freres",
    "brothers": "freres", "tech": "technologies", "technology": "technologies", "technologie": "technologies",
    "sys": "systemes", "systems": "systemes", "system": "systemes", "svc": "services", "serv": "services",
    "mfg": "manufacturing", "univ": "universite", "university": "universite", "st": "saint", "ste-": "sainte",
    "компания": "compagnie", "група": "groupe", "группа": "groupe",
}  # fmt: skip
# Words that say little about who it is.
COMMON = frozenset({
    "societe", "compagnie", "groupe", "holding", "international", "france", "europe", "services", "solutions",
    "technologies", "systemes", "the", "le", "la", "les", "de", "du", "des", "d", "l", "et", "and", "und", "of",
    "fur", "pour", "conseil", "consulting", "association", "etablissements", "global", "digital",
})  # fmt: skip
SILENT = frozenset({
    "the", "le", "la", "les", "de", "du", "des", "d", "l", "et", "and", "und", "of", "fur",
})  # fmt: skip
# Addresses that say nothing about where somebody works.
FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com",
    "live.fr", "msn.com", "yahoo.com", "yahoo.fr", "ymail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr",
    "laposte.net", "bbox.fr", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "icloud.com", "me.com",
    "mac.com", "aol.com", "proton.me", "protonmail.com", "ukr.net", "i.ua", "meta.ua", "mail.ru", "yandex.ru",
})  # fmt: skip
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Client:
    """What is compared of an account. `domains`: of its contacts' addresses, free mail left out."""

    id: int
    name: str
    country: str = ""
    sector: str = ""
    parent_id: int | None = None
    domains: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` 0-1; `reasons` as data: [name of the reason, value]."""

    score: float
    reasons: list[list[str]]


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: as searched, its telling words, and those in order."""

    folded: str
    words: tuple[str, ...]
    ordered: str


@lru_cache(maxsize=150_000)
def read(name: str) -> Name:
    """Takes a name apart; where no word would be left, all count."""
    folded = fold(name)
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), folded.replace("’", "'"))
    found = _WORD.findall(text.replace("&", " et "))
    core = tuple(WRITTEN_OUT.get(word, word) for word in found if word not in LEGAL and word not in SILENT)
    core = core or tuple(found) or (folded,)
    return Name(folded, core, " ".join(sorted(core)))


def words(name: str) -> tuple[str, ...]:
    """The words of a name that tell who it is, in order."""
    return read(name).words


def key(name: str) -> str:
    """The same for two names that differ in nothing but writing."""
    return read(name).ordered


def domain_of(address: str) -> str:
    """The domain of a mail address; '' where it says nothing about the employer."""
    domain = address.rpartition("@")[2].strip().lower()
    return "" if domain in FREE_MAIL or "." not in domain else domain


def compare(one: Client, other: Client) -> Likeness:
    """How alike two clients are. Those of one family (parent and subsidiary) are not the same one."""
    if one.id in (other.parent_id,) or other.id in (one.parent_id,):
        return Likeness(0.0, [])
    named, reasons = _names(one.name, other.name)
    if named < 0.5:
        return Likeness(named, [])
    score = named
    if shared := sorted(one.domains & other.domains):
        score += (1 - score) * 0.6
        reasons.append(["domain", shared[0]])
    for what in ("country", "sector"):
        mine, theirs = fold(getattr(one, what)), fold(getattr(other, what))
        if mine and mine == theirs:
            score += (1 - score) * 0.1
            reasons.append([what, getattr(one, what)])
        elif mine and theirs:
            score -= 0.08 if what == "country" else 0.02
    return Likeness(round(min(max(score, 0.0), 1.0), 3), reasons)


def _names(one: str, other: str) -> tuple[float, list[list[str]]]:
    """The likeness of two names alone, and what to call it."""
    mine, theirs = read(one), read(other)
    if mine.folded == theirs.folded:
        return 1.0, [["same", ""]]
    if mine.ordered == theirs.ordered:
        return 0.97, [["writing", ""]]
    if "".join(mine.words) == "".join(theirs.words):
        return 0.95, [["writing", ""]]
    if {word for word in mine.words if word.isdigit()} != {word for word in theirs.words if word.isdigit()}:
        return 0.3, []  # «Agence 12» and «Agence 13»
    if _initials(mine.words, theirs.words) or _initials(theirs.words, mine.words):
        return 0.75, [["initials", ""]]
    ours, others = triples(mine.ordered), triples(theirs.ordered)
    score = 2 * len(ours & others) / (len(ours) + len(others))
    if score >= 0.4:  # below, no word is close enough to another to change anything
        score = max(score, _common(mine.words, theirs.words))
    return score, [["close", ""]]


def _initials(short: Sequence[str], long: Sequence[str]) -> bool:
    return len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long)


def _weight(word: str) -> float:
    return 0.5 if word in COMMON else float(min(len(word), 8))


def _common(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of the words' weight that both have; two words count as far as they are written alike."""
    both = set(one) & set(other)
    found = 2 * sum(map(_weight, both))
    left = [word for word in other if word not in both]
    for word in sorted((word for word in one if word not in both), key=_weight, reverse=True):
        best, at = 0.0, -1
        for index, candidate in enumerate(left):
            near = abs(len(word) - len(candidate)) < 3 and (word[0] == candidate[0] or word[-1] == candidate[-1])
            alike = jaro_winkler(word, candidate) if near else 0.0
            if alike > best:
                best, at = alike, index
        # In a short word one other letter makes another word.
        if at >= 0 and best >= (0.88 if min(len(word), len(left[at])) > 5 else 0.93):
            found += best * (_weight(word) + _weight(left.pop(at)))
    return found / (sum(map(_weight, one)) + sum(map(_weight, other)))


def triples(text: str) -> set[str]:
    """The runs of three letters, with the edges of the text."""
    padded = f"  {text} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def jaro_winkler(one: str, other: str) -> float:
    """Likeness of two words, 0-1 (Jaro 1989, Winkler 1990): common letters near one place, a common start."""
    if one == other:
        return 1.0
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken = [False] * len(other)
    matched: list[str] = []
    for at, letter in enumerate(one):
        for index in range(max(0, at - reach), min(len(other), at + reach + 1)):
            if not taken[index] and other[index] == letter:
                taken[index] = True
                matched.append(letter)
                break
    if not matched:
        return 0.0
    crossed = sum(a != b for a, b in zip(matched, (other[i] for i, was in enumerate(taken) if was), strict=True)) / 2
    count = len(matched)
    jaro = (count / len(one) + count / len(other) + (count - crossed) / count) / 3
    start = 0
    for mine, theirs in zip(one[:4], other[:4], strict=False):
        if mine != theirs:
            break
        start += 1
    return jaro + start * 0.1 * (1 - jaro)
