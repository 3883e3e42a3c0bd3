"""What the page «Ce score dit-il vrai ?» shows: kept backtests, models, departures nobody saw coming. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import exp
from typing import Any

from sqlalchemy import select

from haark.accounts import queries as accounts
from haark.accounts.models import Account
from haark.extensions import db
from haark.health import learning
from haark.health.backtest import FEWEST, Share, wilson
from haark.health.churn import DEFAULT, FEATURES
from haark.health.models import ChurnModel, LossNote
from haark.jobs import queries as jobs
from haark.jobs.models import Job
from haark.people.models import User

BACKTEST, FIT = "health.backtest", "health.fit"
# The step by which the page words a coefficient, on the scale on which the feature enters; one unit, or one doubling,
# where nothing is said.
STEPS = {
    **dict.fromkeys(("health", "health_change", "usage", "engagement", "satisfaction", "history"), -10.0),
    **dict.fromkeys(("usage_change", "seat_share", "arr_change"), -0.1),
    **dict.fromkeys(("nps", "csat", "ticket_csat"), -1.0),
    "days_left": -30.0,
    "silence": 10.0,
}
# Tenths of the accounts that one bar of the lift holds, the most threatened first.
BARS = ((1,), (2,), (3, 4), (5, 6), (7, 8, 9, 10))


@dataclass(frozen=True, slots=True)
class Bar:
    """Some tenths together: `n` accounts, `losses`, `lift` against the mean; `percent` of all accounts, `first` when
    they are the most threatened, `last` the least."""

    percent: int
    n: int
    losses: int
    lift: float
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """A departure that the score did not announce, with what the team wrote of it (`version` 0: nothing yet)."""

    account_id: int
    renewal_id: int | None
    name: str
    on: date
    score: int
    band: str
    probability: float
    cause: str = ""
    note: str = ""
    author: str = ""
    at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Replayed:
    """A kept backtest. `found` is `replay.plain`; `at` when it was made."""

    found: dict[str, Any]
    at: datetime | None
    as_of: date
    before: Share
    red: Share
    misses: tuple[Miss, ...]

    @property
    def enough(self) -> bool:
        return self.found["auc"] is not None

    @property
    def stayed(self) -> int:
        return int(self.found["accounts"] - self.found["losses"])

    @property
    def bins(self) -> list[tuple[dict[str, Any], Share]]:
        """Each line of the calibration, with the interval of who left."""
        return [(one, wilson(round(one["observed"] * one["n"]), one["n"])) for one in self.found["calibration"]]

    @property
    def points(self) -> list[tuple[float, float, float, float, int]]:
        """The same for the drawing: predicted, observed, the interval's ends, accounts."""
        return [(one["predicted"], one["observed"], share.low, share.high, one["n"]) for one, share in self.bins]

    @property
    def bars(self) -> list[Bar]:
        tenths = {one["decile"]: one for one in self.found["lift"]}
        if not tenths:
            return []
        mean = self.found["losses"] / self.found["accounts"]
        made = []
        for group in BARS:
            n, losses = (sum(tenths[tenth][key] for tenth in group) for key in ("n", "losses"))
            ends = (group[0] == 1, group[-1] == len(tenths))
            made.append(Bar(10 * len(group), n, losses, losses / n / mean, *ends))
        return made


@dataclass(frozen=True, slots=True)
class Weight:
    """What one step of a feature does to the odds of leaving: «ten points less: x 2». None: not part of the model."""

    name: str
    published: float | None
    fitted: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """`job` and `fit`: the last of their kind, when it is under way or failed. `coefficients` are those in use."""

    replayed: Replayed | None
    job: jobs.Status | None
    fit: jobs.Status | None
    in_use: ChurnModel | None
    latest: ChurnModel | None
    people: dict[int, str]
    fewest: int = FEWEST

    @property
    def proposed(self) -> ChurnModel | None:
        """A newer fit that predicts better and waits for a person."""
        one = self.latest
        return one if one and one.adopted_at is None and one.figures["better"] else None

    @property
    def fitted(self) -> ChurnModel | None:
        """The model that stands beside the published one: the one in use, else the newest fit."""
        return self.in_use or self.latest

    @property
    def weights(self) -> list[Weight]:
        """Every feature of the published model and of the fitted one, as odds."""
        other: Mapping[str, float] = self.fitted.coefficients if self.fitted else {}
        return [
            Weight(name, _odds(DEFAULT, name), _odds(other, name))
            for name in FEATURES
            if name in DEFAULT or name in other
        ]


def _odds(coefficients: Mapping[str, float], name: str) -> float | None:
    return exp(coefficients[name] * STEPS.get(name, 1.0)) if name in coefficients else None


def last_asked() -> tuple[date, int] | None:
    """The day and horizon of the newest backtest; None when there was none."""
    row = db.session.scalar(select(Job.args).where(Job.kind == BACKTEST).order_by(Job.id.desc()).limit(1))
    return (date.fromisoformat(row["as_of"]), int(row["horizon"])) if row else None


def page(as_of: date, horizon: int) -> Page:
    """Everything for one day and horizon: eight statements at most."""
    kept, running = None, None
    for job in _jobs(BACKTEST, f"{BACKTEST}:{as_of}:{horizon}:"):
        if job.state == "done" and kept is None:
            kept = job
        elif running is None and kept is None and job.state in ("queued", "running", "failed"):
            running = job
    fits = _jobs(FIT, f"{FIT}:")
    fit = fits[0] if fits and fits[0].state != "done" else None
    used, latest = learning.in_use(), learning.latest()
    who = {one for model in (used, latest) if model for one in (model.fitted_by_id, model.adopted_by_id) if one}
    people = {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(who)))}
    return Page(
        _replayed(kept) if kept else None,
        jobs.status_of(running) if running else None,
        jobs.status_of(fit) if fit else None,
        used,
        latest,
        people,
    )


def miss(result: Replayed, account_id: int, renewal_id: int | None) -> Miss | None:
    """One departure of a backtest."""
    same = (account_id, renewal_id)
    return next((one for one in result.misses if (one.account_id, one.renewal_id) == same), None)


def next_turn(kind: str, what: str) -> int:
    """The number that makes a job's key new, or, while the last of the same is under way, that of the last."""
    asked = _jobs(kind, f"{kind}:{what}:")
    if not asked:
        return 1
    last = int(str(asked[0].key).rpartition(":")[2])
    return last if asked[0].is_open else last + 1


def _jobs(kind: str, key: str) -> Sequence[Job]:
    """The newest jobs of a kind whose key begins like this."""
    asked = select(Job).where(Job.kind == kind, Job.key.startswith(key, autoescape=True))
    return db.session.scalars(asked.order_by(Job.id.desc()).limit(5)).all()


def _replayed(job: Job) -> Replayed:
    found = dict(job.result)
    gone = found["bands_before"]
    return Replayed(
        found,
        job.finished_at,
        date.fromisoformat(found["as_of"]),
        wilson(gone["red"], sum(gone.values())),
        wilson(found["red"]["left"], found["red"]["n"]),
        _misses(found["missed"]),
    )


def _misses(kept: list[dict[str, Any]]) -> tuple[Miss, ...]:
    """Two statements. An account that is not there any more is left out."""
    ids = sorted({one["account_id"] for one in kept})
    if not ids:
        return ()
    rows = select(Account.id, Account.name).where(accounts.within(Account.id, ids), Account.deleted_at.is_(None))
    names = {row.id: row.name for row in db.session.execute(rows)}
    notes = {(note.account_id, note.renewal_id): (note, author) for note, author in _notes(ids)}
    found = []
    for one in kept:
        if one["account_id"] in names:
            facts = {**one, "on": date.fromisoformat(one["on"]), "name": names[one["account_id"]]}
            note, author = notes.get((one["account_id"], one["renewal_id"]), (None, None))
            written = {}
            if note:
                written = {"cause": note.cause, "note": note.note, "at": note.at, "version": note.version}
            found.append(Miss(**facts, **written, author=author or ""))
    return tuple(found)


def _notes(ids: Sequence[int]) -> Sequence[Any]:
    """(note, its author's name)."""
    rows = select(LossNote, User.name).outerjoin(User, User.id == LossNote.author_id)
    return db.session.execute(rows.where(accounts.within(LossNote.account_id, ids))).all()
