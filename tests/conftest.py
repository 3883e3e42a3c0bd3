"""Fixtures of every test: databases, the application, the sample story, logged-in people.

    app            SQLite, migrated, empty            db_app          the same on SQLite and on PostgreSQL
    story          the sample portfolio on SQLite     db_story        the same on both
    story.login("csm")  a logged-in visitor           story.id("Groupe Valmorin")  an account's id

No application context is pushed around a test: a request would share it, and with it the logged-in user.
"""

import gc
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask

from haark import create_app
from tests.support import databases, emptied, memory, postgres, quicker, sharing
from tests.support.people import Visitor

TODAY = date(2026, 11, 12)  # the day of the design's reference game
ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
ENGINES = ("sqlite", "postgresql")

# Nothing here is measured in seconds: a busy machine fails no property. Each run draws sixty other examples.
hypothesis.settings.register_profile(
    "haark", deadline=None, max_examples=60, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("haark")
quicker.remember_all()
emptied.share_engines()
memory.prefer()


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    sharing.arrange(items)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish() -> None:
    """pytest looks five times through everything before it ends, for what was left open; nothing here is young."""
    gc.freeze()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """The business date of every test; real time (leases, sessions) goes on."""
    monkeypatch.setenv("HAARK_TODAY", TODAY.isoformat())
    return TODAY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real files to import; a checkout without them skips what needs them."""
    if not SHARED.is_dir():
        pytest.skip("the real files of shared/data are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def _meeting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the processes of one run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "databases"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def _sqlite(_meeting: Path) -> databases.SQLite:
    return databases.SQLite(_meeting)


@pytest.fixture(scope="session")
def _postgresql(_meeting: Path) -> Iterator[databases.PostgreSQL]:
    if not postgres.available():
        assert os.environ.get("CI") != "true", "PostgreSQL is missing: bin/setup --dev installs it"
        pytest.skip("PostgreSQL is not installed here")
    with postgres.cluster(_meeting) as address:
        yield databases.PostgreSQL(address, _meeting)


@pytest.fixture(scope="session")
def _templates() -> dict[tuple[str, str], str]:
    return {}


def _nothing(_app: Flask) -> None:
    return None


def _sample(_app: Flask) -> None:
    from haark.demo import domain

    before = os.environ.get("HAARK_TODAY")
    os.environ["HAARK_TODAY"] = TODAY.isoformat()
    try:
        domain.load(TODAY, history_days=0)
    finally:
        if before is None:
            del os.environ["HAARK_TODAY"]
        else:
            os.environ["HAARK_TODAY"] = before


def _ravenstack(app: Flask) -> None:
    from haark import clock
    from haark.intake import domain

    mapping = ROOT / "docs" / "examples" / "ravenstack.toml"
    domain.import_paths([SHARED / "ravenstack"], mapping, by=None, at=clock.moment(), on=TODAY)


FILLS = {"empty": _nothing, "sample": _sample, "ravenstack": _ravenstack}


def _application(request: pytest.FixtureRequest, engine_name: str, content: str) -> Iterator[Flask]:
    engine = request.getfixturevalue(f"_{engine_name}")
    templates = request.getfixturevalue("_templates")
    if (engine_name, content) not in templates:
        templates[engine_name, content] = engine.template(content, FILLS[content])
    folder = request.getfixturevalue("tmp_path")
    with engine.copy(templates[engine_name, content], folder) as url:
        app = create_app(databases.settings(url, folder))
        yield app
        databases.close(app)


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    yield from _application(request, "sqlite", "empty")


@pytest.fixture(params=ENGINES)
def db_app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    yield from _application(request, request.param, "empty")


@pytest.fixture
def raven(request: pytest.FixtureRequest, shared_data: Path) -> Iterator[Flask]:
    """RavenStack as it was imported, on SQLite: 500 accounts, whose churn flags are random."""
    yield from _application(request, "sqlite", "ravenstack")


class Story:
    """The sample portfolio, by name."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def id(self, name: str) -> int:
        from haark.accounts.models import Account
        from haark.extensions import db

        with self.app.app_context():
            found = db.session.scalar(sa.select(Account.id).where(Account.name == name))
        assert found is not None, f"the sample has no account named {name}"
        return found

    def user_id(self, role: str) -> int:
        from haark.extensions import db
        from haark.people.models import User

        with self.app.app_context():
            found = db.session.scalar(sa.select(User.id).where(User.email == f"{role}@demo.haark.test"))
        assert found is not None
        return found

    def login(self, role: str) -> Visitor:
        return Visitor(self.app).login(role)


@pytest.fixture
def story(request: pytest.FixtureRequest) -> Iterator[Story]:
    for app in _application(request, "sqlite", "sample"):
        yield Story(app)


@pytest.fixture(params=ENGINES)
def db_story(request: pytest.FixtureRequest) -> Iterator[Story]:
    for app in _application(request, request.param, "sample"):
        yield Story(app)
