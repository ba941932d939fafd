"""The mailbox that answers come to, by IMAP: what is new in it, each mail within limits.

Nothing in the mailbox is changed: it is opened to be read only, and no flag is set.
"""

import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from dispatch.inbound.idling import forget_announced, hears
from dispatch.messaging.encryption import LOOPBACK, encryption

LARGEST_OCTETS: Final = 2 * 1024 * 1024
"""Of a larger mail only the headers are read."""
HEADER_OCTETS: Final = 64 * 1024
CONNECT_SECONDS: Final = 15.0
READ_SECONDS: Final = 60.0
SIZES_AT_ONCE: Final = 500


class MailboxAway(Exception):
    """The mailbox cannot be read; `code` says why (`words.py`), `detail` the server's own words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Fetched:
    """One mail of the mailbox; of one that is too large `octets` are its headers only."""

    uid: int
    octets: bytes
    is_whole: bool


@dataclass(frozen=True)
class Mailbox:
    """An open mailbox: its name without the password, and what makes its UIDs valid (RFC 9051)."""

    name: str
    uid_validity: int
    _client: Any

    def uids_after(self, uid: int) -> list[int]:
        """Return the UIDs above one, in order."""
        # "n:*" names the last mail even where its number is below n (RFC 9051, 6.4.8)
        return sorted(one for one in self._client.search(["UID", f"{uid + 1}:*"]) if one > uid)

    def uids_since(self, day: date) -> list[int]:
        """Return the UIDs of what arrived on a day or later, in order."""
        return sorted(self._client.search(["SINCE", day]))

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Yield the mails one by one; what was deleted meanwhile is left out."""
        for first in range(0, len(uids), SIZES_AT_ONCE):
            some = uids[first : first + SIZES_AT_ONCE]
            sizes = self._client.fetch(some, ["RFC822.SIZE"])
            for uid in some:
                if uid in sizes:
                    yield from self._one(uid, int(sizes[uid][b"RFC822.SIZE"]))

    def _one(self, uid: int, size: int) -> Iterator[Fetched]:
        is_whole = size <= LARGEST_OCTETS
        # Never more than that, whatever size the server gave.
        wanted = f"BODY.PEEK[]<0.{LARGEST_OCTETS}>" if is_whole else "BODY.PEEK[HEADER]"
        if not is_whole:
            wanted += f"<0.{HEADER_OCTETS}>"
        found = self._client.fetch([uid], [wanted]).get(uid, {})
        for name, octets in found.items():
            if name.startswith(b"BODY[") and isinstance(octets, bytes):
                yield Fetched(uid, octets, is_whole)

    @property
    def can_listen(self) -> bool:
        """Whether the server tells what arrives (IDLE, RFC 2177)."""
        return bool(self._client.has_capability("IDLE"))

    def listen(self, seconds: int, is_over: Callable[[], bool]) -> bool:
        """Wait until something may have arrived; tell whether it is worth to look.

        It is at once where mail was announced while one was reading. Returns at once where the
        server cannot tell, and within a second when `is_over`.
        """
        if not self.can_listen:
            return False
        if forget_announced(self._client):
            return True
        is_told = hears(self._client, seconds, is_over)
        return forget_announced(self._client) or is_told


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """Open `imaps://user:password@host/folder`, or `imap://` with STARTTLS; INBOX without a folder.

    A server elsewhere that offers no encryption gets no password. Raises `MailboxAway`, whenever
    the connection breaks.
    """
    try:
        client = _logged_in(url)
    except LoginError as refused:
        raise MailboxAway("login-refused", _words(refused, url)) from None
    except (ssl.SSLError, NotEncrypted) as plain:
        raise MailboxAway("not-encrypted", _words(plain, url)) from None
    except (OSError, IMAPClientError) as away:
        raise MailboxAway("server-away", _words(away, url)) from None
    try:
        yield _selected(client, url)
    except (OSError, IMAPClientError) as broken:
        raise MailboxAway("connection-broke", _words(broken, url)) from None
    finally:
        _say_goodbye(client)


def _say_goodbye(client: Any) -> None:
    try:
        client.logout()
    except (OSError, IMAPClientError):  # it broke before; the socket is still ours to close
        with suppress(OSError):
            client.shutdown()


class NotEncrypted(Exception):
    """The server offers no encryption."""


def name_of(url: str) -> str:
    """Return how a mailbox is called in any language, without the password."""
    parts = urlsplit(url)
    return f"{unquote(parts.username or '')}, {parts.hostname}, {folder_of(url)}"


def folder_of(url: str) -> str:
    """Return the folder of the mailbox."""
    return unquote(urlsplit(url).path.strip("/")) or "INBOX"


def _logged_in(url: str) -> Any:
    parts = urlsplit(url)
    is_tls = parts.scheme == "imaps"
    host = parts.hostname or ""
    context = encryption(is_here=host in LOOPBACK)
    client = IMAPClient(
        host,
        port=parts.port or (993 if is_tls else 143),
        ssl=is_tls,
        ssl_context=context if is_tls else None,
        timeout=SocketTimeout(CONNECT_SECONDS, READ_SECONDS),
    )
    try:
        if not is_tls and client.has_capability("STARTTLS"):
            client.starttls(context)
        elif not is_tls and host not in LOOPBACK:
            raise NotEncrypted("the server offers no STARTTLS")
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
    except BaseException:
        with suppress(OSError, IMAPClientError):
            client.shutdown()
        raise
    return client


def _selected(client: Any, url: str) -> Mailbox:
    folder = folder_of(url)
    try:
        answer = client.select_folder(folder, readonly=True)
    except IMAPClientError as missing:
        if not client.folder_exists(folder):
            raise MailboxAway("folder-missing", folder) from None
        raise MailboxAway("connection-broke", _words(missing, url)) from None
    forget_announced(client)  # that is how many there were already
    return Mailbox(name_of(url), int(answer[b"UIDVALIDITY"]), client)


def _words(failure: Exception, url: str) -> str:
    """Return a failure in a line, without the password, whoever quotes it."""
    text = " ".join(str(failure).split())[:200]
    password = unquote(urlsplit(url).password or "")
    return text.replace(password, "…") if password else text
