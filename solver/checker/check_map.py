"""What the checker looks up in a problem and a plan; it shares nothing with the method."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

from solver.plan import Plan, Route, Stop
from solver.problem.people import Interpreter, WorkDay
from solver.problem.problem import Problem
from solver.problem.requests import Way

Span = tuple[int, int]


class FindingCode(StrEnum):
    """What can be wrong with a plan: unreadable, a rule broken, or something said untruthfully."""

    UNKNOWN_INTERPRETER = "unknown_interpreter"
    UNKNOWN_DAY = "unknown_day"
    UNKNOWN_REQUEST = "unknown_request"
    EMPTY_ROUTE = "empty_route"
    EMPTY_STOP = "empty_stop"
    REPEATED_ROUTE = "repeated_route"
    ORDER = "order"
    LANGUAGE = "language"
    LEVEL = "level"
    QUALIFICATION = "qualification"
    GENDER = "gender"
    PREFERRED = "preferred"
    EXCLUDED = "excluded"
    CONTINUITY = "continuity"
    AVAILABILITY = "availability"
    BUSY = "busy"
    RADIUS = "radius"
    OVERLAP = "overlap"
    NIGHT = "night"
    WAY = "way"
    WAY_HOME = "way_home"
    DAY_MINUTES = "day_minutes"
    DAY_JOBS = "day_jobs"
    WEEK_MINUTES = "week_minutes"
    WEEK_JOBS = "week_jobs"
    BREAK = "break"
    TEAM = "team"
    SAME_PERSON = "same_person"
    SEAT = "seat"
    START = "start"
    TOGETHER = "together"
    DURATION = "duration"
    REQUEST_WAY = "request_way"
    REQUEST_LANGUAGE = "request_language"
    PINNED = "pinned"
    PINNED_MARK = "pinned_mark"
    PINNED_DAY = "pinned_day"
    CHANGES = "changes"
    CHANGE = "change"
    IMPOSSIBLE = "impossible"
    DISTURBED = "disturbed"
    TRAVEL = "travel"
    TRAVEL_HOME = "travel_home"
    ARRIVE = "arrive"
    WAITING = "waiting"
    ASKED = "asked"
    FILLED = "filled"
    UNASSIGNED = "unassigned"
    HELD = "held"
    TERM = "term"
    LEVELS = "levels"
    VALUE = "value"
    BOUND = "bound"
    GAP = "gap"
    PROVEN = "proven"
    STATUS = "status"
    STOPPED_BY = "stopped_by"
    SUMMARY = "summary"


class Finding(NamedTuple):
    """Something wrong with a plan: a stable code, where, and what."""

    code: FindingCode
    path: str
    text: str


class Here(NamedTuple):
    """A stop in its route."""

    route: Route
    stop: Stop
    path: str


class Chart:
    """A problem and a plan by id."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.people = {person.id: person for person in problem.interpreters}
        self.requests = {request.id: request for request in problem.requests}
        self.places = {place.id: number for number, place in enumerate(problem.travel.places)}
        self.profiles = {profile.id: profile for profile in problem.travel.profiles}
        self.pins = {
            (item.request, item.interpreter): item
            for item in problem.commitments
            if item.kind == "pinned"
        }

    def stops(self) -> Iterator[Here]:
        """Yield every stop of the plan."""
        for number, route in enumerate(self.plan.routes):
            for position, stop in enumerate(route.stops):
                yield Here(route, stop, f"routes[{number}].stops[{position}]")

    @cached_property
    def teams(self) -> dict[str, list[Here]]:
        """Return the stops of each request."""
        found: dict[str, list[Here]] = {}
        for here in self.stops():
            found.setdefault(here.stop.request, []).append(here)
        return found

    @cached_property
    def by_person(self) -> dict[str, list[Here]]:
        """Return the stops of each person sent anywhere."""
        found: dict[str, list[Here]] = {}
        for here in self.stops():
            found.setdefault(here.route.interpreter, []).append(here)
        return found

    def day(self, route: Route) -> WorkDay:
        """Return the day of a route."""
        days = self.people[route.interpreter].days
        return next(day for day in days if day.day == route.day)

    def pinned(self, here: Here) -> bool:
        """Say whether the stop was pinned."""
        return (here.stop.request, here.route.interpreter) in self.pins

    def present(self, stop: Stop) -> tuple[int, int]:
        """Return from when to when the person is bound, buffers included."""
        request = self.requests[stop.request]
        return stop.begin - request.buffer_before, stop.end + request.buffer_after

    def where(self, route: Route, stop: Stop) -> str | None:
        """Return the place of a stop."""
        day = self.day(route)
        if stop.way is Way.ON_SITE:
            return self.requests[stop.request].place
        return day.start if day.remote is None else day.remote

    def travel(self, person: Interpreter, origin: str | None, target: str | None) -> int | None:
        """Return the time units on the way; None where there is no way."""
        if origin is None or target is None or origin == target or person.travel_profile is None:
            return 0
        profile = self.profiles[person.travel_profile]
        if profile.matrix is not None:
            return profile.matrix[self.places[origin]][self.places[target]]
        kilometres = self.kilometres(origin, target)
        ways = [profile]
        if profile.no_slower_than is not None:
            ways.append(self.profiles[profile.no_slower_than])
        return min(ceil(round(way.fixed + (way.per_km or 0.0) * kilometres, 6)) for way in ways)

    def kilometres(self, origin: str, target: str) -> float:
        """Return the great-circle distance on a sphere of radius 6371 km."""
        one = self.problem.travel.places[self.places[origin]]
        two = self.problem.travel.places[self.places[target]]
        south, north = radians(one.latitude or 0.0), radians(two.latitude or 0.0)
        turn = radians((two.longitude or 0.0) - (one.longitude or 0.0))
        half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(turn / 2) ** 2
        return 2 * 6371.0 * asin(sqrt(half))


def time_of(person: Interpreter, begin: int, end: int) -> Span | None:
    """Return the time of availability that holds [begin, end); what touches is one."""
    times: list[Span] = []
    for start, stop in sorted((i.start, i.end) for day in person.days for i in day.available):
        if times and times[-1][1] == start:
            times[-1] = (times[-1][0], stop)
        else:
            times.append((start, stop))
    return next((time for time in times if time[0] <= begin and end <= time[1]), None)


def day_at(person: Interpreter, time: int) -> int | None:
    """Return the day in whose availability a time lies."""
    for day in person.days:
        if any(item.start <= time < item.end for item in day.available):
            return day.day
    return None
