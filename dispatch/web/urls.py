"""What an address may hold, how pages write theirs, and where a redirect may lead."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request, url_for
from werkzeug.routing import IntegerConverter, Map

HIGHEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """The id of a row; a number no row can have is an address that does not exist."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002 - Werkzeug's
        super().__init__(map, *args, **{"max": HIGHEST_ID, **kwargs})


def register(app: Flask) -> None:
    """Have templates write addresses by it."""
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: Any) -> str:
    """Return the address of a page, put together once for the same page and values.

    A page names some fifty addresses, and most are on every page. What depends on more than
    endpoint, values and where the application lies is asked of Flask.
    """
    if endpoint.startswith(".") or any(name.startswith("_") for name in values):
        return url_for(endpoint, **values)
    try:
        given = tuple((name, type(value), value) for name, value in values.items())
        return _address(request.script_root, endpoint, given)
    except TypeError:  # a list of values
        return url_for(endpoint, **values)


@lru_cache(maxsize=4_000)
def _address(_root: str, endpoint: str, given: tuple[tuple[str, type, Any], ...]) -> str:
    return url_for(endpoint, **{name: value for name, _type, value in given})


def local_target(wanted: str | None) -> str:
    """Return `wanted` if it is a path of this application, else the start page."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    if any(ord(character) < 32 for character in wanted):
        return "/"  # some of them are left out when an address is read: a tab makes / / into //
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc else wanted
