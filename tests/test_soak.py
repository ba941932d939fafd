"""What the soak would find: each of its verdicts fails when what it is about is broken."""

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from bench.load.bursts import queue
from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from tests import factories
from tests.soak.people import AT_ONCE, Seen
from tests.soak.verdicts import Memory, verdicts

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
FLAT = Memory(web=(200.0, 201.0), worker=(180.0, 181.0))
REQUESTS, MESSAGES, WAITS, MAILS, BOOKED, ANSWERS, WEB, WORKER, SMALL = range(9)


def failing(seen: Seen, memory: Memory = FLAT, mails: tuple[bytes, ...] = ()) -> set[int]:
    """Return which verdicts fail, by their place in the table."""
    server: Any = SimpleNamespace(mails=mails)
    found = list(verdicts(seen, server, 0, memory))
    assert len(found) == SMALL + 1
    return {number for number, one in enumerate(found) if not one.holds}


def asked() -> int:
    """Store a request of which nobody has to hear any more; return its id."""
    with transaction():
        one = factories.asked().id
    with transaction():
        db.session.execute(sa.update(Message).values(state=MessageState.SETTLED))
    return one


def mail(**changed: object) -> Message:
    """Store a mail that was sent."""
    with transaction():
        queue("test:1", 1)
    message = db.session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()
    with transaction():
        message.state = MessageState.SENT
        for name, text in changed.items():
            setattr(message, name, text)
    return message


def arrived(message: Message) -> bytes:
    return f"Message-ID: <{message.mail_id}>\r\n\r\n".encode()


def test_where_nothing_is_wrong_all_holds() -> None:
    seen = Seen(taken=[asked()])
    seen.statuses.update({200: 9, 302: 3, 503: 2})
    one = mail()
    assert failing(seen, mails=(arrived(one),)) == set()


def test_a_request_that_was_lost_or_is_there_twice_is_found() -> None:
    one = asked()
    assert failing(Seen(taken=[one, one + 1])) == {REQUESTS}
    assert failing(Seen(taken=[])) == {REQUESTS}
    assert failing(Seen(taken=[one, one])) == {REQUESTS}


def test_messages_that_are_missing_wait_or_never_came_are_found() -> None:
    assert failing(Seen(bursts=["soak:1"])) == {MESSAGES}
    one = mail()
    assert failing(Seen()) == {MAILS}, "said to be sent, and did not arrive"
    twice = (arrived(one), arrived(one))
    assert failing(Seen(), mails=twice) == {MAILS}, "came twice, and is not marked"
    with transaction():
        db.session.get_one(Message, one.id).perhaps_repeated = True
    assert failing(Seen(), mails=twice) == set()
    mail(state=MessageState.QUEUED)
    assert failing(Seen(), mails=twice) == {WAITS}
    with transaction():
        db.session.execute(sa.update(Message).values(error_code="waits-for-others"))
    assert failing(Seen(), mails=twice) == set()


def test_errors_and_memory_that_grows_are_found() -> None:
    seen = Seen()
    seen.statuses.update({500: 1})
    assert failing(seen) == {ANSWERS}
    assert failing(Seen(faults=["KeyError"])) == {ANSWERS}
    assert failing(Seen(), Memory(web=(200.0, 221.0), worker=(180.0, 199.0))) == {WEB, WORKER}
    assert failing(Seen(), Memory(web=(250.0, 251.0), worker=(180.0, 181.0))) == {SMALL}


def test_a_burst_is_as_many_as_were_queued() -> None:
    for _ in range(AT_ONCE):
        mail(about="soak:1", state=MessageState.SETTLED)
    assert failing(Seen(bursts=["soak:1"])) == set()
    mail(about="soak:1", state=MessageState.SETTLED)
    assert failing(Seen(bursts=["soak:1"])) == {MESSAGES}
