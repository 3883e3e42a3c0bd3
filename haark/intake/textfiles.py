"""CSV and TSV files, streamed: the delimiter is found, quotes are checked, nothing is kept in memory."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from haark.intake.encodings import detect_encoding
from haark.intake.wording import N_, AtFault, Sentence

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARS = 64 * 1024
SAMPLE_ROWS = 60


class TextFile:
    """One delimited text file; `records()` may be called as often as wanted, each call reads from the start."""

    sheets: tuple[str, ...] = ("",)

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = detect_encoding(path)
        self.delimiter = self._find_delimiter()

    def records(self, _sheet: str = "") -> Iterator[tuple[int, list[str] | Sentence]]:
        """(line where the record starts, its cells), or the reason why it cannot be cut into cells."""
        with self.path.open(encoding=self.encoding, newline="") as handle:
            reader = csv.reader(handle, delimiter=self.delimiter, strict=True, skipinitialspace=self._spaced())
            line = 1
            while True:
                try:
                    for cells in reader:
                        yield line, cells
                        line = reader.line_num + 1
                    return
                except csv.Error as error:
                    yield line, self._judge(error, line)
                    line = reader.line_num + 1

    def _judge(self, error: csv.Error, line: int) -> Sentence:
        """A stray quote costs its row; a quote never closed swallows the rest: the file's fault."""
        told = str(error)
        if "end of data" in told or "field limit" in told:
            raise AtFault(
                N_("Dans « %(file)s », un guillemet ouvert à la ligne %(line)s n’est jamais refermé."),
                file=self.path.name,
                line=line,
            ) from error
        return Sentence(N_("guillemets mal placés : la ligne ne se découpe pas en cellules"))

    def _spaced(self) -> bool:
        """Whether a space stands before quotes, which then would open nothing: `1, "a, b"`."""
        with self.path.open(encoding=self.encoding, newline="") as handle:
            sample = handle.read(SAMPLE_CHARS)
        return f'{self.delimiter}"' not in sample and re.search(rf'{re.escape(self.delimiter)} +"', sample) is not None

    def _find_delimiter(self) -> str:
        with self.path.open(encoding=self.encoding, newline="") as handle:
            sample = handle.read(SAMPLE_CHARS)
        lines = sample.splitlines(keepends=True)
        if len(sample) == SAMPLE_CHARS and len(lines) > 1:
            lines.pop()  # cut in the middle
        if self.path.suffix.lower() == ".tsv" and "\t" in sample:
            return "\t"
        return max(DELIMITERS, key=lambda delimiter: _evidence(lines, delimiter))


def _evidence(lines: list[str], delimiter: str) -> tuple[float, int]:
    """How well `delimiter` cuts the lines: share of rows of the commonest width above one, then that width."""
    widths: list[int] = []
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                widths.append(len(cells))
            if len(widths) == SAMPLE_ROWS:
                break
    except csv.Error:
        return (0.0, 0)
    cut = Counter(width for width in widths if width > 1)
    if not cut:
        return (0.0, 0)
    width, times = max(cut.items(), key=lambda item: (item[1], item[0]))
    return (times / len(widths), width)
