"""The small language of `skip`: which rows of a table are left out.

    is_trial = "True" and mrr_amount = "0"
    [Deal Stage] in ("Lost", "Void") or not (amount > 0)

Names are headers, in square brackets when they hold more than letters, digits and `_`. Two plain numbers compare as
numbers, everything else as text without surrounding spaces. `= ""` is a blank cell.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from haark.intake.wording import N_, Refused

Test = Callable[[Sequence[Any]], bool]
TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'[^']*')|(?P<header>\[[^\]]+\])|(?P<sign><=|>=|!=|=|<|>|\(|\)|,)"""
    r"""|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[^\W\d]\w*))"""
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class Condition:
    """A parsed condition. `headers` are the columns it needs; `test(positions)` gives the function that judges rows."""

    def __init__(self, written: str | Mapping[str, Any]) -> None:
        """Raises Refused when `written` is no condition. A table `{header = value}` asks for all to be equal."""
        self.headers: list[str] = []
        self._tokens = _tokens(written if isinstance(written, str) else _as_text(written))
        self._at = 0
        self._tree = self._either()
        if self._at < len(self._tokens):
            raise _unclear(self._tokens[self._at][1])

    def test(self, positions: Mapping[str, int]) -> Test:
        """The judge of a row's cells, `positions` being the index of each header of `headers`."""
        tree = self._tree
        return lambda cells: tree(lambda header: _text(cells[positions[header]]))

    def _either(self) -> Callable[[Callable[[str], str]], bool]:
        sides = [self._both()]
        while self._word("or"):
            sides.append(self._both())
        return sides[0] if len(sides) == 1 else lambda cell: any(side(cell) for side in sides)

    def _both(self) -> Callable[[Callable[[str], str]], bool]:
        sides = [self._one()]
        while self._word("and"):
            sides.append(self._one())
        return sides[0] if len(sides) == 1 else lambda cell: all(side(cell) for side in sides)

    def _one(self) -> Callable[[Callable[[str], str]], bool]:
        if self._word("not"):
            inner = self._one()
            return lambda cell: not inner(cell)
        if self._sign("("):
            inside = self._either()
            self._need(")")
            return inside
        header = self._header()
        if self._word("in"):
            values = self._list()
            return lambda cell: any(_compare(cell(header), "=", value) for value in values)
        sign = self._next("sign")
        if sign not in SIGNS:
            raise _unclear(sign)
        value = self._value()
        return lambda cell: _compare(cell(header), sign, value)

    def _header(self) -> str:
        kind, token = self._peek()
        if kind not in ("header", "word"):
            raise _unclear(token)
        self._at += 1
        name = token.strip("[]").strip()
        if name not in self.headers:
            self.headers.append(name)
        return name

    def _list(self) -> list[str]:
        self._need("(")
        values = [self._value()]
        while self._sign(","):
            values.append(self._value())
        self._need(")")
        return values

    def _value(self) -> str:
        kind, token = self._peek()
        if kind not in ("text", "number"):
            raise _unclear(token)
        self._at += 1
        return re.sub(r"\\(.)", r"\1", token[1:-1]).strip() if kind == "text" else token

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "…")

    def _next(self, kind: str) -> str:
        found, token = self._peek()
        if found != kind:
            raise _unclear(token)
        self._at += 1
        return token

    def _word(self, word: str) -> bool:
        kind, token = self._peek()
        hit = kind == "word" and token.lower() == word
        self._at += hit
        return hit

    def _sign(self, sign: str) -> bool:
        hit = self._peek() == ("sign", sign)
        self._at += hit
        return hit

    def _need(self, sign: str) -> None:
        if not self._sign(sign):
            raise _unclear(self._peek()[1])


def _tokens(written: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while written[at:].strip():
        found = TOKEN.match(written, at)
        if not found:
            raise _unclear(written[at:].strip()[:20])
        tokens.append((str(found.lastgroup), found.group(str(found.lastgroup))))
        at = found.end()
    return tokens


def _as_text(table: Mapping[str, Any]) -> str:
    parts = []
    for header, value in table.items():
        values = value if isinstance(value, list) else [value]
        quoted = ", ".join('"' + str(each).replace("\\", "\\\\").replace('"', '\\"') + '"' for each in values)
        parts.append(f"[{header}] in ({quoted})")
    return " and ".join(parts)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _compare(left: str, sign: str, right: str) -> bool:
    if NUMBER.fullmatch(left) and NUMBER.fullmatch(right):
        return SIGNS[sign](Decimal(left), Decimal(right))
    return SIGNS[sign](left, right)


def _unclear(token: str) -> Refused:
    return Refused(N_("la condition `skip` ne se comprend pas à « %(token)s »"), token=token)
