"""CSV and TSV files, streamed: the delimiter is found, quotes are checked, nothing is kept in memory."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from haark.intake.encodings import detect_encoding
from haark.intake.wording import N_, AtFault, Sentence

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARS = 64 * 1024
SAMPLE_ROWS = 60


class Uneven(Exception):
    """Not every record of the file is a line."""


class TextFile:
    """One delimited text file; `records()` may be called as often as wanted, each call reads from the start."""

    sheets: tuple[str, ...] = ("",)
    hidden: frozenset[str] = frozenset()

    def __init__(self, path: Path, exact: bool = False) -> None:
        self.path = path
        self.encoding = "utf-8" if exact else detect_encoding(path)
        sample = self._sample()
        self.delimiter = "," if exact else self._find_delimiter(sample)
        # `1, "a, b"`: some write a space before the quote, which then would not open anything.
        spaced = re.search(rf'{re.escape(self.delimiter)} +"', sample)
        self._skips_spaces = not exact and bool(spaced) and f'{self.delimiter}"' not in sample

    def records(self, _sheet: str = "") -> Iterator[tuple[int, list[str] | Sentence]]:
        """(line where the record starts, its cells), or the reason why it cannot be cut into cells."""
        with self.path.open(encoding=self.encoding, newline="") as handle:
            reader = csv.reader(handle, delimiter=self.delimiter, strict=True, skipinitialspace=self._skips_spaces)
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

    def blocks(self, size: int) -> Iterator[tuple[range, list[list[str]]]]:
        """The same in blocks of `size` records, (their lines, their cells), which is quicker. Raises Uneven before a
        block with a record of several lines, or that cannot be cut: `records` reads on."""
        with self.path.open(encoding=self.encoding, newline="") as handle:
            reader = csv.reader(handle, delimiter=self.delimiter, strict=True, skipinitialspace=self._skips_spaces)
            while True:
                before = reader.line_num
                try:
                    rows = list(islice(reader, size))
                except csv.Error as error:
                    raise Uneven from error
                if not rows:
                    return
                if reader.line_num - before != len(rows):
                    raise Uneven
                yield range(before + 1, reader.line_num + 1), rows

    def rest(self) -> None:
        """Nothing is held between two readings."""

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

    def _sample(self) -> str:
        with self.path.open(encoding=self.encoding, newline="") as handle:
            return handle.read(SAMPLE_CHARS)

    def _find_delimiter(self, sample: str) -> str:
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
