"""Databases and servers of pages killed under load: what was answered is there, once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.app import create_app
from dispatch.database import db
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import Settings
from tests.browsing import sign_in
from tests.conftest import FrozenClock
from tests.dispatch.engine.processes import until
from tests.dispatch.faults import asking
from tests.dispatch.faults.asking import Answer, Record
from tests.dispatch.faults.conftest import Server
from tests.dispatch.faults.serving import pages_of

pytestmark = pytest.mark.usefixtures("frozen_clock")
PEOPLE = 4


class InProcess:
    """A test client as a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, path: str) -> Answer:
        answer = self._client.get(path)
        return Answer(answer.status_code, answer.location or "", answer.text)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        answer = self._client.post(path, data=form)
        return Answer(answer.status_code, answer.location or "", answer.text)


@pytest.fixture
def outer(server: Server, tmp_path: Path, frozen_clock: FrozenClock) -> Iterator[Flask]:
    """The application on a server that will be taken away."""
    app = create_app(
        Settings(
            database_url=server.url,
            secret_key_file=tmp_path / "secret_key",
            sink_dir=tmp_path / "sink",
        )
    )
    frozen_clock.move_to(frozen_clock.now)
    yield app
    with app.app_context():
        db.engine.dispose()


def stored(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(sa.select(InterpretationRequest.id)))


@pytest.mark.parametrize(
    ("outages", "times"),
    [(("stop", "kill"), 6), pytest.param(("stop", "kill") * 3, 60, marks=pytest.mark.slow)],
)
def test_postgresql_taken_away_under_load_loses_nothing_and_doubles_nothing(
    outer: Flask, server: Server, outages: tuple[str, ...], times: int
) -> None:
    account, wanted = asking.set_up(outer)
    record, there = Record(), threading.Event()
    there.set()
    browsers = [InProcess(sign_in(outer, account)) for _ in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        people = [
            pool.submit(
                asking.ask,
                one,
                wanted | {"start": f"{8 + 2 * number:02}:00"},
                record,
                _until(there),
                times=times,
            )
            for number, one in enumerate(browsers)
        ]
        for number, outage in enumerate(outages):
            enough = (number + 1) * PEOPLE * times // (len(outages) + 1)
            until(lambda enough=enough: len(record.taken) >= enough)  # type: ignore[misc]
            there.clear()
            getattr(server, outage)()
            server.start()
            there.set()
        for one in people:
            one.result()
    assert set(record.others) <= {503}, record.others
    assert len(record.taken) == record.forms == PEOPLE * times
    assert sorted(stored(outer)) == sorted(record.taken)


def _until(there: threading.Event) -> Callable[[], None]:
    def wait() -> None:
        assert there.wait(60)

    return wait


@pytest.mark.parametrize(
    ("database_url", "kills", "times"),
    [
        ("sqlite", 1, 6),
        pytest.param("sqlite", 20, 60, marks=pytest.mark.slow),
        pytest.param("postgresql", 20, 60, marks=pytest.mark.slow),
    ],
    indirect=["database_url"],
)
def test_a_server_of_pages_killed_under_load_loses_nothing_it_had_answered(
    app: Flask, settings: Settings, kills: int, times: int
) -> None:
    account, wanted = asking.set_up(app)
    record = Record()
    with pages_of(settings) as pages, ThreadPoolExecutor(PEOPLE) as pool:
        people = [
            pool.submit(
                asking.ask,
                pages.browser(app, account),
                wanted | {"start": f"{8 + 2 * number:02}:00"},
                record,
                pages.wait,
                times=times,
            )
            for number in range(PEOPLE)
        ]
        for number in range(kills):
            enough = (number + 1) * PEOPLE * times // (kills + 1)
            until(lambda enough=enough: len(record.taken) >= enough)  # type: ignore[misc]
            pages.kill()
            pages.start()
        for one in people:
            one.result()
    assert set(record.others) <= {0}, record.others
    assert len(record.taken) == record.forms == PEOPLE * times
    assert sorted(stored(app)) == sorted(record.taken)
    assert intact(app)


def intact(app: Flask) -> bool:
    with app.app_context():
        connection = db.session.connection()
        if connection.dialect.name == "postgresql":
            return True
        return connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_told_to_stop_it_answers_what_was_asked_and_ends_well(
    app: Flask, settings: Settings
) -> None:
    account, wanted = asking.set_up(app)
    record = Record()
    with pages_of(settings) as pages:
        browser = pages.browser(app, account)
        marks = asking.marks(browser, record, pages.wait)
        other = sa.create_engine(settings.database_url)
        with other.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            answer = browser.send(
                asking.PAGE, wanted | {"day": "2027-03-08", "start": "10:00"} | marks
            )
            assert browser.get("/healthz").status == 200, "asked later, so the form has arrived"
            pages.tell_to_stop()
        other.dispose()
        assert answer().status == 302
        assert pages.ended() == 0
    assert len(stored(app)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("app")
def test_told_to_stop_it_answers_those_who_were_at_the_door(settings: Settings) -> None:
    with pages_of(settings) as pages:
        place = pages.address.removeprefix("http://")
        people = [HTTPConnection(place, timeout=30) for _ in range(PEOPLE)]
        with pages.held_up():
            for one in people:
                one.request("GET", "/healthz", headers={"Connection": "close"})
            pages.tell_to_stop()
        for one in people:
            assert one.getresponse().status == 200
            one.close()
        assert pages.ended() == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_told_to_stop_it_ends_within_ten_seconds_whoever_asks_on_and_works_beside(
    settings: Settings,
) -> None:
    answers: list[int] = []
    with pages_of(settings, "--with-worker") as pages, ThreadPoolExecutor(PEOPLE) as people:
        asking_on = [people.submit(ask_on, pages.address, answers) for _ in range(PEOPLE)]
        until(lambda: len(answers) > 5 * PEOPLE)
        told_at = monotonic()
        pages.tell_to_stop()
        assert pages.ended() == 0
        assert monotonic() - told_at < 10
        for each in asking_on:
            each.result()
    assert set(answers) == {200}


def ask_on(address: str, answers: list[int]) -> None:
    """Ask for a page over and over on one connection, until nobody answers."""
    with closing(HTTPConnection(address.removeprefix("http://"), timeout=30)) as connection:
        while True:
            try:
                connection.request("GET", "/sign-in")
                answer = connection.getresponse()
                answer.read()
            except (HTTPException, OSError):
                return
            answers.append(answer.status)
