"""The ground the other tests stand on."""

import socket

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from dispatch import clock
from dispatch.messaging.models import Message
from tests.conftest import FrozenClock


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_a_database_of_its_own(
    session: scoped_session[Session], frozen_clock: FrozenClock, turn: int
) -> None:
    assert session.scalar(sa.select(sa.func.count(Message.id))) == 0
    session.add(
        Message(
            name="x",
            channel="email",
            recipient="a@example.org",
            recipient_name="A",
            sender="",
            locale="de",
            body="",
            about="",
            state="queued",
            queued_at=clock.now(),
        )
    )
    session.commit()
    assert session.scalars(sa.select(Message.queued_at)).one() == frozen_clock.now


def test_no_test_can_reach_the_world() -> None:
    with pytest.raises(AssertionError, match=r"smtp\.example\.org"):
        socket.create_connection(("smtp.example.org", 25), timeout=1)
