"""ZIP archives of files to import: opened within limits, never outside their folder."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from haark.intake.reading import SUFFIXES
from haark.intake.wording import N_, AtFault
from haark.intake.workbooks import TORN

BLOCK_BYTES = 1 << 20
MB = 1024 * 1024
# What makes a ZIP a workbook rather than an archive of files.
OF_WORKBOOKS = {"[Content_Types].xml", "mimetype", "META-INF/manifest.xml"}


@dataclass(frozen=True)
class Limits:
    """The most that an archive may hold: files, and bytes of all of them once unpacked."""

    files: int = 100
    bytes: int = 500 * MB


def is_archive(path: Path) -> bool:
    """Whether the file is a ZIP of files, not a workbook (which is a ZIP too)."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not OF_WORKBOOKS & set(archive.namelist())
    except TORN:
        return False


def unpack(path: Path, into: Path, limits: Limits | None = None) -> list[Path]:
    """Unpacks the tables of an archive into the folder `into`, which is made; their paths, in the archive's order.

    Folders are flattened; what is no table (by its suffix), hidden files and those of macOS are left out. Nothing is
    written outside `into`, whatever names the archive holds. Raises AtFault, with what was unpacked removed: a
    damaged or locked archive, another archive inside, more than the limits, nothing to import.
    """
    limits = limits or Limits()
    into.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir() and not _hidden(part.filename)]
            _check(path, parts, limits)
            left = limits.bytes
            for part in parts:
                if PurePosixPath(part.filename).suffix.lower() in SUFFIXES:
                    target = _free(into, _name(part.filename))
                    made.append(target)
                    left = _write(archive, part, target, left, lambda: _too_big(path, limits))
    except TORN as error:
        _remove(made)
        raise AtFault(
            N_("L’archive « %(file)s » est illisible : elle est abîmée ou incomplète."), file=path.name
        ) from (error)
    except AtFault:
        _remove(made)
        raise
    if not made:
        raise AtFault(
            N_("L’archive « %(file)s » ne contient aucun tableau (CSV, TSV, XLSX, XLS ou ODS)."), file=path.name
        )
    return made


def _check(path: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise AtFault(
            N_("L’archive « %(file)s » est protégée par un mot de passe. Enregistrez-la sans mot de passe."),
            file=path.name,
        )
    nested = next((part for part in parts if part.filename.lower().endswith((".zip", ".7z", ".rar", ".gz"))), None)
    if nested:
        raise AtFault(
            N_("L’archive « %(file)s » contient une autre archive, « %(inner)s » : ouvrez-la d’abord."),
            file=path.name,
            inner=_name(nested.filename),
        )
    # The sizes in an archive may lie, both ways: this only spares the work on an honest one.
    if len(parts) > limits.files or sum(part.file_size for part in parts) > limits.bytes:
        raise _too_big(path, limits)


def _write(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, target: Path, left: int, too_big: Callable[[], AtFault]
) -> int:
    with archive.open(part) as packed, target.open("xb") as out:
        while block := packed.read(BLOCK_BYTES):
            left -= len(block)
            if left < 0:
                raise too_big()
            out.write(block)
    return left


def _name(inside: str) -> str:
    """The last part of a name in an archive, without what a file system would take amiss."""
    last = PurePosixPath(inside.replace("\\", "/")).name
    return (
        "".join(sign for sign in last if sign.isprintable() and sign not in '/\\:*?"<>|')[-120:].strip(". ") or "table"
    )


def _hidden(inside: str) -> bool:
    parts = PurePosixPath(inside.replace("\\", "/")).parts
    return any(part.startswith(("__MACOSX", "~$")) or (part.startswith(".") and part != "..") for part in parts)


def _free(into: Path, name: str) -> Path:
    """A path in the folder that no file has yet: two folders of an archive may hold files of one name."""
    stem, suffix = Path(name).stem, Path(name).suffix
    place, target = 1, into / name
    while target.exists():
        place += 1
        target = into / f"{stem}-{place}{suffix}"
    return target


def _remove(made: list[Path]) -> None:
    for path in made:
        path.unlink(missing_ok=True)


def _too_big(path: Path, limits: Limits) -> AtFault:
    return AtFault(
        N_("L’archive « %(file)s » dépasse %(files)s fichiers ou %(limit)s Mo une fois décompressée."),
        file=path.name,
        files=limits.files,
        limit=limits.bytes // MB,
    )
