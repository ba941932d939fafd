"""The life of a message, its channels, and how often a temporary failure is tried again."""

from enum import StrEnum


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """What became of a message; `perhaps_sent` waits for a person."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    PERHAPS_SENT = "perhaps_sent"


PAUSES_SECONDS = (5, 30, 120, 600, 1800, 3600)
"""Pauses after the first, second, ... temporary failure; after the last the message has failed."""


def pause_after(attempts: int) -> int | None:
    """Return how long to wait after so many attempts, or None when it is time to give up."""
    return PAUSES_SECONDS[attempts - 1] if attempts <= len(PAUSES_SECONDS) else None


class TransportError(Exception):
    """A message was not handed over.

    `permanent`: trying again is of no use. `unknown`: it may have been sent all the same.
    """

    def __init__(self, text: str, *, permanent: bool = False, unknown: bool = False) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.unknown = unknown
