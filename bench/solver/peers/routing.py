"""The routing library of OR-Tools: constraint programming with guided local search."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from bench.solver.answer import Answer, Call
from bench.solver.day import POINTS_PER_WEIGHT, Day
from bench.solver.peers.pairs import Seat, kilometres, minutes, seats_of

SIXTY = 60  # seconds in a minute, sixtieths in a point: fees by the minute stay whole numbers
DAY = 24 * 60 * SIXTY
LARGEST_COPIED = 1000


def run(day: Day, call: Call) -> Answer:
    """Allow each seat the vehicles able to take it; minutes of service cost the fee."""
    seats = seats_of(day)
    homes = list(range(len(day.people)))
    manager = pywrapcp.RoutingIndexManager(len(homes) + len(seats), len(homes), homes, homes)
    model = pywrapcp.RoutingModel(manager)
    _add_travel(model, manager, day, seats)
    _add_service(model, manager, day, seats)
    time = model.GetDimensionOrDie("time")
    for number, seat in enumerate(seats):
        index = manager.NodeToIndex(len(homes) + number)
        model.AddDisjunction([index], SIXTY * _penalty(seat))
        model.VehicleVar(index).SetValues([-1, *seat.able])
        time.CumulVar(index).SetRange(SIXTY * seat.ask.earliest, SIXTY * seat.latest)
    for number, person in enumerate(day.people):
        span = (SIXTY * person.availability[0][0], SIXTY * person.availability[-1][1])
        time.CumulVar(model.Start(number)).SetRange(*span)
        time.CumulVar(model.End(number)).SetRange(*span)
    found = model.SolveWithParameters(_parameters(call))
    return Answer({} if found is None else _visits(model, manager, found, day, seats))


def _penalty(seat: Seat) -> int:
    """Return the points lost with the seat, and the service that its way would have cost."""
    return round(POINTS_PER_WEIGHT * seat.weight) + seat.ask.duration


def _add_travel(
    model: pywrapcp.RoutingModel, manager: pywrapcp.RoutingIndexManager, day: Day, seats: list[Seat]
) -> None:
    """Give each vehicle travel and service at its own speed, as time and as cost.

    The cost of the service is made good in the penalty of leaving the seat open.
    """
    km = kilometres([*day.people, *(seat.ask for seat in seats)])
    service = np.array([0] * len(day.people) + [seat.ask.duration for seat in seats])
    speeds = sorted({person.speed_kmh for person in day.people})
    times = {
        speed: _register(model, manager, SIXTY * (minutes(km, speed) + service[:, None]))
        for speed in speeds
    }
    each = [times[person.speed_kmh] for person in day.people]
    for number, time in enumerate(each):
        model.SetArcCostEvaluatorOfVehicle(time, number)
    model.AddDimensionWithVehicleTransits(each, DAY, DAY, False, "time")


def _register(
    model: pywrapcp.RoutingModel, manager: pywrapcp.RoutingIndexManager, matrix: NDArray[np.int64]
) -> int:
    """Register a matrix; a large one is looked up here, as the library would copy it too long."""
    if len(matrix) <= LARGEST_COPIED:
        return int(model.RegisterTransitMatrix(matrix.tolist()))
    small = matrix.astype(np.int32)
    node = [manager.IndexToNode(index) for index in range(manager.GetNumberOfIndices())]
    return int(model.RegisterTransitCallback(lambda a, b: small.item(node[a], node[b])))


def _add_service(
    model: pywrapcp.RoutingModel, manager: pywrapcp.RoutingIndexManager, day: Day, seats: list[Seat]
) -> None:
    """Limit the minutes of service of each vehicle, and let them cost its fee."""
    work = [0] * len(day.people) + [seat.ask.duration for seat in seats]
    transit = model.RegisterUnaryTransitVector(work)
    limits = [person.max_minutes for person in day.people]
    model.AddDimensionWithVehicleCapacity(transit, 0, limits, True, "service")
    service = model.GetDimensionOrDie("service")
    for number, person in enumerate(day.people):
        service.SetSpanCostCoefficientForVehicle(person.fee_per_hour, number)


def _parameters(call: Call) -> object:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.time_limit.FromMilliseconds(round(1000 * call.left_s()))
    return parameters


def _visits(
    model: pywrapcp.RoutingModel,
    manager: pywrapcp.RoutingIndexManager,
    found: pywrapcp.Assignment,
    day: Day,
    seats: list[Seat],
) -> dict[str, list[tuple[str, int]]]:
    time = model.GetDimensionOrDie("time")
    visits: dict[str, list[tuple[str, int]]] = {}
    for number, person in enumerate(day.people):
        index = found.Value(model.NextVar(model.Start(number)))
        while not model.IsEnd(index):
            seat = seats[manager.IndexToNode(index) - len(day.people)]
            stop = (seat.ask.id, found.Min(time.CumulVar(index)) // SIXTY)
            visits.setdefault(person.id, []).append(stop)
            index = found.Value(model.NextVar(index))
    return visits
