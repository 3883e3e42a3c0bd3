"""What the walk needs of the portfolio: a shared view, one that was deleted, and something done to many accounts."""

from haark import clock
from haark.extensions import db
from haark.portfolio import bulk, rules, views


def things_of_the_list(by: int) -> dict[str, int]:
    """Ids by kind of object, all of the user `by`."""
    at = clock.now()
    kept, gone = (views.save(name, rules.parse("health=red"), shared=True, by=by, at=at) for name in ("Une", "Deux"))
    deleted = views.delete(gone, by=by, at=at)
    batch = bulk.begin("owner", 1, by=by, at=at)
    db.session.flush()
    return {"saved_view": kept.id, "deleted_view": deleted.id, "bulk": batch}
