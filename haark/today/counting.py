"""What the side bar says of a person: how much is to do, the notices that they have not read, the views of the list
that they keep. One statement,
none while nothing that counts was written."""

from collections.abc import Mapping

from flask import g
from flask_login import current_user

from haark import clock, locale, navigation
from haark.extensions import db
from haark.portfolio import standing, views
from haark.today import sources
from haark.today.sources import Scope


@navigation.counted
def numbers() -> Mapping[str, int]:
    """By endpoint. Of one's own day: what a whole team has to do is no number that helps a person."""
    zone = locale.timezone()
    scope = Scope(current_user.id, current_user.role, clock.today(zone), clock.moment(zone), zone=zone)
    # What is over depends on the minute, the rest only on what is written.
    key = ("numbers", scope.user_id, scope.role, zone, scope.on, scope.at.replace(second=0, microsecond=0))
    duties, unread, kept = standing.remembered(key, lambda: _read(scope), duties=True)
    navigation.keep_views(views.unpacked(kept))
    return {"today.index": duties or 0, "notices.index": unread}


def _read(scope: Scope) -> tuple[int | None, int, str | None]:
    statement = sources.counts(scope.kinds, sources.shape(scope), unread=True).add_columns(views.packed(scope.user_id))
    row = db.session.execute(statement, scope.marks).one()
    return row[0], row[1], row[2]


def forget() -> None:
    """After a write in the same request: the next number is asked for anew."""
    g.pop("numbers", None)
