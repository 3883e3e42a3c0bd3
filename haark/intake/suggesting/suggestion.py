"""What a suggestion is made of and made with. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

# {canonical column: a choice, as plain data}
Chosen = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Known:
    """What an organisation has: names and addresses of colleagues, and its custom fields, {`cf_KEY`: name}."""

    owners: Collection[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


NOTHING = Known()


@dataclass
class Suggestion:
    """A kind ('' when none is likely), the system whose export it is ('' when unknown), where its columns come from,
    and for intervals the header of their end."""

    kind: str = ""
    system: str = ""
    chosen: Chosen = field(default_factory=dict)
    ends: str = ""
    weight: float = 0.0
