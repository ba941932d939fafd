"""A problem as one CP-SAT model over all pairs of interpreter and request, without columns.

Written from the definitions: who works where is a boolean for each pair, way and language; the
order of each person's day is a circuit; starts are whole numbers. It knows what EXPRESSED lists
(switches of the generator), days with one date, and nothing else.
"""

from collections import defaultdict
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

from ortools.sat.python import cp_model

from solver import Problem, Term
from solver.problem import Interpreter, LevelCondition, Request, Way
from solver.problem.requests import (
    Condition,
    ContinuityCondition,
    ExcludedCondition,
    GenderCondition,
    LanguageChoice,
    PreferredCondition,
    WayChoice,
)

EXPRESSED = (
    "buffers",
    "committed",
    "continuity",
    "costs",
    "excluded",
    "formula",
    "gender",
    "home",
    "hours",
    "languages",
    "level",
    "limits_of_day",
    "limits_of_week",
    "matrix",
    "no_way",
    "preferred",
    "promises",
    "radius",
    "remote",
    "shares",
    "split_days",
    "teams",
    "tiers",
    "variety",
    "ways",
    "weights",
    "windows",
    "worked",
)


class Node(NamedTuple):
    """A request done in one way: a stop of a circuit."""

    request: int
    way: Way


class Pairs:
    """The model of one problem; `levels` are its values, most important first."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        self.places = {place.id: place for place in problem.travel.places}
        self.numbers = {place.id: number for number, place in enumerate(problem.travel.places)}
        self.profiles = {profile.id: profile for profile in problem.travel.profiles}
        self.amounts: dict[Term, list[cp_model.LinearExprT]] = defaultdict(list)
        self.starts = [self._start(request) for request in problem.requests]
        self._start_of = dict(zip((r.id for r in problem.requests), self.starts, strict=True))
        self.people = [{} for _ in problem.interpreters]  # type: ignore[var-annotated]
        self._sent: dict[tuple[str, str], dict[tuple[Way, str], cp_model.IntVar]] = {}
        for number, request in enumerate(problem.requests):
            self._add_request(number, request)
        for number, person in enumerate(problem.interpreters):
            self._add_day(number, person)
        self._add_promises()
        self.levels = [
            sum(item.factor * sum(self.amounts[item.term]) for item in level.terms)
            for level in problem.weights.levels
        ]

    def reaches(self, values: tuple[int, ...]) -> bool:
        """Say whether some plan is at least as good in every level."""
        return self._satisfiable(values)

    def goes_below(self, values: tuple[int, ...], level: int, bound: int) -> bool:
        """Say whether a plan as good in all levels before this one goes below the bound."""
        return self._satisfiable((*values[:level], bound - 1))

    def _satisfiable(self, most: tuple[int, ...]) -> bool:
        model = self.model.clone()
        for level, value in zip(self.levels, most, strict=False):
            model.add(level <= value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(model)
        assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
        return status != cp_model.INFEASIBLE

    def _start(self, request: Request) -> cp_model.IntVar:
        starts = cp_model.Domain.from_values(list(request.starts()))
        return self.model.new_int_var_from_domain(starts, request.id)

    def _add_request(self, number: int, request: Request) -> None:
        """Choose at most one way and language, and then exactly as many people as wanted."""
        choices = []
        for way in request.ways:
            for language in request.languages:
                chosen = self.model.new_bool_var("")
                choices.append(chosen)
                team = self._pairs(number, request, way, language)
                self.model.add(sum(team) == request.interpreters * chosen)
                self.amounts[Term.VARIETY].append(language.cost * chosen)
                self.amounts[Term.WAY].append(way.cost * chosen)
        self.model.add_at_most_one(choices)
        self.amounts[Term.COVERAGE].append(request.weight * (1 - sum(choices)))

    def _pairs(
        self, number: int, request: Request, way: WayChoice, language: LanguageChoice
    ) -> list[cp_model.IntVar]:
        team = []
        for index, person in enumerate(self.problem.interpreters):
            if self._may(person, request, way.way, language.code):
                sent = self.model.new_bool_var("")
                team.append(sent)
                self.people[index].setdefault(Node(number, way.way), []).append(sent)
                self._sent.setdefault((request.id, person.id), {})[way.way, language.code] = sent
                self._add_stop(person, request, way.way, language.code, sent)
        return team

    def _may(self, person: Interpreter, request: Request, way: Way, code: str) -> bool:
        if code not in {item.code for item in person.languages}:
            return False
        required = [item for item in request.conditions if item.penalty is None]
        far = way is Way.ON_SITE and self._too_far(person, request.place)  # type: ignore[arg-type]
        return not far and all(_meets(person, code, way, item) for item in required)

    def _too_far(self, person: Interpreter, place: str) -> bool:
        home = person.days[0].start
        if person.radius_km is None or home is None:
            return False
        return self._kilometres(home, place) > person.radius_km

    def _add_stop(
        self,
        person: Interpreter,
        request: Request,
        way: Way,
        code: str,
        sent: cp_model.IntVar,
    ) -> None:
        cents = 2 * person.cost_per_hour * request.duration + self.problem.units_per_hour
        self.amounts[Term.FEE].append(cents // (2 * self.problem.units_per_hour) * sent)
        self.amounts[Term.TIER].append(person.tier * sent)
        for item in request.conditions:
            term = Term.CONTINUITY if isinstance(item, ContinuityCondition) else Term.WISHES
            if _is_excluded_at_times(person, way, item):
                self._add_exclusion(request, item, sent)  # type: ignore[arg-type]
            elif item.penalty is not None and not _meets(person, code, way, item):
                self.amounts[term].append(item.penalty * sent)

    def _add_exclusion(
        self, request: Request, item: ExcludedCondition, sent: cp_model.IntVar
    ) -> None:
        """Keep what somebody is sent to apart from times, or let it cost."""
        start, given = self._start_of[request.id], [sent]
        if item.penalty is not None:
            broken = self.model.new_bool_var("")
            self.amounts[Term.WISHES].append(item.penalty * broken)
            given.append(~broken)  # type: ignore[arg-type]
        for one in item.times:
            before = self.model.new_bool_var("")
            self.model.add(start + request.duration <= one.start).only_enforce_if(*given, before)
            self.model.add(start >= one.end).only_enforce_if(*given, ~before)

    def _add_day(self, index: int, person: Interpreter) -> None:
        """Put the stops of a person in order, each within a time of availability."""
        nodes = list(self.people[index])
        if not nodes:
            return
        here = {node: sum(self.people[index][node]) for node in nodes}
        within = {node: self._within(person, node, here[node]) for node in nodes}
        used = self.model.new_bool_var("")
        arcs = [(0, 0, ~used)]
        for number, node in enumerate(nodes, 1):
            arcs.append((number, number, self._absent(here[node])))
            arcs.append((0, number, self._first(person, node, within[node])))  # type: ignore[arg-type]
            arcs.append((number, 0, self._last(person, node, within[node])))  # type: ignore[arg-type]
            for other, following in enumerate(nodes, 1):
                if node.request != following.request:
                    arcs.append((number, other, self._between(person, node, following)))  # type: ignore[arg-type]
        self.model.add_circuit([arc for arc in arcs if arc[2] is not None])
        self.amounts[Term.DAY_FEE].append(person.cost_per_day * used)
        self._add_limits(person, here)

    def _absent(self, here: cp_model.LinearExprT) -> cp_model.IntVar:
        absent = self.model.new_bool_var("")
        self.model.add(here + absent == 1)
        return absent

    def _within(self, person: Interpreter, node: Node, here: cp_model.LinearExprT):
        """Return for each time of availability whether the stop lies in it."""
        inside = []
        for item in person.days[0].available:
            chosen = self.model.new_bool_var("")
            self.model.add(self._from(node) >= item.start).only_enforce_if(chosen)
            self.model.add(self._to(node) <= item.end).only_enforce_if(chosen)
            inside.append(chosen)
        self.model.add(sum(inside) == here)
        return inside

    def _first(self, person: Interpreter, node: Node, within) -> cp_model.IntVar | None:
        day = person.days[0]
        travel = self._travel(person, day.start, self._place(person, node))
        if travel is None:
            return None
        arc = self._arc(person, travel)
        for item, inside in zip(day.available, within, strict=True):
            self.model.add(self._from(node) >= item.start + travel).only_enforce_if(arc, inside)
        return arc

    def _last(self, person: Interpreter, node: Node, within) -> cp_model.IntVar | None:
        day = person.days[0]
        travel = self._travel(person, self._place(person, node), day.end)
        if travel is None:
            return None
        arc = self._arc(person, travel)
        for item, inside in zip(day.available, within, strict=True):
            self.model.add(self._to(node) + travel <= item.end).only_enforce_if(arc, inside)
        return arc

    def _between(self, person: Interpreter, node: Node, following: Node) -> cp_model.IntVar | None:
        origin, target = self._place(person, node), self._place(person, following)
        travel = self._travel(person, origin, target)
        if travel is None:
            return None
        arc = self._arc(person, travel)
        over, begin = self._to(node), self._from(following)
        if origin == target:
            over = self.starts[node.request] + self.problem.requests[node.request].duration
            begin = self.starts[following.request]
        self.model.add(over + travel <= begin).only_enforce_if(arc)
        return arc

    def _arc(self, person: Interpreter, travel: int) -> cp_model.IntVar:
        arc = self.model.new_bool_var("")
        self.amounts[Term.TRAVEL].append(travel * arc)
        self.amounts[Term.TRAVEL_FEE].append(person.cost_per_travel_unit * travel * arc)
        return arc

    def _add_limits(self, person: Interpreter, here: dict[Node, cp_model.LinearExprT]) -> None:
        lasts = [self.problem.requests[node.request].duration for node in here]
        load = sum(length * sent for length, sent in zip(lasts, here.values(), strict=True))
        limits, worked = person.limits, [w for w in person.worked if w.week == person.days[0].week]
        bounds = [
            (load, limits.minutes_per_day, 0),
            (sum(here.values()), limits.jobs_per_day, 0),
            (load, limits.minutes_per_week, sum(item.minutes for item in worked)),
            (sum(here.values()), limits.jobs_per_week, sum(item.jobs for item in worked)),
        ]
        for total, most, before in bounds:
            if most is not None:
                self.model.add(total <= max(0, most - before))
        if person.fair_share is not None:
            beyond = self.model.new_int_var(0, sum(lasts), "")
            self.model.add(beyond >= load - max(0, person.fair_share - person.committed_load))
            self.amounts[Term.FAIRNESS].append(beyond)

    def _add_promises(self) -> None:
        numbers = {request.id: number for number, request in enumerate(self.problem.requests)}
        for item in self.problem.commitments:
            sent = self._sent.get((item.request, item.interpreter), {})
            fitting = [
                variable
                for (way, code), variable in sent.items()
                if item.way in (None, way) and item.language in (None, code)
            ]
            kept = self.model.new_bool_var("")
            self.model.add(kept <= sum(fitting))
            start = self.starts[numbers[item.request]]
            self.model.add(start == item.start).only_enforce_if(kept)
            self.amounts[Term.PROMISES].append(item.price * (1 - kept))

    def _from(self, node: Node) -> cp_model.LinearExprT:
        return self.starts[node.request] - self.problem.requests[node.request].buffer_before

    def _to(self, node: Node) -> cp_model.LinearExprT:
        request = self.problem.requests[node.request]
        return self.starts[node.request] + request.duration + request.buffer_after

    def _place(self, person: Interpreter, node: Node) -> str | None:
        day = person.days[0]
        if node.way is Way.ON_SITE:
            return self.problem.requests[node.request].place
        return day.start if day.remote is None else day.remote

    def _travel(self, person: Interpreter, origin: str | None, target: str | None) -> int | None:
        if None in (origin, target) or origin == target or person.travel_profile is None:
            return 0
        profile = self.profiles[person.travel_profile]
        if profile.matrix is not None:
            return profile.matrix[self.numbers[origin]][self.numbers[target]]  # type: ignore[index]
        return ceil(round(profile.fixed + profile.per_km * self._kilometres(origin, target), 6))  # type: ignore[arg-type]

    def _kilometres(self, origin: str, target: str) -> float:
        one, two = self.places[origin], self.places[target]
        south, north = radians(one.latitude), radians(two.latitude)  # type: ignore[arg-type]
        turn = radians(two.longitude - one.longitude)
        chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(turn / 2) ** 2
        return 2 * 6371.0 * asin(sqrt(chord))


def _meets(person: Interpreter, code: str, way: Way, condition: Condition) -> bool:
    levels = {item.code: item.level for item in person.languages}
    match condition:
        case LevelCondition():
            return levels[code] >= condition.level
        case GenderCondition():
            return person.gender == condition.gender
        case ExcludedCondition():
            return bool(condition.times) or not _is_excluded(person, way, condition)
        case PreferredCondition() | ContinuityCondition():
            return person.id in condition.interpreters
    raise AssertionError(f"not expressed: {condition}")


def _is_excluded(person: Interpreter, way: Way, condition: ExcludedCondition) -> bool:
    concerned = not condition.ways or way in condition.ways
    return concerned and person.id in condition.interpreters


def _is_excluded_at_times(person: Interpreter, way: Way, condition: Condition) -> bool:
    if not isinstance(condition, ExcludedCondition) or not condition.times:
        return False
    return _is_excluded(person, way, condition)
