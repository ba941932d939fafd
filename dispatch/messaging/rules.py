"""The life of a message, its channels, its length, and how often a hand-over is tried again."""

import re
from datetime import timedelta
from enum import StrEnum

import smsutil
from flask_babel import lazy_gettext as _l

from dispatch.errors import Conflict


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """What became of a message; `failed` and `perhaps_sent` wait for a person to settle them."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    PERHAPS_SENT = "perhaps_sent"
    SETTLED = "settled"


TRANSITIONS: dict[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset({MessageState.SENDING, MessageState.SETTLED}),
    MessageState.SENDING: frozenset(
        {
            MessageState.SENDING,  # a worker died: the next one hands it over again
            MessageState.QUEUED,
            MessageState.SENT,
            MessageState.FAILED,
            MessageState.SUPPRESSED,
            MessageState.PERHAPS_SENT,
        }
    ),
    MessageState.SENT: frozenset(),
    MessageState.FAILED: frozenset({MessageState.QUEUED, MessageState.SETTLED}),
    MessageState.SUPPRESSED: frozenset(),
    MessageState.PERHAPS_SENT: frozenset({MessageState.QUEUED, MessageState.SETTLED}),
    MessageState.SETTLED: frozenset(),
}
ON_THEIR_WAY = frozenset({MessageState.QUEUED, MessageState.SENDING})
NEEDS_A_PERSON = frozenset({MessageState.FAILED, MessageState.PERHAPS_SENT})

PAUSES_SECONDS = (5, 30, 120, 600, 1800, 3600)
GIVE_UP_AFTER = timedelta(hours=24)
SECRET_IN_A_LINK = re.compile(r"(?<=/)[\w-]{20,}")


class TransportError(Exception):
    """A message was not handed over; the text says why in plain words.

    `permanent`: trying again is of no use. `unknown`: it may have been sent all the same.
    `opted_out`: the recipient wants no messages on this channel. `retry_after`: the seconds the
    provider asks us to wait.
    """

    def __init__(
        self,
        text: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        opted_out: bool = False,
        retry_after: float = 0,
    ) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.unknown = unknown
        self.opted_out = opted_out
        self.retry_after = retry_after


def state_after(error: TransportError, channel: Channel, waited: timedelta) -> MessageState:
    """Return what becomes of a message whose hand-over failed, `waited` after it was queued.

    A mail that may have been sent is tried again, since its Message-ID lets mailboxes see that it
    is the same; an SMS is not: a person decides.
    """
    if error.opted_out:
        return MessageState.SUPPRESSED
    if error.unknown and channel == Channel.SMS:
        return MessageState.PERHAPS_SENT
    if error.permanent or waited >= GIVE_UP_AFTER:
        return MessageState.FAILED
    return MessageState.QUEUED


def pause_after(attempts: int, error: TransportError) -> float:
    """Return the seconds to wait after so many attempts: growing, and what the provider asks."""
    return max(PAUSES_SECONDS[min(attempts, len(PAUSES_SECONDS)) - 1], error.retry_after)


def require_waits_for_a_person(state: str) -> None:
    """Refuse (409) a person's decision about a message that does not wait for one."""
    if state not in NEEDS_A_PERSON:
        raise Conflict("message-settled", _l("This message needs no decision any more."))


def without_secrets(text: str) -> str:
    """Return the text without what makes its links work, for everyone but the recipient."""
    return SECRET_IN_A_LINK.sub("…", text)


def segments(text: str) -> int:
    """Return how many SMS the text takes: 160 (then 153) GSM-7 units each, or 70 (67) of UCS-2."""
    return len(smsutil.split(text).parts)


def is_gsm(text: str) -> bool:
    """Tell whether every character is in the GSM-7 alphabet (3GPP TS 23.038)."""
    return bool(smsutil.is_valid_gsm(text))
