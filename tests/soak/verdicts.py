"""What must be true after hours of load with faults: a row for each."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dispatch import clock
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.messaging import resting, together
from dispatch.messaging.models import Message
from dispatch.messaging.rules import ON_THEIR_WAY, Channel, MessageState
from dispatch.requests.models import InterpretationRequest
from tests.dispatch.messaging.peers import MailServer
from tests.soak.people import AT_ONCE, Seen

MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.IGNORECASE | re.MULTILINE)
MOST_GROWTH = 0.10
MOST_WEB_MEGABYTES = 250.0


@dataclass(frozen=True)
class Verdict:
    """One thing that must hold, what was found, and whether it holds."""

    what: str
    found: str
    holds: bool


@dataclass(frozen=True)
class Memory:
    """Megabytes of server and worker, before and after the time in which nobody was killed."""

    web: tuple[float, float]
    worker: tuple[float, float]


def verdicts(seen: Seen, mail: MailServer, last_request: int, memory: Memory) -> Iterator[Verdict]:
    """Look at everything, inside an application context."""
    stored = db.session.scalars(
        sa.select(InterpretationRequest.id).where(InterpretationRequest.id > last_request)
    ).all()
    lost, doubled = set(seen.taken) - set(stored), set(stored) - set(seen.taken)
    yield Verdict(
        "requests answered are stored, once",
        f"{len(seen.taken)} answered, {len(lost)} lost, {len(doubled)} doubled",
        not lost and not doubled and len(seen.taken) == len(set(seen.taken)),
    )
    yield from _of_messages(seen, mail)
    one, other = aliased(Hold), aliased(Hold)
    overlaps = db.session.scalar(
        sa.select(sa.func.count()).where(
            one.interpreter_id == other.interpreter_id,
            one.id < other.id,
            one.starts_at < other.ends_at,
            other.starts_at < one.ends_at,
        )
    )
    yield Verdict("nobody is booked twice", f"{overlaps} overlaps", not overlaps)
    errors = {status: count for status, count in seen.statuses.items() if status >= 500}
    errors.pop(503, None)
    said = ", ".join(f"{status}: {count}" for status, count in sorted(seen.statuses.items()))
    yield Verdict(
        "no answer but pages and 503", f"{said}; {seen.faults[:3]}", not errors and not seen.faults
    )
    yield from _of_memory(memory)


def waiting() -> tuple[list[Message], list[Message]]:
    """Return what waits although it could leave, and what waits on purpose.

    That is what leaves with others after an hour (decision 0051), and SMS whose person rests.
    """
    all_of_them = db.session.scalars(sa.select(Message).where(Message.state.in_(ON_THEIR_WAY)))
    late: list[Message] = []
    on_purpose: list[Message] = []
    for one in all_of_them:
        rests = one.error_code == together.WAITS or resting.holds(one, clock.now())
        (on_purpose if rests else late).append(one)
    return late, on_purpose


def _of_messages(seen: Seen, mail: MailServer) -> Iterator[Verdict]:
    in_bursts = Counter(
        db.session.scalars(sa.select(Message.about).where(Message.about.startswith("soak:")))
    )
    right = in_bursts == Counter(dict.fromkeys(seen.bursts, AT_ONCE))
    yield Verdict(
        "messages queued at once are there, once",
        f"{sum(in_bursts.values())} of {len(seen.bursts) * AT_ONCE}",
        right,
    )
    late, on_purpose = waiting()
    states = db.session.execute(
        sa.select(Message.channel, Message.state, sa.func.count(Message.id)).group_by(
            Message.channel, Message.state
        )
    ).all()
    said = ", ".join(f"{count} {channel} {state}" for channel, state, count in states)
    said += f"; {len(on_purpose)} wait on purpose"
    yield Verdict("nothing waits any more but what rests", said, not late)
    leader = aliased(Message)
    arrived = Counter(
        found.group(1).decode() for one in mail.mails if (found := MESSAGE_ID.search(one))
    )
    mails = db.session.execute(
        # what went along in another's mail arrived with it
        sa.select(
            sa.func.coalesce(leader.mail_id, Message.mail_id).label("mail_id"),
            Message.state,
            Message.perhaps_repeated,
        )
        .outerjoin(leader, leader.id == Message.sent_with)
        .where(Message.channel == Channel.EMAIL)
    ).all()
    sent = [one for one in mails if one.state == MessageState.SENT]
    lost = [one for one in sent if not arrived[str(one.mail_id)]]
    twice = [one for one in mails if arrived[str(one.mail_id)] > 1]
    unmarked = [one for one in twice if not one.perhaps_repeated]
    yield Verdict(
        "mails said to be sent arrived; what came twice is marked",
        f"{len(sent)} sent, {len(lost)} lost, {len(twice)} twice, {len(unmarked)} of them unmarked",
        not lost and not unmarked,
    )


def _of_memory(memory: Memory) -> Iterator[Verdict]:
    for name, (before, after) in (("pages", memory.web), ("worker", memory.worker)):
        yield Verdict(
            f"memory of the {name} is flat",
            f"{before:.0f} MB, {after:.0f} MB at the end",
            after <= before * (1 + MOST_GROWTH),
        )
    yield Verdict(
        "memory of the pages is small",
        f"{memory.web[1]:.0f} MB",
        memory.web[1] <= MOST_WEB_MEGABYTES,
    )
