"""Where the files of an export go: a folder that appears when it is whole, or one ZIP."""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol

BLOCK = 1 << 20


class NotEmpty(Exception):
    """The folder holds something already."""


class Sink(Protocol):
    """Takes files one after the other; `written` says of each its bytes and its SHA-256."""

    written: dict[str, dict[str, Any]]

    def file(self, name: str) -> Any:
        """A context with the open binary file `name` (with slashes)."""


class _Counted:
    """A binary file that counts and hashes what passes."""

    def __init__(self, handle: IO[bytes]) -> None:
        self.handle, self.size, self.digest = handle, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self.handle.write(data)


class _Told:
    def __init__(self) -> None:
        self.written: dict[str, dict[str, Any]] = {}

    @contextmanager
    def _counting(self, name: str, handle: IO[bytes]) -> Iterator[_Counted]:
        counted = _Counted(handle)
        yield counted
        self.written[name] = {"bytes": counted.size, "sha256": counted.digest.hexdigest()}


class Folder(_Told):
    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root

    @contextmanager
    def file(self, name: str) -> Iterator[_Counted]:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as handle, self._counting(name, handle) as counted:
            yield counted


class Zip(_Told):
    """Everything under one folder `top`, so that unpacking scatters nothing."""

    def __init__(self, archive: zipfile.ZipFile, top: str) -> None:
        super().__init__()
        self.archive, self.top = archive, top

    @contextmanager
    def file(self, name: str) -> Iterator[_Counted]:
        entry = f"{self.top}/{name}"
        with self.archive.open(entry, "w", force_zip64=True) as handle, self._counting(name, handle) as counted:
            yield counted


@contextmanager
def folder(target: Path) -> Iterator[Folder]:
    """A sink for a folder that is not there, or empty; it gets its name once all is in it. Raises NotEmpty."""
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotEmpty(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name or 'export'}-", dir=target.parent))
    try:
        yield Folder(draft)  # readable by its owner alone: it holds everything there is to know
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


@contextmanager
def archive(target: Path, top: str) -> Iterator[Zip]:
    """A sink for the ZIP `target`; what is left of it is removed when something fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
            yield Zip(made, top)
    except BaseException:
        with suppress(OSError):
            target.unlink()
        raise


def copy(source: Path, handle: Any) -> None:
    with source.open("rb") as opened:
        while block := opened.read(BLOCK):
            handle.write(block)
