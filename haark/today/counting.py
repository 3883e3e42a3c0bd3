"""The numbers of the side bar: what is to do for a person, and the notices that they have not read.

One statement; none while nothing that counts was written.
"""

from collections.abc import Mapping

from flask import g
from flask_login import current_user

from haark import clock, locale, navigation
from haark.extensions import db
from haark.portfolio import standing
from haark.today import sources
from haark.today.sources import Scope


@navigation.counted
def numbers() -> Mapping[str, int]:
    """By endpoint. Of one's own day: what a whole team has to do is no number that helps a person."""
    zone = locale.timezone()
    scope = Scope(current_user.id, current_user.role, clock.today(zone), clock.moment(zone), zone=zone)
    # What is over depends on the minute, the rest only on what is written.
    key = ("numbers", scope.user_id, scope.role, zone, scope.on, scope.at.replace(second=0, microsecond=0))
    return standing.remembered(key, lambda: _read(scope), duties=True)


def _read(scope: Scope) -> Mapping[str, int]:
    row = db.session.execute(sources.counts(scope.kinds, sources.shape(scope), unread=True), scope.marks).one()
    return {"today.index": row[0] or 0, "notices.index": row[1]}


def forget() -> None:
    """After a write in the same request: the next number is asked for anew."""
    g.pop("numbers", None)
