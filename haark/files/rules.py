"""Names of files that every system accepts. Pure."""

import unicodedata

LONGEST = 120
# Windows' own devices cannot be file names there, with any extension.
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
FORBIDDEN = set('<>:"/\\|?*%')


def safe_name(wanted: str, fallback: str = "file") -> str:
    """A file name from any text: no path, no control or direction characters, at most 120 characters, extension kept.

    Accents and other alphabets stay. `fallback` stands where nothing is left.
    """
    kept = "".join(" " if char in FORBIDDEN else char for char in unicodedata.normalize("NFC", wanted) if _shows(char))
    stem, dot, extension = " ".join(kept.split()).rpartition(".")
    if not dot or not extension.isalnum() or len(extension) > 8:
        stem, dot, extension = " ".join(kept.split()), "", ""
    stem = stem.strip(" .-")[: LONGEST - len(extension) - 1].rstrip(" .-") or fallback
    if stem.casefold() in DEVICES:
        stem = f"{stem}_"
    return f"{stem}{dot}{extension}"


def _shows(char: str) -> bool:
    # Cc control, Cf direction and joiners, Cs lone surrogates, Co private use, Cn not assigned.
    return char in "\t\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
