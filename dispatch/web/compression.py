"""Large pages are compressed on the way."""

import gzip

from flask import Response, make_response, request

OWN = frozenset({"same-origin", "none"})


def compressed(page: str) -> Response:
    """Return a page, compressed where the reader can read that and came by themselves.

    A page holds a secret, the token of its forms. Nobody may make a reader's browser ask for it
    with words of their choice and learn the secret from how well both compress together (BREACH):
    what another site asks for, or who cannot say, is sent as it is.
    """
    response = make_response(page)
    response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
    if request.accept_encodings["gzip"] and request.headers.get("Sec-Fetch-Site") in OWN:
        response.set_data(gzip.compress(response.get_data(), compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
    return response
