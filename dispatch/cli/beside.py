"""Several processes that serve the pages of one port: the first one starts and watches the others.

Python makes one page at a time in a process, however many threads it has (decision 0076).
"""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from flask import Flask

from dispatch.cli import front

COMMAND: Final = "from dispatch.cli.main import main; main()"
BESIDE: Final = "--beside"
START_AGAIN_SECONDS: Final = 5.0
"""A process that ends at once is not started again all the time."""
FINISH_SECONDS: Final = front.FINISH_SECONDS + 2.0

_log = logging.getLogger(__name__)


@dataclass
class _Process:
    """One of the others, and when it was started last."""

    process: "subprocess.Popen[bytes]"
    started: float


@dataclass
class Others:
    """The processes beside the first one, which share the socket it listens on."""

    listener: socket.socket
    port: int
    count: int
    _there: list[_Process] = field(default_factory=list)

    def look(self) -> bool:
        """Start whoever is missing, not too often; the first process always goes on."""
        for place, one in enumerate(self._there):
            if one.process.poll() is None or monotonic() < one.started + START_AGAIN_SECONDS:
                continue
            _log.error("a process of pages ended (%s); another is started", one.process.returncode)
            self._there[place] = self._start()
        return True

    def tell_to_stop(self) -> None:
        """Have each end as the first one does: nobody new is let in, what was asked is answered."""
        for one in self._there:
            one.process.terminate()

    def _start(self) -> _Process:
        descriptor = self.listener.fileno()
        options = [f"--port={self.port}", f"--processes={self.count}"]
        options += [BESIDE, str(os.getpid()), str(descriptor)]
        command: Sequence[str] = [sys.executable, "-c", COMMAND, "serve", *options]
        process = subprocess.Popen(command, pass_fds=[descriptor])  # noqa: S603 - our own command
        return _Process(process, monotonic())

    def start(self) -> None:
        """Start all but the first."""
        self._there = [self._start() for _ in range(self.count - 1)]

    def wait(self) -> None:
        """Wait until all have ended; whoever does not is killed."""
        until = monotonic() + FINISH_SECONDS
        for one in self._there:
            try:
                one.process.wait(max(0.0, until - monotonic()))
            except subprocess.TimeoutExpired:
                one.process.kill()
                one.process.wait()


def serve(app: Flask, first: int, descriptor: int, at_once: int) -> None:
    """Serve with the socket of the first process until told to stop, or until that one is gone."""
    listener = socket.socket(fileno=descriptor)
    front.serve(app, listener, at_once, goes_on=lambda: os.getppid() == first)


@contextmanager
def others(listener: socket.socket, port: int, count: int) -> Iterator[Others]:
    """Have so many processes, this one among them, serve what comes in at the listener."""
    started = Others(listener, port, count)
    started.start()
    try:
        yield started
    finally:
        started.tell_to_stop()
        started.wait()
