"""Writing the value calculation. Instants are business time; `by` is a user's id, None for Haark itself."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from haark.events.domain import differences, record
from haark.extensions import db
from haark.value.models import RoiCase, RoiLine
from haark.value.queries import Calculation, calculation


def save(account_id: int, new: Calculation, *, by: int | None, at: datetime) -> RoiCase:
    """Replaces the account's calculation; what did not change leaves no event. The caller has compared versions."""
    before = calculation(account_id)
    case: RoiCase | None = db.session.scalar(db.select(RoiCase).where(RoiCase.account_id == account_id))
    if case is None:
        case = RoiCase(account_id=account_id)
        db.session.add(case)
    changes = differences(_summary(before), _summary(new))
    if case.id is None or before.lines != new.lines or changes:
        case.licence_cents, case.one_time_cents = new.licence_cents, new.one_time_cents
        _write_lines(case, new)
        if case.id is not None:
            flag_modified(case, "licence_cents")  # a change of the lines alone is a new version too
        db.session.flush()
        record("value.changed", at=at, by=by, account_id=account_id, subject=("roi_case", case.id), changes=changes)
    return case


def _write_lines(case: RoiCase, new: Calculation) -> None:
    """Keeps rows where it can, so that a line keeps its id while its numbers change."""
    del case.lines[len(new.lines) :]
    for position, line in enumerate(new.lines):
        if position == len(case.lines):
            case.lines.append(RoiLine(category=line.category))
        row = case.lines[position]
        row.position = position
        for name, value in asdict(line).items():
            setattr(row, name, value)


def _summary(state: Calculation) -> dict[str, int | float | None]:
    result = state.result()
    return {
        "licence_cents": state.licence_cents,
        "one_time_cents": state.one_time_cents,
        "yearly_gain_cents": result.yearly_gain_cents,
        "roi_percent": result.roi_percent,
    }
