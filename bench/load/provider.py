"""Servers of others: mail takes 100 ms each, as with real ones; SMS are taken at once."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
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


TOKEN = "a-token-for-measuring"
_numbers = count(1)


class _Twilio(BaseHTTPRequestHandler):
    """Answers as Twilio does to a message that it takes."""

    def do_POST(self) -> None:
        """Take an SMS and give it a SID."""
        self.rfile.read(int(self.headers["Content-Length"]))
        text = json.dumps({"sid": f"SM{next(_numbers):032x}", "status": "queued"}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def sms_server() -> Iterator[dict[str, str]]:
    """Answer while the block lasts; yields the settings that lead there."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Twilio) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield {
                "DRAGOMAN_TWILIO_BASE_URL": f"http://127.0.0.1:{server.server_address[1]}",
                "DRAGOMAN_TWILIO_ACCOUNT_SID": f"AC{0:032x}",
                "DRAGOMAN_TWILIO_AUTH_TOKEN": TOKEN,
                "DRAGOMAN_TWILIO_FROM": "+4915200000000",
            }
        finally:
            server.shutdown()
