"""What the sweeper and the timetable call."""

from haark import clock
from haark.extensions import db
from haark.settings import domain as settings
from haark.today import telling


def sweep() -> dict[str, int]:
    """One turn of the sweeper, which commits."""
    return {"told": telling.mail_failed(clock.now())}


def tell_late() -> dict[str, int]:
    """The day's notices about recaps that are late."""
    told = telling.recaps_late(clock.moment(settings.get("organisation.timezone")))
    db.session.commit()
    return {"told": told}
