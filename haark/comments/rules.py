"""Who is named in a comment. Pure."""

import re
import unicodedata
from collections.abc import Mapping

MENTION = re.compile(r"(?<![\w@])@([\w.\-’']+)")


def mentioned(text: str, people: Mapping[int, tuple[str, str]]) -> tuple[int, ...]:
    """The ids of those whom a text names with @, from {id: (name, e-mail address)}.

    `@claire`, `@delorme`, `@claire.delorme` (or what stands before the @ of their address), whatever the case and the
    accents. A first name that two people share names both.
    """
    wanted = {_plain(found).strip(".-") for found in MENTION.findall(text)} - {""}
    return tuple(ident for ident, (name, email) in people.items() if wanted & _names(name, email))


def _names(name: str, email: str) -> set[str]:
    words = _plain(name).split()
    return {*words, ".".join(words), "".join(words), _plain(email).partition("@")[0]} - {""}


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))
