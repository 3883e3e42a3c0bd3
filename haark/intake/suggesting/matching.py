"""A suggested mapping: each column of a file to one canonical column, by its words and by what its values are.

Pure. `suggest` answers with plain data (see `looking.Choice`) so that it can be kept and changed.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import product
from typing import Any

from haark.formats import fold
from haark.intake.kinds import KINDS, Column, Kind
from haark.intake.profiles import Profile
from haark.intake.suggesting.words import factor, vocabulary, words

Chosen = dict[str, dict[str, Any]]
# A match below this says nothing.
LEAST = 0.5
# A kind is guessed from this weight of matched columns on; the name of the file is worth one telling column.
GUESS_FROM = 1.2
NAME_OF_FILE = 1.0
MISSING = 0.8
# The natures that a column of each type may have; types that are not named take any.
FITTING = {
    "email": {"email"}, "date": {"date"}, "instant": {"date"}, "integer": {"number", "boolean"}, "money": {"number"},
    "number": {"number", "boolean"}, "boolean": {"boolean", "text"}, "currency": {"currency", "text"},
    "choice": {"text", "boolean"}, "language": {"text"}, "tags": {"text"}, "user": {"email", "text"},
}  # fmt: skip
UNFITTING_TEXT = {"date", "boolean"}


def suggest(
    file: str, sheet: str, headers: Sequence[str], profiles: Sequence[Profile], owners: Collection[str]
) -> tuple[str, str, Chosen]:
    """(kind or '', system or '', where each canonical column comes from). `headers` are those to consider."""
    usable = [each for each in profiles if each.header in set(headers)]
    named = {*words(file), *words(sheet)}
    best: tuple[float, str, Chosen] = (0.0, "", {})
    for kind in KINDS.values():
        chosen, weight = _match(kind, usable, owners)
        if named & vocabulary().names[kind.name]:
            weight += NAME_OF_FILE
        missing = [each.name for each in kind.columns if each.required and each.name not in chosen]
        weight -= MISSING * len(missing)
        if weight > best[0]:
            best = weight, kind.name, chosen
    weight, name, chosen = best
    return (name, "", chosen) if weight >= GUESS_FROM else ("", "", {})


def choose(kind: str, profiles: Sequence[Profile], owners: Collection[str] = ()) -> Chosen:
    """Where the columns of this kind come from, when somebody says what the file holds."""
    return _match(KINDS[kind], profiles, owners)[0]


def _match(kind: Kind, profiles: Sequence[Profile], owners: Collection[str]) -> tuple[Chosen, float]:
    pairs = sorted(_pairs(kind, profiles, owners), key=lambda pair: -pair[0])
    chosen: Chosen = {}
    taken: set[str] = set()
    weight = 0.0
    for score, name, profile in pairs:
        if name in chosen or profile.header in taken:
            continue
        chosen[name] = {"header": profile.header}
        column = kind.column(name)
        if column and column.type == "money" and (times := factor(profile.header)):
            chosen[name]["factor"] = times
        taken.add(profile.header)
        weight += score * _tells(name)
    _monthly(kind, profiles, chosen)
    weight += _filled_in(kind, profiles, chosen)
    return {name: chosen[name] for name in kind.names if name in chosen}, weight


def _pairs(kind: Kind, profiles: Sequence[Profile], owners: Collection[str]) -> Iterable[tuple[float, str, Profile]]:
    phrases = vocabulary().phrases[kind.name]
    for profile, column in product(profiles, kind.columns):
        said = words(profile.header)
        if said in vocabulary().monthly or not _fits(column, profile):
            continue
        score = max((_likeness(said, phrase, place) for place, phrase in enumerate(phrases[column.name])), default=0.0)
        if column.type == "user" and score < LEAST and _are_owners(profile, owners) and column.name == "owner_email":
            score = 0.6
        if column.type == "email" and score < LEAST and profile.nature == "email" and column.name == "email":
            score = 0.6
        if score >= LEAST:
            yield score, column.name, profile


def _likeness(said: tuple[str, ...], phrase: tuple[str, ...], place: int) -> float:
    """1 for the same words, less for a phrase among others; later phrases are less sure ones."""
    if said == phrase:
        return 1.0 - place / 200
    if set(said) == set(phrase):
        return 0.95 - place / 200
    if set(phrase) < set(said) and len(phrase) * 2 >= len(said):
        return 0.9 * len(phrase) / len(said) - place / 200
    return 0.0


def _fits(column: Column, profile: Profile) -> bool:
    nature = profile.nature
    if not nature or nature == "blank":
        return True
    if column.name == "external_id":
        return profile.unique and nature not in ("date", "boolean", "email")
    if column.type in ("text", "account", "feature"):
        return nature not in UNFITTING_TEXT
    return nature in FITTING.get(column.type, {nature})


def _are_owners(profile: Profile, owners: Collection[str]) -> bool:
    known = {fold(owner) for owner in owners}
    told = [times for word, times in profile.words.items() if fold(word) in known]
    return sum(told) * 2 > max(1, profile.filled)


def _tells(name: str) -> float:
    """How much a matched column says about the kind: one that many kinds have says little."""
    return 1.0 / sum(name in kind.names for kind in KINDS.values())


def _monthly(kind: Kind, profiles: Sequence[Profile], chosen: Chosen) -> None:
    """Monthly revenue stands in for the annual one where a file has no other, twelvefold."""
    if "arr" in chosen or not kind.column("arr"):
        return
    for profile in profiles:
        if words(profile.header) in vocabulary().monthly and profile.nature in ("number", ""):
            times = int(factor(profile.header) or 1) * 12
            chosen["arr"] = {"header": profile.header, "factor": str(times)}
            return


def _filled_in(kind: Kind, profiles: Sequence[Profile], chosen: Chosen) -> float:
    """Constants for what the file itself does not say: that a file of departures tells of lost renewals, which survey
    a score is of."""
    said = {word for profile in profiles for word in words(profile.header)}
    if kind.name == "renewals" and "outcome" not in chosen and said & {"churn", "depart", "resiliation", "відтоку"}:
        chosen["outcome"] = {"const": "lost"}
        return 0.9
    if kind.name == "surveys" and "kind" not in chosen and "score" in chosen:
        score = next(each for each in profiles if each.header == chosen["score"]["header"])
        highest = max((float(word) for word in score.words if word.replace(".", "", 1).isdigit()), default=0.0)
        chosen["kind"] = {"const": "nps" if highest > 5 or "nps" in said else "csat"}
        return 0.0
    return 0.0
