"""Work on plans that must happen: their PDF. It may run twice; the same content is kept once."""

from datetime import date
from typing import Any

from haark import clock
from haark.jobs.runner import progress
from haark.plans import prints


def draw(account_id: int, language: str, on: str, job_id: int) -> dict[str, Any]:
    """The PDF of a plan as of a day, kept as a file."""
    progress(job_id, 1, 2)
    file_id = prints.make(account_id, language, date.fromisoformat(on), at=clock.moment())
    return {"file_id": file_id}
