"""An organisation's own PowerPoint template: looked at, mapped, and filled. Bytes and data in and out."""

from __future__ import annotations

from collections.abc import Mapping as Pairs

from haark.decks.corporate.inspect import report_of
from haark.decks.corporate.mapping import ROLES, Mapping, chosen, fits_role, suggested
from haark.decks.corporate.package import LARGEST_FILE, Refused, open_package
from haark.decks.corporate.reduce import reduced
from haark.decks.corporate.report import Holder, Issue, Layout, Report
from haark.decks.outline import Deck
from haark.decks.telling import Tell, untold

__all__ = [
    "LARGEST_FILE",
    "ROLES",
    "Holder",
    "Issue",
    "Layout",
    "Mapping",
    "Refused",
    "Report",
    "chosen",
    "fits_role",
    "inspect",
    "map_layouts",
    "render",
    "suggested",
]


def inspect(data: bytes) -> Report:
    """What a .pptx or .potx holds and how it fits. Refused when it cannot be a template, with the reason."""
    package = open_package(data)
    cleaned = reduced(package)
    return report_of(package, cleaned)


def render(deck: Deck, data: bytes, wanted: Pairs[str, str], told: Tell = untold) -> bytes:
    """The deck as PowerPoint on the template `data`; `wanted`: role -> key of a layout. Raises Refused.

    python-pptx is loaded when it is asked for: a page that only shows a report does without.
    """
    from haark.decks.corporate import draw

    return draw.render(deck, data, wanted, told)


def map_layouts(report: Report) -> Mapping:
    """The layout suggested for each kind of slide."""
    return suggested(report)
