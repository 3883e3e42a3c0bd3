"""XLSX, XLS and ODS workbooks, read by calamine in a process of its own after their size has been checked."""

import json
import lzma
import mmap
import subprocess
import sys
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from haark.intake.wording import N_, AtFault

# Beyond this a workbook would not fit in the memory that an import may take; CSV has no such limit.
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_PARTS = 5_000
BLOCK_BYTES = 1 << 20
# What zipfile raises for archives that are damaged, or made to be.
TORN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An encrypted XLSX is an OLE container with this stream in it.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

SERVER = Path(__file__).with_name("sheetserver.py")
CELLS: dict[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}

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
        self._merged: dict[str, list[Range] | None] = {}
        self._begin()
        told = self._heard()
        self.sheets: tuple[str, ...] = tuple(told["sheets"])
        self.hidden = frozenset(told["hidden"])

    def records(self, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
        """(row number as the spreadsheet shows it, its cells); an empty cell is ''.

        Cells merged downwards say the same in each of their rows.
        """
        at, fill = 0, _Filling([])
        while True:
            answer = self._asked(sheet, at)
            if at == 0:
                # calamine leaves out the columns before the first used one, though not the rows.
                left, merged = answer["left"], answer["merged"]
                self._merged[sheet] = None if merged is None else [Range.of(each, left) for each in merged]
                fill = _Filling(self._merged[sheet] or [])
            rows = answer["rows"]
            for number, cells in enumerate(rows, start=at + 1):
                fill.down(number, cells)
                yield number, cells
            at += len(rows)
            if not rows:
                return

    def merged(self, sheet: str) -> "list[Range] | None":
        """Its merged cells; None in formats that do not tell."""
        if sheet not in self._merged:
            next(self.records(sheet), None)
        return self._merged.get(sheet)

    def rest(self) -> None:
        """Gives back what it takes to read the workbook; reading it again takes it again."""
        self._close()

    def _begin(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-I", str(SERVER), str(self.path.resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._close = weakref.finalize(self, _end, self._server)

    def _asked(self, sheet: str, row: int) -> dict[str, Any]:
        if not self._close.alive:
            self._begin()
            self._heard()
        assert self._server.stdin is not None
        try:
            self._server.stdin.write(json.dumps([sheet, row]) + "\n")
            self._server.stdin.flush()
        except BrokenPipeError:
            raise _too_much(self.path) from None
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        """The server's answer. It ends without one when the workbook needs more memory than it may have."""
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        answer: dict[str, Any] = json.loads(line, object_hook=_cell) if line.endswith("\n") else {"error": "big"}
        error = answer.get("error")
        if error:
            raise _FAULTS[error](self.path)
        return answer


@dataclass(frozen=True)
class Range:
    """Merged cells: rows as the spreadsheet shows them, columns as `records` counts them, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def of(cls, told: list[int], left: int) -> "Range":
        """`told` counts from 0: first row, first column, last row, last column; `left` is the first used column."""
        return cls(told[0] + 1, told[1] - left, told[2] + 1, told[3] - left)


class _Filling:
    """Puts what merged cells say into each of their rows, as these pass by."""

    def __init__(self, merged: list[Range]) -> None:
        self._tops: dict[int, list[Range]] = {}
        for each in merged:
            if each.bottom > each.top:
                self._tops.setdefault(each.top, []).append(each)
        self._open: list[tuple[Range, Cell]] = []

    def down(self, row: int, cells: list[Cell]) -> None:
        if not self._tops:
            return
        self._open = [(each, cell) for each, cell in self._open if each.bottom >= row]
        for each, cell in self._open:
            if cells[each.left] == "":
                cells[each.left] = cell
        self._open += [(each, cells[each.left]) for each in self._tops.get(row, ()) if each.left < len(cells)]


def _cell(written: dict[str, Any]) -> Any:
    if len(written) == 1:
        (kind, value) = next(iter(written.items()))
        if kind in CELLS:
            return CELLS[kind](value)
    return written


def _end(server: "subprocess.Popen[str]") -> None:
    server.kill()
    server.wait()
    for pipe in (server.stdin, server.stdout):
        if pipe:
            pipe.close()


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
    except TORN as error:
        raise _unreadable(path) from error


def _check_open(path: Path) -> None:
    with path.open("rb") as handle:
        if handle.read(8) != OLE_MAGIC:
            return
        with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if content.find(ENCRYPTED) >= 0:
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


def _too_much(path: Path) -> AtFault:
    return AtFault(N_("Le classeur « %(file)s » est trop grand. Enregistrez la feuille en CSV."), file=path.name)


_FAULTS = {"big": _too_much, "unreadable": _unreadable, "locked": _locked}
