"""The three catalogues of the interface: extracted from the code, compiled when stale, checked for holes.

    python -m haark.translations.catalogues update [LANGUAGE...]    brings new texts into the .po files
    python -m haark.translations.catalogues check     what is missing, one line each; exit status 1 when anything is

The source language is French (docs/decisions/french-source.md): its catalogue repeats the texts.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LANGUAGES = ("fr", "en", "uk")
SOURCES = (
    ("haark", [("**.py", "python")]),
    ("templates", [("**.html", "jinja2"), ("**.md", "jinja2"), ("**.txt", "jinja2")]),
)
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
}
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def po_path(language: str) -> Path:
    return HERE / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue as it stands in the repository; an empty one when there is none yet."""
    path = po_path(language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def extracted() -> Catalog:
    """Every text that the code and the templates mark for translation."""
    found = Catalog()
    for folder, methods in SOURCES:
        for name, line, message, comments, context in extract_from_dir(ROOT / folder, methods, keywords=KEYWORDS):
            found.add(message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return found


def update(languages: Sequence[str] = LANGUAGES) -> None:
    """Brings the texts of the code into the files; unused ones go, nothing is guessed."""
    for language in languages:
        catalogue = read(language)
        # Each language gets its own extraction: Babel puts the template's message objects into the catalogue.
        catalogue.update(extracted(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if language == "fr":
            for message in catalogue:
                if message.id and not _complete(message):
                    message.string = message.id
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as handle:
            write_po(handle, catalogue, width=110, sort_output=True, no_location=True, omit_header=False)


def compile_stale() -> None:
    """Writes the binary catalogue beside each text one that is newer; the web and the command line do it at start."""
    for language in LANGUAGES:
        source = po_path(language)
        target = source.with_suffix(".mo")
        if source.is_file() and (not target.is_file() or target.stat().st_mtime < source.stat().st_mtime):
            draft = target.with_suffix(f".{id(target):x}.tmp")
            with draft.open("wb") as handle:
                write_mo(handle, read(language))
            draft.replace(target)


def _forms(text: str | Sequence[str | None] | None) -> list[str]:
    """A text as its list of plural forms, one for a plain text; missing ones are empty."""
    return [text or ""] if text is None or isinstance(text, str) else [form or "" for form in text]


def _complete(message: Message) -> bool:
    return all(_forms(message.string)) and not message.fuzzy


def _places(text: str) -> set[str]:
    return {first or second for first, second in PLACE.findall(text)}


def problems() -> Iterator[str]:
    """One line for each text that a language lacks, or whose placeholders differ."""
    template = extracted()
    for language in LANGUAGES:
        catalogue = read(language)
        for wanted in template:
            if not wanted.id:
                continue
            message = catalogue.get(wanted.id, wanted.context)
            source, shown = "".join(_forms(wanted.id)), _forms(wanted.id)[0]
            if message is None or not _complete(message):
                yield f"{language}: missing: {shown}"
                continue
            forms = _forms(message.string)
            if len(forms) > 1 and len(forms) != catalogue.num_plurals:
                yield f"{language}: {catalogue.num_plurals} plural forms are needed: {shown}"
            if _places("".join(forms)) != _places(source):
                yield f"{language}: placeholders differ: {shown}"


def main(command: str, *languages: str) -> int:
    if command == "update":
        update(languages or LANGUAGES)
    found = list(problems())
    sys.stdout.write("".join(f"{line}\n" for line in found) or "The three catalogues are complete.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["check"])))
