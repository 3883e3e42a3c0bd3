"""The job that finishes an import whose rows are in."""

from typing import Any

from haark.extensions import db
from haark.intake import domain


def finish(args: dict[str, Any]) -> dict[str, int]:
    return domain.finish(args, db.session.commit)
