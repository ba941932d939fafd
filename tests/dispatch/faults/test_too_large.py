"""Whoever sends more than is even read gets the page in words that others get for a little less."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from dispatch.settings import Settings
from tests.dispatch.faults.serving import pages_of

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
ANNOUNCED = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 25000000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nAccept-Language: en\r\n\r\nemail="
)
IN_WORDS = "What you sent is too large; one megabyte is the most."


def _pieces() -> Iterator[bytes]:
    yield from (b"a" * 1_000_000 for _ in range(21))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_twenty_megabytes_are_refused_on_a_page_in_words(settings: Settings) -> None:
    with pages_of(settings) as pages:
        place = urlsplit(pages.address)
        with socket.create_connection((str(place.hostname), int(place.port or 0))) as sending:
            sending.sendall(ANNOUNCED)
            answer = b"".join(iter(lambda: sending.recv(65536), b"")).decode()
        assert answer.startswith("HTTP/1.1 413")
        assert IN_WORDS in answer
        unannounced = requests.post(f"{pages.address}/sign-in", _pieces(), headers=FORM, timeout=20)
        assert (unannounced.status_code, IN_WORDS in unannounced.text) == (413, True)
