"""The days of a plan as lists of jobs, to ask what else would fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from solver.plan import Plan, Route, Stop
from solver.problem.people import WorkDay
from solver.problem.requests import Request
from solver.rules.legs import Moment
from solver.rules.person import Job, Person
from solver.rules.variants import Seat, Variant


class Held(NamedTuple):
    """A job a person has on a day, and where it is done."""

    job: Job
    day: WorkDay
    place: int
    pinned: bool = False

    def before(self) -> Moment:
        """Return where and when the person has to be there."""
        return Moment(self.place, self.job.busy_from, self.job.request.buffer_before)

    def after(self) -> Moment:
        """Return from where and when the person may go on."""
        return Moment(self.place, self.job.busy_to, self.job.request.buffer_after)

    @property
    def minutes(self) -> int:
        """Return the service time."""
        return self.job.seat.end - self.job.seat.begin


Schedule = Mapping[str, tuple[Held, ...]]


def schedule_of(
    people: Mapping[str, Person], requests: Mapping[str, Request], plan: Plan
) -> Schedule:
    """Return what each person does in the plan, in order of time."""
    begins = request_starts(plan)
    found: dict[str, list[Held]] = defaultdict(list)
    for route in plan.routes:
        person = people[route.interpreter]
        day = day_of(person, route)
        for stop in route.stops:
            job = job_of(requests[stop.request], stop, begins[stop.request])
            found[person.id].append(Held(job, day, person.place_of(job, day), stop.pinned))
    return {id_: tuple(sorted(held, key=lambda h: h.job.seat.begin)) for id_, held in found.items()}


def request_starts(plan: Plan) -> dict[str, int]:
    """Return when each request in the plan begins."""
    begins: dict[str, int] = {}
    for route in plan.routes:
        for stop in route.stops:
            begins[stop.request] = min(stop.begin, begins.get(stop.request, stop.begin))
    return begins


def day_of(person: Person, route: Route) -> WorkDay:
    """Return the person's day a route belongs to."""
    return next(day for day in person.interpreter.days if day.day == route.day)


def job_of(request: Request, stop: Stop, start: int) -> Job:
    """Return what a stop says is done."""
    seat = Seat(stop.seat, stop.language, stop.begin, stop.end, 1)
    return Job(request, Variant(start, stop.way, (seat,), 0, 0, 0), seat)
