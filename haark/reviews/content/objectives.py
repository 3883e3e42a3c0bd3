"""The client's objectives, and how far they have come."""

from haark.decks.outline import Bullets, Cell, Column, ObjectiveCard, Objectives, Progress, Status, Table, Text, Tone
from haark.reviews import rules
from haark.reviews.content import standing
from haark.reviews.content.context import Composer, Draft, shorten
from haark.reviews.rules import Standing

TONES: dict[str, Tone] = {"green": "ok", "yellow": "warn", "red": "bad", "unknown": "neutral"}
TITLE = 60


def objectives(make: Composer) -> Draft:
    """Slide 3: what the client wants to reach, from where, until when."""
    found = standing.standings(make)
    cards = tuple(_card(make, item) for item in found)
    points = make.lines("points", [])
    if not found:
        make.gap("objectives")
    last = max((item.due_on for item in found if item.due_on), default=None)
    key = "objectives.headline" if last else "objectives.headline.undated"
    headline = make.say(
        key if found else "objectives.headline.none",
        len(found),
        client=make.client,
        date=make.day(last),
        first=shorten(found[0].title, TITLE) if found else "",
    )
    blocks = [Objectives(cards)] if cards else []
    rest = [Bullets(make.say("points"), points)] if points else []
    return make.draft(
        headline, [*blocks, *rest], sources=["plan"] if cards else [], note=_agreed(make, found), split=0.62
    )


def progress(make: Composer) -> Draft:
    """Slide 7: target, present value, way covered, and the state with its word."""
    found = standing.standings(make)
    for item in found:
        make.figure(f"objective.{item.ident}")
    rows = tuple(_row(make, item) for item in found)
    points = make.lines("points", [])
    if not found:
        make.gap("objectives")
    elif any(item.current is None for item in found):
        make.gap("current")
    columns = (
        Column(make.say("column.objective"), 2.6),
        Column(make.say("column.baseline"), 0.9, "right"),
        Column(make.say("column.target"), 1.0, "right"),
        Column(make.say("column.current"), 1.0, "right"),
        Column(make.say("column.way"), 1.4),
        Column(make.say("column.state"), 1.4),
        Column(make.say("column.next"), 2.6),
    )
    blocks = [Table(columns, rows)] if rows else []
    rest = [Bullets(make.say("points"), points)] if points else []
    return make.draft(
        _headline(make, found), [*blocks, *rest], sources=["plan"] if rows else [], note=make.say("progress.notes")
    )


def word(make: Composer, item: Standing) -> str:
    """The state in a word, so that colour is never alone."""
    return make.say("state.reached" if item.reached else f"state.{item.state}")


def _headline(make: Composer, found: list[Standing]) -> str:
    count, worst = rules.tally(found), rules.worst(found)
    values = {"client": make.client, "met": count.met, "total": count.total}
    if not found:
        return make.say("progress.headline.none", **values)
    if count.met == count.total:
        return make.say("progress.headline.all", count.total, **values)
    if worst is not None:
        return make.say("progress.headline.worst", count.met, worst=shorten(worst.title, TITLE), **values)
    if count.unknown:
        return make.say("progress.headline.unknown", count.met, unknown=count.unknown, **values)
    return make.say("progress.headline.way", count.met, **values)


def _card(make: Composer, item: Standing) -> ObjectiveCard:
    return ObjectiveCard(
        name=make.text(f"name.{item.ident}", item.title, of=item.title),
        target=standing.target(make, item) if item.target is not None else "–",
        target_caption=make.say("target.by", date=make.day(item.due_on)) if item.due_on else make.say("target"),
        baseline_label=make.say("column.baseline") if item.baseline is not None else "",
        baseline=standing.amount(make, item.baseline, item.unit) if item.baseline is not None else "",
        why=make.text(f"why.{item.ident}", item.why, of=item.title),
    )


def _row(make: Composer, item: Standing) -> tuple[Cell, ...]:
    def shown(number: float | None) -> str:
        return "–" if number is None else standing.amount(make, number, item.unit)

    covered = None if item.progress is None else f"{round(item.progress * 100)}\u00a0%"
    return (
        Text(make.text(f"name.{item.ident}", item.title, of=item.title), strong=True),
        Text(shown(item.baseline), muted=True),
        Text(standing.target(make, item) if item.target is not None else "–"),
        Text(shown(item.current), strong=True),
        Progress(item.progress, TONES[item.state], covered or make.say("unknown")),
        Status(TONES[item.state], word(make, item)),
        Text(make.text(f"next.{item.ident}", _next(make, item), of=item.title)),
    )


def _next(make: Composer, item: Standing) -> str:
    if item.reached:
        return make.say("next.keep")
    if item.current is None:
        return make.say("next.measure", kpi=shorten(item.kpi or item.title, TITLE))
    if item.target is None:
        return make.say("next.target")
    missing = standing.amount(make, abs(item.target - item.current), item.unit)
    if item.due_on and item.due_on > make.on:
        return make.say("next.missing.by", missing=missing, date=make.day(item.due_on))
    return make.say("next.missing", missing=missing)


def _agreed(make: Composer, found: list[Standing]) -> str:
    dated = [item for item in found if item.agreed_on]
    if not dated:
        return make.say("objectives.notes")
    latest = max(dated, key=lambda item: (item.agreed_on is not None, item.agreed_on))
    return make.say("objectives.notes.agreed", date=make.day(latest.agreed_on), who=latest.agreed_by or make.client)
