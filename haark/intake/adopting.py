"""New accounts that no row gives an owner are those of the person who brings them."""

from collections.abc import Sequence
from dataclasses import replace

from haark.intake.known import Viewer
from haark.intake.scratch import Stage
from haark.intake.target import Target


def adopted(target: Target, stages: Sequence[Stage], viewer: Viewer) -> list[Stage]:
    """The stages, judged, with an owner for every new account; others keep theirs. Writes into the stages alone.

    The stage says it, not a later statement: what undoing knows of a created row is what its stage says.
    """
    found: list[Stage] = []
    owners: list[str] = []  # the stages of accounts so far: a later table of this import may add to a new account
    for stage in stages:
        if stage.kind.known_by != "account":
            found.append(stage)
            continue
        s = target.name(stage.name)
        if "owner_id" not in stage.columns:
            target.run(f"ALTER TABLE {s} ADD COLUMN owner_id bigint")
            earlier = "".join(f", (SELECT o.owner_id FROM {other} o WHERE o.ref = s.ref)" for other in owners)
            target.run(
                f"UPDATE {s} AS s SET owner_id = coalesce((SELECT a.owner_id FROM account a WHERE a.id = s.target)"
                f"{earlier}, NULL)"
            )
            stage = replace(stage, columns=(*stage.columns, "owner_id"))
        target.run(f"UPDATE {s} SET owner_id = :viewer WHERE ref < 0 AND owner_id IS NULL", viewer=viewer.id)
        owners.append(s)
        found.append(stage)
    return found
