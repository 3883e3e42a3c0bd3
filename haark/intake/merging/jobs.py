"""The job that looks for clients that may be one."""

from haark import clock
from haark.extensions import db
from haark.intake.merging import domain


def find() -> dict[str, int]:
    opened = domain.find(clock.today())
    db.session.commit()
    return {"open": opened}
