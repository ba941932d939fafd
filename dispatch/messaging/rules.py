"""The life of a message, its channels, and how often a hand-over is tried again."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.cities.city import City
from dispatch.cities.hours import between
from dispatch.cities.working_time import after_quiet
from dispatch.errors import Conflict, Gone


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    PERHAPS_SENT = "perhaps_sent"
    SETTLED = "settled"


class Road(StrEnum):
    """The ways there are: one of each channel, and that of a second provider for urgent SMS."""

    EMAIL = "email"
    SMS = "sms"
    SECOND = "sms_second"


class Way(StrEnum):
    """How the way of a channel stands."""

    UP = "up"
    SLOWED = "slowed"
    DOWN = "down"


LATE, NOT_SENT = "late", "not_sent"
CALENDAR_ENTRY = "calendar_entry"
"""The mail that only changes a calendar: what it means is said by another."""
ON_THEIR_WAY = frozenset({MessageState.QUEUED, MessageState.SENDING})
NEEDS_A_PERSON = frozenset(
    {MessageState.FAILED, MessageState.PERHAPS_SENT, MessageState.SUPPRESSED}
)
DECIDED_BY_A_PERSON = frozenset({MessageState.QUEUED, MessageState.SETTLED})
TRANSITIONS: dict[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset({MessageState.SENDING, MessageState.SETTLED}),
    # A worker may have died while it was sending: the next one hands it over again, once.
    MessageState.SENDING: frozenset(MessageState),
    MessageState.SENT: frozenset({MessageState.FAILED}),  # it came back
    # The provider may report that it arrived after all.
    MessageState.FAILED: DECIDED_BY_A_PERSON | {MessageState.SENT},
    MessageState.SUPPRESSED: DECIDED_BY_A_PERSON,
    MessageState.PERHAPS_SENT: DECIDED_BY_A_PERSON | {MessageState.FAILED, MessageState.SENT},
    MessageState.SETTLED: frozenset(),
}

RECEIPT_RANKS = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "undelivered": 5,
    "failed": 5,
    "delivered": 6,  # may come after "undelivered": a telephone that was found after all
}
"""How far each report of a provider goes; only a further one counts."""

PAUSES_SECONDS = (5, 30, 120, 600, 1800, 3600)
MOST_ATTEMPTS = 25
GIVE_UP_AFTER = timedelta(hours=24)
GIVE_UP_AFTER_OUTAGE = timedelta(days=5)
"""What waits because the way is down waits longer (RFC 5321, 4.5.4.1: at least 4 to 5 days)."""
PROBE_PAUSES_SECONDS = (5, 15, 30, 60)
URGENT_AGAIN_SECONDS = 2.0
"""So soon an urgent message is tried again after a stumble that stopped nobody."""
MOMENTARY = frozenset({"provider-busy", "server-busy"})
TROUBLE_IN_A_ROW = 3
LONGEST_PAUSE_ASKED_SECONDS = 3600.0
GOES_OVER_AFTER = timedelta(seconds=30)
STAYS_OVER_FOR = timedelta(minutes=5)
"""So long the first provider has to work again before urgent SMS go back to it: no to and fro."""
STILL_IN_TIME = timedelta(hours=2)
"""Who hears of something urgent so long before it can still do something about it."""
JITTER = 0.25
"""Pauses are longer by up to this share, so that what failed together does not return together."""

SECRET = re.compile(r"(?<=/)[\w-]{20,}|(?<=: )\d{6}\b")
"""What makes a link work, and a code that confirms a number."""


class TransportError(Exception):
    """A message was not handed over, or nobody knows; `code` says why (`words.py`).

    `detail`: the provider's own words. `permanent`: trying again is of no use. `unknown`: it may
    have been sent all the same. `opted_out`: the recipient wants no messages on this channel.
    `outage`: the way is down for every message, this one is not to blame. `retry_after`: the
    seconds the provider asks us to wait.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        permanent: bool = False,
        unknown: bool = False,
        opted_out: bool = False,
        outage: bool = False,
        retry_after: float = 0,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.permanent = permanent
        self.unknown = unknown
        self.opted_out = opted_out
        self.outage = outage
        self.retry_after = min(retry_after, LONGEST_PAUSE_ASKED_SECONDS)


def state_after(
    error: TransportError,
    channel: Channel,
    waited: timedelta,
    *,
    attempts: int = 1,
    may_have_left: bool = False,
) -> MessageState:
    """Return what becomes of a message whose hand-over failed, `waited` after it was queued.

    A mail that may have been sent is tried once more, since its Message-ID lets mailboxes see that
    it is the same; an SMS is not: a person decides. `may_have_left`: an earlier hand-over of it
    ended in doubt, so it is not tried a third time and never said to have failed.
    """
    if error.opted_out:
        return MessageState.SUPPRESSED
    if error.unknown and (channel == Channel.SMS or may_have_left):
        return MessageState.PERHAPS_SENT
    patience = GIVE_UP_AFTER_OUTAGE if error.outage else GIVE_UP_AFTER
    if error.permanent or waited >= patience or (attempts >= MOST_ATTEMPTS and not error.outage):
        doubt = may_have_left or error.unknown
        return MessageState.PERHAPS_SENT if doubt else MessageState.FAILED
    return MessageState.QUEUED


def as_shown(state: str, error_code: str, *, may_have_left: bool) -> str:
    """Return how a message stands, as people read it: its state, or what that does not say.

    LATE is what left and has not arrived so far, NOT_SENT what was closed before it left.
    """
    if state == MessageState.SENT and error_code == LATE:
        return LATE
    was_closed = state == MessageState.SETTLED and error_code and not may_have_left
    return NOT_SENT if was_closed else state


def pause_after(attempts: int, error: TransportError, chance: float = 0.0) -> float:
    """Return the seconds to wait after so many attempts: growing, and what the provider asks.

    `chance` in [0, 1) makes it longer by up to a quarter.
    """
    own = PAUSES_SECONDS[max(min(attempts, len(PAUSES_SECONDS)), 1) - 1]
    return max(own, error.retry_after) * (1 + JITTER * chance)


def probe_pause(failures: int, error: TransportError) -> float:
    """Return the seconds until a way that is down is tried again, after failures in a row.

    Asked to wait for the first time, it is for as long as was asked.
    """
    if error.retry_after and failures <= 1:
        return error.retry_after
    own = PROBE_PAUSES_SECONDS[max(min(failures, len(PROBE_PAUSES_SECONDS)), 1) - 1]
    return max(own, error.retry_after)


def goes_over(
    first: Way, *, waits: timedelta, stands_since: timedelta, is_over: bool, second_can: bool
) -> bool:
    """Tell whether an urgent SMS goes by the second provider.

    Over at once when the first way is down, or asked us to wait for longer than an urgent message
    can; back when it has been open for five minutes. `waits`: until it may be tried again,
    `stands_since`: how long it has stood as it does. Being slow is no reason.
    """
    if not second_can:
        return False
    if is_over:
        return first != Way.UP or stands_since < STAYS_OVER_FOR
    return first == Way.DOWN or (first == Way.SLOWED and waits > GOES_OVER_AFTER)


def may_be_chance(failures: int, error: TransportError) -> bool:
    """Tell whether trouble of the other side's own is no reason yet to stop everything.

    One server of many that stumbles is not an outage; three answers in a row with none between
    that was well are. Whoever refuses us, asks us to wait, or is not there, means everybody.
    """
    return error.code in MOMENTARY and not error.retry_after and failures < TROUBLE_IN_A_ROW


def why_it_no_longer_stands(
    taken_back_at: datetime | None, makes_sense_until: datetime | None, now: datetime
) -> str | None:
    """Return the code that says why a message must not go out any more, None when it may."""
    if taken_back_at is not None:
        return "taken-back"
    if makes_sense_until is not None and now >= makes_sense_until:
        return "too-late"
    return None


def quiet_until(
    quiet_hours: str, makes_sense_until: datetime | None, now: datetime, city: City, *, urgent: bool
) -> datetime:
    """Return when quiet hours let an SMS out: now, or when they are over.

    What is urgent goes through them unless it is of use for two hours after they end.
    """
    if not quiet_hours:
        return now
    over = after_quiet(now, city, between(quiet_hours))
    cannot_wait = makes_sense_until is None or makes_sense_until < over + STILL_IN_TIME
    return now if urgent and cannot_wait else over


ASKED_FOR_ANEW = frozenset({"number_code"})
"""Messages whose code is worth nothing once they failed: whoever needs one asks for another."""
LOST = "message-lost-secret"
LOST_SECRET = _l(
    "Its link or code was deleted for safety when it was handed over, so sent again it would lead "
    "nowhere. If it was a question, ask anew at the request; who needs a link or a code for an "
    "account or a number asks for a new one. Then settle this message."
)


def require_waits_for_a_person(state: str) -> None:
    """Refuse (409) a person's decision about a message that does not wait for one."""
    if state not in NEEDS_A_PERSON:
        raise Conflict("message-settled", _l("This message needs no decision any more."))


def require_secret_kept(has_lost_secret: bool) -> None:
    """Refuse (410) to send a text again whose link or code would not work any more."""
    if has_lost_secret:
        raise Gone(LOST, LOST_SECRET)


def without_secrets(text: str) -> str:
    """Return the text without what makes links and codes work, for everyone but the recipient."""
    return SECRET.sub("…", text)


def delivery_job(channel: str, *, urgent: bool = False) -> str:
    """Return the name of the job that hands over the messages of a channel.

    Urgent ones have threads of their own: they wait for none that hangs with something else.
    """
    return f"deliver_{channel}_urgent" if urgent else f"deliver_{channel}"
