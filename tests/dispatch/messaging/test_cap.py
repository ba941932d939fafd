"""Within a day no more SMS leave than may; what is urgent goes, and nothing is lost."""

from datetime import datetime, timedelta

import pytest

from dispatch.messaging import queries, service
from dispatch.messaging.cap import most
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import Settings, use
from tests.dispatch.messaging.outbox import queued, row
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
MOST = 3
DAY = timedelta(days=1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"sms_per_day": MOST})


def send_all(ids: list[int], now: datetime) -> list[MessageState]:
    for message_id in ids:
        service.deliver(message_id, now)
    return [MessageState(row(message_id).state) for message_id in ids]


def test_what_is_too_many_for_a_day_waits_and_goes_the_next_day() -> None:
    ids = [queued(Channel.SMS) for _ in range(MOST + 2)]
    today = send_all(ids, NOW)
    assert today == [MessageState.SENT] * MOST + [MessageState.QUEUED] * 2
    assert send_all(ids[MOST:], NOW + DAY - timedelta(minutes=1)) == [MessageState.QUEUED] * 2
    assert send_all(ids[MOST:], NOW + DAY) == [MessageState.SENT] * 2


def test_what_is_urgent_goes_whatever_has_gone_before() -> None:
    send_all([queued(Channel.SMS) for _ in range(MOST)], NOW)
    assert send_all([queued(Channel.SMS, urgent=True)], NOW) == [MessageState.SENT]


def test_what_an_urgent_one_to_the_same_person_waits_for_goes_with_it() -> None:
    send_all([queued(Channel.SMS, "+4915228817387", about="a:1") for _ in range(MOST)], NOW)
    held = queued(Channel.SMS)
    assert send_all([held], NOW) == [MessageState.QUEUED]
    urgent = queued(Channel.SMS, urgent=True)
    assert send_all([urgent, held, urgent], NOW) == [MessageState.SENT] * 3


def test_what_no_longer_stands_when_there_is_room_again_is_not_sent() -> None:
    ids = [queued(Channel.SMS, until=NOW + timedelta(hours=5)) for _ in range(MOST + 1)]
    send_all(ids, NOW)
    assert send_all(ids[MOST:], NOW + DAY) == [MessageState.SETTLED]


def test_the_office_and_the_doctor_see_that_a_day_is_full_and_how_many_wait() -> None:
    send_all([queued(Channel.SMS) for _ in range(MOST + 1)], NOW)
    for now, well in ((NOW, False), (NOW + DAY, True)):
        [sms] = [one for one in queries.transports(now) if one.channel == Channel.SMS]
        assert sms.is_well is well
    assert "Urgent ones still go" in str(queries.transports(NOW)[1].reason)


def test_without_a_number_it_follows_from_how_many_there_are(settings: Settings) -> None:
    use(settings.model_copy(update={"sms_per_day": None}))
    assert most(0) == 200
    assert most(150) == 3000
