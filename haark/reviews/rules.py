"""What Haark concludes for a review: which objectives are met, what to train, activate, decide and aim at. Pure.

Thresholds, each a reading of the field's habits and all in this one place:
    a change of less than 5 % is «stable»;
    a feature used by less than 30 % of the active users is worth a training;
    seats used by less than 60 % make an objective of 70 %, a feature below 30 % one of 30 %;
    a median resolution above 48 h over three requests or more makes an objective of 48 h.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from haark.formats import fold
from haark.plans import rules as plans

STABLE = 0.05
TRAINING_BELOW = 0.30
SEATS_LOW = 0.60
SEATS_AIM = 0.70
SLOW_HOURS = 48.0
ENOUGH_REQUESTS = 3
MOST_TRAININGS = 2
MOST_ACTIVATIONS = 2
MOST_PROPOSALS = 3


@dataclass(frozen=True)
class Standing:
    """An objective on a day. `state`: green, yellow, red or unknown; `progress` 0-1 or None."""

    ident: int
    title: str
    kpi: str
    unit: str
    comparator: str
    baseline: float | None
    target: float | None
    current: float | None
    due_on: date | None
    reached: bool | None
    progress: float | None
    state: str
    why: str = ""
    agreed_on: date | None = None
    agreed_by: str = ""


@dataclass(frozen=True)
class Proposal:
    """An objective for the next period that the data suggests: from `baseline` to `target`. `kind` names its phrase."""

    kind: str
    baseline: float
    target: float
    name: str = ""


@dataclass(frozen=True)
class Support:
    """A training or an activation, with the adoption that suggests it (None: never used)."""

    kind: str
    name: str
    adoption: float | None


@dataclass(frozen=True)
class Tally:
    """Objectives counted by how they stand."""

    total: int
    met: int
    on_way: int
    behind: int
    unknown: int

    @property
    def unmet(self) -> int:
        return self.total - self.met


def standings(objectives: Sequence[Mapping[str, Any]], current: Mapping[int, float | None], on: date) -> list[Standing]:
    """Each objective judged on a day by the rules of `plans`; `current` replaces the stored values (overrides)."""
    return [_standing(item, current.get(item["id"], item["current"]), on) for item in objectives]


def tally(found: Sequence[Standing]) -> Tally:
    """How many objectives stand where; «behind» are yellow and red ones that are not met."""
    met = sum(1 for item in found if item.reached)
    on_way = sum(1 for item in found if not item.reached and item.state == "green")
    behind = sum(1 for item in found if not item.reached and item.state in ("yellow", "red"))
    return Tally(len(found), met, on_way, behind, len(found) - met - on_way - behind)


def worst(found: Sequence[Standing]) -> Standing | None:
    """The objective to treat first: red before yellow, then the one that came least far."""
    behind = [item for item in found if item.state in ("red", "yellow")]
    return min(behind, key=lambda item: (item.state != "red", item.progress or 0.0), default=None)


def trend(change: float | None) -> str:
    """`up`, `down`, `stable` or `unknown` for a relative change."""
    if change is None:
        return "unknown"
    return "stable" if abs(change) < STABLE else "up" if change > 0 else "down"


def supports(features: Sequence[Mapping[str, Any]], adoption: Mapping[str, float | None]) -> list[Support]:
    """Trainings for features in use by few, activations for premium ones that nobody uses; the least used first.

    `adoption`: share of the active users by feature key; None where the source does not say.
    """
    if not any(item["events"] or item["adoption"] for item in features):
        return []  # nothing is known of the usage: what was not measured is not unused
    known = sorted(features, key=lambda item: (adoption.get(item["key"]) or 0.0, item["name"]))
    trainings, activations = [], []
    for item in known:
        share = adoption.get(item["key"])
        used = bool(item["events"]) or bool(share)
        if item["premium"] and not used:
            activations.append(Support("activation", item["name"], None))
        elif share is not None and used and share < TRAINING_BELOW:
            trainings.append(Support("training", item["name"], share))
    return trainings[:MOST_TRAININGS] + activations[:MOST_ACTIVATIONS]


def proposals(
    active: float | None,
    seats: float | None,
    weakest: Support | None,
    median_hours: float | None,
    running: Sequence[Standing] = (),
) -> list[Proposal]:
    """Measurable objectives for the next period, from what the figures show; none where they show nothing.

    `running`: unmet objectives of the plan; where one follows the active users already, none on seats is added.
    """
    found = []
    followed = any(item.current is not None and round(item.current) == round(active or -1) for item in running)
    if active is not None and seats and active / seats < SEATS_LOW and not followed:
        found.append(Proposal("seats", round(active), round(seats * SEATS_AIM)))
    if weakest is not None and weakest.adoption is not None:
        found.append(Proposal("adoption", weakest.adoption, TRAINING_BELOW, weakest.name))
    if median_hours is not None and median_hours > SLOW_HOURS:
        found.append(Proposal("resolution", median_hours, SLOW_HOURS))
    return found[:MOST_PROPOSALS]


def opportunity_obstacles(found: Sequence[Standing], band: str) -> tuple[str, ...]:
    """Why the slide of opportunities should stay off: `objectives` are unmet, the `health` is red (DK-2, slide 11)."""
    reasons = []
    if any(not item.reached for item in found):
        reasons.append("objectives")
    if band == "red":
        reasons.append("health")
    return tuple(reasons)


def unused_premium(features: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Premium features that an account with known usage does not use."""
    if not any(item["events"] or item["adoption"] for item in features):
        return []
    return [item for item in features if item["premium"] and not item["events"] and not item["adoption"]]


def openings(
    deals: Sequence[Mapping[str, Any]], features: Sequence[Mapping[str, Any]]
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """What a client could take up: open deals but renewals, and unused premium features that no deal is about."""
    offered = [item for item in deals if item["kind"] != "renewal"]
    named = {fold(item["name"]) for item in offered}
    return offered, [item for item in unused_premium(features) if fold(item["name"]) not in named]


def quotable(comments: Sequence[Mapping[str, Any]], most: int = 3) -> list[Mapping[str, Any]]:
    """Comments of promoters (NPS 9-10, CSAT 5): those of the period first, then the higher, then the newer."""
    happy = [item for item in comments if item["score"] >= (9 if item["kind"] == "nps" else 5)]
    happy.sort(key=lambda item: item["date"], reverse=True)
    happy.sort(key=lambda item: (not item["in_period"], -item["score"] if item["kind"] == "nps" else -10))
    return happy[:most]


def _standing(item: Mapping[str, Any], current: float | None, on: date) -> Standing:
    aim = plans.Aim(
        title=item["title"],
        comparator=item["comparator"],
        baseline=item["baseline"],
        target=item["target"],
        current=current,
        starts_on=_day(item["starts_on"]),
        due_on=_day(item["due_on"]),
    )
    return Standing(
        ident=item["id"],
        title=item["title"],
        kpi=item["kpi"],
        unit=item["unit"],
        comparator=item["comparator"],
        baseline=item["baseline"],
        target=item["target"],
        current=current,
        due_on=aim.due_on,
        reached=plans.reached(aim),
        progress=plans.progress(aim),
        state=plans.state(aim, on),
        why=item["why"],
        agreed_on=_day(item["agreed_on"]),
        agreed_by=item["agreed_by"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
