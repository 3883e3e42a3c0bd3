"""When the next review of an account is due, and why (RV-2). Pure: plain values in, a date with its reasons out.

Five things ask for a review: the calendar of the policy, a renewal in 90 days, a major go-live, a change of sponsor or
champion, a significant health drop. Each gives a candidate; the earliest wins. A candidate whose day has passed becomes
today plus its lead time and is late. What happened is answered once a review was held on that day or later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from haark.accounts.rules import add_months
from haark.cadence import rules
from haark.cadence.policy import RANKS, Line, Policy

# In this order when two candidates fall on one day: the one that says more about why comes first.
REASONS = ("override", "renewal", "health", "contact", "golive", "calendar")
RENEWAL_DAYS = 90  # RV-2: a review so many days before the renewal, and a health drop is urgent from there on
LOOKBACK_DAYS = 365  # go-lives and changes of people older than this ask for nothing any more
WINDOW_DAYS = 30  # a health drop is measured against the score of so many days before

Leads = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened on a day: a go-live (its name) or a change of people (name, role, left|arrived|role)."""

    on: date
    name: str = ""
    role: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Drop:
    """A significant fall of the score: from, to (0-100), and the first day on which it showed."""

    since: date
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Override:
    """A person's own date, with the reason given."""

    kind: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an account. `held`: the last review held by kind; `started_on`: its first go-live, else its
    contract, else its first revenue; `arr_cents` in the organisation's currency. None: unknown."""

    arr_cents: int | None = None
    started_on: date | None = None
    renewal_on: date | None = None
    held: Mapping[str, date] = field(default_factory=dict)
    golives: Sequence[Happening] = ()
    changes: Sequence[Happening] = ()
    drop: Drop | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A day by which to hold a review. `due`: the day the reason itself gives; `on` differs from it when `late`.

    `facts` are the numbers of the reason, as JSON holds them (dates in ISO form).
    """

    reason: str
    kind: str
    on: date
    due: date
    late: bool
    facts: Mapping[str, Any]

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "reason": self.reason,
            "kind": self.kind,
            "on": self.on.isoformat(),
            "due": self.due.isoformat(),
            "late": self.late,
            "facts": dict(self.facts),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Candidate":
        return cls(**{**kept, "on": date.fromisoformat(kept["on"]), "due": date.fromisoformat(kept["due"])})


def next_review(
    known: Standing, policy: Policy, leads: Leads, on: date, fiscal_start: int = 1
) -> tuple[Candidate, ...]:
    """Every candidate as of a day, the one that counts first: a person's date, else the earliest. Empty: none is due.

    `leads`: days to hold a review in, by reason (the setting `review.lead_days`). `fiscal_start`: month, 1-12. A client
    who pays nothing (any more) is only due a review when a person says so.
    """
    if known.arr_cents == 0:
        return tuple(_override(known, leads, on))
    kind = policy.kind(known.arr_cents)
    found = [
        *_calendar(known, policy, leads, on, fiscal_start),
        *_renewal(known, kind, leads, on),
        *_earliest(_after("golive", known, known.golives, kind, leads, on)),
        *_earliest(_after("contact", known, known.changes, kind, leads, on)),
        *_health(known, kind, leads, on),
        *_override(known, leads, on),
    ]
    return tuple(sorted(found, key=lambda one: (one.reason != "override", one.on, REASONS.index(one.reason))))


def drop_of(scores: Mapping[date, int], on: date, now: int, change: int, points: int) -> Drop | None:
    """A fall of at least `points`, where `change` is the score `now` (day `on`) against 30 days before, and since when
    it shows.

    `scores` by day. A day whose counterpart 30 days before was not scored neither confirms nor ends the fall.
    """
    if change > -points:
        return None
    since = on
    for day in sorted((day for day in scores if on - timedelta(WINDOW_DAYS) < day < on), reverse=True):
        then = scores.get(day - timedelta(WINDOW_DAYS))
        if then is None:
            continue
        if then - scores[day] < points:
            break
        since = day
    return Drop(since, now - change, now)


def _candidate(reason: str, kind: str, due: date, lead: int, on: date, facts: Mapping[str, Any]) -> Candidate:
    late = due < on
    return Candidate(reason, kind, on + timedelta(lead) if late else due, due, late, facts)


def _earliest(found: Iterable[Candidate]) -> list[Candidate]:
    first = min(found, key=lambda one: (one.on, one.due), default=None)
    return [] if first is None else [first]


def _answered(known: Standing, since: date) -> bool:
    return any(day >= since for day in known.held.values())


def _calendar(known: Standing, policy: Policy, leads: Leads, on: date, fiscal_start: int) -> list[Candidate]:
    """The regular reviews; where an executive one falls into the quarter of a quarterly one it takes its place."""
    found = [one for line in policy.calendar(known.arr_cents) if (one := _regular(known, line, leads, on)) is not None]
    executive = next((one for one in found if one.kind == "ebr"), None)
    if executive is None:
        return found
    quarter = rules.containing(executive.on, "quarter", fiscal_start)
    others = [one for one in found if one is not executive]
    replaced = [one for one in others if quarter.start <= one.on <= quarter.end]
    first = min([executive, *replaced], key=lambda one: one.on)
    facts = first.facts if first is executive else {**first.facts, "replaces": first.kind}
    joint = Candidate("calendar", "ebr", first.on, first.due, first.late, facts)
    return [*(one for one in others if one not in replaced), joint]


def _regular(known: Standing, line: Line, leads: Leads, on: date) -> Candidate | None:
    counting = [(day, kind) for kind, day in known.held.items() if RANKS[kind] >= RANKS[line.kind]]
    last, held = max(counting, default=(known.started_on, ""))
    if last is None:
        return None
    due = add_months(last, line.months)
    facts = {"since": last.isoformat(), "held": held, "months": line.months}
    return _candidate("calendar", line.kind, due, leads["calendar"], on, facts)


def _renewal(known: Standing, kind: str, leads: Leads, on: date) -> list[Candidate]:
    """90 days before the end of the running term; none once the term is over."""
    if known.renewal_on is None or known.renewal_on < on:
        return []
    due = known.renewal_on - timedelta(RENEWAL_DAYS)
    if _answered(known, due):
        return []
    return [_candidate("renewal", kind, due, leads["renewal"], on, {"renewal": known.renewal_on.isoformat()})]


def _after(
    reason: str, known: Standing, happened: Iterable[Happening], kind: str, leads: Leads, on: date
) -> list[Candidate]:
    """Within the lead time of what happened and was not talked about since."""
    return [
        _candidate(
            reason,
            kind,
            one.on + timedelta(leads[reason]),
            leads[reason],
            on,
            {"since": one.on.isoformat(), "name": one.name, "role": one.role, "kind": one.kind},
        )
        for one in happened
        if on - timedelta(LOOKBACK_DAYS) < one.on <= on and not _answered(known, one.on)
    ]


def _health(known: Standing, kind: str, leads: Leads, on: date) -> list[Candidate]:
    drop = known.drop
    if drop is None or _answered(known, drop.since):
        return []
    days = None if known.renewal_on is None else (known.renewal_on - on).days
    urgent = days is not None and 0 <= days <= RENEWAL_DAYS
    lead = leads["health_urgent" if urgent else "health"]
    facts = {
        "since": drop.since.isoformat(),
        "before": drop.before,
        "now": drop.now,
        "renewal": known.renewal_on.isoformat() if urgent and known.renewal_on else None,
    }
    return [_candidate("health", kind, drop.since + timedelta(lead), lead, on, facts)]


def _override(known: Standing, leads: Leads, on: date) -> list[Candidate]:
    own = known.override
    if own is None:
        return []
    return [_candidate("override", own.kind, own.on, leads["calendar"], on, {"reason": own.reason})]
