"""How a run shares the tests among its processes: what shares something costly stays together, the long go first."""

import os

import pytest
from _pytest.nodeid import NodeId

# By what their names hold: journeys through a browser, processes that are killed, whole data sets. Started last, they
# would leave the other process without work for as long as they take.
LONG = (
    "/journeys/",
    "test_browser",
    "test_journey",
    "test_campaign",
    "test_walk",
    "test_workshop",
    "test_survival",
    "test_ravenstack",
    "test_behaviours",
)


def arrange(items: list[pytest.Item]) -> None:
    """Groups the tests that use a fixture of their module (each process would make it) and sorts, for `loadgroup`."""
    for item in items:
        if not any(item.iter_markers("xdist_group")):
            shared = sorted(_shared(item))
            if shared:
                item.add_marker(pytest.mark.xdist_group("+".join(shared)))
    if os.environ.get("PYTEST_XDIST_WORKER"):
        _name_groups(items)
    items.sort(key=lambda item: not any(part in item.nodeid for part in LONG))


def _name_groups(items: list[pytest.Item]) -> None:
    """The end of an item's id says its group, by which the processes are given their tests. xdist 3.8 writes it where
    pytest 9.2 no longer reads it, so that every test went alone and what a module shares was made in each process."""
    for item in items:
        groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
        if groups and hasattr(item, "_id"):
            item._id = NodeId.parse(f"{item.nodeid}@{'_'.join(groups)}")


def _shared(item: pytest.Item) -> set[str]:
    """The fixtures of a module that the test uses, by their full names."""
    known = getattr(item, "_fixtureinfo", None)
    if known is None:
        return set()
    found = (definitions[-1] for definitions in known.name2fixturedefs.values() if definitions)
    return {f"{one.baseid}:{one.argname}".replace("@", "") for one in found if one.scope == "module"}
