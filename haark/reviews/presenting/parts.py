"""Which part of the meeting a slide belongs to, and how long that part is planned to take (MT-1). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from haark.cadence import rules as cadence

# The first slide of each part in the standard order; slides between two of them belong to the earlier part.
OPENS: Mapping[str, str] = MappingProxyType(
    {
        "cover": "introduction",
        "objectives": "objectives",
        "value": "value",
        "usage": "value",
        "challenges": "challenges",
        "roadmap": "plan",
        "plan": "plan",
        "recap": "recap",
    }
)


@dataclass(frozen=True)
class Planned:
    """A part of the meeting: one of cadence.rules.PARTS and its minutes."""

    key: str
    minutes: int


def planned(keys: Sequence[str], total: int) -> list[Planned]:
    """The part of each slide, in the order shown; `total` are the minutes of the whole meeting.

    A slide that opens no part (a person's own, the promises, the summary) belongs to the one before it.
    """
    minutes = dict(zip(cadence.PARTS, cadence.agenda(total), strict=True))
    found, part = [], cadence.PARTS[0]
    for key in keys:
        part = OPENS.get(key, part)
        found.append(Planned(part, minutes[part]))
    return found
