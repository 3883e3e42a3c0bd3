"""What other weights would do to the scores that are shown (HL-1), before anybody applies them. Pure.

Only the weighting is redone, from the component scores that were kept: half-lives and formulas stay as they were then.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from haark.health.rules import band_of, combined

BANDS = ("red", "yellow", "green")


@dataclass(frozen=True, slots=True)
class Standing:
    """One account as it is shown: its score and its component scores (0-100, None: unknown), its ARR in cents."""

    account_id: int
    name: str
    arr_cents: int | None
    score: int | None
    parts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Move:
    """An account that would change its band, from one score to another."""

    standing: Standing
    score: int
    band: str

    @property
    def before(self) -> str:
        return band_of(self.standing.score)


@dataclass(frozen=True, slots=True)
class Effect:
    """Accounts by band now and with the other weights; `moves` with the largest ARR first.

    `red_cents`: ARR that would turn red, less the ARR that would no longer be. `other`: accounts with another score.
    `lost`: accounts that would have none, because all that is known of them would weigh nothing.
    """

    now: Mapping[str, int]
    then: Mapping[str, int]
    moves: tuple[Move, ...]
    red_cents: int
    other: int
    lost: int

    def into(self, band: str) -> int:
        """How many accounts would come into a band."""
        return sum(1 for move in self.moves if move.band == band)


def effect(standings: Iterable[Standing], weights: Mapping[str, float]) -> Effect:
    """The effect of `weights` on accounts; those without a score keep none and are not counted."""
    now: Counter[str] = Counter()
    then: Counter[str] = Counter()
    moves, red, other, lost = [], 0, 0, 0
    for one in standings:
        score = combined(one.parts, weights)
        before, after = band_of(one.score), band_of(score)
        now[before] += 1
        then[after] += 1
        other += score != one.score
        if before and score is None:
            lost += 1
        elif before and before != after and score is not None:
            moves.append(Move(one, score, after))
            red += (one.arr_cents or 0) * ((after == "red") - (before == "red"))
    moves.sort(key=lambda move: (-(move.standing.arr_cents or 0), move.standing.account_id))
    counted = [{band: counts[band] for band in BANDS} for counts in (now, then)]
    return Effect(counted[0], counted[1], tuple(moves), red, other, lost)
