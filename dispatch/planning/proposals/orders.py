"""From a question to a proposal, whoever solves: what a run is to plan, and how it ends."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import solver
from dispatch.database import db, transaction
from dispatch.ledger.rules import Actor
from dispatch.planning.proposals import service
from dispatch.planning.proposals.rules import steadied, undisturbed
from dispatch.planning.runs import child
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.rules import Failure
from dispatch.planning.snapshot.problem import Question

Solve = Callable[[solver.Problem], solver.Plan]
"""Makes a plan, tells the run how far it is, and ends early when asked; raises `NoAnswer`."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What a run is to plan, for whom, and when that was asked."""

    run_id: int
    actor: Actor
    question: Question
    now: datetime


def carry_out(order: Order, solve: Solve) -> None:
    """Plan, check, store the proposal and end the run; whatever goes wrong ends it too."""
    try:
        made_ = made(order.question, solve)
        with transaction():
            if runs.hold(order.run_id):
                runs.finish(order.run_id, service.store(order.actor, made_, now=order.now).id)
    except child.NoAnswer as ended:
        _log.warning("planning run %s ended without an answer: %s", order.run_id, ended)
        _fail(order.run_id, Failure.TOO_LONG if ended.too_long else Failure.CRASHED)
    except service.Unplannable:
        _fail(order.run_id, Failure.CONTRADICTION)
    except Exception:
        _log.exception("planning run %s failed", order.run_id)
        _fail(order.run_id, Failure.CRASHED)


def made(question: Question, solve: Solve) -> service.Made:
    """Return the plan for a question, checked, and what the best plan fills that moves nobody.

    Raises `NoAnswer`, `Unplannable`, `UnsoundPlan`.
    """
    filled = None
    if question.problem.disturb_at_most:
        filled = solve(undisturbed(question.problem)).filled
    plan = solve(question.problem)
    while (steady := steadied(question.problem, plan)) is not None:
        question = replace(question, problem=steady)
        plan = solve(steady)
    return service.checked(question, plan, filled_undisturbed=filled)


def _fail(run_id: int, failure: Failure) -> None:
    db.session.rollback()
    with transaction():
        runs.fail(run_id, failure)
