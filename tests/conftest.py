"""Fixtures for the whole project: both databases, the application, the clock, no real network."""

import gc
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from dispatch import clock
from dispatch import settings as settings_module
from dispatch.app import create_app
from dispatch.database import db
from dispatch.pages.inspecting import NOTED
from dispatch.planning.advice import how_many, quickly
from dispatch.settings import Settings
from tests import databases

pytest_plugins = ["tests.windows"]
MONDAY_MORNING = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
OWN_OF_EACH_TEST = {"secret_key_file", "sink_dir"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Looked for as often as by default, garbage takes an eighth of the time of all tests.
gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs on PostgreSQL, before pytest chooses by marks."""
    for item in items:
        spec = getattr(item, "callspec", None)
        if spec and spec.params.get("database_url") == "postgresql":
            item.add_marker("postgresql")


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite database of each test lies: one place, so that the application can stay."""
    return tmp_path_factory.mktemp("database") / "dragoman.sqlite"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared SQLite file without rows."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    databases.create_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[databases.PostgreSQL]:
    """The PostgreSQL of this test run."""
    with databases.postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with all tables; the test runs once on each of the two kinds.

    Where one kind is enough: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    if request.param == "sqlite":
        file = request.getfixturevalue("sqlite_file")
        yield databases.sqlite_copy(request.getfixturevalue("sqlite_template"), file)
        return
    with request.getfixturevalue("postgresql_server").fresh() as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """An installation of its own under tmp_path."""
    return Settings(
        database_url=database_url,
        secret_key_file=tmp_path / "secret_key",
        sink_dir=tmp_path / "sink",
    )


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """The applications made so far, by what their settings say.

    Making one compiles each address, and each engine compiles each statement anew: a third of the
    time of most tests. A database keeps its address from test to test, so its application can stay.
    """
    return {}


@pytest.fixture
def app(
    settings: Settings, applications: dict[str, Flask], request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application, without a context: each request of a test client gets its own."""
    kind = str([(name, value) for name, value in settings if name not in OWN_OF_EACH_TEST])
    if kind in applications:
        app = applications[kind]
        settings_module.use(settings)
        clock.freeze(None)
        app.config["SECRET_KEY"] = settings.secret_key()
        # What was kept of the last test's people is of its database, not of this one.
        for kept in (app.extensions[NOTED], quickly.kept_days, how_many.kept_counts):
            kept.clear()
        with app.app_context():
            # A thread of the last test may have asked once more after its end: what it left open
            # leads to the file that was there then.
            db.engine.dispose()
    else:
        app = applications[kind] = _made(settings)
    if "frozen_clock" in request.fixturenames:
        frozen_clock: FrozenClock = request.getfixturevalue("frozen_clock")
        frozen_clock.move_to(frozen_clock.now)
    configured = dict(app.config)
    yield app
    app.config.clear()
    app.config.update(configured)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _made(settings: Settings) -> Flask:
    app = create_app(settings)
    app.testing = True
    app.test_client_class = WholeAnswers
    # hashes are made to take long; tests of signing in are about everything else
    app.extensions["security"].pwd_context.update(
        argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1
    )
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _need_not_survive_a_power_cut)
    return app


class WholeAnswers(FlaskClient):
    """A browser that reads each answer to its end, so that files that were sent are closed."""

    def open(self, *arguments: Any, buffered: bool = True, **options: Any) -> TestResponse:
        """Send a request; the answer is whole."""
        return super().open(*arguments, buffered=buffered, **options)


def _need_not_survive_a_power_cut(connection: Any, _record: object) -> None:
    """Commit without waiting for the disk, as the PostgreSQL of the tests does."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The database session, inside an application context, for tests of services.

    Not together with a test client: requests inside it would share who is signed in.
    """
    with app.app_context():
        yield db.session  # type: ignore[misc]


class FrozenClock:
    """The clock of a test: it stands still until it is told to move."""

    def __init__(self, at: datetime) -> None:
        self.move_to(at)

    def move_to(self, at: datetime) -> None:
        """Make it `at` (aware) now."""
        self.now = at
        clock.freeze(at)

    def advance(self, **how_far: float) -> datetime:
        """Move forward by a timedelta, such as `minutes=5`, and return the new now."""
        self.move_to(self.now + timedelta(**how_far))
        return self.now


@pytest.fixture
def frozen_clock() -> Iterator[FrozenClock]:
    """It is Monday, 1 March 2027, 08:00 UTC (09:00 in Dortmund) until the test says otherwise."""
    yield FrozenClock(MONDAY_MORNING)
    clock.freeze(None)


@pytest.fixture(autouse=True)
def _only_settings_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("DRAGOMAN_") and name != databases.SERVER_VARIABLE:
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "toml_file", None)


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def resolve_loopback(host: Any, *arguments: Any, **options: Any) -> Any:
        if host not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {host}")
        return resolve(host, *arguments, **options)

    def connect_loopback(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_loopback)
    monkeypatch.setattr(socket.socket, "connect", connect_loopback)
