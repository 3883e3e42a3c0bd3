"""The score as it would have been on a past day, with only what was known then; and how it fared (HL-6). Reads only."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from haark.accounts import queries as accounts
from haark.health import backtest, churn, judging, outcomes, queries, record
from haark.health.backtest import Share, Verdict
from haark.health.churn import DEFAULT
from haark.health.fitting import KEPT
from haark.health.outcomes import Outcome
from haark.settings import domain as settings

# «Of those who left, how many were red so many days before?»
WARNING = 90
# Departures that nobody saw coming are listed up to so many; all of them are counted.
LISTED = 30

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """An account as it would have been scored; `values` are the known features but the days to renewal: the date that
    Haark holds today may have been moved by what happened since."""

    score: int
    band: str
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Missed:
    """A departure that neither the colour 90 days before nor the probability had announced."""

    account_id: int
    renewal_id: int | None
    on: date
    score: int
    band: str
    probability: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One backtest. `verdict` is about the churn probability, `health_auc` about the score alone; `unscored` accounts
    had an outcome but no data on the day. `fitted`: the coefficients were learned, likely from these outcomes too, so
    that the figures flatter them. `bands_before`: of those who left, by their colour 90 days before; `red`: of
    those red on the day, how many left."""

    as_of: date
    horizon: int
    verdict: Verdict
    ended: bool
    fitted: bool
    unscored: int
    health_auc: backtest.Auc | None
    bands_before: dict[str, int]
    red: Share
    missed: tuple[Missed, ...]
    missed_count: int


def as_of(ids: Iterable[int], on: date) -> dict[int, Judged]:
    """Accounts that had data on a day, scored with it alone. Two dozen statements for each 500."""
    by, day = judging.model(), on - timedelta(queries.COMPARED)
    found = {}
    for chunk in accounts.chunks(ids):
        earlier = {ident: record.kept(one) for ident, one in judging.judged(chunk, day, {}, by)}
        for ident, one in judging.judged(chunk, on, earlier, by):
            if one.health.score is not None:
                values = churn.values(one.facts, one.health, one.before, on)
                values.pop(KEPT, None)
                found[ident] = Judged(one.health.score, one.health.band, values)
    return found


def run(day: date, horizon: int, today: date, step: Step | None = None) -> Trial:
    """Scores everybody as of a past day and holds it against who left in the `horizon` days after it.

    The coefficients are those in use today. `step` hears (accounts done, all).
    """
    happened = outcomes.after(day, day + timedelta(horizon), today)
    judged: dict[int, Judged] = {}
    for start in range(0, len(happened), accounts.CHUNK):
        judged |= as_of([one.account_id for one in happened[start : start + accounts.CHUNK]], day)
        if step:
            step(min(start + accounts.CHUNK, len(happened)), len(happened))
    seen = [one for one in happened if one.account_id in judged]
    adopted = queries.coefficients()
    coefficients = adopted or DEFAULT
    chance = [churn.weigh(judged[one.account_id].values, coefficients).probability for one in seen]
    left = [one.left for one in seen]
    verdict = backtest.verdict(chance, left)
    scores = [-judged[one.account_id].score for one in seen]
    red = [one.left for one in seen if judged[one.account_id].band == "red"]
    before = _bands_before([one for one in seen if one.left])
    missed = _missed(seen, judged, chance, before)
    return Trial(
        day,
        horizon,
        verdict,
        any(one.ended and not one.left for one in seen),
        adopted is not None,
        len(happened) - len(seen),
        backtest.auc(scores, left) if verdict.enough else None,
        {band: sum(1 for found in before.values() if found == band) for band in ("red", "yellow", "green", "")},
        backtest.wilson(sum(red), len(red)),
        tuple(missed[:LISTED]),
        len(missed),
    )


def seen_before(terms: Sequence[Outcome], lead: int, step: Step | None = None) -> dict[Outcome, Judged]:
    """Each outcome with its account as it was `lead` days before; those without data then are missing."""
    by_day: defaultdict[date, list[Outcome]] = defaultdict(list)
    for one in terms:
        by_day[one.on - timedelta(lead)].append(one)
    found: dict[Outcome, Judged] = {}
    for count, (day, ending) in enumerate(sorted(by_day.items()), start=1):
        judged = as_of([one.account_id for one in ending], day)
        found |= {one: judged[one.account_id] for one in ending if one.account_id in judged}
        if step:
            step(count, len(by_day))
    return found


def _bands_before(gone: Sequence[Outcome]) -> dict[Outcome, str]:
    seen = seen_before(gone, WARNING)
    return {one: seen[one].band if one in seen else "" for one in gone}


def _missed(
    seen: Sequence[Outcome], judged: dict[int, Judged], chance: Sequence[float], before: dict[Outcome, str]
) -> list[Missed]:
    """Those who left while neither red 90 days before nor above the probability of risk (a setting), surest first."""
    limit = settings.get("risk.churn")
    found = [
        Missed(one.account_id, one.renewal_id, one.on, judged[one.account_id].score, before[one], probability)
        for one, probability in zip(seen, chance, strict=True)
        if one.left and before[one] != "red" and probability < limit
    ]
    return sorted(found, key=lambda one: (one.probability, one.account_id))


def plain(trial: Trial) -> dict[str, Any]:
    """A trial as plain JSON, to be kept and shown."""
    return {
        **backtest.plain(trial.verdict),
        "as_of": trial.as_of.isoformat(),
        "horizon": trial.horizon,
        "ended": trial.ended,
        "fitted": trial.fitted,
        "unscored": trial.unscored,
        "health_auc": round(trial.health_auc.value, 4) if trial.health_auc else None,
        "bands_before": trial.bands_before,
        "red": {"left": trial.red.count, "n": trial.red.total},
        "missed": [
            {
                "account_id": one.account_id,
                "renewal_id": one.renewal_id,
                "on": one.on.isoformat(),
                "score": one.score,
                "band": one.band,
                "probability": round(one.probability, 4),
            }
            for one in trial.missed
        ],
        "missed_count": trial.missed_count,
    }
