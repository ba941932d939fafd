"""Calling an SMS provider over HTTP: a limit on the whole conversation, and whether it began."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from requests import ConnectionError as NoConnection
from requests import ConnectTimeout, RequestException, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError, SSLError
from urllib3.util.ssl_ import create_urllib3_context

from dispatch.messaging.patience import hang_up_after

TIMEOUT_SECONDS = 10.0
TOTAL_SECONDS = 30.0


@contextmanager
def session() -> Iterator[Session]:
    """Yield a session whose conversations are cut after a total time."""
    with Session() as own:
        own.mount("https://", _ImpatientAdapter())
        own.mount("http://", _ImpatientAdapter())
        yield own


def never_connected(broken: RequestException) -> bool:
    """Tell whether nothing can have been taken, because the call never got through.

    Encryption can fail after the other side has read everything, so what matters is not that it
    did but whether the connection had been made by then.
    """
    if isinstance(broken, (ConnectTimeout, InvalidSchema, InvalidURL, MissingSchema)):
        return True
    cause = broken.args[0] if isinstance(broken, NoConnection) and broken.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(reason, (NewConnectionError, _NotEncrypted))


def seconds_asked(headers: Any) -> float:
    """Return how long the other side asks us to wait (Retry-After in seconds); 0 for not at all."""
    wait = str((headers or {}).get("Retry-After", ""))
    return float(wait) if wait.isascii() and wait.isdigit() else 0


@cache
def _believing(authorities: str) -> ssl.SSLContext:
    """Return an encryption that believes the authorities in a file.

    Kept: reading all the world's authorities costs ten times as much as the call itself.
    """
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_verify_locations(authorities)
    return context


class _NotEncrypted(SSLError):
    """The other side and we could not agree on encryption, before anything was said."""


class _Impatient(HTTPConnection):
    """A connection that is cut after a total time, however steadily its answer drips."""

    _watch: threading.Timer | None = None

    def connect(self) -> None:
        super().connect()
        self._watch = hang_up_after(TOTAL_SECONDS, self.sock)

    def close(self) -> None:
        if self._watch:
            self._watch.cancel()
        super().close()


class _ImpatientEncrypted(_Impatient, HTTPSConnection):
    """The same, encrypted."""

    def connect(self) -> None:
        if self.ca_certs and not self.ca_cert_data:
            self.ssl_context, self.ca_certs = _believing(self.ca_certs), None
        try:
            super().connect()
        except (ssl.SSLError, SSLError) as failure:
            raise _NotEncrypted(failure) from failure


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Impatient


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _ImpatientEncrypted


class _ImpatientAdapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _EncryptedPool}
