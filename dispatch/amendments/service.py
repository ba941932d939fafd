"""Changing a request, and taking the answers of those who have to agree again."""

import secrets
from datetime import datetime
from functools import partial

from dispatch import engine
from dispatch.accounts.rules import ASKS
from dispatch.amendments import differences, locking, messages, queries, rules, unheard, urgency
from dispatch.amendments.before import Before
from dispatch.amendments.before import before as before_of
from dispatch.amendments.foreseeing import (
    Concerned,
    Foreseen,
    demand_of,
    foresee,
    interpreters_of,
)
from dispatch.amendments.rules import TIMES, TO_AGREE, TO_FULFIL, Fate
from dispatch.assignments import announced
from dispatch.assignments import messages as assignment_messages
from dispatch.assignments import service as assignments
from dispatch.assignments import terms as agreed
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.cancellations import deciding
from dispatch.cancellations import service as cancellations
from dispatch.cities.working_time import is_short_notice
from dispatch.contacts.hearing import Event
from dispatch.database import db, expect_version
from dispatch.holds import service as holds
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import NO_REASONS, SYSTEM, Actor
from dispatch.messaging import service as messaging
from dispatch.offers import messages as offer_messages
from dispatch.offers import partners, renewing
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from dispatch.offers.deadlines import answer_deadline
from dispatch.offers.models import Offer
from dispatch.offers.rules import reminder_at
from dispatch.offers.seats import whole_again
from dispatch.requests import messages as request_messages
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.sites.models import Site

AGREED_WITH_AGENCY = TO_AGREE | TO_FULFIL | {"interpreter_count"}


def amend(
    actor: Actor,
    request_id: int,
    details: RequestDetails,
    *,
    now: datetime,
    expected_version: int | None = None,
    answer_by: datetime | None = None,
    office_asked: bool = False,
) -> Foreseen:
    """Change what was asked for, tell whom it concerns and ask again who has to agree again.

    `answer_by` is when their answers are due, where several changes have one deadline in common;
    else what the lead time gives. `office_asked`: it proposed this itself, on whatever notice.
    Returns what it did to whom.

    Raises what `foresee` raises, and `Conflict` when the request has changed since the person
    looked (`expected_version`).
    """
    interpretation_request = requests.lock(request_id)
    expect_version(interpretation_request.version, expected_version)
    look = partial(foresee, interpretation_request, details, now=now, office_asked=office_asked)
    _hold_still(interpretation_request, look())
    foreseen, was = look(), demand_of(interpretation_request)
    demand, names = foreseen.demand, foreseen.names
    before = [(one, before_of(one, was, demand, names)) for one in foreseen.people]
    by_agency = interpretation_request.agency_seats or 0
    _write(interpretation_request, foreseen, now)
    urgency.note(actor, interpretation_request, details, foreseen, now)
    concerning = requests.concerning(interpretation_request)
    ledger.record(actor, "request.changed", concerning, now=now, fields=names)
    messaging.take_back(request_messages.about_client(request_id), now=now)
    tells = actor.role not in ASKS or bool(AGREED_WITH_AGENCY & names)
    unsaid, earlier = 0, queries.unsaid_before(actor, interpretation_request)
    if tells:  # a mere detail leaves standing what waits to be said, such as the receipt
        messaging.take_back(request_messages.about_all(request_id), now=now)
        unsaid = queries.lost_without_a_word(request_id)
    for one, held in sorted(before, key=lambda pair: pair[0].fate != Fate.LEAVES):
        _see_to(actor, one, held, answer_by, now)
    whole_again(interpretation_request)
    _sit_closer(interpretation_request)
    requests.settle(actor, interpretation_request, now=now)
    if tells:
        new = differences.for_who_asked(was, demand, names, interpretation_request.account.locale)
        messages.request_changed(
            interpretation_request,
            differences.together(earlier.changes, new),
            asked_again=_assignments(foreseen, Fate.ASKED_AGAIN),
            lost=_assignments(foreseen, Fate.LEAVES),
            lost_besides=by_agency - (interpretation_request.agency_seats or 0) + unsaid,
            changed_by=earlier.changed_by,
            now=now,
        )
    return foreseen


def _hold_still(one: InterpretationRequest, foreseen: Foreseen) -> None:
    """Lock all whom a change concerns, in one order, before it is looked at whose time is taken.

    What waits to be said to those who come waits until the change is made.
    """
    for interpreter_id in interpreters_of(foreseen.people):
        assignments.lock_interpreter(interpreter_id)
    messaging.hold_still([f"assignment:{each.id}" for each in assignments.live(one)])


def _assignments(foreseen: Foreseen, fate: Fate) -> list[Assignment]:
    return [one.by for one in foreseen.coming_of(fate) if isinstance(one.by, Assignment)]


def accept(actor: Actor, question_id: int, *, via: Via, now: datetime) -> Assignment:
    """Take the yes to changed terms: from now on they are what was agreed.

    Raises `Conflict` or `Gone` when they are overtaken, answered or over.
    """
    question = _answerable(question_id, now)
    agreed.agree(actor, question, via=via, now=now)
    messages.agreed(question.assignment, now)
    return question.assignment


def decline(actor: Actor, question_id: int, *, via: Via, now: datetime) -> Assignment:
    """Take the no to changed terms: the seat is open again, and both sides hear it.

    Raises `Conflict` or `Gone` when they are overtaken, answered or over.
    """
    question = _answerable(question_id, now)
    question.answered("no", via, now)
    _give_up(actor, question.assignment, "assignment.terms_declined", now)
    return question.assignment


def expire(question_id: int, *, now: datetime) -> None:
    """End what nobody agreed to in time; silence is a no, never a yes.

    What the person was asked together with it and is due as well ends in the same step, so that
    one message says it.
    """
    for each in locking.asked_together(question_id):
        question = locking.lock(each)
        waits = agreed.open_question(question.assignment) is question
        if waits and question.answer_by is not None and question.answer_by <= now:
            _give_up(SYSTEM, question.assignment, "assignment.terms_expired", now)


def _answerable(question_id: int, now: datetime) -> Confirmation:
    question = locking.lock(question_id)
    assignment = question.assignment
    rules.require_answerable(
        question.terms_number,
        assignment.confirmations[-1].terms_number,
        question.answer,
        question.answer_by,
        now,
    )
    rules.require_waiting(waits=agreed.open_question(assignment) is question)
    return question


def _give_up(actor: Actor, assignment: Assignment, kind: str, now: datetime) -> None:
    event = Event.NOT_RECONFIRMED
    cancellations.open_again(actor, assignment, event, reasons=NO_REASONS, now=now, kind=kind)
    assignment_messages.tell_who_asked(Event.NOT_RECONFIRMED, assignment, now=now)


def _write(one: InterpretationRequest, foreseen: Foreseen, now: datetime) -> None:
    """Make the request what it is asked to be."""
    demand = foreseen.demand
    # Before anything is set: reading writes what is set so far, and half a span may be none.
    site = db.session.get_one(Site, demand.site_id)
    if one.sharing is not None:
        shared = rules.sharing_after(one.sharing, one.handover_minutes, demand)
        one.handed_over_after = shared.after_minutes
    for name in foreseen.names:
        setattr(one, name, getattr(demand, name))
    if AGREED_WITH_AGENCY & foreseen.names:  # whether it can do that it has to be asked
        one.agency = one.agency_cents = one.agency_seats = None
    one.ends_at = demand.ends_at
    one.time_zone = site.time_zone
    one.wall_start = requests.wall_of(one)
    if TIMES & foreseen.names:
        city = active().city
        one.next_word_at = request_rules.next_word_at(now, demand.starts_at, city)
        one.is_urgent = one.is_urgent and is_short_notice(now, demand.starts_at, city)
    db.session.flush()
    db.session.refresh(one, ["site"])


def _sit_closer(one: InterpretationRequest) -> None:
    """Give everybody a seat within the number that is asked for now."""
    free = offer_service.free_seats(one)
    people: list[Offer | Assignment] = [*offers.open_for(one.id), *assignments.live(one)]
    for by in people:
        if by.hold_id is not None and (by.seat or 0) > one.interpreter_count:
            by.seat = holds.sit(by.hold_id, free.pop(0)).seat
    db.session.flush()


def _see_to(
    actor: Actor, one: Concerned, was: Before, answer_by: datetime | None, now: datetime
) -> None:
    if answer_by is None:
        starts_at = one.terms.starts_at
        answer_by = answer_deadline(now=now, starts_at=starts_at, city=active().city).answer_by
    if isinstance(one.by, Offer):
        _see_to_question(actor, one, one.by, now)
    else:
        _see_to_assignment(actor, one, one.by, was, answer_by, now)


def _see_to_question(actor: Actor, one: Concerned, offer: Offer, now: datetime) -> None:
    if one.fate == Fate.ASKED_AGAIN:
        renewing.renew(actor, offer, one.terms, now=now)
    elif one.to_office:
        renewing.renew(actor, offer, one.terms, to_office=True, now=now)
    elif one.fate == Fate.LEAVES:
        offer_service.take_back(
            actor,
            offer,
            lambda each, at: offer_messages.tell_taken_back(Event.CHANGED_WITHOUT, each, at),
            now=now,
        )


def _see_to_assignment(
    actor: Actor,
    one: Concerned,
    assignment: Assignment,
    was: Before,
    answer_by: datetime,
    now: datetime,
) -> None:
    if one.fate == Fate.ASKED_AGAIN:
        _ask_again(actor, one, assignment, was, answer_by, now)
    elif one.fate == Fate.LEAVES:
        _let_leave(actor, assignment, now)
        if one.to_office:
            renewing.ask_office(actor, assignment, one.terms, now=now)
    elif one.fate == Fate.STANDS:
        since = unheard.asked_since(assignment)
        agreed.stand_again(actor, assignment, one.terms, now=now)
        messages.stands_again(assignment, since, now)
    elif one.fate == Fate.TOLD:
        if one.terms != agreed.of(assignment):
            agreed.keep(actor, assignment, one.terms, now=now)
        messages.only_to_know(assignment, was, now)


def _let_leave(actor: Actor, assignment: Assignment, now: datetime) -> None:
    owed = deciding.decide(assignment, now)
    assignments.end(actor, assignment, AssignmentState.RELEASED, now=now)
    messaging.take_back(announced.about_coming(assignment.id), now=now)
    cancellations.tell_off(Event.CHANGED_WITHOUT, assignment, "", now, owed_minutes=owed.minutes)
    partners.tell_other(assignment, comes=False, now=now)


def _ask_again(
    actor: Actor,
    one: Concerned,
    assignment: Assignment,
    was: Before,
    answer_by: datetime,
    now: datetime,
) -> None:
    token = secrets.token_urlsafe(16)
    question = agreed.ask_again(
        actor,
        assignment,
        one.terms,
        answer_by=answer_by,
        token_hash=offers.hash_of(token),
        now=now,
    )
    messages.to_agree_again(assignment, question, was, token, now)
    # The sweep finds what a lost job leaves.
    engine.fall_due("expire_terms", question.id, answer_by)
    question.remind_at = reminder_at(now, answer_by, active().city)
    if question.remind_at is not None:
        engine.fall_due("remind_of_terms", question.id, question.remind_at)
