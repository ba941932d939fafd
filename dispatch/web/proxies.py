"""Who may say on whose behalf a request comes: the proxies named in the settings, nobody else."""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WITH_PORT = re.compile(r"\[([^]]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+")
"""As some proxies write an address: with the port it came from, which says nothing of who."""
SCHEMES = frozenset({"http", "https"})


class TrustedProxies:
    """Takes X-Forwarded-For and -Proto from the networks given and ignores them from all others.

    Each proxy writes down at the end who asked it. So it is read from the end, as long as the one
    who wrote is a proxy of the networks: whatever somebody sent along themselves stands before.
    """

    def __init__(
        self, application: "WSGIApplication", networks: Sequence[IPv4Network | IPv6Network]
    ) -> None:
        self._application = application
        self._networks = networks

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer the request."""
        caller = _address(environ.get("REMOTE_ADDR", ""))
        if self._trusts(caller):
            for text in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
                before = _address(text.strip())
                if before is None:
                    break
                environ["REMOTE_ADDR"] = str(before)
                if not self._trusts(before):
                    break
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()
            if scheme in SCHEMES:
                environ["wsgi.url_scheme"] = scheme
        return self._application(environ, start_response)

    def _trusts(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that is written there; None for what is none.

    A socket of the machine itself has none. IPv4 within IPv6 (RFC 4291, 2.5.5.2) is IPv4.
    """
    found = WITH_PORT.fullmatch(text)
    try:
        address = ip_address((found[1] or found[2]) if found else text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
