"""A mail server that takes its time: 100 ms for each mail, as real ones do."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

TAKES_SECONDS = 0.1
SAYS = {"EHLO": "250 ready", "DATA": "354 go on", "QUIT": "221 bye"}


class _Conversation(socketserver.StreamRequestHandler):
    """Speaks as much SMTP (RFC 5321) as is needed to take mails."""

    def handle(self) -> None:
        """Take what comes until the other side hangs up."""
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            command = line.split()[0].upper()
            self._say(SAYS.get(command, "250 fine"))
            if command == "DATA":
                for _line in iter(self.rfile.readline, b".\r\n"):
                    pass
                sleep(TAKES_SECONDS)
                self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


@contextmanager
def mail_server() -> Iterator[dict[str, str]]:
    """Answer while the block lasts; yields the settings that lead there."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield {"DRAGOMAN_SMTP_URL": f"smtp://127.0.0.1:{server.server_address[1]}"}
        finally:
            server.shutdown()
