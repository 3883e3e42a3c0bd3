"""Ready mappings (DI-6): the exports of the usual CRMs and support tools, recognised by their headers.

`haark/intake/ready/SYSTEM.toml` holds one `[[table]]` for each export. `known_by` are headers that must all be there;
one entry may offer several, of which one must; none of `not_by` may be. A column's header may also be a list: the first
that the file has.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from haark.intake.kinds import KINDS
from haark.intake.reading import header_key

FOLDER = Path(__file__).parents[1] / "ready"
# As the TOML files name it, and as a `Choice` does.
KEYS: dict[str, str] = {"column": "header", "else": "other", "format": "formats"}


@dataclass(frozen=True)
class ReadyTable:
    """One export of one system."""

    system: str
    kind: str
    known_by: tuple[tuple[str, ...], ...]
    not_by: tuple[str, ...]
    columns: Mapping[str, Mapping[str, Any]]
    aside: frozenset[str]  # headers that are known, and no column of ours


@dataclass(frozen=True)
class Recognised:
    system: str
    kind: str
    columns: dict[str, dict[str, Any]]
    aside: frozenset[str]


@cache
def tables() -> tuple[ReadyTable, ...]:
    return tuple(table for path in sorted(FOLDER.glob("*.toml")) for table in _read(path))


def recognise(headers_there: Sequence[str]) -> Recognised | None:
    """The export with these headers: of those whose signs are all there, the one with the most columns."""
    present = {header_key(header): header for header in headers_there}
    best: Recognised | None = None
    for table in tables():
        if not all(any(header_key(header) in present for header in sign) for sign in table.known_by):
            continue
        if any(header_key(header) in present for header in table.not_by):
            continue
        found = {name: choice for name, written in table.columns.items() if (choice := _choice(written, present))}
        required = {column.name for column in KINDS[table.kind].columns if column.required}
        if required <= found.keys() and (best is None or len(found) > len(best.columns)):
            aside = frozenset(present[header_key(each)] for each in table.aside if header_key(each) in present)
            best = Recognised(table.system, table.kind, found, aside)
    return best


def headers(choice: Mapping[str, Any]) -> list[str]:
    """The headers that a choice reads."""
    found = (choice.get("header"), *choice.get("join", ()), choice.get("other"))
    return [str(each) for each in found if each]


def _choice(written: Mapping[str, Any], present: Mapping[str, str]) -> dict[str, Any] | None:
    """The choice for a file with these headers; None when it has none of those that are needed."""
    choice: dict[str, Any] = {**written}
    for key in ("header", "other"):
        header = _first(choice.pop(key, ()), present)
        if header:
            choice[key] = header
    if "join" in choice:
        choice["join"] = [header for each in choice["join"] if (header := _first([each], present))]
    if "header" not in choice and "other" in choice:
        choice["header"] = choice.pop("other")
    if "header" not in choice and choice.get("join"):
        first, *choice["join"] = choice["join"]
        choice["header"] = first
    return choice if "header" in choice or "const" in choice else None


def _first(offered: Sequence[str], present: Mapping[str, str]) -> str | None:
    return next((present[header_key(each)] for each in offered if header_key(each) in present), None)


def _read(path: Path) -> Iterator[ReadyTable]:
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    for table in written["table"]:
        yield ReadyTable(
            path.stem,
            table["kind"],
            tuple(tuple([sign] if isinstance(sign, str) else sign) for sign in table["known_by"]),
            tuple(table.get("not_by", ())),
            {name: _written(column) for name, column in table["columns"].items()},
            frozenset(table.get("aside", ())),
        )


def _written(column: Any) -> dict[str, Any]:
    if not isinstance(column, dict):
        return {"header": [column] if isinstance(column, str) else column}
    choice = {KEYS.get(str(key), str(key)): value for key, value in column.items()}
    for key in ("header", "other", "join", "formats"):
        if isinstance(choice.get(key), str):
            choice[key] = [choice[key]]
    return choice
