"""What the side bar says of a person: how much is to do, the notices that they have not read, the views of the list
that they keep. One statement."""

from collections.abc import Mapping

from flask import g
from flask_login import current_user

from haark import clock, locale, navigation
from haark.extensions import db
from haark.portfolio import views
from haark.today import sources
from haark.today.sources import Scope


@navigation.counted
def numbers() -> Mapping[str, int]:
    """By endpoint. Of one's own day: what a whole team has to do is no number that helps a person."""
    zone = locale.timezone()
    scope = Scope(current_user.id, current_user.role, clock.today(zone), clock.moment(zone), zone=zone)
    statement = sources.counts(scope.kinds, sources.shape(scope), unread=True).add_columns(
        views.packed(current_user.id)
    )
    row = db.session.execute(statement, scope.marks).one()
    navigation.keep_views(views.unpacked(row[2]))
    return {"today.index": row[0] or 0, "notices.index": row[1]}


def forget() -> None:
    """After a write in the same request: the next number is asked for anew."""
    g.pop("numbers", None)
