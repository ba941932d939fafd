"""Which remedies are whose to take up, and what has to be let loose to try them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import solver
import solver.analysis
from dispatch.planning.advice.settled import Settled
from dispatch.planning.snapshot.horizon import Horizon

Promise = tuple[str, str]
"""A request and the interpreter who has confirmed it, by the solver's ids."""


IN_A_ROUTE = re.compile(r"routes\[(\d+)\]")
"""Where in a plan the checker found something wrong."""

FOR_THE_COORDINATOR = frozenset({"swap", "priority", "promise"})
"""What the coordinator can do without asking anybody; every other remedy is a question."""

OF_ALL_OF_A_TALK = frozenset({"start", "way", "language"})
"""What would change a talk for the other of two who share it, too, whoever has said yes to it."""

PLANNED_AT_ONCE = frozenset({"swap", "priority"})
"""What can be made a proposal from a plan; a promise is broken only by planning again."""


@dataclass(frozen=True)
class Found:
    """What helps on these days, each thing solved and checked; or why nothing has to.

    `able` people could simply be asked: then nothing has to.
    """

    horizon: Horizon
    settled: Settled | None = None
    able: int = 0
    remedies: Sequence[solver.analysis.Remedy] = ()


def loosened(
    problem: solver.Problem, plan: solver.Plan, movable: Collection[Promise]
) -> tuple[solver.Problem, solver.Plan]:
    """Return problem and plan in which those who may be asked to move are promised, not pinned.

    None of them may move yet, so the plan stays right; but the solver can try what one move would
    help. Where some may move already, nothing has to be loosened. Whoever comes against a rule,
    because it was agreed before, stays pinned: a plan that breaks a promise's rules is none, and
    nothing at all would be found to help.
    """
    if problem.disturb_at_most is not None or not movable:
        return problem, plan
    loose = _loose(problem, plan, movable)
    wrong = _against_a_rule(*loose)
    if not wrong:
        return loose
    loose = _loose(problem, plan, [one for one in movable if one[1] not in wrong])
    return (problem, plan) if solver.check(*loose) else loose


def _against_a_rule(problem: solver.Problem, plan: solver.Plan) -> set[str]:
    """Return whose day breaks a rule, by the solver's ids."""
    paths = (IN_A_ROUTE.match(found.path) for found in solver.check(problem, plan))
    return {plan.routes[int(path[1])].interpreter for path in paths if path}


def _loose(
    problem: solver.Problem, plan: solver.Plan, movable: Collection[Promise]
) -> tuple[solver.Problem, solver.Plan]:
    commitments = tuple(
        one.model_copy(update={"kind": "promised"})
        if (one.request, one.interpreter) in movable
        else one
        for one in problem.commitments
    )
    routes = tuple(_unmarked(route, movable) for route in plan.routes)
    return (
        problem.model_copy(update={"commitments": commitments, "disturb_at_most": 0}),
        plan.model_copy(update={"routes": routes}),
    )


def _unmarked(route: solver.plan.Route, movable: Collection[Promise]) -> solver.plan.Route:
    stops = tuple(
        stop.model_copy(update={"pinned": False})
        if (stop.request, route.interpreter) in movable
        else stop
        for stop in route.stops
    )
    return route.model_copy(update={"stops": stops})
