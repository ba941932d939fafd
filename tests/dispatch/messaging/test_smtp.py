"""Mail handed to a server that takes it, refuses it, is busy, or hangs up."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import service
from dispatch.messaging.rules import MessageState
from dispatch.settings import Settings
from tests.approving import parse
from tests.dispatch.messaging.outbox import queued, row
from tests.dispatch.messaging.peers import CUT, MailServer, listening
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
ELSEWHERE = "mail.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    with listening(server):
        yield server


@pytest.fixture
def host() -> str:
    return "127.0.0.1"


@pytest.fixture
def settings(settings: Settings, server: MailServer, host: str) -> Settings:
    url = f"smtp://{host}:{server.port}"
    return settings.model_copy(update={"smtp_url": url, "twilio_account_sid": None})


def test_a_mail_that_is_taken_is_sent_to_its_one_recipient(server: MailServer) -> None:
    message_id = queued()
    assert service.deliver(message_id, NOW) is None
    message = row(message_id)
    assert message.state == MessageState.SENT
    assert message.sent_at == NOW
    assert message.provider_reference == "taken as 42"
    assert [line for line in server.heard if line.upper().startswith(("MAIL", "RCPT"))] == [
        "mail FROM:<einsatz@dragoman.example>",
        "rcpt TO:<kim@example.org>",
    ]
    (mail,) = map(parse, server.mails)
    assert mail["Subject"] == "Anmelden bei Dragoman Dortmund"


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "."])
def test_a_busy_server_is_tried_again_until_it_takes_the_mail(server: MailServer, at: str) -> None:
    message_id = queued()
    server.answers[at] = "451 try again later"
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).state == MessageState.QUEUED
    assert "451 try again later" in row(message_id).error
    del server.answers[at]
    assert service.deliver(message_id, NOW) is None
    message = row(message_id)
    assert (message.state, message.attempts, message.error) == (MessageState.SENT, 2, "")
    assert not message.perhaps_repeated


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "."])
def test_what_a_server_refuses_for_good_has_failed(server: MailServer, at: str) -> None:
    message_id = queued()
    server.answers[at] = "550 no such mailbox"
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.FAILED
    assert "550 no such mailbox" in row(message_id).error


def test_a_connection_that_breaks_after_the_text_is_tried_again_and_marked(
    server: MailServer,
) -> None:
    message_id = queued()
    server.answers["."] = CUT
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).perhaps_repeated
    server.answers.clear()
    service.deliver(message_id, NOW)
    assert [parse(mail)["Message-ID"] for mail in server.mails] == 2 * [
        f"<message-{message_id}@dragoman.example>"
    ]


def test_a_connection_that_breaks_before_the_text_leaves_no_doubt(server: MailServer) -> None:
    message_id = queued()
    server.answers["MAIL"] = CUT
    assert service.deliver(message_id, NOW) == 5
    assert not row(message_id).perhaps_repeated


def test_a_server_that_is_away_is_tried_again(server: MailServer) -> None:
    message_id = queued()
    server.server_close()
    assert service.deliver(message_id, NOW) == 5
    assert "cannot be used" in row(message_id).error


@pytest.mark.parametrize("host", [ELSEWHERE])
@pytest.mark.parametrize(
    "offers", ["250 no encryption here", "250-ready\r\n250 STARTTLS"], ids=["none", "a broken one"]
)
def test_nothing_is_said_without_encryption_to_a_server_elsewhere(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, offers: str
) -> None:
    resolve = socket.getaddrinfo

    def elsewhere_is_here(name: Any, *arguments: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if name == ELSEWHERE else name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", elsewhere_is_here)
    server.answers.update({"EHLO": offers, "STARTTLS": "454 not now"})
    message_id = queued()
    assert service.deliver(message_id, NOW) == 5
    assert "cannot be used" in row(message_id).error
    assert {line.split()[0].upper() for line in server.heard} <= {"EHLO", "STARTTLS", "QUIT"}
    assert server.mails == []


def test_a_server_that_stays_busy_for_a_day_is_given_up_on_and_shown(server: MailServer) -> None:
    message_id = queued()
    server.answers["MAIL"] = "451 try again later"
    last_try = NOW + timedelta(hours=24)
    assert service.deliver(message_id, last_try - timedelta(minutes=1)) == 5
    assert service.deliver(message_id, last_try) is None
    assert row(message_id).state == MessageState.FAILED
    assert [entry.kind for entry in ledger.history(Concerning(message=message_id))] == [
        "message.failed"
    ]
