"""Reading a real mailbox: each mail once, none lost, within limits."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pymap.backend.dict import Config
from pymap.config import BackendCapability

from dispatch import clock
from dispatch.answers.incoming import IncomingState
from dispatch.cli.findings import of_mailbox
from dispatch.database import db, transaction
from dispatch.inbound import mailbox, queries, service, storing
from dispatch.inbound.mailbox import LARGEST_OCTETS, MailboxAway, name_of, opened
from dispatch.inbound.models import InboundMail
from dispatch.inbound.rules import Outcome
from dispatch.settings import Settings
from tests.dispatch.inbound.peers import PASSWORD, IdlingServer, MailboxServer, Wire
from tests.dispatch.inbound.replies import letter

pytestmark = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TO = "einsatz@dragoman.example"


@pytest.fixture
def server() -> Iterator[MailboxServer]:
    server = MailboxServer()
    yield server
    server.stop()


def read(url: str) -> int:
    return service.read(url, clock.now)


def stored() -> list[InboundMail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(InboundMail).order_by(InboundMail.id)))


def test_each_mail_is_stored_once_however_often_the_mailbox_is_read(server: MailboxServer) -> None:
    url = server.url()
    assert read(url) == 0
    server.put(letter(TO, "eins"), letter(TO, "zwei"))
    assert read(url) == 2
    assert read(url) == 0
    server.put(letter(TO, "drei"))
    assert read(url) == 1
    assert [one.state for one in stored()] == [IncomingState.STORED] * 3
    assert service.to_take(clock.now()) == [one.id for one in stored()]


@on_sqlite
def test_the_same_mail_delivered_twice_is_stored_once(server: MailboxServer) -> None:
    mail = letter(TO)
    server.put(mail, b"Received: from another.example\r\n" + mail)
    assert read(server.url()) == 1
    server.put(mail.replace(b"sp\xc3\xa4ter", b"nicht"))  # the Message-ID of another mail
    assert read(server.url()) == 1


@on_sqlite
def test_nothing_in_the_mailbox_changes(server: MailboxServer) -> None:
    server.put(letter(TO))
    read(server.url())
    with server.client() as client:
        client.select_folder("INBOX", readonly=True)
        flags = client.get_flags(client.search())
        assert [set(one) & {b"\\Seen", b"\\Deleted"} for one in flags.values()] == [set()]


@on_sqlite
def test_a_connection_that_is_cut_anywhere_loses_nothing_and_repeats_nothing(
    server: MailboxServer,
) -> None:
    server.put(*(letter(TO, str(number) * 400) for number in range(8)))
    broken = 0
    for cut_after in (*range(400, 6000, 700), 10**6):
        wire = Wire(server.port, cut_after)
        try:
            read(server.url(port=wire.port))
        except MailboxAway:
            broken += 1
        wire.close()
    assert broken > 3
    texts = [(one.octets or b"").rpartition(b"\r\n\r\n")[2][:1] for one in stored()]
    assert texts == [str(number).encode() for number in range(8)]


class Killed(BaseException):
    """What ends a process in the middle."""


@on_sqlite
def test_killed_between_two_mails_the_next_reading_goes_on_after_the_last_stored_one(
    server: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(*(letter(TO, text) for text in ("eins", "zwei", "drei")))
    store, calls = storing._store, iter(range(9))

    def killed_at_the_second(*arguments: object) -> bool:
        done = store(*arguments)  # type: ignore[arg-type]
        if next(calls) == 1:
            raise Killed
        return done

    monkeypatch.setattr(storing, "_store", killed_at_the_second)
    with pytest.raises(Killed):
        read(server.url())
    assert len(stored()) == 1
    assert read(server.url()) == 2


@on_sqlite
def test_where_numbers_begin_anew_what_is_known_is_not_stored_again(server: MailboxServer) -> None:
    mails = [letter(TO, text) for text in ("eins", "zwei")]
    url = server.url("Antworten")
    with server.client() as client:
        client.create_folder("Antworten")
    server.put(*mails, folder="Antworten")
    assert read(url) == 2
    with server.client() as client:
        client.delete_folder("Antworten")
        client.create_folder("Antworten")
    server.put(*mails, letter(TO, "drei"), folder="Antworten")
    assert read(url) == 1


@on_sqlite
def test_of_ten_thousand_mails_only_what_is_new_is_looked_at(
    server: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "FIRST_LOOKS_BACK", timedelta(days=-2))
    with server.client() as client:
        client.append("INBOX", letter(TO))
        client.select_folder("INBOX")
        while client.select_folder("INBOX")[b"EXISTS"] < 10_000:
            client.copy("1:*", "INBOX")
    url = server.url()
    assert read(url) == 0  # all of it is older than what is read of a mailbox nobody has read
    monkeypatch.undo()
    with opened(url) as box, transaction():
        state = storing._locked_state(box.name)
        state.last_uid = box.uids_after(0)[-1]
    server.put(letter(TO, "neu"))
    looked_at: list[int] = []
    fetch = mailbox.Mailbox.fetch

    def watched(self: mailbox.Mailbox, uids: Sequence[int]) -> Iterator[mailbox.Fetched]:
        looked_at.extend(uids)
        return fetch(self, uids)

    monkeypatch.setattr(mailbox.Mailbox, "fetch", watched)
    assert read(url) == 1
    assert len(looked_at) == 1


@on_sqlite
def test_of_a_mail_of_fifty_megabytes_only_the_head_is_read(server: MailboxServer) -> None:
    head = letter(TO, "")
    server.put(head + b"x" * 50_000_000, letter(TO, "klein"))
    assert read(server.url()) == 2
    large, small = stored()
    assert (large.is_whole, small.is_whole) == (False, True)
    assert len(large.octets or b"") < LARGEST_OCTETS / 10
    with transaction():
        service.take(large.id, now=clock.now())
    assert (large.outcome, large.state) == (Outcome.TOO_LARGE, IncomingState.OPEN)
    assert large.subject.startswith("Frage")


@on_sqlite
@pytest.mark.parametrize(
    ("folder", "password", "code"),
    [("Nirgends", "p%40ss%2Fword", "folder-missing"), ("", "falsch", "login-refused")],
)
def test_why_a_mailbox_cannot_be_read_is_said_without_the_password(
    server: MailboxServer, folder: str, password: str, code: str
) -> None:
    url = server.url(folder, password=password)
    with pytest.raises(MailboxAway) as away:
        read(url)
    assert away.value.code == code
    found = queries.reading(url)
    assert found.failing_since is not None
    assert found.reason
    assert password not in found.reason + found.mailbox
    assert PASSWORD not in found.reason + found.mailbox


@on_sqlite
def test_a_mailbox_that_is_back_is_said_to_be(server: MailboxServer) -> None:
    url = server.url("Spaeter")
    with pytest.raises(MailboxAway):
        read(url)
    with server.client() as client:
        client.create_folder("Spaeter")
    read(url)
    found = queries.reading(url)
    assert (found.failing_since, found.reason) == (None, "")
    assert found.read_at is not None


@on_sqlite
def test_a_server_that_is_away_is_said_to_be(server: MailboxServer, settings: Settings) -> None:
    with pytest.raises(MailboxAway) as away:
        read(server.url(port=9))
    assert away.value.code == "server-away"
    (finding,) = of_mailbox(settings.model_copy(update={"imap_url": server.url(port=9)}))
    assert not finding.well
    (finding,) = of_mailbox(settings.model_copy(update={"imap_url": server.url()}))
    assert finding.found == f"{name_of(server.url())} can be read"
    assert PASSWORD not in finding.found


@on_sqlite
def test_what_arrives_while_one_listens_is_stored_at_once(server: MailboxServer) -> None:
    def something_arrives() -> bool:
        """Asked for the first time once the server has said that it will tell."""
        server.put(letter(TO))
        return False

    with opened(server.url()) as box:
        assert box.listen(30, something_arrives)
        assert not box.listen(30, lambda: True)


def for_three_seconds() -> Callable[[], bool]:
    """Return what ends the waiting when asked for the fourth time."""
    asked = iter((False, False, False))
    return lambda: next(asked, True)


@on_sqlite
def test_what_is_announced_while_one_reads_waits_for_no_other_mail(server: MailboxServer) -> None:
    with opened(server.url()) as box:
        server.put(letter(TO))
        box.uids_since(clock.now().date())  # the answer to this tells of it, and nothing later does
        assert box.listen(30, for_three_seconds())
        assert not box.listen(30, for_three_seconds())


@on_sqlite
@pytest.mark.parametrize(
    ("first", "rest"),
    [(b"* 1 EXISTS\r\n", b""), (b"* 1 FETCH ", b"(FLAGS ())\r\n"), (b"* 1 EX", b"ISTS\r\n")],
    ids=["with the answer to IDLE", "half a line", "half the news"],
)
def test_in_whatever_pieces_a_server_tells_it_is_heard(first: bytes, rest: bytes) -> None:
    talking = IdlingServer(first, rest)
    with opened(talking.url) as box:
        assert box.listen(30, for_three_seconds())
    talking.close()


@on_sqlite
def test_a_server_that_cannot_tell_is_asked_again_in_a_minute(
    server: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_idle = BackendCapability(idle=False, object_id=True, multi_append=True)
    monkeypatch.setattr(Config, "backend_capability", without_idle)
    server.put(letter(TO))
    assert service.listen(server.url(), clock.now, lambda: False) == storing.POLL_SECONDS
    assert len(stored()) == 1
