"""The decisions that the data calls for (XB-5), sought on the agenda and noted in the recap."""

from haark.reviews import rules
from haark.reviews.content import standing
from haark.reviews.content.context import Composer, shorten

MOST = 3
TITLE = 60


def sought(make: Composer) -> list[str]:
    """At most three, the most pressing first: an objective off track, an urgent request, the plan, an opportunity."""
    found = standing.standings(make)
    worst = rules.worst(found)
    next_period = make.period("after")
    told = []
    if worst is not None:
        told.append(make.say("decision.objective", title=shorten(worst.title, TITLE)))
    urgent = [t for t in make.facts["tickets"]["listed"] if t["closed"] is None and t["priority"] in ("high", "urgent")]
    if urgent and urgent[0]["subject"]:
        told.append(make.say("decision.ticket", title=shorten(urgent[0]["subject"], TITLE)))
    aims = standing.next_objectives(make)
    if aims:
        told.append(make.say("decision.plan", len(aims), next=next_period))
    if make.material.allowed and make.facts["opportunities"]:
        told.append(make.say("decision.opportunity", title=shorten(make.facts["opportunities"][0]["name"], TITLE)))
    return told[:MOST]


def agreed(make: Composer) -> list[str]:
    """What the agenda shows, a person's own words included: the recap starts from it."""
    edit = make.material.edits.get(("agenda", "decisions"))
    return [line for line in edit.text.splitlines() if line.strip()] if edit else sought(make)
