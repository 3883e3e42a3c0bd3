"""From what the database keeps to a cell of a file, by column type: what `intake.converters` reads back. Pure."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from haark.formats import safe_value

SEPARATORS = re.compile(r"[,;|]")
TAG_LIMIT = 60  # of one that was not written by Haark


def text(value: str | None) -> str:
    return safe_value(value) if value else ""


def money(cents: int | None) -> str:
    """Whole units, or with two decimals where there are any: 1200, 1200.50."""
    if cents is None:
        return ""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}{f'.{rest:02}' if rest else ''}"


def number(value: float | None) -> str:
    """The shortest text that is exactly this number."""
    return "" if value is None else repr(float(value)).removesuffix(".0")


def instant(value: datetime | None) -> str:
    """In UTC: 2026-11-12T09:00:00Z."""
    return "" if value is None else value.isoformat().replace("+00:00", "Z")


def boolean(value: bool | None) -> str:
    return "" if value is None else "true" if value else "false"


def plain(value: Any) -> str:
    """Dates and whole numbers."""
    return "" if value is None else str(value)


def tags(value: Sequence[str] | None) -> str:
    """«a, b»; as JSON where a tag would not come back from that."""
    if not value:
        return ""
    joined = ", ".join(value)
    simple = all(tag == tag.strip() != "" and len(tag) <= TAG_LIMIT and not SEPARATORS.search(tag) for tag in value)
    if simple and not joined.startswith("[") and len(set(value)) == len(value):
        return safe_value(joined)
    return json.dumps(list(value), ensure_ascii=False)


WRITE: Mapping[str, Callable[[Any], str]] = {
    "text": text,
    "email": text,
    "choice": text,
    "language": text,
    "currency": text,
    "option": text,
    "money": money,
    "number": number,
    "integer": plain,
    "date": plain,
    "instant": instant,
    "boolean": boolean,
    "tags": tags,
}
