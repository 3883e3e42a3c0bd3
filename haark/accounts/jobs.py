"""In the background: the trash forgets what was deleted more than thirty days before."""

from haark import clock
from haark.accounts import trash
from haark.extensions import db


def purge() -> dict[str, int]:
    """Daily; each thing is forgotten in a transaction of its own."""
    return {"forgotten": trash.purge(clock.today(), db.session.commit)}
