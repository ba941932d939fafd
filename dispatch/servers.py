"""Where other servers are, as settings write it."""

import re
from urllib.parse import SplitResult, urlsplit


def parts_of(address: str, right: str) -> SplitResult:
    """Return an address in its parts; raises `ValueError` with the right form where it has none.

    What was written is not repeated: of a password with a bare `/` or `@` it would show a piece.
    """
    try:
        parts = urlsplit(address)
        if parts.port == 0:
            raise ValueError(parts.port)
    except ValueError as wrong:
        raise ValueError(f"host or port are none, a port is 1 to 65535; {right}") from wrong
    return parts


def routing_of(value: str | None) -> dict[str, str]:
    """Read `http://host:8002` or `car=http://host:5000 bicycle=http://host:5001`."""
    found: dict[str, str] = {}
    for part in (value or "").split():
        name, equals, address = part.partition("=")
        if not equals or "/" in name:
            name, address = "", part
        if name in found:
            raise ValueError(f"{name or 'an address without a name'} stands there twice")
        found[name] = address.rstrip("/")
    return found


def networks_of(value: object) -> object:
    """Return the networks of a text, with commas between them or as a list in JSON."""
    return re.findall(r"[^\s,\[\]\"']+", value) if isinstance(value, str) else value
