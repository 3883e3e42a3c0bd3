"""The page of both libraries: its filters as its address says them, and the entries that are left."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.formats import LANGUAGES, fold
from haark.library import queries, rules
from haark.library.models import PERMISSIONS, RoadmapItem, Story
from haark.measures.models import Interaction
from haark.people.models import User

TABS = ("stories", "roadmap")
PAGE, MOST = 50, 1000
SUGGESTED, RECENT = 12, 500  # tags offered, exchanges they are read from
MOST_SECTORS = 60
EVERYBODY = "everybody"  # the «sector» of an entry without any


@dataclass(frozen=True)
class View:
    """What is shown. Of each filter one value or '' for all; `permission` is yes or no for the roadmap."""

    tab: str = "stories"
    q: str = ""
    sector: str = ""
    language: str = ""
    permission: str = ""
    standing: str = ""
    shown: int = PAGE

    @property
    def filtered(self) -> bool:
        return any((self.q, self.sector, self.language, self.permission, self.standing))

    def but(self, **other: Any) -> "View":
        """The same with some of it replaced."""
        return replace(self, **other)

    def query(self, **other: Any) -> dict[str, Any]:
        """Arguments of its address, with some of them replaced; the usual ones are left out."""
        wanted = self.but(**other)
        usual = View()
        return {name: value for name, value in vars(wanted).items() if value != getattr(usual, name)}


@dataclass(frozen=True)
class Shelf:
    """Entries in their order, how many there are with these filters and in each tab, values of each filter with their
    counts, names of features and authors."""

    view: View
    entries: Sequence[Any]
    count: int
    totals: Mapping[str, int]
    choices: Mapping[str, Mapping[str, int]]
    features: Mapping[str, str]
    authors: Mapping[int, str]


def read(arguments: "MultiDict[str, str]") -> View:
    """The view of an address; what does not exist is left out."""

    def one_of(name: str, known: Iterable[str], usual: str = "") -> str:
        value = arguments.get(name, "")
        return value if value in known else usual

    tab = one_of("tab", TABS, TABS[0])
    return View(
        tab,
        arguments.get("q", "").strip()[:100],
        arguments.get("sector", "")[:120],
        one_of("language", LANGUAGES),
        one_of("permission", PERMISSIONS if tab == "stories" else ("yes", "no")),
        one_of("standing", rules.STANDINGS),
        min(max(arguments.get("shown", PAGE, type=int), PAGE), MOST),
    )


def shelf(view: View, on: date) -> Shelf:
    """The page on a day: four statements, however many entries there are."""
    every = {"stories": queries.live(Story), "roadmap": queries.live(RoadmapItem)}
    names, here = queries.feature_names(), every[view.tab]
    kept = [entry for entry in here if matches(entry, view, on, names)]
    return Shelf(
        view,
        kept[: view.shown],
        len(kept),
        {tab: len(entries) for tab, entries in every.items()},
        _choices(here, view, on, names),
        names,
        authors(kept[: view.shown]),
    )


def matches(entry: Any, view: View, on: date, names: Mapping[str, str]) -> bool:
    """Whether an entry passes all filters."""
    marks = _marks(entry, on)
    wanted = all(
        not value or value in marks[name] for name, value in vars(view).items() if name in marks and name != "q"
    )
    return wanted and (not view.q or _says(entry, view.q, names))


def authors(entries: Sequence[Any]) -> dict[int, str]:
    """Who wrote these, by user id. One statement."""
    wanted = {entry.created_by_id for entry in entries} - {None}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def sectors() -> list[str]:
    """Sectors of the portfolio, the most frequent ones where there are many. One statement."""
    column = AccountCard.sector
    counted = select(column).where(column != "").group_by(column)
    return list(db.session.scalars(counted.order_by(db.func.count().desc(), column).limit(MOST_SECTORS)))


def suggestions(model: type[Any]) -> list[str]:
    """Needs to offer: those of the library, then tags of the latest exchanges, the most frequent first."""
    latest = select(Interaction.tags).order_by(Interaction.id.desc()).limit(RECENT)
    said: Counter[str] = Counter()
    for entry in queries.live(model):
        said.update(dict.fromkeys(entry.needs, RECENT))
    said.update(tag for tags in db.session.scalars(latest) for tag in tags or () if tag.strip())
    return rules.distinct(tag for tag, _count in said.most_common())[:SUGGESTED]


def _marks(entry: Any, on: date) -> dict[str, tuple[str, ...]]:
    """The values of an entry by filter."""
    if isinstance(entry, Story):
        ended = not rules.permitted(entry.permission, entry.permission_until, on)
        permission = "none" if ended else entry.permission
    else:
        permission = "yes" if entry.public else "no"
    return {
        "sector": tuple(entry.sectors) or (EVERYBODY,),
        "language": (entry.language,),
        "permission": (permission,),
        "standing": (rules.standing(entry.valid_from, entry.valid_until, on),),
    }


def _says(entry: Any, q: str, names: Mapping[str, str]) -> bool:
    if isinstance(entry, Story):
        texts = [entry.title, entry.client, entry.result, entry.quote, entry.speaker]
    else:
        texts = [entry.title, entry.benefit]
    told = fold(" ".join([*texts, *entry.sectors, *entry.needs, *(names.get(key, key) for key in entry.features)]))
    return all(word in told for word in fold(q).split())


def _choices(entries: Sequence[Any], view: View, on: date, names: Mapping[str, str]) -> Mapping[str, Mapping[str, int]]:
    """Each filter's values with their counts under all the other filters."""
    found: dict[str, Counter[str]] = {}
    for name in ("sector", "language", "permission", "standing"):
        others = view.but(**{name: ""})
        values = (_marks(entry, on)[name] for entry in entries if matches(entry, others, on, names))
        found[name] = Counter(value for several in values for value in several)
    found["sector"] = Counter(
        dict(sorted(found["sector"].items(), key=lambda pair: (pair[0] == EVERYBODY, fold(pair[0]))))
    )
    return found
