"""How the use of the product goes in each story of the sample: a level for a number of days before today."""

import math
from collections.abc import Callable

DAYS = 730  # two years of history
FEATURE_DAYS = 430  # usage by feature: enough for a year and the quarter before it


def _falling(since: int, floor: float) -> Callable[[int], float]:
    """Level 1 until `since` days ago, then straight down to `floor` today."""
    return lambda ago: 1.0 if ago >= since else floor + (1.0 - floor) * ago / since


COURSES: dict[str, Callable[[int], float]] = {
    "growing": lambda ago: 1.0 - 0.38 * ago / DAYS,
    "steady": lambda ago: 1.0 + 0.03 * math.sin(ago / 40),
    "watch": _falling(85, 0.84),
    "failing": _falling(110, 0.42),
    "young": lambda ago: max(0.15, 1.0 - ago / 120),
}

# Share of the active users that touch each feature, on a working day.
ADOPTION = {"suivi": 0.96, "litiges": 0.81, "tableaux": 0.64, "portail": 0.52, "alertes": 0.37, "edi": 0.22}
ACTIONS_A_DAY = {"suivi": 9.0, "litiges": 4.0, "tableaux": 2.0, "portail": 3.0, "alertes": 1.5, "edi": 2.0}


def valmorin_level(ago: int) -> float:
    """Groupe Valmorin: from 53 people to 67 in two years, then 66, and 45 since Orléans stopped 30 days ago."""
    if ago <= 30:
        return 45.0
    return 66.0 if ago <= 60 else 67.0 - 14.0 * max(0, ago - 120) / DAYS
