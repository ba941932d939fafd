"""A mail server and a Twilio on this machine that answer as a test tells them to."""

import json
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO
from urllib.parse import parse_qsl

CUT = None
DRIP = "drip"
"""Answer one character after the other, each long before any timeout, and never come to an end."""
DRIP_SECONDS = 0.05
TAKEN = (201, {}, {"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued"})  # type: ignore[var-annotated]
Answer = tuple[int, dict[str, str], dict[str, object] | str]


def drip(out: BinaryIO) -> None:
    """Write until the other side hangs up."""
    with suppress(OSError):
        while True:
            out.write(b"2")
            out.flush()
            time.sleep(DRIP_SECONDS)


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP (RFC 5321); `answers` replaces what it says to a command, CUT hangs up.

    The end of a mail is called "." here. `encryption` is for STARTTLS.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SmtpConversation)
        self.port: int = self.server_address[1]
        self.answers: dict[str, str | None] = {}
        self.heard: list[str] = []
        self.mails: list[bytes] = []
        self.encryption: ssl.SSLContext | None = None


class _SmtpConversation(socketserver.StreamRequestHandler):
    server: MailServer
    usual = {
        "EHLO": "250 ready",
        "STARTTLS": "220 go on",
        "DATA": "354 go on",
        "QUIT": "221 bye",
        ".": "250 taken as 42",
    }

    def handle(self) -> None:
        self.say("220 ready")
        self.listen()

    def listen(self) -> None:
        while line := self.rfile.readline().decode().strip():
            self.server.heard.append(line)
            answer = self.answer(line.split()[0].upper())
            if answer and answer.startswith("354"):
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                answer = self.answer(".")
            if answer is CUT:
                return
            if line == "STARTTLS" and self.server.encryption:
                with suppress(OSError):  # whoever does not trust the certificate hangs up
                    self.go_on_in_secret(self.server.encryption)
                return

    def go_on_in_secret(self, context: ssl.SSLContext) -> None:
        with (
            context.wrap_socket(self.connection, server_side=True) as self.connection,
            self.connection.makefile("rb") as self.rfile,
            self.connection.makefile("wb", 0) as self.wfile,
        ):
            self.listen()

    def answer(self, command: str) -> str | None:
        text = self.server.answers.get(command, self.usual.get(command, "250 fine"))
        if text == DRIP:
            drip(self.wfile)  # type: ignore[arg-type]
            return CUT
        if text is not CUT:
            self.say(text)
        return text

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Twilio(ThreadingHTTPServer):
    """Takes messages at Twilio's address; answers with `answers` in turn, then with TAKEN."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _TwilioRequest)
        self.answers: list[Answer | str | None] = []
        self.forms: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def refuse(self, status: int, code: int, **headers: str) -> None:
        """Answer the next message with one of Twilio's errors."""
        body: dict[str, object] = {"code": code, "message": "refused", "status": status}
        self.answers.append((status, headers, body))


class _TwilioRequest(BaseHTTPRequestHandler):
    server: Twilio

    def do_POST(self) -> None:
        octets = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.forms.append(dict(parse_qsl(octets.decode())))
        answer = self.server.answers.pop(0) if self.server.answers else TAKEN
        if answer is CUT:
            self.close_connection = True
            return
        if answer == DRIP:
            drip(self.wfile)  # type: ignore[arg-type]
            return
        status, headers, content = answer  # type: ignore[str-unpack]
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)  # type: ignore[arg-type]
        for name, value in {**headers, "Content-Length": str(len(body))}.items():  # type: ignore[dict-item]
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep the test's output free of requests."""


@contextmanager
def listening(server: socketserver.BaseServer) -> Iterator[None]:
    """Have the server answer until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
