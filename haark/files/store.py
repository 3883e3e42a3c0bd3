"""Bytes under the hash of their content, in a folder: written whole or not at all, the same content once."""

import errno
import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from flask import current_app

BLOCK = 1 << 20


class StorageFull(Exception):
    """The disk has no room; nothing was left half-written."""


def folder() -> Path:
    """STORAGE_URL as a path or `file://` address, else `files` in HAARK_DATA. ValueError for any other address."""
    wanted = str(current_app.config["STORAGE_URL"])
    if not wanted:
        return Path(current_app.config["HAARK_DATA"]) / "files"
    parts = urlsplit(wanted)
    if parts.scheme not in ("", "file"):
        raise ValueError(f"STORAGE_URL must be a folder, not {parts.scheme}://")
    return Path(unquote(parts.path))


def path_of(digest: str) -> Path:
    """Where content with this SHA-256 (64 hexadecimal digits, else ValueError) is or would be."""
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return folder() / digest[:2] / digest


def write(content: bytes) -> str:
    """Keeps the content and returns its SHA-256. On return it survives a power cut. Raises StorageFull."""
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    if target.is_file() and target.stat().st_size == len(content):
        return digest
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, content)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
    return digest


def write_stream(source: IO[bytes]) -> tuple[str, int]:
    """As `write`, a block at a time, for what is too large for memory: (SHA-256, size). Raises StorageFull."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder(), prefix=".part-")
        draft, digest, size = Path(name), hashlib.sha256(), 0
        try:
            with os.fdopen(descriptor, "wb") as handle:
                while block := source.read(BLOCK):
                    digest.update(block)
                    size += handle.write(block)
                handle.flush()
                os.fsync(handle.fileno())
            target = path_of(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
    return digest.hexdigest(), size


def remove(digest: str) -> None:
    """Gives the room of this content back; nothing happens where it is gone already."""
    path_of(digest).unlink(missing_ok=True)


def _write_whole(target: Path, content: bytes) -> None:
    # The name appears only once the content is on the disk; a reader never meets half a file.
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def read(digest: str) -> bytes:
    """The content. FileNotFoundError when it is not kept here, ValueError when the disk changed it."""
    content = path_of(digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"the stored file {digest[:12]} is damaged")
    return content
