from collections import defaultdict
from itertools import chain, pairwise

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TRANSITIONS as OF_ASSIGNMENTS
from dispatch.assignments.rules import AssignmentState, Stop, minutes_short
from dispatch.clock import at_place
from dispatch.database import db
from dispatch.interpreters import queries as interpreters
from dispatch.invitations.models import Invitation
from dispatch.ledger.models import Change
from dispatch.offers.models import Offer
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import TRANSITIONS as OF_REQUESTS
from dispatch.requests.rules import RequestState
from dispatch.travel.estimate import Mode, Point, minutes
from tests.conftest import MONDAY_MORNING as NOW

COMES = {AssignmentState.CONFIRMED, AssignmentState.COMPLETED}
OF_OFFERS = {"made": {"accepted", "declined", "expired", "interested", "withdrawn"}}


def every(model, *options):
    return db.session.scalars(sa.select(model).options(*options)).all()


def coming():
    request = joinedload(Assignment.interpretation_request)
    everything = every(Assignment, request.joinedload(InterpretationRequest.site))
    return [assignment for assignment in everything if assignment.state in COMES]


def test_nobody_was_ever_in_two_places_or_late_from_one_to_the_next(demo_data):
    days = defaultdict(list)
    for assignment in coming():
        days[assignment.interpreter_id].append(assignment)
    for assignments in days.values():
        assignments.sort(key=lambda assignment: assignment.starts_at)
        mode = Mode(assignments[0].interpreter.travel_mode)
        for first, then in pairwise(assignments):
            stops = [
                Stop(
                    each.starts_at,
                    each.ends_at,
                    Point(each.site.latitude, each.site.longitude),
                    each.site.buffer_before_minutes,
                    each.site.buffer_after_minutes,
                )
                for each in (first, then)
            ]
            way = minutes(stops[0].point, stops[1].point, mode)
            assert minutes_short(stops[0], stops[1], way) <= 0


def test_who_came_spoke_the_language_and_was_what_was_asked_for(demo_data):
    for assignment in coming():
        asked, person = assignment.interpretation_request, assignment.interpreter
        day = at_place(asked.starts_at, asked.time_zone).date()
        assert asked.language in {spoken.tag for spoken in person.working_languages}
        assert asked.gender_required in {None, person.gender}
        if asked.qualification_required:
            assert interpreters.holds(person, asked.qualification_required, day)


def test_a_filled_request_has_its_people_and_no_other_has(demo_data):
    people = defaultdict(set)
    for assignment in coming():
        people[assignment.interpretation_request_id].add(assignment.interpreter_id)
    for asked in every(InterpretationRequest):
        is_full = len(people[asked.id]) == asked.interpreter_count
        is_over = asked.starts_at <= NOW and bool(people[asked.id])
        assert (is_full or is_over) == (
            asked.state in {RequestState.FILLED, RequestState.COMPLETED}
        )


def test_what_is_over_is_closed_and_what_is_to_come_is_not(demo_data):
    for asked in every(InterpretationRequest):
        assert asked.submitted_at < asked.starts_at
        assert asked.submitted_at <= NOW
        if asked.state in {RequestState.COMPLETED, RequestState.UNFILLED}:
            assert asked.starts_at <= NOW
        if asked.state == RequestState.OPEN:
            assert asked.starts_at > NOW


def test_reference_numbers_name_the_year_and_count_nothing(demo_data):
    came_in = sorted(every(InterpretationRequest), key=lambda asked: asked.submitted_at)
    numbers = [asked.reference for asked in came_in]
    assert all(asked.reference[3:7] == str(asked.submitted_at.year) for asked in came_in)
    assert numbers != sorted(numbers)


def test_an_accepted_offer_has_an_invitation_and_an_open_one_a_deadline_ahead(demo_data):
    assert {one.assignment_id for one in every(Invitation)} == {one.id for one in every(Assignment)}
    agreed = {(one.interpretation_request_id, one.interpreter_id) for one in every(Assignment)}
    for offer in every(Offer):
        was_accepted = (offer.interpretation_request_id, offer.interpreter_id) in agreed
        assert (offer.state == "accepted") == was_accepted
        waits = offer.answered_at is None and offer.answer_by > NOW
        # whoever is away on the planned day is not asked for it any more
        assert (offer.state in {"to_approve", "made", "withdrawn"}) == waits


@pytest.mark.parametrize(
    ("model", "begins", "transitions"),
    [
        (InterpretationRequest, "open", OF_REQUESTS),
        (Assignment, "confirmed", OF_ASSIGNMENTS),
        (Offer, "made", OF_OFFERS),
    ],
)
def test_the_record_tells_every_change_of_state_and_each_was_allowed(
    demo_data, model, begins, transitions
):
    kind = "request" if model is InterpretationRequest else model.__name__.lower()
    own_id = "interpretation_request_id" if kind == "request" else f"{kind}_id"
    told = defaultdict(list)
    states = {"submitted", *transitions, *chain.from_iterable(transitions.values())}
    for entry in db.session.scalars(
        sa.select(Change).where(Change.kind.startswith(f"{kind}.")).order_by(Change.id)
    ):
        assert entry.at <= NOW
        state = entry.kind.removeprefix(f"{kind}.")
        if state not in states:
            continue  # a change that leaves the state as it is
        told[getattr(entry, own_id)].append(begins if state == "submitted" else state)
    for row in every(model):
        if getattr(row, "needs_review", False):
            continue  # it waits for the office, and nothing else was told of it
        if row.state == "to_approve":
            continue  # the same of a long way: nobody was asked yet
        assert told[row.id][0] == begins
        assert told[row.id][-1] == row.state
        for before, after in pairwise(told[row.id]):
            assert after in transitions[before]
