"""The files of an import on this machine, under their own names, for as long as somebody reads them."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from haark.extensions import db
from haark.files import domain as files
from haark.files.models import StoredFile
from haark.intake.domain import Item, folder
from haark.intake.looking import Reading, rule_of
from haark.intake.models import ImportFile
from haark.intake.sources import ORDER
from haark.intake.wording import N_, AtFault

CORRECTIONS = "corrections"  # in ImportFile.reading, beside what `Reading` knows: {row number: cells}


@contextmanager
def laid_out(tables: Sequence[ImportFile]) -> Iterator[dict[int, Path]]:
    """The path of each table's file, by the table's id. Sentences name files by their paths' names.

    Raises AtFault for a file that was cleared away.
    """
    wanted = {table.file_id for table in tables if table.file_id is not None}
    stored = {row.id: row for row in db.session.scalars(db.select(StoredFile).where(StoredFile.id.in_(wanted)))}
    db.session.commit()  # of reads alone: what follows may take minutes, and must hold no lock
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder(), prefix="desk-") as made:
        found: dict[int, Path] = {}
        for table in tables:
            row = stored.get(table.file_id or 0)
            if row is None or not files.path_of(row).is_file():
                raise AtFault(
                    N_("Le fichier « %(file)s » n’est plus gardé ici : envoyez-le à nouveau."), file=table.name
                )
            # A folder for each: two files may have one name, one of them out of an archive.
            path = Path(made) / str(row.id) / table.name
            if not path.is_symlink():
                path.parent.mkdir(exist_ok=True)
                path.symlink_to(files.path_of(row).resolve())
            found[table.id] = path
        yield found


def reading_of(table: ImportFile) -> Reading:
    """How the table is read, as it was kept."""
    return Reading.from_json({key: value for key, value in table.reading.items() if key != CORRECTIONS})


def corrections_of(table: ImportFile) -> dict[int, list[str]]:
    """What was written over its rows."""
    kept: dict[str, Any] = table.reading.get(CORRECTIONS, {})
    return {int(row): list(cells) for row, cells in kept.items()}


def used(tables: Sequence[ImportFile]) -> list[ImportFile]:
    """Those that are to be imported, in the order in which they are read: accounts first."""
    return sorted((table for table in tables if table.kind), key=lambda table: (ORDER[table.kind], table.position))


def work_of(tables: Sequence[ImportFile], paths: dict[int, Path]) -> list[Item]:
    """What the engine is to read, of `used` tables. Raises AtFault for a reading that cannot be one."""
    return [
        Item(rule_of(reading_of(table), paths[table.id]), paths[table.id], table.source, corrections_of(table))
        for table in tables
    ]
