"""What if: the same days with something otherwise, planned beside the real ones and compared.

Nothing changes and nothing is sent: both plans are made from one question and thrown away.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter

import solver
from dispatch.errors import Conflict
from dispatch.planning.advice import wording
from dispatch.planning.proposals.figures import ALWAYS, Figure, difference, every_figure
from dispatch.planning.proposals.rules import proof_of, steadied
from dispatch.planning.runs import child
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import of_days

SECONDS_FOR_EACH = 6.0
SOMEBODY_MORE = "somebody-more"


@dataclass(frozen=True)
class Scenario:
    """What is otherwise: one more person like somebody, people away, a site closed, moves allowed.

    `like` and `away` are ids of interpreters, `closed` of the requests at the site that is closed.
    """

    like: int | None = None
    away: Collection[int] = ()
    closed: Collection[int] = ()
    disturb_at_most: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether everything is as it is."""
        return not (self.like or self.away or self.closed or self.disturb_at_most)


@dataclass(frozen=True)
class Line:
    """One figure as it is and as it would be, and how much more that is; less with a minus."""

    name: str
    now: str
    then: str
    more: str = ""

    @property
    def differs(self) -> bool:
        """Whether the scenario changes it."""
        return self.now != self.then


@dataclass(frozen=True)
class Side:
    """One of the two plans: how much it fills, and whether that is proven to be the most."""

    filled: int
    requests: int
    proven: bool


@dataclass(frozen=True)
class Comparison:
    """Both plans, figure by figure; `fallen_away` cannot take place in the scenario, by id.

    `gained` are by id the requests that only the scenario fills, `lost` those it leaves open.
    """

    now: Side
    then: Side
    lines: list[Line]
    fallen_away: list[int]
    compared_at: datetime
    gained: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)

    def written(self) -> str:
        """Return it as text, from which `read` makes it again."""
        return COMPARISON.dump_json(self).decode()

    @staticmethod
    def read(text: str) -> "Comparison":
        """Return the comparison that was written down."""
        return COMPARISON.validate_json(text)


COMPARISON = TypeAdapter(Comparison)


def compare(horizon: Horizon, scenario: Scenario, *, now: datetime) -> Comparison:
    """Plan the days as they are and in the scenario, each in a process of its own.

    Raises `Conflict` where the solver gives no answer, or what is pinned contradicts itself.
    """
    real = of_days(horizon, now=now, to_plan=True).problem
    k = scenario.disturb_at_most
    imagined = of_days(horizon, now=now, disturb_at_most=k, to_plan=True).problem if k else real
    imagined = changed(imagined, scenario)
    plan = _solved(real)
    imagined, other = _steady(imagined)
    away = {int(one.id) for one in real.requests} - {int(one.id) for one in imagined.requests}
    return Comparison(
        _side(real, plan),
        _side(imagined, other),
        list(_lines(every_figure(real, plan), every_figure(imagined, other))),
        fallen_away=sorted(away),
        compared_at=now,
        gained=sorted(_open(plan) - _open(other) - away),
        lost=sorted(_open(other) - _open(plan)),
    )


def _open(plan: solver.Plan) -> set[int]:
    return {int(one.request) for one in plan.unassigned}


def _lines(as_is: Iterable[Figure], as_it_would_be: Iterable[Figure]) -> Iterator[Line]:
    """Yield the figures that are something on either side, or always told."""
    for now, then in zip(as_is, as_it_would_be, strict=True):
        if now.count or then.count or now.term in ALWAYS:
            more = difference(now.term, then.count - now.count)
            yield Line(now.name, now.amount, then.amount, more)


def changed(problem: solver.Problem, scenario: Scenario) -> solver.Problem:
    """Return the question in which what the scenario says is otherwise."""
    away = {str(one) for one in scenario.away}
    closed = {str(one) for one in scenario.closed}
    people = [
        one.model_copy(update={"days": ()}) if one.id in away else one
        for one in problem.interpreters
    ]
    like = str(scenario.like)
    model = next((one for one in problem.interpreters if one.id == like), None)
    if model is not None:
        people.append(_another(model))
    return problem.model_copy(
        update={
            "interpreters": tuple(people),
            "requests": tuple(one for one in problem.requests if one.id not in closed),
            "commitments": tuple(
                one
                for one in problem.commitments
                if one.interpreter not in away and one.request not in closed
            ),
        }
    )


def _another(model: solver.problem.Interpreter) -> solver.problem.Interpreter:
    """Return somebody with the same languages, hours and home who has nothing to do yet."""
    nothing = {"busy": (), "worked": (), "paid_idle": (), "committed_load": 0}
    return model.model_copy(update={"id": SOMEBODY_MORE, **nothing})


def _steady(problem: solver.Problem) -> tuple[solver.Problem, solver.Plan]:
    """Return the plan, and the problem as it was planned: who cannot come by the rules stays.

    Else they would count among those who move, and more would than is allowed.
    """
    plan = _solved(problem)
    while (steady := steadied(problem, plan)) is not None:
        problem, plan = steady, _solved(steady)
    return problem, plan


def _solved(problem: solver.Problem) -> solver.Plan:
    try:
        plan = child.solve(problem, lambda _pid, _heard: False, time_limit_s=SECONDS_FOR_EACH)
    except child.NoAnswer as ended:
        raise Conflict("no-answer", wording.NO_ANSWER) from ended
    if plan.status == solver.Status.INFEASIBLE:
        raise Conflict("no-answer", wording.NO_ANSWER)
    return plan


def _side(problem: solver.Problem, plan: solver.Plan) -> Side:
    proof = proof_of(problem, plan)
    return Side(proof.filled, proof.requests, proof.filled >= proof.bound)
