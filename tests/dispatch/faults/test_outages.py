"""The database away, locked, full, out of connections: a sentence, when to come back, no harm."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch import database
from dispatch.accounts.rules import Role
from dispatch.app import create_app
from dispatch.database import db, engine_options, transaction
from dispatch.engine import work
from dispatch.engine.models import Worker
from dispatch.errors import Unavailable
from dispatch.settings import Settings
from dispatch.sites.models import Site
from tests import factories
from tests.browsing import sign_in
from tests.dispatch.engine.test_engine import done, enqueue, until
from tests.dispatch.faults.conftest import Server

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def outer(server: Server, tmp_path: Path) -> Iterator[Flask]:
    """The application on the server that will be taken away, with a worker beside it."""
    app = create_app(
        Settings(
            database_url=server.url,
            secret_key_file=tmp_path / "secret_key",
            sink_dir=tmp_path / "sink",
        )
    )
    done.clear()
    work.run(app)
    yield app
    work.stop()
    with app.app_context():
        db.engine.dispose()


def test_after_an_outage_the_worker_watches_again_and_readiness_tells_the_truth(
    outer: Flask,
    server: Server,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging.getLogger("dbos"), "propagate", True)
    browser, visitor = outer.test_client(), outer.test_client()
    browser.set_cookie("dragoman", "somebody")
    until(lambda: browser.get("/readyz").status_code == 200)
    for take_away in (server.stop, server.kill):
        take_away()
        for page in ("/", "/readyz"):
            answer = browser.get(page, headers={"Accept-Language": "en"})
            assert answer.status_code == 503, page
            assert int(answer.headers["Retry-After"]) > 0
            assert "database" in answer.text
        assert visitor.get("/sign-in").status_code == 200
        server.start()
        until(lambda: browser.get("/readyz").status_code == 200)
        enqueue(outer, "test_note", take_away.__name__)
        until(lambda take_away=take_away: take_away.__name__ in done)  # type: ignore[misc]
    said = [one for one in caplog.records if one.name.startswith(("dbos", "dispatch.engine"))]
    assert len(said) <= 20, [one.getMessage() for one in said]
    assert [one.getMessage() for one in said if one.exc_info] == []


def test_an_outage_is_one_plain_line_and_no_traceback(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(
        Settings(
            database_url=server.url,
            secret_key_file=tmp_path / "secret_key",
            sink_dir=tmp_path / "sink",
        )
    )
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    browser = sign_in(app, coordinator)
    before = browser.get_cookie("dragoman")
    server.kill()
    caplog.clear()
    for page in ("/", "/requests", "/sign-in"):
        assert browser.get(page).status_code == 503
    assert browser.post("/sign-out").status_code == 503
    said = [record for record in caplog.records if record.name.startswith(("dispatch", "sqlalch"))]
    assert [record.getMessage() for record in said if "database-away" in record.getMessage()] == [
        "GET account.start: 503 (database-away)",
    ]
    assert [record.getMessage() for record in said if record.exc_info] == []
    server.start()
    assert browser.get("/requests").status_code == 200, "nobody is signed out by it"
    assert browser.get_cookie("dragoman") == before
    with app.app_context():
        db.engine.dispose()


def test_a_connection_that_breaks_after_the_last_statement_costs_no_answer(
    outer: Flask, server: Server
) -> None:
    """What was read is read; giving the connection back must not turn the page into an error."""
    with outer.app_context():
        read = db.session.scalar(sa.select(1))
        server.kill()
    assert read == 1
    server.start()


def test_without_a_worker_that_watches_nothing_is_ready(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": True, "schema": True, "worker": False}


@pytest.mark.parametrize(("seconds", "ready"), [(50, True), (70, False)])
def test_a_watcher_that_has_not_watched_for_a_minute_is_not_ready(
    app: Flask, seconds: int, ready: bool
) -> None:
    with app.app_context(), transaction():
        long_ago = datetime.now(UTC) - timedelta(seconds=seconds)
        db.session.add(Worker(executor_id="hangs", seen_at=long_ago))
    assert (app.test_client().get("/readyz").status_code == 200) is ready


@pytest.mark.parametrize(("later", "status"), [({"minutes": 2}, 200), ({"days": 1}, 503)])
def test_a_worker_that_died_before_the_clock_was_set_back_makes_nothing_ready(
    app: Flask, later: dict[str, int], status: int
) -> None:
    with app.app_context(), transaction():
        seen_at = datetime.now(UTC) + timedelta(**later)
        db.session.add(Worker(executor_id="dead or alive", seen_at=seen_at))
    assert app.test_client().get("/readyz").status_code == status


@sqlite_only
def test_a_database_that_is_locked_for_long_answers_reading_and_says_so_to_writing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 200)
    with app.app_context():
        db.engine.dispose()
        other = sa.create_engine(db.engine.url)
        with other.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            assert app.test_client().get("/sign-in").status_code == 200
            with pytest.raises(Unavailable) as refused, transaction():
                factories.site()
            assert refused.value.code == "database-busy"
        other.dispose()
        with transaction():
            factories.site()


@sqlite_only
def test_a_full_disk_loses_nothing_and_is_over_when_there_is_room_again(
    settings: Settings,
) -> None:
    with create_app(settings).app_context():
        with transaction():
            factories.site("before")
        pages = db.session.scalar(sa.text("PRAGMA page_count"))
        db.session.rollback()
        with room_for(int(pages or 0)):
            with pytest.raises(Unavailable) as refused:
                _make_many_sites()
            assert refused.value.code == "database-full"
            assert _names() == {"before"}
        with transaction():
            factories.site("after")
        assert _names() == {"before", "after"}


def _make_many_sites() -> None:
    with transaction():
        for _ in range(2_000):
            factories.site("x" * 200)


@contextmanager
def room_for(pages: int) -> Iterator[None]:
    """Let the database grow no further; each connection of the pool has to know it."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    db.session.remove()
    db.engine.dispose()
    sa.event.listen(db.engine, "connect", limit)
    yield
    sa.event.remove(db.engine, "connect", limit)
    db.session.remove()
    db.engine.dispose()


def _names() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(Site.name)))


def test_threads_wait_for_a_connection_instead_of_failing(database_url: str) -> None:
    pool = engine_options(database_url) | {"pool_size": 1, "max_overflow": 0}
    small = sa.create_engine(database_url, **pool)
    answers: list[int] = []

    def ask() -> None:
        with small.connect() as connection:
            answers.append(int(connection.scalar(sa.select(1)) or 0))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    small.dispose()
    assert answers == [1] * 12


def test_errors_of_the_database_keep_what_was_typed_to_themselves(app: Flask) -> None:
    with app.app_context(), pytest.raises(sa.exc.DBAPIError) as failure:
        db.session.execute(sa.text("SELECT nothing FROM nowhere WHERE a = :a"), {"a": "Amal K."})
    assert "Amal" not in str(failure.value)


def test_more_people_than_postgresql_has_connections_wait_or_are_told(
    server: Server, tmp_path: Path
) -> None:
    _set(server, "ALTER SYSTEM SET max_connections = 10")
    server.stop()
    server.start()
    app = create_app(
        Settings(
            database_url=server.url,
            secret_key_file=tmp_path / "secret_key",
            sink_dir=tmp_path / "sink",
        )
    )
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    browsers = [sign_in(app, coordinator) for _ in range(20)]
    together = threading.Barrier(len(browsers))

    def look(browser: FlaskClient) -> set[int]:
        together.wait()
        return {browser.get("/requests").status_code for _ in range(3)}

    with ThreadPoolExecutor(len(browsers)) as pool:
        statuses = set().union(*pool.map(look, browsers))
    assert statuses <= {200, 503}
    assert {browser.get("/requests").status_code for browser in browsers} == {200}
    with app.app_context():
        db.engine.dispose()


def _set(server: Server, statement: str) -> None:
    engine = sa.create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
