"""What went out, on the coordinator's pages."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.messaging.rules import Channel, MessageState
from tests import factories
from tests.browsing import send, sign_in
from tests.dispatch.messaging.outbox import SECRET, queued, row

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
    assert links == sorted(links)
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
    again, settled = left(app, state), left(app, state)
    for message_id, action in ((again, "send-again"), (settled, "settle")):
        path = f"/messages/{message_id}"
        assert said in coordinator.get(path).text
        answer = send(coordinator, f"{path}/{action}", seen_on=path)
        assert answer.status_code == 302
        assert said not in coordinator.get(path).text
    assert state_of(app, again) == MessageState.QUEUED
    assert state_of(app, settled) == MessageState.SETTLED
    assert "Queued again" in coordinator.get(f"/messages/{again}").text


def test_a_message_that_went_out_has_nothing_to_decide(
    app: Flask, coordinator: FlaskClient
) -> None:
    path = f"/messages/{left(app, MessageState.SENT)}"
    assert "send-again" not in coordinator.get(path).text
    assert send(coordinator, f"{path}/send-again", seen_on=path).status_code == 409


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
