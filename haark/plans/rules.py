"""How far an objective has come, how it stands, and what it lacks to be SMART (SP-2). Pure.

Standing and its colour, one rule, read from top to bottom:
    no current value or no target                                      unknown
    the target is reached                                              reached   green
    the due date is past                                               missed    red
    no baseline, no start or no due date: the pace cannot be judged    unknown
    at most a tenth of the way behind the calendar                     on_pace   green
    at most three tenths behind, or at least half of what is due done  behind    yellow
    else                                                               at_risk   red
«What is due» is the share of the time from start to due date that has gone by: half way through the quarter, half of
the way from baseline to target.
"""

from dataclasses import dataclass
from datetime import date

ON_PACE = 0.10
BEHIND = 0.30
HALF = 0.5


@dataclass(frozen=True)
class Aim:
    """An objective as the rules see it. `comparator` `ge`: at least the target, `le`: at most."""

    title: str = ""
    kpi: str = ""
    why: str = ""
    comparator: str = "ge"
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    current: float | None = None
    starts_on: date | None = None
    due_on: date | None = None
    agreed_on: date | None = None
    agreed_by: str = ""


def reached(aim: Aim) -> bool | None:
    """Whether the current value meets the target; None while either is unknown."""
    if aim.current is None or aim.target is None:
        return None
    return _meets(aim, aim.current)


def progress(aim: Aim) -> float | None:
    """The share of the way from baseline to target, 0 to 1.

    1 once the target is met; 0 when the value moved the other way, or fell back behind a target that the baseline met.
    None while the current value, the target, or (unless the target is met) the baseline is unknown.
    """
    met = reached(aim)
    if met:
        return 1.0
    if met is None or aim.baseline is None or aim.target is None or aim.current is None:
        return None
    if _meets(aim, aim.baseline):
        return 0.0
    return min(max((aim.current - aim.baseline) / (aim.target - aim.baseline), 0.0), 1.0)


def elapsed(aim: Aim, on: date) -> float | None:
    """The share of the time from start to due date gone by at the end of day `on`, 0 to 1; None without both dates
    in order."""
    if aim.starts_on is None or aim.due_on is None:
        return None
    if on >= aim.due_on:
        return 1.0
    if aim.due_on <= aim.starts_on:
        return None
    return max((on - aim.starts_on).days / (aim.due_on - aim.starts_on).days, 0.0)


def standing(aim: Aim, on: date) -> str:
    """`reached`, `on_pace`, `behind`, `at_risk`, `missed` or `unknown` on a day, by the rule above."""
    met = reached(aim)
    if met is None:
        return "unknown"
    if met:
        return "reached"
    if aim.due_on is not None and on > aim.due_on:
        return "missed"
    done, due = progress(aim), elapsed(aim, on)
    if done is None or due is None:
        return "unknown"
    return _by_pace(done, due)


COLOURS = {"reached": "green", "on_pace": "green", "behind": "yellow", "at_risk": "red", "missed": "red"}


def state(aim: Aim, on: date) -> str:
    """`green`, `yellow`, `red` or `unknown` on a day: the colour of `standing`."""
    return COLOURS.get(standing(aim, on), "unknown")


def smart_gaps(aim: Aim) -> tuple[str, ...]:
    """The fields that an objective lacks, in the order of the letters S M A R T.

    S: `title`; M: `kpi`, `target`, `baseline`; A: `agreed` (with the client, on a day); R: `why`; T: `due_on`.
    """
    lacks = {
        "title": not aim.title.strip(),
        "kpi": not aim.kpi.strip(),
        "target": aim.target is None,
        "baseline": aim.baseline is None,
        "agreed": aim.agreed_on is None,
        "why": not aim.why.strip(),
        "due_on": aim.due_on is None,
    }
    return tuple(name for name, missing in lacks.items() if missing)


LETTERS = {"title": "S", "kpi": "M", "target": "M", "baseline": "M", "agreed": "A", "why": "R", "due_on": "T"}


def smart_letters(gaps: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """The five letters, each with whether it is met."""
    failed = {LETTERS[gap] for gap in gaps}
    return tuple((letter, letter not in failed) for letter in "SMART")


def milestone_state(state: str, due_on: date | None, on: date) -> str:
    """`done`, `late` (past its date and not done), `in_progress` or `todo` on a day."""
    late = state != "done" and due_on is not None and due_on < on
    return "late" if late else state


def _meets(aim: Aim, value: float) -> bool:
    assert aim.target is not None
    return value <= aim.target if aim.comparator == "le" else value >= aim.target


def _by_pace(done: float, due: float) -> str:
    behind = due - done
    if behind <= ON_PACE:
        return "on_pace"
    return "behind" if behind <= BEHIND or done >= due * HALF else "at_risk"
