"""The schedule as it stands: what is committed as a plan, without a search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from solver.evaluation.whole import bare_plan, plan_of_routes, routes_of
from solver.plan import Plan
from solver.problem.commitments import Commitment
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.rules.distances import Distances
from solver.rules.person import Job, Person, nearest_day
from solver.rules.schedule import Held
from solver.rules.variants import Seat, Variant, matches, variants

Team = Sequence[Commitment]


def standing(problem: Problem, *, reasons: bool = False) -> Plan:
    """Return the plan in which all commitments are kept, pinned or promised, and nothing else.

    A part of a team is sent as it is. Where a commitment leaves way or language open, the choice
    that costs least is taken. The plan has routes and says how many requests have all their
    people; nothing in it is searched or proven, and whoever is committed against the rules is in it
    all the same. Commitments to one request that no choice agrees with are left out. With
    `reasons` it is priced and says of each open request why it is open, which takes longer.
    """
    distances = Distances(problem.travel)
    people = {one.id: one for one in problem.interpreters}
    requests = {request.id: request for request in problem.requests}
    teams: dict[str, list[Commitment]] = defaultdict(list)
    for item in problem.commitments:
        teams[item.request].append(item)
    holders = {item.interpreter for item in problem.commitments}
    committed = {id_: Person(people[id_], distances) for id_ in holders}
    work: dict[str, list[Held]] = defaultdict(list)
    filled = 0
    for id_, team in teams.items():
        done = list(_held(requests[id_], team, committed))
        filled += bool(done) and len(done) == done[0][1].job.variant.size
        for person, held in done:
            work[person].append(held)
    routes = [route for id_, own in work.items() for route in routes_of(committed[id_], own)]
    if reasons:
        return plan_of_routes(problem, routes)
    return bare_plan(problem, routes).model_copy(update={"filled": filled})


def _held(request: Request, team: Team, people: dict[str, Person]) -> Iterator[tuple[str, Held]]:
    """Yield who does what in a request, in the cheapest variant with a seat for everybody."""
    found = variants(request, tuple(team))
    for variant in sorted(found, key=lambda one: one.variety + one.way_cost + one.handover):
        seats = _seated(request, variant, team, people)
        if seats is not None:
            for item, seat in zip(team, seats, strict=True):
                person = people[item.interpreter]
                held = _job_of(person, Job(request, variant, seat), item)
                if held is not None:
                    yield item.interpreter, held
            return


def _seated(
    request: Request, variant: Variant, team: Team, people: dict[str, Person]
) -> list[Seat] | None:
    """Return a seat of its own for each commitment, None where the variant has not enough."""
    asked = {code for item in request.languages for code in (item.code, item.relay)}
    free = [
        seat._replace(number=seat.number + place)
        for seat in variant.seats
        for place in range(seat.people)
    ]
    options = {}
    for item in team:
        spoken = asked & people[item.interpreter].languages.keys()
        options[item.interpreter] = [
            seat
            for seat in free
            if matches(variant, seat, item)
            and (item.language is not None or not spoken or seat.language in spoken)
        ]
    taken: dict[str, Seat] = {}
    for id_ in sorted(options, key=lambda id_: len(options[id_])):
        seat = next((seat for seat in options[id_] if seat not in taken.values()), None)
        if seat is None:
            return None
        taken[id_] = seat
    return [taken[item.interpreter] for item in team]


def _job_of(person: Person, job: Job, item: Commitment) -> Held | None:
    """Return the job on the day it belongs to, None for somebody without days."""
    stay = person.stay(job) if item.kind == "promised" else None
    day = nearest_day(person.interpreter, item.start) if stay is None else stay.day
    if day is None:
        return None
    return Held(job, day, person.place_of(job, day), item.kind == "pinned")
