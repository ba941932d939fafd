"""What listens to browsers: Waitress, and how it ends (decision 0024)."""

import select
import signal
import socket
from collections.abc import Callable, Collection
from time import monotonic
from typing import Any

import waitress
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import RequestEntityTooLarge

from dispatch.cli import memory
from dispatch.database import db

THREADS_SQLITE = 8
THREADS_POSTGRESQL = 24
"""How many pages are made at once; both fewer than the pool has connections.

Python makes one at a time, and every row SQLite hands over is a moment at which all threads reach
for their turn: 24 take a quarter more of the processor than eight, and each keeps pages of the file
of its own. A server elsewhere is waited for: 24 people wait for it together, not in turn.
"""
FEWEST_THREADS = 4
MOST_CONNECTIONS = 2_000  # slow ones wait here until they have sent all; a thread is for answers
PATIENCE_SECONDS = 30
MOST_BUFFERED_BYTES = 20_000_000  # beyond what the pages take, which say so in plain words
FINISH_SECONDS = 8.0
FIRST_WORDS_SECONDS = 1.0
"""So long whoever was let in last has for saying what is wanted."""
GIVE_BACK_SECONDS = 60.0


class _TooLarge(WSGITask):  # type: ignore[misc]
    """The answer to more than is buffered: the application's own, by the length alone."""

    def execute(self) -> None:
        """Let the application refuse what it is not shown, on its page for it."""
        self.request.headers["CONTENT_LENGTH"] = str(MOST_BUFFERED_BYTES)
        self.set_close_on_finish()  # what else is sent is no question
        super().execute()


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection on which what is too large is refused in words."""

    @staticmethod
    def error_task_class(channel: HTTPChannel, asked: Any) -> Task:
        """Return what answers something that is not let in."""
        kind = _TooLarge if isinstance(asked.error, RequestEntityTooLarge) else ErrorTask
        return kind(channel, asked)


def listening(port: int) -> socket.socket:
    """Return what takes connections at this machine's port; `serve` begins with it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def serve(
    app: Flask,
    listener: socket.socket,
    at_once: int,
    *,
    goes_on: Callable[[], bool] = lambda: True,
    at_the_end: Callable[[], None] = lambda: None,
) -> None:
    """Answer browsers until told to stop (SIGTERM, Ctrl-C), or until it does not go on.

    `at_once` is how many pages are made at the same time (`threads`); `goes_on` is asked about once
    a second, or oftener.
    Then `at_the_end` is called, who is at the door is let in and it is closed, nothing new is taken
    on connections there are, and what was asked is answered first, for eight seconds at most.
    """
    server = _server(app, listener, at_once)
    stopping: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _frame: stopping.append(number))
    next_time = monotonic()
    while not stopping and goes_on():
        _look(server)
        if monotonic() >= next_time:
            memory.give_back()
            next_time = monotonic() + GIVE_BACK_SECONDS
    _end(server, at_the_end)


def _server(app: Flask, listener: socket.socket, at_once: int) -> Any:
    server = waitress.create_server(
        app,
        sockets=[listener],
        threads=at_once,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=PATIENCE_SECONDS,
        cleanup_interval=PATIENCE_SECONDS // 3,
        max_request_body_size=MOST_BUFFERED_BYTES,
        clear_untrusted_proxy_headers=False,  # the application knows whom to believe
        ident=None,
    )
    server.channel_class = _Channel
    return server


def _end(server: Any, at_the_end: Callable[[], None]) -> None:
    """Close the door, answer what was asked, and let go of the rest."""
    until = monotonic() + FINISH_SECONDS
    at_the_end()
    _let_in_the_last(server)
    first_words_until = monotonic() + FIRST_WORDS_SECONDS
    while monotonic() < until:
        new = _new(server) if monotonic() < first_words_until else set()
        if not new and not _is_asked(server):
            break
        _close_idle(server, new)
        _look(server)
    server.task_dispatcher.shutdown(timeout=max(0.0, until - monotonic()))
    server.close()


def threads(app: Flask, processes: int = 1) -> int:
    """Return how many pages each of so many processes makes at once."""
    with app.app_context():
        is_embedded = db.engine.dialect.name == "sqlite"
    at_once = THREADS_SQLITE if is_embedded else THREADS_POSTGRESQL
    return max(FEWEST_THREADS, at_once // processes)


def _look(server: Any) -> None:
    """Read and write what can be, once; waits for at most a second."""
    # poll: select() takes no more than 1024 connections
    server.asyncore.loop(timeout=1, use_poll=True, map=server._map, count=1)


def _let_in_the_last(server: Any) -> None:
    """Take the connections that wait at the door, and close it.

    Whoever waits there when a socket is closed would be cut off without knowing what became of
    what they sent; whoever comes afterwards is refused, and knows.
    """
    door = select.poll()
    door.register(server.socket, select.POLLIN)
    while door.poll(0):
        server.handle_accept()
    server.del_channel()
    server.socket.close()


def _new(server: Any) -> set[Any]:
    """Return the connections on which nothing has come yet."""
    there = list(server.active_channels.values())
    return {one for one in there if one.last_activity == one.creation_time}


def _close_idle(server: Any, but: Collection[Any]) -> None:
    """Have connections on which nothing is asked end, once all is sent: a browser keeps its own."""
    for channel in list(server.active_channels.values()):
        if not channel.requests and channel.request is None and channel not in but:
            channel.close_when_flushed = True


def _is_asked(server: Any) -> bool:
    """Tell whether somebody waits for an answer, or for the rest of one."""
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)
