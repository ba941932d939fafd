"""What happens to a plan during the day, and what then still stands of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from solver.plan import Plan, Route, Stop
from solver.problem.commitments import Commitment
from solver.problem.people import Interpreter, WorkDay
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.problem.value import Identifier, Interval, Length, Time, Value


class Cancelled(Value):
    """A request is not needed any more."""

    kind: Literal["cancelled"] = "cancelled"
    request: Identifier


class Absent(Value):
    """An interpreter is away during [start, end), whatever was agreed."""

    kind: Literal["absent"] = "absent"
    interpreter: Identifier
    start: Time
    end: Time


class Overrun(Value):
    """A job takes `minutes` time units longer; whoever does it stays until it is over."""

    kind: Literal["overrun"] = "overrun"
    request: Identifier
    minutes: Length


class Urgent(Value):
    """A request comes in."""

    kind: Literal["urgent"] = "urgent"
    request: Request


Event = Annotated[Cancelled | Absent | Overrun | Urgent, Field(discriminator="kind")]


@dataclass(slots=True)
class Aftermath:
    """A problem and the routes of a plan after events, the people and requests they touched.

    The ways between the stops are those of before.
    """

    problem: Problem
    routes: tuple[Route, ...]
    people: set[str] = field(default_factory=set)
    requests: set[str] = field(default_factory=set)

    def take(self, event: Event) -> None:
        """Let one thing happen; raises KeyError for an unknown request or interpreter."""
        match event:
            case Cancelled(request=id_):
                self._require_request(id_)
                self._drop_request(id_)
            case Absent():
                self._absent(event)
            case Overrun():
                self._overrun(event)
            case Urgent(request=request):
                requests = (*self.problem.requests, request)
                self.problem = self.problem.model_copy(update={"requests": requests})
                self.requests.add(request.id)

    def _require_request(self, id_: str) -> Request:
        return {item.id: item for item in self.problem.requests}[id_]

    def _drop_request(self, id_: str) -> None:
        kept = tuple(item for item in self.problem.requests if item.id != id_)
        commitments = tuple(item for item in self.problem.commitments if item.request != id_)
        update = {"requests": kept, "commitments": commitments}
        self.problem = self.problem.model_copy(update=update)
        self.requests.discard(id_)
        self.drop({(route.interpreter, id_) for route in self.routes})

    def _absent(self, event: Absent) -> None:
        person = {item.id: item for item in self.problem.interpreters}[event.interpreter]
        days = tuple(_cut(day, event.start, event.end) for day in person.days)
        self._replace_person(person.model_copy(update={"days": days}))
        self.people.add(person.id)
        missed = {
            (person.id, stop.request)
            for route in self.routes
            if route.interpreter == person.id
            for stop in route.stops
            if self._present(stop).overlap(event.start, event.end)
        }
        self.drop(missed)

    def _overrun(self, event: Overrun) -> None:
        request = self._require_request(event.request)
        longer = request.model_copy(update={"duration": request.duration + event.minutes})
        requests = tuple(longer if r.id == request.id else r for r in self.problem.requests)
        self.problem = self.problem.model_copy(update={"requests": requests})
        start = min((s.begin for _, s in self.stops() if s.request == request.id), default=0)
        last = start + request.duration
        for id_, stop in self.stops():
            if stop.request == request.id and stop.end == last:
                self._lengthen(id_, stop, event.minutes)
        self._pin(request.id, start)

    def _lengthen(self, id_: str, stop: Stop, minutes: int) -> None:
        """Keep somebody longer; pinned jobs that begin before it is over are missed."""
        longer = stop.model_copy(update={"end": stop.end + minutes, "pinned": True})
        self.people.add(id_)
        self.routes = tuple(
            route.model_copy(
                update={"stops": tuple(longer if s == stop else s for s in route.stops)}
            )
            if route.interpreter == id_
            else route
            for route in self.routes
        )
        span = Interval(start=longer.begin, end=longer.end)
        self.drop(
            {
                (owner, other.request)
                for owner, other in self.stops()
                if owner == id_ and other.pinned and other.request != stop.request
                if span.overlap(other.begin, other.end)
            }
        )

    def _pin(self, id_: str, start: int) -> None:
        """Pin everybody who is at a request."""
        pins = tuple(
            Commitment(
                kind="pinned",
                request=id_,
                interpreter=owner,
                start=start,
                way=stop.way,
                language=stop.language,
            )
            for owner, stop in self.stops()
            if stop.request == id_
        )
        self.routes = tuple(
            route.model_copy(
                update={
                    "stops": tuple(
                        stop.model_copy(update={"pinned": stop.pinned or stop.request == id_})
                        for stop in route.stops
                    )
                }
            )
            for route in self.routes
        )
        others = tuple(item for item in self.problem.commitments if item.request != id_)
        self.problem = self.problem.model_copy(update={"commitments": (*others, *pins)})

    def stops(self) -> list[tuple[str, Stop]]:
        """Return every stop with its interpreter."""
        return [(route.interpreter, stop) for route in self.routes for stop in route.stops]

    def drop(self, missed: set[tuple[str, str]]) -> None:
        """Take these (interpreter, request) out of routes and commitments."""
        known = {request.id for request in self.problem.requests}
        left = []
        for route in self.routes:
            stops = tuple(s for s in route.stops if (route.interpreter, s.request) not in missed)
            gone = {stop.request for stop in route.stops} - {stop.request for stop in stops}
            self.requests |= gone & known
            if stops:
                left.append(route.model_copy(update={"stops": stops}))
        self.routes = tuple(left)
        kept = tuple(
            item
            for item in self.problem.commitments
            if (item.interpreter, item.request) not in missed
        )
        self.problem = self.problem.model_copy(update={"commitments": kept})

    def _present(self, stop: Stop) -> Interval:
        request = self._require_request(stop.request)
        start, end = stop.begin - request.buffer_before, stop.end + request.buffer_after
        return Interval(start=start, end=end)

    def _replace_person(self, changed: Interpreter) -> None:
        people = tuple(changed if p.id == changed.id else p for p in self.problem.interpreters)
        self.problem = self.problem.model_copy(update={"interpreters": people})


def aftermath(problem: Problem, plan: Plan, events: Sequence[Event]) -> Aftermath:
    """Return what stands after the events, taken one after the other."""
    found = Aftermath(problem, plan.routes)
    for event in events:
        found.take(event)
    return found


def _cut(day: WorkDay, start: int, end: int) -> WorkDay:
    """Return the day without the time [start, end)."""
    pieces = []
    for item in day.available:
        for begin, until in ((item.start, min(item.end, start)), (max(item.start, end), item.end)):
            if begin < until:
                pieces.append(Interval(start=begin, end=until))
    return day.model_copy(update={"available": tuple(pieces)})
