"""VROOM by pyvroom: fast local search for vehicle routing."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import vroom

from bench.solver.answer import Answer, Call
from bench.solver.day import Day, Person
from bench.solver.peers.pairs import Seat, kilometres, minutes, seats_of

PRIORITY_PER_WEIGHT = 20
LEAST, MOST = 0, 5


def fast(day: Day, call: Call) -> Answer:
    """Explore as little as it can."""
    return _explored(day, call, LEAST)


def run(day: Day, call: Call) -> Answer:
    """Explore as much as it can."""
    return _explored(day, call, MOST)


def _explored(day: Day, call: Call, exploration: int) -> Answer:
    """Let skills say who may do what, and a load of minutes keep the limit of the day."""
    seats = seats_of(day)
    km = kilometres([*day.people, *(seat.ask for seat in seats)])
    problem = vroom.Input()
    for speed in {person.speed_kmh for person in day.people}:
        problem.set_durations_matrix(str(speed), minutes(km, speed).astype(np.uint32))
    for number, person in enumerate(day.people):
        problem.add_vehicle(_vehicle(number, person, seats))
    for number, seat in enumerate(seats):
        problem.add_job(_job(number, seat, len(day.people) + number))
    limit = timedelta(seconds=call.left_s())
    solution = problem.solve(exploration, nb_threads=call.workers, timeout=limit)
    visits: dict[str, list[tuple[str, int]]] = {}
    for step in solution.routes.to_dict("records"):
        if step["type"] == "job":
            stop = (seats[step["id"]].ask.id, int(step["arrival"] + step["waiting_time"]))
            visits.setdefault(day.people[step["vehicle_id"]].id, []).append(stop)
    return Answer(visits)


def _vehicle(number: int, person: Person, seats: list[Seat]) -> vroom.Vehicle:
    return vroom.Vehicle(
        id=number,
        start=number,
        end=number,
        profile=str(person.speed_kmh),
        capacity=[person.max_minutes],
        skills={index for index, seat in enumerate(seats) if number in seat.able},
        time_window=vroom.TimeWindow(person.availability[0][0], person.availability[-1][1]),
    )


def _job(number: int, seat: Seat, place: int) -> vroom.Job:
    return vroom.Job(
        id=number,
        location=place,
        default_service=seat.ask.duration,
        delivery=[seat.ask.duration],
        skills={number},
        priority=round(PRIORITY_PER_WEIGHT * seat.weight),
        time_windows=[vroom.TimeWindow(seat.ask.earliest, seat.latest)],
    )
