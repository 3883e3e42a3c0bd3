"""Ranking everybody, and saying why one client stands where it does."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haark import bulk
from haark.accounts.models import AccountCard
from haark.extensions import reading
from haark.ranking import queries, rules
from haark.ranking.queries import Client
from haark.settings import queries as settings

COLUMNS = ("tier", "rank_score", "lifetime_cents")


@dataclass(frozen=True)
class Why:
    """Why a client has its tier. `rank` None: nothing that weighs is known of it, or it no longer pays.

    `place` of `ranked`: from the top, as of the last ranking; `counts`: (below, equal, known) by measure.
    """

    tier: str
    rank: rules.Rank | None
    place: int
    ranked: int
    counts: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Effect:
    """What other settings would do: clients by tier now and then, and who would move, the largest ARR first."""

    now: Mapping[str, int]
    then: Mapping[str, int]
    moves: Sequence[tuple[int, Client, str]]


def rank_all(*, on: date, step: Callable[[], None] | None = None) -> int:
    """Ranks everybody who still pays; the number of cards that changed.

    Reads without holding a lock, then writes by chunks and calls `step` after each: an entry point that may commit in
    between does it there. Doing it again with the same data changes nothing.
    """
    with reading():
        found = gathered(on)
        gone = queries.unranked()
    scores, tiers = judged(found, queries.weights(), settings.get("ranking.tiers"))
    wanted = {ident: (tiers.get(ident, ""), scores.get(ident), one.lifetime) for ident, one in found.items()}
    rows: list[bulk.Row] = [(*values, ident) for ident, values in wanted.items() if values != found[ident].kept]
    rows += [("", None, None, ident) for ident in gone]
    for start in range(0, len(rows), queries.CHUNK):
        bulk.update(AccountCard.__table__, COLUMNS, ("account_id",), rows[start : start + queries.CHUNK])
        if step:
            step()
    return len(rows)


def gathered(on: date) -> dict[int, Client]:
    """Everybody who still pays, with the measures."""
    found: dict[int, Client] = {}
    for chunk in queries.clients(on, float(settings.get("ranking.years"))):
        found |= chunk
    return found


def judged(
    found: Mapping[int, Client], weights: Mapping[str, float], shares: Mapping[str, float]
) -> tuple[dict[int, float], dict[int, str]]:
    """Scores and tiers of clients with these weights and shares."""
    scores = rules.ranks({ident: one.values for ident, one in found.items()}, weights)
    return scores, rules.tiers(scores, shares)


def effect(weights: Mapping[str, float], shares: Mapping[str, float], *, on: date) -> Effect:
    """What these weights and shares would do, with nothing written."""
    found = gathered(on)
    _scores, tiers = judged(found, weights, shares)
    moves = [(ident, one, tiers.get(ident, "")) for ident, one in found.items() if one.kept[0] != tiers.get(ident, "")]
    moves.sort(key=lambda move: (-(move[1].arr_cents or 0), move[1].name))
    return Effect(Counter(one.kept[0] for one in found.values()), Counter(tiers.values()), moves)


def why(account_id: int, *, on: date) -> Why:
    """Why this client has its tier, with the measures as they are now."""
    one = queries.of([account_id], on, float(settings.get("ranking.years"))).get(account_id)
    if one is None:
        return Why("", None, 0, 0, {})
    weights = queries.weights()
    counts = queries.places(one.values, list(weights))
    points = {name: rules.place_of(*three) for name, three in counts.items()}
    for name, value in one.values.items():
        if name in weights and value is not None and rules.MEASURES[name] is not None:
            points[name] = rules.on_scale(name, value)
    tier, score, _lifetime = one.kept
    place, ranked = queries.standing(score) if score is not None else (0, 0)
    return Why(tier, rules.rank(one.values, points, weights), place, ranked, counts)
