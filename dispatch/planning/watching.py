"""Planning beside the web: a process solves, a thread turns what it tells into rows."""

from threading import Thread

from flask import Flask

import solver
from dispatch import clock, settings
from dispatch.database import transaction
from dispatch.ledger.rules import Actor
from dispatch.planning import child, orders, parts, runs, service
from dispatch.planning.horizon import Horizon
from dispatch.planning.orders import Order
from dispatch.planning.problem import of_days

PATIENCE_SECONDS = 2.0


def plan(app: Flask, actor: Actor, horizon: Horizon, disturb_at_most: int) -> int:
    """Start planning and return the run's id: once it has ended, or after two seconds.

    Where just these days are being planned already, that is the run returned, and nothing is
    started. Raises `Conflict` where only some of them are, or more. A problem larger than the
    setting says is left to the workers, in parts.
    """
    now = clock.now()
    question = of_days(horizon, now=now, disturb_at_most=disturb_at_most)
    is_large = len(question.problem.requests) > settings.active().plan_in_parts_above
    with transaction():
        run, is_new = runs.begin(
            actor,
            horizon,
            disturb_at_most=disturb_at_most,
            weights=[asked.weight for asked in question.problem.requests],
            now=now,
        )
        if is_new and is_large:
            parts.leave_to_workers(run, question)
    if is_new and not is_large:
        accompany(app, Order(run.id, actor, question, now)).join(PATIENCE_SECONDS)
    return run.id


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
        return child.solve(problem, look, time_limit_s=service.TIME_LIMIT_SECONDS)

    with app.app_context():
        orders.carry_out(order, solve)
