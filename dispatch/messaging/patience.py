"""Hanging up on whoever answers drop by drop: a limit on a conversation as a whole."""

import socket
import threading
from contextlib import suppress


def hang_up_after(seconds: float, connection: socket.socket) -> threading.Timer:
    """Cut the connection when so many seconds are over, unless the timer is cancelled before.

    A timeout on a socket limits each read; a server that sends one character within each would hold
    us for ever. Whoever reads meanwhile finds the end of the connection, as if the other side had
    hung up.
    """
    timer = threading.Timer(seconds, _cut, [connection])
    timer.daemon = True
    timer.start()
    return timer


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        # The plain method, for an SSLSocket too: its own would take away what is being read from.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
