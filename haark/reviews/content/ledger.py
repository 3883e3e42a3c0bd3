"""The promises of the last review, graded on both sides (XB-1)."""

from collections.abc import Mapping
from typing import Any

from haark import formats
from haark.decks.outline import Block, Bullets, Cell, Column, Status, Table, Text, Tone
from haark.reviews import promises
from haark.reviews.content.context import Composer, Draft, shorten
from haark.reviews.promises import Grade

MOST = 7
TITLE = 90
TONES: Mapping[str, Tone] = {"done": "ok", "late": "bad", "dropped": "neutral", "pending": "neutral"}
SIDES = ("ours", "theirs")


def ledger(make: Composer) -> Draft:
    """Ours on the left, theirs on the right; the headline counts. Left out where nothing was promised."""
    facts = make.facts.get("promises")
    items = facts["items"] if facts else []
    graded = [(item, promises.grade(item, make.on)) for item in items]
    columns = [_side(make, side, [pair for pair in graded if pair[0]["side"] == side]) for side in SIDES]
    tables = [table for table in columns if table is not None]
    points = make.lines("points", [])
    if not tables:
        make.gap("promises")
    blocks: list[Block] = [*tables[:1]]
    aside: list[Block] = [*tables[1:]]
    if points:
        blocks.append(Bullets(make.say("points"), points))
    note = make.say("promises.notes") if tables else make.say("promises.notes.none")
    headline = _headline(make, facts, [grade for _item, grade in graded])
    return make.draft(headline, blocks, aside, split=0.5, sources=["plan"] if tables else [], note=note)


def _headline(make: Composer, facts: Mapping[str, Any] | None, grades: list[Grade]) -> str:
    if facts is None or not grades:
        return make.say("promises.headline.none", client=make.client)
    counted = promises.count(grades)
    told = [make.say(f"promises.{name}", n) for name in promises.GRADES if (n := getattr(counted, name))]
    since = make.day(facts["held_on"])
    if counted.done == counted.total:
        return make.say("promises.headline.all", counted.total, client=make.client, since=since)
    return make.say("promises.headline", counted.total, client=make.client, since=since, told=", ".join(told))


def _side(make: Composer, side: str, graded: list[tuple[dict[str, Any], Grade]]) -> Table | None:
    """What one side promised: the late ones first, so that none hides below."""
    if not graded:
        return None
    order = {"late": 0, "pending": 1, "done": 2, "dropped": 3}
    graded = sorted(graded, key=lambda pair: order[pair[1].state])[: MOST * 2]
    columns = (
        Column(make.say(f"promises.side.{side}", client=shorten(make.client, 28)), 2.5),
        Column(make.say("column.date"), 0.8),
        Column(make.say("column.state"), 1.5),
    )
    return Table(columns, tuple(_row(make, item, found) for item, found in graded))


def _row(make: Composer, item: dict[str, Any], found: Grade) -> tuple[Cell, ...]:
    title = make.text(f"promise.{item['id']}", shorten(item["title"], TITLE), of=item["title"])
    return (
        Text(f"{title} ({item['owner']})" if item["owner"] else title, strong=True),
        Text(formats.day_short(found.on, make.language) if found.on else "–"),
        Status(TONES[found.state], _word(make, found)),
    )


def _word(make: Composer, found: Grade) -> str:
    """«Tenue», «Tenue, 4 j de retard», «12 j de retard», «Abandonnée», «À venir»; the day stands beside it."""
    if found.state == "done" and found.late:
        return make.say("promise.done.late", found.late)
    return make.say(f"promise.{found.state}", found.late)
