"""What a file is, by what it holds."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.files.sniffing import EXTENSIONS, Refused, sort_of

PDF = b"%PDF-1.7\n%%EOF"
TYPES = {"[Content_Types].xml": "x"}


def zipped(entries: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in entries.items():
            packed.writestr(name, text)
    return out.getvalue()


WORD = zipped({**TYPES, "word/document.xml": "x"})
LOCKED = bytearray(WORD)
for at in (6, WORD.index(b"PK\x01\x02") + 8):  # the first entry says that it is encrypted
    LOCKED[at] |= 1


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [
        (PDF, "Contrat.PDF", "application/pdf"),
        ("Réunion du 12\nÀ faire".encode(), "notes.txt", "text/plain"),
        ("Données;1".encode("cp1252"), "a.csv", "text/csv"),
        ("Données;1".encode("utf-16"), "a.csv", "text/csv"),
        (b"\x89PNG\r\n\x1a\n....", "a.png", "image/png"),
        (b"RIFF....WEBPVP8 ", "a.webp", "image/webp"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "mail.msg", "application/x-ole-storage"),
        (
            zipped({**TYPES, "xl/workbook.xml": "x"}),
            "a.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
            "a.odt",
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_what_is_kept(content: bytes, name: str, media: str) -> None:
    file = io.BytesIO(content)
    assert sort_of(file, name) == media
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"", "a.pdf", "empty"),
        (PDF, "a.txt", "name"),
        (PDF, "a", "name"),
        (WORD, "a.pdf", "name"),
        (b"MZ\x90\x00\x03", "a.exe", "unknown"),
        (b"MZ\x90\x00\x03", "a.txt", "unknown"),
        (b"<html>", "a.html", "unknown"),
        (b"<svg>", "a.svg", "unknown"),
        (zipped({"a": "1"}), "a.zip", "archive"),
        (zipped({"mimetype": "application/epub+zip"}), "a.odt", "archive"),
        (zipped({**TYPES, "word/vbaProject.bin": "x"}), "a.docx", "macros"),
        (bytes(LOCKED), "a.docx", "locked"),
        (b"PK\x03\x04 broken", "a.xlsx", "archive"),
        (b"\x1f\x8b\x08", "a.csv", "archive"),
    ],
)
def test_what_is_not(content: bytes, name: str, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        sort_of(io.BytesIO(content), name)
    assert refused.value.kind == kind


@given(
    st.binary(max_size=64) | st.binary(max_size=64).map(lambda rest: b"PK\x03\x04" + rest), st.sampled_from(EXTENSIONS)
)
def test_any_bytes_are_kept_or_refused(content: bytes, extension: str) -> None:
    with contextlib.suppress(Refused):
        assert sort_of(io.BytesIO(content), f"a.{extension}")
