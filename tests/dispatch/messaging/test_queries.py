"""Finding messages however many there are, and whom they do not reach."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from dispatch.database import db, transaction
from dispatch.messaging import numbers, queries
from dispatch.messaging.models import Message
from dispatch.messaging.queries import page, undelivered
from dispatch.messaging.reached import unreachable_channels
from dispatch.messaging.rules import Channel, MessageState
from tests.dispatch.messaging.outbox import queued, row
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
KIM, KIMS_PHONE = "kim@example.org", "+4915228817386"


def put(message_id: int, state: MessageState, code: str = "") -> int:
    with transaction():
        message = row(message_id)
        message.state, message.error_code = state, code
    return message_id


def ids(found: queries.Page) -> list[int]:
    return [message.id for message in found.messages]


def test_pages_lead_from_the_newest_to_the_oldest() -> None:
    written = [queued(about=f"offer:{number}") for number in range(5)]
    first = page(most=2)
    second = page(before_id=first.before_id, most=2)
    third = page(before_id=second.before_id, most=2)
    assert ids(first) + ids(second) + ids(third) == written[::-1]
    assert third.before_id is None


def test_messages_are_found_by_state() -> None:
    failed = put(queued(), MessageState.FAILED)
    queued(about="offer:2")
    assert ids(page(MessageState.FAILED)) == [failed]


@pytest.mark.parametrize("text", ["offer:12", "lee@example.org", "Öztürk", " ÖZTüRK ", "Lee Öz"])
def test_messages_are_found_by_person_and_thing(text: str) -> None:
    queued(about="offer:1")
    meant = queued(address="lee@example.org", about="offer:12", who="Lee Öztürk")
    assert ids(page(text=text)) == [meant]


def test_a_message_is_found_by_its_number_and_an_sms_by_its_telephone() -> None:
    mail, sms = queued(), queued(Channel.SMS)
    assert ids(page(text=str(mail))) == [mail]
    assert ids(page(text=KIMS_PHONE)) == [sms]
    assert ids(page(text=KIMS_PHONE[1:])) == [sms]


def test_what_is_typed_is_text_and_no_pattern() -> None:
    queued()
    assert ids(page(text="%")) == []


def test_a_search_by_name_reads_a_part_and_leads_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LOOKED_AT", 2)
    meant = queued(who="Lee")
    for number in range(3):
        queued(about=f"offer:{number}")
    found, pages = page(text="Lee"), 1
    while not found.messages and found.before_id:
        found, pages = page(text="Lee", before_id=found.before_id), pages + 1
    assert ids(found) == [meant]
    assert pages == 2


@pytest.mark.parametrize(
    ("state", "text", "index"),
    [
        (None, "", "messages"),
        (MessageState.FAILED, "", "ix_messages_state_id"),
        (None, "offer:12", "ix_messages_about_id"),
        (None, "kim@example.org", "ix_messages_recipient_id"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_reads_or_sorts_the_whole_table(
    state: str | None, text: str, index: str, statements: list[str]
) -> None:
    page(state, text)
    (statement,) = statements
    plan = "\n".join(db.session.connection().exec_driver_sql(statement).scalars(3))
    assert index in plan
    assert "TEMP B-TREE" not in plan or text == "offer:12"  # which sorts the few about one thing
    assert "SCAN messages" not in plan or not (state or text)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the query would ask, with its values written out, behind EXPLAIN."""
    kept: list[str] = []

    def keep(state: sa.orm.ORMExecuteState) -> None:
        compiled = state.statement.compile(  # type: ignore[attr-defined]
            dialect=db.engine.dialect, compile_kwargs={"literal_binds": True}
        )
        kept.append(f"EXPLAIN QUERY PLAN {compiled}")

    sa.event.listen(db.session, "do_orm_execute", keep)
    yield kept
    sa.event.remove(db.session, "do_orm_execute", keep)


def test_who_opted_out_has_no_sms_until_they_want_them_again() -> None:
    queued(Channel.SMS)
    assert unreachable_channels([KIM, KIMS_PHONE]) == frozenset()
    with transaction():
        numbers.stop(KIMS_PHONE, NOW)
    assert unreachable_channels([KIM, KIMS_PHONE]) == {Channel.SMS}
    with transaction():
        numbers.start(KIMS_PHONE)
    assert unreachable_channels([KIM, KIMS_PHONE]) == frozenset()


def test_a_number_without_sms_is_reached_by_none_until_one_arrives() -> None:
    put(queued(Channel.SMS, about="offer:2"), MessageState.FAILED, "not-mobile")
    assert unreachable_channels([KIM, KIMS_PHONE]) == {Channel.SMS}
    put(queued(Channel.SMS, about="offer:3"), MessageState.FAILED, "provider-away")
    assert unreachable_channels([KIM, KIMS_PHONE]) == {Channel.SMS}
    put(queued(Channel.SMS, about="offer:4"), MessageState.SENT)
    assert unreachable_channels([KIM, KIMS_PHONE]) == frozenset()


def marked(*things: str) -> list[bool | None]:
    return [db.session.scalar(sa.select(undelivered(sa.literal(one)))) for one in things]


def test_a_thing_is_marked_about_which_a_message_did_not_arrive() -> None:
    put(queued(about="offer:1"), MessageState.FAILED)
    put(queued(about="offer:2"), MessageState.SENT)
    assert marked("offer:1", "offer:2", "offer:3") == [True, False, False]
    assert [one.about for one in queries.waiting_for_a_person()] == ["offer:1"]


def test_each_of_several_things_of_one_message_is_marked() -> None:
    put(queued(about=["offer:1", "offer:2"]), MessageState.FAILED)
    things = ["offer:1", "offer:2", "offer:3"]
    assert marked(*things) == [True, True, False]
    states = [("email", "failed")]
    assert queries.states_about(things) == {"offer:1": states, "offer:2": states}


def test_a_number_no_sms_can_be_sent_to_counts_as_unreachable() -> None:
    queued(Channel.SMS, "0231 5012345")
    assert unreachable_channels(["0231 5012345"]) == {Channel.SMS}
    assert db.session.get(Message, 1) is not None


def test_what_is_late_or_was_never_sent_is_not_said_to_be_sent_or_settled() -> None:
    put(queued(about="offer:1"), MessageState.SENT, "late")
    put(queued(Channel.SMS, about="offer:1"), MessageState.SETTLED, "opted-out")
    assert queries.states_about(["offer:1"]) == {
        "offer:1": [("email", "late"), ("sms", "not_sent")]
    }
