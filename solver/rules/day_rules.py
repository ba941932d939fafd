"""The hard rules between one more job and the rest of a person's work, one function each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import ceil

from solver.plan import RuleCode, Violation
from solver.problem.requests import Way
from solver.problem.value import LARGEST_TIME
from solver.rules.breaks import has_break
from solver.rules.distances import NO_WAY
from solver.rules.legs import Leg, Moment, home_between, leg
from solver.rules.person import Person
from solver.rules.schedule import Held


@dataclass(frozen=True)
class Insertion:
    """A new job beside the other jobs a person has, in order of time."""

    person: Person
    new: Held
    others: tuple[Held, ...]

    @cached_property
    def today(self) -> list[Held]:
        """Return the other jobs of the day."""
        return [held for held in self.others if held.day.day == self.new.day.day]

    @cached_property
    def week(self) -> list[Held]:
        """Return the other jobs of the week."""
        return [held for held in self.others if held.day.week == self.new.day.week]

    @cached_property
    def neighbours(self) -> tuple[Held | None, Held | None]:
        """Return the jobs over before the new one and beginning after it, on its day."""
        begin = self.new.job.seat.begin
        day = sorted(self.today, key=lambda held: held.job.seat.begin)
        apart = [held for held in day if held not in self.clashing]
        earlier = [held for held in apart if held.job.seat.begin < begin]
        later = [held for held in apart if held.job.seat.begin >= begin]
        return (earlier[-1] if earlier else None, later[0] if later else None)

    @cached_property
    def clashing(self) -> tuple[Held, ...]:
        """Return the other jobs that are at the same time, or part of the same request."""
        taken = _spans([*self.today, self.new])
        begin, end = taken[id(self.new)]
        found = []
        for held in self.others:
            start, stop = taken.get(id(held), (held.job.busy_from, held.job.busy_to))
            same = held.job.request.id == self.new.job.request.id
            if same or (start < end and begin < stop):
                found.append(held)
        return tuple(found)

    @cached_property
    def there(self) -> Leg:
        """Return the leg to the new job; without limits when it lies in no available interval."""
        person, new = self.person, self.new
        previous, _ = self.neighbours
        if previous is not None:
            return leg(person.blocked, person.units, previous.after(), new.before())
        home = person.distances.place(new.day.start)
        time = person.available(new.job.busy_from, new.job.busy_to)
        if time is None and new.pinned:
            return Leg(max(0, person.units(home, new.place)), 0)
        leaves = -LARGEST_TIME if time is None else time.start
        return leg(person.blocked, person.units, Moment(home, leaves), new.before())

    @cached_property
    def on(self) -> Leg:
        """Return the leg from the new job; without limits when it lies in no available interval."""
        person, new = self.person, self.new
        _, following = self.neighbours
        if following is not None:
            return leg(person.blocked, person.units, new.after(), following.before())
        home = person.distances.place(new.day.end)
        time = person.available(new.job.busy_from, new.job.busy_to)
        if time is None and new.pinned:
            return Leg(max(0, person.units(new.place, home)), 0)
        returns = LARGEST_TIME if time is None else time.end
        return leg(person.blocked, person.units, new.after(), Moment(home, returns))

    def clear(self) -> Insertion:
        """Return the same beside those jobs only that are not at the same time."""
        if not self.clashing:
            return self
        return replace(self, others=tuple(h for h in self.others if h not in self.clashing))


def _spans(day: Iterable[Held]) -> dict[int, tuple[int, int]]:
    """Return from when to when each job of a day, by its identity, takes its person.

    That is with its buffers, but for those between two jobs one after the other at one place.
    (By identity, because hashing a request takes longer than all the rest.)
    """
    ordered = sorted(day, key=lambda held: held.job.seat.begin)
    found = {id(held): (held.job.busy_from, held.job.busy_to) for held in ordered}
    for one, two in pairwise(ordered):
        if one.place == two.place:
            found[id(one)] = (found[id(one)][0], one.job.seat.end)
            found[id(two)] = (two.job.seat.begin, found[id(two)][1])
    return found


DayRule = Callable[[Insertion], Violation | None]


def taken(insertion: Insertion) -> Violation | None:
    """Require that the person has no other job at that time."""
    job = insertion.new.job
    for held in insertion.clashing:
        overlap = min(held.job.busy_to, job.busy_to) - max(held.job.busy_from, job.busy_from)
        id_, seat = held.job.request.id, held.job.seat
        text = f"is at {id_} from {seat.begin} to {seat.end}"
        return Violation(rule=RuleCode.TAKEN, text=text, lacking=max(0, overlap), request=id_)
    return None


def radius(insertion: Insertion) -> Violation | None:
    """Require that a job on site lies within the radius around the start of the day."""
    person, new = insertion.person, insertion.new
    limit = person.interpreter.radius_km
    if limit is None or new.day.start is None or new.job.variant.way is not Way.ON_SITE:
        return None
    home = person.distances.place(new.day.start)
    far = person.distances.far(home, new.place)
    if far <= limit:
        return None
    text = f"{far:.1f} km away, at most {limit:g} km"
    return Violation(rule=RuleCode.RADIUS, text=text, lacking=ceil(far - limit))


def way_there(insertion: Insertion) -> Violation | None:
    """Require time for the way from home or from the job before."""
    previous, _ = insertion.neighbours
    return _way_violation(insertion.there, previous, RuleCode.WAY_THERE, "cannot arrive in time")


def way_home(insertion: Insertion) -> Violation | None:
    """Require time for the way home or to the job after."""
    _, following = insertion.neighbours
    return _way_violation(insertion.on, following, RuleCode.WAY_HOME, "cannot be back in time")


def _way_violation(
    taken_leg: Leg, neighbour: Held | None, rule: RuleCode, text: str
) -> Violation | None:
    if taken_leg.spare >= 0:
        return None
    if neighbour is None:
        return Violation(rule=rule, text=text, lacking=-taken_leg.spare)
    other = neighbour.job.request.id
    text = f"the way to or from {other} is too long"
    return Violation(rule=RuleCode.WAY_BETWEEN, text=text, lacking=-taken_leg.spare, request=other)


def overnight(insertion: Insertion) -> Violation | None:
    """Require time to be at home between jobs of two days whose availability touches."""
    new, person = insertion.new, insertion.person
    for held in insertion.others:
        if held.day.day != new.day.day and not (held.pinned and new.pinned):
            first, second = sorted((held, new), key=lambda one: one.job.seat.begin)
            spare = spare_overnight(person, first, second)
            if spare < 0:
                id_ = held.job.request.id
                text = f"the way home and on to or from {id_} is too long"
                return Violation(rule=RuleCode.WAY_BETWEEN, text=text, lacking=-spare, request=id_)
    return None


def spare_overnight(person: Person, first: Held, second: Held) -> int:
    """Return the time to spare at home between jobs of two days; 0 where these do not touch."""
    if person.available(first.job.busy_from, second.job.busy_to) is None:
        return 0
    homes = (person.distances.place(first.day.end), person.distances.place(second.day.start))
    return home_between(person.blocked, person.units, first.after(), homes, second.before())


def day_minutes(insertion: Insertion) -> Violation | None:
    """Require that the service time of the day stays within its limit."""
    most = insertion.person.interpreter.limits.minutes_per_day
    return _over(insertion.today, insertion.new.minutes, most, RuleCode.DAY_MINUTES)


def day_jobs(insertion: Insertion) -> Violation | None:
    """Require that the number of jobs of the day stays within its limit."""
    most = insertion.person.interpreter.limits.jobs_per_day
    if most is None or len(insertion.today) + 1 <= most:
        return None
    text = f"has {len(insertion.today)} jobs that day, at most {most}"
    return Violation(rule=RuleCode.DAY_JOBS, text=text, lacking=len(insertion.today) + 1 - most)


def week_minutes(insertion: Insertion) -> Violation | None:
    """Require that the service time of the week stays within its limit."""
    limits, week = insertion.person.interpreter.limits, insertion.new.day.week
    worked = [item for item in insertion.person.interpreter.worked if item.week == week]
    before = sum(item.minutes for item in worked)
    added = before + insertion.new.minutes
    return _over(insertion.week, added, limits.minutes_per_week, RuleCode.WEEK_MINUTES)


def week_jobs(insertion: Insertion) -> Violation | None:
    """Require that the number of jobs of the week stays within its limit."""
    limits, week = insertion.person.interpreter.limits, insertion.new.day.week
    worked = [item for item in insertion.person.interpreter.worked if item.week == week]
    total = len(insertion.week) + sum(item.jobs for item in worked) + 1
    if limits.jobs_per_week is None or total <= limits.jobs_per_week:
        return None
    text = f"has {total - 1} jobs that week, at most {limits.jobs_per_week}"
    return Violation(rule=RuleCode.WEEK_JOBS, text=text, lacking=total - limits.jobs_per_week)


def _over(others: list[Held], added: int, most: int | None, rule: RuleCode) -> Violation | None:
    total = sum(held.minutes for held in others) + added
    if most is None or total <= most:
        return None
    text = f"{total} time units of service, at most {most}"
    return Violation(rule=rule, text=text, lacking=total - most)


def pause(insertion: Insertion) -> Violation | None:
    """Require that each break of the day still fits, the pinned jobs permitting."""
    day = sorted([*insertion.today, insertion.new], key=lambda held: held.job.seat.begin)
    pinned = [held for held in day if held.pinned]
    for number, item in enumerate(insertion.new.day.breaks):
        possible = not pinned or has_break(insertion.person, pinned, number)
        if possible and not has_break(insertion.person, day, number):
            text = f"no time for the break between {item.earliest} and {item.latest}"
            return Violation(rule=RuleCode.BREAK, text=text, lacking=item.length)
    return None


CLEAR_RULES: tuple[DayRule, ...] = (
    radius,
    way_there,
    way_home,
    overnight,
    day_minutes,
    day_jobs,
    week_minutes,
    week_jobs,
    pause,
)


def insertion_violations(insertion: Insertion) -> tuple[Violation, ...]:
    """Return every rule that stops the new job beside the others.

    Jobs at the same time are named by `taken`; the other rules are judged as if they were gone.
    """
    clear = insertion.clear()
    found = (taken(insertion), *(rule(clear) for rule in CLEAR_RULES))
    return tuple(item for item in found if item is not None)


def extra_travel(insertion: Insertion) -> int:
    """Return the time units on the way that the new job adds to its day."""
    person, (previous, following) = insertion.person, insertion.neighbours
    added = insertion.there.travel + insertion.on.travel
    if previous is not None and following is not None:
        direct = leg(person.blocked, person.units, previous.after(), following.before())
        return added - (0 if direct.spare == NO_WAY and direct.travel == 0 else direct.travel)
    return added - _saved(person, previous, following)


def _saved(person: Person, previous: Held | None, following: Held | None) -> int:
    """Return the way from or to home that is not needed any more."""
    if previous is not None:
        rest: tuple[Held, ...] = ()
        return Insertion(person, previous, rest).on.travel
    if following is not None:
        return Insertion(person, following, ()).there.travel
    return 0
