"""What Haark can see of the preparation by itself: from the frozen facts, the slides and the invitations. Pure.

An item that is not named here is a person's alone (client research, a tested link, a plan for an absence).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from haark.reviews.checklist.rules import Sight

Facts = Mapping[str, Any]
DATA = ("usage", "health", "surveys", "tickets", "exchanges", "arr", "objectives", "deck", "roi")


@dataclass(frozen=True, slots=True)
class Traces:
    """What was done for the review besides its facts.

    `own`: texts, figures and slides of a person's own. The others count the client's people: chosen, invited (the last
    one on the day `invited_on`), confirmed, silent (invited and without an answer).
    """

    own: int = 0
    invited: int = 0
    invited_on: date | None = None
    chosen: int = 0
    confirmed: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide as the deck has it. `kind`: '' for a standard one; `shown`: filled and not hidden."""

    key: str
    kind: str
    shown: bool


def sights(facts: Facts | None, roi_percent: float | None, slides: Sequence[Slide], traces: Traces) -> dict[str, Sight]:
    """What was seen, by item. Without `facts` the review was not generated: its items say so and stay open."""
    found = _logistics(traces)
    if facts is None:
        return found | {key: Sight(False, "not_generated") for key in (*DATA, "stories", "roadmap", "expansion")}
    return found | _data(facts) | _presentation(facts, roi_percent, slides, traces)


def _data(facts: Facts) -> dict[str, Sight]:
    taken = {"on": facts["taken_on"]}
    now = facts["usage"]["now"]
    features = sum(1 for item in facts["usage"]["features"] if item["events"])
    logins = now["logins"]
    used = logins if logins is not None else now["events"]
    health, before = facts["health"]["now"], facts["health"]["before"]
    nps, csat = facts["surveys"]["nps"]["now"], facts["surveys"]["csat"]["now"]
    tickets, talked, goals = facts["tickets"], facts["interactions"], facts["objectives"]
    measured = sum(1 for goal in goals if goal["current"] is not None)
    change = None if None in (health["score"], before["score"]) else health["score"] - before["score"]
    mean = csat["sum"] / csat["answers"] if csat["answers"] else None
    score = round(100 * (nps["promoters"] - nps["detractors"]) / nps["answers"]) if nps["answers"] else None
    arr = facts["revenue"]["end"]
    return {
        "usage": Sight(
            used is not None,
            "usage.none" if used is None else "usage" if logins is not None else "usage.actions",
            {"count": used, "features": features, **taken},
        ),
        "health": Sight(
            health["score"] is not None,
            "health" if health["score"] is not None else "health.none",
            {"score": health["score"], "change": change, **taken},
        ),
        "surveys": Sight(
            bool(nps["answers"] or csat["answers"]),
            "surveys" if nps["answers"] else "surveys.csat" if csat["answers"] else "surveys.none",
            {"nps": score, "answers": nps["answers"] or csat["answers"], "csat": mean},
        ),
        "tickets": Sight(
            tickets["any"],
            "tickets" if tickets["any"] else "tickets.none",
            {name: tickets["now"][name] for name in ("opened", "resolved", "open")},
        ),
        "exchanges": Sight(bool(talked["now"]), "exchanges", {"now": talked["now"], "before": talked["before"]}),
        "arr": Sight(
            arr is not None,
            "arr" if arr is not None else "arr.none",
            {"arr": arr, "currency": facts["account"]["currency"], "deals": len(facts["opportunities"])},
        ),
        "objectives": Sight(
            bool(goals) and measured == len(goals),
            "objectives" if goals else "objectives.none",
            {"count": len(goals), "measured": measured},
        ),
    }


def _presentation(facts: Facts, roi_percent: float | None, slides: Sequence[Slide], traces: Traces) -> dict[str, Sight]:
    shown = [slide for slide in slides if slide.shown]

    def present(key: str, kind: str) -> bool:
        return any(slide.key == key or (kind and slide.kind == kind) for slide in shown)

    stories, roadmap, expansion = (
        present("stories", "story"),
        present("roadmap", "roadmap"),
        present("opportunities", ""),
    )
    return {
        "deck": Sight(True, "deck", {"on": facts["taken_on"], "own": traces.own}),
        "roi": Sight(roi_percent is not None, "roi" if roi_percent is not None else "roi.none", {"roi": roi_percent}),
        "stories": Sight(stories, "stories" if stories else "stories.none"),
        "roadmap": Sight(roadmap, "roadmap" if roadmap else "roadmap.none"),
        "expansion": Sight(expansion, "expansion" if expansion else "expansion.none"),
    }


def _logistics(traces: Traces) -> dict[str, Sight]:
    sent = traces.invited > 0
    answered = sent and traces.silent == 0 and traces.confirmed > 0
    return {
        "invitation": Sight(
            sent, "invitation" if sent else "invitation.none", {"count": traces.invited, "on": traces.invited_on}
        ),
        "participants": Sight(
            answered,
            "participants" if traces.chosen else "participants.none",
            {"confirmed": traces.confirmed, "chosen": traces.chosen},
        ),
    }
