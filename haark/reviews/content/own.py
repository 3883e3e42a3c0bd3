"""A person's own slides and copies of standard ones, composed from what the row of the slide holds. Pure.

`Place.data` by kind (every key may be missing; texts are plain, lines end with a newline; nothing else is read):

    text      {"headline": str, "section": str, "body": str}
              one point a line; a single line reads as a paragraph
    figures   {"headline", "section", "items": [item, …]}, up to eight, an item being
              {"figure": key of an account's figure, "label": str}   `label` empty: Haark's own words for it
              {"label": str, "value": str, "unit": str, "source": str}   typed by hand: what is shown, and from where
    table     {"headline", "section", "columns": [str, …], "rows": [[str, …], …], "source": str}
              columns of figures are set to the right by themselves; short rows are filled up
    chart     {"headline", "section", "series": a key of SERIES, "form": "bars" | "line", "comment": str}
    image     {"headline", "section", "file_id": int, "sha256": str, "width": int, "height": int,
               "alt": str, "caption": str, "source": str}   as `pictures.keep` returns the first four
    quote     {"headline", "section", "quote": str, "speaker": str, "role": str}
    story     {"headline", "section", "story_id": int, "title": str, "client": str, "result": str, "quote": str,
               "speaker": str}   the words of the library as they were when the slide was made
    roadmap   {"headline", "section", "items": [{"item_id": int, "title": str, "benefit": str, "stage": str,
               "available_on": "2027-03-31" | None}, …]}   likewise frozen

A `copy` has no data: the maker of `Place.source_key` composes it under the copy's own key, so it starts from the
computed words and takes its own edits. Every own slide has the fields `headline`, `source` and `notes`, and those of
its kind (`body`, `caption`, `quote`…), which a person edits in place like those of a standard slide.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from haark import formats
from haark.decks.outline import (
    Bars,
    Block,
    Bullets,
    Callout,
    Column,
    LineChart,
    Metric,
    Metrics,
    Picture,
    Quote,
    Quotes,
    Table,
    Text,
)
from haark.reviews import figures
from haark.reviews.content.context import Composer, Draft, Place
from haark.reviews.content.series import SERIES, drawn

KINDS = ("text", "figures", "table", "chart", "image", "quote", "story", "roadmap")
FORMS = ("line", "bars")
MOST_FIGURES = 8
MOST_COLUMNS = 8
MOST_ROWS = 60
NUMBER = re.compile(r"^[+\-\u2212≤≥<>~]?[\s\d.,\u00a0\u202f]+\s*\S{0,4}$")

__all__ = ["FORMS", "KINDS", "SERIES", "draft"]


def draft(make: Composer, place: Place) -> Draft:
    """The own slide of `place`. KeyError for a kind that is none of KINDS."""
    return MAKERS[place.kind](make, place.data)


def _text(make: Composer, data: Mapping[str, Any]) -> Draft:
    body = make.lines("body", _words(data, "body").splitlines())
    blocks: list[Block] = [Bullets("", body)] if body else []
    return _closed(make, data, blocks, body[0] if body else "")


def _figures(make: Composer, data: Mapping[str, Any]) -> Draft:
    found = [(index, item) for index, item in enumerate(_items(data, "items")[:MOST_FIGURES])]
    shown: list[Metric] = []
    sources: list[str] = []
    typed: list[str] = []
    for index, item in found:
        if item.get("figure"):
            metric, source = _computed(make, index, item)
            sources += [source] if source else []
        else:
            metric = _typed(make, index, item)
            typed += [_words(item, "source")] if _words(item, "source") else []
            if not _words(item, "source"):
                make.gap("own_source")
        shown += [metric] if metric else []
    blocks: list[Block] = [Metrics(tuple(shown))] if shown else []
    headline = (
        make.say("pair", label=shown[0].label, value=f"{shown[0].value} {shown[0].unit}".strip()) if shown else ""
    )
    return _closed(make, data, blocks, headline, sources=sources, typed=typed)


def _computed(make: Composer, index: int, item: Mapping[str, Any]) -> tuple[Metric | None, str]:
    """A figure of the account, as it stands in the facts or as a person corrected it; unknown ones are left out."""
    figure = make.figure(str(item["figure"]))
    if figure is None:
        make.gap("own_figure")
        return None, ""
    label = make.text(f"label.{index}", _words(item, "label") or make.say(figure.label, name=figure.name))
    caption = ""
    if figure.previous is not None and (change := make.change(figure)):
        caption = make.say("caption.change", change=change, before=make.period("before"))
    return Metric(make.show(figure), "", label, caption), figure.source


def _typed(make: Composer, index: int, item: Mapping[str, Any]) -> Metric | None:
    value = _words(item, "value")
    if not value:
        return None
    label = make.text(f"label.{index}", _words(item, "label"))
    return Metric(value, _words(item, "unit"), label)


def _table(make: Composer, data: Mapping[str, Any]) -> Draft:
    titles = [str(title) for title in data.get("columns") or []][:MOST_COLUMNS]
    kept = [row for row in data.get("rows") or [] if any(str(cell).strip() for cell in row)][:MOST_ROWS]
    rows = [[str(cell) for cell in row][: len(titles)] for row in kept]
    rows = [[*row, *[""] * (len(titles) - len(row))] for row in rows]
    columns = tuple(
        Column(title, _wide([title, *(row[index] for row in rows)]), _side([row[index] for row in rows]))
        for index, title in enumerate(titles)
    )
    cells = tuple(tuple(Text(cell, strong=not index) for index, cell in enumerate(row)) for row in rows)
    blocks: list[Block] = [Table(columns, cells)] if titles and cells else []
    return _closed(make, data, blocks, ", ".join(titles), typed=[_words(data, "source")])


def _wide(cells: Sequence[str]) -> float:
    """A column's weight: the square root of its longest cell, so that long texts do not squeeze the figures."""
    return round(max(max((len(cell) for cell in cells), default=1), 4) ** 0.5, 2)


def _side(cells: Sequence[str]) -> Any:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return "right" if filled and all(NUMBER.match(cell) for cell in filled) else "left"


def _chart(make: Composer, data: Mapping[str, Any]) -> Draft:
    name = _words(data, "series")
    series = drawn(make, name) if name in SERIES else None
    comment = make.text("comment", _words(data, "comment"), kind="text")
    if series is None:
        make.gap("own_series")
        return _closed(make, data, [], make.say(f"series.{name}") if name in SERIES else "")
    alt = make.say("chart.alt", title=series.title, points=", ".join(f"{p.label} {p.display}" for p in series.known))
    chart: Block = (
        Bars(series.title, series.points, series.maximum, alt=alt)
        if _words(data, "form") == "bars" or not series.over_time
        else LineChart(series.title, series.points, alt=alt)
    )
    blocks = [chart, *([Callout(comment)] if comment else [])]
    return _closed(make, data, blocks, series.title, sources=[series.source])


def _image(make: Composer, data: Mapping[str, Any]) -> Draft:
    caption = make.text("caption", _words(data, "caption"))
    alt = make.text("alt", _words(data, "alt"))
    blocks: list[Block] = []
    if data.get("sha256") and data.get("width") and data.get("height"):
        digest = str(data["sha256"])
        content = make.material.pictures.get(digest, b"")
        blocks.append(Picture(digest, int(data["width"]), int(data["height"]), alt, caption, content))
    if not blocks:
        make.gap("own_image")
    elif not alt:
        make.gap("own_alt")
    return _closed(make, data, blocks, caption or alt, typed=[_words(data, "source")])


def _quote(make: Composer, data: Mapping[str, Any]) -> Draft:
    said = make.text("quote", _words(data, "quote"), kind="text").strip()
    who = make.text("who", _words(data, "speaker"))
    role = make.text("role", _words(data, "role"))
    blocks: list[Block] = [Quotes((Quote(make.say("quoted", text=said), who, role),))] if said else []
    return _closed(make, data, blocks, make.say("own.quote", who=who) if who else "")


def _story(make: Composer, data: Mapping[str, Any]) -> Draft:
    """A success of another client; who they are is named only where the library's permission put it in."""
    result = make.text("result", _words(data, "result"), kind="text").strip()
    said = make.text("quote", _words(data, "quote"), kind="text").strip()
    speaker, client = _words(data, "speaker"), _words(data, "client")
    who = make.text("who", speaker or client)
    blocks: list[Block] = []
    if said:
        blocks.append(Quotes((Quote(make.say("quoted", text=said), who, client if speaker else ""),)))
    if result:
        blocks.append(Callout(result, make.say("own.result")) if said else Bullets("", (result,)))
    return _closed(make, data, blocks, _words(data, "title"))


def _roadmap(make: Composer, data: Mapping[str, Any]) -> Draft:
    rows: list[tuple[Text, ...]] = []
    for item in _items(data, "items"):
        ident = item.get("item_id") or len(rows)
        title = make.text(f"milestone.{ident}", _words(item, "title"), of=_words(item, "title"))
        benefit = make.text(f"benefit.{ident}", _words(item, "benefit"), of=_words(item, "title"))
        stage = item.get("stage") if item.get("stage") in ("planned", "in_progress", "available") else "planned"
        day = figures.day(item.get("available_on"))
        rows.append(
            (
                Text(title, strong=True),
                Text(benefit),
                Text(make.say(f"stage.{stage}")),
                Text(_quarter(day, make) if day else "–"),
            )
        )
    columns = (
        Column(make.say("column.novelty"), 2.2),
        Column(make.say("column.benefit"), 3.4),
        Column(make.say("column.state"), 1.2),
        Column(make.say("column.available"), 1.2),
    )
    blocks: list[Block] = [Table(columns, tuple(rows))] if rows else []
    return _closed(make, data, blocks, make.say("own.roadmap", len(rows), client=make.client) if rows else "")


def _quarter(day: date, make: Composer) -> str:
    """A day to come as its month: nobody promises a day of the roadmap."""
    return formats.month(day, make.language)


def _closed(
    make: Composer,
    data: Mapping[str, Any],
    blocks: Sequence[Block],
    headline: str,
    *,
    sources: Sequence[str] = (),
    typed: Sequence[str] = (),
) -> Draft:
    """The slide with its headline: the person's, else what the content itself says."""
    section = _words(data, "section")
    told = ", ".join(dict.fromkeys(text for text in typed if text))
    return make.draft(
        _words(data, "headline") or headline or make.say(f"slide.{make.named}"),
        blocks,
        sources=sources,
        stated=told,
        section=section,
    )


def _words(data: Mapping[str, Any], key: str) -> str:
    return str(data.get(key) or "").strip()


def _items(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [item for item in data.get(key) or [] if isinstance(item, Mapping)]


MAKERS: Mapping[str, Callable[[Composer, Mapping[str, Any]], Draft]] = {
    "text": _text,
    "figures": _figures,
    "table": _table,
    "chart": _chart,
    "image": _image,
    "quote": _quote,
    "story": _story,
    "roadmap": _roadmap,
}
