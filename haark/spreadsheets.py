"""Files that people open in a spreadsheet: CSV in which nothing runs as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask import Response

from haark import locale
from haark.formats import safe_cell

# So that spreadsheets read it as UTF-8.
MARK = "\ufeff"


def csv_lines(rows: Iterable[Iterable[Any]], language: str) -> Iterator[str]:
    """The rows as lines, one at a time. Days in ISO form, what is unknown as nothing, texts that look like a formula
    defused. The separator is what a spreadsheet of the language expects: a semicolon where the comma is decimal."""
    yield MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter="," if language == "en" else ";").writerow([_cell(value) for value in row])
        yield line.getvalue()


def csv_response(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    """A download `name`.csv of these rows, the header first, in the reader's language."""
    answer = Response("".join(csv_lines(rows, locale.current())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return safe_cell(value) if isinstance(value, str) else value
