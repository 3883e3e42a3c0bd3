"""What an import did, for people and for `--json`; and the file of refused rows."""

import csv
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from haark.formats import safe_cell
from haark.intake.scratch import Scratch
from haark.intake.wording import Sentence


@dataclass
class KindReport:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass
class Report:
    kinds: dict[str, KindReport] = field(default_factory=dict)
    refused_file: Path | None = None
    notes: list[Sentence] = field(default_factory=list)

    def of(self, kind: str) -> KindReport:
        return self.kinds.setdefault(kind, KindReport())

    @property
    def accepted(self) -> int:
        return sum(kind.new + kind.changed + kind.unchanged for kind in self.kinds.values())

    @property
    def moved(self) -> bool:
        """Whether anything is different afterwards."""
        return any(kind.new or kind.changed for kind in self.kinds.values())

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {name: vars(kind) for name, kind in self.kinds.items()}
        told["refused_file"] = str(self.refused_file) if self.refused_file else None
        return told


def write_refused(scratch: Scratch, folder: Path, at: datetime) -> Path | None:
    """Writes every refused row with its cells, the reason, the file and the row; None when no row was refused."""
    if not scratch.refusals:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"refused-{at:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}.csv"
    headers = _all_headers(scratch)
    own = [name if name not in headers else f"refused_{name}" for name in ("reason", "file", "row")]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([*map(safe_cell, headers), *own])
        writer.writerows(_lines(scratch, headers))
    return path


def _all_headers(scratch: Scratch) -> list[str]:
    """The headers of the files that had a row refused, each once, in their order."""
    headers: dict[str, None] = {}
    for _, names, _, _, _ in scratch.refused():
        headers.update(dict.fromkeys(names))
    return list(headers)


def _lines(scratch: Scratch, headers: list[str]) -> Iterator[list[str]]:
    for file, names, row, reason, cells in scratch.refused():
        given = dict(zip(names, cells, strict=False))
        yield [*(safe_cell(given.get(name, "")) for name in headers), safe_cell(str(reason)), safe_cell(file), str(row)]
