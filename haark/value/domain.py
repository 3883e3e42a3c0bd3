"""Writing the value calculation. Instants are business time; `by` is a user's id, None for Haark itself."""

from dataclasses import fields
from datetime import date, datetime

from sqlalchemy.orm.attributes import flag_modified

from haark.events.domain import differences, record
from haark.extensions import db
from haark.value.models import RoiCase, RoiLine
from haark.value.queries import Calculation, calculation, line_of
from haark.value.rules import Line

WRITTEN = tuple(item.name for item in fields(Line) if item.compare)


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


class Unknown(Exception):
    """There is no such line in this account's calculation (any more), or it claims nothing."""


def confirm(account_id: int, line_id: int, by_whom: str, on: date, *, by: int | None, at: datetime) -> None:
    """The client confirmed a claim of value (XB-2): who of them, and when. Raises Unknown."""
    row = _claim(account_id, line_id)
    row.confirmed_by, row.confirmed_on = by_whom, on
    _touched(row.case)
    who = {"who": by_whom, "label": row.label}
    record("value.confirmed", at=at, by=by, account_id=account_id, subject=("roi_line", row.id), **who)


def unconfirm(account_id: int, line_id: int, *, by: int | None, at: datetime) -> None:
    """The confirmation is taken back: the claim is an estimate again. Raises Unknown."""
    row = _claim(account_id, line_id)
    if row.confirmed_on is None:
        return
    row.confirmed_by, row.confirmed_on = "", None
    _touched(row.case)
    record("value.unconfirmed", at=at, by=by, account_id=account_id, subject=("roi_line", row.id), label=row.label)


def _claim(account_id: int, line_id: int) -> RoiLine:
    row: RoiLine | None = db.session.scalar(
        db.select(RoiLine)
        .join(RoiCase, RoiCase.id == RoiLine.case_id)
        .where(RoiCase.account_id == account_id, RoiLine.id == line_id)
    )
    if row is None:
        raise Unknown
    return row


def _touched(case: RoiCase) -> None:
    # What changes in the lines is a new version of the calculation too.
    flag_modified(case, "licence_cents")
    db.session.flush()


def _write_lines(case: RoiCase, new: Calculation) -> None:
    """Each line finds its row again by its id, and keeps the client's confirmation unless what it claims changed."""
    rows = {row.id: row for row in case.lines}
    kept = []
    for position, line in enumerate(new.lines):
        row = rows.pop(line.id, None) if line.id is not None else None
        row = row or RoiLine(category=line.category)
        if row.confirmed_on is not None and line_of(row).claim != line.claim:
            row.confirmed_on, row.confirmed_by = None, ""
        row.position = position
        for name in WRITTEN:
            setattr(row, name, getattr(line, name))
        kept.append(row)
    case.lines = kept


def _summary(state: Calculation) -> dict[str, int | float | None]:
    result = state.result()
    return {
        "licence_cents": state.licence_cents,
        "one_time_cents": state.one_time_cents,
        "yearly_gain_cents": result.yearly_gain_cents,
        "roi_percent": result.roi_percent,
    }
