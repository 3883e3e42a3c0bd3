"""What somebody may not touch by naming its id: a row of another's account that their own row would take over."""

from haark.extensions import db
from haark.intake.known import Viewer
from haark.intake.scratch import COPY_BITS, ROW_BITS, Scratch
from haark.intake.target import Target
from haark.intake.wording import N_, AtFault

ROW = (1 << ROW_BITS) - 1
FILE = (1 << (COPY_BITS - ROW_BITS)) - 1


def check(target: Target, scratch: Scratch, viewer: Viewer | None) -> None:
    """After the rows were judged: raises AtFault, naming the row, when one would move what is not the viewer's.

    The account that a row names was checked as it was read; this is about the row that it replaces.
    """
    if viewer is None:
        return
    for stage in scratch.stages:
        s = target.name(stage.name)
        if stage.with_ids:
            taken = f"{s} s JOIN usage_entry t ON t.source = :source AND t.entry = s.external_id"
        elif stage.kind.known_by in ("usage", "account") or "account_id" not in db.metadata.tables[stage.kind.table].c:
            continue
        else:
            taken = f"{s} s JOIN {stage.kind.table} t ON t.id = s.target"
        found = target.rows(
            f"SELECT s.no, coalesce(u.name, '') FROM {taken} JOIN account a ON a.id = t.account_id"
            " LEFT JOIN users u ON u.id = a.owner_id WHERE (a.owner_id IS NULL OR a.owner_id <> :viewer)"
            " AND (a.sales_owner_id IS NULL OR a.sales_owner_id <> :viewer) ORDER BY s.no LIMIT 1",
            viewer=viewer.id,
            **({"source": stage.source} if stage.with_ids else {}),
        )
        for number, owner in found:
            names = scratch.connection.execute("SELECT name FROM file WHERE id = ?", (number >> ROW_BITS & FILE,))
            raise AtFault(
                N_(
                    "La ligne %(row)s de « %(file)s » porte l’identifiant d’une ligne qui appartient à un compte suivi "
                    "par %(owner)s : retirez-la."
                ),
                row=number & ROW,
                file=names.fetchone()[0],
                owner=owner or "—",
            )
