"""A person gives a request to somebody, with every rule checked first."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import solver
from dispatch.assignments import messages as assignment_messages
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.availability.rules import Way
from dispatch.cancellations import service as cancellations
from dispatch.contacts.hearing import Event
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.ledger.rules import Actor, Reasons
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.seats import AS_ASKED, Wanted
from dispatch.planning.advice import nearby, standing, wording
from dispatch.planning.snapshot.problem import Question, of_day
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest

_one_at_a_time = threading.Lock()
"""Held while the solver is asked: two questions at once take as long as one after the other, and
whoever waited sees first whether the seat is still free. So fifty who reach for it soon know."""


def require_able_now(
    interpretation_request: InterpretationRequest,
    interpreter_id: int,
    starts_at: datetime | None = None,
    *,
    leaving: int | None = None,
    now: datetime,
) -> Wanted:
    """Return on which terms somebody could take a request beside the schedule as it is.

    Of a window, `starts_at` is the start somebody chose; without one the best that suits. `leaving`
    is the interpreter whose seat it would be, where they come instead of somebody. Raises
    `Conflict` naming every rule that stops them, and where they would only do by a way that
    is meant for when nobody is found, while somebody is there who was not asked yet.
    """
    request_id = interpretation_request.id
    with _one_at_a_time:
        _require_seat(interpretation_request, interpreter_id, leaving)
        question = _question(interpretation_request, now, who=[interpreter_id])
        if starts_at is not None:
            question = standing.narrowed(question, request_id, at=starts_at)
        schedule = standing.as_it_stands(question)
        chosen = standing.require_able(
            schedule,
            request_id,
            interpreter_id,
            beside=lambda who: nearby.too_near(who, interpretation_request, starts_at, now),
            now=now,
        )
        if Way(chosen.way) != interpretation_request.ranked_ways[0]:
            _require_no_better_way(interpretation_request, chosen, now)
        return standing.wanted_of(chosen, question)


def _require_seat(
    interpretation_request: InterpretationRequest, interpreter_id: int, leaving: int | None
) -> None:
    """Refuse (409) what needs no solver to be refused."""
    held = holds.of_request(interpretation_request.id)
    if interpreter_id in {one.interpreter_id for one in held}:
        raise Conflict("not-possible", wording.ON_IT_ALREADY)
    staying = [one for one in held if one.interpreter_id != leaving]
    if not offers.free_seats(interpretation_request, staying):
        raise Conflict("request-not-open", wording.NOT_NEEDED)


def _question(
    interpretation_request: InterpretationRequest,
    now: datetime,
    *,
    who: Collection[int] | None = None,
) -> Question:
    day, zone_name = interpretation_request.day, interpretation_request.time_zone
    only = interpretation_request.id
    return of_day(day, zone_name, now=now, only=only, who=who, by_a_person=True, late_too=True)


def _require_no_better_way(
    interpretation_request: InterpretationRequest,
    chosen: solver.analysis.Candidate,
    now: datetime,
) -> None:
    """Refuse a way that is meant for when nobody is found while somebody else could be asked."""
    ranked, request_id = interpretation_request.ranked_ways, interpretation_request.id
    asked_before = {one.interpreter_id for one in queries.of_request(request_id)}
    everybody = standing.as_it_stands(_question(interpretation_request, now))
    for one in standing.candidates(everybody, request_id):
        is_better = ranked.index(Way(one.way)) < ranked.index(Way(chosen.way))
        if one.feasible and is_better and int(one.interpreter) not in asked_before:
            raise Conflict("not-needed-yet", wording.better_way(one.way, chosen.way))


def by_hand(
    actor: Actor,
    request_id: int,
    interpreter_id: int,
    wanted: Wanted = AS_ASKED,
    *,
    directly: bool,
    now: datetime,
) -> Offer | Assignment:
    """Make an offer on these terms, or (`directly`) confirm what was agreed in person and pin it.

    Ask `require_able_now` first, outside the transaction; overlap and travel are checked again
    here. Raises `Conflict` when somebody was quicker.
    """
    if directly:
        return offers.assign(actor, request_id, interpreter_id, wanted, now=now)
    return offers.make(actor, request_id, interpreter_id, wanted, now=now)


@dataclass(frozen=True)
class Instead:
    """Whose seat somebody else is to take, why, and the version of it that was looked at."""

    of: Assignment | Offer
    reasons: Reasons
    expected_version: int | None = None


def by_hand_or_instead(
    actor: Actor,
    request_id: int,
    interpreter_id: int,
    wanted: Wanted = AS_ASKED,
    *,
    instead: Instead | None,
    directly: bool,
    now: datetime,
) -> Offer | Assignment:
    """Give a free seat as `by_hand`, or somebody's seat as `move`."""
    if instead is not None:
        return move(actor, interpreter_id, instead, wanted, directly=directly, now=now)
    return by_hand(actor, request_id, interpreter_id, wanted, directly=directly, now=now)


def move(
    actor: Actor,
    interpreter_id: int,
    instead: Instead,
    wanted: Wanted = AS_ASKED,
    *,
    directly: bool,
    now: datetime,
) -> Offer | Assignment:
    """Give a seat to somebody else in one step: release who has it or take the question back.

    As `by_hand`. Raises `Refusal` where somebody who comes is released without a reason, and
    `Conflict` where the seat is not theirs any more; then nothing has changed.
    """
    request_id = instead.of.interpretation_request_id
    requests.lock(request_id)
    assignments.lock_interpreters({instead.of.interpreter_id, interpreter_id})
    if isinstance(instead.of, Offer):
        offers.withdraw(actor, instead.of.id, reasons=instead.reasons, now=now)
        return by_hand(actor, request_id, interpreter_id, wanted, directly=directly, now=now)
    released = cancellations.release(
        actor,
        instead.of.id,
        reasons=instead.reasons,
        now=now,
        expected_version=instead.expected_version,
        tells_who_asked=False,
    )
    given = by_hand(actor, request_id, interpreter_id, wanted, directly=directly, now=now)
    if isinstance(given, Offer):  # of an assignment they hear who comes instead
        assignment_messages.tell_who_asked(
            Event.RELEASED, released, now=now, reason=instead.reasons.told
        )
    return given
