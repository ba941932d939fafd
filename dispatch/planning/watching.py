"""Planning beside the web: a process solves, a thread turns what it tells into rows."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Thread

from flask import Flask

import solver
from dispatch import clock
from dispatch.audit.rules import Actor
from dispatch.database import db, transaction
from dispatch.planning import child, runs, service
from dispatch.planning.horizon import Horizon
from dispatch.planning.problem import Question, of_days
from dispatch.planning.rules import Failure, steadied

PATIENCE_SECONDS = 2.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What a run is to plan: the question, and the one that moves nobody where they differ."""

    run_id: int
    actor: Actor
    question: Question
    undisturbed: Question | None
    now: datetime
    time_limit_s: float = service.TIME_LIMIT_SECONDS


def plan(app: Flask, actor: Actor, horizon: Horizon, disturb_at_most: int) -> int:
    """Start planning and return the run's id: once it has ended, or after two seconds.

    Where just these days are being planned already, that is the run returned, and nothing is
    started. Raises `Conflict` where only some of them are, or more.
    """
    now = clock.now()
    question = of_days(horizon, now=now, disturb_at_most=disturb_at_most)
    undisturbed = of_days(horizon, now=now) if disturb_at_most else None
    with transaction():
        run, is_new = runs.begin(
            actor,
            horizon,
            disturb_at_most=disturb_at_most,
            weight=sum(asked.weight for asked in question.problem.requests),
            now=now,
        )
    if is_new:
        accompany(app, Order(run.id, actor, question, undisturbed, now)).join(PATIENCE_SECONDS)
    return run.id


def accompany(app: Flask, order: Order) -> Thread:
    """Have a run done, in a thread of its own that ends when the run has."""
    thread = Thread(target=_accompany, args=(app, order), name="planning", daemon=True)
    thread.start()
    return thread


def _accompany(app: Flask, order: Order) -> None:
    with app.app_context():
        try:
            _plan(order)
        except child.NoAnswer as ended:
            _log.warning("planning run %s ended without an answer: %s", order.run_id, ended)
            _fail(order.run_id, Failure.TOO_LONG if ended.too_long else Failure.CRASHED)
        except service.Unplannable:
            _fail(order.run_id, Failure.CONTRADICTION)
        except Exception:
            _log.exception("planning run %s failed", order.run_id)
            _fail(order.run_id, Failure.CRASHED)


def _plan(order: Order) -> None:
    filled = None
    if order.undisturbed is not None:
        filled = _solved(order, order.undisturbed.problem).filled
    question, plan = order.question, _solved(order, order.question.problem)
    while (steady := steadied(question.problem, plan)) is not None:
        question = replace(question, problem=steady)
        plan = _solved(order, steady)
    made = service.checked(question, plan, filled_undisturbed=filled)
    with transaction():
        proposal = service.store(order.actor, made, now=order.now)
        runs.finish(order.run_id, proposal.id)


def _solved(order: Order, problem: solver.Problem) -> solver.Plan:
    return child.solve(problem, partial(_look, order.run_id), time_limit_s=order.time_limit_s)


def _look(run_id: int, _pid: int, heard: child.Heard) -> bool:
    with transaction():
        return runs.note(run_id, heard.levels)


def _fail(run_id: int, failure: Failure) -> None:
    db.session.rollback()
    with transaction():
        runs.fail(run_id, failure)
