"""The one scorer: judges every plan, ours and each peer's, from the definitions alone.

It knows nothing of `solver`. A plan is what each interpreter does: (request, start) pairs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.solver.day import CENTS, POINTS_PER_WEIGHT, ROAD_FACTOR, Ask, Day, Person

EARTH_RADIUS_KM = 6371.0
KM_PER_DEGREE = 111.0

Visits = Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Score:
    """What a plan is worth. Faults: rules broken; half: teams not complete or not at one time.

    `off_grid` counts starts between the grid's minutes; they are forgiven to the peers.
    """

    faults: tuple[str, ...]
    covered_weight: int
    fee_cents: int
    travel_minutes: int
    half: int
    off_grid: int

    @property
    def hundredths(self) -> int:
        """Return the objective in hundredths of a point, exactly."""
        covered = POINTS_PER_WEIGHT * self.covered_weight - self.travel_minutes
        return CENTS * covered - self.fee_cents

    @property
    def points(self) -> float:
        """Return the objective: 1,000 for each unit of covered weight, minus euro and minutes."""
        return self.hundredths / CENTS


def kilometres(a: Person | Ask, b: Person | Ask) -> float:
    """Return the great-circle distance (haversine)."""
    rise = math.sin(math.radians(b.lat - a.lat) / 2) ** 2
    turn = math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    chord = rise + math.cos(math.radians(a.lat)) * math.cos(math.radians(b.lat)) * turn
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def travel_minutes(person: Person, a: Person | Ask, b: Person | Ask) -> int:
    """Return whole minutes on the way, rounded up; a millionth of a minute is forgiven."""
    return math.ceil(round(kilometres(a, b) * ROAD_FACTOR / person.speed_kmh * 60, 6))


def score(day: Day, visits: Visits) -> Score:
    """Judge a plan; raises KeyError for an interpreter or a request that is not in the day."""
    people = {person.id: person for person in day.people}
    asks = {ask.id: ask for ask in day.asks}
    faults: list[str] = []
    fee = travel = 0
    for id_, stops in visits.items():
        own = sorted(((asks[name], start) for name, start in stops), key=lambda stop: stop[1])
        if own:
            faults += _faults(people[id_], own)
            fee += sum(fee_cents(people[id_], ask) for ask, _ in own)
            travel += sum(_legs(people[id_], [ask for ask, _ in own]))
    covered, half, crowded = _teams(asks, visits)
    return Score(
        faults=(*faults, *crowded),
        covered_weight=covered,
        fee_cents=fee,
        travel_minutes=travel,
        half=half,
        off_grid=sum(
            (start - asks[name].earliest) % asks[name].step > 0
            for stops in visits.values()
            for name, start in stops
        ),
    )


def without_halves(day: Day, visits: Visits) -> dict[str, list[tuple[str, int]]]:
    """Return the plan without teams that are not complete; it costs less and covers as much."""
    wanted = {ask.id: ask.n_interpreters for ask in day.asks}
    there = Counter(stop for stops in visits.values() for stop in stops)
    return {
        id_: [stop for stop in stops if there[stop] >= wanted[stop[0]]]
        for id_, stops in visits.items()
    }


def _teams(asks: Mapping[str, Ask], visits: Visits) -> tuple[int, int, list[str]]:
    """Return the weight covered, the number of teams not together, and what is overfull."""
    starts: dict[str, list[int]] = defaultdict(list)
    for stops in visits.values():
        for name, start in stops:
            starts[name].append(start)
    covered = half = 0
    crowded = []
    for name, found in starts.items():
        ask = asks[name]
        if len(found) > ask.n_interpreters:
            crowded.append(f"{name}: {len(found)} people instead of {ask.n_interpreters}")
        elif len(found) == ask.n_interpreters and len(set(found)) == 1:
            covered += ask.weight
        else:
            half += 1
    return covered, half, crowded


def _faults(person: Person, own: Sequence[tuple[Ask, int]]) -> Iterator[str]:
    for ask, start in own:
        wrong = [name for name, broken in _rules(person, ask, start) if broken]
        yield from (f"{person.id} at {ask.id}: {name}" for name in wrong)
    for (one, begin), (two, start) in pairwise(own):
        if begin + one.duration + travel_minutes(person, one, two) > start:
            yield f"{person.id}: no time from {one.id} to {two.id}"
    if sum(ask.duration for ask, _ in own) > person.max_minutes:
        yield f"{person.id}: more than {person.max_minutes} minutes"
    if len({ask.id for ask, _ in own}) < len(own):
        yield f"{person.id}: the same request twice"


def _rules(person: Person, ask: Ask, start: int) -> Iterator[tuple[str, bool]]:
    yield "window", not ask.earliest <= start <= ask.latest
    yield "language", ask.lang not in person.languages
    yield "level", person.languages.get(ask.lang, 0) < ask.min_level
    yield "qualification", ask.qualification is not None and ask.qualification not in person.quals
    yield "gender", ask.gender_required and person.gender != ask.gender
    yield "excluded", person.id in ask.excluded
    yield "radius", kilometres(person, ask) > person.radius_km
    yield "availability", not available(person, ask, start)


def may(person: Person, ask: Ask, start: int) -> bool:
    """Say whether the person may do the job, the rest of the day aside."""
    return not any(broken for _, broken in _rules(person, ask, start))


def near(person: Person, ask: Ask) -> bool:
    """Say whether the latitudes alone allow the radius; quick, and never wrong when it says no."""
    return abs(person.lat - ask.lat) * KM_PER_DEGREE <= person.radius_km


def available(person: Person, ask: Ask, start: int) -> bool:
    """Say whether the job and the way between it and home lie in one span of availability."""
    way = travel_minutes(person, person, ask)
    return any(
        begin <= start - way and start + ask.duration + way <= end
        for begin, end in person.availability
    )


def fee_cents(person: Person, ask: Ask) -> int:
    """Return the fee; raises ValueError if it is no whole number of cents."""
    cents, rest = divmod(person.fee_per_hour * CENTS * ask.duration, 60)
    if rest:
        raise ValueError(f"{ask.id}: the fee of {person.id} is no whole number of cents")
    return cents


def _legs(person: Person, own: Sequence[Ask]) -> Iterator[int]:
    places: list[Person | Ask] = [person, *own, person]
    for a, b in pairwise(places):
        yield travel_minutes(person, a, b)
