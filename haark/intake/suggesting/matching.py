"""A suggested mapping: each column of a file to one canonical column, by its words and by what its values are.

Pure. `suggest` answers with plain data (see `looking.Choice`) so that it can be kept and changed.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from haark.formats import fold
from haark.intake.kinds import KINDS, Column, Kind
from haark.intake.profiles import Profile
from haark.intake.suggesting import ready
from haark.intake.suggesting.words import Words, factor, vocabulary, words

Chosen = dict[str, dict[str, Any]]
# A match below this says nothing.
LEAST = 0.5
# What only the values say is worth less than any word.
BY_VALUES = 0.6
# The words of a column without those of its group.
BELOW_GROUP = 0.9
# A kind is guessed from this weight of matched columns on; the name of the file is worth one telling column.
GUESS_FROM = 1.1
NAME_OF_FILE = 1.0
MISSING = 1.5
# Beyond, a sheet is a matrix; nobody maps its columns one by one.
MOST_COLUMNS = 400
# The natures that a column of each type may have; types that are not named take any.
FITTING = {
    "email": {"email"}, "date": {"date"}, "instant": {"date"}, "integer": {"number", "boolean"}, "money": {"number"},
    "number": {"number", "boolean"}, "boolean": {"boolean"}, "currency": {"currency", "text"},
    "language": {"text"}, "tags": {"text"}, "user": {"email", "text"},
}  # fmt: skip
UNFITTING_TEXT = {"date", "boolean"}


@dataclass
class Suggestion:
    """A kind ('' when none is likely), the system whose export it is ('' when unknown), where its columns come from,
    and for intervals the header of their end."""

    kind: str = ""
    system: str = ""
    chosen: Chosen = field(default_factory=dict)
    ends: str = ""
    weight: float = 0.0


def suggest(file: str, sheet: str, profiles: Sequence[Profile], owners: Collection[str] = ()) -> Suggestion:
    """The likeliest reading of a table with these columns, from a file and sheet of these names."""
    profiles = profiles[:MOST_COLUMNS]
    recognised = ready.recognise([each.header for each in profiles])
    if recognised:
        return _with_system(recognised, profiles, owners)
    named = {*words(file), *words(sheet)}
    best = Suggestion()
    for kind in KINDS.values():
        found = choose(kind.name, profiles, owners, named)
        if named & vocabulary().names[kind.name]:
            found.weight += NAME_OF_FILE
        found.weight -= MISSING * sum(each.required and each.name not in found.chosen for each in kind.columns)
        if found.weight > best.weight:
            best = found
    return best if best.weight >= GUESS_FROM else Suggestion()


def choose(
    kind: str, profiles: Sequence[Profile], owners: Collection[str] = (), named: Collection[str] = ()
) -> Suggestion:
    """Where the columns of this kind come from, when somebody says what the file holds."""
    found = Suggestion(kind)
    _choose(found, KINDS[kind], profiles[:MOST_COLUMNS], owners, set(named))
    return found


def _with_system(recognised: ready.Recognised, profiles: Sequence[Profile], owners: Collection[str]) -> Suggestion:
    """The columns that the system is known to write, and those it has beyond, by their words."""
    kind = KINDS[recognised.kind]
    used = {header for choice in recognised.columns.values() for header in ready.headers(choice)}
    rest = [each for each in profiles if each.header not in used and each.header not in recognised.aside]
    found = Suggestion(kind.name, recognised.system, {name: dict(each) for name, each in recognised.columns.items()})
    _choose(found, kind, rest, owners, set())
    return found


def _choose(
    found: Suggestion, kind: Kind, profiles: Sequence[Profile], owners: Collection[str], named: set[str]
) -> None:
    taken: set[str] = set()
    by_header = {each.header: each for each in profiles}
    for score, name, profile in sorted(_pairs(kind, profiles, owners), key=lambda pair: -pair[0]):
        if name not in found.chosen and profile.header not in taken:
            found.chosen[name] = {"header": profile.header}
            taken.add(profile.header)
            found.weight += score * _tells(name)
    _join_names(kind, [each for each in profiles if each.header not in taken], found.chosen, by_header)
    _monthly(kind, profiles, found.chosen)
    for name, choice in found.chosen.items():
        column = kind.column(name)
        if column and choice.get("header") in by_header and "values" not in choice:
            _values(kind, column, choice, by_header[choice["header"]])
    _interval(found, [each for each in profiles if each.header not in taken])
    _constants(found, kind, profiles, named)
    found.chosen = {name: found.chosen[name] for name in kind.names if name in found.chosen}


def _pairs(kind: Kind, profiles: Sequence[Profile], owners: Collection[str]) -> Iterable[tuple[float, str, Profile]]:
    phrases, single = vocabulary().phrases[kind.name], vocabulary().single[kind.name]
    said = {profile.header: words(profile.header) for profile in profiles}
    # Below a group, «Contact / Téléphone», the column's own words may be enough.
    own = {header: words(header.rsplit(" / ", 1)[1]) for header in said if " / " in header}
    heard = {header: not single.isdisjoint(found) for header, found in said.items()}
    for profile, column in product(profiles, kind.columns):
        if said[profile.header] in vocabulary().monthly:
            continue
        score = _best(said[profile.header], phrases[column.name]) if heard[profile.header] else 0.0
        if profile.header in own:
            score = max(score, BELOW_GROUP * _best(own[profile.header], phrases[column.name]))
        if score < LEAST and profile.nature and _by_values(column, profile, owners):
            score = BY_VALUES
        if score >= LEAST and _fits(kind, column, profile):
            yield score, column.name, profile


def _best(said: Words, phrases: Sequence[Words]) -> float:
    """How well a header says a column: 1 for the same words, less for a phrase among others; later phrases are less
    sure ones."""
    found = 0.0
    heard = set(said)
    for place, phrase in enumerate(phrases):
        wanted = set(phrase)
        if not wanted <= heard:
            continue
        if said == phrase:
            score = 1.0
        elif wanted == heard:
            score = 0.95
        elif len(wanted) * 2 >= len(heard):
            score = 0.9 * len(wanted) / len(heard)
        else:
            continue
        found = max(found, score - place / 400)
    return found


def _by_values(column: Column, profile: Profile, owners: Collection[str]) -> bool:
    if column.type == "email":
        return profile.nature == "email" and column.name == "email"
    if column.name != "owner_email" or not owners:
        return False
    known = {fold(owner) for owner in owners}
    return sum(times for word, times in profile.words.items() if fold(word) in known) * 2 > profile.filled


def _fits(kind: Kind, column: Column, profile: Profile) -> bool:
    nature = profile.nature
    if not nature or nature == "blank":
        return True
    if column.type == "choice":
        known = {*column.choices, *(column.aliases or {}), *vocabulary().meant(kind.name, column.name)}
        told = sum(times for word, times in profile.words.items() if {fold(word), _plain(word)} & known)
        return not profile.many and told * 2 >= profile.words.total()
    if column.name == "external_id":
        return profile.unique and nature not in ("date", "boolean", "email")
    if column.type in ("text", "account", "feature"):
        return nature not in UNFITTING_TEXT
    return nature in FITTING.get(column.type, {nature})


def _plain(word: str) -> str:
    return fold(word).replace(" ", "_").replace("-", "_")


def _tells(name: str) -> float:
    """How much a matched column says about the kind: one that many kinds have says little."""
    return 1.0 / sum(name in kind.names for kind in KINDS.values())


def _join_names(kind: Kind, rest: Sequence[Profile], chosen: Chosen, by_header: dict[str, Profile]) -> None:
    """«Prénom» and «Nom» make one name."""
    if kind.name != "contacts":
        return
    parts = vocabulary().parts
    first = next((each.header for each in rest if words(each.header) in parts["first"]), None)
    header = chosen.get("name", {}).get("header", "")
    if first is None or (header and words(header) not in parts["last"]):
        return
    last = header or next((each.header for each in rest if words(each.header) in parts["last"]), "")
    chosen["name"] = {"header": first, "join": [last]} if last else {"header": first}


def _monthly(kind: Kind, profiles: Sequence[Profile], chosen: Chosen) -> None:
    """Monthly revenue stands in for the annual one where a file has no other, twelvefold."""
    if "arr" in chosen or not kind.column("arr"):
        return
    for profile in profiles:
        if words(profile.header) in vocabulary().monthly and profile.nature in ("number", ""):
            chosen["arr"] = {"header": profile.header, "factor": str(int(factor(profile.header) or 1) * 12)}
            return


def _values(kind: Kind, column: Column, choice: dict[str, Any], profile: Profile) -> None:
    """The unit that the header states; and what the column's words stand for, where Haark has words of its own."""
    if column.type == "money" and (times := factor(profile.header)):
        choice.setdefault("factor", times)
    meanings = vocabulary().meant(kind.name, column.name)
    known = {*column.choices, *(column.aliases or {})}
    values = {
        word: meanings[fold(word)]
        for word in profile.words
        if fold(word) in meanings and not known & {fold(word), _plain(word)}
    }
    if values:
        choice["values"] = values


def _interval(found: Suggestion, rest: Sequence[Profile]) -> None:
    """Amounts that end some day are not levels: the sum of those that run is."""
    if found.kind != "revenue" or not {"account_id", "date", "arr"} <= found.chosen.keys():
        return
    for profile in rest:
        if words(profile.header) in vocabulary().ends and profile.nature in ("date", ""):
            found.ends = profile.header
            found.weight += 1.0
            return


def _constants(found: Suggestion, kind: Kind, profiles: Sequence[Profile], named: set[str]) -> None:
    """Constants for what the file itself does not say: that a file of departures tells of lost renewals, which survey
    a score is of, what an exchange was."""
    said = named.union(*(words(profile.header) for profile in profiles)) if profiles else named
    if kind.name == "renewals" and "outcome" not in found.chosen and said & LOST:
        found.chosen["outcome"] = {"const": "lost"}
        found.weight += 0.9
    elif kind.name == "surveys" and "kind" not in found.chosen and "score" in found.chosen:
        score = next(each for each in profiles if each.header == found.chosen["score"]["header"])
        highest = max((float(word) for word in score.words if word.replace(".", "", 1).isdigit()), default=0.0)
        found.chosen["kind"] = {"const": "nps" if highest > 5 or "nps" in said else "csat"}
        found.weight += 0.9 if said & {"nps", "csat"} else 0.0
    elif kind.name == "interactions" and "kind" not in found.chosen:
        exchange = next((name for name, stems in EXCHANGES.items() if said & stems), "note")
        found.chosen["kind"] = {"const": exchange}


LOST = {"churn", "churned", "depart", "departs", "resiliation", "resiliations", "cancellation", "відтоку", "відтік"}
EXCHANGES = {
    "call": {"call", "calls", "appel", "appels", "дзвінки", "дзвінок"},
    "meeting": {"meeting", "meetings", "reunion", "reunions", "rdv", "зустрічі", "зустріч"},
    "email": {"emails", "mails", "courriels", "листи"},
}
