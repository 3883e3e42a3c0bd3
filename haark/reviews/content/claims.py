"""Value as claims (XB-2): what the client confirmed is a fact with who and when, else an estimate with its formula."""

from collections.abc import Mapping
from typing import Any

from haark.reviews import figures
from haark.reviews.content.context import Composer
from haark.value import rules as value

Line = Mapping[str, Any]


def lines(make: Composer) -> list[Line]:
    """The lines of the calculation that count, as the facts hold them."""
    case = make.facts["roi"]
    return [line for line in case["lines"] if _gain(line) is not None] if case else []


def confirmed(make: Composer) -> bool:
    """Whether the client confirmed every gain that counts, and nobody of ours replaced the total since."""
    kept = lines(make)
    gain = make.material.figures.get("value.gain")
    return bool(kept) and all(line.get("confirmed_on") for line in kept) and not (gain and gain.override)


def by_whom(make: Composer) -> str:
    """«confirmé par Anne Leclerc le 12 oct. 2026»: the latest confirmation."""
    last = max(lines(make), key=lambda line: str(line.get("confirmed_on")))
    who = last.get("confirmed_by") or make.client
    return make.say("claim.confirmed", who=who, date=make.day(last["confirmed_on"]))


def assumptions(make: Composer) -> str:
    """Each line and each cost in one sentence, for the footer (RO-4): estimates with their formula, facts with who."""
    result = figures.evaluated(make.facts)
    if result is None:
        return ""
    told = [_told(make, line) for line in lines(make)]
    costs = [
        make.say(f"assumption.{name}", amount=_money(make, cents))
        for name, cents in (("licence", result.licence_cents), ("one_time", result.one_time_cents))
        if cents is not None
    ]
    return make.say("assumptions", list=make.say("list.joint").join([*told, *costs])) if told or costs else ""


def between(make: Composer) -> str:
    """«Entre 123 200 € et 246 400 € par an selon le scénario»; nothing where no other case was given."""
    low, high = (figures.evaluated_as(make.facts, case) for case in ("low", "high"))
    if low is None or high is None or low.yearly_gain_cents == high.yearly_gain_cents:
        return ""
    return make.say("claim.range", low=_money(make, low.yearly_gain_cents), high=_money(make, high.yearly_gain_cents))


def _told(make: Composer, line: Line) -> str:
    label = line["label"] or make.say(f"category.{line['category']}")
    gain = _money(make, _gain(line))
    if line.get("confirmed_on"):
        who = make.say(
            "claim.confirmed", who=line.get("confirmed_by") or make.client, date=make.day(line["confirmed_on"])
        )
        said = make.say("claim.fact", label=label, amount=gain, confirmed=who)
    elif line["amount_cents"] is None:
        said = make.say("claim.estimate", label=label, formula=_formula(make, line))
    else:
        said = make.say("claim.stated", label=label, amount=gain)
    known = [part for part in (_compared(make, line), line.get("source") or "") if part]
    return f"{said} ({', '.join(known)})" if known else said


def _formula(make: Composer, line: Line) -> str:
    """«10 × 8 h × 220 j × 35 € × 30 %»."""
    return make.say(
        "claim.formula",
        people=make.amount(line["people"], None),
        hours=make.amount(line["hours_per_day"], None),
        days=make.amount(line["days_per_year"], None),
        cost=_money(make, line["hourly_cost_cents"]),
        share=make.amount(line["saved_percent"], None),
    )


def _compared(make: Composer, line: Line) -> str:
    before, now = line.get("baseline") or "", line.get("present") or ""
    return make.say("claim.compared", before=before, now=now) if before and now else ""


def _gain(line: Line) -> int | None:
    return value.gain_of(figures.line_of(line)).gain_cents


def _money(make: Composer, cents: int | None) -> str:
    return figures.show_value(cents, "money", make.language, make.currency)
