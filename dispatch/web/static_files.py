"""Static files: compressed, and kept by browsers for a year under a fingerprint in the address."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

COMPRESSED = frozenset({".css", ".js", ".svg"})
A_YEAR_SECONDS = 365 * 24 * 60 * 60


def address_of(folder: Path) -> str:
    """Return the address the folder is served at; it changes with every change of a file.

    One fingerprint for all of them, so that what a style sheet names by a relative address, its
    fonts, is found under the same one.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return f"/static/{digest.hexdigest()[:16]}"


def register(app: Flask) -> None:
    """Send static files compressed to those who can read that, and for a year."""

    @app.after_request
    def keep_and_compress(response: Response) -> Response:
        if request.endpoint != "static" or response.status_code not in {200, 304}:
            return response
        response.cache_control.max_age = A_YEAR_SECONDS
        response.cache_control.public = response.cache_control.immutable = True
        response.cache_control.no_cache = None
        path = Path(app.static_folder or "", (request.view_args or {})["filename"])
        if path.suffix in COMPRESSED:
            response.vary.add("Accept-Encoding")
            if response.status_code == 200 and request.accept_encodings["gzip"]:
                _compress(response, path)
        return response


def _compress(response: Response, path: Path) -> None:
    response.close()  # the file as it lies there, which is not sent
    response.direct_passthrough = False
    response.set_data(_compressed(path))
    response.content_encoding = "gzip"
    response.headers.pop("ETag", None)  # it names the file as it lies there


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
