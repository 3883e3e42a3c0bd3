"""XLSX, XLS and ODS workbooks, read by calamine after their size has been checked."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from haark.intake.wording import N_, AtFault

# Beyond this a workbook would not fit in the memory that an import may take; CSV has no such limit.
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_PARTS = 5_000
BLOCK_BYTES = 1 << 20
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An encrypted XLSX is an OLE container with this stream in it.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Cell = str | int | float | bool | date | datetime | time | timedelta


def is_workbook(path: Path) -> bool:
    """By its first bytes, whatever its name says."""
    with path.open("rb") as handle:
        head = handle.read(8)
    return head.startswith(ZIP_MAGIC) or head.startswith(OLE_MAGIC)


class Workbook:
    """One workbook; each sheet is a table."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_size(path)
        _check_open(path)
        try:
            self._workbook = CalamineWorkbook.from_path(str(path))
        except PasswordError as error:
            raise _locked(path) from error
        except CalamineError as error:
            raise _unreadable(path) from error
        self.sheets = tuple(self._workbook.sheet_names)

    def records(self, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
        """(row number as the spreadsheet shows it, its cells); an empty cell is ''."""
        try:
            opened: CalamineSheet = self._workbook.get_sheet_by_name(sheet)
        except CalamineError as error:
            raise _unreadable(self.path) from error
        # iter_rows starts at the first used row, and counts from there.
        first = opened.start[0] if opened.start else 0
        yield from enumerate(opened.iter_rows(), start=first + 1)


def _check_size(path: Path) -> None:
    """Unpacks every part without keeping it: the sizes written in the archive may lie."""
    if not zipfile.is_zipfile(path):
        return
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise _too_big(path)
            if any(part.flag_bits & 1 for part in parts):
                raise _locked(path)
            for part in parts:
                with archive.open(part) as handle:
                    while block := handle.read(BLOCK_BYTES):
                        left -= len(block)
                        if left < 0:
                            raise _too_big(path)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _unreadable(path) from error


def _check_open(path: Path) -> None:
    with path.open("rb") as handle:
        if handle.read(8) == OLE_MAGIC and ENCRYPTED in handle.read():
            raise _locked(path)


def _too_big(path: Path) -> AtFault:
    return AtFault(
        N_("Le classeur « %(file)s » dépasse %(limit)s Mo une fois décompressé. Enregistrez la feuille en CSV."),
        file=path.name,
        limit=MAX_UNPACKED_BYTES // (1024 * 1024),
    )


def _locked(path: Path) -> AtFault:
    return AtFault(
        N_("Le classeur « %(file)s » est protégé par un mot de passe. Enregistrez-le sans mot de passe."),
        file=path.name,
    )


def _unreadable(path: Path) -> AtFault:
    return AtFault(N_("Le classeur « %(file)s » est illisible : il est abîmé ou incomplet."), file=path.name)
