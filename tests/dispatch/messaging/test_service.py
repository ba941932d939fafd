"""The outbox: in the caller's transaction, in order, once, and decided by a person in doubt."""

from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch import engine
from dispatch.database import db, transaction
from dispatch.engine import jobs
from dispatch.engine.doing import doing
from dispatch.errors import Conflict, Gone, NotFound, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import again, returned, service, turns
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import TemplateFault
from dispatch.messaging.rules import NEEDS_A_PERSON, Channel, MessageState
from dispatch.settings import active
from tests.dispatch.messaging.outbox import SECRET, queued, row, write
from tests.dispatch.messaging.test_rendering import WithoutLink
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
COORDINATOR = Actor(account_id=1, role="coordinator")
LATER = NOW + timedelta(days=2)


def put(message_id: int, state: MessageState) -> int:
    """Bring a message into the state that an earlier hand-over left it in."""
    with transaction():
        row(message_id).state = state
    return message_id


def failed(**how: str) -> int:
    return put(queued(**how), MessageState.FAILED)  # type: ignore[arg-type]


def waiting_jobs() -> int:
    return len(jobs.client().list_workflows(status="ENQUEUED", load_input=False))


def history(message_id: int) -> list[tuple[str, int | None]]:
    entries = ledger.history(Concerning(message=message_id))
    return [(entry.kind, entry.actor_account_id) for entry in entries]


def test_a_message_is_queued_with_its_delivery() -> None:
    message_id = queued()
    assert row(message_id).state == MessageState.QUEUED
    assert waiting_jobs() == 1


def test_a_change_that_is_undone_leaves_no_message_and_no_delivery() -> None:
    with suppress(ZeroDivisionError), transaction():
        write()
        1 / 0  # noqa: B018
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0
    assert waiting_jobs() == 0


def test_a_text_with_a_hole_is_not_queued() -> None:
    with pytest.raises(TemplateFault), transaction():
        service.queue(
            "sign_in_link",
            channel=Channel.EMAIL,
            recipient=service.Recipient("kim@example.org", "Kim", "de"),
            facts=WithoutLink(),
            about="account:1",
            now=NOW,
        )
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0


def test_an_address_nobody_can_be_reached_at_does_not_stop_the_change_but_shows() -> None:
    message_id = queued(Channel.SMS, "no number")
    message = row(message_id)
    assert message.state == MessageState.FAILED
    assert message.error_code == "number-unusable"
    assert service.deliver(message_id, NOW) is None
    assert not active().sink_dir.exists()


def test_a_message_is_delivered_once() -> None:
    message_id = queued()
    for _ in range(2):
        assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.SENT
    assert len(list(active().sink_dir.iterdir())) == 1


def test_what_a_dead_worker_left_is_handed_over_again_and_marked() -> None:
    message_id = put(queued(), MessageState.SENDING)
    service.deliver(message_id, NOW)
    assert row(message_id).state == MessageState.SENT
    assert row(message_id).perhaps_repeated


def test_messages_to_one_person_about_one_thing_keep_their_order() -> None:
    first, second = queued(), queued()
    assert service.deliver(second, NOW) == turns.WAIT_FOR_TURN_SECONDS
    assert row(second).state == MessageState.QUEUED
    assert service.deliver(first, NOW) is None
    assert service.deliver(second, NOW) is None


def test_nobody_waits_for_messages_to_others_or_about_something_else() -> None:
    queued()
    for message_id in (queued(address="lee@example.org"), queued(about="account:2")):
        assert service.deliver(message_id, NOW) is None


def test_a_message_that_failed_does_not_hold_up_the_next() -> None:
    failed()
    assert service.deliver(queued(), NOW) is None


@pytest.mark.parametrize("state", sorted(NEEDS_A_PERSON))
def test_a_coordinator_sends_again_and_it_is_recorded(state: MessageState) -> None:
    message_id = put(queued(), state)
    with transaction():
        service.send_again(COORDINATOR, message_id, now=LATER)
    message = row(message_id)
    assert (message.state, message.queued_at, message.error) == (MessageState.QUEUED, LATER, "")
    assert waiting_jobs() == 2
    service.deliver(message_id, LATER)
    assert row(message_id).state == MessageState.SENT
    assert history(message_id) == [("message.sent_again", 1)]


@pytest.mark.parametrize("state", sorted(NEEDS_A_PERSON))
def test_a_coordinator_settles_and_it_is_recorded(state: MessageState) -> None:
    message_id = put(queued(), state)
    assert SECRET in row(message_id).body
    with transaction():
        service.settle(COORDINATOR, message_id, now=LATER)
    assert row(message_id).state == MessageState.SETTLED
    assert SECRET not in row(message_id).body
    assert history(message_id) == [("message.settled", 1)]
    assert service.deliver(message_id, LATER) is None
    assert row(message_id).sent_at is None


@pytest.mark.parametrize("verb", [service.send_again, service.settle])
def test_a_second_decision_changes_nothing(verb: object) -> None:
    message_id = failed()
    with transaction():
        verb(COORDINATOR, message_id, now=LATER)  # type: ignore[operator]
    for decide in (service.send_again, service.settle):
        with pytest.raises(Conflict), transaction():
            decide(COORDINATOR, message_id, now=LATER)
    assert len(history(message_id)) == 1


def test_a_message_that_is_not_there_cannot_be_decided() -> None:
    with pytest.raises(NotFound), transaction():
        service.settle(COORDINATOR, 4711, now=LATER)


def test_what_has_no_address_cannot_be_sent_again() -> None:
    message_id = queued(Channel.SMS, "no number")
    with pytest.raises(Refusal) as refused, transaction():
        service.send_again(COORDINATOR, message_id, now=LATER)
    assert "is no mobile number that an SMS can be sent to" in str(refused.value.text)
    assert row(message_id).state == MessageState.FAILED


def test_what_a_newer_message_has_overtaken_is_not_sent_again() -> None:
    message_id = failed()
    queued(Channel.SMS)
    with pytest.raises(Conflict) as refused, transaction():
        service.send_again(COORDINATOR, message_id, now=LATER)
    assert refused.value.code == "message-overtaken"


def test_the_same_message_on_the_other_channel_overtakes_nothing() -> None:
    message_id = failed()
    by_sms = queued(Channel.SMS)
    with transaction():
        row(by_sms).name = row(message_id).name
    queued(address="somebody@else.example")
    with transaction():
        assert again.count("", LATER) == 1
        service.send_again(COORDINATOR, message_id, now=LATER)
    assert row(message_id).state == MessageState.QUEUED


def test_the_same_said_anew_to_the_same_person_overtakes_what_came_back() -> None:
    message_id = failed()
    queued()
    assert again.count("", LATER) == 0
    with transaction():
        assert service.send_again_all(COORDINATOR, now=LATER) == (0, 0)
    assert row(message_id).state == MessageState.FAILED


def test_what_came_back_and_is_sent_again_is_not_said_to_have_gone_twice() -> None:
    message_id = queued(Channel.EMAIL, about="offer:9")
    with transaction():
        row(message_id).body = "No link in it."
    service.deliver(message_id, NOW)
    with transaction():
        returned.came_back(message_id, is_dead=True, words="550", now=NOW)
        service.send_again(COORDINATOR, message_id, now=LATER)
    service.deliver(message_id, LATER)
    sent = row(message_id)
    assert (sent.state, sent.perhaps_repeated) == (MessageState.SENT, False)


def _came_to_nothing(message_id: int) -> int:
    """Hand a message over, and let it come back afterwards."""
    service.deliver(message_id, NOW)
    return put(message_id, MessageState.FAILED)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
def test_what_lost_its_link_when_it_was_handed_over_is_not_sent_again(channel: Channel) -> None:
    message_id = _came_to_nothing(queued(channel))
    with pytest.raises(Gone) as refused, transaction():
        service.send_again(COORDINATOR, message_id, now=LATER)
    assert refused.value.code == "message-lost-secret"
    assert row(message_id).state == MessageState.FAILED


def test_what_has_three_dots_of_its_own_and_never_had_a_link_is_sent_again() -> None:
    message_id = queued()
    with transaction():
        row(message_id).body = "Mehr dazu: https://dragoman.example/o/… Danke"
    _came_to_nothing(message_id)
    with transaction():
        service.send_again(COORDINATOR, message_id, now=LATER)
    assert row(message_id).state == MessageState.QUEUED


def test_of_all_that_failed_what_lost_its_link_is_left_out_and_counted() -> None:
    never_left = failed(about="offer:1")
    came_back = [_came_to_nothing(queued(about=f"offer:{number}")) for number in (2, 3)]
    with transaction():
        assert service.send_again_all(COORDINATOR, now=LATER) == (1, 2)
    assert row(never_left).state == MessageState.QUEUED
    assert {row(one).state for one in came_back} == {MessageState.FAILED}


def in_the_hands_of(job: str, message_id: int) -> int:
    """Let a job that somebody still has to do be handing a message over."""
    with transaction():
        engine.enqueue("deliver_sms", message_id, key=job)
        found = row(message_id)
        found.state, found.handed_over_by = MessageState.SENDING, job
    return message_id


def test_what_another_job_is_handing_over_is_left_to_it() -> None:
    message_id = in_the_hands_of("another", queued(Channel.SMS))
    assert service.deliver(message_id, NOW) == turns.WAIT_FOR_TURN_SECONDS
    assert not active().sink_dir.exists()
    assert not row(message_id).may_have_left


def test_what_a_job_had_begun_that_nobody_does_any_more_is_handed_over_by_the_next() -> None:
    message_id = in_the_hands_of("another", queued(Channel.SMS))
    jobs.client().cancel_workflow("another")
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).perhaps_repeated


def test_a_job_that_is_resumed_goes_on_with_what_it_had_begun() -> None:
    message_id = in_the_hands_of("this", queued(Channel.SMS))
    with doing("this"):
        assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.SENT
    assert row(message_id).perhaps_repeated


def test_a_message_says_which_job_hands_it_over() -> None:
    message_id = queued()
    with doing("this"):
        service.deliver(message_id, NOW)
    assert row(message_id).handed_over_by == "this"
