"""A worker with nothing to do asks the database next to nothing, and still begins at once."""

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.engine import jobs, work
from tests.dispatch.engine.test_engine import done, enqueue, until

WATCHED_SECONDS = 10
MOST_STATEMENTS_A_SECOND = 12


@pytest.fixture(autouse=True)
def _nothing_done_yet(app: Flask) -> Iterator[None]:
    done.clear()
    work.run(app)
    enqueue(app, "test_note", "awake")
    until(lambda: done == ["awake"])
    yield
    work.stop()


def first_sweeps_are_done(app: Flask) -> bool:
    """Tell whether what every worker does once at its start is over."""
    with app.app_context():
        return all(
            jobs.client().list_workflows(workflow_id_prefix=f"{name}-", status="SUCCESS")
            for name in jobs.sweeps
        )


def test_an_idle_worker_hardly_asks(app: Flask) -> None:
    until(lambda: first_sweeps_are_done(app))
    statements: list[str] = []

    def count(*executed: object) -> None:
        statements.append(str(executed[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        threading.Event().wait(WATCHED_SECONDS)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
    assert len(statements) < WATCHED_SECONDS * MOST_STATEMENTS_A_SECOND, statements


def test_a_job_is_begun_within_about_a_second_of_its_commit(app: Flask) -> None:
    took = []
    for number in range(5):
        begun = time.monotonic()
        enqueue(app, "test_note", f"job {number}")
        until(lambda number=number: f"job {number}" in done)  # type: ignore[misc]
        took.append(time.monotonic() - begun)
    assert sorted(took)[2] < 1.2, took
