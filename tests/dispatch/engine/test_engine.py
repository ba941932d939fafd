"""Jobs: committed with the caller's change, done once, later, first, or in every interval."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch import engine
from dispatch.database import db, transaction
from dispatch.engine import jobs, polling, watch, work
from dispatch.engine.models import Worker
from dispatch.engine.tables import DELAYED, PENDING, statuses

done: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_done_yet(app: Flask) -> Iterator[None]:
    done.clear()
    yield
    work.stop()


@engine.job("test_note")
def _note(word: str) -> None:
    done.append(word)


@engine.job("test_fail_twice")
def _fail_twice(word: str) -> None:
    done.append(word)
    if len(done) < 3:
        raise RuntimeError("not yet")


@engine.job("test_come_back")
def _come_back(word: str) -> float | None:
    done.append(word)
    return 0.1 if len(done) < 2 else None


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.05)


def enqueue(app: Flask, name: str, *arguments: str, **how: int) -> None:
    with app.app_context(), transaction():
        engine.enqueue(name, *arguments, **how)  # type: ignore[arg-type]


def test_a_committed_job_is_done_and_a_rolled_back_one_never(app: Flask) -> None:
    with app.app_context():
        with suppress(ZeroDivisionError), transaction():
            engine.enqueue("test_note", "rolled back")
            1 / 0  # noqa: B018
        with transaction():
            engine.enqueue("test_note", "committed")
    work.run(app)
    until(lambda: bool(done))
    enqueue(app, "test_note", "after")
    until(lambda: "after" in done)
    assert done == ["committed", "after"]


def test_the_same_key_has_one_effect(app: Flask) -> None:
    for word in ("first", "second"):
        enqueue(app, "test_note", word, key="the same")  # type: ignore[arg-type]
    enqueue(app, "test_note", "last")
    work.run(app)
    until(lambda: "last" in done)
    assert done == ["first", "last"]


def test_a_delayed_job_is_done_later_and_an_urgent_one_first(app: Flask) -> None:
    enqueue(app, "test_note", "delayed", delay_seconds=2)
    enqueue(app, "test_note", "normal")
    enqueue(app, "test_note", "urgent", priority=engine.URGENT)
    work.run(app)
    until(lambda: len(done) == 3)
    assert done == ["urgent", "normal", "delayed"]


def test_a_job_that_fails_is_done_again(app: Flask) -> None:
    enqueue(app, "test_fail_twice", "try")
    work.run(app)
    until(lambda: len(done) == 3)


def test_a_job_can_ask_to_be_called_again(app: Flask) -> None:
    enqueue(app, "test_come_back", "here")
    work.run(app)
    until(lambda: len(done) == 2)


def worker_of(app: Flask) -> str | None:
    """Return what the worker is called, once it has given a sign of life."""
    with app.app_context():
        return db.session.scalar(sa.select(Worker.executor_id))


def test_a_job_that_was_lost_between_being_taken_and_being_done_is_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database goes away in just that moment, and comes back."""
    monkeypatch.setattr(watch, "LOST_AFTER_SECONDS", 1.0)
    monkeypatch.setattr(watch, "LOOK_FOR_DEAD_SECONDS", 0.2)
    work.run(app)
    until(lambda: worker_of(app) is not None)
    enqueue(app, "test_note", "lost", delay_seconds=10_000)
    here = worker_of(app)
    with app.app_context(), transaction():
        job = statuses(db.engine)
        taken = sa.update(job).values(status=PENDING, executor_id=here)
        db.session.execute(taken.where(job.c.status == DELAYED))
    until(lambda: "lost" in done)


def test_a_job_that_takes_long_is_not_lost_meanwhile(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks for lost jobs finds it among those that are being done."""
    goes_on = threading.Event()
    monkeypatch.setitem(jobs.jobs, "test_take_long", lambda: goes_on.wait(20) and None)
    enqueue(app, "test_take_long", key="long")  # type: ignore[arg-type]
    work.run(app)
    until(lambda: "long" in polling.being_done())
    goes_on.set()
    until(lambda: "long" not in polling.being_done())


def test_an_unknown_job_is_refused_at_once(app: Flask) -> None:
    with app.app_context(), pytest.raises(LookupError, match="dance"):
        engine.enqueue("dance")


def test_two_functions_cannot_do_jobs_of_one_name() -> None:
    with pytest.raises(ValueError, match="test_note"):
        engine.job("test_note")(lambda: None)


def test_a_clock_set_back_stops_no_sweep(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs.jobs, "test_tick", lambda: done.append("tick"))
    monkeypatch.setitem(jobs.sweeps, "test_tick", 1.0)
    real = time.time
    work.run(app)
    until(lambda: len(done) >= 2)
    monkeypatch.setattr(time, "time", lambda: real() - 120)
    before = len(done)
    until(lambda: len(done) >= before + 3)


def test_a_listener_is_called_until_the_worker_stops_whatever_goes_wrong(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "listeners", {})
    monkeypatch.setattr(work, "LISTEN_AGAIN_SECONDS", 0.0)

    @engine.listener("test_hear")
    def hear() -> float:
        done.append("called")
        if len(done) == 1:
            raise RuntimeError("not yet")
        return 0.0 if len(done) < 3 else 3600.0

    work.run(app)
    until(lambda: len(done) == 3)
    work.stop()
    assert not [one for one in threading.enumerate() if one.name == "test_hear"]
