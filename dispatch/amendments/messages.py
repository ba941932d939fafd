"""Who is told of a change: those who come, with old and new side by side, and those who asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dispatch import settings
from dispatch.amendments import queries, unheard
from dispatch.amendments.before import Before
from dispatch.amendments.differences import Difference
from dispatch.assignments import announced, terms
from dispatch.assignments import messages as assignments
from dispatch.assignments.messages import AssignmentFacts, CalendarEntry
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState, Way
from dispatch.assignments.service import live
from dispatch.cities.working_time import is_urgent
from dispatch.clients import queries as clients
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice
from dispatch.interpreters.queries import as_person
from dispatch.invitations import service as invitations
from dispatch.languages.rules import name_of
from dispatch.messaging import codes, said
from dispatch.messaging import queries as sent
from dispatch.messaging import service as messaging
from dispatch.messaging.codes import Codes
from dispatch.offers import messages as offers
from dispatch.requests import messages as requests
from dispatch.requests import overtaken
from dispatch.requests.messages import RequestFacts
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.web.formats import date_in, short_date_in, time_in


@dataclass(frozen=True)
class ChangedFacts(AssignmentFacts):
    """An assignment as it is now, and what held before; `other_time` says that this differs.

    `other_place`: it is another place, also where it lies in the same district. `also` is what
    else is new.
    """

    old_day: str
    old_short_day: str
    old_start: str
    old_end: str
    old_district: str
    old_language: str
    other_time: bool
    other_place: bool
    also: tuple[Difference, ...]


@dataclass(frozen=True)
class AskedAgainFacts(ChangedFacts):
    """Changed terms to agree to, by when, and where to answer.

    `as_agreed`: a change nobody had agreed to yet is taken back, so they are what was agreed.
    """

    as_agreed: bool
    answer_by: str
    short_answer_by: str
    yes_code: str
    no_code: str


@dataclass(frozen=True)
class NotAnsweredFacts(AssignmentFacts):
    """An assignment as it is asked for now, by when an answer is due, and its codes in an SMS."""

    short_answer_by: str
    yes_code: str
    no_code: str


@dataclass(frozen=True)
class RequestChangedFacts(RequestFacts):
    """A request as it is now, and what of it is new.

    And how many are asked again, and how many cannot come any more. `client_knows` is the start the
    client was reminded of, where it is another. `changed_by` is who has done it, where that is not
    who asked: a "colleague" of theirs or the "office".
    """

    changes: tuple[Difference, ...]
    asked_again: int
    lost: int
    client_knows: str = ""
    changed_by: str = ""


def only_to_know(assignment: Assignment, before: Before, now: datetime) -> None:
    """Tell the interpreter what is different; the calendar entry changes where it shows it."""
    locale = assignment.interpreter.account.locale
    facts = ChangedFacts(**_facts(assignment, before, locale))
    entry = None
    if facts.other_time or facts.place != before.place:
        issued = invitations.update(assignment.id, offers.entry_of(assignment), now=now)
        entry = CalendarEntry(issued.part, issued.sender) if issued else None
    _tell(Event.CHANGED_TO_KNOW, assignment, facts, entry, assignment.starts_at, now)


def to_agree_again(
    assignment: Assignment, question: Confirmation, before: Before, token: str, now: datetime
) -> None:
    """Put changed terms to the interpreter beside the old ones, with the entry as it may become."""
    messaging.take_back(f"assignment:{assignment.id}", now=now)
    messaging.take_back(announced.about_coming(assignment.id), now=now)
    locale = assignment.interpreter.account.locale
    zone = assignment.interpretation_request.time_zone
    due = question.answer_by or assignment.starts_at
    due_at = time_in(due, zone, locale)
    link = f"{settings.active().base_url}/c/{token}"
    facts = AskedAgainFacts(
        **_facts(assignment, before, locale) | {"link": link},
        as_agreed=terms.is_as_agreed(question),
        answer_by=f"{date_in(due, zone, locale)}, {due_at}",
        short_answer_by=f"{short_date_in(due, zone, locale)} {due_at}",
        **vars(_codes(assignment, question, now)),
    )
    shown = offers.entry_of(assignment, with_place=False)
    issued = invitations.update(assignment.id, shown, tentative=True, now=now)
    entry = CalendarEntry(issued.part, issued.sender) if issued else None
    _tell(Event.CHANGED, assignment, facts, entry, due, now)


def stands_again(assignment: Assignment, since: datetime, now: datetime) -> None:
    """Take back what was to ask about changed terms; say who comes where who asked know else.

    `since` is when the first of it was to be asked.
    """
    messaging.take_back(f"assignment:{assignment.id}", names=unheard.QUESTIONS, now=now)
    about = requests.about_all(assignment.interpretation_request_id)
    has_heard = said.is_heard_since(about, queries.CHANGED, since)
    if has_heard or not announced.is_said(assignment.id):
        assignments.tell_who_asked(Event.RECONFIRMED, assignment, now=now)


def half_time(question: Confirmation, now: datetime) -> None:
    """Remind the interpreter by SMS that an answer to changed terms is wanted."""
    assignment = question.assignment
    locale = assignment.interpreter.account.locale
    zone = assignment.interpretation_request.time_zone
    due = question.answer_by or assignment.starts_at
    facts = NotAnsweredFacts(
        **vars(assignments.facts_of(assignment, locale)),
        short_answer_by=f"{short_date_in(due, zone, locale)} {time_in(due, zone, locale)}",
        **vars(_codes(assignment, question, now)),
    )
    _tell(Event.CHANGE_HALF_TIME, assignment, facts, None, due, now)


def agreed(assignment: Assignment, now: datetime) -> None:
    """Confirm changed terms to the interpreter, in the calendar too, and say who comes."""
    messaging.take_back(f"assignment:{assignment.id}", now=now)
    issued = invitations.update(assignment.id, offers.entry_of(assignment), now=now)
    entry = CalendarEntry(issued.part, issued.sender) if issued else None
    assignments.tell(Event.RECONFIRMED, assignment, now=now, entry=entry)
    assignments.tell_who_asked(Event.RECONFIRMED, assignment, now=now)
    _change_as_it_is(assignment.interpretation_request, now)


def _change_as_it_is(one: InterpretationRequest, now: datetime) -> None:
    """Have a change that waits to be said be said as it is now that somebody has agreed to it."""
    unsaid = sent.facts_unsaid(requests.about_all(one.id), queries.CHANGED)
    if len(unsaid) != 1:
        return
    changes = queries.changes_without_a_word(one)
    messaging.take_back(requests.about_all(one.id), names=queries.CHANGED, now=now)
    waiting = [each for each in live(one) if each.state == AssignmentState.TO_RECONFIRM]
    request_changed(
        one,
        changes,
        asked_again=waiting,
        lost=[],
        lost_besides=unsaid[0]["lost"],
        changed_by=unsaid[0].get("changed_by", ""),
        now=now,
    )


def request_changed(
    interpretation_request: InterpretationRequest,
    changes: tuple[Difference, ...],
    *,
    asked_again: Sequence[Assignment],
    lost: Sequence[Assignment],
    lost_besides: int,
    changed_by: str = "",
    now: datetime,
) -> None:
    """Tell those who asked what of their request is new, and whose yes has to be given again.

    Of the assignments that are `asked_again` and `lost` only where they know that somebody comes;
    `lost_besides`: so many more. Without `changes` it is again as they know it.
    """
    facts = RequestChangedFacts(
        **requests.facts_of(interpretation_request),
        changes=changes,
        asked_again=len(asked_again),
        lost=len(lost) + lost_besides,
        client_knows=_start_known_by_client(interpretation_request),
        changed_by=changed_by,
    )

    def at_last(notice: Notice) -> Notice | None:
        again, gone = (
            sum(announced.is_known(one, notice.now) for one in each) for each in (asked_again, lost)
        )
        known = replace(facts, asked_again=again, lost=gone + lost_besides)
        if changes or known.asked_again or known.lost or known.client_knows:
            return replace(notice, facts=known)
        if interpretation_request.state != RequestState.FILLED:
            overtaken.looked_for_again(interpretation_request, notice.now)
        return None

    event = Event.CHANGED if asked_again or not facts.lost else Event.CHANGED_WITHOUT
    until = interpretation_request.ends_at
    requests.tell(event, interpretation_request, facts, now, until, at_last=at_last)


def _start_known_by_client(interpretation_request: InterpretationRequest) -> str:
    known = clients.other_start_known(interpretation_request.id, interpretation_request.starts_at)
    if known is None:
        return ""
    locale, zone = interpretation_request.account.locale, interpretation_request.time_zone
    return f"{date_in(known, zone, locale)}, {time_in(known, zone, locale)}"


def about(question: Confirmation) -> str:
    """Return how the codes of answers name a question about changed terms."""
    return f"terms:{question.id}"


def _codes(assignment: Assignment, question: Confirmation, now: datetime) -> Codes:
    interpreter = assignment.interpreter
    return codes.of_question(interpreter.phone, about(question), interpreter.account.locale, now)


def _facts(assignment: Assignment, before: Before, locale: str) -> dict[str, Any]:
    zone = assignment.interpretation_request.time_zone
    return {
        **vars(assignments.facts_of(assignment, locale)),
        "old_day": date_in(before.starts_at, zone, locale),
        "old_short_day": short_date_in(before.starts_at, zone, locale),
        "old_start": time_in(before.starts_at, zone, locale),
        "old_end": time_in(before.ends_at, zone, locale),
        "old_district": before.district,
        "old_language": name_of(before.language, locale),
        "other_time": (before.starts_at, before.ends_at)
        != (assignment.starts_at, assignment.ends_at),
        "other_place": assignment.way == Way.ON_SITE and before.site_id != assignment.site_id,
        "also": before.also,
    }


def _tell(
    event: Event,
    assignment: Assignment,
    facts: AssignmentFacts,
    entry: CalendarEntry | None,
    until: datetime,
    now: datetime,
) -> None:
    notices.tell(
        Notice(
            event=event,
            party=Party.COMING,
            person=as_person(assignment.interpreter),
            facts=facts,
            about=f"assignment:{assignment.id}",
            talk=assignment.interpretation_request_id,
            now=now,
            until=until,
            urgent=is_urgent(now, assignment.starts_at, settings.active().city),
            calendar=entry.part if entry else None,
            sender=entry.sender if entry else None,
        )
    )
