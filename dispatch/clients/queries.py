"""What a client has heard."""

from dispatch.clients.messages import REMINDER
from dispatch.messaging import queries as messages
from dispatch.requests.messages import about_client


def is_reminded(request_id: int) -> bool:
    """Tell whether a reminder of a request has left or may have; also once the number is gone."""
    return messages.first_left(about_client(request_id), {REMINDER}) is not None
