"""Fetching a calendar from an address a stranger wrote: only from public ones, within limits.

The name is resolved once and the connection made to that very address; each redirect is looked at
like the first address. Nothing that answers is told apart to whoever gave the address: an inner
machine that answers, one that refuses and one that is not there look the same.
"""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from dispatch.busy.rules import LARGEST_OCTETS, Unreadable

TIMEOUT_SECONDS: Final = 5.0
MOST_REDIRECTS: Final = 3
PIECE: Final = 64 * 1024
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PORTS: Final = {"http": 80, "https": 443}
GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is given out to be reached by everybody (RFC 4291, 2.4; the registry of IANA).

Outside lie, beside loopback and local ones, all but two that stand for an IPv4 address: ::/96,
::ffff:0:0:0/96 (RFC 2765), 64:ff9b::/96 and 64:ff9b:1::/48 (RFC 6052, 8215).
"""
INSIDE_BUT_NOT: Final = tuple(map(ipaddress.IPv6Network, ("2002::/16", "2001::/32", "3fff::/20")))
"""Two that stand for an IPv4 address (RFC 3056, 4380), and one for documents (RFC 9637)."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Fetched:
    """A calendar as it was sent, with what makes the next question conditional."""

    octets: bytes
    etag: str
    modified: str


def fetch(
    address: str, etag: str = "", modified: str = "", allowed: tuple[Network, ...] = ()
) -> Fetched | None:
    """Return the calendar at an address, None if it is as it was. Raises `Unreadable`.

    `allowed` are networks that may be asked although they are not public.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {name: value for name, value in conditions.items() if value}
    for _hop in range(MOST_REDIRECTS + 1):
        answer = _get(address, headers, allowed)
        try:
            if answer.status == 304:
                return None
            if answer.status in REDIRECTS:
                address = urljoin(address, answer.headers.get("Location", ""))
                continue
            if answer.status != 200:
                raise Unreadable("not-given" if answer.status in {401, 403, 404, 410} else "away")
            return Fetched(
                _within_limits(answer),
                answer.headers.get("ETag", "")[:200],
                answer.headers.get("Last-Modified", "")[:200],
            )
        except HTTPError:
            raise Unreadable("away") from None
        finally:
            answer.close()
    raise Unreadable("away")


def _get(
    address: str, headers: dict[str, str], allowed: tuple[Network, ...]
) -> urllib3.BaseHTTPResponse:
    parts = urlsplit(address)
    host, scheme = parts.hostname or "", parts.scheme
    if scheme not in PORTS or not host:
        raise Unreadable("away")
    port = parts.port or PORTS[scheme]
    there = public_address(host, port, allowed)
    timeout = urllib3.Timeout(TIMEOUT_SECONDS)
    pool = (
        urllib3.HTTPSConnectionPool(
            there, port, timeout=timeout, server_hostname=host, assert_hostname=host
        )
        if scheme == "https"
        else urllib3.HTTPConnectionPool(there, port, timeout=timeout)
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = host if port == PORTS[scheme] else f"{host}:{port}"
    try:
        return pool.urlopen(
            "GET",
            target,
            headers={"Host": named, "Accept": "text/calendar", "User-Agent": "Dragoman", **headers},
            retries=False,
            redirect=False,
            preload_content=False,
        )
    except (HTTPError, OSError, ValueError):
        raise Unreadable("away") from None


def public_address(host: str, port: int, allowed: tuple[Network, ...]) -> str:
    """Return the one address to connect to; refuse a name that leads to any inner one."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise Unreadable("away") from None
    addresses = [ipaddress.ip_address(str(one).partition("%")[0]) for one in sorted(found, key=str)]
    if not addresses or not all(_may_be_asked(one, allowed) for one in addresses):
        raise Unreadable("away")
    return str(addresses[0])


def _may_be_asked(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, allowed: tuple[Network, ...]
) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in one for one in allowed if one.version == address.version):
        return True
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in GLOBAL_UNICAST or any(address in one for one in INSIDE_BUT_NOT)
    ):
        return False  # `is_global` alone takes for public whatever it has no entry for
    return address.is_global and not address.is_multicast


def _within_limits(answer: urllib3.BaseHTTPResponse) -> bytes:
    found = b""
    for piece in answer.stream(PIECE, decode_content=True):
        found += piece
        if len(found) > LARGEST_OCTETS:
            raise Unreadable("too-large")
    return found
