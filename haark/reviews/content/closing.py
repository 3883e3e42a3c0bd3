"""Opportunities, and the recap that ends the meeting."""

from collections.abc import Mapping
from typing import Any

from haark.decks.outline import Block, Bullets, Cell, Column, Decisions, NextDate, Table, Text
from haark.reviews import figures, rules
from haark.reviews.content import decisions
from haark.reviews.content.context import Composer, Draft, shorten

MOST_ROWS = 6
MOST_ACTIONS = 8


def opportunities(make: Composer) -> Draft:
    """Slide 11: open proposals and premium features not in use. Off unless a person turned it on."""
    deals, unused = rules.openings(make.facts["opportunities"], make.facts["usage"]["features"])
    deals = deals[:MOST_ROWS]
    rows = [_deal(make, item) for item in deals] + [_feature(make, item) for item in unused[: MOST_ROWS - len(deals)]]
    points = make.lines("points", [])
    if not rows:
        make.gap("opportunities")
    columns = (
        Column(make.say("column.opportunity"), 2.6),
        Column(make.say("column.benefit"), 3.4),
        Column(make.say("column.amount"), 1.2, "right"),
    )
    blocks: list[Block] = [Table(columns, tuple(rows))] if rows else []
    if points:
        blocks.append(Bullets(make.say("points"), points))
    first = deals[0]["name"] if deals else unused[0]["name"] if unused else ""
    key = "opportunities.headline" if first else "opportunities.headline.none"
    headline = make.say(key, len(rows), client=make.client, first=shorten(first, 60))
    sources = (["crm"] if deals else []) + (["usage"] if unused and len(rows) > len(deals) else [])
    return make.draft(headline, blocks, sources=sources, note=make.say("opportunities.notes"))


def recap(make: Composer) -> Draft:
    """Slide 12: decisions sought before the meeting, taken after it; actions with owner and date; the next review."""
    held = make.material.held
    taken = make.lines("taken", held.decisions) if held else make.lines("decisions", decisions.agreed(make))
    waiting = [item for item in make.facts["actions"] if item["state"] != "done"][:MOST_ACTIONS]
    rows = tuple(_action(make, item) for item in waiting)
    added = make.lines("points", [])
    coming = make.text("next_date", _next_date(make)).strip()
    if not rows and not added:
        make.gap("actions")
    if not coming:
        make.gap("next_date")
    columns = (
        Column(make.say("column.action"), 3.2),
        Column(make.say("column.owner"), 1.6),
        Column(make.say("column.due"), 1.2),
    )
    blocks: list[Block] = [Table(columns, rows)] if rows else []
    if added:
        blocks.append(Bullets(make.say("recap.added"), added))
    title = make.say("decisions.taken", date=make.day(held.on)) if held else make.say("decisions.sought")
    aside: list[Block] = [Decisions(title, taken)] if taken else []
    if coming:
        aside.append(NextDate(make.say("next_date"), coming))
    if not blocks:
        blocks, aside = aside, []
    last = max((item["due_on"] for item in waiting if item["due_on"]), default=None)
    values = {
        "client": make.client,
        "actions": make.say("actions", len(rows)),
        "decisions": make.say("decisions", len(taken)),
    }
    decided = ".taken" if held else ".decisions"
    key = "recap.headline" + (
        ".none" if not rows and not taken else "" if rows and taken else ".actions" if rows else decided
    )
    headline = make.say(
        key + (".by" if rows and last else ""), date=make.day(last), next=make.period("after"), **values
    )
    return make.draft(headline, blocks, aside, sources=["plan"] if rows else [], note=make.say("recap.notes"))


def _next_date(make: Composer) -> str:
    """The day agreed in the room, else the one that is planned, else the last one the policy allows; unknown: empty."""
    held, known = make.material.held, make.facts.get("next")
    if held and held.next_on:
        return make.day(held.next_on)
    if not known:
        return ""
    return make.day(known["on"]) if known["planned"] else make.say("next_date.by", date=make.day(known["on"]))


def _deal(make: Composer, item: Mapping[str, Any]) -> tuple[Cell, ...]:
    name = make.text(f"name.{item['id']}", shorten(item["name"], 80), of=item["name"])
    benefit = make.text(f"benefit.{item['id']}", "", of=item["name"])
    amount = (
        "–"
        if item["amount_cents"] is None
        else figures.show_value(item["amount_cents"], "money", make.language, make.currency)
    )
    return (Text(name, strong=True), Text(benefit), Text(amount))


def _feature(make: Composer, item: Mapping[str, Any]) -> tuple[Cell, ...]:
    benefit = make.text(f"benefit.{item['key'][:40]}", make.say("benefit.feature"), of=item["name"])
    return (Text(item["name"], strong=True), Text(benefit), Text("–"))


def _action(make: Composer, item: dict[str, Any]) -> tuple[Cell, ...]:
    title = make.text(f"action.{item['id']}", shorten(item["title"], 110), of=item["title"])
    owner = item["owner"]
    if owner and item["side"] == "theirs":
        owner = make.say("owner.theirs", name=owner, client=shorten(make.client, 24))
    return (Text(title, strong=True), Text(owner or "–"), Text(make.day(item["due_on"]) if item["due_on"] else "–"))
