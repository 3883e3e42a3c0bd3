"""The executive summary (RV-12): where the project stands, who is involved, their goals, what changed. Two minutes."""

from haark.decks.outline import Block, Callout, Columns, Panel
from haark.reviews import figures, promises, rules
from haark.reviews.content import objectives, standing
from haark.reviews.content.context import Composer, Draft, shorten

MOST_PEOPLE = 5
MOST_GOALS = 4
MOST_CHANGES = 5
TITLE = 60


def summary(make: Composer) -> Draft:
    """The slide after the agenda: on by default for an executive review, a person can show it on any other."""
    panels = tuple(
        Panel(make.say(f"summary.{name}"), items)
        for name, items in (
            ("state", make.lines("state", _state(make))),
            ("people", make.lines("people", _people(make))),
            ("goals", make.lines("goals", _goals(make))),
            ("changes", make.lines("changes", _changes(make))),
        )
        if items
    )
    rating = make.text("rating", _rating(make))
    if len(panels) < 2:
        make.gap("summary")
    blocks: list[Block] = [Columns(panels)] if len(panels) > 1 else []
    if rating and blocks:
        blocks.append(Callout(rating, make.say("summary.rating")))
    sources = ["plan", *(["usage"] if make.figure("usage.active") else []), "crm"] if blocks else []
    return make.draft(_headline(make), blocks, sources=sources, note=make.say("summary.notes"))


def _headline(make: Composer) -> str:
    found = standing.standings(make)
    count = rules.tally(found)
    values = {"client": make.client, "period": make.period(), "met": count.met, "total": count.total}
    if not found:
        return make.say("summary.headline.none", **values)
    if count.behind:
        return make.say("summary.headline.behind", count.behind, **values)
    return make.say("summary.headline.way", count.met, **values)


def _state(make: Composer) -> list[str]:
    """How the objectives and the promises stand, in words; the person's rating stands apart."""
    count = rules.tally(standing.standings(make))
    told = [
        make.say(f"summary.objectives.{name}", n)
        for name, n in (("met", count.met), ("way", count.on_way), ("behind", count.behind), ("unknown", count.unknown))
        if n
    ]
    kept = make.facts.get("promises")
    if kept:
        graded = promises.count([promises.grade(item, make.on) for item in kept["items"]])
        told.append(make.say("summary.promises", graded.total, done=graded.done))
    urgent = make.figure("support.open_urgent")
    if urgent is not None and urgent.value:
        told.append(make.say("summary.urgent", round(urgent.value)))
    return told


def _people(make: Composer) -> list[str]:
    """Theirs by role, ours last."""
    known = [person for person in make.facts["contacts"] if person["role"] != "other"] or make.facts["contacts"]
    told = [make.say("summary.person", name=p["name"], role=make.say(f"role.{p['role']}")) for p in known]
    ours = make.facts["account"]["owner"]
    mine = [make.say("summary.person", name=ours, role=make.material.vendor)] if ours and make.material.vendor else []
    return [*told[: MOST_PEOPLE - len(mine)], *mine]


def _goals(make: Composer) -> list[str]:
    return [
        make.say("pair", label=shorten(item.title, TITLE), value=objectives.word(make, item))
        for item in standing.standings(make)[:MOST_GOALS]
    ]


def _changes(make: Composer) -> list[str]:
    """What is different from the period before: use, opinion, go-lives, requests, what was reached."""
    told = [make.say("summary.golive", name=shorten(live["name"], TITLE)) for live in make.facts["golives"]]
    for key in ("usage.active", "usage.events", "relation.nps"):
        figure = make.figure(key)
        if figure is None or rules.trend(figure.change) not in ("up", "down"):
            continue
        before = figures.show_value(figure.previous, figure.unit, make.language, make.currency)
        told.append(make.say(f"summary.change.{key}", now=make.show(figure), before=before))
    resolved = make.figure("support.resolved")
    if resolved is not None and resolved.value:
        told.append(make.say("summary.resolved", round(resolved.value)))
    done = [item for item in make.facts["actions"] if item["state"] == "done"]
    if done:
        told.append(make.say("summary.actions", len(done)))
    return told[:MOST_CHANGES]


def _rating(make: Composer) -> str:
    """A person's word on the project; the comment is ours and never printed."""
    said = make.facts.get("project")
    if not said:
        return ""
    return make.say(
        "summary.rating.value",
        rating=said["rating"],
        author=said["author"] or make.material.vendor,
        date=make.day(said["on"]),
    )
