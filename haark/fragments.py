"""Pieces of pages that are drawn once and kept, under everything that they show.

    {% call fragment("line", row, language(), today()) %}<tr>…</tr>{% endcall %}

The key names every value that the piece depends on, so nothing kept can be out of date: another value is another key. A
process keeps the pieces that were shown last, MOST characters of them. What differs in each request although it is no
content, the CSRF token and the way back, stands as a hole: `{{ hole("csrf") }}`.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from secrets import token_hex
from threading import Lock
from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

MOST = 6_000_000
# What stands for a hole in a kept piece: nobody can guess it, so that no name typed in is taken for one.
MARKS = {name: f"\ue0c5{token_hex(8)}" for name in ("csrf", "back")}


class Kept:
    """The pieces shown last, by key."""

    def __init__(self) -> None:
        self._pieces: OrderedDict[Hashable, str] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> str | None:
        with self._lock:
            found = self._pieces.get(key)
            if found is not None:
                self._pieces.move_to_end(key)
            return found

    def put(self, key: Hashable, piece: str) -> None:
        with self._lock:
            self._size += len(piece) - len(self._pieces.pop(key, ""))
            self._pieces[key] = piece
            while self._size > MOST:
                self._size -= len(self._pieces.popitem(last=False)[1])


def init(app: Flask) -> None:
    """In development templates change while the process lives: nothing is kept."""
    app.extensions["haark_fragments"] = None if app.debug or app.config.get("HAARK_DEV") else Kept()
    app.jinja_env.globals.update(fragment=fragment, hole=hole, csrf_token=lambda: hole("csrf"))


def fragment(*key: Hashable, caller: Callable[[], Markup]) -> Markup:
    """The piece that `caller` draws, from memory where it was drawn for the same key."""
    memory: Kept | None = current_app.extensions["haark_fragments"]
    if memory is None:
        return caller()
    place = (request.script_root, *key)
    piece = memory.get(place)
    if piece is None:
        outside, g.holes = g.get("holes", False), True
        try:
            piece = str(caller())
        finally:
            g.holes = outside  # the page that tells of a fault has forms of its own
        memory.put(place, piece)
    if not g.get("holes") and MARKS["csrf"][0] in piece:
        for name, mark in MARKS.items():
            piece = piece.replace(mark, str(escape(_FILLED[name]())))
    return Markup(piece)  # noqa: S704 - what our own templates drew


@dataclass
class Parts:
    """Draws the parts of a page, each from memory where `key` was seen before (None: drawn anew). `folder`: of their
    templates; `load` gives their context; it is called at most once, and only where a part has to be drawn."""

    folder: str
    key: tuple[Hashable, ...] | None
    load: Callable[[], dict[str, Any]]

    def part(self, name: str, **given: Any) -> Markup:
        """`{folder}/_{name}.html`, without the context of the page around it but with what is `given`."""

        def draw() -> Markup:
            drawn = render_template(f"{self.folder}/_{name}.html", **self._context, **given)
            return Markup(drawn)  # noqa: S704 - our own templates

        if self.key is None:
            return draw()
        return fragment(self.folder, name, *given.items(), *self.key, caller=draw)

    def page(self, template: str, around: tuple[Hashable, ...], **given: Any) -> Markup:
        """The whole page, from memory where also what stands `around` the parts is the same; `given` is named there."""

        def draw() -> Markup:
            return Markup(render_template(template, kept=self, **given))  # noqa: S704 - our own templates

        return draw() if self.key is None else fragment(template, *around, *self.key, caller=draw)

    @cached_property
    def _context(self) -> dict[str, Any]:
        return self.load()


def hole(name: str) -> str:
    """A value of this request inside of a piece that may be kept: `csrf`, or `back`, the address to come back to."""
    return MARKS[name] if g.get("holes") else _FILLED[name]()


def _back() -> str:
    if request.method != "GET":
        return "/"
    return request.full_path if request.query_string else request.path


_FILLED: dict[str, Callable[[], str]] = {"csrf": generate_csrf, "back": _back}
