"""What a file is, by what it holds and never by its name alone. Pure but for reading the file."""

import zipfile
from dataclasses import dataclass
from typing import IO

PEEK = 8192
MOST_ENTRIES = 20_000
OFFICE = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"


class Refused(ValueError):
    """`kind`: `empty`, `archive`, `macros`, `locked` (encrypted), `name` (the extension says something else),
    `unknown` (nothing that is kept)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Sort:
    """A sort of file: its media type and the extensions that it may have."""

    media: str
    extensions: tuple[str, ...]


PDF = Sort("application/pdf", ("pdf",))
SIGNS: tuple[tuple[bytes, Sort], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", Sort("image/png", ("png",))),
    (b"\xff\xd8\xff", Sort("image/jpeg", ("jpg", "jpeg"))),
    (b"GIF87a", Sort("image/gif", ("gif",))),
    (b"GIF89a", Sort("image/gif", ("gif",))),
    # Word, Excel, PowerPoint before 2007, and messages of Outlook.
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Sort("application/x-ole-storage", ("doc", "xls", "ppt", "msg"))),
)
WEBP = Sort("image/webp", ("webp",))
PARTS: tuple[tuple[str, Sort], ...] = (
    ("word/", Sort(f"{OFFICE}.wordprocessingml.document", ("docx",))),
    ("xl/", Sort(f"{OFFICE}.spreadsheetml.sheet", ("xlsx",))),
    ("ppt/", Sort(f"{OFFICE}.presentationml.presentation", ("pptx",))),
)
OPEN = {
    f"{ODF}.text": Sort(f"{ODF}.text", ("odt",)),
    f"{ODF}.spreadsheet": Sort(f"{ODF}.spreadsheet", ("ods",)),
    f"{ODF}.presentation": Sort(f"{ODF}.presentation", ("odp",)),
}
TEXTS = {
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ics": "text/calendar",
    "vtt": "text/vtt",
    "eml": "message/rfc822",
}
EXTENSIONS = tuple(
    sorted({*TEXTS, "webp", *(e for _sign, sort in (*SIGNS, *PARTS, *OPEN.items()) for e in sort.extensions)})
)


def sort_of(file: IO[bytes], name: str) -> str:
    """The media type of a file under this name; the file is left at its beginning. Raises Refused."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    start = file.read(PEEK)
    file.seek(0)
    if not start:
        raise Refused("empty")
    sort = _by_content(file, start, extension)
    file.seek(0)
    if extension not in sort.extensions:
        raise Refused("name")
    return sort.media


def _by_content(file: IO[bytes], start: bytes, extension: str) -> Sort:
    for sign, sort in SIGNS:
        if start.startswith(sign):
            return sort
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return WEBP
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _packed(file)
    if (
        start.startswith((b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ"))
        or start[257:262] == b"ustar"
    ):
        raise Refused("archive")
    if extension in TEXTS and _is_text(start):
        return Sort(TEXTS[extension], (extension,))
    raise Refused("unknown")


def _packed(file: IO[bytes]) -> Sort:
    """An office file is a ZIP of known parts; its list is read, nothing is unpacked but one name."""
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > MOST_ENTRIES:
                raise Refused("archive")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Refused("locked")
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Refused("macros")
            if "mimetype" in names and packed.getinfo("mimetype").file_size < 100:
                return OPEN.get(packed.read("mimetype").decode("ascii", "replace").strip()) or _refuse()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("archive") from error
    if "[Content_Types].xml" in names:
        for part, sort in PARTS:
            if any(name.startswith(part) for name in names):
                return sort
    return _refuse()


def _refuse() -> Sort:
    raise Refused("archive")


def _is_text(start: bytes) -> bool:
    """No control characters but those of a text, in UTF-8, UTF-16 or an eight-bit encoding."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in start)
