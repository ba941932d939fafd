"""Planning again within the day, by itself: what fell out, and a proposal that moves few people.

Nothing is sent: a person adopts the proposal or does not. At most one stands for each day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer

import solver
from dispatch import settings
from dispatch.attendance import queries as attendance
from dispatch.clock import at_place
from dispatch.database import db, transaction
from dispatch.holds.models import Hold
from dispatch.ledger.models import Change
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries as offers
from dispatch.offers import rounds
from dispatch.planning.proposals import looks, orders, service
from dispatch.planning.proposals.models import Proposal, Standing
from dispatch.planning.proposals.rules import items_of, moves_of
from dispatch.planning.runs import child
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import Question, of_days
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

DISTURB_AT_MOST = 1
SOLVE_SECONDS = 10.0
LOST = frozenset(
    {
        "assignment.cannot-come",
        "assignment.released",
        "assignment.terms_declined",
        "assignment.terms_expired",
        "assignment.withdrawn",
        "offer.declined",
        "offer.expired",
        "round.exhausted",
    }
)
"""What loses a request somebody, as the record calls it."""


STANDING = (Proposal.repair == Standing.STANDS, Proposal.adopted_at.is_(None))


@dataclass(frozen=True)
class Repair:
    """A proposal that mends a day: how many requests it fills, who would have to move for it."""

    proposal: Proposal
    fills: int
    moves: int


def look_again(day_text: str, *, now: datetime) -> None:
    """Look at what fell out on a day, and keep what would mend it; what was kept before is over.

    Only requests that lost somebody, or whose interpreter will not be there in time, are looked at,
    and none that a round goes on with by itself.
    Computed outside the transaction; a person is still asked nothing. A look that was slow keeps
    nothing where one that began later is kept already: it has seen what this one has not.
    """
    day = date.fromisoformat(day_text)
    number = looks.begin(day)
    horizon = Horizon(day, day, settings.active().time_zone)
    missed = missed_on(horizon, now)
    wanted = fallen_out(horizon, now) | set(missed)
    made = _made(horizon, wanted, missed.values(), now) if wanted else None
    with transaction():
        if not looks.is_newest(day, number):
            return
        db.session.execute(
            sa.update(Proposal)
            .where(Proposal.first_day == day, Proposal.repair == Standing.STANDS)
            .values(repair=Standing.OVER)
        )
        if made is not None and items_of(made.plan):
            service.store(SYSTEM, made, now=now).repair = Standing.STANDS


def fallen_out(horizon: Horizon, now: datetime) -> set[int]:
    """Return the open requests of the days that lost somebody and that nobody is at by now."""
    first, after = horizon.bounds
    return set(
        db.session.scalars(
            sa.select(InterpretationRequest.id)
            .join(Change, Change.interpretation_request_id == InterpretationRequest.id)
            .where(
                InterpretationRequest.state == RequestState.OPEN,
                InterpretationRequest.starts_at >= max(first, now),
                InterpretationRequest.starts_at < after,
                Change.kind.in_(LOST),
                sa.not_(offers.goes_on()),
            )
        )
    )


def missed_on(horizon: Horizon, now: datetime) -> dict[int, int]:
    """Return the requests of the days whose interpreter will be late, with the assignment missed.

    Whose assignment before lasts longer, or began late, by as much as was said or is so by now.
    """
    first, after = horizon.bounds
    return {
        one.assignment.interpretation_request_id: one.assignment.id
        for one in attendance.missed_next(now)
        if max(first, now) <= one.assignment.starts_at < after
    }


def days_to_look_at(now: datetime) -> list[str]:
    """Return the days on which somebody will be late and no proposal stands that mends it."""
    zone_name = settings.active().time_zone
    missed = attendance.missed_next(now)
    if not missed:
        return []
    mended = {
        item.request_id
        for repair in standing(now)
        for item in items_of(service.plan_of(repair.proposal))
    }
    return sorted(
        {
            at_place(one.assignment.starts_at, zone_name).date().isoformat()
            for one in missed
            if one.assignment.starts_at > now
            and one.assignment.interpretation_request_id not in mended
        }
    )


def standing(now: datetime) -> list[Repair]:
    """Return what would mend a day from today on, as long as the world is as it was then."""
    today = at_place(now, settings.active().time_zone).date()
    proposals = db.session.scalars(
        sa.select(Proposal)
        .options(defer(Proposal.problem))  # a day as it was asked is long, and not looked at
        .where(*STANDING, Proposal.last_day >= today)
        .order_by(Proposal.first_day)
    ).all()
    if not proposals:
        return []
    world = _world({int(id_) for one in proposals for id_ in one.versions}, now)
    plans = [(one, service.plan_of(one)) for one in proposals]
    return [_repair(one, plan) for one, plan in plans if _holds(one, plan, world, now)]


def how_many() -> sa.ScalarSelect[int]:
    """Return how many proposals stand that were made by themselves, for a query of anything."""
    return sa.select(sa.func.count(Proposal.id)).where(*STANDING).scalar_subquery()


def _made(
    horizon: Horizon, wanted: Collection[int], missed: Collection[int], now: datetime
) -> service.Made | None:
    whole = of_days(horizon, now=now, without=missed, disturb_at_most=DISTURB_AT_MOST, to_plan=True)
    question = _narrowed(whole, wanted)
    try:
        return orders.made(
            question,
            lambda problem: child.solve(
                problem, lambda _pid, _heard: False, time_limit_s=SOLVE_SECONDS
            ),
        )
    except (child.NoAnswer, service.Unplannable):
        return None


def _narrowed(question: Question, wanted: Collection[int]) -> Question:
    """Return the question without what is open for other reasons: the day is not planned anew."""
    held = {one.request for one in question.problem.commitments}
    kept = held | {str(id_) for id_ in wanted}
    problem: solver.Problem = question.problem.model_copy(
        update={"requests": tuple(one for one in question.problem.requests if one.id in kept)}
    )
    return replace(question, problem=problem)


_World = Mapping[int, tuple[str, datetime, int, bool]]
"""Of a request its state, start and version, and whether somebody is wanted for it.

Nobody is where a round asks several at once: beside it nobody can be asked.
"""


def _world(request_ids: Collection[int], now: datetime) -> _World:
    missed = {one.assignment.interpretation_request_id for one in attendance.missed_next(now)}
    in_rounds = rounds.asking_several(request_ids, now)
    held = (
        sa.select(sa.func.count(Hold.id))
        .where(Hold.interpretation_request_id == InterpretationRequest.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            InterpretationRequest.id,
            InterpretationRequest.state,
            InterpretationRequest.starts_at,
            InterpretationRequest.version,
            held + sa.func.coalesce(InterpretationRequest.agency_seats, 0)
            < InterpretationRequest.interpreter_count,
        ).where(InterpretationRequest.id.in_(request_ids))
    )
    return {
        id_: (
            state,
            starts_at,
            version,
            id_ not in in_rounds and (id_ in missed or (state == RequestState.OPEN and free)),
        )
        for id_, state, starts_at, version, free in rows
    }


def _holds(proposal: Proposal, plan: solver.Plan, world: _World, now: datetime) -> bool:
    """Tell whether each request it would fill or take somebody off is as it was, and to come."""
    moved = {one.request_id for one in moves_of(plan)}
    for request_id in moved | {one.request_id for one in items_of(plan)}:
        _state, starts_at, version, wanted = world[request_id]
        same = version == proposal.versions[str(request_id)] and starts_at > now
        if not (same and (wanted or request_id in moved)):
            return False
    return True


def _repair(proposal: Proposal, plan: solver.Plan) -> Repair:
    moves = moves_of(plan)
    moved = {one.request_id for one in moves}
    fills = {one.request_id for one in items_of(plan)} - moved
    return Repair(proposal, len(fills), len(moves))
