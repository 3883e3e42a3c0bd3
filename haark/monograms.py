"""The letters and the colour that stand for a name where there is no picture. Pure."""

import zlib

HUES = 12
PARTICLES = {"de", "du", "des", "d", "la", "le", "les", "l", "et", "of", "the", "and", "та", "і"}


def hue(name: str) -> int:
    """The colour of a name's tile, 0 to 11: the same name always has the same one."""
    return zlib.crc32(name.encode("utf-8", "replace")) % HUES


def initials(name: str) -> str:
    """«Groupe Valmorin» -> «GV», «Ville de Saint-Aubrac» -> «VS», «Kalysta» -> «KA»; «?» for a name without letters."""
    spaced = "".join(char if char.isalnum() else " " for char in name.replace("\u2019", " ").replace("'", " "))
    words = spaced.split()
    telling = [word for word in words if word.casefold() not in PARTICLES] or words
    if not telling:
        return "?"
    letters = telling[0][0] + telling[1][0] if len(telling) > 1 else telling[0][:2]
    return letters.upper()
