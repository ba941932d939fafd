"""PyVRP: hybrid genetic search for vehicle routing."""

from __future__ import annotations

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve
from pyvrp.stop import MaxRuntime

from bench.solver.answer import Answer, Call
from bench.solver.day import Ask, Day, Person
from bench.solver.peers.pairs import Seat, kilometres, minutes, seats_of

POINTS_PER_WEIGHT = 1000


def run(day: Day, call: Call) -> Answer:
    """Let a load per set of able people say who may do what, and prizes what weighs how much."""
    seats = seats_of(day)
    speeds = sorted({person.speed_kmh for person in day.people})
    places: list[Person | Ask] = [*day.people, *(seat.ask for seat in seats)]
    km = kilometres(places)
    matrices = [minutes(km, speed) for speed in speeds]
    groups = sorted({seat.able for seat in seats})
    data = ProblemData(
        locations=[Location(place.lat, place.lon) for place in places],
        clients=[
            _client(len(day.people) + number, seat, groups) for number, seat in enumerate(seats)
        ],
        depots=[Depot(number) for number in range(len(day.people))],
        vehicle_types=[
            _vehicle(number, person, groups, speeds) for number, person in enumerate(day.people)
        ],
        distance_matrices=matrices,
        duration_matrices=matrices,
    )
    found = solve(data, MaxRuntime(call.left_s()), seed=call.seed, display=False).best
    visits: dict[str, list[tuple[str, int]]] = {}
    for route in found.routes():
        person = day.people[route.vehicle_type()]
        visits[person.id] = [
            (seats[visit.idx].ask.id, int(visit.start_time))
            for visit in route.schedule()
            if visit.is_client()
        ]
    return Answer(visits)


def _client(place: int, seat: Seat, groups: list[tuple[int, ...]]) -> Client:
    return Client(
        place,
        delivery=[seat.ask.duration, *(int(group == seat.able) for group in groups)],
        service_duration=seat.ask.duration,
        tw_early=seat.ask.earliest,
        tw_late=seat.latest,
        prize=round(POINTS_PER_WEIGHT * seat.weight),
        required=False,
    )


def _vehicle(
    number: int, person: Person, groups: list[tuple[int, ...]], speeds: list[int]
) -> VehicleType:
    able = [len(groups) if number in group else 0 for group in groups]
    return VehicleType(
        capacity=[person.max_minutes, *(np.multiply(able, 100).tolist())],
        start_depot=number,
        end_depot=number,
        tw_early=person.availability[0][0],
        tw_late=person.availability[-1][1],
        profile=speeds.index(person.speed_kmh),
    )
