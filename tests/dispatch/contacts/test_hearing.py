"""The table of events: whoever stands in it is told, once by each way, and nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatch.accounts.models import Account
from dispatch.assignments.rules import Via
from dispatch.contacts import notices
from dispatch.contacts.choosing import CHANNEL_OF_WAY
from dispatch.contacts.hearing import TABLE, TOLD_ALONE, Event, Party, Way
from dispatch.contacts.notices import Notice, Person
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import TEMPLATES
from dispatch.messaging.rules import Channel, MessageState
from dispatch.offers import service as offers
from dispatch.requests import importing, taking
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.dispatch.contacts.occasions import (
    ASKED,
    LATER,
    OCCASIONS,
    SOON,
    People,
    Scene,
    a_no,
    set_scene,
    the_office_cancels,
    the_office_releases,
    the_office_takes_it_back,
    who_asked_cancels,
)
from tests.factories import NOW

needs_a_database = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Told = tuple[str, str, str]
"""A person's name, the channel, and which message."""


def promised(event: Event, people: People, *, urgent: bool) -> list[Told]:
    """Return what the table says these people hear; everybody here has a mobile number."""
    return sorted(
        (person, CHANNEL_OF_WAY[way], hears.message)
        for party, hears in TABLE[event].tells.items()
        for person in people[party]
        for way in hears.ways
        if urgent or way != Way.URGENT_SMS
    )


def told(messages: list[Message]) -> list[Told]:
    return sorted((one.recipient_name, one.channel, one.name) for one in messages)


def during(verb: Callable[[], object]) -> list[Message]:
    """Return what is written while the verb runs in a transaction of its own."""
    before = len(written())
    with transaction():
        verb()
    return written()[before:]


def test_every_event_of_the_table_has_an_occasion_here() -> None:
    assert {event for event, _happens, _people in OCCASIONS} == set(TABLE) == set(Event)


@needs_a_database
@on_sqlite  # who hears what is decided before a database is asked
@pytest.mark.parametrize("start", [SOON, LATER], ids=["urgent", "in good time"])
@pytest.mark.parametrize(
    ("event", "happens", "people"), OCCASIONS, ids=[one.__name__ for _, one, _ in OCCASIONS]
)
def test_these_people_are_told_once_by_each_way_and_nobody_else(
    event: Event, happens: Callable[[Scene], None], people: People, start: datetime
) -> None:
    scene = set_scene(start)
    set_scene(start, who="Other")
    deliver_all()
    assert told(during(lambda: happens(scene))) == promised(event, people, urgent=start == SOON)


@needs_a_database
@pytest.mark.parametrize("happens", [who_asked_cancels, the_office_cancels, the_office_releases])
def test_the_reason_for_the_office_reaches_nobody(happens: Callable[[Scene], None]) -> None:
    scene = set_scene(SOON)
    deliver_all()
    texts = [one.subject + one.body for one in during(lambda: happens(scene))]
    assert not any("SECRET" in text for text in texts)
    assert any("the talk is put off" in text for text in texts)


@needs_a_database
def test_what_never_left_is_not_taken_back_but_simply_not_sent() -> None:
    scene = set_scene(SOON)
    assert during(lambda: the_office_takes_it_back(scene)) == []
    deliver_all()
    asking = [one for one in written("offer") if one.recipient_name == ASKED]
    assert [one.state for one in asking] == [MessageState.SETTLED, MessageState.SETTLED]


@needs_a_database
def test_who_asked_hears_when_nobody_asked_is_left_though_somebody_comes() -> None:
    scene = set_scene(SOON)
    with transaction():
        a_no(scene)
    last = during(lambda: offers.decline(SYSTEM, scene.other_question, via=Via.LINK, now=NOW))
    assert told(last) == [
        ("Caseworker", Channel.EMAIL, "nobody_yet"),
        ("Caseworker", Channel.SMS, "nobody_yet"),
    ]
    assert all("1 of 4" in one.body for one in last)


@needs_a_database
def test_who_asked_without_a_number_hears_by_mail_alone() -> None:
    scene = set_scene(SOON)
    with transaction():
        scene.caseworker.phone = None
    written_now = during(lambda: the_office_cancels(scene))
    leaves = [one for one in written_now if one.state != MessageState.SETTLED]
    told_to_who_asked = [one for one in told(leaves) if one[0] == "Caseworker"]
    assert told_to_who_asked == [("Caseworker", Channel.EMAIL, "request_cancelled")]


def three_wanted(by: Account) -> list[InterpretationRequest]:
    return [factories.asked(by=by, start=SOON + timedelta(hours=hours)) for hours in (0, 2, 4)]


def ask_for_all(of: list[InterpretationRequest], interpreter_id: int) -> list[int]:
    return [offers.make(SYSTEM, one.id, interpreter_id, now=NOW).id for one in of]


@needs_a_database
def test_one_action_asks_one_person_for_three_things_in_one_mail_and_one_sms() -> None:
    with transaction():
        wanted = three_wanted(factories.account(of=factories.organisation(), name="Caseworker"))
        interpreter_id = factories.interpreter(name="Asked").id
    messages = during(lambda: ask_for_all(wanted, interpreter_id))
    assert told(messages) == [
        (ASKED, Channel.EMAIL, "offer_several"),
        (ASKED, Channel.SMS, "offer_several"),
    ]
    assert messages[0].body.count("/o/") == 1


@needs_a_database
@pytest.mark.parametrize("which", [0, 1, 2])
def test_one_of_three_asked_for_together_is_taken_back_alone(which: int) -> None:
    with transaction():
        wanted = three_wanted(factories.account(of=factories.organisation()))
        questions = ask_for_all(wanted, factories.interpreter(name="Asked").id)
    deliver_all()
    messages = during(lambda: offers.withdraw(SYSTEM, questions[which], now=NOW))
    assert told(messages) == [
        (ASKED, Channel.EMAIL, "offer_withdrawn"),
        (ASKED, Channel.SMS, "offer_withdrawn"),
    ]


@needs_a_database
def test_taking_one_back_before_the_mail_with_three_left_stops_none_of_the_others() -> None:
    with transaction():
        wanted = three_wanted(factories.account(of=factories.organisation()))
        questions = ask_for_all(wanted, factories.interpreter(name="Asked").id)
    with transaction():
        offers.withdraw(SYSTEM, questions[0], now=NOW)
    deliver_all()
    assert {one.state for one in written("offer_several")} == {MessageState.SENT}
    assert not written("offer_withdrawn")


@needs_a_database
def test_a_file_of_five_requests_gets_one_receipt() -> None:
    with transaction():
        caseworker = factories.account(of=factories.organisation(), name="Caseworker")
        register_number = factories.site().register_number
    rows = [f"ro,{register_number},2027-03-{day:02},10:00,60,school" for day in range(8, 13)]
    content = "\n".join(["language,site,day,start,duration,setting", *rows]).encode()
    messages = during(lambda: taking.store(importing.read(caseworker, content, now=NOW), now=NOW))
    assert told(messages) == [("Caseworker", Channel.EMAIL, "request_received_several")]
    assert messages[0].body.count("DO-2027-") == 5


@needs_a_database
def test_what_the_table_does_not_promise_is_not_sent() -> None:
    scene = set_scene(SOON)
    person = Person("Kim", "en", "kim@example.org")
    notice = Notice(Event.OFFER_MADE, Party.ASKED, person, object(), "offer:1", 1, NOW)  # type: ignore[arg-type]
    with pytest.raises(KeyError), transaction():
        notices.tell(replace(notice, party=Party.WHO_ASKED))
    assert scene.question


@pytest.mark.parametrize("locale", ["de", "el", "en"])
def test_every_message_of_the_table_is_written_for_one_thing_and_for_several(locale: str) -> None:
    parts = {Way.MAIL: ("subject", "body"), Way.CALENDAR: ("subject", "body")}
    missing = [
        f"{name}/{part}.{locale}.txt"
        for row in TABLE.values()
        for party, hears in row.tells.items()
        for way in hears.ways
        for part in parts.get(way, ("sms",))
        for name in (hears.message, f"{hears.message}_several")[: 1 if party in TOLD_ALONE else 2]
        if not (TEMPLATES / name / f"{part}.{locale}.txt").exists()
    ]
    assert missing == []
