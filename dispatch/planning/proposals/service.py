"""Making a plan, keeping it as a proposal, and making true what a person adopts of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

import solver
from dispatch.database import db, get
from dispatch.errors import Conflict, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.advice import standing
from dispatch.planning.proposals import moving
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import Item, Proof, items_of, moves_of, proof_of
from dispatch.planning.runs import wording
from dispatch.planning.runs.child import TIME_LIMIT_SECONDS
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import Question, of_days
from dispatch.requests.models import InterpretationRequest

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
    """What was asked before the adoption began, and the schedule once people were released."""

    before: Question
    schedule: solver.Desk


@dataclass
class Adopted:
    """What became of an adoption: the offers made, and what was dropped."""

    offers: list[Offer] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


class UnsoundPlan(Refusal):
    """The independent check found a broken rule in a plan; it is never shown or stored."""

    status = 500

    def __init__(self, broken: Sequence[object]) -> None:
        super().__init__(
            "unsound-plan",
            _l(
                "The plan broke a rule and was thrown away (%(broken)s); nothing was changed. "
                "Please report this.",
                broken="; ".join(str(each) for each in broken),
            ),
        )


class Unplannable(Refusal):
    """What is pinned contradicts itself; there is no plan at all."""

    status = 409

    def __init__(self) -> None:
        super().__init__("contradiction", wording.CONTRADICTION)


def compute(
    horizon: Horizon,
    *,
    now: datetime,
    on_progress: Callable[[Progress], None] | None = None,
) -> Made:
    """Plan local days in this process. Changes nothing; the plan is checked from the definitions.

    Raises `UnsoundPlan` rather than return a plan that breaks a rule, and `Unplannable`.
    """
    question = of_days(horizon, now=now)
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
    now: datetime,
) -> Adopted:
    """Make offers for all or the chosen (request, interpreter) pairs of a proposal.

    What no longer holds, because the world changed meanwhile, is dropped and named. A proposal
    that moves confirmed people is adopted as a whole or not at all. Raises `Conflict` when the
    proposal was adopted before or can no longer move whom it would, `Refusal` when what was chosen
    is not in it.
    """
    proposal = get(Proposal, proposal_id)
    if proposal.adopted_at is not None:
        raise Conflict(
            "adopted-before",
            _l("This proposal was adopted already; plan again for what is still open."),
        )
    items, moves = _chosen(proposal, chosen), moves_of(plan_of(proposal))
    proposal.adopted_at = now
    ledger.record(actor, "proposal.adopted", Concerning(proposal=proposal.id), now=now)
    horizon = Horizon(proposal.first_day, proposal.last_day, zone_name)
    before = of_days(horizon, now=now)
    for move in moves:
        moving.require_unchanged(proposal, move.request_id, before)
        moving.release(actor, move, now=now)
    after = of_days(horizon, now=now) if moves else before
    world = World(before, standing.as_it_stands(after))
    adopted = Adopted()
    for item in items:
        _adopt_one(actor, proposal, item, world, adopted, now)
    if moves and adopted.dropped:
        raise moving.no_longer(adopted.dropped[0].reason)
    return adopted


def plan_of(proposal: Proposal) -> solver.Plan:
    """Return the stored plan."""
    return solver.Plan.model_validate(proposal.plan)


def problem_of(proposal: Proposal) -> solver.Problem:
    """Return the stored question."""
    return solver.Problem.model_validate(proposal.problem)


def _chosen(proposal: Proposal, chosen: Collection[tuple[int, int]] | None) -> list[Item]:
    items = items_of(plan_of(proposal))
    if chosen is None or moves_of(plan_of(proposal)):
        return items
    taken = [item for item in items if (item.request_id, item.interpreter_id) in chosen]
    if not chosen or len(taken) < len(set(chosen)):
        raise Refusal(
            "not-in-proposal",
            _l("What was chosen is not in this proposal; choose among its lines."),
        )
    return taken


def _adopt_one(
    actor: Actor,
    proposal: Proposal,
    item: Item,
    world: World,
    adopted: Adopted,
    now: datetime,
) -> None:
    try:
        moving.require_unchanged(proposal, item.request_id, world.before)
        standing.require_able(world.schedule, item.request_id, item.interpreter_id)
        with db.session.begin_nested():
            asked = get(InterpretationRequest, item.request_id)
            adopted.offers.append(offers.make(actor, asked, item.interpreter_id, now=now))
    except Refusal as refusal:
        adopted.dropped.append(Dropped(item, refusal.text))
