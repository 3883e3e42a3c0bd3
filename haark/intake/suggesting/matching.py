"""A suggested mapping: each column of a file to one canonical column, by its words and by what its values are.

Pure. `suggest` answers with plain data (see `looking.Choice`) so that it can be kept and changed.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import product

from haark.formats import fold
from haark.intake.kinds import KINDS, Column, Kind
from haark.intake.profiles import Profile
from haark.intake.suggesting import ready
from haark.intake.suggesting.filling import constants, interval, join_names, monthly, name_values, own_fields, plain
from haark.intake.suggesting.suggestion import NOTHING, Known, Suggestion
from haark.intake.suggesting.words import Words, is_monthly, own_words, vocabulary, words

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


def suggest(file: str, sheet: str, profiles: Sequence[Profile], known: Known = NOTHING) -> Suggestion:
    """The likeliest reading of a table with these columns, from a file and sheet of these names."""
    profiles = profiles[:MOST_COLUMNS]
    recognised = ready.recognise([each.header for each in profiles])
    if recognised:
        return _with_system(recognised, profiles, known)
    named = {*words(file), *words(sheet)}
    best = Suggestion()
    for kind in KINDS.values():
        found = choose(kind.name, profiles, known, named)
        if named & vocabulary().names[kind.name]:
            found.weight += NAME_OF_FILE
        found.weight -= MISSING * sum(each.required and each.name not in found.chosen for each in kind.columns)
        if found.weight > best.weight:
            best = found
    return best if best.weight >= GUESS_FROM else Suggestion()


def choose(kind: str, profiles: Sequence[Profile], known: Known = NOTHING, named: Collection[str] = ()) -> Suggestion:
    """Where the columns of this kind come from, when somebody says what the file holds."""
    found = Suggestion(kind)
    _choose(found, KINDS[kind], profiles[:MOST_COLUMNS], known, set(named))
    return found


def _with_system(recognised: ready.Recognised, profiles: Sequence[Profile], known: Known) -> Suggestion:
    """The columns that the system is known to write, and those it has beyond, by their words."""
    kind = KINDS[recognised.kind]
    used = {header for choice in recognised.columns.values() for header in ready.headers(choice)}
    rest = [each for each in profiles if each.header not in used and each.header not in recognised.aside]
    found = Suggestion(kind.name, recognised.system, {name: dict(each) for name, each in recognised.columns.items()})
    _choose(found, kind, rest, known, set())
    return found


def _choose(found: Suggestion, kind: Kind, profiles: Sequence[Profile], known: Known, named: set[str]) -> None:
    taken: set[str] = set()
    by_header = {each.header: each for each in profiles}
    for score, name, profile in sorted(_pairs(kind, profiles, known.owners), key=lambda pair: -pair[0]):
        if name not in found.chosen and profile.header not in taken:
            found.chosen[name] = {"header": profile.header}
            taken.add(profile.header)
            found.weight += score * _tells(name)
    join_names(kind, [each for each in profiles if each.header not in taken], found.chosen, by_header)
    monthly(kind, profiles, found.chosen)
    for name, choice in found.chosen.items():
        column = kind.column(name)
        if column and choice.get("header") in by_header and "values" not in choice:
            name_values(kind, column, choice, by_header[choice["header"]])
    interval(found, [each for each in profiles if each.header not in taken])
    constants(found, kind, profiles, named)
    found.chosen = {name: found.chosen[name] for name in kind.names if name in found.chosen}
    if kind.known_by == "account":
        found.chosen |= own_fields([each for each in profiles if each.header not in taken], known.fields)


def _pairs(kind: Kind, profiles: Sequence[Profile], owners: Collection[str]) -> Iterable[tuple[float, str, Profile]]:
    phrases, single = vocabulary().phrases[kind.name], vocabulary().single[kind.name]
    said = {profile.header: words(profile.header) for profile in profiles}
    own = {header: found for header in said if (found := own_words(header))}
    hints = vocabulary().hints.get(kind.name, {})
    heard = {header: not single.isdisjoint(found) for header, found in said.items()}
    for profile, column in product(profiles, kind.columns):
        if is_monthly(profile.header):
            continue
        score = _best(said[profile.header], phrases[column.name]) if heard[profile.header] else 0.0
        if profile.header in own:
            score = max(score, BELOW_GROUP * _best(own[profile.header], phrases[column.name]))
        if score < LEAST and profile.nature:
            hinted = not hints.get(column.name, frozenset()).isdisjoint(said[profile.header])
            score = BY_VALUES if hinted or _by_values(column, profile, owners) else 0.0
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
        told = sum(times for word, times in profile.words.items() if {fold(word), plain(word)} & known)
        return not profile.many and told * 2 >= profile.words.total()
    if column.name == "external_id":
        return profile.unique and nature not in ("date", "boolean", "email")
    if column.type in ("text", "account", "feature"):
        return nature not in UNFITTING_TEXT
    return nature in FITTING.get(column.type, {nature})


def _tells(name: str) -> float:
    """How much a matched column says about the kind: one that many kinds have says little."""
    return 1.0 / sum(name in kind.names for kind in KINDS.values())
