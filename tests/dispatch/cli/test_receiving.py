"""Reading the mailbox from the command line."""

from collections.abc import Iterator

import pytest

from tests.dispatch.cli.conftest import Dragoman
from tests.dispatch.inbound.peers import PASSWORD, MailboxServer
from tests.dispatch.inbound.replies import letter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[MailboxServer]:
    server = MailboxServer()
    yield server
    server.stop()


def test_reads_once_and_says_what_waits(dragoman: Dragoman, server: MailboxServer) -> None:
    server.put(letter("einsatz@dragoman.example"))
    read = dragoman("inbound", "read", DRAGOMAN_IMAP_URL=server.url())
    assert (read.code, read.out) == (0, "1 new mail; waiting for a person: 1.\n")
    assert dragoman("inbound", "read").out == "0 new mails; waiting for a person: 1.\n"


def test_says_why_it_cannot_read_and_never_the_password(
    dragoman: Dragoman, server: MailboxServer
) -> None:
    assert dragoman("inbound", "read").err.startswith("No mailbox is set up; set DRAGOMAN_IMAP_URL")
    away = dragoman("inbound", "read", DRAGOMAN_IMAP_URL=server.url(port=9))
    assert away.code == 1
    assert away.err.startswith("The server of the mailbox cannot be reached. (")
    doctor = dragoman("doctor")
    assert "BAD  mailbox: einsatz@dragoman.example, 127.0.0.1, INBOX: The server" in doctor.out
    said = away.err + doctor.out + doctor.err
    assert PASSWORD not in said
    assert "p%40ss" not in said


@pytest.mark.parametrize(
    "wrong", ["pop3://a:b@mail.example", "imaps://mail.example", "imaps://a@mail.example"]
)
def test_an_address_that_is_no_mailbox_stops_the_start(dragoman: Dragoman, wrong: str) -> None:
    ended = dragoman("inbound", "read", DRAGOMAN_IMAP_URL=wrong)
    assert ended.code == 1
    assert "DRAGOMAN_IMAP_URL is wrong: write it like imaps://user:password@mail" in ended.err
