"""Cuts a problem into parts that can be solved apart, exactly where it can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations

from solver.analysis.part import Part, part_of_units
from solver.problem.people import Interpreter, WorkDay
from solver.problem.problem import Problem
from solver.problem.requests import Request

Node = Hashable


def split(problem: Problem, parts: int | None = None, *, cuts: bool = False) -> tuple[Part, ...]:
    """Return parts of a problem, the largest first; at most `parts` of them.

    Without `cuts` the parts share nothing: solving them apart is solving the whole. Days of one
    person lie in different parts unless weekly limits, fair shares or pins tie them. With `cuts`
    the languages are dealt out and everybody works for one part only: about equal parts, but
    the whole may have better plans. Whoever nobody asks for is in no part.
    """
    if cuts:
        return _dealt(problem, parts or 1)
    unions = Unions()
    for person in problem.interpreters:
        _tie_days(unions, problem, person)
    for request in problem.requests:
        _tie_request(unions, problem, request)
    _tie_commitments(unions, problem)
    return _packed(problem, unions, parts)


class Unions:
    """Sets of nodes that belong together (union-find)."""

    def __init__(self) -> None:
        self._above: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        """Return the name of the node's set."""
        above = self._above.setdefault(node, node)
        while above != self._above[above]:
            self._above[above] = self._above[self._above[above]]
            above = self._above[above]
        self._above[node] = above
        return above

    def unite(self, one: Node, other: Node) -> None:
        """Make two sets one."""
        self._above[self.find(one)] = self.find(other)


def _tie_days(unions: Unions, problem: Problem, person: Interpreter) -> None:
    """Tie each day of a person to the languages spoken, and days that touch or share a limit."""
    limits = person.limits
    shared = person.fair_share is not None or not (
        limits.minutes_per_week is None and limits.jobs_per_week is None
    )
    for one, two in combinations(person.days, 2):
        if _touch(one, two):
            unions.unite(("day", person.id, one.day), ("day", person.id, two.day))
    for day in person.days:
        for code in (item.code for item in person.languages):
            for date in _dates(problem, _span(day)):
                unions.unite(("day", person.id, day.day), ("language", code, date))
        if shared:
            unions.unite(("day", person.id, day.day), ("day", person.id, person.days[0].day))


def _touch(one: WorkDay, two: WorkDay) -> bool:
    """Say whether the availability of one day goes over into that of another."""
    begins = {item.start for item in two.available}, {item.start for item in one.available}
    ends = {item.end for item in one.available}, {item.end for item in two.available}
    return bool(begins[0] & ends[0] or begins[1] & ends[1])


def _tie_request(unions: Unions, problem: Problem, request: Request) -> None:
    starts = request.starts()
    span = starts[0] - request.buffer_before, starts[-1] + request.duration + request.buffer_after
    for choice in request.languages:
        for code in (choice.code, choice.relay):
            for date in _dates(problem, span) if code else ():
                unions.unite(("request", request.id), ("language", code, date))


def _tie_commitments(unions: Unions, problem: Problem) -> None:
    """Tie a request to all days of who is committed to it; all promises if they are counted."""
    people = {person.id: person for person in problem.interpreters}
    for item in problem.commitments:
        for day in people[item.interpreter].days:
            unions.unite(("request", item.request), ("day", item.interpreter, day.day))
        if problem.disturb_at_most is not None and item.kind == "promised":
            unions.unite(("request", item.request), "promises")


def _span(day: WorkDay) -> tuple[int, int]:
    spans = [(item.start, item.end) for item in day.available]
    return min((s for s, _ in spans), default=0), max((e for _, e in spans), default=0)


def _dates(problem: Problem, span: tuple[int, int]) -> range:
    """Return the days of 24 hours that a span of time touches."""
    day = 24 * problem.units_per_hour
    return range(span[0] // day, max(span[0], span[1] - 1) // day + 1)


def _packed(problem: Problem, unions: Unions, parts: int | None) -> tuple[Part, ...]:
    """Return the sets as parts; several in one where there are too many."""
    requests: dict[Node, set[str]] = defaultdict(set)
    days: dict[Node, set[tuple[str, int]]] = defaultdict(set)
    for request in problem.requests:
        requests[unions.find(("request", request.id))].add(request.id)
    for person in problem.interpreters:
        for day in person.days:
            days[unions.find(("day", person.id, day.day))].add((person.id, day.day))
    bins = _bins({root: len(own) for root, own in requests.items()}, parts or len(requests))
    return tuple(
        part_of_units(
            problem,
            number,
            {id_ for root in roots for id_ in requests[root]},
            {unit for root in roots for unit in days[root]},
            exact=True,
        )
        for number, roots in enumerate(bins)
    )


def _bins(sizes: dict[Node, int], most: int) -> list[list[Node]]:
    """Deal out items, the largest first, each to the bin with least in it."""
    bins: list[list[Node]] = [[] for _ in range(min(most, len(sizes)))]
    filled = [0] * len(bins)
    for item in sorted(sizes, key=lambda item: (-sizes[item], str(item))):
        emptiest = filled.index(min(filled))
        bins[emptiest].append(item)
        filled[emptiest] += sizes[item]
    return bins


def _dealt(problem: Problem, parts: int) -> tuple[Part, ...]:
    """Return parts by language; each person works where most is asked for what they speak."""
    unions = Unions()
    first = {request.id: request.languages[0].code for request in problem.requests}
    for codes in _inseparable(problem, first):
        for code in codes:
            unions.unite(codes[0], code)
    asked: dict[Node, int] = defaultdict(int)
    for request in problem.requests:
        asked[unions.find(first[request.id])] += request.weight * request.interpreters + 1
    bins = _bins(dict(asked), parts)
    bin_of = {root: number for number, roots in enumerate(bins) for root in roots}
    pinned = {item.interpreter: first[item.request] for item in problem.commitments}
    units: list[set[tuple[str, int]]] = [set() for _ in bins]
    for person in problem.interpreters:
        codes = (
            [pinned[person.id]] if person.id in pinned else [item.code for item in person.languages]
        )
        wanted = [root for root in map(unions.find, codes) if root in bin_of]
        if wanted:
            best = max(wanted, key=lambda root: (asked[root], str(root)))
            units[bin_of[best]] |= {(person.id, day.day) for day in person.days}
    return tuple(
        part_of_units(
            problem,
            number,
            {id_ for id_, code in first.items() if bin_of[unions.find(code)] == number},
            units[number],
            exact=len(bins) == 1,
        )
        for number in range(len(bins))
    )


def _inseparable(problem: Problem, first: dict[str, str]) -> Iterator[Sequence[str]]:
    """Yield languages that have to stay together: of one request, of one person's commitments."""
    for request in problem.requests:
        yield [c for item in request.languages for c in (item.code, item.relay) if c]
    committed: dict[str, list[str]] = defaultdict(list)
    for item in problem.commitments:
        committed[item.interpreter].append(first[item.request])
        if problem.disturb_at_most is not None and item.kind == "promised":
            committed[""].append(first[item.request])
    yield from committed.values()
