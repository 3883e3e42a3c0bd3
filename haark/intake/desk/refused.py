"""The file of refused rows: the columns as they were sent, and beside them why. Corrected, it can be sent again."""

import csv
import io
import zipfile
from collections.abc import Sequence

from haark.formats import safe_cell
from haark.intake.models import ImportFile
from haark.intake.scratch import Scratch
from haark.spreadsheets import MARK

# What is added; reading a file leaves these out where they are the last columns (looking.own_headers).
ADDED = ("refused_reason", "refused_file", "refused_row")


def refused_files(scratch: Scratch, tables: Sequence[ImportFile]) -> tuple[str, bytes] | None:
    """(name, content): a CSV for the one table with refused rows, a ZIP for several; None when no row was refused.

    `tables` in the order in which they were staged. Reasons are in the language in force.
    """
    made = {}
    for place, table in enumerate(tables, start=1):
        content = _csv(scratch, place, table)
        if content:
            stem = table.name.rpartition(".")[0] or table.name
            sheet = f" {table.sheet}" if table.sheet else ""
            made[f"refus {stem}{sheet}.csv"] = content
    if len(made) <= 1:
        return next(iter(made.items()), None)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return "refus.zip", packed.getvalue()


def _csv(scratch: Scratch, place: int, table: ImportFile) -> bytes:
    """Separated as the file was; a workbook's rows by semicolons, which every spreadsheet reads after the mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=str(table.found.get("delimiter") or ";"))
    width = 0
    for number, (name, headers, row, reason, cells) in enumerate(scratch.refused(place)):
        if number == 0:
            width = len(headers)
            out.write(MARK)
            writer.writerow([*map(safe_cell, headers), *ADDED])
        filled = [*cells[:width], *[""] * (width - len(cells))]
        writer.writerow([*map(safe_cell, filled), safe_cell(str(reason)), safe_cell(name), str(row)])
    return out.getvalue().encode()
