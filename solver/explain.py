"""Why a request is open: every interpreter with every rule, and a smallest set of rules."""

from __future__ import annotations

from itertools import combinations

from solver.plan import Plan, Unassigned
from solver.problem import Problem
from solver.reasons import reasons, situation, unassigned, wanted
from solver.value import Identifier, Value

LARGEST_SET = 3


class Explanation(Value):
    """The reasons for one request. Were the rules `together` lifted, `freed` could go.

    `together` is a smallest set of rules with that effect; empty if none of at most three has.
    """

    request: Identifier
    covered: bool
    reasons: Unassigned
    together: tuple[str, ...]
    freed: tuple[Identifier, ...]


def explain(problem: Problem, plan: Plan, request_id: str) -> Explanation:
    """Return why a request is not covered by the plan.

    Raises KeyError if there is no such request.
    """
    where = situation(problem, plan)
    request = where.requests[request_id]
    covered = request_id not in {item.request for item in plan.unassigned}
    stopping = {
        reason.interpreter: {item.rule for item in reason.violations}
        for reason in reasons(where, request)
    }
    held = sum(request_id == h.job.request.id for own in where.schedule.values() for h in own)
    rules, freed = _smallest(stopping, wanted(request) - held)
    return Explanation(
        request=request_id,
        covered=covered,
        reasons=unassigned(where, request),
        together=() if covered else rules,
        freed=() if covered else freed,
    )


def _smallest(
    stopping: dict[str, set[str]], needed: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fewest rules without which enough people are free, and those people."""
    all_rules = sorted({rule for rules in stopping.values() for rule in rules} - {"team"})
    for size in range(LARGEST_SET + 1):
        for lifted in combinations(all_rules, size):
            freed = [id_ for id_, rules in stopping.items() if rules <= {*lifted, "team"}]
            if len(freed) >= max(1, needed):
                return lifted, tuple(freed)
    return (), ()
