"""What one line typed by a person says of an exchange (AC-2): its kind, day, person, direction, tags and summary. Pure.

    Appel avec Sophie hier : budget validé #budget

The part before the first colon (or dash between spaces) is its head. Where everything in the head is understood, the
rest is the summary; else the whole line is, so that no word is ever lost. Without a head, what the line begins with
counts (up to the first word that is none of these), and all of it is the summary.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from haark.formats import fold
from haark.measures.lines import dates, words

LONGEST_TAG, MOST_TAGS = 60, 10
TAG = re.compile(r"(?<![\w#&/.])#([^\W\d_][\w-]*)")
_RUN_AFTER = re.compile(r"(?:(?:^|[\s,;]+)#[^\W\d_][\w-]*)+[\s.,;]*$")
_RUN_BEFORE = re.compile(r"^(?:#[^\W\d_][\w-]*[\s,;:]+)+")
HEAD = re.compile(r"\s*:(?=\s|$)|\s+[-\u2013\u2014]\s+")
ENDS = '.,;!?()«»"“”'
ELISION = re.compile(r"^(?:d|l|qu)'(?=.)")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
STEM, ENDING = 3, 3  # letters at least before, and at most after the part of a name that cases leave alone


@dataclass(frozen=True, slots=True)
class Someone:
    """A contact who can be named. `here`: has not left."""

    name: str
    email: str
    here: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """`day` None: not said (today). `minutes` after midnight, None: not said. `person` None with `unsure` names:
    several contacts are called so. `head` is what was understood and taken out of the summary, '' when nothing was."""

    kind: str
    summary: str
    day: date | None = None
    minutes: int | None = None
    person: Someone | None = None
    unsure: tuple[str, ...] = ()
    direction: str = ""
    tags: tuple[str, ...] = ()
    head: str = ""


@dataclass(slots=True)
class _Read:
    """What a run of words said so far."""

    kind: str = ""
    day: date | None = None
    minutes: int | None = None
    people: list[Someone] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    direction: str = ""
    towards: str = ""  # in or out, from the word just before a person
    used: int = 0
    unknown: bool = False  # a word that means nothing here
    kept: bool = False  # a word that is better kept in the text


def read(text: str, people: Sequence[Someone], today: date) -> Line:
    """Understands a line. `people` are the account's contacts; those who are still there come first to mind."""
    said = " ".join(text.split())
    bare, tags = _tags(said)
    names = _Names(people)
    split = HEAD.search(bare)
    head, rest = (bare[: split.start()], bare[split.end() :].strip()) if split else ("", "")
    if not head or not rest:
        head, rest = "", bare
    line = _words(head or bare)
    found = _run(line, names, today, whole=bool(head))
    understood = found.kind if _counts(found, len(line), bool(head)) else ""
    taken = bool(head) and not (found.unknown or found.kept or found.unsure) and len(found.people) <= 1
    taken = taken and _said_something(found) and all(person.email for person in found.people)
    person = found.people[0] if found.people else None
    unsure = tuple(found.unsure) if person is None else ()
    if person is None and not unsure:
        person = names.mentioned(bare)
    return Line(
        kind=understood or "note",
        summary=rest if taken else bare,
        day=found.day,
        minutes=found.minutes,
        person=person if person and person.email else None,
        unsure=unsure,
        direction=_direction(found, understood, bare),
        tags=tags,
        head=head if taken else "",
    )


def tag_of(text: str) -> str:
    """A tag as it is kept: lower case, no # and no spaces, at most 60 characters; '' for what is none."""
    return re.sub(r"[\s,;#]+", "-", text.strip().lstrip("#").lower()).strip("-")[:LONGEST_TAG].strip("-")


def _tags(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the tags around it, those inside as plain words; and the tags, each once."""
    found = [tag.lower() for tag in TAG.findall(text)]
    if not found or len(set(found)) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in found):
        return text, ()
    bare = _RUN_BEFORE.sub("", _RUN_AFTER.sub("", text)).strip()
    bare = TAG.sub(r"\1", bare)
    return bare or TAG.sub(r"\1", text), tuple(dict.fromkeys(found))


def _words(text: str) -> list[str]:
    """Folded words without the signs around them; «d'Anne» is two."""
    parts: list[str] = []
    for word in text.split():
        plain = words.plain(word).strip(ENDS)
        if plain in words.DAYS_AGO:
            parts.append(plain)
            continue
        if match := ELISION.match(plain):
            parts.append(match[0][:-1])
            plain = plain[match.end() :]
        if plain:
            parts.append(plain)
    return parts


def _run(line: list[str], names: "_Names", today: date, *, whole: bool) -> _Read:
    """Reads words one after the other; stops at the first unknown one, or with `whole` goes on to the end."""
    read = _Read()
    at = 0
    while at < len(line):
        length = _take(read, line, at, names, today)
        if not length and not whole:
            break
        read.unknown = read.unknown or not length
        at += length or 1
        read.used = at
    return read


def _take(read: _Read, line: list[str], at: int, names: "_Names", today: date) -> int:
    """How many words from `at` on were understood; 0 for none."""
    word = line[at]
    for length in (3, 2, 1):
        kind = words.KINDS.get(" ".join(line[at : at + length]))
        if kind and not read.kind and not read.unknown and at + length <= len(line):
            read.kind = kind
            return length
    said = dates.day_at(line, at, today)
    if said and read.day is None:
        read.day = said[0]
        return said[1]
    if read.minutes is None and (minutes := dates.hour_of(word)) is not None:
        read.minutes = minutes
        return 1
    several, length = names.at(line, at)
    if length:
        before = line[at - 1] if at else ""
        read.towards = read.towards or ("in" if before in words.FROM else "out" if before in words.TOWARDS else "")
        read.people += several[:1] if len(several) == 1 else []
        read.unsure += [one.name for one in several] if len(several) > 1 else []
        return length
    if word in words.DIRECTIONS and not read.direction:
        read.direction = words.DIRECTIONS[word]
        return 1
    if word in words.KEPT:
        read.kept = True
        return 1
    return 1 if word in words.FILLERS else 0


def _said_something(read: _Read) -> bool:
    return bool(read.kind or read.day or read.people or read.minutes is not None)


def _counts(read: _Read, length: int, head: bool) -> bool:
    """Whether the kind is meant, and is no word by chance («appel d'offres»): all of the head is understood, or a
    person or a moment stands with it."""
    beside = bool(read.people or read.unsure or read.day or read.minutes is not None)
    return beside or (not read.unknown if head else read.used == length)


def _direction(read: _Read, kind: str, text: str) -> str:
    """Who spoke: for a call or a meeting both, unless nobody answered. An e-mail from, or to, the person named."""
    if kind in ("call", "email") and any(one in words.plain(text) for one in words.UNANSWERED):
        return "out"
    if kind == "email":
        return read.direction or read.towards
    return read.direction if kind == "call" else ""


class _Names:
    """The contacts by what they may be called."""

    def __init__(self, people: Sequence[Someone]) -> None:
        self.people = [(person, tuple(words.plain(person.name).split())) for person in people if person.name.strip()]

    def at(self, line: Sequence[str], start: int) -> tuple[list[Someone], int]:
        """Who is named by the words from `start` on, and by how many of them; several when it is not sure."""
        for person, name in self.people:
            ahead = tuple(line[start : start + len(name)])
            if len(name) > 1 and len(ahead) == len(name) and all(map(_called, ahead, name)):
                return [person], len(name)
        word = line[start]
        alone = word not in words.FILLERS and word not in words.KEPT
        several = [person for person, name in self.people if alone and any(_called(word, part) for part in name)]
        here = [person for person in several if person.here]
        chosen = here or several
        return chosen, 1 if chosen else 0

    def mentioned(self, text: str) -> Someone | None:
        """The one contact whose name stands in the text with a capital; None for nobody or several."""
        found: dict[int, Someone] = {}
        line = text.split()
        plain = [words.plain(word).strip(ENDS + ":") for word in line]
        for at, word in enumerate(line):
            if word.strip(ENDS)[:1].isupper() and plain[at]:
                several, length = self.at(plain, at)
                found.update({id(one): one for one in several} if length else {})
        return next(iter(found.values())) if len(found) == 1 else None


def _called(word: str, name: str) -> bool:
    """Whether a word is this part of a name; a Ukrainian name may stand in any case («з Софією»)."""
    if word == name:
        return len(name) > 1
    if not CYRILLIC.match(name) or not CYRILLIC.match(word):
        return False
    stem = name[:-1] if name[-1] in "аяоеійьу" or fold(name[-1]) in "аяоеииьу" else name
    return len(stem) >= STEM and word.startswith(stem) and len(word) <= len(stem) + ENDING
