"""The next step of a review and when it is due (RV-9). Pure."""

from datetime import date, timedelta

# RV-7: the preparation opens 14 days before the day, and is late from 7 days before on.
OPENS_DAYS = 14
READY_DAYS = 7
# What comes next while the day is still to come, by the state of the review; '' is one that nobody planned.
STEPS = {"": "plan", "planned": "generate", "preparing": "invite", "scheduled": "prepare"}


def next_step(state: str, due_on: date, on: date) -> tuple[str, date | None]:
    """(step, day by which). `state`: '' for a review that is due and not planned yet, else that of the review.

    plan, then generate, then invite (the client needs two weeks' notice), then prepare until a week before, then hold;
    settle once the day has passed. One that was held or called off has no step any more: ("", None).
    A day that is over is told as «today».
    """
    opens, ready = due_on - timedelta(OPENS_DAYS), due_on - timedelta(READY_DAYS)
    if state not in STEPS:
        return "", None
    if state and due_on < on:
        return "settle", None
    if state == "scheduled":
        return ("hold", due_on) if on > ready else ("prepare", ready)
    return STEPS[state], opens


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(day.weekday())
