"""What an interpreter is told about an assignment, and those who asked about who comes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.assignments import partners
from dispatch.assignments.facts import AssignmentFacts as AssignmentFacts
from dispatch.assignments.facts import facts_of as facts_of
from dispatch.assignments.facts import take_back_by
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import NO_REMINDER_AGAIN_WITHIN, AssignmentState
from dispatch.assignments.whereabouts import how_to_take_part
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice, names_of
from dispatch.database import db
from dispatch.interpreters.queries import as_person
from dispatch.languages.rules import name_of
from dispatch.messaging import queries as messages
from dispatch.messaging import service as messaging
from dispatch.messaging import subjects
from dispatch.messaging.rules import Channel
from dispatch.messaging.service import CalendarPart
from dispatch.requests import messages as requests
from dispatch.requests.messages import RequestFacts
from dispatch.requests.ways import LINK_OF, is_fallback

COMES = frozenset({Event.ACCEPTED, Event.RECONFIRMED})
LOST = names_of(Event.RELEASED, Party.WHO_ASKED) | names_of(Event.WITHDRAWN, Party.WHO_ASKED)
"""What tells those who asked that somebody does not come and another is looked for."""


@dataclass(frozen=True)
class SharedFacts(AssignmentFacts):
    """The first name of the other of two who share a talk, and whether they come."""

    other: str
    other_comes: bool


@dataclass(frozen=True)
class WhoComesFacts(RequestFacts):
    """What those who asked are told about one interpreter: first name and no more.

    `spoken` is what they interpret in where it is not the language asked for. `fallback`: nobody
    was found for a way they wanted more. `link_missing`: they have not said yet how to take part by
    this way. `gone` is of whom they were told before on this seat, and who does not come any more.
    Of a talk that two share: `part_start` to `part_end` is what they do of one that is handed over,
    `relay` the languages that are theirs. `arrives`: when they are there by the way there, where
    they have said yes too late to be in time.
    """

    interpreter: str
    spoken: str
    way: str
    wanted_way: str
    fallback: bool
    link_missing: bool
    reason: str
    gone: str
    part_start: str
    part_end: str
    relay: str
    arrives: str


@dataclass(frozen=True)
class WithdrawnFacts(WhoComesFacts):
    """Somebody has taken their yes back: how many others are free then, as far as is known."""

    others: int


@dataclass(frozen=True)
class CalendarEntry:
    """What a mail does to the recipient's calendar, and the address it comes from."""

    part: CalendarPart
    sender: str


def remind(assignment: Assignment, now: datetime) -> None:
    """Remind the interpreter by SMS; never after the start."""
    tell(Event.EVENING_BEFORE, assignment, now=now)


def remind_again(assignment: Assignment, now: datetime) -> None:
    """Remind the interpreter shortly before the start; not when they are on the way by then."""
    until = assignment.starts_at - NO_REMINDER_AGAIN_WITHIN
    tell(Event.HOURS_BEFORE, assignment, now=now, until=until)


def tell(
    event: Event,
    assignment: Assignment,
    *,
    now: datetime,
    reason: str = "",
    owed_minutes: int = 0,
    entry: CalendarEntry | None = None,
    urgent: bool = False,
    only: frozenset[Channel] | None = None,
    until: datetime | None = None,
    arrives: str = "",
) -> None:
    """Tell the interpreter of an event; `reason` is what was meant for the other side.

    It is of use until the start, or `until`. `arrives` is when they are there, where that is late.

    `owed_minutes` are paid although the assignment is cancelled.

    `entry` changes the interpreter's calendar and is sent by its own address.
    """
    facts = facts_of(assignment, assignment.interpreter.account.locale, reason, owed_minutes)
    notices.tell(
        Notice(
            event=event,
            party=Party.COMING,
            person=as_person(assignment.interpreter),
            facts=replace(facts, arrives=arrives, take_back_by=take_back_by(assignment, now)),
            about=f"assignment:{assignment.id}",
            talk=assignment.interpretation_request_id,
            now=now,
            until=until or assignment.starts_at,
            urgent=urgent,
            calendar=entry.part if entry else None,
            sender=entry.sender if entry else None,
            only=only,
        )
    )


def tell_who_asked(
    event: Event, assignment: Assignment, *, now: datetime, reason: str = "", arrives: str = ""
) -> None:
    """Tell those who asked what became of one interpreter, and of whom they knew before."""
    facts = who_comes(assignment, reason) | {"arrives": arrives}
    if event in COMES and not is_announced(assignment.id):
        facts["gone"] = _gone_before(assignment, now)
    _tell_who_asked(event, assignment, WhoComesFacts(**facts), now)


def tell_withdrawn(assignment: Assignment, others: int, *, now: datetime, reason: str = "") -> None:
    """Tell those who asked that one interpreter will not come, and how many others are free."""
    facts = WithdrawnFacts(**who_comes(assignment, reason), others=others)
    _tell_who_asked(Event.WITHDRAWN, assignment, facts, now)


def _tell_who_asked(
    event: Event, assignment: Assignment, facts: WhoComesFacts, now: datetime
) -> None:
    interpretation_request, about = assignment.interpretation_request, about_coming(assignment.id)
    requests.tell(event, interpretation_request, facts, now, assignment.ends_at, about)


def about_coming(assignment_id: int) -> str:
    """Return how messages to those who asked name whether one interpreter comes.

    Not as the whole request: what is said of one must neither take back nor overtake what is said
    of another.
    """
    return f"coming:{assignment_id}"


def is_announced(assignment_id: int) -> bool:
    """Tell whether it has left, or may have, that this interpreter comes."""
    return messages.first_left(about_coming(assignment_id)) is not None


def last_announced(request_id: int, seat: int) -> Assignment | None:
    """Return of whom those who asked heard last that they come, on this seat of a request."""
    on_it = sa.select(Assignment).where(
        Assignment.interpretation_request_id == request_id, Assignment.seat == seat
    )
    for one in db.session.scalars(on_it.order_by(Assignment.id.desc())):
        if is_announced(one.id):
            return one
    return None


def _gone_before(assignment: Assignment, now: datetime) -> str:
    """Return the first name of whom somebody comes instead of; what was to say it is not sent.

    Nothing where those who asked know of nobody, or of the same person.
    """
    before = last_announced(assignment.interpretation_request_id, assignment.seat)
    if (
        before is None
        or before.state != AssignmentState.RELEASED
        or before.interpreter_id == assignment.interpreter_id
    ):
        return ""
    messaging.take_back(about_coming(before.id), names=LOST, now=now)
    return before.interpreter.first_name


def go_on(before: int, after: int) -> None:
    """Let what those who asked heard of one assignment count for the one it goes on as."""
    subjects.goes_on(about_coming(before), about_coming(after))


def take_back_all_said(request_id: int, now: datetime) -> None:
    """Take back all that those who asked have not been told yet; none of it holds any more."""
    ids = sa.select(Assignment.id).where(Assignment.interpretation_request_id == request_id)
    said = [requests.about_all(request_id), *map(about_coming, db.session.scalars(ids))]
    messaging.take_back(said, now=now)


def who_comes(assignment: Assignment, reason: str = "") -> dict[str, Any]:
    """Return what every message to those who asked says of one interpreter."""
    one, way = assignment.interpretation_request, assignment.way
    return requests.facts_of(one) | {
        "interpreter": assignment.interpreter.first_name,
        "spoken": name_of(assignment.language, one.account.locale)
        if assignment.language in one.direct_languages[1:] and not one.sharing
        else "",
        "way": way,
        "wanted_way": one.ranked_ways[0],
        "fallback": is_fallback(one.ways, way),
        "link_missing": way in LINK_OF and not how_to_take_part(way, one),
        "reason": reason,
        "gone": "",
        "arrives": "",
        **partners.part_of_who(assignment, one.account.locale),
    }
