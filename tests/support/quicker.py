"""What every application of a test run would work out again, worked out once.

The suite makes over a thousand applications. Each compiles the same addresses (werkzeug), reads the same assets and
templates, and compiles the same statements (SQLAlchemy keys its cache by the dialect object, of which every engine
has its own).
"""

from collections.abc import Iterator, MutableMapping
from copy import copy
from typing import Any
from weakref import ref

from flask.sansio.app import App
from flask.templating import DispatchingJinjaLoader
from jinja2 import FileSystemLoader
from werkzeug.routing import Map
from werkzeug.routing.rules import Rule

from haark.assets import ROOT as ASSETS
from haark.assets import Shelf


def remember_all() -> None:
    """Call once, before the first application."""
    remember_rules()
    share_addresses()
    remember_assets()
    remember_templates()


def share_addresses() -> None:
    """All applications answer by the map of the first; one with pages of a test's own gets a copy to add them to."""
    usual, model = App.add_url_rule, {}

    def add(self: App, rule: str, endpoint: Any = None, view_func: Any = None, **options: Any) -> None:
        if self.import_name != "haark" or not getattr(view_func, "__module__", "haark").startswith("haark"):
            if self.url_map is model.get("map"):
                self.url_map = _copied(self.url_map)
            usual(self, rule, endpoint, view_func, **options)
            return
        if not model:
            model.update(map=self.url_map, first=ref(self))
        if model["first"]() is self:
            usual(self, rule, endpoint, view_func, **options)
            return
        self.url_map = model["map"]
        self.view_functions[endpoint] = view_func

    App.add_url_rule = add  # type: ignore[method-assign]


def _copied(addresses: Map) -> Map:
    mine = type(addresses)(host_matching=addresses.host_matching)
    for one in addresses.iter_rules():
        rule = one.empty()
        rule.provide_automatic_options = one.provide_automatic_options  # type: ignore[attr-defined]  # Flask's
        mine.add(rule)
    return mine


def remember_rules() -> None:
    """A compiled rule depends on its text and its defaults alone: the same rule gets the same parts.

    Converters are copied, because each keeps the map that it belongs to.
    """
    compile_rule, known = Rule.compile, {}

    def remembered(self: Rule) -> None:
        assert self.map is not None
        site = (self.subdomain, self.host, self.map.host_matching, self.merge_slashes)
        key = (self.rule, *site, tuple(sorted((self.defaults or {}).items())), tuple(self.map.converters.items()))
        if key not in known:
            compile_rule(self)
            known[key] = (
                self._parts,
                self._trace,
                self._converters,
                set(self._converters),
                self._build.__func__,  # type: ignore[attr-defined]
                self._build_unknown.__func__,  # type: ignore[attr-defined]
            )
            return
        self._parts, self._trace, converters, names, build, build_unknown = known[key]
        self._converters = {name: copy(converter) for name, converter in converters.items()}
        for converter in self._converters.values():
            converter.map = self.map
        self.arguments |= names
        self._build, self._build_unknown = build.__get__(self, None), build_unknown.__get__(self, None)

    Rule.compile = remembered  # type: ignore[method-assign]


def remember_assets() -> None:
    """The product's own shelf, read and packed once; a shelf of another folder reads it."""
    refresh, known = Shelf.refresh, {}

    def remembered(self: Shelf) -> None:
        if self.root != ASSETS or self._seen:
            refresh(self)
            return
        if not known:
            refresh(self)
            known.update(vars(self))
        vars(self).update(known)

    Shelf.refresh = remembered  # type: ignore[method-assign]


def remember_templates() -> None:
    """The code of a page's template, which nobody edits during a run: neither read nor unpacked again."""
    known: dict[Any, Any] = {}

    usual = DispatchingJinjaLoader.load

    def load(self: DispatchingJinjaLoader, environment: Any, name: str, globals: Any = None) -> Any:
        if not isinstance(self.app.jinja_loader, FileSystemLoader):
            return usual(self, environment, name, globals)  # a test's own pages
        key = (tuple(self.app.jinja_loader.searchpath), tuple(environment.filters), name)
        if key not in known:
            source, file, _uptodate = self.get_source(environment, name)
            bucket = environment.bytecode_cache.get_bucket(environment, name, file, source)
            if bucket.code is None:
                bucket.code = environment.compile(source, name, file)
                environment.bytecode_cache.set_bucket(bucket)
            known[key] = bucket.code
        return environment.template_class.from_code(environment, known[key], {} if globals is None else globals)

    DispatchingJinjaLoader.load = load  # type: ignore[method-assign]


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
