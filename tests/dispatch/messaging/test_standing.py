"""Nothing goes out that no longer holds: taken back, too late, or overtaken by a cancellation."""

from datetime import timedelta

import pytest

from dispatch.database import transaction
from dispatch.errors import Gone
from dispatch.ledger.rules import Actor
from dispatch.messaging import service
from dispatch.messaging.rules import NEEDS_A_PERSON, Channel, MessageState
from dispatch.settings import active
from tests.dispatch.messaging.outbox import SECRET, queued, row
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
COORDINATOR = Actor(account_id=1, role="coordinator")
LATER = NOW + timedelta(hours=1)
OFFER = "offer:12"


def take_back(about: str = OFFER, **names: set[str]) -> frozenset[Channel]:
    with transaction():
        return service.take_back(about, now=LATER, **names)  # type: ignore[arg-type]


def put(message_id: int, state: MessageState, *, may_have_left: bool = False) -> int:
    with transaction():
        message = row(message_id)
        message.state, message.may_have_left = state, may_have_left
    return message_id


def went_out() -> int:
    folder = active().sink_dir
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_what_is_past_its_time_is_settled_and_not_sent() -> None:
    message_id = queued(until=LATER)
    assert service.deliver(message_id, LATER) is None
    message = row(message_id)
    assert (message.state, message.error_code) == (MessageState.SETTLED, "too-late")
    assert SECRET not in message.body
    assert went_out() == 0


def test_what_still_makes_sense_is_sent() -> None:
    message_id = queued(until=LATER)
    service.deliver(message_id, NOW)
    assert row(message_id).state == MessageState.SENT


def test_what_waits_is_taken_back_at_once_and_nobody_has_to_be_told() -> None:
    message_id = queued(about=OFFER)
    assert take_back() == frozenset()
    message = row(message_id)
    assert (message.state, message.error_code) == (MessageState.SETTLED, "taken-back")
    assert message.taken_back_at == LATER
    assert service.deliver(message_id, LATER) is None
    assert went_out() == 0


def test_by_the_channels_something_left_on_the_person_has_to_be_told() -> None:
    service.deliver(queued(Channel.SMS, about=OFFER), NOW)
    waiting = queued(about=OFFER)
    assert take_back() == {Channel.SMS}
    assert row(waiting).state == MessageState.SETTLED


def test_what_is_being_sent_this_moment_may_have_left_and_is_not_tried_again() -> None:
    message_id = put(queued(about=OFFER), MessageState.SENDING)
    assert take_back() == {Channel.EMAIL}
    assert row(message_id).state == MessageState.SENDING
    assert service.deliver(message_id, LATER) is None
    assert row(message_id).state == MessageState.SETTLED
    assert went_out() == 0


@pytest.mark.parametrize("state", sorted(NEEDS_A_PERSON))
def test_what_waits_for_a_person_is_settled_and_cannot_be_sent_again(state: MessageState) -> None:
    in_doubt = state == MessageState.PERHAPS_SENT
    message_id = put(queued(about=OFFER), state, may_have_left=in_doubt)
    assert take_back() == ({Channel.EMAIL} if in_doubt else frozenset())
    assert row(message_id).state == MessageState.SETTLED


def test_only_messages_of_the_names_and_about_the_thing_are_taken_back() -> None:
    other_name, other_thing = queued(Channel.SMS, about=OFFER), queued(about="offer:13")
    meant = queued(about=OFFER)
    take_back(names={"sign_in_link"})
    assert [row(one).state for one in (meant, other_name, other_thing)] == [
        MessageState.SETTLED,
        MessageState.QUEUED,
        MessageState.QUEUED,
    ]


def test_a_message_about_several_things_is_taken_back_with_the_last_of_them() -> None:
    message_id = queued(about=["offer:1", "offer:2"])
    assert take_back("offer:2") == {Channel.EMAIL}
    assert row(message_id).state == MessageState.QUEUED
    assert take_back("offer:1") == frozenset()
    assert row(message_id).state == MessageState.SETTLED


def test_each_of_several_things_told_in_one_message_was_told() -> None:
    service.deliver(queued(about=["offer:1", "offer:2", "offer:3"]), NOW)
    assert [take_back(f"offer:{number}") for number in (1, 2, 3)] == 3 * [{Channel.EMAIL}]


def test_what_is_said_about_one_of_several_things_does_not_overtake() -> None:
    both = queued(about=["offer:1", "offer:2"])
    second = queued(about="offer:2", name="sign_in_link")
    assert service.deliver(second, NOW) is not None
    service.deliver(both, NOW)
    assert service.deliver(second, NOW) is None


def test_what_is_past_its_time_is_not_sent_again_by_hand_either() -> None:
    message_id = put(queued(until=LATER), MessageState.FAILED)
    with pytest.raises(Gone), transaction():
        service.send_again(COORDINATOR, message_id, now=LATER)
    assert row(message_id).state == MessageState.FAILED


def test_all_that_failed_is_sent_again_as_far_as_it_still_stands() -> None:
    good, late, overtaken = (
        put(queued(about=about, until=until), MessageState.FAILED)
        for about, until in (("offer:1", None), ("offer:2", LATER), ("offer:3", None))
    )
    queued(Channel.SMS, about="offer:3")
    in_doubt = put(queued(about="offer:4"), MessageState.PERHAPS_SENT)
    with transaction():
        assert service.send_again_all(COORDINATOR, now=LATER) == (1, 0)
    assert row(good).state == MessageState.QUEUED
    assert {row(one).state for one in (late, overtaken)} == {MessageState.FAILED}
    assert row(in_doubt).state == MessageState.PERHAPS_SENT


def invitation(method: str = "REQUEST") -> int:
    return queued(about="assignment:7", calendar=method)


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.FAILED])
def test_an_invitation_that_never_left_and_its_cancellation_settle_each_other_in_the_calendar(
    state: MessageState,
) -> None:
    asked = put(invitation(), state)
    cancelled = invitation("CANCEL")
    assert row(asked).state == MessageState.SETTLED
    assert row(cancelled).calendar_text is None
    assert service.deliver(cancelled, NOW) is None
    assert row(cancelled).state == MessageState.SENT  # in words the person is told all the same


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.PERHAPS_SENT])
def test_a_cancellation_of_what_may_have_left_goes_to_the_calendar(state: MessageState) -> None:
    put(invitation(), state, may_have_left=True)
    assert row(invitation("CANCEL")).calendar_method == "CANCEL"


def test_a_cancellation_does_not_overtake_an_invitation_that_is_being_sent() -> None:
    asked = put(invitation(), MessageState.SENDING)
    cancelled = invitation("CANCEL")
    assert row(cancelled).calendar_method == "CANCEL"
    assert service.deliver(cancelled, NOW) is not None
    assert service.deliver(asked, NOW) is None
    assert service.deliver(cancelled, NOW) is None
    assert row(cancelled).state == MessageState.SENT


def test_an_update_that_waits_is_settled_by_the_cancellation_behind_it() -> None:
    service.deliver(invitation(), NOW)
    update = invitation()
    cancelled = invitation("CANCEL")
    assert row(update).state == MessageState.SETTLED
    assert row(cancelled).calendar_method == "CANCEL"
