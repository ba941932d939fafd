"""What an address may hold, and where a redirect may lead: only to pages of our own."""

from typing import Any
from urllib.parse import urlsplit

from werkzeug.routing import IntegerConverter, Map

HIGHEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """The id of a row; a number no row can have is an address that does not exist."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002 - Werkzeug's
        super().__init__(map, *args, **{"max": HIGHEST_ID, **kwargs})


def local_target(wanted: str | None) -> str:
    """Return `wanted` if it is a path of this application, else the start page."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    if any(ord(character) < 32 for character in wanted):
        return "/"  # some of them are left out when an address is read: a tab makes / / into //
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc else wanted
