"""All questions about one problem and one plan, made ready once."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from solver.analysis.candidates import Candidate, able_in, candidates_in
from solver.analysis.explain import Explanation, explain_in
from solver.analysis.feasible import FeasibleStart, starts_in
from solver.evaluation.measure import covered, together
from solver.evaluation.situation import situation
from solver.plan import Plan
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.problem.value import Interval


class Desk:
    """A problem with a plan for it, for many questions; it answers as the functions do.

    What the answers need is prepared at the first question about a language and kept with the
    desk. Threads may share one; make a new one when problem or plan change.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.where = situation(problem, plan)

    def candidates(self, request: str | Request, most: int | None = None) -> tuple[Candidate, ...]:
        """Answer as `candidates`; also about a request that is not in the problem.

        Its place has to be one of the problem's places, and whoever it names one of its people.
        """
        known = self.where.requests[request] if isinstance(request, str) else request
        return candidates_in(self.where, known, most)

    def able(self, request_id: str) -> tuple[Candidate, ...]:
        """Return those candidates alone who could go, the best first: several times faster."""
        return able_in(self.where, self.where.requests[request_id])

    def feasible_starts(
        self, request: str | Request, window: Interval | None = None
    ) -> tuple[FeasibleStart, ...]:
        """Answer as `feasible_starts`."""
        return starts_in(self.where, request, window)

    def explain(self, request_id: str) -> Explanation:
        """Answer as `explain`."""
        return explain_in(self.where, request_id, self._filled)

    @cached_property
    def _filled(self) -> Collection[str]:
        return covered(self.where, together(self.where))
