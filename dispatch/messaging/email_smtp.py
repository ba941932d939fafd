"""Mail by SMTP, encrypted, with a limit on every wait and on all of them together."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from dispatch.messaging.encryption import LOOPBACK, encryption
from dispatch.messaging.mime import WrittenMail
from dispatch.messaging.patience import hang_up_after
from dispatch.messaging.rules import TransportError

CONNECT_SECONDS = 30.0
COMMAND_SECONDS = (30.0, 60.0, 120.0, 300.0)
"""How long an answer is waited for, try by try, in the end as RFC 5321, 4.5.3.2.1 to 4.5.3.2.5
want it; until the text is handed over nothing is risked by coming back later, and whoever hangs
holds up others."""
AFTER_DATA_SECONDS = 600.0  # RFC 5321, 4.5.3.2.6: less, and what was taken is sent twice
TOTAL_SECONDS = 900.0
GOODBYE_SECONDS = 5.0
CLOSING = 421  # the server is going away or full, whatever we have for it
TOO_WEAK = frozenset({530, 534, 535, 538})  # RFC 4954, 6: it wants to know us, or better


@contextmanager
def keeping_connection() -> Iterator[None]:
    """Have mails that are handed over in here, one after the other, share a conversation.

    To connect, encrypt and sign in takes longer than the mail. It is over with the block, so none
    lies idle, and after any failure, so none goes on from a state nobody knows.
    """
    kept = _Kept()
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)
        if kept.server is not None:
            _say_goodbye(kept.server)


def send_by_smtp(url: str, mail: WrittenMail, tries: int = 1) -> str:
    """Hand a mail to `smtp://` (STARTTLS) or `smtps://`; return what the server called it.

    A server elsewhere that offers no encryption gets nothing. Raises `TransportError`: permanent
    for 5xx, an outage when the server cannot be used at all, unknown when nobody knows whether it
    took the mail. Anything unexpected before the text was handed over has handed over nothing.
    `tries`: the more often it was tried, the longer each answer is waited for.
    """
    kept = _kept.get() or _Kept()
    server, kept.server, url_before, kept.url = kept.server, None, kept.url, url
    if server is not None and (url_before != url or not _is_ready(server)):
        server.close()
        server = None
    if server is None:
        server = _connected(url, mail.sender.rpartition("@")[2], _patience(tries))
    try:
        reference = _converse(server, mail, _patience(tries))
    except BaseException:
        _say_goodbye(server)
        raise
    if _kept.get() is None:
        _say_goodbye(server)
    else:
        kept.server = server
    return reference


@dataclass
class _Kept:
    """A conversation that can go on, and with whom."""

    server: "_Server | None" = None
    url: str = ""


_kept: ContextVar[_Kept | None] = ContextVar("kept_connection", default=None)


def _is_ready(server: "_Server") -> bool:
    """Tell whether a server we talked to before goes on; asked before anything is handed over."""
    try:
        server.listen_anew(COMMAND_SECONDS[0])
        return 200 <= server.rset()[0] < 300
    except (smtplib.SMTPException, OSError):
        return False


def _patience(tries: int) -> float:
    """Return the seconds an answer is waited for before the text is handed over."""
    return COMMAND_SECONDS[min(max(tries, 1), len(COMMAND_SECONDS)) - 1]


def _converse(server: "_Server", mail: WrittenMail, patience: float) -> str:
    server.listen_anew(patience)
    try:
        _expect(server.mail(mail.sender), "sender-refused")
        _expect(server.rcpt(mail.recipient), "recipient-refused")
        _expect(server.docmd("DATA"), "mail-refused", going_on=True)
        if server.sock:
            server.sock.settimeout(AFTER_DATA_SECONDS)
        return _hand_over(server, mail.octets)
    except (smtplib.SMTPException, OSError) as broken:
        raise TransportError("connection-broke", _why(broken)) from broken


def _hand_over(server: smtplib.SMTP, octets: bytes) -> str:
    """Send the text and its final dot; from here on what goes wrong leaves a doubt."""
    try:
        server.send(_stuffed(octets))
        code, answer = server.getreply()
    except Exception as broken:
        raise TransportError("no-answer", str(broken), unknown=True) from broken
    if not 200 <= code < 600 or 300 <= code < 400:
        raise TransportError("answer-unreadable", _words(answer), unknown=True)
    _expect((code, answer), "mail-refused")
    return _words(answer)


def _say_goodbye(server: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        if server.sock:
            server.sock.settimeout(GOODBYE_SECONDS)
            server.quit()
    server.close()


def _stuffed(octets: bytes) -> bytes:
    """Return the text as DATA carries it: dots doubled, then a dot alone (RFC 5321, 4.5.2)."""
    lines = octets.replace(b"\r\n.", b"\r\n..")
    stuffed = b"." + lines if lines.startswith(b".") else lines
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _expect(answered: tuple[int, bytes], refusal: str, *, going_on: bool = False) -> None:
    code, answer = answered
    if code == 354 if going_on else 200 <= code < 300:
        return
    words = f"{code} {_words(answer)}"
    if code == CLOSING:
        raise TransportError("server-busy", words, outage=True)
    if code in TOO_WEAK:
        raise TransportError("login-refused", words, outage=True)
    raise TransportError(refusal, words, permanent=500 <= code < 600)


def _words(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:200]


def _why(broken: Exception) -> str:
    """Return what went wrong: the server's own answer, where it gave one."""
    if isinstance(broken, smtplib.SMTPResponseException):
        return f"{broken.smtp_code} {_words(broken.smtp_error)}"
    return str(broken)


def _connected(url: str, own_name: str, patience: float) -> "_Server":
    """Return a server that has greeted, is encrypted and knows us; all else is an outage."""
    try:
        server = _connect(url, own_name, patience)
    except smtplib.SMTPAuthenticationError as refused:
        raise TransportError("login-refused", _why(refused), outage=True) from refused
    except (ssl.SSLError, smtplib.SMTPNotSupportedError) as plain:
        raise TransportError("not-encrypted", str(plain), outage=True) from plain
    except (smtplib.SMTPException, OSError, ValueError) as away:
        raise TransportError("server-away", _why(away), outage=True) from away
    return server


def _connect(url: str, own_name: str, patience: float) -> "_Server":
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = encryption(is_here=host in LOOPBACK)
    server: _Server
    if parts.scheme == "smtps":
        server = _EncryptedServer(host, parts.port or 465, own_name, context=context)
    else:
        server = _Server(host, parts.port or 587, own_name)
    server.listen_anew(patience)
    try:
        _greet(server)
        if parts.scheme != "smtps" and (server.has_extn("starttls") or host not in LOOPBACK):
            _encrypt(server, context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _greet(server: smtplib.SMTP) -> None:
    code, answer = server.ehlo()
    if not 200 <= code < 300:
        code, answer = server.helo()  # RFC 5321, 3.2
    if not 200 <= code < 300:
        raise smtplib.SMTPHeloError(code, _words(answer))


def _encrypt(server: smtplib.SMTP, context: ssl.SSLContext) -> None:
    try:
        server.starttls(context=context)
    except smtplib.SMTPResponseException as refused:
        raise smtplib.SMTPNotSupportedError(_why(refused)) from refused


class _WholeLines:
    """Lines from a server; the beginning of one ("250 take") would read as an answer."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner

    def readline(self, most: int) -> bytes:
        line = self._inner.readline(most)
        if line and not line.endswith(b"\n"):
            raise OSError("the answer broke off")
        return line

    def close(self) -> None:
        self._inner.close()


class _Server(smtplib.SMTP):
    """A conversation that is given up after a total time, however steadily answers drip."""

    _watch: threading.Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        connection: socket.socket = super()._get_socket(host, port, CONNECT_SECONDS)  # type: ignore[misc]
        connection.settimeout(COMMAND_SECONDS[0])
        self._watch_over(connection)
        return connection

    def listen_anew(self, patience: float) -> None:
        """Wait so long for each answer, and for all of them no longer than for a whole mail."""
        if self.sock:
            self.sock.settimeout(patience)
            self._watch_over(self.sock)

    def _watch_over(self, connection: socket.socket) -> None:
        if self._watch:
            self._watch.cancel()
        self._watch = hang_up_after(TOTAL_SECONDS, connection)

    def starttls(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Encrypt; the socket is another one afterwards, and has to be watched anew."""
        answered = super().starttls(*arguments, **options)
        if self.sock:
            self._watch_over(self.sock)
        return answered

    def getreply(self) -> tuple[int, bytes]:
        """Return a whole answer: one that breaks off in the middle of a line is none."""
        if self.file is None and self.sock:
            self.file = _WholeLines(self.sock.makefile("rb"))
        return super().getreply()

    def close(self) -> None:
        """Hang up, and stop watching."""
        if self._watch:
            self._watch.cancel()
        super().close()


class _EncryptedServer(_Server, smtplib.SMTP_SSL):
    """The same from the first octet on (RFC 8314)."""
