"""What an interpreter is told about an assignment, and those who asked about who comes."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from babel.lists import format_list

from dispatch.assignments import announced, partners
from dispatch.assignments.facts import AssignmentFacts as AssignmentFacts
from dispatch.assignments.facts import facts_of as facts_of
from dispatch.assignments.facts import take_back_by
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import NO_REMINDER_AGAIN_WITHIN
from dispatch.assignments.whereabouts import how_to_take_part
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice
from dispatch.interpreters.queries import as_person
from dispatch.languages.rules import name_of
from dispatch.messaging.rules import Channel
from dispatch.messaging.service import CalendarPart
from dispatch.requests import messages as requests
from dispatch.requests import overtaken
from dispatch.requests.messages import RequestFacts
from dispatch.requests.ways import LINK_OF, is_fallback

COMES = frozenset({Event.ACCEPTED, Event.RECONFIRMED})


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
    they have said yes too late to be in time. `still` names the others of a team who come as before
    (so many: `still_number`), where this one does not.
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
    still: str
    still_number: int


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
    """Tell those who asked what became of one interpreter, and of whom they knew before.

    Nothing where, when all is done, they know it already or would hear of the end of what they
    never heard of.
    """
    facts = WhoComesFacts(**who_comes(assignment, reason) | {"arrives": arrives})
    _tell_who_asked(event, assignment, facts, now)


def tell_withdrawn(assignment: Assignment, others: int, *, now: datetime, reason: str = "") -> None:
    """Tell those who asked that one interpreter will not come, and how many others are free."""
    facts = WithdrawnFacts(**who_comes(assignment, reason), others=others)
    _tell_who_asked(Event.WITHDRAWN, assignment, facts, now)


def _tell_who_asked(
    event: Event, assignment: Assignment, facts: WhoComesFacts, now: datetime
) -> None:
    requests.tell(
        event,
        assignment.interpretation_request,
        facts,
        now,
        assignment.ends_at,
        announced.about_coming(assignment.id),
        at_last=partial(_still_comes if event in COMES else _still_lost, assignment, facts),
    )


def _still_comes(assignment: Assignment, facts: WhoComesFacts, notice: Notice) -> Notice | None:
    gone = announced.gone_before(assignment, notice.now)
    return None if gone is None else replace(notice, facts=replace(facts, gone=gone))


def _still_lost(assignment: Assignment, facts: WhoComesFacts, notice: Notice) -> Notice | None:
    known = announced.known_instead(assignment, notice.now)
    if known is None:
        overtaken.looked_for_again(assignment.interpretation_request, notice.now)
        return None
    if known is assignment:
        return replace(notice, facts=_naming_others(known, facts))
    of_known = _naming_others(known, replace(facts, **who_comes(known)))
    about = announced.about_coming(known.id)
    return replace(notice, facts=of_known, about=about, until=known.ends_at)


def _naming_others(assignment: Assignment, facts: WhoComesFacts) -> WhoComesFacts:
    """Return what is told of somebody who does not come, with who of the team still does."""
    account = assignment.interpretation_request.account
    names = announced.others_coming(assignment)
    still = format_list(names, locale=account.locale) if names else ""
    return replace(facts, still=still, still_number=len(names))


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
        "still": "",
        "still_number": 0,
        **partners.part_of_who(assignment, one.account.locale),
    }
