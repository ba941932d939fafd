"""A mail server and a Twilio that take 100 ms for each message, and fail as they are told to."""

import json
import re
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep, time
from urllib.parse import parse_qsl

from bench.burst.faults import BUSY_SECONDS, Carriers, Fault

TAKES_SECONDS = 0.1
HANGS_SECONDS = 60.0
SLOW_SECONDS = 4.0
HTML = "<html><body>Welcome to the hotel's network</body></html>"
MAIL_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.IGNORECASE | re.MULTILINE)
MESSAGE = re.compile(r"/(\d+)(?:/|$)")


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, carriers: Carriers) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.carriers = carriers

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing of a client that was killed."""


class _Conversation(socketserver.StreamRequestHandler):
    """Speaks as much SMTP (RFC 5321) as is needed to take mails."""

    server: _MailServer

    def handle(self) -> None:
        """Take what comes until the other side hangs up, or a fault ends it."""
        self._began_at, self._recipient, self._fault = time(), "", Fault.NONE
        steps = {"EHLO": self._greet, "MAIL": self._begin, "RCPT": self._name, "DATA": self._take}
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            command = line.split()[0].upper()
            if command not in steps:
                self._say("221 bye" if command == "QUIT" else "250 fine")
            elif not steps[command](line):
                return

    def _greet(self, _line: str) -> bool:
        self._say("250 ready")
        return True

    def _begin(self, _line: str) -> bool:
        self._began_at = time()
        waits = self.server.carriers.asks_to_wait("mail")
        self._say("421 busy, come back later" if waits else "250 fine")
        return not waits

    def _name(self, line: str) -> bool:
        self._recipient = line.partition("<")[2].rstrip(">")
        self._fault = self.server.carriers.fault_of(self._recipient)
        if self._fault is Fault.HANG:
            sleep(HANGS_SECONDS)
            return False
        if self._fault is Fault.RESET:
            _reset(self.connection)
            return False
        self._say("451 try again" if self._fault is Fault.ERROR else "250 fine")
        return True

    def _take(self, _line: str) -> bool:
        self._say("354 go on")
        octets = b"".join(iter(self.rfile.readline, b".\r\n"))
        found = MAIL_ID.search(octets)
        sleep(SLOW_SECONDS if self._fault is Fault.SLOW else TAKES_SECONDS)
        key = found[1].decode() if found else ""
        self.server.carriers.take(self._recipient, key, self._began_at)
        if self._fault is Fault.CUT:
            return False
        self._say(HTML if self._fault is Fault.HTML else "250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Twilio(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, carriers: Carriers) -> None:
        super().__init__(("127.0.0.1", 0), _TwilioCall)
        self.carriers = carriers
        self.numbers = iter(range(1, 10**9))

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing of a client that was killed."""


class _TwilioCall(BaseHTTPRequestHandler):
    server: _Twilio
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take an SMS, or do to it what was drawn."""
        began_at = time()
        octets = self.rfile.read(int(self.headers["Content-Length"]))
        form = dict(parse_qsl(octets.decode()))
        number = MESSAGE.search(form["StatusCallback"].partition("://")[2])
        key = number[1] if number else ""
        if self.server.carriers.asks_to_wait("sms", key):
            headers = {"Retry-After": f"{BUSY_SECONDS:.0f}"}
            self._answer(429, {"code": 20429, "message": "slow down"}, headers)
            return
        fault = self.server.carriers.fault_of(form["To"])
        if fault is Fault.ERROR:
            self._answer(500, {"code": 20500, "message": "trouble"})
        elif fault in {Fault.HANG, Fault.RESET}:
            sleep(HANGS_SECONDS if fault is Fault.HANG else 0)
            _reset(self.connection)
        else:
            self._take(form["To"], key, fault, began_at)

    def _take(self, recipient: str, key: str, fault: Fault, began_at: float) -> None:
        sleep(SLOW_SECONDS if fault is Fault.SLOW else TAKES_SECONDS)
        self.server.carriers.take(recipient, key, began_at)
        if fault is Fault.CUT:
            _reset(self.connection)
        elif fault is Fault.HTML:
            self._answer(200, HTML)
        else:
            sid = f"SM{next(self.server.numbers):032x}"
            self._answer(201, {"sid": sid, "status": "queued"})

    def _answer(
        self, status: int, content: dict[str, object] | str, headers: dict[str, str] | None = None
    ) -> None:
        text = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _reset(connection: socket.socket) -> None:
    """Cut the connection so that the other side finds it reset, not closed."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


@contextmanager
def listening(carriers: Carriers) -> Iterator[dict[str, str]]:
    """Answer while the block lasts; yields the settings that lead to both."""
    with _MailServer(carriers) as mail, _Twilio(carriers) as sms:
        for server in (mail, sms):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield {
                "DRAGOMAN_SMTP_URL": f"smtp://127.0.0.1:{mail.server_address[1]}",
                "DRAGOMAN_TWILIO_BASE_URL": f"http://127.0.0.1:{sms.server_address[1]}",
                "DRAGOMAN_TWILIO_ACCOUNT_SID": f"AC{0:032x}",
                "DRAGOMAN_TWILIO_AUTH_TOKEN": "a-token-for-measuring",
                "DRAGOMAN_TWILIO_FROM": "+4915200000000",
            }
        finally:
            mail.shutdown()
            sms.shutdown()
