"""Files that people open in a spreadsheet: CSV with what a spreadsheet would run made harmless."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask import Response

# A cell that begins with one of these would be read as a formula (OWASP «CSV injection»).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """A cell as it is written: a text that looks like a formula gets an apostrophe; numbers stay numbers.

    >>> harmless("=1+1"), harmless(-3), harmless(None), harmless("Valmorin")
    ("'=1+1", -3, '', 'Valmorin')
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The rows as lines, the first with the mark by which spreadsheets know UTF-8. Streams: one row at a time."""
    yield "\ufeff"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([harmless(value) for value in row])
        yield line.getvalue()


def csv_response(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    """A download `name`.csv of these rows, the header first."""
    answer = Response(csv_lines(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
