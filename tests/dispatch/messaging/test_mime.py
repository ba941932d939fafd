"""A mail as it leaves: one sender, one recipient, nothing smuggled in, in its thread."""

import random
from email.message import EmailMessage

import pytest

from dispatch.database import transaction
from dispatch.messaging import service
from dispatch.messaging.mime import written
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState, TransportError
from dispatch.settings import Settings, active
from tests.approving import parse
from tests.dispatch.messaging.outbox import queued, row
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def sent(message_id: int) -> EmailMessage:
    assert service.deliver(message_id, NOW) is None
    message = row(message_id)
    assert message.state == MessageState.SENT, message.error
    return parse((active().sink_dir / str(message.provider_reference)).read_bytes())


def changed(**values: str) -> Message:
    message = row(queued())
    for name, value in values.items():
        setattr(message, name, value)
    return message


@pytest.mark.parametrize(
    "name",
    [
        "Kim " * 75,
        "K" * 300,
        "Ö" * 300,
        "Kim\r\nBcc: lee@example.org",
        "Kim\nMuster",
        'Kim "K" <kim@example.org>, Lee',
        "Kim\u202eretsuM",
        "",
        "=?utf-8?q?Kim=0ABcc:_lee@example.org?=",
    ],
)
def test_whatever_somebody_is_called_the_mail_goes_to_one_address(name: str) -> None:
    mail = sent(queued(who=name))
    (recipient,) = mail["To"].addresses
    assert recipient.addr_spec == "kim@example.org"
    assert mail["Bcc"] is mail["Cc"] is None
    assert max(map(len, mail.as_bytes().splitlines())) < 998


@pytest.mark.parametrize(
    "values",
    [
        {"sender": "einsatz.dragoman.example"},
        {"sender": "a@example.org, b@example.org"},
        {"recipient": "kim@example.org, lee@example.org"},
        {"recipient": "kim@example.org\r\nBcc: lee@example.org"},
        {"recipient": "jörg@example.org"},
        {"mail_id": "1@example.org>\r\nBcc: lee@example.org"},
    ],
)
def test_what_does_not_read_back_as_one_mail_to_one_person_is_not_handed_over(
    values: dict[str, str],
) -> None:
    message = changed(**values)
    with pytest.raises(TransportError) as refused:
        written(message, NOW)
    assert refused.value.code == "not-written"
    assert refused.value.permanent


@pytest.mark.parametrize("letters", ["αβγδεικλνορστ", "äöüßabdeinrst", "aeinrst–…“”"])
def test_no_subject_loses_a_space_between_its_words_however_long(letters: str) -> None:
    chance = random.Random(letters)
    for _subject in range(150):
        words = ["".join(chance.choices(letters, k=chance.randint(1, 14))) for _ in range(16)]
        subject = " ".join(words)[: chance.randint(20, 200)].strip()
        octets = written(changed(subject=subject), NOW).octets
        assert parse(octets)["Subject"] == subject
        assert max(len(line) for line in octets.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 78


def test_a_subject_that_smuggles_a_header_is_one_line() -> None:
    mail = parse(written(changed(subject="Hallo\r\nBcc: lee@example.org"), NOW).octets)
    assert mail["Subject"] == "Hallo Bcc: lee@example.org"
    assert mail["Bcc"] is None


def test_what_cannot_be_written_has_failed_and_is_shown(settings: Settings) -> None:
    message_id = queued()
    with transaction():
        row(message_id).sender = "nobody"
    assert service.deliver(message_id, NOW) is None
    assert (row(message_id).state, row(message_id).error_code) == (
        MessageState.FAILED,
        "not-written",
    )


def test_every_mail_has_an_address_and_an_id_of_its_own() -> None:
    mails = [sent(queued(about=f"account:{number}")) for number in range(3)]
    senders = {mail["From"].addresses[0].addr_spec for mail in mails}
    assert len(senders) == len({mail["Message-ID"] for mail in mails}) == 3
    for mail in mails:
        assert len(mail["From"].addresses[0].addr_spec) <= 64
        assert mail["Message-ID"].endswith("@dragoman.example>")
        assert mail["Date"].datetime == NOW


def test_mails_about_the_same_thing_are_one_thread() -> None:
    first, second, third = (sent(queued()) for _ in range(3))
    other = sent(queued(about="account:2"))
    assert first["In-Reply-To"] is other["In-Reply-To"] is None
    assert second["In-Reply-To"] == first["Message-ID"]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"] == f"{first['Message-ID']} {second['Message-ID']}"


def test_what_never_left_is_nothing_to_refer_to() -> None:
    failed = queued()
    with transaction():
        row(failed).state = MessageState.FAILED
    assert sent(queued())["References"] is None
