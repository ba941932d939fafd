"""Having days planned: small ones by a process beside the web, large ones by the workers."""

import time
from dataclasses import dataclass
from datetime import datetime
from threading import Thread

from flask import Flask

import solver
from dispatch import settings
from dispatch.accounts.models import Account
from dispatch.database import db, get, transaction
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.planning.proposals import orders
from dispatch.planning.proposals.orders import Order
from dispatch.planning.runs import child, parts
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.models import PlanningRun
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import Question

PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Begun:
    """A run that is kept; `order` is what to carry out once it is, None where others do."""

    run_id: int
    order: Order | None

    def carry_out(self, app: Flask) -> None:
        """Start what there is to do; return once it has ended, or after two seconds."""
        if self.order is not None:
            accompany(app, self.order).join(PATIENCE_SECONDS)


def begin(actor: Actor, question: Question, disturb_at_most: int, *, now: datetime) -> Begun:
    """Keep that the days of a question are planned from now on.

    Where just these days are being planned already, that is the run returned, and nothing is to
    do. Raises `Conflict` where only some of them are, or more. A problem larger than the setting
    says is left to the workers, in parts.
    """
    run, is_new = runs.begin(
        actor,
        question.horizon,
        disturb_at_most=disturb_at_most,
        weights=[job.weight for job in question.problem.requests],
        now=now,
    )
    if not is_new:
        return Begun(run.id, None)
    if len(question.problem.requests) > settings.active().plan_in_parts_above:
        parts.leave_to_workers(run, question)
        return Begun(run.id, None)
    return Begun(run.id, Order(run.id, actor, question, now))


def accompany(app: Flask, order: Order) -> Thread:
    """Have a run done, in a thread of its own that ends when the run has."""
    thread = Thread(target=_accompany, args=(app, order), name="planning", daemon=True)
    thread.start()
    return thread


def _accompany(app: Flask, order: Order) -> None:
    def look(_pid: int, heard: child.Heard) -> bool:
        with transaction():
            return runs.note(order.run_id, heard.levels)

    def solve(problem: solver.Problem) -> solver.Plan:
        return child.solve(problem, look, time_limit_s=child.TIME_LIMIT_SECONDS)

    with app.app_context():
        orders.carry_out(order, solve)


def plan_in_parts(run_id: int) -> None:
    """Carry a run out; what killed workers had solved already is not solved again."""
    run = get(PlanningRun, run_id)
    if not runs.is_running(run_id) or run.problem is None:
        return
    account = db.session.get(Account, run.account_id) if run.account_id else None
    question = Question(
        solver.Problem.from_json(run.problem),
        Horizon(run.first_day, run.last_day, settings.active().time_zone),
        {key: int(version) for key, version in (run.versions or {}).items()},
    )
    order = Order(run_id, account.actor if account else SYSTEM, question, run.begun_at)
    begun = time.monotonic() - runs.seconds_of(run)
    orders.carry_out(order, lambda problem: parts.solve(run_id, problem, begun))
