"""How a connection to a mail server is encrypted, and whom one believes."""

import ssl
from functools import cache
from typing import Final

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@cache
def encryption(*, is_here: bool) -> ssl.SSLContext:
    """Return how to encrypt: whom nobody vouches for is believed on this machine alone.

    A mail server is installed with a certificate it has made itself, for a name that is not
    localhost; on this machine nobody stands between it and us. Kept, because reading all the
    world's authorities costs more than handing over a mail.
    """
    context = ssl.create_default_context()
    if is_here:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
