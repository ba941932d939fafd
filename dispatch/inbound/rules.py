"""What an answer from a calendar counts for: what it says against what we know of the entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.calendar.reply import Attendee, Method, Reply, Standing


class Outcome(StrEnum):
    """What came of a mail; `words.py` says it in sentences."""

    # done
    YES = "yes"
    NO = "no"
    COULD = "could"
    REPEATED = "repeated"
    OVERTAKEN = "overtaken"
    """It was written before the answer that counts, and came after it."""
    NOT_TAKEN = "not-taken"
    """It came too late or to something that has changed; whoever answered was told."""
    NOTHING_OPEN = "nothing-open"
    RETURNED = "returned"
    DELAYED = "delayed"
    REPORTED = "reported"
    OVER = "over"
    """It waited for a person until what it was about was settled otherwise."""

    # for a person
    PROPOSAL = "proposal"
    PROPOSAL_BEFORE = "proposal-before"
    """Another time is proposed for what has changed since."""
    WANTS_OUT = "wants-out"
    CHANGED_MIND = "changed-mind"
    """A yes after a no, while somebody is still looked for."""
    UNCLEAR = "unclear"
    SOMEBODY_ELSE = "somebody-else"
    ONE_OCCURRENCE = "one-occurrence"
    CONTRADICTS = "contradicts"
    UNKNOWN_ENTRY = "unknown-entry"
    NOT_AN_ANSWER = "not-an-answer"
    DAMAGED = "damaged"
    RETURNED_UNKNOWN = "returned-unknown"
    TOO_LARGE = "too-large"
    LETTER = "letter"


PROPOSALS = frozenset({Outcome.PROPOSAL, Outcome.PROPOSAL_BEFORE})

FOR_A_PERSON = frozenset(
    {
        *PROPOSALS,
        Outcome.WANTS_OUT,
        Outcome.CHANGED_MIND,
        Outcome.UNCLEAR,
        Outcome.SOMEBODY_ELSE,
        Outcome.ONE_OCCURRENCE,
        Outcome.CONTRADICTS,
        Outcome.UNKNOWN_ENTRY,
        Outcome.NOT_AN_ANSWER,
        Outcome.DAMAGED,
        Outcome.RETURNED_UNKNOWN,
        Outcome.TOO_LARGE,
        Outcome.LETTER,
    }
)

DECIDED = frozenset(
    {Outcome.YES, Outcome.NO, Outcome.COULD, Outcome.NOT_TAKEN, Outcome.NOTHING_OPEN}
)
"""An answer from a calendar: a person reads it only where something was written beside it."""


def needs_a_person(outcome: Outcome, text: str) -> bool:
    """Tell whether a mail waits for a person; `text` is what is written in it, in words."""
    return outcome in FOR_A_PERSON or (outcome in DECIDED and bool(text))


@dataclass(frozen=True)
class Answered:
    """The last answer that came from a calendar: its number, its stamp and what it said."""

    sequence: int
    stamped_at: datetime
    standing: str


@dataclass(frozen=True)
class KnownEntry:
    """What we know of the calendar entry an answer belongs to.

    `addresses` are those of the person who was asked (small letters); `answered` is the last answer
    that came from a calendar, None before there was one.
    """

    uid: str
    sequence: int
    addresses: frozenset[str]
    name: str
    starts_at: datetime
    ends_at: datetime
    answered: Answered | None


@dataclass(frozen=True)
class Sender:
    """Who sent an answer: address (small letters) and name as the mail says them, to be doubted.

    `by_token`: it came to the address that only the person who was asked has seen.
    """

    address: str
    name: str
    by_token: bool


@dataclass(frozen=True)
class Judged:
    """An answer that counts: what it says, and whether it is to what we asked before a change."""

    standing: Standing
    stamped_at: datetime
    is_overtaken: bool


def judge(reply: Reply, known: KnownEntry, sender: Sender, *, now: datetime) -> Judged | Outcome:
    """Return the answer, or why it does not count by itself.

    With the token a single other address is theirs as well where the name is the same (Exchange
    puts the first one of several). Without it the address that answers and the one that sent the
    mail have to be known: whoever was shown the entry knows its UID. An answer counts after another
    if its number is higher or its stamp newer (RFC 5546, 2.1.5); a stamp from the future is now.
    """
    found = _whose(reply, known, sender)
    why = next(_reasons_against(reply, known, found), None)
    if why is not None or found is None:
        return why or Outcome.SOMEBODY_ELSE
    standing, stamped_at = Standing(found.standing), min(reply.stamped_at or now, now)
    if known.answered is not None and (
        before := _before(known.answered, reply.sequence, stamped_at, standing)
    ):
        return before
    is_overtaken = reply.sequence < known.sequence
    if not is_overtaken and _is_at_another_time(reply, known):
        return Outcome.PROPOSAL  # Exchange 2003 makes a REPLY of a COUNTER (MS-OXCICAL, note 2)
    return Judged(standing, stamped_at, is_overtaken)


def _before(
    answered: Answered, sequence: int, stamped_at: datetime, standing: Standing
) -> Outcome | None:
    """Return what an answer is that was not written after the one that counts; else None."""
    if sequence > answered.sequence or stamped_at > answered.stamped_at:
        return None
    if standing == answered.standing:
        return Outcome.REPEATED
    is_same_moment = (sequence, stamped_at) == (answered.sequence, answered.stamped_at)
    return Outcome.UNCLEAR if is_same_moment else Outcome.OVERTAKEN


def _reasons_against(reply: Reply, known: KnownEntry, found: Attendee | None) -> Iterator[Outcome]:
    if reply.uid and reply.uid != known.uid:
        yield Outcome.CONTRADICTS
    if reply.method == Method.COUNTER:
        is_before = reply.sequence < known.sequence
        yield Outcome.PROPOSAL_BEFORE if is_before else Outcome.PROPOSAL
    if reply.method != Method.REPLY:
        yield Outcome.NOT_AN_ANSWER
    if found is None:
        yield Outcome.SOMEBODY_ELSE
    elif found.standing not in set(Standing):
        yield Outcome.UNCLEAR
    if reply.occurrence not in {None, known.starts_at}:
        yield Outcome.ONE_OCCURRENCE


def _whose(reply: Reply, known: KnownEntry, sender: Sender) -> Attendee | None:
    """Return the attendee who is the person that was asked; None where that is not certain."""
    if not sender.by_token and sender.address not in known.addresses:
        return None
    own = [one for one in reply.attendees if one.address in known.addresses]
    if own or not sender.by_token or len(reply.attendees) != 1:
        return own[0] if len(own) == 1 else None
    (alone,) = reply.attendees
    return alone if _words(alone.name or sender.name) == _words(known.name) else None


def _words(name: str) -> list[str]:
    """Return what a name is made of: "Yilmaz, Leyla" is the same as "Leyla Yilmaz"."""
    return sorted(name.replace(",", " ").casefold().split())


def _is_at_another_time(reply: Reply, known: KnownEntry) -> bool:
    return reply.starts_at not in {None, known.starts_at} or (
        reply.ends_at not in {None, known.ends_at}
    )
