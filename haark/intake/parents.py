"""Parents of accounts are found when all accounts are known: a parent may come later in the same file."""

from haark.intake.known import Known
from haark.intake.scratch import ROW_BITS, ROW_MASK, Scratch, Stage
from haark.intake.wording import N_, Refused


def resolve(scratch: Scratch, stage: Stage, known: Known) -> list[tuple[int, int, Refused]]:
    """Turns each staged parent from its external id (or name) into a reference.

    Rows whose parent does not hold are taken out of the stage, and so are those that counted on them. Returns (file,
    row, reason) of each.
    """
    refused: list[tuple[int, int, Refused]] = []
    while True:
        found = scratch.connection.execute(
            f"SELECT no, ref, parent_id FROM {stage.name} WHERE parent_id IS NOT NULL ORDER BY no"
        ).fetchall()
        parents: dict[int, int] = {}
        faults: dict[int, tuple[int, Refused]] = {}
        for number, ref, parent in found:
            try:
                parents[ref] = _parent(known, ref, str(parent))
                _check_circle(parents, ref, str(parent))
            except Refused as error:
                faults[number] = (ref, error)
        if not faults:
            scratch.connection.executemany(
                f"UPDATE {stage.name} SET parent_id = ? WHERE ref = ? AND parent_id IS NOT NULL",
                [(parent, ref) for ref, parent in parents.items()],
            )
            return refused
        for number, (ref, fault) in faults.items():
            scratch.connection.execute(f"DELETE FROM {stage.name} WHERE no = ?", (number,))
            refused.append((number >> ROW_BITS, number & ROW_MASK, fault))
            if ref < 0:
                known.forget(ref)


def _parent(known: Known, ref: int, text: str) -> int:
    parent = known.account(text)
    if parent == ref:
        raise Refused(N_("un compte ne peut pas être son propre parent"))
    return parent


def _check_circle(parents: dict[int, int], ref: int, text: str) -> None:
    seen, at = {ref}, parents[ref]
    while at in parents:
        if at in seen:
            del parents[ref]
            raise Refused(N_("le compte parent « %(value)s » dépend lui-même de ce compte"), value=text[:120])
        seen.add(at)
        at = parents[at]
    if at in seen:
        del parents[ref]
        raise Refused(N_("le compte parent « %(value)s » dépend lui-même de ce compte"), value=text[:120])
