"""The next step of a review and when it is due (RV-9), and how loaded a week is. Pure."""

from datetime import date, timedelta

# RV-7: the preparation opens 14 days before the day, and is late from 7 days before on.
OPENS_DAYS = 14
READY_DAYS = 7
# Preparing, holding and telling of a review takes 2 h 45; with 12 hours a week, a CSM carries four of them.
WEEKLY_LIMIT = 4


def next_step(state: str, due_on: date, on: date) -> tuple[str, date | None]:
    """(step, day by which). `state`: '' for a review that is due and not planned yet, else that of the review.

    plan, then generate, then prepare; hold when the date is agreed and the preparation should be done; settle once the
    day has passed. A day that is over is told as «today».
    """
    if state and due_on < on:
        return "settle", None
    if not state:
        return "plan", due_on - timedelta(OPENS_DAYS)
    if state == "scheduled" and on > due_on - timedelta(READY_DAYS):
        return "hold", due_on
    return ("generate" if state == "planned" else "prepare"), due_on - timedelta(READY_DAYS)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(day.weekday())


def load(count: int) -> str:
    """'' for nothing, 'some', 'full' at the limit of a week, 'over' above."""
    if not count:
        return ""
    return "some" if count < WEEKLY_LIMIT else "full" if count == WEEKLY_LIMIT else "over"
