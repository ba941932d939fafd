"""The demonstration as it is right after the first start, made once for all tests here."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from dispatch import clock
from dispatch.app import create_app
from dispatch.cli import demonstration
from dispatch.database import db
from dispatch.settings import Settings
from tests import databases
from tests.conftest import MONDAY_MORNING


@dataclass(frozen=True)
class Demonstration:
    """What the first start printed, where the data is, and which day was planned."""

    output: str
    settings: Settings
    day: date


@pytest.fixture(scope="session")
def first_start(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    folder = tmp_path_factory.mktemp("demonstration")
    settings = Settings(
        database_url=databases.sqlite_copy(sqlite_template, folder / "dragoman.sqlite"),
        secret_key_file=folder / "secret_key",
        sink_dir=folder / "sink",
        now=MONDAY_MORNING,
    )
    app = create_app(settings)
    printed = io.StringIO()
    with redirect_stdout(printed):
        demonstration.prepare()
    yield Demonstration(printed.getvalue(), settings, date(2027, 3, 2))
    clock.freeze(None)
    with app.app_context():
        db.engine.dispose()


@contextmanager
def _inside(settings: Settings) -> Iterator[None]:
    app = create_app(settings)
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()
    clock.freeze(None)


@pytest.fixture
def inside() -> Callable[[Settings], AbstractContextManager[None]]:
    """A way into the application of an installation."""
    return _inside


@pytest.fixture
def demo_data(first_start: Demonstration) -> Iterator[Demonstration]:
    """The demonstration, inside its application."""
    with _inside(first_start.settings):
        yield first_start
