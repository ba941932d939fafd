"""The ways to and from one more job, and the breaks beside it, for many people and times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.evaluation.roster import Roster
from solver.evaluation.spans import NONE, Flags, at
from solver.evaluation.work import Work
from solver.plan import RuleCode
from solver.problem.value import LARGEST_TIME
from solver.rules.distances import NO_WAY, Whole

FEW_WAYS = 1000


class Spot(NamedTuple):
    """Where and when the job would be, pair by pair; `before` and `after` are jobs of the day."""

    person: Whole
    slot: Whole
    stay: Whole
    available: Flags
    place: Whole
    busy_from: Whole
    busy_to: Whole
    before: Whole
    after: Whole


class Leg(NamedTuple):
    """The way to the job or on from it, within [begin, end); `neighbour` NONE means home."""

    rule: RuleCode
    neighbour: Whole
    begin: Whole
    end: Whole
    travel: Whole
    late: Flags


class Beside(NamedTuple):
    """Both legs, where a break is due and whether all fit, where only the rules can tell.

    `direct` is the time on the way that would be taken without the job.
    """

    there: Leg
    on: Leg
    direct: Whole
    resting: Flags
    rested: Flags
    twisted: Flags


def beside(roster: Roster, work: Work, spot: Spot) -> Beside:
    """Return what lies beside the job of each pair."""
    there, on, direct = _legs(roster, work, spot)
    rested, begin, end = _rested(work, spot, there, on)
    resting = end > begin
    begin = np.where(resting, np.minimum(begin, there.begin), there.begin)
    end = np.where(resting, np.maximum(end, on.end), on.end)
    twisted = roster.visited.overlap(spot.person, there.begin, on.end)
    twisted |= resting & roster.blocked.overlap(spot.person, begin, end)
    return Beside(there, on, direct, resting, rested, twisted)


def extra_travel(found: Beside) -> Whole:
    """Return the time units on the way that each job adds, busy times at a place aside.

    Where there is no way, it adds none.
    """
    added: Whole = np.maximum(0, found.there.travel) + np.maximum(0, found.on.travel)
    return added - found.direct


def _around(roster: Roster, work: Work, spot: Spot) -> tuple[Whole, Whole]:
    """Return the places that are left for the job and gone to after it."""
    first, last = spot.before == NONE, spot.after == NONE
    origin = np.where(first, at(roster.days.start, spot.slot), at(work.place, spot.before))
    target = np.where(last, at(roster.days.end, spot.slot), at(work.place, spot.after))
    return origin, target


def _legs(roster: Roster, work: Work, spot: Spot) -> tuple[Leg, Leg, Whole]:
    """Return the ways there and on, and how long the way past the job takes.

    From and to home without limits for who is not available.
    """
    first, last = spot.before == NONE, spot.after == NONE
    origin, target = _around(roster, work, spot)
    leaves = np.where(spot.available, at(roster.stays.start, spot.stay), -LARGEST_TIME)
    returns = np.where(spot.available, at(roster.stays.end, spot.stay), LARGEST_TIME)
    begin = np.where(first, leaves, at(work.busy_to, spot.before))
    end = np.where(last, returns, at(work.busy_from, spot.after))
    person, thrice = spot.person, np.concatenate((spot.person, spot.person, spot.person))
    origins = np.concatenate((origin, spot.place, origin))
    targets = np.concatenate((spot.place, target, target))
    come, go, past = _travel(roster, thrice, origins, targets).reshape(3, -1)
    late = _late(roster, person, begin, spot.busy_from, come)
    there = Leg(RuleCode.WAY_THERE, spot.before, begin, spot.busy_from, come, late)
    late = _late(roster, person, spot.busy_to, end, go)
    direct = np.where(first & last, 0, np.maximum(0, past))
    return there, Leg(RuleCode.WAY_HOME, spot.after, spot.busy_to, end, go, late), direct


def _late(roster: Roster, person: Whole, begin: Whole, end: Whole, travel: Whole) -> Flags:
    free = end - begin - roster.blocked.covered(person, begin, end)
    late: Flags = (travel == NO_WAY) | (travel > free)
    return late


def _travel(roster: Roster, person: Whole, origin: Whole, target: Whole) -> Whole:
    """Return the time on the way; of very many each different one is asked for once."""
    distances, profile = roster.people[0].distances, roster.profile[person]
    if len(person) <= FEW_WAYS:
        return distances.of_profiles(roster.profiles, profile, origin, target)
    size = len(distances.number) + 1
    keys = (profile * size + origin + 1) * size + target + 1
    unique, back = np.unique(keys, return_inverse=True)
    profile, origins, targets = unique // size**2, unique // size % size - 1, unique % size - 1
    taken: Whole = distances.of_profiles(roster.profiles, profile, origins, targets)[back]
    return taken


def _rested(work: Work, spot: Spot, there: Leg, on: Leg) -> tuple[Flags, Whole, Whole]:
    """Say whether every break still fits; return the time in which the breaks may be taken."""
    rests = work.rests
    rested = np.ones(len(spot.slot), dtype=bool)
    begin, end = np.full(len(spot.slot), LARGEST_TIME), np.full(len(spot.slot), -LARGEST_TIME)
    for number in range(rests.most):
        due = at(rests.due[number], spot.slot).astype(bool)
        earliest, latest = (
            at(rests.earliest[number], spot.slot),
            at(rests.latest[number], spot.slot),
        )
        length = at(rests.length[number], spot.slot)
        last = at(rests.last[number], spot.slot)
        here = np.where(spot.after == NONE, last, at(rests.before[number], spot.after))
        elsewhere = at(rests.fitting[number], spot.slot) - here > 0
        home = np.where(spot.before == NONE, np.minimum(there.begin, earliest), there.begin)
        back = np.where(spot.after == NONE, np.maximum(on.end, latest), on.end)
        fits = _fits(home, there.end, there.travel, earliest, latest, length)
        fits |= _fits(on.begin, back, on.travel, earliest, latest, length)
        rested &= ~due | elsewhere | fits
        begin = np.where(due, np.minimum(begin, np.minimum(home, earliest)), begin)
        end = np.where(due, np.maximum(end, np.maximum(back, latest)), end)
    return rested, begin, end


def _fits(
    begin: Whole, end: Whole, travel: Whole, earliest: Whole, latest: Whole, length: Whole
) -> Flags:
    """Say whether a break fits beside the travel into a leg without busy times."""
    piece = np.minimum(end, latest) - np.maximum(begin, earliest)
    found: Flags = (travel != NO_WAY) & (end - begin - travel >= length) & (piece >= length)
    return found
