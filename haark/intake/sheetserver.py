"""Reads a workbook in a process of its own, whose memory is bounded, and hands out its rows on request.

A sheet is read whole, and a few bytes of a workbook can claim a sheet of 17 billion cells: whatever it does to this
process, the one that serves people only sees it end. Started as a script by `workbooks.py`; it imports nothing of
Haark. One request a line on standard input, `[sheet, row]`; the answer is one line of JSON.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MB = 1024 * 1024
MEMORY = 768 * MB
PROCESSOR_SECONDS = 600
ROWS = 500
MERGED = 50_000


def plain(cell: Any) -> Any:
    """A cell as JSON takes it: dates and times as {kind: ISO text}."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    return cell


class Reader:
    """One open workbook, and the place in it that was asked for last."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.name = ""
        self.sheet: Any = None
        self.rows: Iterator[list[Any]] = iter(())
        self.at = 0

    def answer(self, name: str, row: int) -> dict[str, Any]:
        """The rows from `row` on (the first is 0); with the first ones, where its columns begin and what is merged."""
        if name != self.name:
            self.sheet = None  # one at a time
            self.sheet = self.workbook.get_sheet_by_name(name)
            self.name, self.at = name, -1
        if row != self.at:
            self.rows = iter(self.sheet.iter_rows())
            self.at = 0
            while self.at < row and next(self.rows, None) is not None:
                self.at += 1
        found: list[list[Any]] = []
        for cells in self.rows:
            found.append([plain(cell) for cell in cells])
            if len(found) == ROWS:
                break
        self.at += len(found)
        answer: dict[str, Any] = {"rows": found}
        if row == 0:
            answer["left"] = self.sheet.start[1] if self.sheet.start else 0
            merged = self.sheet.merged_cell_ranges
            answer["merged"] = None if merged is None else [[*begin, *end] for begin, end in merged[:MERGED]]
        return answer


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        hidden = [each.name for each in workbook.sheets_metadata if not str(each.visible).endswith(".Visible")]
        tell({"sheets": list(workbook.sheet_names), "hidden": hidden})
        reader = Reader(workbook)
        for line in sys.stdin:
            tell(reader.answer(*json.loads(line)))
    except python_calamine.PasswordError:
        tell({"error": "locked"})
    except MemoryError:
        tell({"error": "big"})
    except Exception:  # noqa: BLE001 - whatever is wrong with the file, its reader says so in one sentence
        tell({"error": "unreadable"})


def tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
