"""The table of events: whoever stands in it is told, once by each way, and nobody else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.contacts import notices
from dispatch.contacts.hearing import TABLE, Event, Party, Way
from dispatch.contacts.notices import CHANNEL_OF_WAY, Notice, Person
from dispatch.database import get, transaction
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import TEMPLATES
from dispatch.messaging.rules import Channel, MessageState
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.requests import importing
from dispatch.requests import messages as request_messages
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

needs_a_database = pytest.mark.usefixtures("frozen_clock", "session")
SOON, LATER = TOMORROW_TEN, TOMORROW_TEN + timedelta(days=9)
REASONS = Reasons(office="SECRET", told="the talk is put off")
Told = tuple[str, str, str]
"""A person's name, the channel, and which message."""


@dataclass(frozen=True)
class Scene:
    """A request for four: two interpreters are asked, one comes, one is still to be found.

    Beside it a request for which only one is asked, and somebody new whom nobody has asked yet.
    """

    caseworker: Account
    wanted: InterpretationRequest
    question: int
    other_question: int
    coming: int
    only_question: int
    new: int


def set_scene(start: datetime, who: str = "") -> Scene:
    """Have everybody in their place; `who` goes before their names."""
    with transaction():
        caseworker = factories.account(of=factories.organisation(who), name=f"{who}Caseworker")
        wanted = factories.asked(by=caseworker, start=start, interpreters=4)
        alone = factories.asked(by=caseworker, start=start + timedelta(hours=3))
        asked, also, comes, only, new = (
            factories.interpreter(name=f"{who}{name}")
            for name in ("Asked", "Also", "Comes", "Only", "New")
        )
        return Scene(
            caseworker=caseworker,
            wanted=wanted,
            question=offers.make(SYSTEM, wanted.id, asked.id, now=NOW).id,
            other_question=offers.make(SYSTEM, wanted.id, also.id, now=NOW).id,
            coming=offers.assign(SYSTEM, wanted.id, comes.id, now=NOW).id,
            only_question=offers.make(SYSTEM, alone.id, only.id, now=NOW).id,
            new=new.id,
        )


def office() -> Actor:
    return factories.account(Role.COORDINATOR, name="Coordinator").actor


def somebody_asks(at: Scene) -> None:
    factories.asked(by=at.caseworker, start=LATER + timedelta(hours=1))


def somebody_is_asked(at: Scene) -> None:
    offers.make(office(), at.wanted.id, at.new, now=NOW)


def half_the_time_is_gone(at: Scene) -> None:
    offers.remind(at.question, now=get(Offer, at.question).answer_by - timedelta(minutes=1))


def the_time_is_over(at: Scene) -> None:
    offers.expire(at.question, now=get(Offer, at.question).answer_by)


def the_office_takes_it_back(at: Scene) -> None:
    offers.withdraw(office(), at.question, now=NOW, reasons=REASONS)


def a_no(at: Scene) -> None:
    offers.decline(SYSTEM, at.question, via=Via.LINK, now=NOW)


def a_yes(at: Scene) -> None:
    offers.accept(SYSTEM, at.question, via=Via.LINK, now=NOW)


def it_is_agreed_by_telephone(at: Scene) -> None:
    offers.assign(office(), at.wanted.id, at.new, now=NOW)


def the_only_one_says_no(at: Scene) -> None:
    offers.decline(SYSTEM, at.only_question, via=Via.LINK, now=NOW)


def the_day_comes_near(at: Scene) -> None:
    assert at.wanted.next_word_at is not None
    requests.say_still_open(at.wanted.id, now=at.wanted.next_word_at)


def the_office_asks_whether_it_may_be_otherwise(at: Scene) -> None:
    request_messages.question(at.wanted, "start", "13:30", NOW)


def the_start_passes(at: Scene) -> None:
    requests.close_past(at.wanted.id, now=at.wanted.starts_at)


def who_asked_cancels(at: Scene) -> None:
    reasons = Reasons(told="the talk is put off")
    cancellations.cancel_request(at.caseworker.actor, at.wanted.id, reasons=reasons, now=NOW)


def the_office_cancels(at: Scene) -> None:
    cancellations.cancel_request(office(), at.wanted.id, reasons=REASONS, now=NOW)


def the_office_releases(at: Scene) -> None:
    cancellations.release(office(), at.coming, reasons=REASONS, now=NOW)


def the_evening_comes(at: Scene) -> None:
    assignments.remind(at.coming, now=at.wanted.starts_at - timedelta(hours=15))


ASKED, ALSO = "Asked Beispiel", "Also Beispiel"
COMES, NEW = "Comes Beispiel", "New Beispiel"
People = dict[Party, tuple[str, ...]]
BOTH: People = {Party.ASKED: (ASKED, ALSO), Party.COMING: (COMES,)}
WHO_ASKED: People = {Party.WHO_ASKED: ("Caseworker",)}
OCCASIONS: list[tuple[Event, Callable[[Scene], None], People]] = [
    (Event.REQUEST_SENT_IN, somebody_asks, WHO_ASKED),
    (Event.OFFER_MADE, somebody_is_asked, {Party.ASKED: (NEW,)}),
    (Event.OFFER_HALF_TIME, half_the_time_is_gone, {Party.ASKED: (ASKED,)}),
    (Event.OFFER_RAN_OUT, the_time_is_over, {Party.ASKED: (ASKED,)}),
    (Event.OFFER_WITHDRAWN, the_office_takes_it_back, {Party.ASKED: (ASKED,)}),
    (Event.DECLINED, a_no, {}),
    (Event.ACCEPTED, a_yes, WHO_ASKED | {Party.COMING: (ASKED,)}),
    (Event.ACCEPTED, it_is_agreed_by_telephone, WHO_ASKED | {Party.COMING: (NEW,)}),
    (Event.ROUND_RAN_OUT, the_only_one_says_no, WHO_ASKED),
    (Event.STILL_OPEN, the_day_comes_near, WHO_ASKED),
    (Event.QUESTION_TO_WHO_ASKED, the_office_asks_whether_it_may_be_otherwise, WHO_ASKED),
    (Event.NOT_FILLED, the_start_passes, WHO_ASKED),
    (Event.CANCELLED_BY_WHO_ASKED, who_asked_cancels, BOTH),
    (Event.CANCELLED_BY_OFFICE, the_office_cancels, BOTH | WHO_ASKED),
    (Event.RELEASED, the_office_releases, WHO_ASKED | {Party.COMING: (COMES,)}),
    (Event.EVENING_BEFORE, the_evening_comes, {Party.COMING: (COMES,)}),
]


def promised(event: Event, people: People, *, urgent: bool) -> list[Told]:
    """Return what the table says these people hear; those who ask have no number here."""
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
    assert told(last) == [("Caseworker", Channel.EMAIL, "nobody_yet")]
    assert "1 of 4" in last[0].body


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
    assert messages[0].body.count("/o/") == 3


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
    assert {one.state for one in written("offer_withdrawn")} == {MessageState.SENT}


@needs_a_database
def test_a_file_of_five_requests_gets_one_receipt() -> None:
    with transaction():
        caseworker = factories.account(of=factories.organisation(), name="Caseworker")
        register_number = factories.site().register_number
    rows = [f"ro,{register_number},2027-03-{day:02},10:00,60,school" for day in range(8, 13)]
    content = "\n".join(["language,site,day,start,duration,setting", *rows]).encode()
    messages = during(
        lambda: importing.store(importing.read(caseworker, content, now=NOW), now=NOW)
    )
    assert told(messages) == [("Caseworker", Channel.EMAIL, "request_received_several")]
    assert messages[0].body.count("DO-2027-") == 5


@needs_a_database
def test_what_the_table_does_not_promise_is_not_sent() -> None:
    scene = set_scene(SOON)
    person = Person("Kim", "en", "kim@example.org")
    notice = Notice(Event.OFFER_MADE, Party.ASKED, person, object(), "offer:1", NOW)  # type: ignore[arg-type]
    with pytest.raises(KeyError), transaction():
        notices.tell(replace(notice, party=Party.WHO_ASKED))
    assert scene.question


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_message_of_the_table_is_written_for_one_thing_and_for_several(locale: str) -> None:
    parts = {Way.MAIL: ("subject", "body"), Way.CALENDAR: ("subject", "body")}
    missing = [
        f"{name}/{part}.{locale}.txt"
        for row in TABLE.values()
        for hears in row.tells.values()
        for way in hears.ways
        for part in parts.get(way, ("sms",))
        for name in (hears.message, f"{hears.message}_several")
        if not (TEMPLATES / name / f"{part}.{locale}.txt").exists()
        # An invitation is always a mail of its own.
        and not (name == "assignment_confirmed_several" and part in parts[Way.MAIL])
    ]
    assert missing == []
