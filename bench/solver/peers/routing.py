"""The routing library of OR-Tools: constraint programming with guided local search."""

from __future__ import annotations

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from bench.solver.answer import Answer, Call
from bench.solver.day import POINTS_PER_WEIGHT, Ask, Day, Person
from bench.solver.peers.pairs import Seat, minutes, seats_of

SIXTIETHS = 60  # of a point: fees by the minute stay whole numbers


def run(day: Day, call: Call) -> Answer:
    """Allow each seat the vehicles able to take it; minutes of service cost the fee."""
    seats = seats_of(day)
    homes = list(range(len(day.people)))
    manager = pywrapcp.RoutingIndexManager(len(homes) + len(seats), len(homes), homes, homes)
    model = pywrapcp.RoutingModel(manager)
    _add_travel(model, day, seats)
    _add_service(model, manager, day, seats)
    time = model.GetDimensionOrDie("time")
    for number, seat in enumerate(seats):
        index = manager.NodeToIndex(len(homes) + number)
        model.AddDisjunction([index], round(POINTS_PER_WEIGHT * SIXTIETHS * seat.weight))
        model.VehicleVar(index).SetValues([-1, *seat.able])
        time.CumulVar(index).SetRange(seat.ask.earliest, seat.latest)
    for number, person in enumerate(day.people):
        span = (person.availability[0][0], person.availability[-1][1])
        time.CumulVar(model.Start(number)).SetRange(*span)
        time.CumulVar(model.End(number)).SetRange(*span)
    found = model.SolveWithParameters(_parameters(call))
    return Answer({} if found is None else _visits(model, manager, found, day, seats))


def _add_travel(model: pywrapcp.RoutingModel, day: Day, seats: list[Seat]) -> None:
    """Give each vehicle its travel as cost, and travel with service as time."""
    places: list[Person | Ask] = [*day.people, *(seat.ask for seat in seats)]
    service = [0] * len(day.people) + [seat.ask.duration for seat in seats]
    cost, time = {}, {}
    for speed in {person.speed_kmh for person in day.people}:
        matrix = minutes(places, speed)
        cost[speed] = model.RegisterTransitMatrix((SIXTIETHS * matrix).tolist())
        time[speed] = model.RegisterTransitMatrix((matrix.T + service).T.tolist())
    for number, person in enumerate(day.people):
        model.SetArcCostEvaluatorOfVehicle(cost[person.speed_kmh], number)
    each = [time[person.speed_kmh] for person in day.people]
    model.AddDimensionWithVehicleTransits(each, 24 * 60, 24 * 60, False, "time")


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
            stop = (seat.ask.id, found.Min(time.CumulVar(index)))
            visits.setdefault(person.id, []).append(stop)
            index = found.Value(model.NextVar(index))
    return visits
