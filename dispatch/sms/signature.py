"""Whether a request really comes from the SMS provider.

Twilio signs the address it was given and everything it sends ("Webhooks security" in its
documentation), seven also when it did ("Signing of requests",
https://docs.seven.io/en/rest-api/signing). The address is the one of our settings, never what the
request says of itself.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from twilio.request_validator import RequestValidator

from dispatch.settings import Settings


def is_genuine(settings: Settings, path: str, form: Mapping[str, str], signature: str) -> bool:
    """Tell whether a form sent to a path (with its query, as it was sent) is signed for us.

    `form` may hold several values of a name (`getlist`). While tokens are changed, both count.
    """
    tokens = (settings.twilio_auth_token, settings.twilio_second_auth_token)
    url = settings.base_url + path
    # each is looked at: how long it takes says nothing of which one it was
    found = [RequestValidator(token).validate(url, form, signature) for token in tokens if token]
    return any(found)


FRESH_FOR = timedelta(days=4)
"""seven tries for three and a half days; what comes twice has one effect however old it is."""
AHEAD = timedelta(minutes=5)


class Seal(NamedTuple):
    """What seven sends along with a request: its signature, when it was made, and a random text."""

    signature: str
    timestamp: str
    nonce: str


def is_genuine_of_seven(
    settings: Settings, path: str, content: bytes, seal: Seal, now: datetime
) -> bool:
    """Tell whether what was posted to a path is signed by seven for us, and not long ago."""
    key = settings.seven_signing_key
    if not key or not (seal.timestamp.isascii() and seal.timestamp.isdigit()):
        return False
    age = now.timestamp() - int(seal.timestamp)
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    signed = "\n".join((seal.timestamp, seal.nonce, "POST", settings.base_url + path, digest))
    expected = hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()
    is_equal = hmac.compare_digest(expected.encode(), seal.signature.lower().encode())
    return is_equal and -AHEAD.total_seconds() <= age <= FRESH_FOR.total_seconds()
