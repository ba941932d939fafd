"""What a dispatcher or a simple tool does: urgent first, each to whoever costs least more."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bench.solver.answer import Answer, Call
from bench.solver.day import CENTS, Ask, Day, Person
from bench.solver.peers.pairs import eligible
from bench.solver.scoring import fee_cents, may, travel_minutes

Stops = list[tuple[int, Ask]]


def run(day: Day, call: Call) -> Answer:
    """Insert whole teams at the cheapest start: by weight, then those whom few could take."""
    del call
    able = {
        ask.id: numbers for ask, numbers in zip(day.asks, eligible(day, spans=True), strict=True)
    }
    days: dict[str, Stops] = {person.id: [] for person in day.people}
    for ask in sorted(day.asks, key=lambda ask: (-ask.weight, len(able[ask.id]), ask.earliest)):
        people = [day.people[number] for number in able[ask.id]]
        teams = [team for start in ask.starts() for team in _team(people, days, ask, start)]
        for _, start, team in sorted(teams)[:1]:
            for id_ in team:
                days[id_].append((start, ask))
                days[id_].sort(key=lambda stop: stop[0])
    return Answer(
        {id_: [(ask.id, start) for start, ask in stops] for id_, stops in days.items() if stops}
    )


def _team(
    people: Sequence[Person], days: dict[str, Stops], ask: Ask, start: int
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the cheapest team at this start, if there is one: cents, start, people."""
    priced = [
        (cents, person.id)
        for person in people
        for cents in _cents(person, days[person.id], ask, start)
    ]
    if len(priced) >= ask.n_interpreters:
        best = sorted(priced)[: ask.n_interpreters]
        yield sum(cents for cents, _ in best), start, tuple(id_ for _, id_ in best)


def _cents(person: Person, stops: Stops, ask: Ask, start: int) -> Iterator[int]:
    """Yield what the request costs more in this day, if it fits."""
    if not may(person, ask, start):
        return
    if sum(other.duration for _, other in stops) + ask.duration > person.max_minutes:
        return
    at = bisect_left(stops, start, key=lambda stop: stop[0])
    before = stops[at - 1] if at else None
    after = stops[at] if at < len(stops) else None
    one = person if before is None else before[1]
    two = person if after is None else after[1]
    there, back = travel_minutes(person, one, ask), travel_minutes(person, ask, two)
    if before and before[0] + before[1].duration + there > start:
        return
    if after and start + ask.duration + back > after[0]:
        return
    saved = travel_minutes(person, one, two) if stops else 0
    yield fee_cents(person, ask) + CENTS * (there + back - saved)
