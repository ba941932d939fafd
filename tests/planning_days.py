"""Days and problems on which planning has something to decide."""

from dataclasses import dataclass

import solver
from dispatch.assignments.models import Assignment
from dispatch.database import transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.proposals import service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import of_days
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.factories import NOW

TUESDAY = Horizon(factories.TOMORROW_TEN.date(), factories.TOMORROW_TEN.date(), "Europe/Berlin")
"""Tomorrow."""


def crowded_problem(people: int, requests: int) -> solver.Problem:
    """As many people as said, who can each do about one of the requests at a time."""
    available = (solver.problem.Interval(start=480, end=1080),)
    places = tuple(
        solver.problem.Place(id=f"p{n}", latitude=51.4 + n % 7 / 50, longitude=7.3 + n % 11 / 40)
        for n in range(max(people, requests))
    )
    return solver.Problem(
        interpreters=tuple(
            solver.problem.Interpreter(
                id=str(n),
                languages=(solver.problem.WorkingLanguage(code="ro"),),
                days=(
                    solver.problem.WorkDay(day=0, available=available, start=f"p{n}", end=f"p{n}"),
                ),
                travel_profile="car",
                cost_per_hour=3000 + 7 * n,
            )
            for n in range(people)
        ),
        requests=tuple(
            solver.problem.Request(
                id=str(n),
                earliest=500 + n * 37 % 480 if requests > 10 else 600,
                duration=60,
                place=f"p{n}",
                languages=(solver.problem.LanguageChoice(code="ro"),),
            )
            for n in range(requests)
        ),
        travel=solver.problem.Travel(
            places=places, profiles=(solver.problem.Profile(id="car", fixed=5, per_km=2),)
        ),
    )


@dataclass(frozen=True)
class Confirmed:
    """Somebody confirmed where another could go, and a request only the confirmed one could do."""

    held: InterpretationRequest
    open: InterpretationRequest
    confirmed: Interpreter
    other: Interpreter
    assignment: Assignment
    filled_without: int = 1


def confirmed() -> Confirmed:
    """Nour, the only one with Turkish too, is confirmed for Romanian; Mira could do that."""
    with transaction():
        nour = factories.interpreter("ro", "tr", name="Nour")
        mira = factories.interpreter("ro", name="Mira")
        held, wanted = factories.asked("ro"), factories.asked("tr")
        assignment = factories.coming(held, nour)
    return Confirmed(held, wanted, nour, mira, assignment)


@dataclass(frozen=True)
class HalfPlanned:
    """A proposal that leaves a request open although a change of jobs would fill both."""

    proposal: Proposal
    open: InterpretationRequest


def half_planned() -> HalfPlanned:
    """Nour, the only one with Turkish, is planned for Romanian, which Mira could do."""
    with transaction():
        nour = factories.interpreter("ro", "tr", name="Nour")
        factories.interpreter("ro", name="Mira")
        held, wanted = factories.asked("ro"), factories.asked("tr")
    question = of_days(TUESDAY, now=NOW)
    clumsy = _unproven(question.problem, held, nour)
    made = service.checked(question, clumsy)
    with transaction():
        return HalfPlanned(service.store(SYSTEM, made, now=NOW), wanted)


def _unproven(
    problem: solver.Problem, held: InterpretationRequest, who: Interpreter
) -> solver.Plan:
    """Return the plan that sends this person there, as a search stopped early would."""
    [begin] = [one.earliest for one in problem.requests if one.id == str(held.id)]
    pin = solver.problem.Commitment(
        kind="pinned", request=str(held.id), interpreter=str(who.id), start=begin
    )
    plan = solver.solve(problem.model_copy(update={"commitments": (pin,)}))
    loose = {
        "stops": tuple(stop.model_copy(update={"pinned": False}) for stop in plan.routes[0].stops)
    }
    unproven = {"bound": None, "gap": None, "proven": False}
    return plan.model_copy(
        update={
            "status": solver.Status.FEASIBLE,
            "stopped_by": solver.StoppedBy.TIME,
            "routes": (plan.routes[0].model_copy(update=loose),),
            "objective": tuple(level.model_copy(update=unproven) for level in plan.objective),
            "bound": None,
            "gap": None,
            "changes": (),
        }
    )
