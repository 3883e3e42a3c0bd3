"""What completes a suggestion beyond matched words: joined names, monthly amounts, intervals, constants. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from haark.formats import fold
from haark.intake.kinds import Column, Kind
from haark.intake.profiles import Profile
from haark.intake.reading import header_key
from haark.intake.suggesting.suggestion import Chosen, Suggestion
from haark.intake.suggesting.words import factor, is_monthly, says, vocabulary, words

LOST = {"churn", "churned", "depart", "departs", "resiliation", "resiliations", "cancellation", "відтоку", "відтік"}
EXCHANGES = {
    "call": {"call", "calls", "appel", "appels", "дзвінки", "дзвінок"},
    "meeting": {"meeting", "meetings", "reunion", "reunions", "rdv", "зустрічі", "зустріч"},
    "email": {"emails", "mails", "courriels", "листи"},
}


def join_names(kind: Kind, rest: Sequence[Profile], chosen: Chosen, by_header: dict[str, Profile]) -> None:
    """«Prénom» and «Nom» make one name."""
    if kind.name != "contacts":
        return
    parts = vocabulary().parts
    first = next((each.header for each in rest if says(each.header, parts["first"])), None)
    header = chosen.get("name", {}).get("header", "")
    if first is None or (header and not says(header, parts["last"])):
        return
    last = header or next((each.header for each in rest if says(each.header, parts["last"])), "")
    chosen["name"] = {"header": first, "join": [last]} if last else {"header": first}


def monthly(kind: Kind, profiles: Sequence[Profile], chosen: Chosen) -> None:
    """Monthly revenue stands in for the annual one where a file has no other, twelvefold."""
    if "arr" in chosen or not kind.column("arr"):
        return
    for profile in profiles:
        if is_monthly(profile.header) and profile.nature in ("number", ""):
            chosen["arr"] = {"header": profile.header, "factor": str(int(factor(profile.header) or 1) * 12)}
            return


def name_values(kind: Kind, column: Column, choice: dict[str, Any], profile: Profile) -> None:
    """The unit that the header states; and what the column's words stand for, where Haark has words of its own."""
    if column.type == "money" and (times := factor(profile.header)):
        choice.setdefault("factor", times)
    meanings = vocabulary().meant(kind.name, column.name)
    known = {*column.choices, *(column.aliases or {})}
    values = {
        word: meanings[fold(word)]
        for word in profile.words
        if fold(word) in meanings and not known & {fold(word), plain(word)}
    }
    if values:
        choice["values"] = values


def interval(found: Suggestion, rest: Sequence[Profile]) -> None:
    """Amounts that end some day are not levels: the sum of those that run is."""
    if found.kind != "revenue" or not {"account_id", "date", "arr"} <= found.chosen.keys():
        return
    for profile in rest:
        if says(profile.header, vocabulary().ends) and profile.nature in ("date", ""):
            found.ends = profile.header
            found.weight += 1.0
            return


def constants(found: Suggestion, kind: Kind, profiles: Sequence[Profile], named: set[str]) -> None:
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


def own_fields(rest: Sequence[Profile], fields: Mapping[str, str]) -> Chosen:
    """Custom fields, by the name of their column or their own."""
    by_words = {words(name): column for column, name in fields.items()}
    chosen: Chosen = {}
    for profile in rest:
        key = header_key(profile.header)
        column = key if key in fields else by_words.get(words(profile.header))
        if column and column not in chosen:
            chosen[column] = {"header": profile.header}
    return chosen


def plain(word: str) -> str:
    """As a choice is spelt: «Day to day» is day_to_day."""
    return fold(word).replace(" ", "_").replace("-", "_")
