"""Where a person, the money and the score do not agree (HL-8). Pure; the score itself never knows of any of it.

    disagreements(band, rating, arr_change)

A person's rating of 1 or 2 beside a green score, or of 4 or 5 beside a red one; a green score while the ARR fell over
twelve months, or a red one while it grew. A 3, a yellow score or an unknown side disagrees with nothing.
"""

from datetime import date, timedelta

LOW, HIGH = 2, 4
KINDS = ("rated_low", "rated_high", "money_down", "money_up")


def expiry(rated_on: date, valid_days: int) -> date:
    """The last day on which a rating counts."""
    return rated_on + timedelta(valid_days)


def expired(rated_on: date, on: date, valid_days: int, owner_changed: bool) -> str:
    """Why a rating does not count any more: 'age' after `valid_days` days, 'owner' when somebody else answers for the
    account since; '' while it counts."""
    if owner_changed:
        return "owner"
    return "age" if on > expiry(rated_on, valid_days) else ""


def disagreements(band: str, rating: int | None, arr_change: float | None) -> tuple[str, ...]:
    """The KINDS that hold. `rating` 1-5, None when nobody's counts; `arr_change` a fraction over twelve months."""
    found = {
        "rated_low": rating is not None and rating <= LOW and band == "green",
        "rated_high": rating is not None and rating >= HIGH and band == "red",
        "money_down": arr_change is not None and arr_change < 0 and band == "green",
        "money_up": arr_change is not None and arr_change > 0 and band == "red",
    }
    return tuple(kind for kind in KINDS if found[kind])
