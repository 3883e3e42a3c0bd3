"""What people send: files, and choices about their tables."""

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from haark.files import rules
from haark.files.store import write_stream
from haark.intake.desk import words
from haark.intake.desk.domain import Sent

LONGEST_NAME = 120
ORDERS = ("dmy", "mdy", "ymd")
MARKS = (",", ".")


def sent_files(given: Iterable[FileStorage]) -> list[Sent]:
    """The files of a form, their bytes in the store; those without a name or content are passed over.

    A block at a time, and outside of any transaction: the store is a folder. Raises store.StorageFull.
    """
    found = []
    for each in given:
        # A folder that is sent names its files by their path.
        name = rules.safe_name((each.filename or "").replace("\\", "/").rpartition("/")[2], "table")
        if not each.filename or name.startswith((".", "~$")):
            continue
        digest, size = write_stream(each.stream)
        if size:
            found.append(Sent(digest, size, name))
    return found


def chosen_fields(form: MultiDict[str, str], table: Mapping[str, Any], kind: str) -> dict[str, str]:
    """The canonical column chosen for each header, "" for none; what is no column of the kind counts as none."""
    known = {name for name, _words in words.fields(kind)}
    return {
        one["header"]: name if (name := form.get(f"column-{place}", "")) in known else ""
        for place, one in enumerate(table["columns"])
        if f"column-{place}" in form
    }


def one_of(form: MultiDict[str, str], name: str, known: Iterable[str]) -> str | None:
    """The choice of this name; None when it was not sent."""
    given = form.get(name)
    return None if given is None else given if given in known else ""


def written_cells(form: MultiDict[str, str], width: int) -> list[str]:
    """The cells of a corrected row."""
    return [form.get(f"cell-{place}", "").strip()[:20_000] for place in range(width)]
