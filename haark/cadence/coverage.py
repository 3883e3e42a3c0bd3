"""Whether a policy of reviews holds together, and whom it concerns (RV-1). Pure.

Meetings by ARR are a ladder: the MBR, then the QBR, each beginning where the one below ends, the last without an end.
Below the ladder there are success calls only. The executive review stands beside the QBR, above its own bound.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from haark.cadence.policy import Line, Policy

LADDER = ("mbr", "qbr")


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold: `empty` (ends before it begins), `gap` or `overlap` (between `start` and `end`, in cents),
    `open_end` (nobody above `start`), `below_qbr` (executive reviews where there are no quarterly ones).

    `kind`: the row to change.
    """

    reason: str
    kind: str
    start: int
    end: int | None = None


def fault(lines: Sequence[Line]) -> Fault | None:
    """The first thing that does not hold; None for a policy in which every ARR has its reviews."""
    rows = {line.kind: line for line in lines}
    ladder = sorted((rows[kind] for kind in LADDER), key=lambda line: line.start)
    for line in ladder:
        if line.end is not None and line.end <= line.start:
            return Fault("empty", line.kind, line.start, line.end)
    lower, upper = ladder
    if lower.end is None or lower.end > upper.start:
        return Fault("overlap", lower.kind, upper.start, lower.end)
    if lower.end < upper.start:
        return Fault("gap", lower.kind, lower.end, upper.start)
    if upper.end is not None:
        return Fault("open_end", upper.kind, upper.end)
    if rows["ebr"].start < rows["qbr"].start:
        return Fault("below_qbr", "ebr", rows["ebr"].start, rows["qbr"].start)
    return None


def concerned(policy: Policy, accounts: Iterable[tuple[int | None, int]]) -> Mapping[str, int]:
    """How many accounts get each kind of review, from (ARR in cents, number of accounts); an account above the bound
    of the executive review counts for it and for the QBR. `unknown`: those without an ARR, who get none."""
    found: Counter[str] = Counter({line.kind: 0 for line in policy.lines})
    for arr_cents, number in accounts:
        for kind in policy.kinds(arr_cents) if arr_cents is not None else ("unknown",):
            found[kind] += number
    return found
