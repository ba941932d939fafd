"""The best value of a small problem by trying everything, judged by the checker's definitions."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from solver import Commitment, Plan, Problem, Route, Status, Stop, StoppedBy, Term
from solver.check_figures import amounts_of
from solver.check_limits import break_findings, limit_findings
from solver.check_map import Chart
from solver.check_people import person_findings, time_findings
from solver.check_ways import interval_of, walk, way_findings
from solver.instance import nearest_day
from solver.people import Interpreter
from solver.variants import Seat, Variant, matches, variants

STATED = {"travel", "arrive", "waiting", "travel_home"}
Levels = tuple[int, ...]


class Task(NamedTuple):
    """One seat of one variant of one request."""

    request: int
    variant: int
    chosen: Variant
    seat: Seat


class Work(NamedTuple):
    """What one person does in all days, and what that amounts to by level."""

    tasks: tuple[Task, ...]
    costs: Levels
    kept: int


class Brute:
    """Every plan of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.pins = defaultdict(list)
        for item in problem.commitments:
            if item.kind == "pinned":
                self.pins[item.request].append(item)
        self.variants = [variants(r, tuple(self.pins[r.id])) for r in problem.requests]
        self.could_keep: set[tuple[str, str]] = set()

    def best(self) -> Levels | None:
        """Return the best value of each level, None if nothing satisfies the commitments."""
        works = [list(self._works(person)) for person in self.problem.interpreters]
        most = self.problem.disturb_at_most
        found: Levels | None = None
        for parts in product(*works):
            kept = sum(part.kept for part in parts)
            if most is not None and len(self.could_keep) - kept > most:
                continue
            teams = self._teams([task for part in parts for task in part.tasks])
            if teams is not None:
                value = _sum([teams, *(part.costs for part in parts)])
                found = value if found is None else min(found, value)
        return found

    def _teams(self, tasks: list[Task]) -> Levels | None:
        """Return what covering these requests amounts to; None if a team is not whole."""
        by_request: dict[int, list[Task]] = defaultdict(list)
        for task in tasks:
            by_request[task.request].append(task)
        promised = [item for item in self.problem.commitments if item.kind == "promised"]
        amounts = Counter({Term.COVERAGE: sum(r.weight for r in self.problem.requests)})
        amounts[Term.PROMISES] = sum(item.price for item in promised)
        for number, team in by_request.items():
            request, chosen = self.problem.requests[number], team[0].chosen
            seats = Counter(task.seat.number for task in team)
            if len({task.variant for task in team}) > 1:
                return None
            if any(seats[seat.number] > seat.people for seat in chosen.seats):
                return None
            if len(team) == chosen.size:
                amounts[Term.COVERAGE] -= request.weight
                amounts[Term.VARIETY] += chosen.variety
                amounts[Term.WAY] += chosen.way_cost
                amounts[Term.HANDOVER] += chosen.handover
            elif chosen.shared or len(team) > len(self.pins[request.id]):
                return None
        return self._levels(amounts)

    def _levels(self, amounts: dict[Term, int]) -> Levels:
        return tuple(
            sum(item.factor * amounts.get(item.term, 0) for item in level.terms)
            for level in self.problem.weights.levels
        )

    def _works(self, person: Interpreter) -> Iterator[Work]:
        tasks = [task for task in self._tasks(person) if self._possible(person, task)]
        for item in self.problem.commitments:
            for task in tasks:
                if item.kind == "promised" and self._does(person, task, item):
                    self.could_keep.add((item.request, person.id))
        pinned = {
            id_ for id_, pins in self.pins.items() for p in pins if p.interpreter == person.id
        }
        for chosen in _disjoint(tasks):
            ids = {self.problem.requests[task.request].id for task in chosen}
            if pinned <= ids and self._keeps_rules(person, chosen):
                yield Work(chosen, self._amounts(person, chosen), len(self._kept(person, chosen)))

    def _tasks(self, person: Interpreter) -> Iterator[Task]:
        spoken = {item.code for item in person.languages}
        for number, found in enumerate(self.variants):
            request = self.problem.requests[number]
            pin = next((p for p in self.pins[request.id] if p.interpreter == person.id), None)
            codes = {c for item in request.languages for c in (item.code, item.relay)}
            for position, variant in enumerate(found):
                for seat in variant.seats:
                    speaks = seat.language in spoken or (pin and not codes & spoken)
                    if speaks and (pin is None or matches(variant, seat, pin)):
                        yield Task(number, position, variant, seat)

    def _possible(self, person: Interpreter, task: Task) -> bool:
        """Say whether the person rules and the time rules hold for one task."""
        plan = self._plan(person, (task,))
        if plan is None:
            return False
        chart = Chart(self.problem, plan)
        here = next(chart.stops())
        if chart.pinned(here):
            return True
        limits, lasts = person.limits, task.seat.end - task.seat.begin
        if limits.minutes_per_day is not None and lasts > limits.minutes_per_day:
            return False
        if limits.jobs_per_day == 0:
            return False
        return not [*person_findings(chart, here), *time_findings(chart, here)]

    def _keeps_rules(self, person: Interpreter, tasks: tuple[Task, ...]) -> bool:
        plan = self._plan(person, tasks)
        if plan is None:
            return False
        chart = Chart(self.problem, plan)
        ways = [f for route in plan.routes for f in way_findings(chart, route, "")]
        breaks = [f for route in plan.routes for f in break_findings(chart, route, "")]
        broken = [f for f in ways if f.code not in STATED]
        return not (broken or breaks or list(limit_findings(chart)))

    def _amounts(self, person: Interpreter, tasks: tuple[Task, ...]) -> Levels:
        plan = self._plan(person, tasks)
        assert plan is not None
        amounts = amounts_of(Chart(self.problem, plan), {})
        amounts[Term.COVERAGE] = 0
        amounts[Term.PROMISES] = -sum(item.price for item in self._kept(person, tasks))
        return self._levels(amounts)

    def _kept(self, person: Interpreter, tasks: tuple[Task, ...]) -> list[Commitment]:
        return [
            item
            for item in self.problem.commitments
            if item.kind == "promised" and any(self._does(person, task, item) for task in tasks)
        ]

    def _does(self, person: Interpreter, task: Task, item: Commitment) -> bool:
        same = item.interpreter == person.id
        return (
            same
            and self.problem.requests[task.request].id == item.request
            and matches(task.chosen, task.seat, item)
        )

    def _plan(self, person: Interpreter, tasks: tuple[Task, ...]) -> Plan | None:
        """Return a plan of one person with the travel needed."""
        by_day: dict[int, list[Task]] = defaultdict(list)
        for task in tasks:
            day = self._day(person, task)
            if day is None:
                return None
            by_day[day].append(task)
        routes = tuple(self._route(person, day, own) for day, own in sorted(by_day.items()))
        return Plan(
            solver_version="",
            status=Status.FEASIBLE,
            stopped_by=StoppedBy.SEARCH,
            asked=0,
            filled=0,
            routes=routes,
        )

    def _day(self, person: Interpreter, task: Task) -> int | None:
        request = self.problem.requests[task.request]
        pin = next((p for p in self.pins[request.id] if p.interpreter == person.id), None)
        if pin is not None:
            nearest = nearest_day(person, pin.start)
            return None if nearest is None else nearest.day
        begin, end = task.seat.begin - request.buffer_before, task.seat.end + request.buffer_after
        days = [day.day for day in person.days if interval_of(day, begin, end)]
        return days[0] if days else None

    def _route(self, person: Interpreter, number: int, tasks: list[Task]) -> Route:
        ordered = sorted(tasks, key=lambda task: task.seat.begin)
        stops = [self._stop(task) for task in ordered]
        route = Route(interpreter=person.id, day=number, stops=tuple(stops), travel_home=0)
        chart = Chart(self.problem, _bare(route))
        day = chart.day(route)
        places = [chart.where(route, stop) for stop in stops]
        spans = [chart.present(stop) for stop in stops]
        opening, closing = interval_of(day, *spans[0]), interval_of(day, *spans[-1])
        points = [((day.start, 0), (day.start, opening[0] if opening else None))]
        points += [((p, s[0]), (p, s[1])) for p, s in zip(places, spans, strict=True)]
        points.append(((day.end, closing[1] if closing else None), (day.end, 0)))
        ways = [_way(chart, person, points[k][1], points[k + 1][0]) for k in range(len(points) - 1)]
        stops = [s.model_copy(update={"travel": w}) for s, w in zip(stops, ways, strict=False)]
        return route.model_copy(update={"stops": tuple(stops), "travel_home": ways[-1]})

    def _stop(self, task: Task) -> Stop:
        request = self.problem.requests[task.request]
        return Stop(
            request=request.id,
            seat=task.seat.number,
            language=task.seat.language,
            way=task.chosen.way,
            arrive=0,
            begin=task.seat.begin,
            end=task.seat.end,
            travel=0,
            waiting=0,
        )


def _way(chart: Chart, person: Interpreter, origin: tuple, target: tuple) -> int:
    direct = chart.travel(person, origin[0], target[0]) or 0
    if origin[1] is None or target[1] is None:
        return direct
    needed, late = walk(chart, person, origin, target)
    return direct if late > 0 else needed


def _bare(route: Route) -> Plan:
    return Plan(
        solver_version="",
        status=Status.FEASIBLE,
        stopped_by=StoppedBy.SEARCH,
        asked=0,
        filled=0,
        routes=(route,),
    )


def _disjoint(tasks: list[Task]) -> Iterator[tuple[Task, ...]]:
    """Yield every set of tasks of different requests that do not overlap."""

    def grow(chosen: tuple[Task, ...], rest: list[Task]) -> Iterator[tuple[Task, ...]]:
        yield chosen
        for index, task in enumerate(rest):
            if all(_apart(task, other) for other in chosen):
                yield from grow((*chosen, task), rest[index + 1 :])

    yield from grow((), tasks)


def _apart(one: Task, two: Task) -> bool:
    clear = one.seat.end <= two.seat.begin or two.seat.end <= one.seat.begin
    return one.request != two.request and clear


def _sum(parts: list[Levels]) -> Levels:
    return tuple(map(sum, zip(*parts, strict=True)))
