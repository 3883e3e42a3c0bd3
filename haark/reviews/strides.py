"""How far the files of a review are, page by page: what the job writes down, and the page reads. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast, get_args

from haark.decks.telling import Stage

PAUSE = 0.15
"""Seconds between two writes: a page drawn takes less, and each write waits for the disk."""


@dataclass(frozen=True)
class Stride:
    """One format under way: `done` pages of `total` laid out or drawn."""

    form: str
    stage: Stage
    done: int
    total: int

    @property
    def share(self) -> float:
        """0 to 1 of the whole work. A PDF is laid out page by page first, then drawn page by page."""
        part = self.done / self.total if self.total else 0.0
        if self.form != "pdf":
            return part
        return part / 2 if self.stage == "layout" else 0.5 + part / 2

    @property
    def percent(self) -> int:
        """0 to 99: only a file that is kept is whole."""
        return min(int(self.share * 100), 99)


@dataclass
class Board:
    """The formats of one job. A stride is told at most every PAUSE, the first and a format's last page always."""

    formats: tuple[str, ...]
    _strides: dict[str, Stride] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)
    _told_at: float = float("-inf")

    def tell(self, form: str, stage: Stage, done: int, total: int, at: float) -> bool:
        """Takes a page in, at `at` seconds of any steady clock; True when it should be written down now."""
        self._strides[form] = Stride(form, stage, done, total)
        if at - self._told_at < PAUSE and not (stage == "draw" and done == total):
            return False
        self._told_at = at
        return True

    def keep(self, form: str) -> None:
        """This format is made and kept."""
        self._kept.add(form)
        self._strides.pop(form, None)

    @property
    def percent(self) -> int:
        """0 to 100 over all formats."""
        shares = [1.0 if form in self._kept else self._share(form) for form in self.formats]
        return int(100 * sum(shares) / len(shares)) if shares else 100

    def _share(self, form: str) -> float:
        stride = self._strides.get(form)
        return stride.percent / 100 if stride else 0.0

    @property
    def written(self) -> str:
        """What `read` reads: «pdf layout 5 12;pptx draw 8 12»."""
        under_way = (self._strides[form] for form in self.formats if form in self._strides)
        return ";".join(f"{one.form} {one.stage} {one.done} {one.total}" for one in under_way)


def read(written: str) -> tuple[Stride, ...]:
    """The formats under way as a job's message says; anything else in it is passed over."""
    return tuple(stride for part in written.split(";") for stride in _read(part.split()))


def _read(words: list[str]) -> Iterable[Stride]:
    if len(words) == 4 and words[1] in get_args(Stage) and words[2].isdecimal() and words[3].isdecimal():
        yield Stride(words[0], cast(Stage, words[1]), int(words[2]), int(words[3]))
