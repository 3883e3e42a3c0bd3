"""The state of the portfolio list: what its address says, how it is sorted, where a page of it ends. Pure."""

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

from haark import formats

PAGE_SIZE = 50
FACETS = ("sector", "size", "segment", "health", "risk", "opportunity", "renewal", "review", "owner", "tier", "tag")
# A filter on a fact that the organisation added (AC-10), by the name that its column has in files.
CUSTOM = re.compile(r"cf_[a-z][a-z0-9_]{0,39}")
# Of a custom field instead of a value: at least or at most so much (a number or a day), or a text that holds this.
BOUND = re.compile(r"(>=|<=)(-?\d{1,15}(?:\.\d{1,6})?|\d{4}-\d\d-\d\d)|(~)(.{1,80})", re.DOTALL)
TYPED = {"from": ">=", "to": "<=", "has": "~"}  # how the fields of the page call them: cf_KEY.from
MOST_CUSTOM = 20  # of them in one address
TIERS = ("A", "B", "C")
UNKNOWN = "unknown"  # the value of a filter that asks for accounts where the fact is missing
KNOWN = "*"  # of a custom field: where it is filled in, whatever it says
ME = "me"  # as an owner: whoever looks, so that a bookmark can be shared
BANDS = ("green", "yellow", "red")
AT_RISK = "at_risk"  # as a risk: accounts at risk in the sense of PF-5, whatever the reason
NONE = "none"  # as a risk, an opportunity or a review: accounts without any
PAST = "past"
WINDOWS = (30, 60, 90, 180)  # days to the renewal, each window holds the shorter ones
RENEWALS = (PAST, *map(str, WINDOWS), UNKNOWN)
# Late, due within REVIEW_SOON days, a review is planned for it, no date.
REVIEWS = ("late", "due", "planned", NONE)
REVIEW_SOON = 30
# The first direction of each column: what deserves to be seen first stands on top.
SORTS: dict[str, bool] = {  # name: descending
    "name": False,
    "arr": True,
    "change": True,
    "health": False,
    "trend": False,
    "churn": True,
    "risk": True,
    "opportunity": True,
    "renewal": False,
    "review": False,
    "owner": False,
    "rank": True,
}
DEFAULT_SORT = "renewal"
LONGEST_SEARCH = 200
MOST_COUNTED = 10_000  # accounts of a filtered set whose figures come with the page; of more they follow
MOST_VALUES = 100  # of one filter in one address
RENEWAL_NEAR, RENEWAL_CLOSE = 45, 90  # days: red up to the first, amber up to the second


class BadCursor(ValueError):
    """The place in the list that an address names does not exist."""


@dataclass(frozen=True)
class Bounds:
    """What is asked of a custom field besides single values: between two numbers or days, both included, or a text that
    holds `has`. Empty where nothing is."""

    least: float | date | None = None
    most: float | date | None = None
    has: str = ""

    def __bool__(self) -> bool:
        return self.least is not None or self.most is not None or bool(self.has)


UNBOUND = Bounds()


@dataclass(frozen=True)
class View:
    """What the list shows: search, filters, order, page (`after`) and the account looked at (`peek`).

    `custom` are the filters on custom fields by their column; `saved` is the saved view that this one came from.
    """

    q: str = ""
    sector: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    opportunity: tuple[str, ...] = ()
    renewal: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    custom: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = DEFAULT_SORT
    descending: bool = False
    after: str = ""
    peek: int | None = None
    saved: int | None = None

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values of one filter, empty when it is off."""
        if CUSTOM.fullmatch(facet):
            return dict(self.custom).get(facet, ())
        values: tuple[str, ...] = getattr(self, facet)
        return values

    @property
    def facets(self) -> tuple[str, ...]:
        """The filters that may be on: everybody's and the custom ones of this address."""
        return FACETS + tuple(name for name, _values in self.custom)

    @property
    def filtered(self) -> bool:
        """True when the list may leave accounts out."""
        return bool(self.q) or any(self.chosen(facet) for facet in self.facets)

    @property
    def order(self) -> str:
        """The `sort` of the address: a column, with «-» before it when it runs down."""
        return ("-" if self.descending else "") + self.sort

    def without(self, *facets: str) -> "View":
        """The same view with these filters off, from its first page."""
        custom = tuple(pair for pair in self.custom if pair[0] not in facets)
        plain = dict.fromkeys((facet for facet in facets if facet in FACETS), ())
        return replace(self, after="", peek=None, custom=custom, **plain)  # type: ignore[arg-type]

    def cleared(self) -> "View":
        """The same order with neither search nor filter."""
        return replace(self.without(*self.facets), q="", saved=None)

    def only(self, facet: str, value: str) -> "View":
        """The same view narrowed to one value of one filter."""
        return replace(self.without(facet), **{facet: (value,)})  # type: ignore[arg-type]

    def keeps_the_same(self, other: "View") -> bool:
        """True when both views leave out the same accounts, whatever their order and page."""
        names = {*self.facets, *other.facets}
        return self.q == other.q and all(set(self.chosen(facet)) == set(other.chosen(facet)) for facet in names)

    def sorted_by(self, column: str) -> "View":
        """This column in its first direction, or the other way round when it is the present one."""
        down = not self.descending if column == self.sort else SORTS[column]
        return replace(self, sort=column, descending=down, after="", peek=None)

    def at(self, after: str = "", peek: int | None = None) -> "View":
        """Another page of the same list, or another account looked at."""
        return replace(self, after=after, peek=peek)

    def query(self) -> str:
        """The whole state as the query of an address, empty for the list as it opens."""
        pairs: list[tuple[str, Any]] = [("q", self.q)] if self.q else []
        pairs += [(facet, value) for facet in self.facets for value in self.chosen(facet)]
        if self.order != DEFAULT_SORT:
            pairs.append(("sort", self.order))
        # Without anything of its own the list is no saved view any more, and «view» alone asks for the view as saved.
        pairs += [("view", self.saved)] if self.saved is not None and pairs else []
        pairs += [("after", self.after)] if self.after else []
        pairs += [("peek", self.peek)] if self.peek is not None else []
        return urlencode(pairs)


def read(values: Callable[[str], Sequence[str]], names: Iterable[str] = ()) -> View:
    """The view that an address asks for; `values(name)` gives all values of one parameter, `names` are all of them.

    What cannot be a value is left out, as a link from an older Haark may carry it; `parse_cursor` checks `after`.
    """
    order = _first(values("sort"))
    column, down = order.removeprefix("-"), order.startswith("-")
    if column not in SORTS:
        column, down = DEFAULT_SORT, False
    peek = _first(values("peek"))
    return View(
        q=_text(_first(values("q")))[:LONGEST_SEARCH].strip(),
        sector=_several(values("sector"), lambda value: len(value) <= 120),
        size=_several(values("size"), lambda value: len(value) <= 12),
        segment=_several(values("segment"), lambda value: len(value) <= 12),
        health=_several(values("health"), lambda value: value in (*BANDS, UNKNOWN)),
        risk=_several(values("risk"), _is_kind),
        opportunity=_several(values("opportunity"), _is_kind),
        renewal=_several(values("renewal"), lambda value: value in RENEWALS),
        review=_several(values("review"), lambda value: value in REVIEWS),
        owner=_several(values("owner"), lambda value: value in (ME, UNKNOWN) or _ident(value) is not None),
        tier=_several(values("tier"), lambda value: value in (*TIERS, UNKNOWN)),
        tag=_several(values("tag"), lambda value: len(value) <= 60),
        custom=_custom(values, names),
        sort=column,
        descending=down,
        after=_first(values("after")),
        peek=_ident(peek),
        saved=_ident(_first(values("view"))),
    )


def is_bound(value: str) -> bool:
    """Whether the value of a custom filter is a bound instead: `>=10`, `<=2026-12-31`, `~text`.

    >>> [is_bound(one) for one in (">=10", "<=2026-12-31", "~or", "Gold", ">=x", "<=2026-13-31", "~")]
    [True, True, True, False, False, False, False]
    """
    found = BOUND.fullmatch(value)
    return found is not None and (bool(found[3]) or _edge(found[2]) is not None)


def bounds(values: Iterable[str]) -> Bounds:
    """The bounds among these values; of two of one kind the last.

    >>> bounds([">=10", "Gold", "<=20.5"]), bounds(["~or"]).has
    (Bounds(least=10.0, most=20.5, has=''), 'or')
    """
    said: dict[str, str] = {}
    for value in filter(is_bound, values):
        found = BOUND.fullmatch(value)
        assert found
        said[found[1] or found[3]] = found[2] or found[4]
    return Bounds(_edge(said.get(">=", "")), _edge(said.get("<=", "")), said.get("~", ""))


def _edge(text: str) -> float | date | None:
    try:
        return date.fromisoformat(text) if text.count("-") == 2 else float(text)
    except ValueError:
        return None


def parse(query: str) -> View:
    """The view whose query this is, as `View.query` writes it."""
    given = parse_qs(query)
    return read(lambda name: given.get(name, []), given)


# The views that everybody has (PF-4), by name; the list opens with the first.
VIEWS: dict[str, View] = {
    "all": View(),
    "mine": View(owner=(ME,)),
    "at_risk": View(risk=(AT_RISK,)),
    "renewals": View(renewal=(str(RENEWAL_CLOSE),)),
    "late": View(review=("late",), sort="review"),
}


def like(text: str, folded: bool = False) -> str:
    """The pattern that finds `text` anywhere in a folded column; «\\» escapes its own `%` and `_`."""
    folded_text = text if folded else formats.fold(text)
    return "%" + folded_text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


# How the value of each order travels in a cursor: back from JSON, or ValueError.
def _date(value: Any) -> date:
    return date.fromisoformat(_typed(value, str))


def _typed(value: Any, *kinds: type) -> Any:
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise ValueError("not a place in this list")
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError("out of range")
    if isinstance(value, str) and "\0" in value:
        raise ValueError("not text")
    return value


def _person(value: Any) -> tuple[str, int]:
    """A name and its id: two people may have one name."""
    name, ident = _typed(value, list)
    return _typed(name, str), _typed(ident, int)


_READERS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: _typed(value, str),
    "arr": lambda value: _typed(value, int),
    "change": lambda value: float(_typed(value, int, float)),
    "health": lambda value: _typed(value, int),
    "trend": lambda value: _typed(value, int),
    "churn": lambda value: float(_typed(value, int, float)),
    "risk": lambda value: _typed(value, int),
    "opportunity": lambda value: _typed(value, int),
    "renewal": _date,
    "review": _date,
    "owner": lambda value: _person(value),
    "rank": lambda value: float(_typed(value, int, float)),
}


@dataclass(frozen=True)
class Cursor:
    """The last row of a page. `value` None: it stood among the rows without a value, which end every order; by name of
    the account there where the order is that of owners, else as they were made."""

    value: Any
    name: str
    ident: int


def make_cursor(view: View, value: Any, name: str, ident: int) -> str:
    """The opaque text of a place in the list, for the `after` of the next page."""
    plain = value.isoformat() if isinstance(value, date) else value
    packed = json.dumps([view.order, plain, name, ident], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def parse_cursor(view: View) -> Cursor | None:
    """The place that `view.after` names, None for the first page. Raises BadCursor for anything else."""
    if not view.after:
        return None
    try:
        packed = base64.b64decode(view.after + "=" * (-len(view.after) % 4), altchars=b"-_", validate=True)
        order, value, name, ident = json.loads(packed)
        if order != view.order:
            raise ValueError("of another order")
        known = None if value is None else _READERS[view.sort](value)
        return Cursor(known, _typed(name, str), _typed(ident, int))
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise BadCursor(str(error)) from error


def nearness(days: int | None) -> str:
    """How pressing a renewal is: «bad» up to 45 days and when past, «warn» up to 90, else empty."""
    if days is None or days > RENEWAL_CLOSE:
        return ""
    return "bad" if days <= RENEWAL_NEAR else "warn"


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""


def _text(value: str) -> str:
    """Without control characters, which no name holds and PostgreSQL refuses."""
    return "".join(char for char in value if unicodedata.category(char) not in ("Cc", "Cs"))


def _several(values: Sequence[str], allowed: Callable[[str], bool]) -> tuple[str, ...]:
    clean = dict.fromkeys(_text(value) for value in values[:MOST_VALUES])
    return tuple(value for value in clean if value and allowed(value))


def _custom(values: Callable[[str], Sequence[str]], names: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    wanted = sorted({one for one in (name.partition(".")[0] for name in names) if CUSTOM.fullmatch(one)})[:MOST_CUSTOM]
    given = ((name, [*values(name), *_from_fields(values, name)]) for name in wanted)
    chosen = ((name, _several(said, lambda value: len(value) <= 400)) for name, said in given)
    return tuple(pair for pair in chosen if pair[1])


def _from_fields(values: Callable[[str], Sequence[str]], name: str) -> list[str]:
    """What somebody typed into the fields of a custom filter, as its values; what is no number or day is left out."""
    found = []
    for field, sign in TYPED.items():
        text = _first(values(f"{name}.{field}")).strip()
        if sign != "~":
            text = re.sub(r"[\s\u00a0\u202f]", "", text).replace("\u2212", "-").replace(",", ".")
        if is_bound(sign + text):
            found.append(sign + text)
    return found


def _is_kind(value: str) -> bool:
    """A kind of signal, `none` or `at_risk`; kinds are data of another slice, an unknown one finds nothing."""
    return value.isascii() and value.isidentifier() and len(value) <= 30


def _ident(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
