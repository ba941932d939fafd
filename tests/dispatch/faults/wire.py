"""A wire to PostgreSQL that can be made slow."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import sleep
from typing import Any

import sqlalchemy as sa


class Wire:
    """Passes on what both sides say; each answer of the server comes `delay_seconds` late."""

    def __init__(self, server: sa.URL) -> None:
        self.delay_seconds = 0.0
        self._server = server
        self._ear = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """The database as one reaches it through this wire."""
        port = self._ear.getsockname()[1]
        through = self._server.set(host="127.0.0.1", port=port, query={})
        return through.render_as_string(hide_password=False)

    def close(self) -> None:
        """Let nobody new in."""
        self._ear.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._ear.accept()
                far = self._connected()
                for source, target, waits in ((near, far, False), (far, near, True)):
                    thread = threading.Thread(
                        target=self._pass_on, args=(source, target, waits), daemon=True
                    )
                    thread.start()

    def _connected(self) -> socket.socket:
        named: Any = self._server.query.get("host") or self._server.host
        if str(named).startswith("/"):
            far = socket.socket(socket.AF_UNIX)
            far.connect(f"{named}/.s.PGSQL.{self._server.port or 5432}")
            return far
        return socket.create_connection((str(named), self._server.port or 5432))

    def _pass_on(self, source: socket.socket, target: socket.socket, waits: bool) -> None:
        with suppress(OSError), source, target:
            while octets := source.recv(65_536):
                if waits:
                    sleep(self.delay_seconds)
                target.sendall(octets)


@contextmanager
def wire_to(url: str) -> Iterator[Wire]:
    """Lay a wire to the database behind `url`."""
    wire = Wire(sa.make_url(url))
    try:
        yield wire
    finally:
        wire.close()
