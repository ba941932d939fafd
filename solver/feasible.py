"""When a request could really be filled: every start with the people who could be there."""

from __future__ import annotations

from solver.plan import Plan
from solver.problem import Problem
from solver.reasons import Situation, jobs_of, of_language, situation, stops_person, wanted, without
from solver.requests import Request
from solver.value import Identifier, Interval, Value


class FeasibleStart(Value):
    """A start time, and who could be there beside the plan; enough of them for the request."""

    start: int
    interpreters: tuple[Identifier, ...]

    @property
    def people(self) -> int:
        """Return how many could."""
        return len(self.interpreters)


def feasible_starts(
    problem: Problem, plan: Plan, request: str | Request, window: Interval | None = None
) -> tuple[FeasibleStart, ...]:
    """Return all starts (within `window`) at which enough people can really be there.

    `request` is the id of one in the problem or a request not asked yet. Within `window` the
    starts follow its step, also beyond its own earliest and latest start. Raises KeyError for an
    unknown id.
    """
    where = situation(problem, plan)
    asked = where.requests[request] if isinstance(request, str) else request
    if window is not None:
        asked = asked.model_copy(update={"earliest": window.start, "latest": window.end - 1})
    free = without(where, asked.id)
    return tuple(
        found
        for start in asked.starts()
        for found in [_at(free, asked, start)]
        if found.people >= wanted(asked)
    )


def _at(where: Situation, request: Request, start: int) -> FeasibleStart:
    fixed = request.model_copy(update={"earliest": start, "latest": start})
    jobs = jobs_of(where, fixed)
    able = [
        person.id
        for person in of_language(where, request)
        if any(
            job.seat.language in person.languages and not stops_person(where, person, job)
            for job in jobs
        )
    ]
    return FeasibleStart(start=start, interpreters=tuple(able))
