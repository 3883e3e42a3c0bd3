"""What every application of a test run would work out again, worked out once.

The suite makes over a thousand applications. Each compiles the same addresses (werkzeug) and the same statements
(SQLAlchemy keys its cache by the dialect object, of which every engine has its own).
"""

from collections.abc import Iterator, MutableMapping
from typing import Any

from werkzeug.routing.rules import Rule


def remember_addresses() -> None:
    """Builders of addresses depend on the rule alone: the same rule gets the same function."""
    compile_builder = Rule._compile_builder
    known: dict[Any, Any] = {}

    def remembered(self: Rule, append_unknown: bool = True) -> Any:
        key = (tuple(self._trace), append_unknown, tuple(sorted((self.defaults or {}).items())), self.rule)
        if key not in known:
            known[key] = compile_builder(self, append_unknown)
        return known[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]


class Statements(MutableMapping[Any, Any]):
    """Compiled statements by the name of the dialect instead of its identity."""

    def __init__(self) -> None:
        self.known: dict[Any, Any] = {}

    @staticmethod
    def _named(key: Any) -> Any:
        return (key[0].name, *key[1:])

    def __getitem__(self, key: Any) -> Any:
        return self.known[self._named(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        self.known[self._named(key)] = value

    def __delitem__(self, key: Any) -> None:
        del self.known[self._named(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


STATEMENTS = Statements()
