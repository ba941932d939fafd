"""The days of one interpreter as the solver sees them, with the nights around them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

import solver
from dispatch import clock
from dispatch.availability.rules import Way
from dispatch.availability.times import Span
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.offers.schedules import Taken
from dispatch.planning.snapshot import places
from dispatch.planning.snapshot.horizon import Horizon, week_of

A_DAY = timedelta(days=1)


def days_of(
    one: Interpreter, horizon: Horizon, own: Sequence[Taken], ways: Collection[Way]
) -> Iterator[solver.problem.WorkDay]:
    """Yield the days with hours by one of the ways, and those with work although there are none.

    The solver puts a job that stays to the day whose hours are nearest. So that this is its own
    day, a minute of it counts as one of the day's hours: too short for anything else.
    """
    home = places.id_of(places.home_of(one))
    for number, day in enumerate(horizon.days):
        hours = [_interval(start, end, horizon) for start, end in _spans(one, day, horizon, ways)]
        for held in own:
            minute = _interval(held.starts_at, held.starts_at + timedelta(minutes=1), horizon)
            is_today = clock.at_place(held.starts_at, horizon.zone_name).date() == day
            if is_today and not any(span.holds(minute.start, minute.end) for span in hours):
                hours.append(minute)
        if hours:
            yield solver.problem.WorkDay(
                day=number,
                week=week_of(day),
                available=tuple(sorted(hours, key=lambda span: span.start)),
                start=home,
                end=home,
            )


def nights_of(
    one: Interpreter,
    held: Sequence[Taken],
    days: Sequence[solver.problem.WorkDay],
    horizon: Horizon,
) -> Iterator[solver.problem.Busy]:
    """Yield what somebody does within these hours that is no request of the problem.

    That is before the first day and after the last, and their part of a talk that two share.

    Without buffers: at one place they would lie between two jobs that may touch.
    """
    hours = [span for day in days for span in day.available]
    for each in held:
        taken = _interval(each.starts_at, each.ends_at, horizon)
        if any(span.overlap(taken.start, taken.end) for span in hours):
            place = places.id_of(places.place_by(each.way, each.site, one))
            yield solver.problem.Busy(start=taken.start, end=taken.end, place=place)


def _spans(one: Interpreter, day: date, horizon: Horizon, ways: Collection[Way]) -> list[Span]:
    """Return when somebody can be asked on a day by one of the ways.

    Who works on past midnight can set out before the first day begins and come home after the
    last one ends; between days of the problem the solver sees itself that their hours touch.
    """
    spans = interpreters.availability(one, day, horizon.zone_name, ways)
    if spans and day == horizon.first:
        before = interpreters.availability(one, day - A_DAY, horizon.zone_name, ways)
        if before and before[-1][1] == spans[0][0]:
            spans[0] = (before[-1][0], spans[0][1])
    if spans and day == horizon.last:
        after = interpreters.availability(one, day + A_DAY, horizon.zone_name, ways)
        if after and after[0][0] == spans[-1][1]:
            spans[-1] = (spans[-1][0], after[0][1])
    return spans


def _interval(start: datetime, end: datetime, horizon: Horizon) -> solver.problem.Interval:
    origin, _after = horizon.bounds
    return solver.problem.Interval(
        start=clock.minutes_between(origin, start), end=clock.minutes_between(origin, end)
    )
