"""What the database keeps by itself, so that a list never counts a whole portfolio: its totals and its search index.

    install(connection)    the triggers of the present code, and everything counted anew (after a migration)
    remove(connection)     without triggers, as a migration needs the tables
    recount(connection)    totals and search index made again from the rows, with the triggers in place
    faults(connection)     what does not agree with the rows; empty when all is well

Triggers and not code: cards are written by a dozen verbs, an import writes a hundred thousand at once, and a figure
must be right in the very next answer. `facts` says what is counted; `sqlite` and `postgresql` say when.
"""

from haark.portfolio.upkeep.mending import faults, install, recount, remove

__all__ = ["faults", "install", "recount", "remove"]
