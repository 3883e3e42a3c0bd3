"""The clock of a meeting: which part runs, how long each took, when it should end. Pure; the instants are arguments.

Seconds are whole; the truth is what is kept (`spent` of each part and since when the present one runs), so that a
reload or a lost connection changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

PARTS = 6


@dataclass(frozen=True, slots=True)
class Clock:
    """`spent`: seconds of each part before `running_since`; `part` (0-5) has run since then, None: paused."""

    part: int = 0
    spent: tuple[int, ...] = (0,) * PARTS
    running_since: datetime | None = None

    @classmethod
    def of(cls, part: int, spent: Sequence[int], running_since: datetime | None) -> "Clock":
        """From the stored columns; parts that nobody has reached yet have taken no time."""
        kept = tuple(int(seconds) for seconds in spent[:PARTS])
        return cls(part, kept + (0,) * (PARTS - len(kept)), running_since)

    def taken(self, at: datetime) -> tuple[int, ...]:
        """Seconds of each part at an instant."""
        if self.running_since is None:
            return self.spent
        running = max(0, int((at - self.running_since).total_seconds()))
        return tuple(seconds + (running if part == self.part else 0) for part, seconds in enumerate(self.spent))

    def elapsed(self, at: datetime) -> int:
        """Seconds of the whole meeting, pauses left out."""
        return sum(self.taken(at))

    def pause(self, at: datetime) -> "Clock":
        """Stands still; a paused one stays as it is."""
        return replace(self, spent=self.taken(at), running_since=None)

    def resume(self, at: datetime) -> "Clock":
        """Runs; a running one stays as it is."""
        return self if self.running_since else replace(self, running_since=at)

    def go(self, part: int, at: datetime) -> "Clock":
        """Another part, later or earlier: what was spent on it before goes on. Running stays running. ValueError."""
        if not 0 <= part < PARTS:
            raise ValueError(f"the agenda has six parts, there is no part {part}")
        if part == self.part:
            return self
        return Clock(part, self.taken(at), at if self.running_since else None)


def ends(clock: Clock, minutes: Sequence[int], at: datetime) -> tuple[datetime | None, ...]:
    """When each part should end if the present one keeps to its minutes and so do the later ones; None: behind us."""
    taken = clock.taken(at)
    found: list[datetime | None] = [None] * clock.part
    end = at + timedelta(seconds=minutes[clock.part] * 60 - taken[clock.part])
    for part in range(clock.part, PARTS):
        end = end if part == clock.part else end + timedelta(minutes=minutes[part])
        found.append(end)
    return tuple(found)


def over_minutes(seconds: int, minutes: int) -> int:
    """Whole minutes begun beyond the planned ones: 15:01 of 15 is one, 15:00 none."""
    return max(0, -(-(seconds - minutes * 60) // 60))


def shown(seconds: int) -> str:
    """«08:42», «75:10»: minutes go on beyond sixty, as the agenda counts in minutes."""
    return f"{seconds // 60:02d}:{seconds % 60:02d}"
