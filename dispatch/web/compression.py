"""Pages are compressed on the way."""

import gzip

from flask import Flask, Response, request

OWN = frozenset({"same-origin", "none"})
LEAST_OCTETS = 1_000
"""Below this there is nothing to gain: it is one packet either way."""


def register(app: Flask) -> None:
    """Compress pages where the reader can read that and came by themselves.

    A page holds a secret, the token of its forms. Nobody may make a reader's browser ask for it
    with words of their choice and learn the secret from how well both compress together (BREACH):
    what another site asks for, or who cannot say, is sent as it is.
    """
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype != "text/html" or response.direct_passthrough:
        return response
    response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
    came_alone = request.headers.get("Sec-Fetch-Site") in OWN
    page = response.get_data()
    if came_alone and request.accept_encodings["gzip"] and len(page) > LEAST_OCTETS:
        response.set_data(gzip.compress(page, compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
    return response
