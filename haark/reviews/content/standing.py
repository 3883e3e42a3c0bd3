"""Objectives as several slides need them: judged with the figures in force, and those proposed for the next period."""

from haark import formats
from haark.reviews import figures, rules
from haark.reviews.content.context import Composer
from haark.reviews.rules import Proposal, Standing


def standings(make: Composer) -> list[Standing]:
    """The plan's objectives on the day of the snapshot, a person's own values taken in."""
    current = {item["id"]: make.material.figures[f"objective.{item['id']}"].value for item in make.facts["objectives"]}
    return rules.standings(make.facts["objectives"], current, make.on)


def supports(make: Composer) -> list[rules.Support]:
    """Trainings and activations that the adoption of features suggests."""
    return rules.supports(make.facts["usage"]["features"], adoption(make))


def adoption(make: Composer) -> dict[str, float | None]:
    """Share of the active users by feature key, a person's own values taken in."""
    found: dict[str, float | None] = {}
    for feature in make.facts["usage"]["features"]:
        figure = make.material.figures.get(figures.feature_key(feature["key"]))
        found[feature["key"]] = figure.value if figure else None
    return found


def proposals(make: Composer) -> list[Proposal]:
    """Objectives that the figures suggest for the next period."""
    trainings = [item for item in supports(make) if item.kind == "training"]

    def value(key: str) -> float | None:
        figure = make.material.figures.get(key)
        return figure.value if figure else None

    return rules.proposals(
        value("usage.active"),
        value("usage.seats"),
        trainings[0] if trainings else None,
        value("support.median_hours") if (value("support.resolved") or 0) >= rules.ENOUGH_REQUESTS else None,
        [item for item in standings(make) if not item.reached],
    )


def next_objectives(make: Composer) -> list[str]:
    """What to aim at next: the unmet objectives still running, then what the figures suggest, measurable and dated."""
    end = make.facts["periods"]["after"]["end"]
    told = []
    for item in standings(make):
        if not item.reached and item.target is not None:
            due = item.due_on if item.due_on and item.due_on > make.on else figures.day(end)
            told.append(make.say("aim.objective", title=item.title, target=target(make, item), date=make.day(due)))
    for proposal in proposals(make):
        told.append(_proposed(make, proposal, end))
    return told[:4]


def target(make: Composer, item: Standing) -> str:
    """«90 %», «≤ 4,40 €»: the target with its comparator where that is «at most»."""
    shown = amount(make, item.target, item.unit)
    return f"≤\u00a0{shown}" if item.comparator == "le" else shown


def amount(make: Composer, number: float | None, unit: str) -> str:
    """A value of an objective in its own unit."""
    return figures.show_value(number, f"own:{unit}", make.language)


def _proposed(make: Composer, proposal: Proposal, end: str) -> str:
    unit = {"seats": "count", "adoption": "share", "resolution": "hours"}[proposal.kind]
    return make.say(
        f"aim.{proposal.kind}",
        name=proposal.name,
        baseline=figures.show_value(proposal.baseline, unit, make.language),
        target=figures.show_value(proposal.target, unit, make.language),
        seats=formats.number(make.facts["account"]["seats"], make.language),
        date=make.day(end),
    )
