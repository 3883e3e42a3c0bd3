"""Where an action comes from and what it moves forward, said by the slices above, which register here.

    sources.register("milestone", find, choose=of_account, finish=mark_done)

`find(ids)` reads titles, all of a kind in one statement. Actions know kinds and ids only: `source_kind`/`source_id`
(`("review", 7)`) and `serves_kind`/`serves_id` (`("milestone", 2)`); which address a kind has stands in wording.py.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Thing:
    """A title in the reader's language, the id that its address takes, and for what is served whether it is done."""

    title: str
    target: int | None = None
    done: bool = False


class Finisher(Protocol):
    """Marks a thing as done; False when it was already, or is gone."""

    def __call__(self, ident: int, *, by: int | None, at: datetime) -> bool: ...


Finder = Callable[[Collection[int]], dict[int, Thing]]
Chooser = Callable[[int], list[tuple[int, str]]]


@dataclass(frozen=True)
class Kind:
    """What a slice registered. With `choose` (account's id -> (id, title)) an action can serve things of this kind;
    with `finish` one click after the action's completion marks them done."""

    find: Finder
    choose: Chooser | None = None
    finish: Finisher | None = None


KINDS: dict[str, Kind] = {}


def register(kind: str, find: Finder, *, choose: Chooser | None = None, finish: Finisher | None = None) -> None:
    """Says how to read things of a kind; the last word counts."""
    KINDS[kind] = Kind(find, choose, finish)


def found(wanted: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int], Thing]:
    """The things that rows name, one statement for each kind among them; what is gone or unknown is left out."""
    by_kind: dict[str, set[int]] = {}
    for kind, ident in wanted:
        if ident is not None and kind in KINDS:
            by_kind.setdefault(kind, set()).add(ident)
    return {
        (kind, ident): thing
        for kind, idents in by_kind.items()
        for ident, thing in KINDS[kind].find(sorted(idents)).items()
    }


def choices(account_id: int) -> dict[str, list[tuple[int, str]]]:
    """What actions of an account can serve: (id, title) by kind."""
    offered = {kind: known.choose(account_id) for kind, known in KINDS.items() if known.choose is not None}
    return {kind: things for kind, things in offered.items() if things}


def finishes(kind: str) -> bool:
    """Whether one click can mark things of this kind as done."""
    return kind in KINDS and KINDS[kind].finish is not None


def finish(kind: str, ident: int, *, by: int | None, at: datetime) -> bool:
    """Marks the thing as done. KeyError for a kind that nobody finishes."""
    finisher = KINDS[kind].finish
    if finisher is None:
        raise KeyError(kind)
    return finisher(ident, by=by, at=at)
