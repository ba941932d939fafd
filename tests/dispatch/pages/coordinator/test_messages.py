"""What went out, on the coordinator's pages."""

from datetime import time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.contacts import service as contacts
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import outages, service
from dispatch.messaging.models import Message
from dispatch.messaging.outages import Seen
from dispatch.messaging.rules import Channel, MessageState, TransportError, Way
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.dispatch.messaging.outbox import SECRET, queued, row
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def coordinator(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        account = factories.account(Role.COORDINATOR)
    return sign_in(app, account)


def left(app: Flask, state: MessageState, channel: Channel = Channel.SMS) -> int:
    with app.app_context():
        message_id = queued(channel)
        with transaction():
            row(message_id).state = state
        return message_id


def state_of(app: Flask, message_id: int) -> str:
    with app.app_context():
        return row(message_id).state


def test_failures_come_first_and_can_be_listed_alone(app: Flask, coordinator: FlaskClient) -> None:
    states = (MessageState.FAILED, MessageState.SENT, MessageState.PERHAPS_SENT)
    failed, sent, perhaps = (left(app, state) for state in states)
    page = coordinator.get("/messages").text
    links = [page.index(f'href="/messages/{number}"') for number in (perhaps, failed, sent)]
    assert page.index("Waits for you") < links[0] < links[1] < page.index("All, newest first")
    assert page.index("All, newest first") < links[2]
    alone = coordinator.get("/messages?state=failed").text
    assert f'href="/messages/{failed}"' in alone
    assert f'href="/messages/{sent}"' not in alone


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MessageState.FAILED, "It did not arrive."),
        (MessageState.PERHAPS_SENT, "nobody knows whether it arrived"),
    ],
)
def test_the_page_says_what_to_do_and_does_it(
    app: Flask, coordinator: FlaskClient, state: MessageState, said: str
) -> None:
    decided = []
    for action in ("send-again", "settle"):
        decided.append(left(app, state))
        path = f"/messages/{decided[-1]}"
        assert said in coordinator.get(path).text
        answer = send(coordinator, f"{path}/{action}", seen_on=path)
        assert answer.status_code == 302
        assert said not in coordinator.get(path).text
    assert [state_of(app, one) for one in decided] == [MessageState.QUEUED, MessageState.SETTLED]
    assert "Queued again" in coordinator.get(f"/messages/{decided[0]}").text


def test_what_is_overtaken_is_said_to_be_and_not_offered_again(
    app: Flask, coordinator: FlaskClient
) -> None:
    older = left(app, MessageState.FAILED)
    left(app, MessageState.SENT)
    page = coordinator.get(f"/messages/{older}").text
    assert "A newer message about the same thing has been written" in page
    assert f"/messages/{older}/send-again" not in page


def test_a_message_that_went_out_has_nothing_to_decide(
    app: Flask, coordinator: FlaskClient
) -> None:
    path = f"/messages/{left(app, MessageState.SENT)}"
    assert "send-again" not in coordinator.get(path).text
    assert send(coordinator, f"{path}/send-again", seen_on=path).status_code == 302


def test_the_page_shows_the_text_but_not_what_makes_its_link_work(
    app: Flask, coordinator: FlaskClient
) -> None:
    message_id = left(app, MessageState.QUEUED, Channel.EMAIL)
    for path in ("/messages", f"/messages/{message_id}"):
        page = coordinator.get(path).text
        assert SECRET not in page
    assert "https://dragoman.example/o/…" in page


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.INTERPRETER, Role.AUDITOR])
def test_nobody_else_decides(app: Flask, role: str) -> None:
    with app.app_context(), transaction():
        account = factories.account(role, of=factories.organisation())
    client = sign_in(app, account)
    message_id = left(app, MessageState.FAILED)
    for action in ("send-again", "settle"):
        path = f"/messages/{message_id}/{action}"
        assert send(client, path, seen_on="/").status_code == 403
    assert state_of(app, message_id) == MessageState.FAILED


def test_messages_are_found_by_whom_they_went_to_and_older_ones_are_led_to(
    app: Flask, coordinator: FlaskClient
) -> None:
    with app.app_context():
        meant = queued(address="lee@example.org", who="Lee")
        others = [queued(about=f"offer:{number}") for number in range(26)]
    found = coordinator.get("/messages?q=Lee").text
    assert f'href="/messages/{meant}"' in found
    assert f'href="/messages/{others[0]}"' not in found
    first = coordinator.get("/messages").text
    assert f'href="/messages/{meant}"' not in first
    assert f"before={others[1]}" in first
    assert f'href="/messages/{meant}"' in coordinator.get(f"/messages?before={others[1]}").text


def test_all_that_failed_is_sent_again_at_once(app: Flask, coordinator: FlaskClient) -> None:
    failed = left(app, MessageState.FAILED)
    answer = send(coordinator, "/messages/send-again", seen_on="/messages")
    assert answer.status_code == 302
    assert state_of(app, failed) == MessageState.QUEUED


def test_what_failed_is_sent_again_as_far_as_it_is_searched_for_and_still_stands(
    app: Flask, coordinator: FlaskClient
) -> None:
    with app.app_context():
        lee = [queued(address="lee@example.org", who="Lee", about=f"offer:{n}") for n in range(5)]
        kim = queued(address="kim@example.org", who="Kim", about="offer:9")
        newer = queued(about="offer:2")
        with transaction():
            for one in (*lee, kim):
                row(one).state = MessageState.FAILED
            row(lee[0]).makes_sense_until = NOW
            row(lee[1]).has_lost_secret = True
            row(newer).name = "offer_lost"
    button = "Send the %d that failed and still stand"
    assert button % 3 in coordinator.get("/messages").text
    assert button % 2 in coordinator.get("/messages?q=Lee&state=failed").text
    assert "that failed and still stand" not in coordinator.get("/messages?state=sent").text
    form = {"q": "Lee", "state": "failed"}
    answer = send(coordinator, "/messages/send-again", seen_on="/messages", **form)
    assert answer.location == "/messages?state=failed&q=Lee"
    assert "2 messages are queued again" in coordinator.get("/messages").text
    assert [state_of(app, one) for one in (*lee, kim)] == [
        *["failed"] * 3, *["queued"] * 2, "failed",
    ]  # fmt: skip


def test_a_way_that_is_down_is_seen_with_since_when_why_and_how_many_wait(
    app: Flask, coordinator: FlaskClient
) -> None:
    with app.app_context():
        queued(Channel.SMS)
        away = TransportError("credentials-refused", "Twilio 20003", outage=True)
        with transaction():
            outages.note(Channel.SMS, away, NOW, Seen(Way.UP, 0))
    assert "SMS are not going out" in coordinator.get("/").text
    page = coordinator.get("/messages").text
    assert "SMS are not going out" in page
    assert "does not accept our credentials. (Twilio 20003)" in page
    assert "Since Mon, 1 Mar, 09:00." in page
    assert "1 message waits." in page
    assert "Mail is not going out" not in page


@pytest.mark.parametrize("state", sorted(MessageState))
def test_every_state_has_its_place(
    app: Flask, coordinator: FlaskClient, state: MessageState
) -> None:
    message_id = left(app, state)
    start = coordinator.get("/messages").text
    assert f'href="/messages?state={state}"' in start
    assert f'href="/messages/{message_id}"' in coordinator.get(f"/messages?state={state}").text


def test_what_is_no_use_any_more_is_settled_and_not_sent_again(
    app: Flask, coordinator: FlaskClient, frozen_clock: FrozenClock
) -> None:
    path = f"/messages/{left(app, MessageState.FAILED)}"
    with app.app_context(), transaction():
        row(int(path.rpartition("/")[2])).makes_sense_until = NOW + timedelta(minutes=10)
    assert "send-again" in coordinator.get(path).text
    frozen_clock.advance(minutes=10)
    answer = send(coordinator, f"{path}/send-again", seen_on=path)
    assert (answer.status_code, answer.location) == (302, path)
    page = coordinator.get(path).text
    assert "the time it was for has passed" in page
    assert "send-again" not in page
    assert "/settle" in page


def test_what_lost_its_link_says_what_to_do_instead_and_is_not_offered_to_be_sent_again(
    app: Flask, coordinator: FlaskClient
) -> None:
    with app.app_context():
        message_id = queued(Channel.SMS)
        service.deliver(message_id, NOW)
        with transaction():
            row(message_id).state = MessageState.FAILED
    path = f"/messages/{message_id}"
    page = coordinator.get(path).text
    assert "ask anew at the request" in page
    assert "send-again" not in page
    assert "/settle" in page
    assert send(coordinator, f"{path}/send-again", seen_on=path).status_code == 302
    assert state_of(app, message_id) == MessageState.FAILED
    send(coordinator, "/messages/send-again", seen_on="/messages")
    assert "1 message was left out: its link or code is gone." in coordinator.get("/messages").text


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ((None, None), "in the quiet hours of the city (21:00–07:00)"),
        ((time(20), time(9)), "in the quiet hours the person has chosen (20:00–09:00)"),
    ],
)
def test_of_an_sms_that_rests_list_and_page_say_until_when_and_whose_quiet_hours_they_are(
    app: Flask, frozen_clock: FrozenClock, own: tuple[time | None, time | None], said: str
) -> None:
    frozen_clock.advance(hours=14, minutes=11)  # 23:11 in Dortmund
    with app.app_context():
        with transaction():
            office, mira = factories.account(Role.COORDINATOR), factories.interpreter()
            contacts.choose(SYSTEM, mira.account_id, {}, own, now=NOW)
        resting, awake = (
            queued(Channel.SMS, mira.phone, account_id=mira.account_id, about=about)
            for about in ("offer:1", "offer:2")
        )
        with transaction():
            row(resting).quiet_hours = "20:00-09:00" if own[0] else "21:00-07:00"
    browser = sign_in(app, office)
    until = "Tue, 2 Mar, 09:00" if own[0] else "Tue, 2 Mar, 07:00"
    assert browser.get("/messages").text.count(f"rests until {until} (quiet hours)") == 1
    page = browser.get(f"/messages/{resting}").text
    assert f"until {until}, {said}" in page
    assert "Next try" not in page
    assert "quiet hours" not in browser.get(f"/messages/{awake}").text


def test_what_is_late_or_reached_nobody_is_said_beside_the_question(
    app: Flask, coordinator: FlaskClient
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        offer = offers.make(SYSTEM, factories.asked().id, mira.id, now=NOW)
        page, about = f"/requests/{offer.interpretation_request_id}", f"offer:{offer.id}"

    def comes_to(*, mail: tuple[str, str], sms: tuple[str, str]) -> None:
        with app.app_context(), transaction():
            for one in db.session.query(Message).filter_by(about=about):
                one.state, one.error_code = mail if one.channel == Channel.EMAIL else sms

    comes_to(mail=("sent", "late"), sms=("settled", "opted-out"))
    for shown in (page, f"/board{page}"):
        told = coordinator.get(shown).text
        assert "mail: Late" in told
        assert "SMS: Not sent" in told
        assert "Not reached" not in told
    assert "Late" in coordinator.get(f"/messages?q={about}").text
    comes_to(mail=("failed", "mail-refused"), sms=("settled", "opted-out"))
    for shown in (page, f"/board{page}"):
        assert f"Not reached: call {mira.phone}" in coordinator.get(shown).text
