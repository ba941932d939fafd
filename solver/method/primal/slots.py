"""Days without a node for each start: what somebody could do, from when to when, at what cost.

A slot is a job of a person's day at any start of a regular grid; `Slots` holds all of them as flat
arrays, which the kernel of `routes` and `rounds` reads as lists or, compiled, as arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.method.model.block import Block
from solver.method.model.instance import Instance
from solver.method.model.rows import Floats
from solver.method.model.tasks import Flags
from solver.problem.requests import Request
from solver.rules.distances import NO_WAY, Whole

FAR, LONG = 2**28, 2**27  # sums of a few fit into 32 bits
Numbers = list[int]  # or an array, for machine code
Costs = list[float]


class Slots(NamedTuple):
    """By slot, by block (a person's day), by person, by person and week, by request and team.

    `row` is a slot's place in its day's square of `travel`: from the end of one job to the begin of
    the next, the buffers `after` and `before` included where both are not at one place. Starts are
    `begin`, `begin + step`, ... `end`; `first_from` and `last_to` are the
    first start possible straight from home and the last one from which home is reached. `hard`
    costs weigh all levels, `soft` ones let nothing outweigh the ways by more than a few hours.
    `careful` days have private times, breaks or pins: their `legs` between single starts say with
    bits which breaks fit (-1: impossible). `in_order` are all requests by their begin; of so many
    rounds of 1,000 as `sweeps` says all are sent anew in this order.
    """

    block: Numbers
    request: Numbers
    team: Numbers
    hard: Costs
    soft: Costs
    minutes: Numbers
    before: Numbers
    after: Numbers
    begin: Numbers
    step: Numbers
    end: Numbers
    first: Numbers
    last: Numbers
    first_from: Numbers
    last_to: Numbers
    row: Numbers
    visit: Numbers
    frozen: Numbers
    base: Numbers
    size: Numbers
    ways: Numbers
    travel: Numbers
    rate: Costs
    soft_rate: Costs
    fixed: Costs
    soft_fixed: Costs
    most_minutes: Numbers
    most_jobs: Numbers
    careful: Numbers
    needed: Numbers
    legs_from: Numbers
    visits: Numbers
    legs: Numbers
    first_bits: Numbers
    last_bits: Numbers
    bits_from: Numbers
    person: Numbers
    share: Numbers
    share_hard: Costs
    share_soft: Costs
    week: Numbers
    week_minutes: Numbers
    week_jobs: Numbers
    singles_from: Numbers
    singles: Numbers
    teams_from: Numbers
    team_hard: Costs
    team_soft: Costs
    team_need: Numbers
    seats_from: Numbers
    seat_need: Numbers
    seat_from: Numbers
    seat_slots: Numbers
    member_from: Numbers
    near_from: Numbers
    near: Numbers
    seeds: Numbers
    rank: Costs
    in_order: Numbers
    sweeps: Numbers


class OfBlock(NamedTuple):
    """The slots of one day, in arrays; `visit` is the first visit of each, `count` how many."""

    request: Whole
    team: Whole
    seat: Whole
    costs: Whole
    minutes: Whole
    before: Whole
    after: Whole
    begin: Whole
    step: Whole
    end: Whole
    first: Whole
    last: Whole
    first_from: Whole
    last_to: Whole
    visits: Whole
    visit_from: Whole
    pinned: Flags
    travel: NDArray[np.int32]


def slots_of(instance: Instance, number: int, steps: Whole, team_of: Whole, keep: Whole) -> OfBlock:
    """Return the slots of the visits of a day to `keep`.

    `team_of` gives the number of the team of each task, -1: none.
    """
    block = instance.blocks[number]
    visits, person = block.visits, instance.people[block.person]
    request, team = visits.request, team_of[visits.numbers]
    step = steps[visits.request]
    seat = visits.tasks.seat[visits.numbers]
    same = np.stack([request, team, seat, visits.place, visits.minutes, *visits.costs])
    order = keep[np.lexsort((visits.begin[keep], *same[:, keep]))]
    same, start = same[:, order], visits.begin[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (same[:, 1:] != same[:, :-1]).any(axis=0) | (np.diff(start) != step[order][1:])
    heads = np.flatnonzero(new)
    tails = np.append(heads[1:], len(order))[: len(heads)] - 1
    one, run = order[heads], np.cumsum(new) - 1
    first, last, first_from, last_to = _ends_of_days(block, order, run, start)
    place = visits.place[one]
    ways = person.distances.units(person.interpreter.travel_profile, place[:, None], place[None, :])
    before = visits.begin[one] - visits.busy_from[one]
    after = visits.busy_to[one] - visits.end[one]
    buffers, apart = after[:, None] + before[None, :], place[:, None] != place[None, :]
    return OfBlock(
        request=request[one],
        team=team[one],
        seat=seat[one],
        costs=visits.costs[:, one],
        minutes=visits.minutes[one],
        before=before,
        after=after,
        begin=start[heads],
        step=step[one],
        end=start[tails],
        first=first,
        last=last,
        first_from=first_from,
        last_to=last_to,
        visits=order,
        visit_from=np.concatenate([heads, [len(order)]]),
        pinned=visits.pinned[one],
        travel=np.where(ways == NO_WAY, LONG, ways + np.where(apart, buffers, 0)).astype(np.int32),
    )


def _ends_of_days(
    block: Block, order: Whole, run: Whole, start: Whole
) -> tuple[Whole, Whole, Whole, Whole]:
    """Return of each run of visits the way from and back home, and from and to when there is one.

    `run` is the number of the run of each visit in `order`, `start` when the visit begins.
    """
    count = int(run[-1]) + 1 if len(run) else 0
    leaving, coming = block.first[order] != NO_WAY, block.last[order] != NO_WAY
    first_from, last_to = np.full(count, FAR), np.full(count, -FAR)
    np.minimum.at(first_from, run[leaving], start[leaving])
    np.maximum.at(last_to, run[coming], start[coming])
    first, last = np.zeros((2, count), dtype=np.int64)
    first[run[leaving]], last[run[coming]] = block.first[order][leaving], block.last[order][coming]
    return first, last, first_from, last_to


def is_careful(instance: Instance, block: Block) -> bool:
    """Say whether more than times and ways decide what can follow what on a day."""
    return bool(block.pauses or block.pinned or instance.people[block.person].blocked)


def steps_of(requests: list[Request]) -> Whole:
    """Return the grid of the starts of each request."""
    return np.array([request.step for request in requests], dtype=np.int64)


def soft_weights(weights: Floats, costs: Floats, rate: float) -> Floats:
    """Return weights with which no unit of a level is worth more than 1,000 units of way.

    `costs` are the smallest amounts above 0 that a visit has in each level. What outweighs all
    else by far would let annealing give up nothing of it for a moment, or everything below it.
    """
    found = weights.copy()
    if rate > 0:
        found = np.minimum(found, 1000.0 * rate / np.maximum(1.0, costs))
    return found
