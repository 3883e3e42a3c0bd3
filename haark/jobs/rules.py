"""What becomes of a job that did not end well. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_ATTEMPTS = 3
# Before the second and the third attempt: the first retry at once, since most faults are a killed process.
DELAYS = (timedelta(0), timedelta(seconds=5))

# Reasons that are words of ours; the page translates them (`reason` in queries.py). Any other text is shown as it is.
INTERRUPTED = "interrupted"
TOO_LONG = "too_long"
TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Verdict:
    """The next state of a job: `queued` again from `next_at` on, or `failed` for good."""

    state: str
    next_at: datetime | None


def after_fault(attempts: int, at: datetime, final: bool = False) -> Verdict:
    """`attempts`: how often it was begun, this time included. `final`: trying again cannot help."""
    if final or attempts >= MOST_ATTEMPTS:
        return Verdict("failed", None)
    return Verdict("queued", at + DELAYS[max(attempts, 1) - 1])


def reason_of(error: BaseException) -> str:
    """What to keep of an exception: one line, at most 500 characters."""
    if isinstance(error, MemoryError):
        return TOO_LARGE
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:500] if text else type(error).__name__
