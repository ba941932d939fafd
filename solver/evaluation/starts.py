"""When each job begins, where that is open: so that nobody waits without a reason.

Among starts that change nothing else, those are taken at which people wait least, and among
these the earliest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from solver.evaluation.options import begins_of, moved
from solver.evaluation.pacing import least_waiting
from solver.evaluation.situation import Situation
from solver.evaluation.whole import routes_of
from solver.plan import Plan
from solver.problem.requests import Request
from solver.rules.day_rules import Insertion, insertion_violations
from solver.rules.distances import Whole
from solver.rules.person import Person
from solver.rules.schedule import Held

Day = tuple[str, int]
Value = tuple[int, int]
ROUNDS = 3


def without_waiting(plan: Plan, where: Situation, over: Callable[[], bool]) -> Plan:
    """Return the plan with the starts at which people wait least, and then the earliest.

    Who goes where in which order, what it costs and how far it is proven stay as they are. Within
    each day this is exact; a team's start is looked for beside those of the other teams, again
    and again while it helps. Once it is `over`, days stay as they are.
    """
    pacer = Pacer(where)
    pacer.pace(over)
    if not pacer.changed:
        return plan
    routes = [
        route for id_, own in pacer.work.items() for route in routes_of(where.people[id_], own)
    ]
    routes.sort(key=lambda route: (route.interpreter, route.day))
    return plan.model_copy(update={"routes": tuple(routes)})


class Pacer:
    """The days of a plan, whose jobs are moved in time."""

    def __init__(self, where: Situation) -> None:
        self.where = where
        self.work: dict[str, list[Held]] = {id_: list(own) for id_, own in where.schedule.items()}
        self.changed: set[Day] = set()
        committed = {item.request for item in where.problem.commitments}
        self.open = {
            request.id
            for request in where.problem.requests
            if len(request.starts()) > 1 and request.id not in committed
        }
        self.teams = {id_ for id_ in self.open if len(where.holders(id_)) > 1}

    def pace(self, over: Callable[[], bool]) -> None:
        """Move all days, then the teams' starts with the days of their people."""
        alone = self.open - self.teams
        for day in self._days(alone):
            if over():
                return
            self._settle(day)
        for _ in range(ROUNDS):
            better = False
            for id_ in sorted(self.teams):
                if over():
                    return
                better |= self._move_team(self.where.requests[id_])
            if not better:
                return

    def _days(self, requests: set[str]) -> list[Day]:
        return sorted(
            {
                (id_, held.day.day)
                for id_, own in self.work.items()
                for held in own
                if held.job.request.id in requests
            }
        )

    def _settle(self, day: Day, team: Mapping[str, int] | None = None) -> None:
        found = self._best(day, team or {})
        if found is not None and found[1] != self._today(day):
            self._replace(day, found[1])

    def _today(self, day: Day) -> list[Held]:
        return [held for held in self.work[day[0]] if held.day.day == day[1]]

    def _replace(self, day: Day, jobs: Sequence[Held]) -> None:
        rest = [held for held in self.work[day[0]] if held.day.day != day[1]]
        self.work[day[0]] = sorted([*rest, *jobs], key=lambda held: held.job.seat.begin)
        self.changed.add(day)

    def _best(self, day: Day, team: Mapping[str, int]) -> tuple[Value, list[Held]] | None:
        """Return waiting, sum of begins and the jobs of the best day; None if nothing is allowed.

        `team` gives by how much the jobs of a team begin later.
        """
        person, jobs = self.where.people[day[0]], self._today(day)
        begins = [self._begins(person, held, team) for held in jobs]
        found = least_waiting(person, jobs, begins)
        if found is None:
            return None
        new = [moved(held, begin) for held, begin in zip(jobs, found[1], strict=True)]
        return (found[0], new) if new == jobs or self._allowed(day, jobs, new) else None

    def _begins(self, person: Person, held: Held, team: Mapping[str, int]) -> Whole:
        id_ = held.job.request.id
        if id_ in team:
            start = held.job.variant.start + team[id_]
            found = begins_of(self.where, person, held, range(start, start + 1))
            kept: Whole = found[found == held.job.seat.begin + team[id_]]
            return kept
        if id_ in self.open and id_ not in self.teams and not held.pinned:
            return begins_of(self.where, person, held)
        return np.array([held.job.seat.begin])

    def _allowed(self, day: Day, before: Sequence[Held], new: Sequence[Held]) -> bool:
        """Say whether no rule stops a job that was moved."""
        person = self.where.people[day[0]]
        rest = [held for held in self.work[day[0]] if held.day.day != day[1]]
        return not any(
            insertion_violations(
                Insertion(person, held, (*rest, *new[:number], *new[number + 1 :]))
            )
            for number, held in enumerate(new)
            if held != before[number]
        )

    def _move_team(self, request: Request) -> bool:
        """Let a team begin when its people wait least and then earliest; say whether it moved."""
        days = self._days({request.id})
        now = min(
            held.job.variant.start
            for day in days
            for held in self._today(day)
            if held.job.request.id == request.id
        )
        best: tuple[Value, int, list[list[Held]]] | None = None
        for start in request.starts():
            found = [self._best(day, {request.id: start - now}) for day in days]
            kept = [each for each in found if each is not None]
            if len(kept) == len(found):
                value = (sum(each[0][0] for each in kept), sum(each[0][1] for each in kept))
                if best is None or value < best[0]:
                    best = value, start, [each[1] for each in kept]
        if best is None or best[1] == now:
            return False
        for day, jobs in zip(days, best[2], strict=True):
            self._replace(day, jobs)
        return True
