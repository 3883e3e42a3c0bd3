"""Who is meant by a name: a word after «@», looked for among our users and the client's people. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from haark.formats import fold

ME = ("moi", "me", "я")


@dataclass(frozen=True, slots=True)
class Person:
    """`side`: `user` (ours) or `contact` (theirs)."""

    side: str
    id: int
    name: str

    @property
    def key(self) -> str:
        """«user:7», as forms carry it."""
        return f"{self.side}:{self.id}"


def matching(asked: str, people: Sequence[Person], me: Person | None = None) -> tuple[Person, ...]:
    """Everybody whose name, or a word of it, begins with what was asked, case and accents aside.

    Whole words win over beginnings: «@paul» is Paul, not Paula, where there is one.
    """
    wanted = fold(asked).split()
    if not wanted:
        return ()
    if me is not None and len(wanted) == 1 and wanted[0] in ME:
        return (me,)
    begun = tuple(one for one in people if _fits(wanted, fold(one.name).split(), whole=False))
    exact = tuple(one for one in begun if _fits(wanted, fold(one.name).split(), whole=True))
    return exact or begun


def _fits(wanted: Sequence[str], words: Sequence[str], whole: bool) -> bool:
    """Whether the wanted words stand one after the other in a name; the last may be a beginning."""
    for start in range(len(words) - len(wanted) + 1):
        part = words[start : start + len(wanted)]
        last = part[-1] == wanted[-1] if whole else part[-1].startswith(wanted[-1])
        if last and list(part[:-1]) == list(wanted[:-1]):
            return True
    return False
