"""Whether a request really comes from the SMS provider.

Twilio signs the address it was given and everything it sends ("Webhooks security" in its
documentation). The address is the one of our settings, never what the request says of itself.
"""

from collections.abc import Mapping

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
