"""UTF-8 that some program took for Windows-1252: «SociÃ©tÃ©» for «Société». Found by its shape, and undone."""

import re
from collections.abc import Iterable

# Windows-1252 leaves five bytes undefined; programs keep them as control characters.
_DECODED = {byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0x100)}
_BYTES = {sign: byte for byte, sign in _DECODED.items()}


def _signs(first: int, last: int) -> str:
    return "[" + "".join(re.escape(_DECODED[byte]) for byte in range(first, last + 1)) + "]"


_TAIL = _signs(0x80, 0xBF)
# One character of two, three or four bytes of UTF-8, each byte shown as a character of its own. A no-break space is
# often made a plain one on the way: «Ã » is then «à».
BROKEN = re.compile(f"{_signs(0xC2, 0xDF)}{_TAIL}|{_signs(0xE0, 0xEF)}{_TAIL}{{2}}|{_signs(0xF0, 0xF4)}{_TAIL}{{3}}")
QUICK = re.compile(f"{_signs(0xC2, 0xF4)}{_TAIL}")


def repaired(text: str) -> str:
    """`text` with every broken character made whole; what is not broken stays as it is."""
    if text.isascii() or not QUICK.search(text):
        return text
    return BROKEN.sub(_whole, text)


def broken(texts: Iterable[str]) -> list[str]:
    """Those of the texts that a repair would change."""
    return [text for text in texts if repaired(text) != text]


def _whole(found: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[sign] for sign in found.group()).decode("utf-8")
    except UnicodeDecodeError:
        return found.group()
