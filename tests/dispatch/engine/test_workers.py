"""Workers that stop, work side by side, or are killed in the middle of many messages."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import sqlalchemy as sa
from flask import Flask

from dispatch.database import db, transaction
from dispatch.engine import jobs
from dispatch.engine.models import Worker
from dispatch.engine.watch import LOOK_FOR_DEAD_SECONDS
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import ROOT, Settings
from tests.conftest import MONDAY_MORNING
from tests.dispatch.engine.processes import files, start_worker, until, working

KILLS = int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "2"))  # `make test-all` kills 20 times
MESSAGES = 50 * KILLS
DONE = [MessageState.SENT, MessageState.PERHAPS_SENT]
TICK = """
from pathlib import Path
from dispatch import engine
@engine.every(1, "test_tick")
def tick():
    with Path({path!r}).open("a") as file:
        file.write("tick\\n")
"""
HANG = """
from pathlib import Path
from threading import Event
from dispatch import engine
@engine.job("test_hang")
def hang():
    with Path({path!r}).open("a") as file:
        file.write("begun\\n")
    Event().wait()
"""
jobs.job("test_hang")(lambda: None)


@dataclass(frozen=True)
class Link:
    city: str = "Dortmund"
    office: str = "Dolmetschvermittlung Dortmund"
    phone: str = "+493023125000"
    link: str = "https://dragoman.example/sign-in/link/x"


def queue_messages(app: Flask, count: int) -> None:
    with app.app_context(), transaction():
        for number in range(count):
            messaging.queue(
                "sign_in_link",
                channel=Channel.EMAIL,
                recipient=messaging.Recipient(f"p{number}@example.org", f"P {number}", "de"),
                facts=Link(),
                about=f"account:{number}",
                now=MONDAY_MORNING,
            )


def count_of(app: Flask, *conditions: sa.ColumnElement[bool]) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(sa.func.count(Message.id)).where(*conditions)).one()


def test_a_worker_told_to_stop_ends_in_peace(app: Flask, settings: Settings) -> None:
    queue_messages(app, 3)
    with working(settings):
        until(lambda: count_of(app, Message.state == MessageState.SENT) == 3)
    assert len(files(settings.sink_dir)) == 3


def test_an_interval_has_one_call_however_many_workers(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    ticks = tmp_path / "ticks"
    ticks.touch()
    with working(settings, TICK.format(path=str(ticks)), count=2):
        until(lambda: len(ticks.read_text().splitlines()) >= 3)
    with app.app_context():
        intervals = jobs.client().list_workflows(workflow_id_prefix="test_tick-", status="SUCCESS")
    assert len(ticks.read_text().splitlines()) == len(intervals)


def test_killed_workers_lose_nothing_and_mark_what_they_repeat(
    app: Flask, settings: Settings
) -> None:
    queue_messages(app, MESSAGES)
    chance = random.Random(1)
    for _ in range(KILLS):
        before = len(files(settings.sink_dir))
        worker = start_worker(settings)
        sent = before + chance.randrange(1, MESSAGES // KILLS - settings.mails_at_once)
        until(lambda sent=sent: len(files(settings.sink_dir)) >= sent)  # type: ignore[misc]
        worker.kill()
        worker.wait()
    assert count_of(app, Message.state == MessageState.QUEUED) > 0
    with working(settings):
        until(lambda: count_of(app, Message.state.in_(DONE)) == MESSAGES)

    handed_over = Counter(int(name.split("-")[1]) for name in files(settings.sink_dir))
    repeated = {message for message, times in handed_over.items() if times > 1}
    # What was interrupted twice is left to a person, whether it was handed over or not.
    in_doubt = count_of(app, Message.state == MessageState.PERHAPS_SENT)
    assert len(handed_over) >= MESSAGES - in_doubt
    assert sum(handed_over.values()) - MESSAGES <= KILLS * settings.mails_at_once
    assert count_of(app, Message.id.in_(repeated), Message.perhaps_repeated) == len(repeated)  # type: ignore[arg-type]


def test_what_a_killed_worker_was_doing_is_begun_by_another_within_seconds(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    begun.touch()
    code = HANG.format(path=str(begun))
    killed = start_worker(settings, code)
    with app.app_context(), transaction():
        jobs.enqueue("test_hang")
    until(lambda: begun.read_text().count("begun") == 1)
    other = start_worker(settings, code)
    try:
        with app.app_context():
            until(lambda: _workers_alive() == 2)
        killed.kill()
        until(lambda: begun.read_text().count("begun") == 2, 2 * LOOK_FOR_DEAD_SECONDS + 5)
    finally:
        for worker in (killed, other):
            worker.kill()
            worker.wait()


def test_a_worker_told_to_stop_waits_ten_seconds_at_most_for_a_job_that_hangs(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    begun.touch()
    code = HANG.format(path=str(begun))
    hangs = start_worker(settings, code)
    with app.app_context(), transaction():
        jobs.enqueue("test_hang")
    until(lambda: begun.read_text().count("begun") == 1)
    told_at = monotonic()
    hangs.send_signal(signal.SIGTERM)
    try:
        assert hangs.wait(timeout=30) == 0
        assert monotonic() - told_at < 10
    finally:
        hangs.kill()
    other = start_worker(settings, code)
    try:
        until(lambda: begun.read_text().count("begun") == 2, 2 * LOOK_FOR_DEAD_SECONDS + 15)
    finally:
        other.kill()
        other.wait()


def _workers_alive() -> int:
    alive = db.session.scalar(sa.select(sa.func.count(Worker.executor_id))) or 0
    db.session.rollback()
    return alive


def test_a_worker_knows_every_table_before_its_threads_begin() -> None:
    """A class that one thread declares while another uses tables breaks both, for good."""
    code = (
        "import dispatch.worker, dispatch.database as d; known = set(d.Base.metadata.tables);"
        "import dispatch.schema; print(sorted(set(d.Base.metadata.tables) - known));"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
