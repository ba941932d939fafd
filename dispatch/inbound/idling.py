"""Waiting in IDLE (RFC 2177) until the server says something, half a line included."""

import select
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def forget_announced(client: Any) -> bool:
    """Tell whether new mail was announced since it was asked last, inside whatever answer.

    A server says so once, also in the middle of its answer to something else (RFC 9051, 7).
    """
    _name, told = client._imap.response("EXISTS")
    return any(told)


def hears(client: Any, seconds: int, is_over: Callable[[], bool]) -> bool:
    """Wait in IDLE until the server says anything; tell whether it did.

    Returns within a second when `is_over`. What it says is read to the end of its last line, after
    it was told that the waiting is over; so it may come in as many pieces as it likes.
    """
    client.idle()
    try:
        for _second in range(seconds):
            if is_over():
                return False
            if _is_something_there(client):
                return True
        return False
    finally:
        client.idle_done()


def _is_something_there(client: Any) -> bool:
    """Tell within a second whether there is something to read, or the connection has ended."""
    sock = client.socket()
    wait = sock.gettimeout()
    sock.setblocking(False)
    try:
        with suppress(ssl.SSLWantReadError):
            # what came in one packet with the answer to IDLE is not at the socket any more
            if client._imap.file.peek():
                return True
    finally:
        sock.settimeout(wait)
    poller = select.poll()
    poller.register(sock.fileno(), select.POLLIN)
    return bool(poller.poll(1000))
