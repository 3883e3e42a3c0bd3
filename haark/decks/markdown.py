"""Outline to Markdown (CommonMark with tables): every text and every figure of the slides, notes included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from haark.decks import clean, outline
from haark.decks.shapes import Series
from haark.decks.svg import values_of
from haark.decks.words import word

ACTIVE = re.compile(r"([\\`*_\[\]<>#|~])")
LINE_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s|$)")
SIGNS = {"ok": "🟢", "warn": "🟡", "bad": "🔴", "neutral": "⚪"}


def render_markdown(deck: outline.Deck) -> str:
    """The visible slides as Markdown text, ending in a newline. Client's words cannot form markup."""
    deck = clean.outline(deck, deck.language)
    parts = [f"# {safe(deck.title)}"]
    about = " · ".join(part for part in (deck.organisation, deck.client, deck.date_label, deck.author) if part)
    parts += [safe(about)] if about else []
    for number, slide in enumerate(deck.visible(), 1):
        parts += _slide(slide, number, deck.language)
    return "\n\n".join(part for part in parts if part) + "\n"


def safe(text: str) -> str:
    """`text` on one line with everything escaped that Markdown or HTML would read as markup."""
    flat = ACTIVE.sub(r"\\\1", " ".join(text.split("\n")))
    return LINE_START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", flat)


def _slide(slide: outline.Slide, number: int, language: str) -> list[str]:
    kicker = f"{safe(slide.section)} : " if slide.section and language == "fr" else ""
    if slide.section and not kicker:
        kicker = f"{safe(slide.section)}: "
    parts = [f"## {number}. {kicker}{safe(slide.headline)}"]
    for block in (*slide.blocks, *slide.aside):
        parts += WRITERS[type(block)](block, language)
    if slide.source:
        parts.append(f"*{safe(slide.source)}*")
    if slide.notes:
        parts.append(_quoted(f"**{word(language, 'notes')}**\n{slide.notes}"))
    return parts


def _quoted(text: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([f"> {first}", *(f"> {safe(line)}" for line in rest)])


def _list(items: Iterable[str], *, numbered: bool = False) -> str:
    marks = ((f"{index}." if numbered else "-") for index in range(1, 10_000))
    return "\n".join(f"{mark} {safe(item)}" for mark, item in zip(marks, items, strict=False))


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool] = ()) -> str:
    sides = right or [False] * len(heads)
    lines = [
        f"| {' | '.join(safe(head) for head in heads)} |",
        f"| {' | '.join('---:' if side else '---' for side in sides)} |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join(lines)


def _bold(title: str) -> list[str]:
    return [f"**{safe(title)}**"] if title else []


def _cover(block: outline.Cover, _language: str) -> list[str]:
    return [f"**{safe(block.title)}**", safe(block.subtitle), safe(block.meta)]


def _agenda(block: outline.Agenda, language: str) -> list[str]:
    heads = [word(language, key) for key in ("number", "part", "who", "agenda_minutes")]
    rows = [[safe(text) for text in (one.number, one.title, one.who, one.minutes_label)] for one in block.items]
    return [_grid(heads, rows, (False, False, False, True))]


def _decisions(block: outline.Decisions, _language: str) -> list[str]:
    return [*_bold(block.title), _list(block.items, numbered=True), safe(block.note)]


def _objectives(block: outline.Objectives, _language: str) -> list[str]:
    lines = []
    for card in block.cards:
        facts = [
            f"{card.target_caption} {card.target}".strip(),
            f"{card.baseline_label} {card.baseline}".strip(),
            card.why,
        ]
        lines.append(f"- **{safe(card.name)}** · {' · '.join(safe(fact) for fact in facts if fact)}")
    return ["\n".join(lines)]


def _metrics(block: outline.Metrics, language: str) -> list[str]:
    parts = []
    for item in block.items:
        value = " ".join(part for part in (item.value, item.unit) if part)
        caption = f" ({safe(item.caption)})" if item.caption else ""
        parts.append(f"- **{safe(value)}** {safe(item.label)}{caption}{_series(item, language)}")
    return ["\n".join(parts)]


def _series(item: outline.Metric, language: str) -> str:
    rows = values_of(Series(item), language)
    shown = ", ".join(f"{safe(label)} {safe(words or '–')}" for label, _, words in rows)
    return f" · {shown}" if shown else ""


def _chart(block: Any, language: str) -> list[str]:
    rows = [(safe(label), safe(words or "–")) for label, _, words in values_of(block, language)]
    parts = _bold(block.title)
    parts += [_grid([word(language, "label"), word(language, "value")], rows, (False, True))] if rows else []
    if isinstance(block, outline.LineChart):
        parts += [safe(block.target_label)] if block.target is not None else []
        parts += [safe(block.annotation.text)] if block.annotation else []
    return parts


def _table(block: outline.Table, language: str) -> list[str]:
    if not block.rows:
        return [*_bold(block.title), safe(block.empty or word(language, "empty"))]
    rows = [[_cell(cell) for cell in row] for row in block.rows]
    right = [column.align == "right" for column in block.columns]
    return [*_bold(block.title), _grid([column.title for column in block.columns], rows, right)]


def _cell(cell: outline.Cell) -> str:
    if isinstance(cell, outline.Status):
        return f"{SIGNS.get(cell.tone, SIGNS['neutral'])} {safe(cell.word)}"
    if isinstance(cell, outline.Progress):
        return safe(cell.label)
    return f"**{safe(cell.text)}**" if cell.strong and cell.text else safe(cell.text)


def _quotes(block: outline.Quotes, _language: str) -> list[str]:
    parts = []
    for item in block.items:
        person = ", ".join(part for part in (item.who, item.role) if part)
        parts.append(f"> {safe(item.text)}\n>\n> {safe(person)}")
    return parts


def _roadmap(block: outline.Roadmap, _language: str) -> list[str]:
    parts = [" · ".join(safe(column) for column in block.columns)]
    for lane in block.lanes:
        lines = [f"- {safe(item.label)} ({safe(_span(item, block.columns))})" for item in lane.items]
        parts += [*_bold(lane.title), "\n".join(lines)]
    return [*parts, safe(block.today_label), safe(block.legend)]


def _span(item: outline.RoadmapItem, columns: tuple[str, ...]) -> str:
    """«Q4 2026» or «Q1 2027 – Q2 2027»."""
    if not columns:
        return ""
    last = len(columns) - 1
    first = columns[min(max(int(item.start), 0), last)]
    final = columns[min(max(int(item.end - 0.01), 0), last)]
    return first if first == final else f"{first} – {final}"


def _columns(block: outline.Columns, _language: str) -> list[str]:
    parts = []
    for panel in block.panels:
        title = " · ".join(part for part in (panel.kicker, panel.title) if part)
        parts += [f"### {safe(title)}", _list(panel.items)]
    return parts


def _callout(block: outline.Callout, _language: str) -> list[str]:
    return [" ".join([*_bold(block.title), safe(block.text)])]


def _bullets(block: outline.Bullets, _language: str) -> list[str]:
    return [*_bold(block.title), _list(block.items)]


def _next_date(block: outline.NextDate, _language: str) -> list[str]:
    return [f"{safe(block.label)} · **{safe(block.value)}**"]


def _picture(block: outline.Picture, language: str) -> list[str]:
    """What the picture shows, in words: a file of text carries no pixels."""
    shown = f"*{word(language, 'picture')} : {safe(block.alt)}*" if language == "fr" else ""
    shown = shown or f"*{word(language, 'picture')}: {safe(block.alt)}*"
    return [shown if block.alt else "", safe(block.caption)]


WRITERS: dict[type, Callable[[Any, str], list[str]]] = {
    outline.Cover: _cover,
    outline.Agenda: _agenda,
    outline.Decisions: _decisions,
    outline.Objectives: _objectives,
    outline.Metrics: _metrics,
    outline.LineChart: _chart,
    outline.Bars: _chart,
    outline.Waterfall: _chart,
    outline.Table: _table,
    outline.Quotes: _quotes,
    outline.Roadmap: _roadmap,
    outline.Columns: _columns,
    outline.Callout: _callout,
    outline.Bullets: _bullets,
    outline.NextDate: _next_date,
    outline.Picture: _picture,
}
