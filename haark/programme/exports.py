"""The programme as a table for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from haark.programme.coverage import Programme
from haark.programme.rules import Line

HEADER = (
    "account", "owner", "segment", "arr", "eligible", "excluded", "review", "due_on", "held_on", "on_time",
    "sponsor", "score", "recap_hours", "actions_done", "actions_due",
)  # fmt: skip


def rows(programme: Programme) -> Iterator[tuple[Any, ...]]:
    """One row for each account, with its last held review of the period where there is one; ARR in units."""
    yield HEADER
    last = programme.span.last
    on_time = {line.session.id: line.full for line in programme.figures["on_time"].lines if line.session}
    for line in programme.figures["coverage"].lines:
        yield _row(line, "", on_time, line.client.arr_at(last))
    for client, reason in programme.excluded:
        arr = client.arr_at(last)
        yield client.name, client.owner, client.segment, _units(arr), 0, reason, *[None] * 9


def _row(line: Line, reason: str, on_time: dict[int, bool], arr: int | None) -> tuple[Any, ...]:
    client, one = line.client, line.session
    head = (client.name, client.owner, client.segment, _units(arr), 1, reason)
    if one is None:
        return *head, *[None] * 9
    score = sum(one.scores) / len(one.scores) if one.scores else None
    timely = int(on_time[one.id]) if one.id in on_time else None
    sponsor = int(one.sponsor) if one.attendance else None
    return *head, one.kind, one.due_on, one.held_on, timely, sponsor, score, one.recap_hours, one.kept, one.promised


def _units(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
