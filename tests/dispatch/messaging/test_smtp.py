"""Mail handed to a server that takes it, refuses it, is busy, or hangs up."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.database import transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import email_smtp, queries, service
from dispatch.messaging.mime import WrittenMail
from dispatch.messaging.rules import MessageState, Way
from dispatch.settings import Settings, use
from tests.approving import parse
from tests.dispatch.messaging.outbox import queued, row
from tests.dispatch.messaging.peers import CUT, DRIP, MailServer, listening
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


def seconds(pause: float | None) -> float:
    assert pause is not None
    return pause


def test_a_mail_that_is_taken_is_sent_to_its_one_recipient(server: MailServer) -> None:
    message_id = queued()
    assert service.deliver(message_id, NOW) is None
    message = row(message_id)
    assert message.state == MessageState.SENT
    assert message.sent_at == NOW
    assert message.provider_reference == "taken as 42"
    assert [line for line in server.heard if line.upper().startswith(("MAIL", "RCPT"))] == [
        f"mail FROM:<{message.sender}>",
        "rcpt TO:<kim@example.org>",
    ]
    (mail,) = map(parse, server.mails)
    assert mail["Subject"] == "Anmelden bei Dragoman Dortmund"


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "."])
def test_a_busy_server_is_tried_again_until_it_takes_the_mail(server: MailServer, at: str) -> None:
    message_id = queued()
    server.answers[at] = "451 try again later"
    assert 5 <= seconds(service.deliver(message_id, NOW)) < 6.25
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
    assert 5 <= seconds(service.deliver(message_id, NOW)) < 6.25
    assert row(message_id).may_have_left
    server.answers.clear()
    service.deliver(message_id, NOW)
    assert row(message_id).perhaps_repeated
    assert [parse(mail)["Message-ID"] for mail in server.mails] == 2 * [
        f"<{row(message_id).mail_id}>"
    ]


def test_a_connection_that_breaks_before_the_text_leaves_no_doubt(server: MailServer) -> None:
    message_id = queued()
    server.answers["MAIL"] = CUT
    assert 5 <= seconds(service.deliver(message_id, NOW)) < 6.25
    assert not row(message_id).may_have_left


def test_a_server_that_is_away_is_tried_again(server: MailServer) -> None:
    message_id = queued()
    server.server_close()
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).error_code == "server-away"


@pytest.fixture
def elsewhere_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lead the name of a server elsewhere to this machine."""
    resolve = socket.getaddrinfo

    def here(name: Any, *arguments: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if name == ELSEWHERE else name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", here)


@pytest.mark.usefixtures("elsewhere_is_here")
@pytest.mark.parametrize("host", [ELSEWHERE])
@pytest.mark.parametrize(
    "offers", ["250 no encryption here", "250-ready\r\n250 STARTTLS"], ids=["none", "a broken one"]
)
def test_nothing_is_said_without_encryption_to_a_server_elsewhere(
    server: MailServer, offers: str
) -> None:
    server.answers.update({"EHLO": offers, "STARTTLS": "454 not now"})
    message_id = queued()
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).error_code == "not-encrypted"
    assert {line.split()[0].upper() for line in server.heard} <= {"EHLO", "STARTTLS", "QUIT"}
    assert server.mails == []


@pytest.fixture
def signed_by_nobody(tmp_path: Path) -> ssl.SSLContext:
    """What a mail server has after its installation: a certificate of its own, for its own name."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=host.example",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_server_on_this_machine_may_have_a_certificate_of_its_own(
    server: MailServer, signed_by_nobody: ssl.SSLContext
) -> None:
    server.encryption = signed_by_nobody
    server.answers["EHLO"] = "250-ready\r\n250 STARTTLS"
    message_id = queued()
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.SENT
    assert len(server.mails) == 1


@pytest.mark.usefixtures("elsewhere_is_here")
@pytest.mark.parametrize("host", [ELSEWHERE])
def test_a_certificate_of_its_own_is_not_believed_of_a_server_elsewhere(
    server: MailServer, signed_by_nobody: ssl.SSLContext
) -> None:
    server.encryption = signed_by_nobody
    server.answers["EHLO"] = "250-ready\r\n250 STARTTLS"
    message_id = queued()
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).error_code == "not-encrypted"
    assert server.mails == []


def test_a_server_that_stays_busy_for_a_day_is_given_up_on_and_shown(server: MailServer) -> None:
    message_id = queued()
    server.answers["MAIL"] = "451 try again later"
    last_try = NOW + timedelta(hours=24)
    assert 5 <= seconds(service.deliver(message_id, last_try - timedelta(minutes=1))) < 6.25
    assert service.deliver(message_id, last_try) is None
    assert row(message_id).state == MessageState.FAILED
    assert [entry.kind for entry in ledger.history(Concerning(message=message_id))] == [
        "message.failed"
    ]


@pytest.mark.parametrize("answer", ["?!", "354 go on", "199 well"])
def test_an_answer_that_cannot_be_read_is_repeated_once_and_then_left_to_a_person(
    server: MailServer, answer: str
) -> None:
    message_id = queued()
    server.answers["."] = answer
    assert service.deliver(message_id, NOW) is not None
    assert service.deliver(message_id, NOW) is None
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.PERHAPS_SENT
    assert len(server.mails) == 2


def test_what_was_in_doubt_and_is_refused_then_is_not_said_to_have_failed(
    server: MailServer,
) -> None:
    message_id = queued()
    server.answers["."] = CUT
    service.deliver(message_id, NOW)
    server.answers["."] = "554 seen already"
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.PERHAPS_SENT


@pytest.mark.parametrize("at", ["EHLO", "RCPT", "."])
def test_a_server_that_answers_drop_by_drop_is_given_up(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr(email_smtp, "TOTAL_SECONDS", 0.3)
    message_id = queued()
    server.answers[at] = DRIP
    assert service.deliver(message_id, NOW) is not None
    assert row(message_id).may_have_left is (at == ".")


def test_after_the_text_a_server_may_think_for_ten_minutes() -> None:
    assert email_smtp.AFTER_DATA_SECONDS >= 600
    assert email_smtp.COMMAND_SECONDS[-1] >= 300
    assert email_smtp.TOTAL_SECONDS > email_smtp.AFTER_DATA_SECONDS


@pytest.mark.parametrize(
    ("at", "answer", "code"),
    [
        ("EHLO", "421 too many of you", "server-away"),
        ("MAIL", "421 going down", "server-busy"),
        ("MAIL", "530 authentication required", "login-refused"),
        ("DATA", "421 going down", "server-busy"),
        (".", "421 going down", "server-busy"),
    ],
)
def test_what_says_nothing_about_the_mail_is_an_outage(
    server: MailServer, at: str, answer: str, code: str
) -> None:
    message_id = queued()
    server.answers[at] = answer
    server.answers["HELO"] = answer
    assert service.deliver(message_id, NOW) == 5
    message = row(message_id)
    assert (message.error_code, message.attempts, message.may_have_left) == (code, 0, False)
    assert message.error == answer
    for _again in range(2):
        service.deliver(message_id, NOW)
    assert queries.transports(NOW)[0].state == Way.DOWN


def test_a_wrong_password_is_an_outage(server: MailServer, settings: Settings) -> None:
    url = f"smtp://kim:wrong@127.0.0.1:{server.port}"
    use(settings.model_copy(update={"smtp_url": url}))
    server.answers.update({"EHLO": "250-ready\r\n250 AUTH PLAIN", "AUTH": "535 wrong"})
    message_id = queued()
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).error_code == "login-refused"
    assert server.mails == []


def greetings(server: MailServer) -> int:
    return sum(line.startswith(("EHLO", "ehlo")) for line in server.heard)


def in_turn(count: int) -> list[str]:
    ids = [queued(about=f"offer:{len(queries.page().messages)}:{one}") for one in range(count)]
    service.deliver_in_turn(ids, lambda: NOW)
    return [row(one).state for one in ids]


def test_mails_one_after_the_other_share_a_conversation(server: MailServer) -> None:
    assert in_turn(5) == ["sent"] * 5
    assert (len(server.mails), greetings(server)) == (5, 1)
    assert server.heard[-1].upper() == "QUIT"


def test_after_a_refusal_the_next_mail_begins_anew(server: MailServer) -> None:
    server.answers["RCPT"] = "550 nobody here"
    assert in_turn(3) == ["failed"] * 3
    assert greetings(server) == 3


def test_a_server_that_hung_up_meanwhile_is_called_again_and_nothing_is_in_doubt(
    server: MailServer,
) -> None:
    server.answers["RSET"] = CUT
    assert in_turn(3) == ["sent"] * 3
    assert (len(server.mails), greetings(server)) == (3, 3)


def test_a_server_that_hangs_is_waited_for_longer_with_each_try() -> None:
    assert [email_smtp._patience(tries) for tries in (1, 2, 3, 4, 25)] == [30, 60, 120, 300, 300]


def test_a_line_that_is_a_dot_arrives_as_one(server: MailServer) -> None:
    url = server.server_address
    octets = b"From: a@example.org\r\n\r\n.\r\n..two\r\nend"
    mail = WrittenMail("a@example.org", "b@example.org", octets)
    email_smtp.send_by_smtp(f"smtp://127.0.0.1:{url[1]}", mail)
    assert server.mails == [b"From: a@example.org\r\n\r\n..\r\n...two\r\nend\r\n"]


def test_a_worker_that_died_twice_leaves_it_to_a_person(server: MailServer) -> None:
    message_id = queued()
    for state in (MessageState.SENT, MessageState.PERHAPS_SENT):
        with transaction():
            row(message_id).state = MessageState.SENDING
        assert service.deliver(message_id, NOW) is None
        assert row(message_id).state == state
    assert row(message_id).error_code == "worker-died"
    assert len(server.mails) == 1
