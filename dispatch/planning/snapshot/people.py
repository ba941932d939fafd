"""Interpreters as the solver sees them: days, qualifications, limits, fair shares."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import solver
from dispatch import clock
from dispatch.assignments.queries import Work
from dispatch.availability.rules import Way
from dispatch.availability.times import minutes_a_week
from dispatch.cancellations.deciding import Paid
from dispatch.interpreters.models import HeldQualification, Interpreter
from dispatch.interpreters.rules import (
    QUALIFICATION_RANK,
    Employment,
    Qualification,
)
from dispatch.offers.barring import Span
from dispatch.offers.schedules import Taken
from dispatch.planning.snapshot import sharing
from dispatch.planning.snapshot.days import days_of, nights_of
from dispatch.planning.snapshot.horizon import Horizon, week_of
from dispatch.planning.snapshot.loading import Loaded
from dispatch.planning.snapshot.now_at import at_home
from dispatch.planning.snapshot.shares import Person, Share, shares
from dispatch.requests.models import InterpretationRequest
from dispatch.travel.times import TravelTimes

TIER = {employment: rank for rank, employment in enumerate(Employment)}


@dataclass(frozen=True)
class Schedule:
    """What people do already: the assignments to plan around, and work outside the problem.

    Both by the id of who does it. `elsewhere` are the assignments of the day before and after,
    which may reach into the problem, and those of talks that two share, which are nobody's
    request in it.
    `worked` are the minutes of other work by interpreter and ISO week, `shares` what everybody
    has of the work by id; who has none is not looked at for fairness. `still_paid` are times, in
    order, that a late cancellation set free. `ways` are those by which anything takes place;
    `longer` when somebody takes longer than was agreed. `now` is when people can set out at the
    earliest; None where who comes late is wanted too.
    """

    taken: Mapping[int, Sequence[Taken]]
    elsewhere: Mapping[int, Sequence[Taken]]
    worked: Mapping[tuple[int, int], int]
    shares: Mapping[int, Share]
    still_paid: Sequence[Paid]
    ways: Collection[Way]
    longer: Mapping[int, Sequence[Span]]
    times: TravelTimes
    now: datetime | None


def schedule_of(loaded: Loaded, *, shared: bool, late_too: bool) -> Schedule:
    """Return what people do already, and with `shared` what would be fair for each to do.

    With `late_too` nobody has to be able to be in time who sets out now.
    """
    horizon, outside = loaded.horizon, loaded.outside
    fair = _shares(loaded.pool, loaded.interpretation_requests, outside, horizon) if shared else {}
    parts = sharing.held_parts(loaded)
    worked = _worked([*outside, *parts], horizon)
    return Schedule(
        _by_person(loaded.taken),
        _by_person([*loaded.nights, *parts]),
        worked,
        fair,
        loaded.still_paid,
        loaded.ways,
        loaded.longer,
        loaded.times,
        None if late_too else loaded.now,
    )


def _by_person(taken: Sequence[Taken]) -> Mapping[int, Sequence[Taken]]:
    found = defaultdict(list)
    for one in taken:
        found[one.interpreter_id].append(one)
    return found


def _longer(
    one: Interpreter, schedule: Schedule, horizon: Horizon
) -> Iterator[solver.problem.Busy]:
    origin, _after = horizon.bounds
    for first, last in schedule.longer.get(one.id, ()):
        yield solver.problem.Busy(
            start=clock.minutes_between(origin, first), end=clock.minutes_between(origin, last)
        )


def interpreter(
    one: Interpreter, horizon: Horizon, schedule: Schedule
) -> solver.problem.Interpreter:
    """Return an interpreter with a day of work for each day of the horizon that has one."""
    own, elsewhere = schedule.taken.get(one.id, ()), schedule.elsewhere.get(one.id, ())
    days = tuple(days_of(one, horizon, own, schedule.ways))
    worked = {
        week: schedule.worked.get((one.id, week), 0) for week in sorted({day.week for day in days})
    }
    share = schedule.shares.get(one.id)
    return solver.problem.Interpreter(
        id=str(one.id),
        languages=tuple(
            solver.problem.WorkingLanguage(code=spoken.tag, level=spoken.level)
            for spoken in one.working_languages
        ),
        qualifications=_qualifications(one.qualifications, horizon),
        gender=one.gender,
        days=days,
        busy=(
            *nights_of(one, elsewhere, days, horizon),
            *_longer(one, schedule, horizon),
            *at_home(one, [*own, *elsewhere], days, horizon, schedule.times, schedule.now),
        ),
        paid_idle=tuple(_paid_idle(one, schedule.still_paid, horizon)),
        travel_profile=one.travel_mode,
        limits=solver.problem.Limits(
            minutes_per_day=one.maximum_minutes_per_day,
            minutes_per_week=_weekly_limit(one, days, worked),
        ),
        worked=tuple(
            solver.problem.WorkedWeek(week=week, minutes=minutes)
            for week, minutes in worked.items()
            if minutes
        ),
        cost_per_hour=one.fee_cents_per_hour,
        tier=TIER[Employment(one.employment)],
        committed_load=share.given if share else 0,
        fair_share=share.limit(one.maximum_minutes_per_day * len(days)) if share else None,
    )


def _paid_idle(
    one: Interpreter, still_paid: Sequence[Paid], horizon: Horizon
) -> Iterator[solver.problem.Interval]:
    """Yield the times somebody is paid for anyway, in order, touching ones and overlaps as one."""
    origin, _after = horizon.bounds
    end = None
    for paid in still_paid:
        if paid.interpreter_id != one.id:
            continue
        first = clock.minutes_between(origin, paid.starts_at)
        last = clock.minutes_between(origin, paid.ends_at)
        first = first if end is None else max(first, end)
        if first < last:
            yield solver.problem.Interval(start=first, end=last)
            end = last


def _worked(outside: Sequence[Work | Taken], horizon: Horizon) -> Mapping[tuple[int, int], int]:
    """Return the minutes of work in the weeks of the problem, by interpreter and week."""
    monday, _after_week = horizon.whole_weeks
    minutes: Counter[tuple[int, int]] = Counter()
    for work in outside:
        if work.starts_at >= monday:
            day = clock.at_place(work.starts_at, horizon.zone_name).date()
            length = clock.minutes_between(work.starts_at, work.ends_at)
            minutes[work.interpreter_id, week_of(day)] += length
    return minutes


def _shares(
    pool: Sequence[Interpreter],
    interpretation_requests: Sequence[InterpretationRequest],
    outside: Sequence[Work],
    horizon: Horizon,
) -> dict[int, Share]:
    """Return the shares of all but staff, whose hours are agreed and paid whoever goes."""
    _origin, after = horizon.bounds
    sharing = {
        one.id: Person(
            minutes_a_week(one.availability.weekly_hours, horizon.first),
            frozenset(each.tag for each in one.working_languages),
        )
        for one in pool
        if one.employment != Employment.STAFF
    }
    given = [
        (work.interpreter_id, work.language, work.minutes)
        for work in outside
        if work.starts_at < after
    ]
    to_give: Counter[str] = Counter()
    for one in interpretation_requests:
        people = 1 if one.sharing else one.seats_of_pool
        to_give[one.language] += one.duration_minutes * people
    return shares(sharing, given, to_give)


def _weekly_limit(
    one: Interpreter, days: Sequence[solver.problem.WorkDay], worked: Mapping[int, int]
) -> int | None:
    """Return the most minutes of a week, None where the days alone cannot exceed it.

    A limit that cannot matter would only tie days together that can be planned apart.
    """
    number_of_days = Counter(day.week for day in days)
    could_exceed = any(
        minutes + one.maximum_minutes_per_day * number_of_days[week] > one.maximum_minutes_per_week
        for week, minutes in worked.items()
    )
    return one.maximum_minutes_per_week if could_exceed else None


def _qualifications(
    held: Sequence[HeldQualification], horizon: Horizon
) -> tuple[solver.problem.Qualification, ...]:
    origin, _after = horizon.bounds
    spans = defaultdict(list)
    for proof in held:
        rank = QUALIFICATION_RANK[Qualification(proof.qualification)]
        for name, lower in QUALIFICATION_RANK.items():
            if lower <= rank:
                spans[name].append(proof)
    return tuple(
        solver.problem.Qualification(
            name=name,
            valid_from=clock.minutes_between(origin, _midnight(proof.valid_from, horizon)),
            valid_until=clock.minutes_between(
                origin, _midnight(proof.valid_until + timedelta(days=1), horizon)
            )
            if proof.valid_until
            else None,
        )
        for name, proofs in spans.items()
        for proof in proofs
    )


def _midnight(day: date, horizon: Horizon) -> datetime:
    return datetime.combine(day, time.min, clock.zone(horizon.zone_name))
