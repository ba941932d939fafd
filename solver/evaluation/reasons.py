"""Why somebody is not sent: every rule, for every interpreter of the language."""

from __future__ import annotations

from collections import Counter

from solver.evaluation.best import Best, best_jobs
from solver.evaluation.sieve import RULES
from solver.evaluation.situation import Situation, jobs_of, situation, stops_person
from solver.plan import Reason, RuleCode, RuleCount, Unassigned, Violation
from solver.problem.requests import Request
from solver.rules.person import Job

MOST_REASONS = 20

__all__ = ["Situation", "jobs_of", "reasons", "situation", "unassigned", "wanted"]


def reasons(where: Situation, request: Request) -> tuple[Reason, ...]:
    """Return for each interpreter of the language why they are not sent."""
    return tuple(_reason(where, best) for best in _not_sent(where, request))


def _not_sent(where: Situation, request: Request) -> list[Best]:
    holders = where.holders(request.id)
    return [best for best in best_jobs(where, request) if best.person.id not in holders]


def _reason(where: Situation, best: Best) -> Reason:
    person, job = best.person, best.job
    found = stops_person(where, person, job) if best.bits else (_free(job),)
    return Reason(interpreter=person.id, start=job.variant.start, violations=found)


def _free(job: Job) -> Violation:
    """Say why somebody who could go is not sent."""
    if job.variant.size > 1:
        return Violation(rule=RuleCode.TEAM, text="could go, but not enough others of the team can")
    return Violation(rule=RuleCode.OUTWEIGHED, text="could go, but what it costs outweighs it")


def unassigned(where: Situation, request: Request, most: int | None = MOST_REASONS) -> Unassigned:
    """Return why a request is not covered; with the reasons of those `most` fewest rules stop.

    The rules count everybody, each by the first rule in the order of `sieve.RULES`.
    """
    found = _not_sent(where, request)
    found.sort(key=lambda best: best.bits.bit_count())
    counts = Counter(_first_rule(best) for best in found)
    filled = len(where.holders(request.id))
    return Unassigned(
        request=request.id,
        wanted=wanted(request),
        filled=filled,
        sentence=_sentence(len(found), counts, filled),
        rules=tuple(RuleCount(rule=rule, people=n) for rule, n in counts.most_common()),
        reasons=tuple(_reason(where, best) for best in found[:most]),
    )


def _first_rule(best: Best) -> str:
    if not best.bits:
        return _free(best.job).rule
    return RULES[(best.bits & -best.bits).bit_length() - 1]


def wanted(request: Request) -> int:
    """Return how many people the request needs at least."""
    if all(choice.relay is not None for choice in request.languages):
        return 2
    return request.interpreters


def _sentence(people: int, counts: Counter[str], filled: int) -> str:
    held = f" ({filled} pinned already)" if filled else ""
    if people == 0:
        return f"nobody works in the language asked for{held}"
    listed = ", ".join(f"{rule} {number}" for rule, number in counts.most_common())
    who = "1 person works" if people == 1 else f"{people} people work"
    return f"{who} in the language; what stops them: {listed}{held}"
