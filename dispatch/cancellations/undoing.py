"""Taking a cancellation back until the start, with the same people where they are still free."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.accounts.rules import ASKS
from dispatch.assignments import announced, fitting, terms
from dispatch.assignments import messages as assignment_messages
from dispatch.assignments import service as assignments
from dispatch.assignments.messages import CalendarEntry
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via, Way
from dispatch.cancellations import asking_again, deciding, messages, rules
from dispatch.cancellations.models import CancellationDecision
from dispatch.cities.working_time import is_urgent
from dispatch.clients import queries as clients
from dispatch.clients.queries import Known
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.database import expect_version, savepoint
from dispatch.errors import Conflict, Refusal
from dispatch.holds import service as holds
from dispatch.holds.rules import Cause
from dispatch.interpreters import queries as interpreters
from dispatch.invitations import service as invitations
from dispatch.ledger import service as ledger
from dispatch.ledger.models import Change
from dispatch.ledger.rules import Actor, Audience, Concerning, Reasons
from dispatch.messaging import queries as sent
from dispatch.messaging import service as messaging
from dispatch.messaging import subjects
from dispatch.offers import messages as offer_messages
from dispatch.offers import partners
from dispatch.offers import queries as offer_queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.seats import wanted_again, whole_again
from dispatch.requests import overtaken
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.requests.ways import way_name
from dispatch.settings import active

CANCELLED = "request.cancelled"
NOT_TAKING_PLACE = names_of(Event.CANCELLED_BY_OFFICE, Party.WHO_ASKED)
CALLED_OFF = names_of(Event.CANCELLED_BY_OFFICE, Party.COMING)
"""The same whoever cancelled."""


@dataclass
class Back:
    """Who comes again as agreed, who is asked again, who is gone, and what the client knows."""

    coming: list[Assignment] = field(default_factory=list)
    asked: list[Offer] = field(default_factory=list)
    """Whoever had not agreed to a change yet is asked whether they come as it is now."""
    asked_before: list[Assignment] = field(default_factory=list)
    """By which they came before."""
    going_on: list[tuple[Assignment, Assignment]] = field(default_factory=list)
    """Of those who come, as they were and as they are, who have heard of no end."""
    gone: list[Assignment] = field(default_factory=list)
    asked_anew: int = 0
    """So many who had been asked when it was cancelled are asked once more."""
    nobody_asked: bool = False
    """Somebody is still wanted, and nobody is asked."""
    client: Known | None = None
    """Of a client who was reminded before; they hear nothing from us of either."""


def undo(
    actor: Actor, request_id: int, *, now: datetime, expected_version: int | None = None
) -> Back:
    """Take the cancellation of a request back; whoever came before comes again, if still free.

    Whoever had not agreed to a change yet is asked again. What is owed to those who are gone
    stays owed; their seats are open.
    Raises `Conflict` when it is not cancelled, has begun, has changed since the person looked
    (`expected_version`), or the office cancelled it and those who asked want it back.
    """
    interpretation_request = requests.lock(request_id)
    expect_version(interpretation_request.version, expected_version)
    rules.require_cancelled(interpretation_request.state)
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    rules.require_own(by_office=actor.role not in ASKS, cancelled_by_office=_by_office(request_id))
    decisions = deciding.of_last_cancellation(request_id)
    asked = asking_again.asked_until(request_id, last_cancellation(request_id).at)
    came = {one.interpreter_id for one in decisions}
    assignments.lock_interpreters(came | {one.interpreter_id for one in asked})
    about = f"request:{request_id}"
    told = messaging.take_back(about, names=NOT_TAKING_PLACE, now=now)
    messaging.take_back(about, now=now)
    by_office = _by_office(request_id)
    _stand_again(actor, interpretation_request, now)
    known = clients.knows_of(request_id, interpretation_request.starts_at)
    back = Back(client=known)
    for decision in decisions:
        _bring_back(actor, interpretation_request, decision, back, now)
    asking_again.ask_again(actor, asked, now)
    still_asked = offer_queries.open_for(request_id)
    back.asked_anew = len(still_asked) - len(back.asked)
    whole_again(interpretation_request)
    requests.settle(actor, interpretation_request, now=now)
    back.nobody_asked = interpretation_request.state == RequestState.OPEN and not still_asked
    if told or back.gone or not by_office:
        names = [_name_and_way(one) for one in back.coming]
        messages.undone(interpretation_request, names, len(still_asked), known, now)
    else:
        _go_on_unheard(interpretation_request, back, now)
    return back


def _stand_again(actor: Actor, one: InterpretationRequest, now: datetime) -> None:
    """Let a cancelled request be open, or in review, as it was before.

    An agency was called off with it; whether it sends somebody again nobody knows.
    """
    one.agency = one.agency_cents = one.agency_seats = None
    wanted = RequestState.IN_REVIEW if one.needs_review else RequestState.OPEN
    requests.change_state(actor, one, wanted, now=now)
    ledger.record(actor, "request.undone", requests.concerning(one), now=now)


def _go_on_unheard(one: InterpretationRequest, back: Back, now: datetime) -> None:
    """Tell those who asked, and have heard of no end, what they do not know of who comes either."""
    for coming in back.coming:
        if not announced.has_left(coming.id):
            assignment_messages.tell_who_asked(Event.ACCEPTED, coming, now=now)
    if one.state != RequestState.FILLED:
        overtaken.looked_for_again(one, now)


def _name_and_way(coming: Assignment) -> str:
    """Return the first name, and how the person takes part where that is not on site."""
    name, locale = coming.interpreter.first_name, coming.interpretation_request.account.locale
    return name if coming.way == Way.ON_SITE else f"{name} ({way_name(coming.way, locale)})"


def _bring_back(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    decision: CancellationDecision,
    back: Back,
    now: datetime,
) -> None:
    """Have one of those who came come again or ask them again, and note in `back` which it is."""
    before = decision.assignment
    if not had_agreed(before):
        asked = _ask_again(actor, before, now)
        if asked is not None:
            back.asked.append(asked)
            back.asked_before.append(before)
            decision.undone_at = now
            return
    again = come_again(actor, interpretation_request, before, now)
    if again is None:
        back.gone.append(before)
        return
    if _goes_on(before, again, now):
        back.going_on.append((before, again))
    announced.go_on(before.id, again.id)
    back.coming.append(again)
    decision.undone_at = now


def had_agreed(before: Assignment) -> bool:
    """Tell whether somebody had said yes to what an assignment stood for last."""
    return before.confirmations[-1].answer == "yes"


def _ask_again(actor: Actor, before: Assignment, now: datetime) -> Offer | None:
    """Ask whoever had not agreed to a change yet; None where they cannot be asked any more."""
    request_id, who = before.interpretation_request_id, before.interpreter_id
    try:
        with savepoint():
            return offers.make(actor, request_id, who, wanted_again(before), now=now)
    except Refusal:
        return None


def _goes_on(before: Assignment, back: Assignment, now: datetime) -> bool:
    """Invite anew; where nobody has heard of the end of what was agreed, it just goes on: true."""
    about = f"assignment:{before.id}"
    heard = sent.first_left(about) is not None
    told = messaging.take_back(about, names=CALLED_OFF, now=now)
    if told or not heard:
        invite(back, now)
        return False
    invitations.resume(before.id, back.id)
    subjects.goes_on(about, f"assignment:{back.id}")
    return True


def reasons_of_last(request_id: int) -> Reasons:
    """Return why a request was cancelled last, to be cancelled for the same again."""
    return reasons_given(Concerning(interpretation_request=request_id), [CANCELLED])


def reasons_given(concerning: Concerning, kinds: Sequence[str]) -> Reasons:
    """Return what was said for the last change of these kinds."""
    last = ledger.history(concerning, kinds)[-1]
    found = ledger.reasons_of([last], tuple(Audience)).get(last.id, [])
    texts = {one.audience: one.text for one in found}
    return Reasons(office=texts.get(Audience.OFFICE, ""), told=texts.get(Audience.TOLD, ""))


def can_be_undone(interpretation_request: InterpretationRequest, role: str, now: datetime) -> bool:
    """Tell whether somebody in this role may take the cancellation back now."""
    return (
        interpretation_request.state == RequestState.CANCELLED
        and interpretation_request.latest_start_at > now
        and (role not in ASKS or not _by_office(interpretation_request.id))
    )


def last_cancellation(request_id: int) -> Change:
    """Return what is recorded of the last cancellation of a request."""
    return ledger.history(Concerning(interpretation_request=request_id), [CANCELLED])[-1]


def _by_office(request_id: int) -> bool:
    return last_cancellation(request_id).actor_role not in ASKS


def come_again(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    before: Assignment,
    now: datetime,
    *,
    pinned: bool = False,
) -> Assignment | None:
    """Confirm somebody on the terms they had agreed to; None where they cannot come any more.

    Request and interpreter are locked. Nobody is told yet.
    """
    wanted = terms.of(before)
    away = interpreters.is_absent(before.interpreter, wanted.starts_at, wanted.ends_at)
    if away or not (had_agreed(before) and before.interpreter.active):
        return None
    zone_name = interpretation_request.time_zone
    named = fitting.named([interpretation_request], now)
    if fitting.why_not(
        before.interpreter, interpretation_request, wanted, zone_name
    ) or named.why_not(interpretation_request.id, before.interpreter_id):
        return None
    try:
        assignments.require_reachable(before.interpreter, wanted)
    except Conflict:
        return None
    hold = holds.take(
        interpreter_id=before.interpreter_id,
        interpretation_request_id=interpretation_request.id,
        seat=wanted.seat,
        site_id=wanted.site_id,
        way=wanted.way,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        cause=Cause.ASSIGNMENT,
    )
    return assignments.begin(
        actor,
        interpretation_request,
        before.interpreter,
        wanted,
        hold,
        asked_at=now,
        via=Via.KEPT,
        pinned=pinned,
        now=now,
    )


def invite(assignment: Assignment, now: datetime) -> None:
    """Tell the interpreter, with a new entry: one taken out of a calendar never comes back."""
    issued = invitations.issue(
        assignment.id,
        assignment.interpreter_id,
        interpreters.as_person(assignment.interpreter),
        offer_messages.entry_of(assignment),
        now=now,
    )
    assignment_messages.tell(
        Event.UNDONE,
        assignment,
        now=now,
        entry=CalendarEntry(issued.part, issued.sender),
        urgent=is_urgent(now, assignment.starts_at, active().city),
    )
    partners.tell_other(assignment, comes=True, now=now)
