"""The best value of a small problem by trying everything, judged by the checker's definitions."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from solver import Plan, Problem, Status, StoppedBy, Term
from solver.checker.check_commitments import could_be_kept, distance
from solver.checker.check_figures import amounts_of
from solver.checker.check_limits import break_findings, limit_findings
from solver.checker.check_map import Chart, Here, day_at, time_of
from solver.checker.check_nights import night_findings
from solver.checker.check_people import person_findings, time_findings
from solver.checker.check_requests import overlap_findings
from solver.checker.check_teams import handings_over, seatings
from solver.checker.check_ways import between, closing, opening, way_findings
from solver.plan import Route, Stop
from solver.problem import Commitment
from solver.problem.people import Interpreter
from solver.problem.requests import Request, Way

UNDECIDED = {"arrive", "waiting"}
DAY_LIMITS = {"day_minutes", "day_jobs"}
Levels = tuple[int, ...]


class Part(NamedTuple):
    """What `people` people of a filling do."""

    language: str
    begin: int
    end: int
    people: int


class Filling(NamedTuple):
    """One way to fill a request, with what that costs."""

    start: int
    way: Way
    parts: tuple[Part, ...]
    costs: dict[Term, int]
    shared: bool

    @property
    def people(self) -> int:
        return sum(part.people for part in self.parts)


class Task(NamedTuple):
    """One part of one filling of one request."""

    request: int
    filling: int
    part: int


class Work(NamedTuple):
    """What one person does in all days, and what that amounts to by level."""

    tasks: tuple[Task, ...]
    costs: Levels
    kept: int


class Brute:
    """Every plan of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.chart = Chart(problem, _plan(()))
        self.pins: dict[str, list[Commitment]] = defaultdict(list)
        self.promises: dict[str, list[Commitment]] = defaultdict(list)
        for item in problem.commitments:
            (self.pins if item.kind == "pinned" else self.promises)[item.request].append(item)
        self.fillings = [list(self._fillings(request)) for request in problem.requests]
        self.contributions: dict[tuple[Task, ...], Levels | None] = {}
        self.could_keep = {
            (item.request, item.interpreter)
            for own in self.promises.values()
            for item in own
            if could_be_kept(self.chart, item)
        }

    def best(self) -> Levels | None:
        """Return the best value of each level, None if nothing satisfies the commitments."""
        works = [list(self._works(person)) for person in self.problem.interpreters]
        promises = [item for own in self.promises.values() for item in own]
        most = self.problem.disturb_at_most
        least = 0 if most is None else len(self.could_keep) - most
        amounts = {
            Term.COVERAGE: sum(request.weight for request in self.problem.requests),
            Term.PROMISES: sum(item.price for item in promises),
        }
        found: Levels | None = None
        for tasks, costs, kept in _together(works, self._collide):
            if kept >= least:
                parts = [self._contribution(team) for team in _by_request(tasks)]
                if None not in parts:
                    value = _sum([self._levels(amounts), *costs, *parts])  # type: ignore[list-item]
                    found = value if found is None else min(found, value)
        return found

    def _fillings(self, request: Request) -> Iterator[Filling]:
        starts = {pin.start for pin in self.pins[request.id]} or request.starts()
        found = (
            filling
            for start in sorted(starts)
            for choice in request.ways
            for filling in self._of_way(request, start, choice.way, choice.cost)
        )
        for filling in found:
            if all(_any_part(filling, pin) for pin in self.pins[request.id]):
                yield filling

    def _of_way(self, request: Request, start: int, way: Way, cost: int) -> Iterator[Filling]:
        for choice, seats in seatings(request, start):
            costs = {
                Term.COVERAGE: -request.weight,
                Term.VARIETY: choice.cost,
                Term.WAY: cost,
            }
            parts = tuple(Part(*seat, people) for seat, people in Counter(seats).items())
            yield Filling(start, way, parts, costs, False)
        for choice, seats in handings_over(request, start):
            costs = {
                Term.COVERAGE: -request.weight,
                Term.VARIETY: choice.cost,
                Term.WAY: cost,
                Term.HANDOVER: _price_of_handover(request, seats[1][1] - start),
            }
            parts = tuple(Part(*seat, 1) for seat in seats)
            yield Filling(start, way, parts, costs, True)

    def _contribution(self, team: tuple[Task, ...]) -> Levels | None:
        """Return what the team does for its request by level; None if it may not be like that."""
        if team not in self.contributions:
            self.contributions[team] = self._team(team)
        return self.contributions[team]

    def _team(self, team: tuple[Task, ...]) -> Levels | None:
        number, filling = team[0].request, self.fillings[team[0].request][team[0].filling]
        count = Counter(task.part for task in team)
        if any(count[part] > item.people for part, item in enumerate(filling.parts)):
            return None
        if len(team) == filling.people:
            return self._levels(filling.costs)
        held = len(team) <= len(self.pins[self.problem.requests[number].id])
        return self._levels({}) if held and not filling.shared else None

    def _levels(self, amounts: dict[Term, int]) -> Levels:
        return tuple(
            sum(item.factor * amounts.get(item.term, 0) for item in level.terms)
            for level in self.problem.weights.levels
        )

    def _collide(self, one: Task, two: Task) -> bool:
        """Say whether two people cannot have these tasks."""
        if one.request != two.request:
            return False
        part = self.fillings[one.request][one.filling].parts[one.part]
        return one.filling != two.filling or (one.part == two.part and part.people == 1)

    def _works(self, person: Interpreter) -> Iterator[Work]:
        tasks = [task for task in self._tasks(person) if self._possible(person, task)]
        pinned = {
            number
            for number, request in enumerate(self.problem.requests)
            if self._pin(person, request)
        }
        for chosen in _sets(tasks, self._apart):
            chart = self._travelled(person, chosen)
            kept = [item for task in chosen for item in self._kept(person, task)]
            if chart is None or not _keeps_rules(chart):
                continue
            if pinned <= {task.request for task in chosen}:
                counted = [(item.request, item.interpreter) in self.could_keep for item in kept]
                yield Work(chosen, self._amounts(chart, kept), sum(counted))

    def _pin(self, person: Interpreter, request: Request) -> Commitment | None:
        own = (pin for pin in self.pins[request.id] if pin.interpreter == person.id)
        return next(own, None)

    def _tasks(self, person: Interpreter) -> Iterator[Task]:
        spoken = {item.code for item in person.languages}
        for number, request in enumerate(self.problem.requests):
            pin = self._pin(person, request)
            codes = {c for item in request.languages for c in (item.code, item.relay)}
            for position, filling in enumerate(self.fillings[number]):
                for index, part in enumerate(filling.parts):
                    speaks = part.language in spoken or (pin and not codes & spoken)
                    if speaks and (pin is None or _matches(filling, part, pin)):
                        yield Task(number, position, index)

    def _possible(self, person: Interpreter, task: Task) -> bool:
        """Say whether the person rules and the time rules hold for one task."""
        if self._pin(person, self.problem.requests[task.request]):
            return True
        routes = self._routes(person, (task,))
        if routes is None:
            return False
        chart = Chart(self.problem, _plan(routes))
        here = next(chart.stops())
        broken = [*person_findings(chart, here), *time_findings(chart, here)]
        return not broken and not any(f.code in DAY_LIMITS for f in limit_findings(chart))

    def _apart(self, one: Task, two: Task) -> bool:
        a, b = self._part(one), self._part(two)
        return one.request != two.request and (a.end <= b.begin or b.end <= a.begin)

    def _travelled(self, person: Interpreter, tasks: tuple[Task, ...]) -> Chart | None:
        """Return what one person does with the travel needed; None if a way is too long."""
        routes = self._routes(person, tasks)
        if routes is None:
            return None
        chart = Chart(self.problem, _plan(tuple(self._with_travel(route) for route in routes)))
        found = (f for route in chart.plan.routes for f in way_findings(chart, route, ""))
        return None if any(f.code not in UNDECIDED for f in found) else chart

    def _amounts(self, chart: Chart, kept: list[Commitment]) -> Levels:
        amounts = amounts_of(chart, {})
        amounts[Term.COVERAGE] = 0
        amounts[Term.PROMISES] = -sum(item.price for item in kept)
        return self._levels(amounts)

    def _kept(self, person: Interpreter, task: Task) -> list[Commitment]:
        filling = self.fillings[task.request][task.filling]
        return [
            item
            for item in self.promises[self.problem.requests[task.request].id]
            if item.interpreter == person.id and _matches(filling, self._part(task), item)
        ]

    def _part(self, task: Task) -> Part:
        return self.fillings[task.request][task.filling].parts[task.part]

    def _routes(self, person: Interpreter, tasks: tuple[Task, ...]) -> tuple[Route, ...] | None:
        by_day: dict[int, list[Task]] = defaultdict(list)
        for task in tasks:
            day = self._day(person, task)
            if day is None:
                return None
            by_day[day].append(task)
        return tuple(
            _route(person.id, day, [self._stop(task) for task in own])
            for day, own in sorted(by_day.items())
        )

    def _day(self, person: Interpreter, task: Task) -> int | None:
        request, part = self.problem.requests[task.request], self._part(task)
        pin = self._pin(person, request)
        if pin is not None:
            return min((distance(day, pin.start), day.day) for day in person.days)[1]
        begin, end = part.begin - request.buffer_before, part.end + request.buffer_after
        return day_at(person, part.begin) if time_of(person, begin, end) else None

    def _stop(self, task: Task) -> Stop:
        part = self._part(task)
        return Stop.model_construct(
            request=self.problem.requests[task.request].id,
            seat=task.part,
            language=part.language,
            way=self.fillings[task.request][task.filling].way,
            arrive=0,
            begin=part.begin,
            end=part.end,
            travel=0,
            waiting=0,
            pinned=False,
        )

    def _with_travel(self, route: Route) -> Route:
        heres = [Here(route, stop, "") for stop in route.stops]
        legs = [opening(self.chart, heres[0])]
        legs += [between(self.chart, *pair) for pair in pairwise(heres)]
        stops = [
            stop.model_copy(update={"travel": leg.needed})
            for stop, leg in zip(route.stops, legs, strict=True)
        ]
        home = closing(self.chart, heres[-1]).needed
        return route.model_copy(update={"stops": tuple(stops), "travel_home": home})


def _keeps_rules(chart: Chart) -> bool:
    """Say whether limits, breaks and other jobs leave the person these days."""
    breaks = [f for route in chart.plan.routes for f in break_findings(chart, route, "")]
    others = (limit_findings(chart), overlap_findings(chart), night_findings(chart))
    return not breaks and not any(list(found) for found in others)


def _any_part(filling: Filling, pin: Commitment) -> bool:
    return any(_matches(filling, part, pin) for part in filling.parts)


def _matches(filling: Filling, part: Part, item: Commitment) -> bool:
    return (
        filling.start == item.start
        and item.way in (None, filling.way)
        and item.language in (None, part.language)
    )


def _plan(routes: tuple[Route, ...]) -> Plan:
    return Plan.model_construct(  # type: ignore[call-arg]
        status=Status.FEASIBLE, stopped_by=StoppedBy.SEARCH, routes=routes, changes=()
    )


def _route(id_: str, day: int, stops: list[Stop]) -> Route:
    ordered = tuple(sorted(stops, key=lambda stop: stop.begin))
    return Route.model_construct(interpreter=id_, day=day, stops=ordered, travel_home=0)


def _by_request(tasks: tuple[Task, ...]) -> list[tuple[Task, ...]]:
    found: dict[int, list[Task]] = defaultdict(list)
    for task in sorted(tasks):
        found[task.request].append(task)
    return [tuple(team) for team in found.values()]


def _sets(tasks: list[Task], apart) -> Iterator[tuple[Task, ...]]:
    """Yield every set of tasks that are apart from each other."""

    def grow(chosen: tuple[Task, ...], rest: list[Task]) -> Iterator[tuple[Task, ...]]:
        yield chosen
        for index, task in enumerate(rest):
            yield from grow((*chosen, task), [t for t in rest[index + 1 :] if apart(task, t)])

    yield from grow((), tasks)


def _together(
    works: list[list[Work]], collide
) -> Iterator[tuple[tuple[Task, ...], list[Levels], int]]:
    """Yield every choice of one work for each person without two of their tasks colliding."""
    tasks = sorted({task for own in works for work in own for task in work.tasks})
    bits = {task: 1 << number for number, task in enumerate(tasks)}
    against = {one: sum(bits[two] for two in tasks if collide(one, two)) for one in tasks}
    options = [
        [(work, _union(bits, work.tasks), _union(against, work.tasks)) for work in own]
        for own in works
    ]

    def grow(number: int, chosen: tuple[Work, ...], closed: int) -> Iterator[tuple[Work, ...]]:
        if number == len(options):
            yield chosen
            return
        for work, taken, closing_ in options[number]:
            if not taken & closed:
                yield from grow(number + 1, (*chosen, work), closed | closing_)

    for chosen in grow(0, (), 0):
        yield (
            tuple(task for work in chosen for task in work.tasks),
            [work.costs for work in chosen],
            sum(work.kept for work in chosen),
        )


def _union(masks: dict[Task, int], tasks: tuple[Task, ...]) -> int:
    found = 0
    for task in tasks:
        found |= masks[task]
    return found


def _sum(parts: list[Levels]) -> Levels:
    return tuple(map(sum, zip(*parts, strict=True)))


def _price_of_handover(request: Request, after: int) -> int:
    rule = request.handover
    assert rule is not None
    off_the_middle = abs(after - (request.duration - after)) // (2 * rule.step)
    return rule.cost + rule.uneven * off_the_middle
