"""One typed line of the meeting: «/a Recréer les badges @paul 20/11» is an action, for Paul, by 20 November. Pure.

A line may begin with its kind (/a, /d, /q; /action, /décision, /question), name its owner anywhere after «@», and end
with a day. Whatever is not understood stays in the text: nothing typed is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from haark.formats import fold
from haark.reviews.meeting import days
from haark.reviews.meeting.people import Person, matching

KINDS = {
    "action": ("a", "action", "д", "дія"),
    "decision": ("d", "decision", "р", "рішення"),
    "question": ("q", "question", "п", "питання"),
}
_KIND_OF = {fold(word): kind for kind, words in KINDS.items() for word in words}
LONGEST_NAME = 4  # words after «@» that may belong to one name


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says. `asked`: the name after «@», '' without one; `found`: everybody whom it could mean, so that
    one person is the owner, none is nobody we know and several are a question. `due_on` may have passed: the page
    asks again instead of keeping it."""

    kind: str
    text: str
    asked: str = ""
    found: tuple[Person, ...] = ()
    due_on: date | None = None

    @property
    def owner(self) -> Person | None:
        """The one who is meant; None where nobody or several could be."""
        return self.found[0] if len(self.found) == 1 else None


def read(line: str, people: Sequence[Person], on: date, *, kind: str = "action", me: Person | None = None) -> Line:
    """Reads a line as of day `on`; `kind` is what the form says, the line's own command wins. Only actions have a day:
    in a decision or a question a date belongs to the text."""
    words = line.split()
    if words and words[0].startswith("/") and (named := _KIND_OF.get(fold(words[0][1:]))):
        kind, words = named, words[1:]
    words, asked, found = _owner(words, people, me)
    due = days.ending(words, on) if kind == "action" else None
    if due is not None and (rest := days.without_lead(words[: -due[0]])):
        return Line(kind, " ".join(rest), asked, found, due[1])
    return Line(kind, " ".join(words), asked, found)


def _owner(words: list[str], people: Sequence[Person], me: Person | None) -> tuple[list[str], str, tuple[Person, ...]]:
    """The line without «@name», the name, and whom it could mean: as many words as still name somebody."""
    at = next((index for index, word in enumerate(words) if len(word) > 1 and word.startswith("@")), None)
    if at is None:
        return words, "", ()
    for count in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        asked = " ".join((words[at][1:], *words[at + 1 : at + count])).rstrip(",;:.")
        if found := matching(asked, people, me):
            return words[:at] + words[at + count :], asked, found
    return words[:at] + words[at + 1 :], words[at][1:], ()
