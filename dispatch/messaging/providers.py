"""What every SMS provider has to be able to do; one class each, and the next is one more."""

from datetime import UTC, datetime
from typing import Protocol

from dispatch.messaging.models import Message
from dispatch.settings import Settings

VALID_SECONDS = 4 * 3600
VALID_SECONDS_WHEN_URGENT = 900


class Provider(Protocol):
    """Somebody who carries SMS.

    `send` returns the provider's reference and raises `TransportError` only: an outage where every
    message would meet the same, permanent for a refusal, unknown when the message may have been
    taken but no answer says so.
    """

    name: str

    def send(self, settings: Settings, message: Message) -> str:
        """Hand an SMS over."""
        ...


def valid_seconds(message: Message) -> int:
    """Return for how long the network may try: not beyond the moment the SMS is of any use."""
    usual = VALID_SECONDS_WHEN_URGENT if message.urgent else VALID_SECONDS
    if message.makes_sense_until is None:
        return usual
    since = message.handed_over_at or datetime.now(UTC)
    return max(1, min(usual, int((message.makes_sense_until - since).total_seconds())))
