"""A mail server that hangs stops its own channel and nothing else."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.database import db
from dispatch.engine import jobs, work
from dispatch.messaging import transports
from dispatch.messaging.batches import at_once
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState, delivery_job
from tests.dispatch.engine.test_engine import done, enqueue, until
from tests.dispatch.messaging.outbox import queued, row

MAILS, OTHERS = 40, 20


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A mail server that takes nothing until the event is set; SMS are taken at once."""
    opens = threading.Event()

    def send(message: Message, _earlier: object = ()) -> str:
        if message.channel == Channel.EMAIL and not message.urgent:
            opens.wait()
        return "taken"

    monkeypatch.setattr(transports, "send", send)
    done.clear()
    yield opens
    opens.set()
    work.stop()


def count(app: Flask, channel: Channel, state: str) -> int:
    with app.app_context():
        return len(jobs.client().list_workflows(queue_name=delivery_job(channel), status=state))


def test_forty_mails_that_hang_keep_nothing_else_waiting_and_no_urgent_mail(
    app: Flask, hanging: threading.Event
) -> None:
    with app.app_context():
        for number in range(MAILS):
            queued(about=f"offer:{number}")
    work.run(app)
    until(lambda: count(app, Channel.EMAIL, "PENDING") == at_once(Channel.EMAIL), 60)
    for number in range(OTHERS):
        enqueue(app, "test_note", str(number))
        with app.app_context():
            queued(Channel.SMS, about=f"offer:{number}")
    until(lambda: len(done) == OTHERS and count(app, Channel.SMS, "SUCCESS") == OTHERS, 60)
    with app.app_context():
        urgent = queued(urgent=True)
        until(lambda: row(urgent).state == MessageState.SENT, 10)
    assert count(app, Channel.EMAIL, "PENDING") == at_once(Channel.EMAIL)
    assert count(app, Channel.EMAIL, "SUCCESS") == 0
    hanging.set()
    until(lambda: count(app, Channel.EMAIL, "SUCCESS") == MAILS, 60)
    with app.app_context():
        assert {one.state for one in db.session.scalars(sa.select(Message))} == {MessageState.SENT}
