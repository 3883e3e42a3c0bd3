"""Decks that no slide was designed for: too much, too little, too long, odd."""

import io
from dataclasses import replace

from PIL import Image

from haark.decks import outline as o


def png(width: int, height: int) -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#0d7c8a").save(out, "png")
    return out.getvalue()


LONG_NAME = ("Société Générale de Transports 🚚 и партнёры شركة النقل המובילים " * 6)[:300]
ODD = "a\ufffe\ud800b\x00\x07\u202ec\ufdd0\x85d\U0001fffe"
PICTURE = png(320, 180)
WALL = "Donaudampfschifffahrtsgesellschaft" * 300


def text(length: int, word: str = "mesure ") -> str:
    return (word * (length // len(word) + 1))[:length]


def deck(*slides: o.Slide, language: o.Language = "fr", client: str = LONG_NAME) -> o.Deck:
    return o.Deck(
        text(400), language, LONG_NAME, client, "QBR", "Q4 2026", "19 nov. 2026", LONG_NAME, slides, o.Brand()
    )


def slide(*blocks: o.Block, aside: tuple[o.Block, ...] = (), key: str = "s", words: str = "Titre") -> o.Slide:
    return o.Slide(key, words, words, blocks, aside, source=words, notes=words)


def point(label: str, value: float | None) -> o.Point:
    return o.Point(label, value, "n. d." if value is None else f"{value:g} %")


def table(rows: int, words: str = "Recréer les badges de l’équipe de nuit") -> o.Table:
    columns = (o.Column("Action", 3), o.Column("Responsable", 2), o.Column("Part"), o.Column("État", 1.2))
    row = (o.Text(words, strong=True), o.Text(words), o.Progress(0.4, "warn", "40 %"), o.Status("bad", words))
    return o.Table(columns, (row,) * rows)


def blocks(words: str, count: int) -> tuple[o.Block, ...]:
    """One of each kind, with `count` items made of `words`."""
    points = tuple(point(words, index * 3.5) for index in range(count))
    return (
        o.Agenda(tuple(o.AgendaItem(str(i), words, words, 10, "10 min") for i in range(count)), words),
        o.Decisions(words, (words,) * count, words),
        o.Objectives((o.ObjectiveCard(words, words, words, words, words, words),) * count),
        o.Metrics((o.Metric(words, words, words, words, points, words),) * count),
        o.LineChart(words, points, o.Annotation(-1, words), 40, words, words),
        o.Bars(words, points, alt=words),
        table(count, words),
        o.Quotes((o.Quote(words, words, words),) * count),
        o.Roadmap(
            (words,) * 4,
            (o.Lane(words, tuple(o.RoadmapItem(words, i * 0.3, i * 0.3 + 1) for i in range(count))),) * min(count, 9),
            1.4,
            words,
            words,
            words,
        ),
        o.Columns((o.Panel(words, (words,) * count, words),) * min(max(count, 1), 4)),
        o.Waterfall(tuple(o.Step(words, 5 - i, words) for i in range(count)), words, words),
        o.Callout(words, words),
        o.Bullets(words, (words,) * count),
        o.NextDate(words, words),
        o.Picture("a" * 64, 320, 180, words, words, PICTURE if count else b""),
    )


def every_block(words: str, count: int) -> o.Deck:
    """A slide for each kind of block alone, and each beside a decision panel."""
    alone = [slide(block, key=f"alone-{i}", words=words) for i, block in enumerate(blocks(words, count))]
    beside = [
        replace(one, key=f"beside-{i}", aside=(o.Decisions("Décisions", (words,) * min(count, 3)),), split=0.5)
        for i, one in enumerate(alone)
    ]
    cover = slide(o.Cover(words, words, words), key="cover", words=words)
    stacked = slide(*blocks(words, count)[10:], *blocks(words, count)[4:7], key="stacked", words=words)
    return deck(cover, *alone, *beside, stacked)


def decks() -> dict[str, o.Deck]:
    """The named extremes."""
    return {
        "long name": every_block(LONG_NAME, 3),
        "ten thousand characters": every_block(text(10_000), 2),
        "no spaces": every_block(WALL[:10_000], 2),
        "odd characters": every_block(ODD, 2),
        "fifteen of each": every_block("Objectif de délai", 15),
        "forty of each": every_block("Recréer 17 badges pour l’équipe de nuit", 40),
        "nothing": every_block("Rien", 0),
        "empty words": every_block("", 3),
        "one of each": every_block("Seul", 1),
        "no slide but a cover": deck(slide(o.Cover("Revue"), key="cover")),
        "slide without blocks": deck(slide()),
    }
