"""How a run shares the tests among its processes: what shares something costly stays together, the long go first."""

import pytest

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
    items.sort(key=lambda item: not any(part in item.nodeid for part in LONG))


def _shared(item: pytest.Item) -> set[str]:
    """The fixtures of a module that the test uses, by their full names."""
    known = getattr(item, "_fixtureinfo", None)
    if known is None:
        return set()
    found = (definitions[-1] for definitions in known.name2fixturedefs.values() if definitions)
    return {f"{one.baseid}:{one.argname}".replace("@", "") for one in found if one.scope == "module"}
