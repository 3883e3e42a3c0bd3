"""Which story or roadmap item may be told to a client, and how well it fits them. Pure.

**May be told** (`tellable`): valid on the day; a story also needs the permission of the client behind it, still in
force, and is never told back to that client; a roadmap item has to be public.

**Fits** (`rank`): points are added, so that one more matching tag never lowers an entry.

| what matches                                            | points        |
|---------------------------------------------------------|---------------|
| the account's sector                                    | SECTOR, once  |
| a need somebody noted of the account                    | NEED, each    |
| a feature it uses                                       | USED, each    |
| a feature it does not use yet                           | UNUSED, each  |

Of a story a feature in use tells most (the client sees themselves in it), of the roadmap too (it changes their work);
a feature not in use is the smaller hint in both. An entry without any tag fits everybody and has no points; one whose
tags all miss is left out. Entries in the account's language come first, then the most points, then the newest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from haark.formats import fold
from haark.signals.words import mentions

SECTOR, NEED, USED, UNUSED = 40, 30, 20, 10
TELLING = ("anonymous", "named")
STANDINGS = ("valid", "coming", "expired")


class Tagged(Protocol):
    """What an entry of either library says of whom it fits and when. `features` are keys."""

    @property
    def sectors(self) -> Sequence[str]: ...
    @property
    def features(self) -> Sequence[str]: ...
    @property
    def needs(self) -> Sequence[str]: ...
    @property
    def language(self) -> str: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...


class Told(Tagged, Protocol):
    """A story. `client` and `account_id` say whose it is."""

    @property
    def client(self) -> str: ...
    @property
    def account_id(self) -> int | None: ...
    @property
    def permission(self) -> str: ...
    @property
    def permission_until(self) -> date | None: ...


@dataclass(frozen=True)
class Profile:
    """What an account is known by on a day. `used` and `unused`: key -> name of the vendor's features; `needs`: tags of
    its exchanges; `lines`: what its open signals of a need say."""

    account_id: int
    name: str
    sector: str = ""
    language: str = "fr"
    used: Mapping[str, str] = field(default_factory=dict)
    unused: Mapping[str, str] = field(default_factory=dict)
    needs: Sequence[str] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Reason:
    """Why an entry fits: `kind` is sector, need, used, unused or everybody; `what` its name as people read it."""

    kind: str
    what: str = ""


@dataclass(frozen=True)
class Rank:
    """Points from 0, and what earned them, the weightiest first."""

    points: int
    reasons: tuple[Reason, ...]


def standing(start: date | None, end: date | None, on: date) -> str:
    """`coming` before the first day, `expired` after the last, else `valid`; both days belong to it, None is open."""
    if start is not None and on < start:
        return "coming"
    return "expired" if end is not None and on > end else "valid"


def permitted(permission: str, until: date | None, on: date) -> bool:
    """Whether the client behind a story lets it be told on that day; the last day still counts."""
    return permission in TELLING and (until is None or on <= until)


def tellable_story(story: Told, profile: Profile, on: date) -> bool:
    """Valid, permitted, and somebody else's."""
    own = story.account_id == profile.account_id or (bool(story.client) and fold(story.client) == fold(profile.name))
    valid = standing(story.valid_from, story.valid_until, on) == "valid"
    return valid and permitted(story.permission, story.permission_until, on) and not own


def tellable_item(item: Tagged, public: bool, on: date) -> bool:
    """Valid and public."""
    return public and standing(item.valid_from, item.valid_until, on) == "valid"


def rank(entry: Tagged, profile: Profile) -> Rank | None:
    """How well an entry fits; None when it has tags and all of them miss.

    >>> who = Profile(1, "Valmorin", "Distribution", used={"litiges": "Litiges"}, needs=("Prévision",))
    >>> from types import SimpleNamespace as Entry
    >>> rank(Entry(sectors=["distribution"], features=["litiges"], needs=["prevision"]), who).points
    90
    """
    tags = (entry.sectors, entry.features, entry.needs)
    if not any(tags):
        return Rank(0, (Reason("everybody"),))
    found = [(SECTOR, Reason("sector", profile.sector)) for _same in _sector(entry.sectors, profile)]
    found += [(NEED, Reason("need", need)) for need in distinct(entry.needs) if _needed(need, profile)]
    keys = dict.fromkeys(entry.features)
    found += [(USED, Reason("used", profile.used[key])) for key in keys if key in profile.used]
    found += [(UNUSED, Reason("unused", profile.unused[key])) for key in keys if key in profile.unused]
    if not found:
        return None
    return Rank(sum(points for points, _reason in found), tuple(reason for _points, reason in found))


def order(language: str, profile: Profile, points: int, newest: date, ident: int) -> tuple[bool, int, int, int]:
    """The key that sorts entries: the account's language, the most points, the newest, the last written."""
    return (language != profile.language, -points, -newest.toordinal(), -ident)


def betrayed(texts: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Which texts of an anonymous story name the client or the speaker after all, whole words, accents aside.

    >>> betrayed({"title": "Kalysta gagne deux jours", "quote": "Un vrai gain"}, ["Kalysta", ""])
    ['title']
    """
    wanted = [name for name in names if name.strip()]
    return [key for key, text in texts.items() if any(mentions(text, name) for name in wanted)]


def distinct(words: Iterable[str]) -> list[str]:
    """Words as written first, each once whatever its accents and case: `["Avoirs", "avoirs "]` is `["Avoirs"]`."""
    found: dict[str, str] = {}
    for word in words:
        if fold(word):
            found.setdefault(fold(word), word.strip())
    return list(found.values())


def _sector(sectors: Sequence[str], profile: Profile) -> list[str]:
    mine = fold(profile.sector)
    return [mine] if mine and mine in {fold(sector) for sector in sectors} else []


def _needed(need: str, profile: Profile) -> bool:
    """A tag of an exchange is the same word, or an open signal of a need names it."""
    return fold(need) in {fold(tag) for tag in profile.needs} or any(mentions(line, need) for line in profile.lines)
