"""Who could take a request beside the plan, at what price, and why the others could not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from heapq import nsmallest

from solver.evaluation import terms
from solver.evaluation.best import Added, Best, added_by, best_jobs
from solver.evaluation.sieve import BIT
from solver.evaluation.situation import Situation, insertion_of, situation, stopped_by, without
from solver.plan import Plan, RuleCode, Violation
from solver.problem.problem import Problem
from solver.problem.requests import Request, Way
from solver.rules.schedule import Held

MOVABLE = BIT[RuleCode.TAKEN] | BIT[RuleCode.WAY_BETWEEN]


@dataclass(frozen=True)
class Candidate:
    """One interpreter of the language, with the job fewest rules stop them from.

    The job of the request starting at `start` is done by `way` in `language` from `begin` to
    `end`; the last two differ from those of the request only where it is handed over.
    `feasible`: the person could do it beside everything the plan has them do. `assigned`: sent by
    the plan already. `choice` is what that language, way and hand-over cost. `extra_travel` in time
    units, `extra_cents` of money and `penalties` of wishes are what sending this person would add;
    None for somebody not available then. `violations` are all rules that stop the person, found
    when first asked for.
    """

    interpreter: str
    feasible: bool
    assigned: bool
    start: int
    way: Way
    language: str
    begin: int
    end: int
    choice: int
    extra_travel: int | None
    extra_cents: int | None
    penalties: int
    why: Callable[[], tuple[Violation, ...]] = field(default=tuple, repr=False, compare=False)
    instead_of: Callable[[], tuple[str, ...]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Return every rule that stops the person; nothing for who is feasible."""
        return self.why()

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """Return the requests to be taken from this person first; a pinned one never is."""
        return self.instead_of()


def candidates(
    problem: Problem, plan: Plan, request_id: str, most: int | None = None
) -> tuple[Candidate, ...]:
    """Return the interpreters of the request's languages (the `most` best), the best first.

    Raises KeyError if there is no such request. For many questions make a `Desk` once.
    """
    where = situation(problem, plan)
    return candidates_in(where, where.requests[request_id], most)


def candidates_in(
    where: Situation, request: Request, most: int | None = None
) -> tuple[Candidate, ...]:
    """Return the candidates for a request, in the problem or not, in a situation."""
    found = best_jobs(where, request)
    able = [best for best in found if not best.bits]
    stopped = [best for best in found if best.bits]
    left = len(stopped) if most is None else max(0, most - len(able))
    nearest = nsmallest(left, stopped, key=_nearness)
    offers = _Offers(where, request).of([*able, *nearest])
    return (*sorted(offers[: len(able)], key=_price), *offers[len(able) :])[:most]


def able_in(where: Situation, request: Request) -> tuple[Candidate, ...]:
    """Return those candidates alone who could go, the best first."""
    found = best_jobs(where, request, all_rules=False)
    offers = _Offers(where, request).of([best for best in found if not best.bits])
    return tuple(sorted(offers, key=_price))


def _nearness(best: Best) -> tuple[int, int, str]:
    """Order those who cannot go: few rules stop them, others could be moved, name."""
    movable = (best.bits & MOVABLE).bit_count()
    return best.bits.bit_count() - movable, movable, best.person.id


def _price(candidate: Candidate) -> tuple[int, int, int, str]:
    """Order those who can go: what the choice and the wishes not met cost, money, way, name."""
    travel, cents = candidate.extra_travel or 0, candidate.extra_cents or 0
    return candidate.choice + candidate.penalties, cents, travel, candidate.interpreter


class _Offers:
    """The candidates of one request, as if nobody were sent to it yet."""

    def __init__(self, where: Situation, request: Request) -> None:
        self.where, self.request = where, request
        self.holders = where.holders(request.id)
        self.wished = any(item.penalty for item in request.conditions)

    @cached_property
    def free(self) -> Situation:
        """Return the situation without those sent."""
        return without(self.where, self.request.id) if self.holders else self.where

    def of(self, found: Sequence[Best]) -> list[Candidate]:
        """Return the candidates of these people and jobs."""
        return [self._offer(*each) for each in zip(found, added_by(found), strict=True)]

    def _offer(self, best: Best, added: Added | None) -> Candidate:
        person, job = best.person, best.job
        variant, seat = job.variant, job.seat
        return Candidate(
            interpreter=person.id,
            feasible=not best.bits,
            assigned=person.id in self.holders,
            start=variant.start,
            way=variant.way,
            language=seat.language,
            begin=seat.begin,
            end=seat.end,
            choice=variant.variety + variant.way_cost + variant.handover,
            extra_travel=None if added is None else added.travel,
            extra_cents=None if added is None else self._cents(best, added),
            penalties=self._penalties(best),
            why=partial(self._why, best) if best.bits else tuple,
            instead_of=partial(self._moved, best) if best.bits & MOVABLE else tuple,
        )

    def _cents(self, best: Best, added: Added) -> int:
        """Return the money that sending the person adds."""
        who = best.person.interpreter
        cents = terms.fee(best.person, best.job, self.where.problem.units_per_hour)
        cents += added.travel * who.cost_per_travel_unit
        return cents + (who.cost_per_day if added.is_first else 0)

    def _penalties(self, best: Best) -> int:
        """Return the penalties of the wishes that sending the person does not meet."""
        if not self.wished:
            return 0
        return terms.wishes(best.person, best.job) + terms.continuity(best.person, best.job)

    def _why(self, best: Best, own: tuple[Held, ...] | None = None) -> tuple[Violation, ...]:
        """Return the rules that stop the person beside their work (or `own`)."""
        insertion = insertion_of(self.free, best.person, best.job, own)
        return stopped_by(best.person, best.job, insertion)

    def _moved(self, best: Best) -> tuple[str, ...]:
        """Return the jobs to take from the person until none is in the way, pinned ones aside."""
        own = self.free.schedule.get(best.person.id, ())
        pinned = {held.job.request.id for held in own if held.pinned}
        found: set[str] = set()
        rest = own
        while True:
            asked = {item.request for item in self._why(best, rest)}
            more = {id_ for id_ in asked if id_ is not None} - pinned
            if more <= found:
                return tuple(sorted(found))
            found |= more
            rest = tuple(held for held in own if held.job.request.id not in found)
