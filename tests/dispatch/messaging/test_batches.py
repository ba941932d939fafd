"""Many messages of one change: few jobs, few statements, and none waits for another's fault."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dispatch import clock
from dispatch.database import db, transaction
from dispatch.engine import jobs
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import batches, claiming, service, transports
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState, TransportError, delivery_job
from tests.dispatch.messaging.outbox import row, write
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
MANY = 600
STATEMENTS_FOR_EACH = 3


def queued_together(count: int, **how: Any) -> list[int]:
    with transaction():
        return [write(about=f"offer:{number}", **how).id for number in range(count)]


def waiting() -> list[tuple[list[int], int | None]]:
    """Return the messages of each job that waits, and how urgent it is."""
    found = jobs.client().list_workflows(status=["ENQUEUED", "DELAYED"])
    return [(one.input["args"][1], one.priority) for one in found if one.input]


@contextmanager
def counting() -> Iterator[list[str]]:
    asked: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", keep)


def test_many_messages_of_one_change_are_few_jobs_and_each_is_in_one() -> None:
    ids = queued_together(MANY)
    found = [messages for messages, _priority in waiting()]
    assert sorted(one for messages in found for one in messages) == ids
    assert len(found) == MANY / batches.MOST_IN_ONE


def test_a_few_urgent_messages_have_threads_of_their_own_and_many_those_of_the_others_too() -> None:
    queued_together(MANY, urgent=True)
    jobs_of = Counter(
        one.queue_name for one in jobs.client().list_workflows(status="ENQUEUED") if one.input
    )
    own = batches.at_once(Channel.EMAIL, urgent=True)
    assert jobs_of[delivery_job(Channel.EMAIL, urgent=True)] == own
    assert jobs_of[delivery_job(Channel.EMAIL)] == MANY / batches.MOST_IN_ONE - own


def test_a_few_messages_keep_all_threads_busy() -> None:
    threads = batches.at_once(Channel.EMAIL)
    queued_together(threads)
    assert [len(messages) for messages, _priority in waiting()] == [1] * threads


def test_what_is_urgent_is_not_behind_what_is_not() -> None:
    with transaction():
        usual = [write(about=f"offer:{number}").id for number in range(30)]
        urgent = write(about="offer:99", urgent=True).id
    first = min(waiting(), key=lambda one: one[1] or 0)
    assert first == ([urgent], 1)
    assert all(urgent not in messages for messages, priority in waiting() if priority != 1)
    assert usual


def test_a_hand_over_is_three_statements_and_one_commit() -> None:
    ids = queued_together(20)
    with counting() as asked:
        service.deliver_in_turn(ids, clock.now)
    questions = [one for one in asked if not one.startswith("BEGIN")]
    assert {row(one).state for one in ids} == {MessageState.SENT}
    assert len(questions) <= STATEMENTS_FOR_EACH * len(ids), questions[:40]


def test_what_has_to_be_tried_again_goes_on_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = queued_together(5)
    fail(monkeypatch, ids[1:2], TransportError("not-now"))
    own = (ids[1:2], 10)
    before = waiting().count(own)
    assert service.deliver_in_turn(ids, clock.now) is None
    assert [row(one).state for one in ids] == ["sent", "queued", "sent", "sent", "sent"]
    assert waiting().count(own) == before + 1
    service.deliver_in_turn(ids, clock.now)  # as after a crash: nothing is enqueued a second time
    assert waiting().count(own) == before + 1


def test_what_a_person_sends_again_goes_on_alone_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ids, later = queued_together(2), NOW + timedelta(hours=1)
    fail(monkeypatch, ids[:1], TransportError("not-now"))
    service.deliver_in_turn(ids, clock.now)
    with transaction():
        row(ids[0]).state = MessageState.FAILED
    with transaction():
        service.send_again(SYSTEM, ids[0], now=later)
    before = waiting().count((ids[:1], 10))
    service.deliver_in_turn(ids, lambda: later)
    assert waiting().count((ids[:1], 10)) == before + 1


def test_a_message_at_fault_holds_up_nothing_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = queued_together(3)
    fail(monkeypatch, ids[:1], ZeroDivisionError())
    assert service.deliver_in_turn(ids, clock.now) is None
    assert [row(one).state for one in ids[1:]] == [MessageState.SENT] * 2
    assert (ids[:1], 10) in waiting()


def test_a_row_at_fault_takes_along_nothing_of_what_left_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids, found = queued_together(3), claiming.found

    def failing(message_id: int) -> claiming.Found:
        if message_id == ids[1]:
            raise ZeroDivisionError
        return found(message_id)

    monkeypatch.setattr(claiming, "found", failing)
    assert service.deliver_in_turn(ids, clock.now) is None
    assert [row(one).state for one in ids] == ["sent", "queued", "sent"]


def test_what_is_taken_back_while_it_is_handed_over_was_sent_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids, send = queued_together(2), transports.send

    def taking_back(message: Message, earlier: Sequence[str] = ()) -> str:
        if message.id == ids[0]:
            with transaction():
                assert service.take_back("offer:0", now=NOW) == {"email"}
        return send(message, earlier)

    monkeypatch.setattr(transports, "send", taking_back)
    service.deliver_in_turn(ids, clock.now)
    assert [row(one).state for one in ids] == ["sent", "sent"]
    assert row(ids[0]).taken_back_at == NOW


def test_a_batch_gives_way_and_the_rest_of_it_is_a_job_of_its_own() -> None:
    ids = queued_together(40, urgent=False)
    batch = next(messages for messages, _ in waiting() if ids[0] in messages)
    assert service.deliver_in_turn(batch, clock.now, give_way=0) is None
    assert row(batch[0]).state == MessageState.SENT
    assert {row(one).state for one in batch[1:]} == {MessageState.QUEUED}
    assert batch[1:] in [messages for messages, _ in waiting()]


def test_a_message_whose_job_was_lost_is_taken_up_after_a_quarter_of_an_hour() -> None:
    [message_id] = queued_together(1)
    jobs.client().delete_workflows(
        [one.workflow_id for one in jobs.client().list_workflows(status="ENQUEUED")]
    )
    assert service.stranded(NOW + timedelta(minutes=14)) == []
    later = NOW + timedelta(minutes=16)
    assert service.stranded(later) == [message_id]
    for _sweep in range(3):
        with transaction():
            service.take_up(message_id, now=later)
    assert waiting() == [([message_id], 10)]
    assert service.deliver(message_id, later) is None
    assert service.stranded(later) == []


def fail(monkeypatch: pytest.MonkeyPatch, ids: Sequence[int], error: Exception) -> None:
    """Have the hand-over of these messages fail, and no other."""
    send = transports.send

    def failing(message: Message, earlier: Sequence[str] = ()) -> str:
        if message.id in ids:
            raise error
        return send(message, earlier)

    monkeypatch.setattr(transports, "send", failing)
