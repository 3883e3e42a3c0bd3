"""What differs between two states of a plan, thing by thing and field by field. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# In the order in which a page tells of them.
LISTS = (("objectives", "objective"), ("milestones", "milestone"), ("team", "member"), ("risks", "risk"))
WORDS = ("title", "vision")
# What is measured moves by itself: no change of what was agreed.
MEASURED = ("current", "current_on")
HIDDEN = ("id",)


@dataclass(frozen=True)
class Change:
    """One thing that differs. `kind`: plan, objective, milestone, member, risk; `verb`: added, removed, changed.

    `fields`: (name, before, after) in JSON values; of something added or removed those that say something.
    """

    kind: str
    title: str
    verb: str
    fields: tuple[tuple[str, Any, Any], ...]


def compare(before: Mapping[str, Any], after: Mapping[str, Any], *, measured: bool = False) -> tuple[Change, ...]:
    """Both are contents of versions (plans.versions.content). `measured`: current values count too."""
    found = [Change("plan", "", "changed", pairs)] if (pairs := _pairs(before, after, WORDS)) else []
    for name, kind in LISTS:
        found += _of_list(kind, before.get(name, ()), after.get(name, ()), () if measured else MEASURED)
    return tuple(found)


def _of_list(
    kind: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], silent: tuple[str, ...]
) -> list[Change]:
    old = {one["id"]: one for one in before}
    new = {one["id"]: one for one in after}
    found = []
    for ident, one in new.items():
        names = [name for name in one if name not in (*HIDDEN, *silent)]
        pairs = _pairs(old.get(ident, {}), one, names)
        if pairs:
            found.append(Change(kind, _title(one), "changed" if ident in old else "added", pairs))
    for ident, one in old.items():
        if ident not in new:
            found.append(Change(kind, _title(one), "removed", _pairs(one, {}, [name for name in one if name != "id"])))
    return found


def _pairs(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Sequence[str]
) -> tuple[tuple[str, Any, Any], ...]:
    """Where they differ; an empty text and nothing are the same."""
    return tuple(
        (name, before.get(name), after.get(name)) for name in names if _said(before.get(name)) != _said(after.get(name))
    )


def _said(value: Any) -> Any:
    return None if value == "" else value


def _title(one: Mapping[str, Any]) -> str:
    return str(one.get("title") or one.get("name") or "")
