"""Making a plan, keeping it as a proposal, and making true what a person adopts of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

import solver
import solver.analysis
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Way
from dispatch.attendance import queries as attendance
from dispatch.database import db, lock, savepoint
from dispatch.errors import Conflict, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.offers import service as offers
from dispatch.offers.known import Known
from dispatch.offers.models import Offer
from dispatch.offers.rules import Strategy
from dispatch.offers.service import Wanted
from dispatch.planning.advice import rescue, standing
from dispatch.planning.proposals import moving
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.refusals import Unplannable as Unplannable
from dispatch.planning.proposals.refusals import UnsoundPlan as UnsoundPlan
from dispatch.planning.proposals.rules import (
    Item,
    Move,
    Proof,
    asked_together,
    items_of,
    moves_of,
    proof_of,
    with_whom_they_share,
)
from dispatch.planning.runs.child import TIME_LIMIT_SECONDS
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import Question, of_days
from dispatch.requests import service as requests

Progress = solver.Progress


@dataclass(frozen=True)
class Made:
    """A plan that was computed and checked, not yet stored.

    `filled_undisturbed`: how many requests the best plan fills that moves nobody, where that was
    asked too.
    """

    question: Question
    plan: solver.Plan
    proof: Proof
    filled_undisturbed: int | None = None


@dataclass(frozen=True)
class Dropped:
    """A part of a proposal that no longer holds, and why."""

    item: Item
    reason: Any


@dataclass(frozen=True)
class World:
    """What was asked before the adoption began, and what holds once people were released.

    `released` is from what, by their ids.
    """

    before: Question
    schedule: solver.analysis.Desk
    known: Known
    released: Mapping[int, Assignment]


@dataclass
class Adopted:
    """What became of an adoption: the offers made, what was dropped, and who was released.

    Without a `strategy` each was asked as is agreed for the request or with the organisation.
    """

    strategy: Strategy | None = None
    offers: list[Offer] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    released: list[Assignment] = field(default_factory=list)


def compute(
    horizon: Horizon,
    *,
    now: datetime,
    on_progress: Callable[[Progress], None] | None = None,
) -> Made:
    """Plan local days in this process. Changes nothing; the plan is checked from the definitions.

    Raises `UnsoundPlan` rather than return a plan that breaks a rule, `Unplannable`, and `Refusal`
    for days that are over.
    """
    horizon.require_to_come(now)
    question = of_days(horizon, now=now, to_plan=True)
    plan = solver.solve(question.problem, time_limit_s=TIME_LIMIT_SECONDS, on_progress=on_progress)
    return checked(question, plan)


def checked(
    question: Question, plan: solver.Plan, *, filled_undisturbed: int | None = None
) -> Made:
    """Return the plan with its proof once the independent check finds no rule broken.

    Raises `UnsoundPlan` otherwise, and `Unplannable` where nothing satisfies what is pinned.
    """
    if plan.status == solver.Status.INFEASIBLE:
        raise Unplannable()
    broken = solver.check(question.problem, plan)
    if broken:
        raise UnsoundPlan(broken)
    return Made(question, plan, proof_of(question.problem, plan), filled_undisturbed)


def store(actor: Actor, made: Made, *, now: datetime) -> Proposal:
    """Keep the plan with its question, so that every decision can be explained later."""
    proposal = Proposal(
        first_day=made.question.horizon.first,
        last_day=made.question.horizon.last,
        made_at=now,
        account_id=actor.account_id,
        versions=made.question.versions,
        problem=made.question.problem.model_dump(mode="json", by_alias=True),
        plan=made.plan.model_dump(mode="json", by_alias=True),
        filled_undisturbed=made.filled_undisturbed,
    )
    db.session.add(proposal)
    db.session.flush()
    ledger.record(actor, "proposal.made", Concerning(proposal=proposal.id), now=now)
    return proposal


def adopt(
    actor: Actor,
    proposal_id: int,
    chosen: Collection[tuple[int, int]] | None,
    *,
    zone_name: str,
    strategy: Strategy | None = None,
    now: datetime,
) -> Adopted:
    """Make offers for all or the chosen (request, interpreter) pairs of a proposal.

    Each carries what the plan decided: begin, language, way; as a cascade it goes on with the next
    best when the person declines or does not answer. Without a `strategy` it is what is agreed with
    the organisation: one person, or, as a plan names one for each seat, a cascade. What no longer
    holds, because the world changed meanwhile, is dropped and named; what was not chosen can be
    adopted later, but two who are to share a talk are asked together; where nothing holds any
    more, nothing counts as adopted. A proposal that moves confirmed people is adopted as a whole or
    not at all. Raises `Conflict` when all of it was adopted before or it can no longer move whom it
    would, `Refusal` when what was chosen is not in it.
    """
    proposal = lock(Proposal, proposal_id)
    items, moves = _chosen(proposal, chosen), moves_of(plan_of(proposal))
    if proposal.adopted_at is not None and not items:
        raise Conflict(
            "adopted-before",
            _l("This proposal was adopted already; plan again for what is still open."),
        )
    horizon = Horizon(proposal.first_day, proposal.last_day, zone_name)
    missed = attendance.missed_next(now) if proposal.repair is not None else []
    _lock_all(items, moves, [one.assignment.interpreter_id for one in missed])
    before = of_days(horizon, now=now)
    adopted = Adopted(strategy)
    for move in moves:
        moving.require_unchanged(proposal, move.request_id, before, now)
        adopted.released.append(moving.release(actor, move, now=now))
    world = _world(before, of_days(horizon, now=now) if moves else before, items, adopted.released)
    for together in asked_together(items):
        _adopt_together(actor, proposal, together, world, adopted, now)
    if moves and adopted.dropped:
        raise moving.no_longer(adopted.dropped[0].reason)
    made = [[one.interpretation_request_id, one.interpreter_id] for one in adopted.offers]
    proposal.adopted_pairs = [*proposal.adopted_pairs, *made]
    if made:
        proposal.adopted_at = proposal.adopted_at or now
        ledger.record(actor, "proposal.adopted", Concerning(proposal=proposal.id), now=now)
    return adopted


def _world(
    before: Question, after: Question, items: Sequence[Item], released: Sequence[Assignment]
) -> World:
    known = offers.known_of({item.request_id for item in items})
    by_person = {one.interpreter_id: one for one in released}
    return World(before, standing.as_it_stands(after), known, by_person)


def _lock_all(items: Sequence[Item], moves: Sequence[Move], late: Collection[int]) -> None:
    """Lock every request, then every interpreter, also who is `late`, each in the order of ids.

    Two proposals adopted at once would else lock the same rows in two orders and deadlock; so the
    second waits and then sees what the first has made true.
    """
    concerned: list[Item | Move] = [*items, *moves]
    requests.lock_all({one.request_id for one in concerned})
    assignments.lock_interpreters({*late, *(one.interpreter_id for one in concerned)})


def plan_of(proposal: Proposal) -> solver.Plan:
    """Return the stored plan."""
    return solver.Plan.model_validate(proposal.plan)


def problem_of(proposal: Proposal) -> solver.Problem:
    """Return the stored question."""
    return solver.Problem.model_validate(proposal.problem)


def left_of(proposal: Proposal) -> list[Item]:
    """Return what the proposal proposes and nobody has made true yet."""
    done = {(request_id, interpreter_id) for request_id, interpreter_id in proposal.adopted_pairs}
    return [
        item
        for item in items_of(plan_of(proposal))
        if (item.request_id, item.interpreter_id) not in done
    ]


def _chosen(proposal: Proposal, chosen: Collection[tuple[int, int]] | None) -> list[Item]:
    items = left_of(proposal)
    if chosen is None or moves_of(plan_of(proposal)):
        return items
    taken = with_whom_they_share(items, chosen)
    known = {(one.request_id, one.interpreter_id) for one in items_of(plan_of(proposal))}
    if not chosen or not set(chosen) <= known:
        raise Refusal(
            "not-in-proposal",
            _l("What was chosen is not in this proposal; choose among its lines."),
        )
    return taken


def _as_agreed(request_id: int) -> Strategy:
    agreed = requests.lock(request_id).agreed_strategy
    return Strategy.DIRECT if agreed == Strategy.DIRECT else Strategy.CASCADE


def _adopt_together(
    actor: Actor,
    proposal: Proposal,
    items: Sequence[Item],
    world: World,
    adopted: Adopted,
    now: datetime,
) -> None:
    """Ask one person, or the two who are to share a talk: both or neither."""
    try:
        with savepoint():
            made = [
                _adopt_one(actor, proposal, item, world, adopted.strategy, now) for item in items
            ]
        adopted.offers += made
    except Refusal as refusal:
        adopted.dropped += [Dropped(item, refusal.text) for item in items]


def _adopt_one(
    actor: Actor,
    proposal: Proposal,
    item: Item,
    world: World,
    strategy: Strategy | None,
    now: datetime,
) -> Offer:
    origin, _after = world.before.horizon.bounds
    decided = Wanted(
        seat=item.seat,
        starts_at=origin + timedelta(minutes=item.begin),
        language=item.language,
        way=Way(item.way),
        sharing=item.sharing,
    )
    moving.require_unchanged(proposal, item.request_id, world.before, now)
    standing.require_able(world.schedule, item.request_id, item.interpreter_id, now=now)
    if proposal.repair is not None:
        rescue.make_room(actor, requests.lock(item.request_id), now=now)
    return offers.make(
        actor,
        item.request_id,
        item.interpreter_id,
        decided,
        strategy=strategy or _as_agreed(item.request_id),
        known=world.known,
        released=world.released.get(item.interpreter_id),
        now=now,
    )
