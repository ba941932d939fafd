"""Private calendars from servers: only public ones, within limits; the last good state stays."""

import _socket
import codecs
import gzip
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import urllib3

from dispatch.availability.rules import Way
from dispatch.busy import fetching, reading, rules, service
from dispatch.busy.fetching import fetch
from dispatch.busy.models import PrivateCalendar
from dispatch.busy.rules import Unreadable
from dispatch.busy.spans import MOST_SPANS
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.settings import Settings
from tests import factories
from tests.correspondence import written
from tests.dispatch.busy.test_spans import calendar
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
DENTIST = calendar("DTSTART:20270302T090000Z\nDTEND:20270302T100000Z\nSUMMARY:Zahnarzt")
LOOPBACK = (ip_network("127.0.0.0/8"),)


class Server:
    """A calendar server that answers what a test wants, and remembers what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.headers = 200, DENTIST, {"ETag": '"1"'}
        self.asked: list[dict[str, str]] = []
        self.gave_way: list[int] = []
        self.url = ""


def _children() -> list[int]:
    """Return the processes this one has begun and that have not ended."""
    threads = Path(f"/proc/{os.getpid()}/task").iterdir()
    return [int(pid) for one in threads for pid in (one / "children").read_text().split()]


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append({name.lower(): text for name, text in self.headers.items()})
            server.gave_way += [os.getpriority(os.PRIO_PROCESS, pid) for pid in _children()]
            unchanged = self.headers.get("If-None-Match") == server.headers.get("ETag", "-")
            status = 304 if unchanged and server.status == 200 else server.status
            self.send_response(status)
            for name, text in server.headers.items():
                self.send_header(name, text)
            self.end_headers()
            if status == 200:
                self.wfile.write(server.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_address[1]}/a.ics"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield server
    http.shutdown()
    http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"egress_allow": LOOPBACK})


def added(address: str) -> tuple[int, int]:
    """Return the ids of somebody and of the calendar they add."""
    with transaction():
        mira = factories.interpreter()
    source = service.read_address(address, now=NOW)
    with transaction():
        return mira.id, service.add(mira.account.actor, mira.id, source, now=NOW).id


def is_there(interpreter_id: int, hour: int) -> bool:
    start = NOW.replace(hour=hour) + timedelta(days=1)
    mira = db.session.get_one(Interpreter, interpreter_id)
    return interpreters.is_there(
        mira, (start, start + timedelta(hours=1)), "Europe/Berlin", Way.VIDEO
    )


def test_a_calendar_makes_busy_by_a_process_of_its_own_and_no_title_is_kept(server: Server) -> None:
    mira, calendar_id = added(server.url)
    assert not is_there(mira, 9)
    assert is_there(mira, 10)
    one = db.session.get_one(PrivateCalendar, calendar_id)
    assert len(one.spans) == 1
    assert "Zahnarzt" not in repr(vars(one))
    with transaction():
        service.remove(SYSTEM, mira, calendar_id, now=NOW)
    assert is_there(mira, 9)


def test_who_waits_for_a_calendar_comes_before_calendars_nobody_waits_for(server: Server) -> None:
    own = os.nice(0)
    _mira, calendar_id = added(server.url)
    service.read_again(calendar_id, now=NOW + service.EVERY)
    assert server.gave_way == [own + reading.AFTER_PAGES, own + reading.AFTER_EVERYBODY]


def test_an_unchanged_calendar_is_not_sent_again_and_a_changed_one_counts(server: Server) -> None:
    mira, calendar_id = added(server.url)
    later = NOW + service.EVERY
    assert list(service.due(NOW)) == []
    assert list(service.due(later)) == [calendar_id]
    service.read_again(calendar_id, now=later)
    assert server.asked[-1]["if-none-match"] == '"1"'
    assert db.session.get_one(PrivateCalendar, calendar_id).read_at == later
    assert not is_there(mira, 9)
    server.body, server.headers = calendar(), {"ETag": '"2"'}
    service.read_again(calendar_id, now=later + service.EVERY)
    assert is_there(mira, 9)


def test_a_broken_calendar_keeps_its_last_state_and_its_owner_hears_once_after_a_day(
    server: Server,
) -> None:
    mira, calendar_id = added(server.url)
    server.status = 503
    at = NOW + service.EVERY
    for _hour in range(30):
        service.read_again(calendar_id, now=at)
        at += service.AGAIN_AFTER_FAILURE
        assert not is_there(mira, 9)
    (mail,) = written("calendar_broken")
    assert "cannot be fetched from this address" in mail.body
    assert mail.queued_at == NOW + service.EVERY + timedelta(days=1)
    server.status = 200
    service.read_again(calendar_id, now=at)
    assert db.session.get_one(PrivateCalendar, calendar_id).failing_since is None


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/",
        "http://0177.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://[::1]/", "http://0.0.0.0/",
        "http://169.254.169.254/latest", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://10.0.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://224.0.0.1/",
        "http://[64:ff9b:1::7f00:1]/", "http://[::7f00:1]/", "http://[::10.0.0.1]/",
        "http://[::ffff:0:7f00:1]/", "http://[fec0::1]/", "http://[fe80::1]/", "http://[fd00::1]/",
        "http://[100::1]/", "http://[5f00::1]/", "http://[4000::1]/", "http://[ff0e::1]/",
        "http://[2001::7f00:1]/", "http://[2001:2::1]/", "http://[2001:db8::1]/",
        "http://[3fff::1]/", "http://[::]/", "http://240.0.0.1/", "http://255.255.255.255/",
        "http://localhost/", "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/",
    ],
)  # fmt: skip
def test_no_inner_address_is_ever_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", _read_only)
    monkeypatch.setattr(urllib3, "HTTPConnectionPool", lambda *a, **_: asked.append(a))
    with pytest.raises(Unreadable) as why:
        fetch(address)
    assert (asked, why.value.code) == ([], "away")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "2a00:1450::1"])
def test_a_public_address_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _read_only)
    assert fetching.public_address(address, 443, ()) == address


def _read_only(host: str, port: int, **_: object) -> list[Any]:
    """Return the address that is written there; nobody is asked for a name."""
    return _socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)


def test_a_name_that_leads_to_an_inner_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [(0, 0, 0, "", (one, 80)) for one in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Unreadable):
        fetch("http://calendar.example/a.ics")


def test_a_redirect_is_looked_at_like_the_first_address(server: Server) -> None:
    with serving() as inner:
        server.status, server.headers = 302, {"Location": inner.url}
        assert fetch(server.url, allowed=LOOPBACK)
        port = inner.url.split(":")[2].split("/")[0]
        server.headers = {"Location": f"http://[::1]:{port}/"}
        with pytest.raises(Unreadable):
            fetch(server.url, allowed=LOOPBACK)
        server.headers = {"Location": server.url}
        with pytest.raises(Unreadable):
            fetch(server.url, allowed=LOOPBACK)
    assert len(inner.asked) == 1


def test_what_is_larger_than_it_may_be_is_not_read_to_its_end(server: Server) -> None:
    server.body = gzip.compress(b" " * (rules.LARGEST_OCTETS + 1))
    server.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(Unreadable) as why:
        fetch(server.url, allowed=LOOPBACK)
    assert why.value.code == "too-large"


def test_a_server_that_never_ends_is_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TOTAL_SECONDS", 0.01)
    with pytest.raises(Unreadable) as why:
        reading.read(NOW, address=server.url)
    assert why.value.code == "too-slow"


@pytest.mark.parametrize(
    "bomb",
    [
        calendar("DTSTART:20270302T100000Z\nDURATION:PT1S\nRRULE:FREQ=HOURLY;COUNT=1000000000"),
        calendar(*["DTSTART:20270302T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"] * 300),
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 300_000,
    ],
    ids=["hourly", "many rows", "nested"],
)
def test_a_bomb_ends_with_its_own_process(bomb: bytes) -> None:
    with pytest.raises(Unreadable):
        reading.read(NOW, octets=bomb)


@pytest.mark.parametrize("octets", [b"", b'a;b\n"', b"PK\x03\x04" + b"\0" * 100_000])
def test_what_is_obviously_no_calendar_starts_no_process(
    octets: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unreadable) as why:
        reading.read(NOW, octets=octets)
    assert why.value.code == "no-calendar"


@pytest.mark.parametrize(
    "octets",
    [
        DENTIST.decode().encode("utf-16"),
        codecs.BOM_UTF8 + DENTIST.replace(b"VCALENDAR", b"VCal\r\n endar"),
        DENTIST.replace(b"VCALENDAR", b"vcalendar").replace(b"\r\n", b"\n"),
    ],
    ids=["two octets a letter", "folded", "small letters"],
)
def test_whatever_may_be_a_calendar_is_read(octets: bytes) -> None:
    found = reading.read(NOW, octets=octets)
    assert found
    assert len(found.spans) == 1


def test_what_is_no_calendar_is_refused_with_what_would_be_right(server: Server) -> None:
    for text in ("calendar.example", "https://user:pass@calendar.example/", "javascript:alert(1)"):
        with pytest.raises(Refusal, match=r"begins with https:// or webcal://"):
            service.read_address(text, now=NOW)
    server.body = b"<html>Sign in</html>"
    with pytest.raises(Refusal, match="no calendar"):
        service.read_address(server.url, now=NOW)
    with pytest.raises(Refusal, match="no calendar"):
        service.read_file("a.ics", b"", now=NOW)


def test_a_year_of_as_many_entries_as_are_kept_is_read_within_the_limits() -> None:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}@elsewhere.example\r\nDTSTAMP:20270101T000000Z\r\n"
        f"DTSTART:{NOW + number * timedelta(minutes=110):%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\n"
        f"SUMMARY:{number}\r\nEND:VEVENT\r\n"
        for number in range(MOST_SPANS)
    )
    octets = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()
    found = reading.read(NOW, octets=octets)
    assert found
    assert len(found.spans) == MOST_SPANS
