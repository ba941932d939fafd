"""The ear of a worker on PostgreSQL hears at once what was said, and sleeps until then."""

import resource
import threading
from collections.abc import Iterator
from time import monotonic
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.database import db
from dispatch.engine.liveness import CHANNEL, Hold, hold_for

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
LONG = 20.0


@pytest.fixture
def ear(app: Flask) -> Iterator[Hold]:
    with app.app_context():
        held = hold_for(db.engine, uuid4().hex)
        yield held
        held.close()


def say() -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))


def test_who_listens_sleeps_until_it_is_told(ear: Hold) -> None:
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
    assert not ear.listen(1.0)
    assert resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw - before < 5


def test_what_is_said_is_heard_at_once(app: Flask, ear: Hold) -> None:
    def say_soon() -> None:
        with app.app_context():
            say()

    begun = monotonic()
    speaker = threading.Timer(0.1, say_soon)
    speaker.start()
    assert ear.listen(LONG)
    assert monotonic() - begun < LONG / 2
    speaker.join()


def test_what_was_said_before_anybody_listened_is_heard(ear: Hold) -> None:
    say()
    assert ear.take(uuid4().hex)  # what comes along with an answer
    assert ear.listen(LONG)
    assert not ear.listen(0.01)
