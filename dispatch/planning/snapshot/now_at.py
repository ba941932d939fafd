"""Where people are by now: nobody can have set out before somebody thought of it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

import solver
from dispatch import clock
from dispatch.assignments.rules import AssignmentState
from dispatch.interpreters.models import Interpreter
from dispatch.offers.schedules import Taken
from dispatch.planning.snapshot import places
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.travel.estimate import Mode
from dispatch.travel.times import TravelTimes

A_MINUTE = timedelta(minutes=1)


def at_home(
    one: Interpreter,
    held: Sequence[Taken],
    days: Collection[solver.problem.WorkDay],
    horizon: Horizon,
    times: TravelTimes,
    now: datetime | None,
) -> Iterator[solver.problem.Busy]:
    """Yield the minute before now as spent at home, where somebody can be nowhere else.

    So whoever is asked now for what begins soon has to have time for the way from there. Nothing is
    yielded of whoever works or is on the way to or from what is `held`, where that says where they
    are, nor outside the hours at which they would set out, nor where there is no `now`.
    """
    if now is None:
        return
    origin, _after = horizon.bounds
    minute = clock.minutes_between(origin, now)
    hours = [span for day in days for span in day.available]
    if not any(span.holds(minute - 1, minute) for span in hours):
        return
    if not any(_is_about(each, one, times, now) for each in held):
        home = places.id_of(places.home_of(one))
        yield solver.problem.Busy(start=minute - 1, end=minute, place=home)


def _is_about(each: Taken, one: Interpreter, times: TravelTimes, now: datetime) -> bool:
    """Tell whether somebody is at an assignment now, or between it and home."""
    if each.state == AssignmentState.RUNNING:  # beyond its time as well
        return True
    there = places.place_by(each.way, each.site, one)
    way = times.one(places.home_of(one), there, Mode(one.travel_mode)).minutes
    before = timedelta(minutes=way + each.site.buffer_before_minutes)
    after = timedelta(minutes=way + each.site.buffer_after_minutes)
    return each.starts_at - before <= now and now - A_MINUTE < each.ends_at + after
